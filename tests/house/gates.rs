//! The project's own pipeline: what its gates promise.

use std::collections::BTreeMap;
use std::fs;

use wp_gate::admission::Policy;
use wp_gate::change::{ChangedFiles, Event, Forge, Metadata};
use wp_gate::plan::{Context, Outcome, Plan, Request, Verdict, plan};
use wp_gate::server::Version;
use wp_gate::source::{Source, Sources};

/// What the newest server would do with `files` for a change on main.
pub(crate) fn planned(files: &Sources, event: Event, changed: &[&str]) -> Plan {
    let mut metadata = Metadata::default();
    metadata.current.event = event;
    "main".clone_into(&mut metadata.current.commit.branch);
    let changed: ChangedFiles = changed.iter().copied().collect();
    let context = Context::predicted(metadata, changed, Forge::Git, BTreeMap::new());
    let (variables, policy) = (BTreeMap::new(), Policy::default());
    let server = Version::NEWEST;
    plan(files, &Request { server, context: &context, variables: &variables, policy: &policy, findings: true })
}

/// The project's own workflows.
fn own() -> Sources {
    let mut files = Sources::new();
    for entry in fs::read_dir(crate::project(".woodpecker")).expect("the pipeline") {
        let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
        let path = format!(".woodpecker/{name}");
        files.add(Source::new(path.as_str(), crate::read(&path)));
    }
    files
}

/// The workflows that run, by name.
fn running(event: Event, changed: &[&str]) -> Vec<String> {
    let plan = planned(&own(), event, changed);
    assert!(plan.problems.is_empty(), "{:?}", plan.problems);
    assert!(plan.workflows.iter().all(|workflow| matches!(workflow.verdict, Verdict::Run | Verdict::Skip)));
    plan.workflows
        .into_iter()
        .filter(|workflow| workflow.verdict == Verdict::Run)
        .map(|workflow| workflow.name)
        .collect()
}

#[test]
fn the_server_has_nothing_to_say_against_it() {
    for event in [Event::Push, Event::PullRequest, Event::Tag, Event::Manual] {
        let plan = planned(&own(), event, &["src/lib.rs", "README.md"]);
        assert_eq!(plan.outcome, Outcome::Run);
        assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    }
}

#[test]
fn prose_alone_builds_nothing() {
    for event in [Event::Push, Event::PullRequest] {
        for prose in [
            &["docs/semantics.md", "docs/proofs.md"][..],
            &["README.md", "docs/explain.schema.json"],
            &["CHANGELOG.md"],
        ] {
            assert_eq!(running(event.clone(), prose), ["prose"], "{prose:?}");
        }
        assert_eq!(running(event, &["LICENSE-MIT"]), [""; 0]);
    }
}

#[test]
fn code_is_checked_whatever_else_changed() {
    for event in [Event::Push, Event::PullRequest] {
        let running = |changed: &[&str]| running(event.clone(), changed);
        assert_eq!(running(&["src/plan/mod.rs"]), ["check", "self"]);
        assert_eq!(running(&["docs/semantics.md", "src/plan/mod.rs"]), ["check", "prose", "self"]);
        assert_eq!(running(&[".woodpecker/check.yaml"]), ["check", "self"]);
        // Markdown below `src` may be part of the program; a file of no known kind is code.
        assert_eq!(running(&["src/page.md"]), ["check", "self"]);
        assert_eq!(running(&["what.ever"]), ["check"]);
    }
}

#[test]
fn tags_and_changes_without_a_list_are_checked() {
    for (event, changed) in [(Event::Tag, &["README.md"][..]), (Event::Manual, &["README.md"]), (Event::Push, &[])] {
        assert!(running(event.clone(), changed).contains(&"check".to_owned()), "{event:?}");
    }
}

#[test]
fn its_steps_call_checks_that_there_are() {
    let ci = crate::read(".ci/run");
    for (_, file) in own().iter() {
        let calls: Vec<&str> = file.text().lines().filter_map(|line| Some(line.split_once("[.ci/run ")?.1)).collect();
        assert!(!calls.is_empty(), "{} does not call `.ci/run`", file.name());
        for check in calls.iter().flat_map(|call| call.trim_end_matches(']').split(' ')) {
            assert!(ci.contains(&format!("\n{check}() {{")), "{}: `.ci/run` has no `{check}`", file.name());
        }
    }
}
