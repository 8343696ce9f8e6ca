//! `docs/explain.schema.json` describes what `explain --format json` prints; `docs/prove.schema.json` and `docs/diff.schema.json` what `prove`
//! and `diff` do.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::shell::{Repo, run};

/// A pipeline that the server refuses, for two reasons; then one with a dropped workflow and steps that hang on the server.
const TROUBLE: &str = r#"
commit "Nobody can run this"
  write .woodpecker/a.yaml "steps:\n  - name: no-image\n  - name: evaluated\n    image: x\n    when: {event: push, evaluate: '1 +'}\n"
tag broken
commit "Now they can"
  write .woodpecker/a.yaml "when: {event: tag}\nsteps:\n  - name: a\n    image: x\n"
  write .woodpecker/b.yaml "depends_on: [a]\nsteps:\n  - name: b\n    image: x\n"
  write .woodpecker/c.yaml "services:\n  - name: db\n    image: x\nmatrix: {AXIS: [one, two]}\nsteps:\n  - name: c\n    image: x\n    settings: {a: b}\n    when:\n      - {event: push, evaluate: 'CI_COMMIT_AUTHOR == \"jo\"'}\n      - {event: push, matrix: {AXIS: two}}\n"
"#;

fn schema() -> Value {
    schema_of("explain.schema.json")
}

fn schema_of(file: &str) -> Value {
    serde_json::from_str(&crate::read(&format!("docs/{file}"))).expect("it is JSON")
}

/// What `explain --format json` prints.
fn explain(repository: &Repo, change: &str) -> Value {
    let ran = run(repository, &format!("wp-gate explain --format json {change}"));
    assert_eq!(ran.err, "", "{change}");
    ran.json()
}

/// Where `value` breaks `rule`, by the part of JSON Schema that the file uses. Any other keyword is a flaw of the file.
pub(crate) fn breaks(rule: &Value, value: &Value, root: &Value, at: &str) -> Vec<String> {
    if *rule == Value::Bool(true) {
        return Vec::new();
    }
    let rule = rule.as_object().unwrap_or_else(|| panic!("{at}: {rule} is no schema"));
    let mut found = Vec::new();
    for (keyword, what) in rule {
        let holds = match keyword.as_str() {
            // The last two are read with `if`.
            "$schema" | "$defs" | "definitions" | "title" | "description" | "format" | "then" | "else" => true,
            "if" => {
                let branch = if breaks(what, value, root, at).is_empty() { "then" } else { "else" };
                found.extend(rule.get(branch).map(|rule| breaks(rule, value, root, at)).unwrap_or_default());
                true
            }
            "oneOf" => items(what).iter().filter(|rule| breaks(rule, value, root, at).is_empty()).count() == 1,
            "allOf" => items(what).iter().all(|rule| breaks(rule, value, root, at).is_empty()),
            "pattern" => {
                let pattern = regex::Regex::new(what.as_str().expect("a text")).expect("a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "patternProperties" => {
                for (pattern, rule) in what.as_object().expect("a map") {
                    let pattern = regex::Regex::new(pattern).expect("a pattern");
                    let members = value.as_object().into_iter().flatten();
                    for (key, member) in members.filter(|(key, _)| pattern.is_match(key)) {
                        found.extend(breaks(rule, member, root, &format!("{at}.{key}")));
                    }
                }
                true
            }
            "minProperties" => value.as_object().is_none_or(|map| Some(map.len() as u64) >= what.as_u64()),
            "$ref" => {
                let (file, pointer) = what.as_str().and_then(|it| it.split_once('#')).expect("a reference");
                let other = (!file.is_empty()).then(|| schema_of(file));
                let root = other.as_ref().unwrap_or(root);
                let target = root.pointer(pointer).unwrap_or_else(|| panic!("{at}: nothing at {pointer}"));
                found.extend(breaks(target, value, root, at));
                true
            }
            "anyOf" => items(what).iter().any(|rule| breaks(rule, value, root, at).is_empty()),
            "const" => value == what,
            "enum" => items(what).contains(value),
            "type" => match what {
                Value::Array(types) => types.iter().any(|it| is(value, it)),
                one => is(value, one),
            },
            "minimum" => value.as_f64().is_none_or(|number| Some(number) >= what.as_f64()),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(breaks(what, item, root, &format!("{at}[{index}]")));
                }
                true
            }
            "required" => items(what).iter().all(|key| value.get(key.as_str().expect("a name")).is_some()),
            "properties" => {
                for (key, rule) in what.as_object().expect("a map") {
                    let member = value.get(key);
                    found.extend(member.map(|it| breaks(rule, it, root, &format!("{at}.{key}"))).into_iter().flatten());
                }
                true
            }
            "additionalProperties" => {
                let named = rule.get("properties").and_then(Value::as_object);
                let patterns = rule.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
                let patterns: Vec<regex::Regex> =
                    patterns.map(|(pattern, _)| regex::Regex::new(pattern).expect("a pattern")).collect();
                let is_named = |key: &str| {
                    named.is_some_and(|named| named.contains_key(key)) || patterns.iter().any(|it| it.is_match(key))
                };
                let members = value.as_object().into_iter().flatten();
                for (key, member) in members.filter(|(key, _)| !is_named(key)) {
                    let at = format!("{at}.{key}");
                    match what {
                        Value::Bool(false) => found.push(format!("{at} is not known")),
                        rule => found.extend(breaks(rule, member, root, &at)),
                    }
                }
                true
            }
            other => panic!("{at}: keyword `{other}`"),
        };
        if !holds {
            found.push(format!("{at}: {value} breaks {keyword}: {what}"));
        }
    }
    found
}

pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn is(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type's name") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type `{other}`"),
    }
}

#[test]
fn real_answers_are_valid() {
    let schema = schema();
    let founding = Repo::founding();
    let trouble = Repo::new(TROUBLE);
    let mut texts = String::new();
    let mut check = |repository: &Repo, change: &str| {
        let answer = explain(repository, change);
        assert_eq!(breaks(&schema, &answer, &schema, change), [""; 0]);
        texts.push_str(&answer.to_string());
    };
    for change in [
        "HEAD",
        "HEAD~1",
        "v1.0.0",
        "HEAD~2..HEAD",
        "HEAD~1...HEAD",
        "--event manual",
        "--step 'build-*'",
        "--worktree",
    ] {
        check(&founding, change);
    }
    for change in ["--woodpecker 3.4 HEAD~1", "--message '[skip ci]'", "--files", "--files docs/x.md"] {
        check(&founding, change);
    }
    for change in ["HEAD", "--event tag", "--gates broken", "--event cron --env CI_COMMIT_AUTHOR=jo"] {
        check(&trouble, change);
    }
    // What makes the cases worth their time.
    for part in
        ["\"dropped\"", "\"unknown\"", "\"error\"", "\"service\"", "\"plugin\"", "\"none\"", "\"two\"", "\"help\":\""]
    {
        assert!(texts.contains(part), "no case shows {part}");
    }
}

#[test]
fn what_is_not_an_answer_is_invalid() {
    let schema = schema();
    let answer = explain(&Repo::founding(), "HEAD");
    for (pointer, wrong) in [
        ("/schema_version", json!(2)),
        ("/pipeline", json!("maybe")),
        ("/change", json!({})),
        ("/change/branch", json!(1)),
        ("/workflows/0", json!(null)),
        ("/workflows/0/matrix", json!({ "AXIS": 1 })),
        ("/workflows/0/reasons/0/kind", json!("because")),
        ("/workflows/0/reasons/0/span/line", json!(0)),
        ("/workflows/0/reasons/0/via", json!([{}])),
    ] {
        let mut broken = answer.clone();
        *broken.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = wrong;
        assert_ne!(breaks(&schema, &broken, &schema, ""), [""; 0], "{pointer}");
    }
    let mut more = answer;
    more["more"] = json!(1);
    assert_ne!(breaks(&schema, &more, &schema, ""), [""; 0]);
}

#[test]
fn it_lists_every_kind_of_reason() {
    let source = crate::read("src/plan/reason.rs");
    let (_, kinds) = source.split_once("impl Kind {").expect("the kinds");
    let (kinds, _) = kinds.split_once("\n}\n").expect("their end");
    let names: BTreeSet<_> = kinds.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\",")).collect();
    let schema = schema();
    let listed = schema.pointer("/$defs/reason/properties/kind/enum").expect("the list");
    assert_eq!(items(listed).iter().filter_map(Value::as_str).collect::<BTreeSet<_>>(), names);
}

#[test]
fn real_proofs_are_valid() {
    let schema = schema_of("prove.schema.json");
    let founding = Repo::founding();
    let trouble = Repo::new(TROUBLE);
    let mut texts = String::new();
    for (repository, policy) in [
        (&founding, "--only 'docs/**' --never 'build-*' --event push"),
        (&founding, "--only 'docs/**' --never 'build*' --event push"),
        (&founding, "--woodpecker 3.4 --any 'apps/web/*.ts' --always build-web --branch main"),
        (&founding, "--never ci --event tag"),
        (&trouble, "--gates broken --always no-image"),
        (&trouble, "--always b --event push"),
        (&trouble, "--always c --event push"),
        (&trouble, "--always c --event cron"),
    ] {
        let answer = run(repository, &format!("wp-gate prove --format json {policy}")).json();
        assert_eq!(breaks(&schema, &answer, &schema, policy), [""; 0]);
        texts.push_str(&answer.to_string());
        let mut wrong = answer;
        wrong["policies"][0]["status"] = json!("perhaps");
        assert_ne!(breaks(&schema, &wrong, &schema, policy), [""; 0]);
    }
    for part in ["\"proved\"", "\"refuted\"", "\"unknown\"", "\"cron\"", "\"problems\":[{", "\"pipeline\":\"error\""] {
        assert!(texts.contains(part), "no case shows {part}");
    }
}

#[test]
fn real_differences_are_valid() {
    let schema = schema_of("diff.schema.json");
    let founding = Repo::founding();
    founding
        .write("old.yml", "steps: [{name: s, image: x, when: {event: push, evaluate: 'CI_COMMIT_AUTHOR == \"jo\"'}}]");
    founding.write("new.yml", "steps: [{name: s, image: x, when: [{branch: main, path: {include: a, ignore_message: go}}, {event: cron, cron: n}]}]");
    let trouble = Repo::new(TROUBLE);
    let mut texts = String::new();
    for (repository, sides) in [
        (&founding, "HEAD worktree"),
        (&founding, "HEAD worktree --replay 5"),
        (&founding, "--files old.yml new.yml"),
        (&founding, "--files new.yml old.yml"),
        (&trouble, "broken HEAD --replay 9"),
        (&trouble, "HEAD broken"),
    ] {
        let answer = run(repository, &format!("wp-gate diff --format json {sides}")).json();
        assert_eq!(breaks(&schema, &answer, &schema, sides), [""; 0]);
        texts.push_str(&answer.to_string());
        let mut wrong = answer;
        wrong["differences"] = json!([{"shift": "moved"}]);
        assert_ne!(breaks(&schema, &wrong, &schema, sides), [""; 0]);
    }
    let parts = [
        "\"lost\"",
        "\"gained\"",
        "\"pipeline\"",
        "\"workflow\"",
        "\"step\"",
        "\"branch\"",
        "\"cron\"",
        "\"message_holds\"",
        "\"file_matched\"",
        "\"no_files\"",
        "\"equivalent\":true",
        "\"before\":\"error\"",
        "\"CI_COMMIT_AUTHOR\"",
    ];
    for part in parts {
        assert!(texts.contains(part), "no case shows {part}");
    }
}

/// Holds what a command prints in `cases` against the schema of that name, and has every one of `parts` be among it.
fn are_valid(name: &str, cases: &[(&Repo, &str)], parts: &[&str]) {
    let schema = schema_of(&format!("{name}.schema.json"));
    let mut texts = String::new();
    for (repository, arguments) in cases {
        let answer = run(repository, &format!("wp-gate {name} --format json {arguments}")).json();
        assert_eq!(breaks(&schema, &answer, &schema, arguments), [""; 0]);
        texts.push_str(&answer.to_string());
        // Nothing more and nothing less.
        let mut more = answer.clone();
        more["more"] = json!(1);
        assert_ne!(breaks(&schema, &more, &schema, arguments), [""; 0]);
        for key in answer.as_object().expect("a map").keys() {
            let mut less = answer.clone();
            less.as_object_mut().expect("a map").remove(key);
            assert_ne!(breaks(&schema, &less, &schema, arguments), [""; 0], "without {key}");
        }
    }
    for part in parts {
        assert!(texts.contains(part), "no case of {name} shows {part}");
    }
}

#[test]
fn real_answers_of_check_are_valid() {
    let founding = Repo::founding();
    founding.write(".wp-gate.yaml", crate::read("testdata/policies/founding.yaml"));
    let trouble = Repo::new(TROUBLE);
    trouble.write(".wp-gate.yaml", "policies: [{name: p, always: c}]\nfleet: {rosters: ['*.roster']}\n");
    trouble.write("a.roster", "version: 1\ntransport: tmux\nagents: [{name: w, runtime: pi, class: worker}]\n");
    let cases = [
        (&founding, "HEAD"),
        (&founding, "HEAD~1 --woodpecker 3.4 --no-proofs"),
        (&founding, "HEAD~1 --woodpecker 3.4"),
        (&founding, "nowhere"),
        (&trouble, "HEAD"),
        (&trouble, "--gates broken"),
        (&trouble, "--event cron --allow-undecided"),
    ];
    let parts = [
        "\"kept\"",
        "\"broken\"",
        "\"not_concerned\"",
        "\"refuted\"",
        "\"change\":null",
        "\"r5\"",
        "\"passed\":true",
        "\"pipeline\":\"error\"",
    ];
    are_valid("check", &cases, &parts);
}

#[test]
fn real_pictures_are_valid() {
    let (founding, trouble) = (Repo::founding(), Repo::new(TROUBLE));
    let cases = [
        (&founding, "HEAD"),
        (&founding, "v1.0.0"),
        (&trouble, "HEAD"),
        (&trouble, "--gates broken"),
        (&trouble, "--event tag"),
    ];
    are_valid("graph", &cases, &["\"firm\":true", "\"firm\":false", "\"stage\":null", "\"dropped\"", "\"service\""]);
}

#[test]
fn real_lists_are_valid() {
    let founding = Repo::founding();
    let cases = [
        (&founding, "HEAD"),
        (&founding, "HEAD~6..HEAD --forge bitbucket"),
        (&founding, "HEAD~1...HEAD~2 --forge gitlab"),
        (&founding, "HEAD..HEAD --forge gitlab"),
    ];
    are_valid("changes", &cases, &["\"why\"", "\"makes_pipeline\":false", "\"branch\":null"]);
    let listed: Vec<&str> = wp_gate::change::Forge::ALL.iter().map(|forge| forge.name()).collect();
    let schema = schema_of("changes.schema.json");
    assert_eq!(
        items(&schema["properties"]["forge"]["enum"]).iter().filter_map(Value::as_str).collect::<Vec<_>>(),
        listed
    );
}
