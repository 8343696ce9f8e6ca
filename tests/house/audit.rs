//! `docs/audit.schema.json` describes what `audit --format json` prints.

use serde_json::{Value, json};

use crate::schema::{breaks, items};
use crate::shell::{Repo, run};

fn schema() -> Value {
    serde_json::from_str(&crate::read("docs/audit.schema.json")).expect("it is JSON")
}

fn audit(repository: &Repo, arguments: &str) -> Value {
    run(repository, format!("wp-gate audit --format json {arguments}").trim_end()).json()
}

#[test]
fn real_answers_are_valid() {
    let schema = schema();
    let year = Repo::new(&crate::read("testdata/repos/year.txt"));
    let founding = Repo::founding();
    let mut texts = String::new();
    for (repository, arguments) in [
        (&year, ""),
        (&year, "--gates HEAD~78 --max 90"),
        (&year, "--prs --max 20"),
        (&founding, "HEAD~2..HEAD --since 2026-01-01 --author ada --path '**'"),
        (&founding, "--event cron --env A=b"),
        (&founding, "--woodpecker 3.4"),
    ] {
        let answer = audit(repository, arguments);
        assert_eq!(breaks(&schema, &answer, &schema, arguments), [""; 0]);
        texts.push_str(&answer.to_string());
    }
    // What makes the cases worth their time.
    for part in ["\"broken\"", "\"code\"", "\"always\"", "\"never\"", "\"own\":null", "\"own\":\"skip\""] {
        assert!(texts.contains(part), "no case shows {part}");
    }
}

#[test]
fn what_is_not_an_answer_is_invalid() {
    let schema = schema();
    let answer = audit(&Repo::founding(), "");
    for (pointer, wrong) in [
        ("/schema_version", json!(2)),
        ("/audit/event", json!(null)),
        ("/summary/commits", json!(-1)),
        ("/steps/0/runs", json!("many")),
        ("/commits/0/pipeline", json!("maybe")),
        ("/commits/0/verdicts", json!([])),
    ] {
        let mut broken = answer.clone();
        *broken.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = wrong;
        assert_ne!(breaks(&schema, &broken, &schema, ""), [""; 0], "{pointer}");
    }
}

#[test]
fn it_shares_its_parts_with_the_schema_of_explain() {
    let explain: Value = serde_json::from_str(&crate::read("docs/explain.schema.json")).expect("it is JSON");
    for part in ["verdict", "reason", "span"] {
        assert_eq!(schema()["$defs"][part], explain["$defs"][part], "{part}");
    }
    assert!(!items(&schema()["required"]).is_empty());
}

#[test]
fn the_sample_workflows_are_clean() {
    let repository = Repo::founding();
    let files = ["docs/audit/shard.yaml", "docs/audit/merge.yaml"].map(crate::project);
    for file in files {
        let ran = run(&repository, &format!("wp-gate lint --format json {}", file.display()));
        let answer = ran.json();
        let problems = answer["problems"].as_array().expect("a list");
        let bad = problems.iter().filter(|problem| problem["severity"] != "note");
        assert_eq!(bad.collect::<Vec<_>>(), [&Value::Null; 0], "{}", file.display());
    }
}
