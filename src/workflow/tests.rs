//! What each server version makes of a file, and where every value stands.

use std::collections::BTreeMap;

use super::*;
use crate::diag::Problem;
use crate::server::Version;
use crate::source::{FileId, OffsetMap, Source, Sources, Span};
use crate::subst::Template;
use crate::yaml::{Dialect, Document};

mod slack;

fn file() -> FileId {
    Sources::new().add(Source::new("ci.yaml", ""))
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn read(text: &str, server: &str) -> (Workflow, Vec<Problem>) {
    let server = version(server);
    let document = Document::parse(text, Dialect::from(server)).expect("it is YAML");
    let (workflow, problems, _) = lower(&document, &OffsetMap::identity(text.len() as u32), file(), server);
    (workflow, problems)
}

/// The codes of the problems, each with the bytes that it points at.
fn refused<'t>(text: &'t str, server: &str) -> Vec<(&'static str, &'t str)> {
    let (_, problems) = read(text, server);
    problems.iter().map(|problem| (problem.code, &text[problem.labels[0].span.range()])).collect()
}

fn in_step(key: &str) -> String {
    format!("steps:\n  s:\n    image: x\n    {key}\n")
}

#[test]
fn a_condition_is_a_map_or_a_list_of_maps() {
    for (when, entries) in [("{event: push}", 1), ("[{event: push}, {}]", 2), ("[]", 0), ("~", 0), ("[~, {}]", 1)] {
        let text = in_step(&format!("when: {when}"));
        let (workflow, problems) = read(&text, "3.17");
        assert!(problems.is_empty(), "{when}: {problems:?}");
        assert_eq!(workflow.steps[0].when.entries.len(), entries, "{when}");
    }
    assert_eq!(refused(&in_step("when: push"), "3.17"), [("wrong-type", "push")]);
    assert_eq!(refused(&in_step("when: [[{}]]"), "3.17"), [("wrong-type", "[{}]")]);
}

#[test]
fn a_filter_is_text_or_a_list_or_a_map_of_both() {
    let globs = |list: &[Glob]| list.iter().map(|glob| glob.pattern.text().to_owned()).collect::<Vec<_>>();
    for (branch, include, exclude) in [
        ("main", &["main"][..], &[][..]),
        ("[main, dev]", &["main", "dev"], &[]),
        ("{include: main, exclude: [a, b]}", &["main"], &["a", "b"]),
        ("{}", &[], &[]),
        ("3", &["3"], &[]),
    ] {
        let (workflow, problems) = read(&in_step(&format!("when: {{branch: {branch}}}")), "3.17");
        let filter = &workflow.steps[0].when.entries[0].branch;
        assert!(problems.is_empty(), "{branch}: {problems:?}");
        assert_eq!(
            (globs(&filter.include), globs(&filter.exclude)),
            (include_of(include), include_of(exclude)),
            "{branch}"
        );
    }
    assert_eq!(refused(&in_step("when: {branch: [3]}"), "3.17"), [("wrong-type", "3")]);
}

fn include_of(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn strictness_follows_the_server() {
    // What is written, and the versions on which it is refused and on which it is not.
    for (key, bad, good) in [
        ("depends_on: [{name: a, optional: true}]", "3.14", "3.15"),
        ("when: {event: {exclude: [push]}}", "3.0", "2.8"),
        ("when: {status: {include: [failure]}}", "3.14", "3.13"),
        ("when: {local: 1}", "3.12", "3.11"),
        ("when: {local: on}", "3.11", "3.12"),
        ("secrets: 1", "3.13", "3.14"),
        ("environment: [A=b]", "3.0", "2.8"),
        ("name: 2024-01-01", "3.16", "3.15"),
    ] {
        let text = in_step(key);
        assert_eq!(read(&text, bad).1.len(), 1, "{key} on {bad}");
        assert!(read(&text, good).1.is_empty(), "{key} on {good}");
    }
}

#[test]
fn keys_of_server_2_are_read_there_and_ignored_later() {
    let text = "branches: dev\nplatform: linux/amd64\npipeline:\n  s: {image: x, group: g, shm_size: 10m}\n";
    let (old, problems) = read(text, "2.8");
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(old.when.entries[0].branch.include[0].pattern.text(), "dev");
    assert_eq!((old.steps[0].name.value.as_str(), old.steps[0].group.as_str()), ("s", "g"));
    assert!(old.steps[0].powers.shm_size.is_some());
    assert_eq!(old.legacy_keys.iter().map(|key| key.value).collect::<Vec<_>>(), ["branches", "platform", "pipeline"]);
    let (new, problems) = read(text, "3.0");
    assert!(problems.is_empty() && new.steps.is_empty() && new.when.entries.is_empty(), "{problems:?}");
}

#[test]
fn steps_are_named_by_their_key_their_name_or_their_place() {
    let names =
        |text: &str| -> Vec<String> { read(text, "3.17").0.steps.into_iter().map(|step| step.name.value).collect() };
    assert_eq!(names("steps:\n  a: {image: x}\n  b: {name: c, image: x}\n"), ["a", "c"]);
    assert_eq!(names("steps:\n  - {image: x}\n  - {name: c, image: x}\n"), ["step-0", "c"]);
    assert_eq!(names("v: &b {image: x}\nsteps:\n  <<: *b\n"), ["<<"], "the server walks the pairs by itself");
    assert_eq!(names("v: &l [{name: a}]\nsteps:\n  - <<: *l\n  - {name: b}\n"), ["a", "b"]);
}

#[test]
fn a_merged_condition_is_placed_where_it_is_written_through_its_alias() {
    let text = "v:\n  - &base {event: push, branch: [dev]}\nsteps:\n  s:\n    image: x\n    when:\n      <<: *base\n      event: tag\n";
    let (workflow, problems) = read(text, "3.17");
    assert!(problems.is_empty(), "{problems:?}");
    let entry = &workflow.steps[0].when.entries[0];
    assert_eq!(entry.event.include[0].pattern.text(), "tag", "its own key wins");
    let branch = &entry.branch.include[0];
    assert_eq!(&text[branch.place.span.range()], "dev");
    assert_eq!(branch.place.via.iter().map(|&alias| &text[alias.range()]).collect::<Vec<_>>(), ["*base"]);
}

#[test]
fn a_byte_of_a_folded_scalar_is_found_in_the_file() {
    let text = "steps:\n  s:\n    image: x\n    when:\n      evaluate: >-\n        A ==\n        'b'\n";
    let document = Document::parse(text, Dialect::V4).expect("it is YAML");
    let identity = OffsetMap::identity(text.len() as u32);
    let (workflow, ..) = lower(&document, &identity, file(), version("3.17"));
    let expression = workflow.steps[0].when.entries[0].evaluate.as_ref().expect("it is there");
    assert_eq!(expression.value, "A == 'b'");
    let map = document.value_map(expression.place.node.expect("it has a node"));
    assert_eq!(&text[map.to_source(Span::new(5, 8)).range()], "'b'");
}

#[test]
fn a_substituted_value_is_placed_at_its_expansion() {
    let raw = "steps:\n  s:\n    image: x\n    when: {branch: '${CI_REPO_DEFAULT_BRANCH}'}\n";
    let env = BTreeMap::from([("CI_REPO_DEFAULT_BRANCH".to_owned(), "a-long-branch-name".to_owned())]);
    let rendered = Template::parse(raw).and_then(|template| template.render(&env)).expect("it substitutes");
    let document = Document::parse(&rendered.text, Dialect::V4).expect("it is YAML");
    let (workflow, ..) = lower(&document, &rendered.map, file(), version("3.17"));
    let glob = &workflow.steps[0].when.entries[0].branch.include[0];
    assert_eq!(glob.pattern.text(), "a-long-branch-name");
    assert_eq!(&raw[glob.place.span.range()], "'${CI_REPO_DEFAULT_BRANCH}'");
}

#[test]
fn what_decodes_but_cannot_be_used_is_a_defect_of_the_step() {
    let defects = |key: &str, server: &str| read(&in_step(key), server).0.steps[0].defects.len();
    for (key, count) in [
        ("ports: ['8080', '53/udp', '99999', http]", 2),
        ("extra_hosts: ['a:1', b]", 1),
        ("settings: {a: {from_secret: [x]}, b: {from_secret: y}, c: [1, ~, true]}", 1),
        ("settings: {a: {from_secret: ''}, b: {c: [{from_secret: ''}]}}", 2),
        ("settings: {a: {1: x}}", 1),
        ("environment: {A: {b: {2: c}}}", 1),
    ] {
        assert_eq!(defects(key, "3.17"), count, "{key}");
    }
    assert_eq!(defects("settings: {a: {b: ~}}", "3.12"), 0);
    assert_eq!(defects("settings: {a: {b: ~}}", "3.11"), 1);
}

#[test]
fn a_matrix_is_crossed_in_the_order_of_its_names_or_listed() {
    let of = |text: &str, server: &str| {
        let document = Document::parse(text, Dialect::V4).expect("it is YAML");
        axes(&document, file(), version(server)).map(|axes| {
            let shown = |axis: Axis| {
                axis.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
            };
            axes.into_iter().map(shown).collect::<Vec<_>>()
        })
    };
    assert_eq!(of("matrix: {B: [1, 2], A: [x]}", "3.17").expect("fine"), ["A=x B=1", "A=x B=2"]);
    assert_eq!(of("matrix: {include: [{A: x}, {A: y, B: z}]}", "3.17").expect("fine"), ["A=x", "A=y B=z"]);
    assert_eq!(of("steps: []", "3.17").expect("fine"), [""]);
    assert_eq!(of("matrix: {A: [], B: [1]}", "3.17").expect("fine"), ["B=1"]);
    assert_eq!(of("matrix: {A: [], B: [1]}", "3.16").expect_err("a crash")[0].code, "empty-axis");
    assert_eq!(of("matrix: {A: [[x]]}", "3.17").expect_err("no text")[0].code, "wrong-type");
    let many = of("matrix: {A: [1,2,3,4,5,6], B: [1,2,3,4,5,6]}", "3.17").expect("fine");
    assert_eq!((many.len(), many[26].as_str()), (27, "A=5 B=3"), "the server stops after 27");
}

#[test]
fn a_matrix_makes_no_more_workflows_than_can_be_read() {
    for (count, fits) in [(1_000, true), (2_000, false)] {
        let text = format!("matrix:\n  include:\n{}", "  - {A: x}\n".repeat(count));
        assert_eq!(text.len() * count <= crate::source::MAX_LEN, fits);
        let document = Document::parse(&text, Dialect::V4).expect("it is YAML");
        match axes(&document, file(), version("3.17")) {
            Ok(axes) => assert!(fits && axes.len() == count),
            Err(problems) => {
                assert!(!fits && problems[0].code == "too-large", "{problems:?}");
                assert_eq!(&text[problems[0].labels[0].span.range()], "matrix");
            }
        }
    }
}
