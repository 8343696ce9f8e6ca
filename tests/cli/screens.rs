//! What `explain` prints, human and JSON, as snapshots: on the founding case where it can show it, else on a workflow of a few lines.

use super::support::{Repo, assert_screen, testdata};

/// One screen of the founding case: what is typed after `explain`, and the snapshot's name.
fn founding(name: &str, arguments: &[&str]) {
    assert_screen!(name, Repo::founding().explain(arguments).screen());
}

#[test]
fn docs_push() {
    founding("explain-docs-push", &["HEAD~5"]);
    founding("explain-docs-push-json", &["HEAD~5", "--format", "json"]);
}

#[test]
fn mixed_push() {
    founding("explain-mixed-push-3.17", &["HEAD~1"]);
    founding("explain-mixed-push-3.17-json", &["HEAD~1", "--format", "json"]);
    founding("explain-mixed-push-3.4", &["HEAD~1", "--woodpecker", "3.4"]);
    founding(
        "explain-mixed-push-3.4-json",
        &["HEAD~1", "--woodpecker", "3.4", "--format", "json", "--step", "build-web"],
    );
}

#[test]
fn tag() {
    founding("explain-tag", &["v1.0.0"]);
}

#[test]
fn pull_request() {
    founding("explain-pull-request", &["HEAD~2...feature"]);
    founding("explain-pull-request-json", &["HEAD~2...feature", "--format", "json", "--step", "build-web"]);
}

#[test]
fn empty_change() {
    founding("explain-empty-change", &["--files"]);
}

#[test]
fn many_files() {
    let repo = Repo::founding();
    let files: Vec<String> = (1..=14).map(|number| format!("docs/page-{number:02}.md")).collect();
    let arguments: Vec<&str> = std::iter::once("--files").chain(files.iter().map(String::as_str)).collect();
    assert_screen!("explain-many-files", repo.explain(&arguments).screen());
    let verbose: Vec<&str> = std::iter::once("-v").chain(arguments).collect();
    assert_screen!("explain-verbose", repo.explain(&verbose).screen());
}

#[test]
fn skip_ci() {
    founding("explain-skip-ci", &["HEAD", "--message", "mosaic: rename the entry [skip ci]"]);
}

#[test]
fn one_kind_of_step() {
    founding("explain-step", &["HEAD~1", "--step", "build-*"]);
    founding("explain-expect-met", &["HEAD~1", "--step", "build-*", "--expect", "run"]);
    founding("explain-expect-not-met", &["HEAD", "--step", "build-*", "--expect", "run"]);
    founding("explain-expect-nothing", &["HEAD", "--step", "biuld-*", "--expect", "run"]);
}

#[test]
fn workflow_dropped() {
    let repo = Repo::of_workflow(&testdata("workflows/ok/paths.yml"));
    repo.write(".woodpecker/deploy.yml", "depends_on: [test]\nsteps:\n  - name: deploy\n    image: alpine\n");
    repo.write(
        ".woodpecker/test.yml",
        "when:\n  path: {include: ['docs/**'], exclude: ['docs/drafts/**']}\nsteps:\n  - name: test\n    image: alpine\n",
    );
    assert_screen!("explain-dropped", repo.explain(&["HEAD", "--gates", "worktree"]).screen());
    let json = repo.explain(&["HEAD", "--gates", "worktree", "--step", "deploy", "--format", "json"]);
    assert_screen!("explain-dropped-json", json.screen());
}

#[test]
fn filtered_dependency() {
    let repo = Repo::of_workflow(
        "steps:\n  - name: install\n    image: node:22\n    when: {path: docs/**}\n  - name: build\n    image: node:22\n    \
         depends_on: [install]\n",
    );
    repo.write(".woodpecker/other.yml", "steps:\n  - name: other\n    image: alpine\n");
    assert_screen!("explain-filtered-dependency", repo.explain(&["HEAD", "--gates", "worktree"]).screen());
    let json = repo.explain(&["HEAD", "--gates", "worktree", "--format", "json"]);
    assert_screen!("explain-filtered-dependency-json", json.screen());
}

#[test]
fn unknown_value() {
    let repo = Repo::of_workflow(
        "steps:\n  - name: number\n    image: alpine\n    when: {evaluate: 'int(CI_PIPELINE_NUMBER) % 2 == 0'}\n  - name: author\n    \
         image: alpine\n    when:\n      - event: tag\n      - evaluate: 'CI_COMMIT_AUTHOR != \"renovate\"'\n  - name: after\n    image: \
         alpine\n    when: {status: [success, failure]}\n  - name: alarm\n    image: alpine\n    when: {status: failure}\n",
    );
    assert_screen!("explain-unknown", repo.explain(&["HEAD", "--gates", "worktree"]).screen());
    let given = ["HEAD", "--gates", "worktree", "--env", "CI_COMMIT_AUTHOR=renovate", "--env", "CI_PIPELINE_NUMBER=4"];
    assert_screen!("explain-unknown-given", repo.explain(&given).screen());
    let json = repo.explain(&["HEAD", "--gates", "worktree", "--format", "json", "--step", "author"]);
    assert_screen!("explain-unknown-json", json.screen());
}

#[test]
fn a_setting_that_is_not_known() {
    let repo = Repo::of_workflow(&testdata("workflows/bad/volumes-without-trust.yml"));
    assert_screen!("explain-unknown-setting", repo.explain(&["HEAD", "--gates", "worktree"]).screen());
}

#[test]
fn matrix() {
    let repo = Repo::of_workflow(&testdata("workflows/ok/matrix.yml"));
    repo.git(&["tag", "v1"]);
    assert_screen!("explain-matrix", repo.explain(&["v1", "--gates", "worktree"]).screen());
}

#[test]
fn services_and_clone() {
    let repo = Repo::of_workflow(&testdata("workflows/ok/services.yml"));
    assert_screen!("explain-services", repo.explain(&["HEAD", "--gates", "worktree"]).screen());
}

#[test]
fn no_workflow() {
    let repo = Repo::new("commit Import\nwrite README.md x\n");
    assert_screen!("explain-no-workflow", repo.explain(&["HEAD"]).screen());
}

#[test]
fn colours() {
    let ran = Repo::founding().explain(&["HEAD", "--color", "always", "--step", "build-*"]);
    assert_screen!("explain-colour", ran.screen().replace('\u{1b}', "ESC"));
}
