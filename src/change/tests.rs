use std::collections::BTreeMap;

use super::*;
use crate::server::Version;

const V2_8: Version = Version::new(2, 8);
const V3_4: Version = Version::new(3, 4);
const V3_13: Version = Version::new(3, 13);
const V3_17: Version = Version::new(3, 17);

fn metadata(json: &str) -> Metadata {
    Metadata::from_json(json).expect("metadata")
}

fn ci(metadata: &Metadata, server: Version, name: &str) -> Option<String> {
    Variable::find(name)?.value(metadata, server).map(std::borrow::Cow::into_owned)
}

#[track_caller]
fn assert_ci(json: &str, server: Version, expected: &[(&str, Option<&str>)]) {
    let metadata = metadata(json);
    for &(name, value) in expected {
        assert_eq!(ci(&metadata, server, name).as_deref(), value, "{name}");
    }
}

#[test]
fn the_table_is_sorted_and_has_no_name_twice() {
    assert!(VARIABLES.is_sorted_by(|a, b| a.name < b.name));
    assert!(VARIABLES.iter().all(|variable| Variable::find(variable.name).is_some()));
    assert!(Variable::find("HOME").is_none());
}

#[test]
fn a_pull_request() {
    let json = r#"{
        "repo": {"id": 3, "owner": "team", "name": "site", "private": true, "trusted": {"network": true}},
        "curr": {"number": 7, "event": "pull_request", "commit": {
            "ref": "refs/pull/21/head", "refspec": "topic:main", "branch": "main", "labels": ["a", "b c"],
            "changed_files": ["src/<x>.rs"]}},
        "sys": {"url": "https://ci.example"}
    }"#;
    let common = [
        ("CI_REPO", Some("team/site")),
        ("CI_REPO_PRIVATE", Some("true")),
        ("CI_REPO_TRUSTED", Some("false")),
        ("CI_COMMIT_PULL_REQUEST", Some("21")),
        ("CI_COMMIT_PULL_REQUEST_LABELS", Some("a,b c")),
        ("CI_COMMIT_SOURCE_BRANCH", Some("topic")),
        ("CI_COMMIT_TARGET_BRANCH", Some("main")),
        ("CI_PIPELINE_FILES", Some(r#"["src/\u003cx\u003e.rs"]"#)),
        ("CI_PIPELINE_URL", Some("https://ci.example/repos/3/pipeline/7")),
        ("CI_COMMIT_PRERELEASE", None),
    ];
    for server in [V2_8, V3_4, V3_13, V3_17, Version::NEXT] {
        assert_ci(json, server, &common);
    }
    let draft = "CI_COMMIT_PULL_REQUEST_DRAFT";
    assert_ci(json, V2_8, &[("CI_COMMIT_TAG", Some("")), ("CI_REPO_SCM", Some("git")), (draft, None)]);
    assert_ci(json, V3_13, &[("CI_COMMIT_TAG", None), ("CI_REPO_SCM", None), (draft, None)]);
    assert_ci(json, V3_17, &[("CI_COMMIT_TAG", None), (draft, Some("false"))]);
}

#[test]
fn a_push_has_no_pull_request() {
    let json = r#"{"curr": {"event": "push", "commit": {"ref": "refs/heads/v2", "refspec": "a:b"}}}"#;
    let [number, source] = ["CI_COMMIT_PULL_REQUEST", "CI_COMMIT_SOURCE_BRANCH"];
    assert_ci(json, V2_8, &[(number, Some("")), (source, Some("a")), ("CI_PREV_COMMIT_SOURCE_BRANCH", None)]);
    assert_ci(json, V3_4, &[(number, None), (source, None)]);
}

#[test]
fn the_tag_of_what_is_no_tag() {
    let tag = "CI_COMMIT_TAG";
    for (event, git_ref, by_version) in [
        ("tag", "refs/tags/v1", [Some("v1"), Some("v1"), Some("v1"), Some("v1")]),
        ("push", "refs/tags/v1", [Some("v1"), Some("v1"), Some("v1"), Some("v1")]),
        ("release", "v1", [Some("v1"), Some("v1"), Some("v1"), None]),
        ("deployment", "refs/heads/main", [Some(""), None, Some("refs/heads/main"), None]),
    ] {
        let json = format!(r#"{{"curr": {{"event": "{event}", "commit": {{"ref": "{git_ref}"}}}}}}"#);
        for (server, expected) in [V2_8, V3_4, V3_13, V3_17].into_iter().zip(by_version) {
            assert_ci(&json, server, &[(tag, expected)]);
        }
    }
}

#[test]
fn too_many_files_are_not_listed() {
    let mut metadata = Metadata::default();
    assert_eq!(ci(&metadata, V3_17, "CI_PIPELINE_FILES").as_deref(), Some("[]"));
    metadata.current.commit.changed_files = vec!["f".to_owned(); 500];
    assert_eq!(ci(&metadata, V3_17, "CI_PIPELINE_FILES").map(|files| files.len()), Some(500 * 4 + 1));
    metadata.current.commit.changed_files.push("f".to_owned());
    assert_eq!(ci(&metadata, V3_17, "CI_PIPELINE_FILES"), None);
    assert_eq!(ci(&metadata, V2_8, "CI_PIPELINE_FILES"), None);
}

#[test]
fn releases_moved() {
    let json = r#"{"curr": {"event": "release", "commit": {"is_prerelease": true}, "release": {"title": "One"}}}"#;
    let [old, new, title] = ["CI_COMMIT_PRERELEASE", "CI_PIPELINE_RELEASE_PRE", "CI_PIPELINE_RELEASE_TITLE"];
    assert_ci(json, V3_13, &[(old, Some("true")), (new, None), (title, None)]);
    assert_ci(json, V3_17, &[(old, Some("false")), (new, Some("false")), (title, Some("One"))]);
}

#[test]
fn layers_lie_differently_for_steps() {
    let metadata = metadata(r#"{"curr": {"commit": {"branch": "main"}}}"#);
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let axis = map(&[("CI_COMMIT_BRANCH", "axis"), ("A", "axis"), ("CI_COMMIT_TAG", "axis")]);
    let variables = map(&[("CI_COMMIT_BRANCH", "own"), ("A", "own"), ("B", "own"), ("CI_STEP_NAME", "own")]);
    let environment = |server| Environment { metadata: &metadata, server, axis: &axis, variables: &variables };
    let values = |server, reader| {
        ["CI_COMMIT_BRANCH", "A", "B", "CI_COMMIT_TAG", "CI_STEP_NAME"]
            .map(|name| environment(server).get(reader, name).unwrap_or_default().into_owned())
    };
    assert_eq!(values(V3_17, Reader::Workflow), ["axis", "axis", "own", "axis", "own"]);
    assert_eq!(values(V3_17, Reader::Step), ["main", "own", "own", "axis", "own"]);
    assert_eq!(values(Version::NEXT, Reader::Step), ["axis", "axis", "own", "axis", "own"]);
    assert_eq!(values(V2_8, Reader::Workflow), ["axis", "axis", "own", "axis", ""], "an empty variable is there");
    assert_eq!(values(V2_8, Reader::Step), ["main", "own", "own", "", ""]);
    let names = environment(V3_17).names();
    assert!(names.contains("B") && names.contains("CI_COMMIT_BRANCH") && !names.contains("CI_COMMIT_SHA"));
}

#[test]
fn events_and_versions() {
    assert_eq!(Event::from("pull_request_closed"), Event::PullRequestClosed);
    assert_eq!(Event::from("new").as_str(), "new");
    for event in Event::KNOWN {
        assert_eq!(Event::from(event.as_str()), event);
    }
    let v3_9 = Version::new(3, 9);
    let v3_10 = Version::new(3, 10);
    assert!(Event::PullRequestClosed.is_pull(V2_8) && !Event::PullRequestClosed.has_changed_files(V2_8));
    assert!(Event::PullRequestClosed.has_changed_files(V3_4));
    assert!(!Event::PullRequestMetadata.is_pull(v3_9) && Event::PullRequestMetadata.is_pull(v3_10));
    assert!(Event::Push.has_changed_files(V2_8) && !Event::Push.is_pull(V2_8));
    assert!(!Event::PullRequestMetadata.has_changed_files(v3_9) && Event::PullRequestMetadata.has_changed_files(v3_10));
    assert!(!Event::Tag.has_changed_files(V3_17) && !Event::default().has_changed_files(V3_17));
    assert_eq!(Event::KNOWN.iter().filter(|event| event.can_skip_ci()).count(), 4);
}

#[test]
fn json_is_read_leniently_where_the_server_is() {
    let read = metadata(
        r#"{"id": "x", "new": [1], "repo": null, "curr": {"event": null, "commit": {"changed_files": ["a", null],
        "labels": null}}, "workflow": {"matrix": {"V": "1"}}}"#,
    );
    assert_eq!(read.current.commit.changed_files, ["a", ""]);
    assert_eq!(read.workflow.matrix.get("V").map(String::as_str), Some("1"));
    assert_eq!(read.repo, Repo::default());
    assert_eq!(metadata("{}"), Metadata::default());
    let trusted = |json| metadata(json).repo.trusted;
    assert!(trusted(r#"{"repo": {"trusted": true}}"#).all());
    assert!(trusted(r#"{"repo": {"trusted": {"volumes": true, "network": null}}}"#).volumes);
    assert_eq!(trusted(r#"{"repo": {"trusted": {}}}"#), Trusted::default());
}

#[test]
fn wrong_types_are_errors_with_a_place() {
    let text = "{\n  \"curr\": {\"number\": \"5\"}\n}";
    let error = Metadata::from_json(text).expect_err("a text for a number");
    assert_eq!(error.message, "invalid type: string \"5\", expected i64");
    assert!(text[..error.span.start as usize].ends_with("\"5"), "{error:?}");
    for text in [
        r#"{"repo": {"trusted": 1}}"#,
        r#"{"repo": {"trusted": []}}"#,
        r#"{"repo": []}"#,
        "[]",
        "{} {}",
        r#"{"curr": {"commit": {"changed_files": "a"}}}"#,
        r#"{"curr": []"#,
        "",
    ] {
        let error = Metadata::from_json(text).expect_err("no metadata");
        assert!(error.span.end as usize <= text.len() && !error.message.is_empty(), "{error:?}");
    }
}
