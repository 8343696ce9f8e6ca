//! Gates that are written anew and ask the same: nothing differs, also where they hang on the server.

use rayon::prelude::*;

use super::Bench;
use super::laws::SERVERS;
use super::random::Random;
use crate::change::Event;
use crate::prove::{Comparison, compare, events};
use crate::source::{Source, Sources};

fn differs(server: &str, before: &Sources, after: &Sources) -> Comparison {
    let bench = Bench::new(&[]);
    let setting = bench.setting(server);
    let events: Vec<Event> = events(setting.server).collect();
    compare(before, after, setting, &events)
}

fn files(texts: &[(String, String)]) -> Sources {
    let mut files = Sources::new();
    for (name, text) in texts {
        files.add(Source::new(format!(".woodpecker/{name}"), text.as_str()));
    }
    files
}

fn said(before: &str, after: &str) -> Vec<String> {
    let [before, after] = [before, after].map(|text| files(&[("ci.yaml".to_owned(), text.to_owned())]));
    let comparison = differs("3.17", &before, &after);
    assert_eq!(comparison.undecided, [] as [&str; 0]);
    comparison.differences.iter().flat_map(|it| &it.kinds).map(ToString::to_string).collect()
}

/// A step with `when`, alone; and below another one, with the same text written otherwise.
fn moved(when: &str) -> (String, String) {
    let step = |when: &str| format!("  - {{name: s, image: x, when: {when}}}\n");
    let other = "  - {name: new, image: x, when: {event: cron, cron: never}}\n";
    let anchored = format!("# Said here.\nvariables:\n  - &gate {when}\nsteps:\n{other}{}", step("*gate"));
    (format!("steps:\n{other}{}", step(when)), anchored)
}

/// Conditions that hang on what only the server has, each in another way.
const HANGING: [&str; 12] = [
    r#"{evaluate: '"${CI_COMMIT_TAG}" matches "^[0-9]+$"'}"#,
    r#"{evaluate: '"${CI_COMMIT_TAG:-${CI_PIPELINE_NUMBER}}" == "1"'}"#,
    "{evaluate: 'CI_PIPELINE_NUMBER == \"${CI_PIPELINE_AUTHOR}\"'}",
    "{branch: 'x/${CI_PIPELINE_AUTHOR}'}",
    "{branch: {exclude: ['${CI_PIPELINE_AUTHOR}', main]}}",
    "{branch: ['${CI_PIPELINE_AUTHOR##*a}', main]}",
    "{path: ['${CI_PIPELINE_AUTHOR}/**', 'a/**']}",
    "{path: {exclude: ['${CI_PIPELINE_AUTHOR}/**', '*.md'], include: ['a/**', '*.md']}}",
    "{path: {include: 'a/**', ignore_message: 'x ${CI_PIPELINE_AUTHOR}'}}",
    "{platform: 'linux/*'}",
    "{matrix: {X: '${CI_PIPELINE_AUTHOR}'}}",
    "{evaluate: 'CI_COMMIT_AUTHOR == \"x\"'}",
];

#[test]
fn a_condition_that_hangs_on_the_server_is_the_same_wherever_it_stands() {
    for when in HANGING {
        let (before, after) = moved(when);
        assert_eq!(said(&before, &after), [] as [&str; 0], "{when}");
        let other_quotes = when.replace("'x/${CI_PIPELINE_AUTHOR}'", "\"x/${CI_PIPELINE_AUTHOR}\"");
        assert_eq!(said(&moved(&other_quotes).0, &after), [] as [&str; 0], "{other_quotes}");
    }
    let reordered = "{branch: {exclude: [main, '${CI_PIPELINE_AUTHOR}']}}";
    assert_eq!(said(&moved(HANGING[4]).0, &moved(reordered).0), [] as [&str; 0]);
}

#[test]
fn conditions_that_hang_on_the_server_in_different_ways_are_two() {
    for (at, when) in HANGING.iter().enumerate() {
        for other in &HANGING[..at] {
            assert_ne!(said(&moved(when).0, &moved(other).0), [] as [&str; 0], "{when} and {other}");
        }
    }
    let axis = |value: &str| {
        let evaluate = "evaluate: '\"${CI_COMMIT_TAG}\" == X'";
        format!("matrix: {{X: [a]}}\nsteps: [{{name: s, image: x, when: {{{evaluate}}}}}]").replace("[a]", value)
    };
    assert_eq!(said(&axis("[a]"), &axis("['a']")), [] as [&str; 0]);
    for (one, other) in [
        ("{branch: '${CI_PIPELINE_AUTHOR}x'}", "{branch: 'x${CI_PIPELINE_AUTHOR}'}"),
        ("{branch: 'a${CI_PIPELINE_AUTHOR:0:0}b'}", "{branch: 'ab${CI_PIPELINE_AUTHOR:0:0}'}"),
        ("{branch: 'unknown${CI_PIPELINE_AUTHOR}'}", "{branch: '${CI_PIPELINE_AUTHOR}unknown'}"),
        ("{branch: '${CI_PIPELINE_AUTHOR}'}", "{branch: '${CI_PIPELINE_NUMBER}'}"),
        ("{branch: '${CI_PIPELINE_AUTHOR}'}", "{ref: '${CI_PIPELINE_AUTHOR}'}"),
        ("{path: {include: '${CI_PIPELINE_AUTHOR}'}}", "{path: {exclude: '${CI_PIPELINE_AUTHOR}'}}"),
        (
            "{evaluate: '\"${CI_PIPELINE_AUTHOR/a/$${X}}\" == \"\"'}",
            "{evaluate: '\"${CI_PIPELINE_AUTHOR/a/b}\" == \"\"'}",
        ),
    ] {
        assert_ne!(said(&moved(one).0, &moved(other).0), [] as [&str; 0], "{one} and {other}");
    }
}

#[test]
fn a_tag_that_hangs_on_the_server_is_never_said_to_be_now_what_it_was() {
    let step = |tag: &str| {
        format!(
            "steps: [{{name: s, image: x, when: {{event: [tag, cron], evaluate: '\"${{CI_COMMIT_TAG}}\" == \"{tag}\"'}}}}]"
        )
    };
    let text = |text: String| files(&[("ci.yaml".to_owned(), text)]);
    let comparison = differs("3.17", &text(step("a")), &text(step("b")));
    assert_eq!(comparison.differences.len(), 2);
    for kind in comparison.differences.iter().flat_map(|it| &it.kinds) {
        assert_ne!(kind.before, kind.after, "{kind}");
    }
}

/// Puts values that only the server has into the conditions of a text.
fn with_holes(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for (known, open) in [
        ("'a/**'", "'${CI_PIPELINE_AUTHOR}/**'"),
        ("'b/*'", "'b/${CI_PIPELINE_AUTHOR:=x}'"),
        ("'*.md'", "'*.${CI_COMMIT_MESSAGE}'"),
        ("'dev'", "'${CI_COMMIT_AUTHOR}'"),
        ("'x/*'", "'x/${CI_PIPELINE_NUMBER}'"),
        ("== \"push\"", "!= \"${CI_PIPELINE_URL}\""),
        ("!= \"bot\"", "!= \"${CI_COMMIT_TAG}\""),
        ("X == \"1\"", "X == \"${CI_WORKFLOW_NUMBER}\""),
        ("{X: '1'}", "{X: '${CI_PIPELINE_NUMBER}'}"),
        ("Skip Me", "Skip ${CI_PIPELINE_AUTHOR}"),
    ] {
        if random.chance(60) {
            text = text.replace(known, open);
        }
    }
    text
}

/// `text` in other words: comments, conditions behind anchors, other quotes, and its steps in another order.
fn rewrite(text: &str, random: &mut Random) -> String {
    let mut anchors = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut line = line.to_owned();
        if random.chance(50) && !line.contains("evaluate") {
            line = line.replace('\'', "\"");
        }
        if let Some((head, when)) = line.clone().split_once("when: ").filter(|_| random.chance(50)) {
            // A `when` ends where its list does.
            let end = closing(when);
            anchors.push(format!("  - &gate{} {}", anchors.len(), &when[..end]));
            line = format!("{head}when: *gate{}{}", anchors.len() - 1, &when[end..]);
        }
        if random.chance(30) {
            lines.push("# More to say.".to_owned());
        }
        lines.push(line);
    }
    let at = lines.iter().position(|line| line == "steps:").expect("there are steps");
    // Of steps that share a name the last stands for all.
    let is_unique = text.matches("name: s,").count() == 1;
    if is_unique && random.chance(60) {
        lines[at + 1..].reverse();
    }
    if !anchors.is_empty() {
        anchors.insert(0, "variables:".to_owned());
    }
    anchors.extend(lines);
    anchors.join("\n") + "\n"
}

/// Where the list ends that `text` begins with; no text in it holds a bracket that is alone.
fn closing(text: &str) -> usize {
    let mut depth = 0_i32;
    for (at, character) in text.char_indices() {
        depth += i32::from(character == '[') - i32::from(character == ']');
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// Whether something of a pipeline made at random hangs on the server; an error where it differs from itself in other words.
fn is_the_same(seed: u64) -> Result<bool, String> {
    let mut random = Random::new(seed ^ 0x5A3E);
    let made: Vec<(String, String)> =
        random.pipeline().into_iter().map(|(name, text)| (name, with_holes(&text, &mut random))).collect();
    let old: Vec<_> = made.iter().map(|(name, text)| (format!("{name}.yaml"), text.clone())).collect();
    // The other ending leaves names and their order as they are.
    let ending = if random.chance(50) { "yml" } else { "yaml" };
    let new: Vec<_> =
        made.iter().map(|(name, text)| (format!("{name}.{ending}"), rewrite(text, &mut random))).collect();
    let server = SERVERS[random.below(SERVERS.len())];
    let comparison = differs(server, &files(&old), &files(&new));
    if comparison.differences.is_empty() && comparison.undecided.is_empty() {
        return Ok(made.iter().any(|(_, text)| text.contains("${")));
    }
    Err(format!("seed {seed}, server {server}\n{old:#?}\n{new:#?}\n{comparison:#?}"))
}

#[test]
fn gates_in_other_words_do_not_differ() {
    let count: u64 = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(48);
    let results: Vec<Result<bool, String>> = (0..count).into_par_iter().map(is_the_same).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failures.is_empty(), "{} of {count} differ; the first:\n{}", failures.len(), failures[0]);
    let hanging = results.iter().filter(|result| **result == Ok(true)).count() as u64;
    assert!(hanging * 2 > count, "only {hanging} of {count} hang on the server");
}
