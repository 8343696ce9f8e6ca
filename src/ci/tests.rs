use super::*;
use crate::change::{Environment, Origin, Reader, VARIABLES};
use crate::server::Version;

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const ZERO: &str = "0000000000000000000000000000000000000000";

fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What `variables` tell, with `json` as the event's file.
fn named(pairs: &[(&str, &str)], json: &str) -> Result<Named, String> {
    let variables = variables(pairs);
    let system = System::of(&variables).expect("a system");
    match read(system, &variables, &|path| (path == "event.json").then(|| json.to_owned())) {
        Ok(Told::Named(named)) => Ok(*named),
        Ok(other) => Err(format!("{other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn each_system_is_known_by_its_own_variable() {
    let of = |pairs: &[(&str, &str)]| System::of(&variables(pairs));
    let (github, gitea) = (("GITHUB_ACTIONS", "true"), ("GITEA_ACTIONS", "true"));
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[("CI", "true")]), None);
    assert_eq!(of(&[("CI", "woodpecker")]), Some(System::Woodpecker));
    assert_eq!(of(&[("CI", "woodpecker"), github]), Some(System::Woodpecker));
    assert_eq!(of(&[github]), Some(System::GitHub));
    assert_eq!(of(&[github, gitea]), Some(System::Gitea));
    assert_eq!(of(&[github, gitea, ("FORGEJO_ACTIONS", "true")]), Some(System::Forgejo));
    assert_eq!(of(&[("CI", "true"), ("GITLAB_CI", "true")]), Some(System::GitLab));
}

/// A record with a value in every field that a variable tells.
fn full(event: &str) -> Metadata {
    let pipeline = |number: i64| {
        serde_json::json!({
            "number": number, "parent": 2, "created": 3, "started": 4, "finished": 5, "status": "running", "event": event,
            "event_reason": ["label_updated", "x"], "forge_url": "https://f/c", "target": "prod", "task": "deploy",
            "rerun_count": 6, "author": "jo", "avatar": "https://f/a",
            "release": {"title": "One", "is_prerelease": true},
            "commit": {
                "sha": A, "ref": "refs/pull/7/head", "refspec": "topic:main", "branch": "main", "message": "fix: it\n\nall",
                "timestamp": 8, "author": {"name": "jo", "email": "jo@x", "avatar": "https://f/b"},
                "changed_files": ["docs/ü.md", "a\"b"], "labels": ["x", "y"], "milestone": "m", "draft": true,
                "is_prerelease": true,
            },
        })
    };
    let text = serde_json::json!({
        "repo": {
            "id": 9, "name": "mosaic", "owner": "team/sub", "remote_id": "10", "forge_url": "https://f/r",
            "clone_url": "https://f/r.git", "clone_url_ssh": "git@f:r", "private": true, "default_branch": "main",
            "trusted": {"network": true, "volumes": true, "security": true},
        },
        "curr": pipeline(1), "prev": pipeline(0),
        "sys": {"name": "woodpecker", "host": "ci.x", "url": "https://ci.x", "version": "3.17.0"},
        "forge": {"type": "gitea", "url": "https://f"},
    });
    Metadata::from_json(&text.to_string()).expect("metadata")
}

#[test]
fn a_record_comes_back_from_the_variables_that_each_server_makes_of_it() {
    let none = BTreeMap::new();
    for version in ["2.8", "3.0", "3.4", "3.8", "3.13", "3.14", "3.16", "3.17", "next"] {
        let server: Version = version.parse().expect("a version");
        for event in [
            "push",
            "pull_request",
            "pull_request_closed",
            "pull_request_metadata",
            "tag",
            "release",
            "cron",
            "deployment",
        ] {
            let metadata = full(event);
            let environment = |metadata| Environment { metadata, server, axis: &none, variables: &none };
            let made = environment(&metadata);
            let variables: Variables = made
                .names()
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), made.get(Reader::Step, name)?.into_owned())))
                .collect();
            let Recorded { metadata, has_files } = woodpecker::read(&variables).expect("they are a server's");
            assert!(has_files);
            let back = environment(&metadata);
            for variable in VARIABLES.iter().filter(|it| !matches!(it.origin, Origin::Agent | Origin::Workflow)) {
                // The step's page has its number, which only the agent knows.
                if variable.name != "CI_STEP_URL" {
                    let (was, is) = (variables.get(variable.name), back.get(Reader::Step, variable.name));
                    assert_eq!(is.as_deref(), was.map(String::as_str), "{} of {event} on {version}", variable.name);
                }
            }
        }
    }
}

#[test]
fn files_that_are_too_many_are_not_taken_for_none() {
    let base = [("CI", "woodpecker"), ("CI_PIPELINE_EVENT", "push"), ("CI_COMMIT_SHA", A)];
    let read = |files: Option<&str>| {
        let files = files.map(|files| ("CI_PIPELINE_FILES", files));
        let pairs: Vec<_> = base.into_iter().chain(files).collect();
        woodpecker::read(&variables(&pairs)).map(|it| (it.has_files, it.metadata.current.commit.changed_files))
    };
    assert_eq!(read(None), Ok((false, vec![])));
    assert_eq!(read(Some("[]")), Ok((true, vec![])));
    assert_eq!(read(Some(r#"["a b","ü\n"]"#)), Ok((true, vec!["a b".to_owned(), "ü\n".to_owned()])));
    assert!(read(Some("a,b")).is_err_and(|error| error.to_string().starts_with("`CI_PIPELINE_FILES` is not")));
}

#[test]
fn versions_are_read_as_servers_name_themselves() {
    let of = |version: &str| server_version(&variables(&[("CI_SYSTEM_VERSION", version)]));
    let known = |version: &str| Ok(Some(version.parse().expect("a version")));
    assert_eq!(of("3.17.0"), known("3.17"));
    assert_eq!(of("3.14.0-rc.1"), known("3.14"));
    assert_eq!(of("3.5-0123456789"), known("3.5"));
    assert_eq!(of("next-0123456789"), known("next"));
    assert_eq!(of(""), Ok(None));
    assert_eq!(of("dev"), Err("dev".to_owned()));
    assert_eq!(of("4.0.0\n"), Err(r"4.0.0\n".to_owned()));
}

const GITHUB: [(&str, &str); 5] = [
    ("GITHUB_ACTIONS", "true"),
    ("GITHUB_EVENT_PATH", "event.json"),
    ("GITHUB_REPOSITORY", "team/mosaic"),
    ("GITHUB_REF_NAME", "main"),
    ("GITHUB_SHA", B),
];

fn github(event: &str, more: &[(&str, &str)], json: &str) -> Result<Named, String> {
    named(&[&GITHUB[..], &[("GITHUB_EVENT_NAME", event)], more].concat(), json)
}

#[test]
fn pushes_and_pull_requests_of_actions() {
    let repo = || Some("team/mosaic".to_owned());
    let main = || Some("main".to_owned());
    let push = github("push", &[], &format!(r#"{{"before": "{A}", "after": "{B}", "ref": "refs/heads/main"}}"#));
    let named =
        Named { revision: format!("{A}..{B}"), event: Event::Push, branch: main(), repo: repo(), ..Named::default() };
    assert_eq!(push.as_ref(), Ok(&named));
    let new = github("push", &[], &format!(r#"{{"before": "{ZERO}", "after": "{B}"}}"#)).expect("it is told");
    assert_eq!((new.revision.as_str(), new.new_branch, new.notes.len()), (B, true, 0));
    let forced = format!(r#"{{"before": "{A}", "after": "{B}", "forced": true}}"#);
    let forced = github("push", &[], &forced).expect("it is told");
    assert_eq!((forced.revision, forced.forced, forced.new_branch), (format!("{A}..{B}"), true, false));
    let untold = github("push", &[], "{}").expect("it is told");
    assert_eq!((untold.revision.as_str(), untold.new_branch, untold.notes.len()), (B, false, 1));
    let tag = github("push", &[("GITHUB_REF_TYPE", "tag"), ("GITHUB_REF_NAME", "v1")], "{}").expect("it is told");
    assert_eq!((tag.revision.as_str(), tag.event, tag.tag.as_deref(), tag.branch), (B, Event::Tag, Some("v1"), None));

    let json = format!(
        r#"{{"action": "ACTION", "pull_request": {{"title": "Fix: \"it\"",
        "base": {{"ref": "main", "sha": "{A}"}}, "head": {{"ref": "topic", "sha": "{B}"}}}}}}"#
    );
    for name in ["pull_request", "pull_request_target"] {
        let pull = github(name, &[], &json).expect("it is told");
        assert_eq!((pull.revision, pull.event, pull.branch), (format!("{A}...{B}"), Event::PullRequest, main()));
        assert_eq!(pull.title.as_deref(), Some("Fix: \"it\""));
    }
    let closed = github("pull_request", &[], &json.replace("ACTION", "closed")).expect("it is told");
    assert_eq!(closed.event, Event::PullRequestClosed);
}

#[test]
fn other_events_of_actions_are_told_with_what_is_assumed() {
    let manual = github("workflow_dispatch", &[], "{}").expect("it is told");
    assert_eq!((manual.event, manual.revision.as_str(), manual.notes.len()), (Event::Manual, B, 0));
    let release = github("release", &[], r#"{"release": {"tag_name": "v2"}}"#).expect("it is told");
    assert_eq!((release.event, release.tag.as_deref()), (Event::Release, Some("v2")));
    let group =
        format!(r#"{{"merge_group": {{"base_ref": "refs/heads/main", "base_sha": "{A}", "head_sha": "{B}"}}}}"#);
    let group = github("merge_group", &[], &group).expect("it is told");
    assert_eq!((group.revision, group.branch.as_deref()), (format!("{A}..{B}"), Some("main")));
    let cron = github("schedule", &[], "{}").expect("it is told");
    assert_eq!((cron.event, cron.notes.len()), (Event::Push, 1));
}

#[test]
fn what_actions_do_not_say_is_an_error_and_never_a_revision_of_its_own() {
    assert!(github("pull_request", &[], "{}").is_err());
    assert!(github("push", &[], "no JSON").is_err_and(|error| error.starts_with("`event.json`, which ")));
    assert!(
        github("push", &[("GITHUB_EVENT_PATH", "none")], "{}")
            .is_err_and(|error| error.starts_with("cannot read `none`"))
    );
    assert!(named(&[("GITHUB_ACTIONS", "true")], "{}").is_err());
    for id in ["HEAD", "--upload-pack=x", "a..b", ""] {
        assert!(github("push", &[], &format!(r#"{{"before": "{A}", "after": "{id}"}}"#)).is_err(), "{id}");
    }
}

#[test]
fn gitlab() {
    let gitlab = |more: &[(&str, &str)]| {
        let base = [
            ("GITLAB_CI", "true"),
            ("CI_COMMIT_SHA", B),
            ("CI_PROJECT_PATH", "team/sub/mosaic"),
            ("CI_COMMIT_BRANCH", "main"),
        ];
        named(&[&base[..], more].concat(), "")
    };
    let push = gitlab(&[("CI_PIPELINE_SOURCE", "push"), ("CI_COMMIT_BEFORE_SHA", A)]).expect("it is told");
    assert_eq!((push.revision, push.branch.as_deref()), (format!("{A}..{B}"), Some("main")));
    assert_eq!(push.repo.as_deref(), Some("team/sub/mosaic"));
    let new = gitlab(&[("CI_PIPELINE_SOURCE", "push"), ("CI_COMMIT_BEFORE_SHA", ZERO)]).expect("it is told");
    assert_eq!((new.revision.as_str(), new.new_branch, new.notes.len()), (B, true, 0));
    let request = [
        ("CI_PIPELINE_SOURCE", "merge_request_event"),
        ("CI_MERGE_REQUEST_IID", "3"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", A),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("CI_MERGE_REQUEST_TITLE", "Fix it"),
    ];
    let merge = gitlab(&request).expect("it is told");
    assert_eq!((merge.revision, merge.event), (format!("{A}...{B}"), Event::PullRequest));
    assert_eq!((merge.branch.as_deref(), merge.title.as_deref()), (Some("main"), Some("Fix it")));
    let merged = gitlab(&[&request[..], &[("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", A)]].concat()).expect("it is told");
    assert_eq!(merged.revision, format!("{A}...{A}"));
    let tag = gitlab(&[("CI_COMMIT_TAG", "v1")]).expect("it is told");
    assert_eq!((tag.event, tag.tag.as_deref()), (Event::Tag, Some("v1")));
    assert_eq!(gitlab(&[("CI_PIPELINE_SOURCE", "web")]).expect("it is told").event, Event::Manual);
    assert_eq!(gitlab(&[("CI_PIPELINE_SOURCE", "schedule")]).expect("it is told").notes.len(), 1);
    assert!(named(&[("GITLAB_CI", "true")], "").is_err());
}
