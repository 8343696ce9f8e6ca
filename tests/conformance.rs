//! Agreement with Woodpecker's own engine: `testdata/conformance/*.jsonl` hold inputs and what the engine answered, a sample of what was
//! recorded. Each case goes through `eval`'s own answer; every disagreement is listed.
//!
//! What is compared: of a glob, whether it matches and is valid; of a substitution and an expression, the result or that it fails; of a
//! pipeline, what is scheduled, by stage, or that it is refused, on each version of the server. Wording is not.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{collections::BTreeMap, fs, path::Path};

use rayon::prelude::*;
use serde_json::{Value, json};
use wp_gate::{eval, server::Version};

/// The cases of one kind: how many, and the part of an answer that is compared.
fn agree(kind: &str, count: usize, key: impl Fn(&Value) -> Value + Sync) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/conformance/{kind}.jsonl"));
    let text = fs::read_to_string(path).unwrap();
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), count, "the sample is whole");
    let disagreements: Vec<String> =
        cases.par_iter().enumerate().flat_map_iter(|(at, case)| disagreements(at, case, &key)).collect();
    let missed = disagreements.len();
    assert!(missed == 0, "{kind}: {missed} disagreements in {count} cases:\n{}", disagreements.join("\n"));
}

fn disagreements(at: usize, case: &Value, key: &impl Fn(&Value) -> Value) -> Vec<String> {
    let mut request = case.clone();
    let expected = request.as_object_mut().unwrap().remove("expected").unwrap();
    let line = request.to_string();
    // The answer of a pipeline is recorded by version.
    let by_version: BTreeMap<Version, Value> = match request.get("files") {
        Some(_) => expected.as_object().unwrap().iter().map(|(name, it)| (name.parse().unwrap(), it.clone())).collect(),
        None => BTreeMap::from([(Version::NEWEST, expected)]),
    };
    let compare = |(&version, expected): (&Version, &Value)| {
        let answer: Value = serde_json::from_str(&eval::answer(line.as_bytes(), version)).unwrap();
        let (got, want) = (key(&answer), key(expected));
        (got != want).then(|| format!("line {}, server {version}:\n  want {want}\n  got  {got}", at + 1))
    };
    by_version.iter().filter_map(compare).collect()
}

/// An answer that is a value, under `name`, or a failure.
fn value_or_failure(name: &str, answer: &Value) -> Value {
    if answer.get("error").is_some() { json!("fails") } else { answer[name].clone() }
}

fn scheduled(answer: &Value) -> Value {
    if answer.get("error").is_some() {
        return json!("refused");
    }
    let names = |workflow: &Value| {
        let mut names: Vec<String> = serde_json::from_value(workflow["depends_on"].clone()).unwrap_or_default();
        names.sort();
        names
    };
    let mut workflows: Vec<Value> = answer["workflows"].as_array().unwrap().clone();
    for workflow in &mut workflows {
        workflow["depends_on"] = json!(names(workflow));
        let axis: BTreeMap<String, String> = serde_json::from_value(workflow["matrix"].clone()).unwrap_or_default();
        workflow["matrix"] = json!(axis);
    }
    // Before 3.17 the server takes a matrix's axes in any order.
    workflows.sort_by_key(|workflow| (workflow["name"].to_string(), workflow["matrix"].to_string()));
    json!({ "skip_ci": answer.get("skip_ci").is_some(), "workflows": workflows })
}

#[test]
fn globs() {
    agree("glob", 1000, |answer| json!([answer["match"], answer["valid"]]));
}

#[test]
fn substitutions() {
    agree("subst", 500, |answer| value_or_failure("out", answer));
}

#[test]
fn expressions() {
    agree("expr", 500, |answer| value_or_failure("result", answer));
}

#[test]
fn pipelines() {
    agree("plan", 250, scheduled);
}

#[test]
fn pipelines_with_odd_yaml() {
    agree("yaml", 250, scheduled);
}
