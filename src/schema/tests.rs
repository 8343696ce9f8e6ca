use std::collections::BTreeMap;

use super::rule::{Named, Object, Rest};
use super::*;
use crate::yaml::Dialect;

mod releases;

fn findings(text: &str, server: Version) -> Vec<Finding> {
    let document = Document::parse(text, Dialect::from(server)).expect("a YAML document");
    check(&document, server)
}

/// Each finding as `field: message @ bytes (help)`; in parentheses what is not primary.
fn told(text: &str) -> Vec<String> {
    told_by("3.17", text)
}

fn told_by(server: &str, text: &str) -> Vec<String> {
    let told = findings(text, server.parse().expect("a version")).into_iter().map(|finding| {
        let help = finding.kind.help().map(|help| format!(" ({help})")).unwrap_or_default();
        let line = format!("{}: {} @ {:?}{help}", finding.field, finding.kind, &text[finding.span.range()]);
        if finding.primary { line } else { format!("({line})") }
    });
    told.collect()
}

#[test]
fn a_good_workflow_is_silent() {
    let text = "\
$schema: https://example.com/schema.json
variables: [&img alpine, &only {event: push}]
when:
  - event: [push, tag]
    branch: {include: main, exclude: ['x/**']}
    path: {include: ['**.md'], on_empty: false}
matrix: {GO: [1.20, 1.21], include: [{a: b}]}
concurrency: 2
steps:
  build:
    image: *img
    commands: make
    depends_on: [lint, {name: x, optional: true}]
    when: {<<: *only, status: [success, failure], matrix: {GO: 1.20}}
  lint: {image: lint, settings: {a: [1]}, failure: ignore}
  server: {image: db, detach: true}
services:
  - {name: db, image: postgres, ports: [5432, '80']}
";
    assert_eq!(told(text), [""; 0]);
}

#[test]
fn a_finding_says_where_and_what() {
    let cases: [(&str, &[&str]); 16] = [
        ("", &["(root): expected a map, found nothing @ \"\""]),
        (
            "step: {}",
            &["(root): missing `steps` @ \"step\"", "(root): unknown key `step` @ \"step\" (did you mean `steps`?)"],
        ),
        ("steps:", &["steps: expected a list or a map, found nothing @ \"steps\""]),
        ("steps: {}", &["steps: expected a map that is not empty @ \"{}\""]),
        ("steps: {a: x}", &["steps.a: expected a map, found a string @ \"x\""]),
        ("steps: [{image: x}, {}]", &["steps.1: missing `image` @ \"{}\""]),
        ("steps: {a: {image: x, imgae: y}}", &["steps.a: unknown key `imgae` @ \"imgae\""]),
        ("steps: {a: {image: x, whne: y}}", &["steps.a: unknown key `whne` @ \"whne\" (did you mean `when`?)"]),
        (
            "steps: {a: {image: 1, pull: always}}",
            &[
                "steps.a.image: expected a string, found a whole number @ \"1\" (write it in quotes)",
                "steps.a.pull: expected a boolean, found a string @ \"always\"",
            ],
        ),
        ("steps: {a: {image: x, failure: [fail]}}", &["steps.a.failure: expected a string, found a list @ \"[fail]\""]),
        (
            "steps: {a: {image: x, when: {event: psuh}}}",
            &[
                "steps.a.when.event: expected `push`, `pull_request`, `pull_request_closed`, `pull_request_metadata`, `tag`, `deployment`, `cron`, \
             `manual` or `release` @ \"psuh\" (did you mean `push`?)",
            ],
        ),
        (
            "steps: {a: {image: x, when: [{path: {include: '*'}}]}}",
            &[
                "steps.a.when.0.path.include: expected a list, found a string @ \"'*'\" (the server takes one glob all the same: its schema wants `[…]`)",
            ],
        ),
        ("steps: {a: {image: x}}\nconcurrency: 0", &["concurrency: expected 1 or more @ \"0\""]),
        ("steps: {a: {image: x}}\n$schema: ./schema.json", &["$schema: expected an absolute URI @ \"./schema.json\""]),
        (
            "steps: {a: {image: x, ports: [1]}}",
            &[
                "steps.a: unknown key `ports` @ \"ports\" (the server reads it all the same: only its schema does not list it)",
            ],
        ),
        (
            "steps: {a: {image: x}}\nwhen: {status: [sucess]}",
            &["when.status.0: expected `success` or `failure` @ \"sucess\" (did you mean `success`?)"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn of_several_rules_the_one_that_fits_best_is_reported_on() {
    // A plugin step or one that runs commands: whichever has fewer wrong keys for its right ones.
    assert_eq!(
        told("steps: {a: {image: x, settings: {}, environment: {}}}"),
        ["steps.a: `settings` does not go together with `environment` @ \"settings\""]
    );
    assert_eq!(
        told("steps: {a: {image: x, settings: {}, commands: [], dns: []}}"),
        ["steps.a: `settings` does not go together with `commands` @ \"settings\""]
    );
    // Where inner flaws outweigh it, the wrong type of another rule fits better.
    assert_eq!(
        told("steps: {a: {b: , c: , d: , e: , f: , g: , h: , i: }}"),
        [
            "steps: a map is possible here, but too much inside of this one is wrong @ \"{a: {b: , c: , d: , e: , f: , g: , h: , i: }}\""
        ]
    );
    assert_eq!(
        told("steps: {a: {image: x, when: {branch: 1}}}"),
        ["steps.a.when.branch: expected a string, a list or a map, found a whole number @ \"1\" (write it in quotes)"]
    );
}

#[test]
fn what_only_repeats_is_not_primary() {
    assert_eq!(
        told("steps: {a: {image: x, detach: false, environment: {}}}"),
        [
            "(steps.a: a key is missing that another key asks for @ \"{image: x, detach: false, environment: {}}\")",
            "steps.a: missing `commands` or `entrypoint` @ \"a\"",
            "(steps.a: not all that must hold here does @ \"{image: x, detach: false, environment: {}}\")",
        ]
    );
    // What fits two rules is no finding of its own to the server's filter, so what is around it stays.
    let options = "{kubernetes: {secrets: [{target: {}}]}}";
    assert_eq!(told(&format!("steps: {{a: {{image: x, backend_options: {options}}}}}")), [
        format!("(steps: none of the forms that are possible here @ \"{{a: {{image: x, backend_options: {options}}}}}\")"),
        format!("(steps.a: none of the forms that are possible here @ \"{{image: x, backend_options: {options}}}\")"),
        "steps.a.backend_options.kubernetes.secrets.0.target: more than one of the forms that are possible here @ \"{}\"".to_owned(),
    ]);
}

#[test]
fn aliases_and_merges_are_resolved_and_keys_become_strings() {
    assert_eq!(
        told("variables: [&a {local: true}]\nsteps: [{image: x, when: *a }, {image: y, when: {<<: *a }}]"),
        [
            "steps.0.when: unknown key `local` @ \"local\" (the server reads it all the same: only its schema does not list it)",
            "steps.1.when: unknown key `local` @ \"local\" (the server reads it all the same: only its schema does not list it)",
        ]
    );
    let keys = "steps: {1.20: 1, 0x10: {image: 2}, ~: {image: y}, 2001-1-1: {image: z, x: 1}, 'a.b': {image: z, x: 1}}";
    let fields: Vec<String> = findings(keys, Version::NEWEST).into_iter().map(|finding| finding.field).collect();
    assert_eq!(fields, ["steps.1.2", "steps.16.image", "steps.2001-01-01T00:00:00Z", "steps.a.b"]);
}

#[test]
fn a_document_that_the_server_cannot_convert_is_not_checked() {
    // Aliases nest ten levels each, to more than a hundred.
    let anchors = ('a'..='l').zip('b'..='m').map(|(name, next)| format!("&{next} [[[[[[[[[[*{name} ]]]]]]]]]]"));
    let deep = format!("variables: [&a [x], {}]", anchors.collect::<Vec<_>>().join(", "));
    assert!(!told(&deep.replace("[[[[[[[[[[", "[").replace("]]]]]]]]]]", "]")).is_empty());
    for text in ["x: 1\nx: 2", "x: .nan", "x: &a [*a ]", "x: !!int y", "{[a]: b}", "- <<: x", &deep] {
        assert_eq!(told(text), [""; 0], "{text}");
    }
}

#[test]
fn findings_are_bounded_and_the_last_one_says_so() {
    let many = |count: usize| {
        let keys: Vec<String> = (0..count).map(|at| format!("k{at}: 1")).collect();
        format!("{{{}, steps: {{a: {{image: x}}}}}}", keys.join(", "))
    };
    let all = findings(&many(MAX_FINDINGS), Version::NEWEST);
    assert_eq!(all.len(), MAX_FINDINGS);
    assert!(all.iter().all(|finding| finding.kind != Kind::TooMany));
    let cut = findings(&many(MAX_FINDINGS + 1), Version::NEWEST);
    assert_eq!(cut.len(), MAX_FINDINGS + 1);
    assert_eq!(cut.last().map(|last| &last.kind), Some(&Kind::TooMany));
    // Long keys count by their bytes.
    let long = format!("steps: {{{}: {{image: x, when: [{}]}}}}", "k".repeat(100_000), "{x: 1, repo: r}, ".repeat(50));
    let bytes: usize = findings(&long, Version::NEWEST).iter().map(|finding| finding.field.len()).sum();
    assert!((700_000..=MAX_BYTES).contains(&bytes), "{bytes}");
}

#[test]
fn no_cut_of_a_text_panics_and_spans_lie_inside() {
    let text = "\
variables: &v [&i {image: x, settings: {a: ~}, environment: [1]}, é]
when: {event: [push, 1], path: {include: '*', exclude: {a: b}}, branch: {inc: 1}}
steps: {a: *i , 1.5: {<<: *i , detach: no, depends_on: [{nam: a}]}, b: [x], 2001-01-01: {image: [&x y]}}
services: [{image: x, ports: [{}]}, ~]
concurrency: {limit: -1}
";
    for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
        let text = &text[..end];
        let Ok(document) = Document::parse(text, Dialect::V4) else { continue };
        for server in [Version::OLDEST, Version::NEWEST, Version::NEXT] {
            for finding in check(&document, server) {
                assert!(text.get(finding.span.range()).is_some(), "{finding:?}");
            }
        }
    }
}

/// Calls `visit` with every rule under `rule`.
fn each(rule: &Rule, visit: &mut dyn FnMut(&Rule)) {
    visit(rule);
    match rule {
        Rule::Items(rule) | Rule::UnlessTrue { rule, .. } => each(rule, visit),
        Rule::Object(object) => each_in(object, visit),
        Rule::OneOf(rules) | Rule::AnyOf(rules) | Rule::AllOf(rules) => {
            rules.iter().for_each(|rule| each(rule, visit));
        }
        Rule::Named(named) => each(&named.rule, visit),
        Rule::Since { new, old, .. } => [new, old].into_iter().for_each(|rule| each(rule, visit)),
        Rule::Any | Rule::Type(_) | Rule::Enum { .. } | Rule::Uri | Rule::AtLeast(_) | Rule::Required(_) => {}
    }
}

fn each_in(object: &Object, visit: &mut dyn FnMut(&Rule)) {
    object.keys.iter().for_each(|key| each(&key.rule, visit));
    object.also.iter().for_each(|rule| each(rule, visit));
    if let Rest::Each(rule) = object.rest {
        each(rule, visit);
    }
}

#[test]
fn the_tables_are_consistent() {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    each(&Rule::Object(&WORKFLOW), &mut |rule| match rule {
        Rule::Named(rule) => {
            let Named { name, rule, .. } = rule;
            let rule = format!("{rule:?}");
            assert_eq!(names.entry(name).or_insert_with(|| rule.clone()), &rule, "two rules `{name}`");
        }
        Rule::Object(object) => {
            for (at, key) in object.keys.iter().enumerate() {
                assert!(object.keys[..at].iter().all(|earlier| earlier.name != key.name), "`{}` twice", key.name);
                assert!(!key.about.is_empty() && !key.about.ends_with('.'), "`{}`: {}", key.name, key.about);
            }
            for required in object.required {
                assert!(object.keys.iter().any(|key| key.name == *required), "`{required}` is not known");
            }
        }
        _ => {}
    });
    assert!(names.len() > 10);
}

#[test]
fn the_published_schema_is_closed() {
    for server in [Version::OLDEST, Version::NEWEST, Version::NEXT] {
        let schema = json(server);
        assert_eq!(schema["required"], serde_json::json!(["steps"]));
        assert_eq!(schema["additionalProperties"], serde_json::json!(false));
        assert_eq!(schema["definitions"]["filter"]["oneOf"][0]["type"], "string");
        let definitions = schema["definitions"].as_object().expect("definitions");
        assert!(definitions.values().all(serde_json::Value::is_object));
        let text = schema.to_string();
        let references = text.split("#/definitions/").skip(1).map(|rest| rest.split('"').next().expect("a name"));
        let mut used: Vec<&str> = references.collect();
        used.sort_unstable();
        used.dedup();
        let mut defined: Vec<&str> = definitions.keys().map(String::as_str).collect();
        defined.sort_unstable();
        assert_eq!(used, defined);
    }
    let keys =
        |server| json(server)["definitions"]["backend_options"]["properties"].as_object().map(serde_json::Map::len);
    assert_eq!((keys(Version::NEWEST), keys(Version::NEXT)), (Some(1), Some(2)));
}
