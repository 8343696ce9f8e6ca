//! The schemas for editors: `docs/config.schema.json`, `docs/roster.schema.json` and `docs/workflow.schema.json` are made here, of what the
//! program knows, and held against its own answers.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Map, Value, json};
use wp_gate::catalogue;
use wp_gate::change::{Event, Forge};
use wp_gate::config::Config;
use wp_gate::fleet;
use wp_gate::rule::Level;
use wp_gate::server::Version;

use crate::schema::breaks;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// A closed map with these keys: name, what it says, and its schema.
fn map(keys: Vec<(&str, String, Value)>) -> Value {
    let properties: Map<String, Value> = keys
        .into_iter()
        .map(|(name, about, schema)| {
            let mut described = json!({"description": about});
            let members = schema.as_object().cloned().unwrap_or_default();
            described.as_object_mut().expect("it is a map").extend(members);
            (name.to_owned(), described)
        })
        .collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn list(item: &Value) -> Value {
    json!({"type": "array", "items": item})
}

fn one_or_list(item: &Value) -> Value {
    json!({"anyOf": [item, list(item)]})
}

/// The versions that are known, for completion, and all spellings of them.
fn version() -> Value {
    let minors = (0..100).map(|minor| format!("3.{minor}"));
    let names = std::iter::once("2.8".to_owned()).chain(minors).chain(["next".to_owned()]);
    let known: Vec<String> = names.filter(|name| name.parse::<Version>().is_ok()).collect();
    let numbers: Vec<String> = known.iter().filter(|name| *name != "next").map(|name| regex::escape(name)).collect();
    let pattern = format!("^v?({})(\\.[0-9]+)?$", numbers.join("|"));
    json!({"anyOf": [{"type": "string", "enum": known}, {"type": "string", "pattern": pattern}]})
}

/// The README's words for each key of the configuration.
fn words() -> impl Fn(&str) -> String {
    let readme = crate::read("README.md");
    let table: Vec<(String, String)> = crate::table(&readme, "key")
        .iter()
        .map(|row| (row[0].trim_matches('`').to_owned(), row[2].replace('`', "")))
        .collect();
    move |key| table.iter().find(|(name, _)| name == key).map(|(_, about)| about.clone()).unwrap_or_default()
}

fn config() -> Value {
    let about = words();
    let (text, boolean) = (json!({"type": "string"}), json!({"type": "boolean"}));
    let texts = list(&text);
    let globs = one_or_list(&text);
    let by_text = |value: &Value| json!({"type": "object", "additionalProperties": value});
    let key = |name: &'static str, path: &str, schema: Value| (name, about(path), schema);
    let plain = |name: &'static str, about: &str, schema: Value| (name, about.to_owned(), schema);
    let forges: Vec<&str> = Forge::ALL.iter().map(|forge| forge.name()).collect();
    let events: Vec<&str> = Event::KNOWN.iter().map(Event::as_str).collect();
    let events = json!({"type": "string", "enum": events});
    let levels: Vec<&str> = Level::ALL.iter().map(|level| level.name()).collect();
    let level = json!({"enum": levels});
    let rules = catalogue::rules()
        .iter()
        .map(|rule| (rule.id, format!("{} ({})", rule.summary, rule.level.name()), level.clone()));
    let promise = |what: &str| {
        vec![
            plain("always", &format!("globs of {what} that have to run"), globs.clone()),
            plain("never", &format!("globs of {what} that must not run"), globs.clone()),
        ]
    };
    let mut policy = vec![
        plain("name", "what people call the policy", text.clone()),
        plain(
            "on",
            "which pipelines it is about",
            map(vec![
                plain("event", "the events; none: any", one_or_list(&events)),
                plain("branch", "globs on the branch; none: any", globs.clone()),
            ]),
        ),
        plain(
            "changes",
            "which changed files it is about",
            map(vec![
                plain("only", "each changed file matches one of these, and there is one", globs.clone()),
                plain("any", "some changed file matches one of these", globs.clone()),
            ]),
        ),
        plain("workflows", "what is promised of whole workflows", map(promise("workflows"))),
    ];
    policy.extend(promise("steps"));
    let mut policy = map(policy);
    policy["required"] = json!(["name"]);
    let mut root = map(vec![
        key("woodpecker", "woodpecker", version()),
        key("forge", "forge", json!({"enum": forges})),
        plain(
            "forge_limits",
            "how much the forge sends",
            map(vec![
                key("push_commits", "forge_limits.push_commits", json!({"type": "integer", "minimum": 0})),
                key("files", "forge_limits.files", json!({"type": "integer", "minimum": 0})),
            ]),
        ),
        plain(
            "server",
            "the server, and what its administrator has set",
            map(vec![
                key("host", "server.host", text.clone()),
                key("platform", "server.platform", text.clone()),
                key("privileged_plugins", "server.privileged_plugins", texts.clone()),
                key("trusted_clone_plugins", "server.trusted_clone_plugins", texts.clone()),
                plain(
                    "trusted",
                    "what the repository is trusted with",
                    map(vec![
                        key("network", "server.trusted.network", boolean.clone()),
                        key("volumes", "server.trusted.volumes", boolean.clone()),
                        key("security", "server.trusted.security", boolean),
                    ]),
                ),
                key("environment", "server.environment", by_text(&text)),
                key("config_path", "server.config_path", text.clone()),
            ]),
        ),
        key("costs", "costs", by_text(&text)),
        key("policies", "policies", list(&policy)),
        plain(
            "fleet",
            "fleet manifests",
            map(vec![
                key("rosters", "fleet.rosters", texts.clone()),
                key("profiles", "fleet.profiles", by_text(&text)),
                key("classes", "fleet.classes", texts.clone()),
                key("runtimes", "fleet.runtimes", texts.clone()),
                key("transports", "fleet.transports", texts.clone()),
                key("keys", "fleet.keys", texts),
            ]),
        ),
        plain(
            "lint",
            "how findings are looked for",
            map(vec![key("rules", "lint.rules", map(rules.collect())), key("baseline", "lint.baseline", text)]),
        ),
    ]);
    root["$schema"] = json!(DRAFT);
    root["title"] = json!("The configuration of wp-gate");
    root
}

/// Unknown words are findings and no errors, as the configuration may add to them: the schema names the known ones, for completion.
fn roster() -> Value {
    let words = |known: &[&str]| json!({"anyOf": [{"type": "string", "enum": known}, {"type": "string"}]});
    let open = |mut map: Value| {
        map.as_object_mut().expect("it is a map").remove("additionalProperties");
        map
    };
    let key = |name: &'static str, about: &str, schema: Value| (name, about.to_owned(), schema);
    let mut agent = open(map(vec![
        key("name", "what the agent's systemd unit and its session go by", json!({"type": "string"})),
        key("runtime", "the program that the agent runs on", words(&fleet::RUNTIMES)),
        key("class", "what the agent does; exactly one agent is the orchestrator", words(&fleet::CLASSES)),
    ]));
    agent["required"] = json!(["name", "runtime"]);
    let mut root = open(map(vec![
        key("version", "the version of the roster's form", json!({"const": fleet::VERSION})),
        key("transport", "how the agents are reached", words(&fleet::TRANSPORTS)),
        key("profile", "the kind of fleet; only minimal has no orchestrator", words(&[fleet::MINIMAL])),
        key("agents", "the agents that the fleet runs on the host", list(&agent)),
    ]));
    root["required"] = json!(["version", "transport", "agents"]);
    root["$schema"] = json!(DRAFT);
    root["title"] = json!("Fleet manifest");
    root
}

fn published(name: &str) -> Value {
    serde_json::from_str(&crate::read(&format!("docs/{name}.schema.json"))).expect("it is JSON")
}

#[test]
fn the_schemas_say_what_the_program_knows() {
    for (name, schema) in
        [("config", config()), ("roster", roster()), ("workflow", wp_gate::schema::json(Version::NEWEST))]
    {
        let text = serde_json::to_string_pretty(&schema).expect("it is JSON");
        crate::up_to_date(&format!("docs/{name}.schema.json"), &format!("{text}\n"));
    }
}

/// Every key that a schema has below maps of its own, with dots between them.
fn leaves(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    match schema.get("properties").and_then(Value::as_object) {
        Some(keys) if path != "lint.rules" => {
            for (key, below) in keys {
                leaves(below, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, found);
            }
        }
        _ => drop(found.insert(path.to_owned())),
    }
}

#[test]
fn the_schema_of_the_configuration_has_every_key_and_takes_what_the_program_takes() {
    let schema = published("config");
    let mut named = BTreeSet::new();
    leaves(&schema, "", &mut named);
    let mut known = BTreeSet::new();
    crate::config::leaves("", &mut known);
    assert_eq!(named, known, "left: the schema; right: what `.wp-gate.yaml` takes");

    let is_valid = |text: &str| {
        let value: Value = yaml_serde::from_str(text).expect("it is YAML");
        breaks(&schema, &value, &schema, "").is_empty()
    };
    let readme = crate::read("README.md");
    let rows = crate::table(&readme, "key");
    let examples = rows.iter().map(|row| crate::config::yaml(row[0].trim_matches('`'), row[1].trim_matches('`')));
    for text in examples.chain(["{}".to_owned(), "woodpecker: '3.10.1'\n".to_owned(), "woodpecker: next\n".to_owned()])
    {
        assert_eq!((Config::parse(&text).is_ok(), is_valid(&text)), (true, true), "{text}");
    }
    for text in [
        "woodpecker: 3.4",
        "woodpecker: '4.0'",
        "woodpeker: '3.4'",
        "forge: sourceforge",
        "lint: {rules: {shcema: off}}",
        "lint: {rules: {schema: loud}}",
        "server: {trusted: {network: 1}}",
        "fleet: {rosters: x}",
        "policies: [{always: x}]",
        "policies: [{name: x, on: {event: psuh}, always: x}]",
    ] {
        assert_eq!((Config::parse(text).is_err(), is_valid(text)), (true, false), "{text}");
    }
}

/// The files below a folder of `testdata`, and whether a schema takes each; those that are no YAML are left out.
fn takes(name: &str, folder: &str) -> Vec<(String, bool)> {
    let schema = published(name);
    let mut taken = Vec::new();
    for entry in fs::read_dir(crate::project(&format!("testdata/{folder}"))).expect("a folder") {
        let entry = entry.expect("an entry");
        if !entry.path().is_file() {
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("it is text");
        let Ok(value) = yaml_serde::from_str::<yaml_serde::Value>(&text) else { continue };
        let Ok(value) = serde_json::to_value(merged(value)) else { continue };
        taken.push((entry.file_name().to_string_lossy().into_owned(), breaks(&schema, &value, &schema, "").is_empty()));
    }
    taken.sort();
    taken
}

/// `value` with its merge keys applied.
fn merged(mut value: yaml_serde::Value) -> yaml_serde::Value {
    // What cannot be merged stays as it is, and the schema refuses it.
    let _ = value.apply_merge();
    value
}

#[test]
fn good_files_are_valid_and_bad_ones_are_not() {
    for (name, folder) in [("roster", "fleet/good"), ("workflow", "workflows/ok")] {
        let taken = takes(name, folder);
        assert!(taken.len() > 4, "{taken:?}");
        for (file, valid) in taken {
            // The server's linter warns of this one, too: its schema does not list `<<` in a list.
            assert!(valid || file == "merges.yml", "{folder}/{file}");
        }
    }
    let refused = |name, folder| {
        let taken = takes(name, folder).into_iter();
        taken.filter(|(_, valid)| !valid).map(|(file, _)| file).collect::<Vec<_>>()
    };
    let rosters = refused("roster", "fleet/bad");
    for file in ["empty.yaml", "list.yaml", "types.yaml"] {
        assert!(rosters.iter().any(|it| it == file), "{file} is valid: {rosters:?}");
    }
    let workflows = refused("workflow", "workflows/bad");
    for file in ["missing-image.yml", "missing-steps.yml", "steps-are-text.yml", "settings-with-commands.yml"] {
        assert!(workflows.iter().any(|it| it == file), "{file} is valid: {workflows:?}");
    }
}
