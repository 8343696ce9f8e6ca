//! Texts that differ within the slack of one say the same: held against reading each of them.

use super::*;
use crate::yaml::Slack;

/// A text with the value of a variable in it.
struct Made {
    text: String,
    map: OffsetMap,
}

/// What lowering makes of a text: the workflow and the problems.
type Said = String;

const SERVERS: [&str; 3] = ["2.8", "3.12", "3.17"];

/// Lines of a workflow, each with the variable somewhere, and whether a commit's id there makes no difference to what the workflow says. They
/// go together in any number and order.
const LINES: [(&str, bool); 46] = [
    ("    commands: echo ${V}", true),
    ("    commands: ['${V}', x]", true),
    (r#"    commands: ["a\t${V}"]"#, true),
    (r#"    commands: ["\x4${V}"]"#, false),
    ("    commands:\n      - ${V}", true),
    ("    commands:\n      - a\n        ${V}", false),
    ("    commands:\n      - |\n        a\n          ${V} b\n\n        ${V}", true),
    ("    commands:\n      - >${V}\n         x", false),
    ("    commands: ${V} # ${V}", true),
    ("    commands: !!binary ${V}", false),
    ("    entrypoint: [a, '${V}']", true),
    ("    directory: ${V}", true),
    ("    image: a:${V}", false),
    ("    image: ${V}", false),
    ("    settings: {a: '${V}', b: [x, '${V}'], c: {d: '${V}'}}", true),
    ("    settings: {a: ${V}, from_secret: ${V}}", true),
    ("    settings: {a: {from_secret: ${V}}}", true),
    ("    settings: {a: {${V}: x}}", false),
    ("    settings: {${V}: x, abcd1234: y}", false),
    ("    settings: [${V}]", true),
    ("    environment: {A: '${V}', B: x${V}y}", true),
    ("    environment: ['A=${V}']", false),
    ("    environment:\n      <<: *map\n      B: ${V}", true),
    ("    environment: *map", true),
    ("    commands: *list", true),
    ("    commands: *text", true),
    ("    backend_options: {docker: {user: '${V}'}}", true),
    ("    detach: ${V}", false),
    ("    privileged: '${V}'", false),
    ("    volumes: ['/${V}:/x']", true),
    ("    tmpfs: ${V}", true),
    ("    extra_hosts: ['${V}:1']", false),
    ("    ports: [${V}]", false),
    ("    depends_on: ['${V}']", false),
    ("    group: ${V}", false),
    ("    network_mode: ${V}", false),
    ("    secrets: [{source: a, target: '${V}'}]", false),
    ("    failure: '${V}'", true),
    ("    mem_limit: ${V}", false),
    ("    when: {branch: '${V}'}", false),
    (r#"    when: {evaluate: 'CI_COMMIT_SHA == "${V}"'}"#, false),
    ("    when: {path: {include: ['${V}'], ignore_message: '${V}', on_empty: ${V}}}", false),
    ("    when: {matrix: {A: ${V}}}", false),
    ("    unknown: {a: ['${V}']}", true),
    ("    # ${V} ${V}", true),
    ("    commands: ['%${V}%', '${V}-${V}', '/${V}/']", true),
];

/// Values, some of a length with each other. The first two are commits' ids.
const VALUES: [&str; 32] = [
    "abcd1234",
    "dcba4321",
    "12345678",
    "1e123456",
    "0e000000",
    "00000000",
    "0x12abcd",
    "0b010101",
    "0o123456",
    "01234567",
    "20011214",
    "a: b: cd",
    r#"a'b"c\d"#,
    "abcd #12",
    "true",
    "True",
    "null",
    "Null",
    "0x1f",
    "1e10",
    "0777",
    "abcd",
    "a-b1",
    ".inf",
    "~",
    "y",
    "n",
    "1",
    "a",
    "<",
    "é",
    "on",
];

fn made(template: &str, value: &str) -> Made {
    let environment: BTreeMap<String, String> = [("V".to_owned(), value.to_owned())].into();
    let rendered = Template::parse(template).and_then(|it| it.render(&environment)).expect("it substitutes");
    Made { text: rendered.text.into_owned(), map: rendered.map }
}

/// What `made` says, and its slack; `None` when it is not YAML.
fn said(made: &Made, server: Version) -> Option<(Said, Slack)> {
    let document = Document::parse(&made.text, Dialect::from(server)).ok()?;
    let (workflow, problems, slack) = lower(&document, &made.map, file(), server);
    Some((format!("{workflow:?} {problems:?}"), slack))
}

fn workflow(lines: &[&str]) -> String {
    let variables = "variables: [&text '${V}', &list [a, '${V}'], &map {A: '${V}', C: '${V}'}]\n";
    format!("{variables}labels: {{a: '${{V}}'}}\nsteps:\n  - name: a\n{}\n  - name: ${{V}}\n", lines.join("\n"))
}

/// Holds every value against every other; gives how many pairs one reading was enough for.
fn hold(template: &str, server: Version) -> usize {
    let made = VALUES.map(|value| made(template, value));
    let said = made.each_ref().map(|made| said(made, server));
    let mut covered = 0;
    for (one, said_of_one) in made.iter().zip(&said) {
        let Some((expected, slack)) = said_of_one else { continue };
        assert!(slack.covers(&one.text, &one.text), "{}", one.text);
        for (other, said_of_other) in made.iter().zip(&said) {
            if one.text != other.text && one.map == other.map && slack.covers(&one.text, &other.text) {
                let found = said_of_other.as_ref().map(|(said, _)| said);
                assert_eq!(found, Some(expected), "{server}\n{}\n{}", one.text, other.text);
                covered += 1;
            }
        }
    }
    covered
}

#[test]
fn what_is_covered_says_the_same() {
    for server in SERVERS.map(version) {
        for (line, _) in LINES {
            // Without the second step, whose name is read.
            let template = workflow(&[line]).replace("  - name: ${V}\n", "");
            hold(&template, server);
        }
    }
}

#[test]
fn what_many_lines_say_together_is_the_same() {
    let mut random = 1_u64;
    let mut below = |limit: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % limit
    };
    let quiet: Vec<&str> = LINES.iter().filter(|(_, slack)| *slack).map(|(line, _)| *line).collect();
    let mut covered = 0;
    for round in 0..150 {
        let some = |below: &mut dyn FnMut(usize) -> usize, lines: &[&'static str]| lines[below(lines.len())];
        let mut lines: Vec<&str> = (0..=below(5)).map(|_| some(&mut below, &quiet)).collect();
        if round % 2 == 0 {
            lines.push(LINES[below(LINES.len())].0);
        }
        let mut template = workflow(&lines);
        if round % 3 > 0 {
            template = template.replace("  - name: ${V}\n", "");
        }
        covered += hold(&template, version(SERVERS[below(SERVERS.len())]));
    }
    assert!(covered > 1000, "{covered}");
}

#[test]
fn a_commit_s_id_in_what_nobody_reads_is_covered() {
    for server in SERVERS.map(version) {
        for (line, expected) in LINES {
            let template = workflow(&[line]).replace("  - name: ${V}\n", "");
            let [one, other] = [VALUES[0], VALUES[1]].map(|value| made(&template, value));
            let covers = said(&one, server).is_some_and(|(_, slack)| slack.covers(&one.text, &other.text));
            let read_later = matches!(line.trim().split(':').next(), Some("group" | "mem_limit" | "secrets"));
            if server.has(crate::server::Difference::LegacyKeys) || !read_later {
                let legacy_list = line.contains("['A=") && !server.has(crate::server::Difference::LegacySecrets);
                assert_eq!(covers, expected || legacy_list, "{server} {line}");
            }
        }
    }
}
