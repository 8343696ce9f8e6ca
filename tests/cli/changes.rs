//! The forge's list of changed files: what `changes` prints, and what `explain` makes of it.

use super::support::{Ran, Repo, assert_screen, run};
use wp_gate::cli::ExitStatus;

/// A push that changes the web app first and its docs six times after.
const LONG: &str = r#"
commit "Root" as root
  write .woodpecker/web.yml "when: {event: [push, pull_request]}\nsteps:\n  - name: build-web\n    image: alpine\n    when: {path: 'apps/web/**'}\n  - name: docs\n    image: alpine\n    when: {path: 'docs/**'}\n"
  write apps/web/x.ts "1\n"
commit "web: change x" as web
  write apps/web/x.ts "2\n"
repeat 6
commit "docs: page $n"
  write docs/page$n.md "$n\n"
end
"#;

fn changes(repo: &Repo, arguments: &[&str]) -> Ran {
    let directory = repo.path().display().to_string();
    run(["-C", &directory, "changes"].iter().chain(arguments))
}

#[test]
fn the_founding_case() {
    let repo = Repo::founding();
    assert_screen!("changes", changes(&repo, &["HEAD~6..HEAD", "--forge", "bitbucket"]).screen());
    assert_screen!(
        "changes-json",
        changes(&repo, &["HEAD~6..HEAD", "--forge", "bitbucket", "--format", "json"]).screen()
    );
}

#[test]
fn a_step_that_is_skipped_though_its_file_changed_is_named() {
    let repo = Repo::new(LONG);
    assert_screen!("explain-forge", repo.explain(&["HEAD~7..HEAD", "--forge", "gitea"]).screen());
    let json = repo.explain(&["HEAD~7..HEAD", "--forge", "gitea", "--format", "json"]).json();
    assert_eq!(json["change"]["forge"], "gitea");
    assert_eq!(json["change"]["changed_files"].as_array().unwrap().len(), 5);
    let note = "gitea does not list `apps/web/x.ts`, which changed: `build-web` of `web` is skipped, and by all that changed it would run";
    assert!(json["change"]["notes"].as_array().unwrap().iter().any(|it| it == note), "{json}");
    // Forgejo's limit is higher, and a limit can be set.
    for arguments in [&["--forge", "forgejo"], &["--forge", "git"]] {
        let out = repo.explain(&[&["HEAD~7..HEAD"], &arguments[..]].concat()).clean();
        assert!(!out.contains("does not list"), "{out}");
    }
    repo.write(".wp-gate.yaml", "forge: gitea\nforge_limits: {push_commits: 7}\n");
    let out = repo.explain(&["HEAD~7..HEAD"]).clean();
    assert!(out.contains("(as gitea lists them)") && !out.contains("does not list"), "{out}");
    let quiet = repo.explain(&["HEAD~7..HEAD", "-q"]).clean();
    assert!(!quiet.contains("note:"), "{quiet}");
}

#[test]
fn a_step_that_runs_though_nothing_of_it_changed_is_named() {
    let repo = Repo::new(&format!(
        "{LONG}commit add as add\n  write apps/web/oops.ts x\ncommit revert\n  remove apps/web/oops.ts\n  write docs/z.md z\n"
    ));
    let out = repo.explain(&["HEAD~2..HEAD", "--forge", "gitea"]).clean();
    assert!(
        out.contains(
            "gitea's list is not what changed: `build-web` of `web` runs, and by all that changed it would be skipped"
        ),
        "{out}"
    );
}

#[test]
fn a_guess_is_said() {
    let repo = Repo::new(&format!("{LONG}commit \"gitea\"\n  write .gitea/x y\n"));
    let out = changes(&repo, &["HEAD~8..HEAD"]).clean();
    assert!(
        out.contains("note: the forge is taken to be gitea, from `.gitea` at the repository's root (`--forge NAME`)"),
        "{out}"
    );
    assert!(out.contains("gitea lists the files of the newest 5 commits of a push only, which has 8"), "{out}");
    let out = changes(&repo, &["HEAD~8..HEAD", "--forge", "git"]).clean();
    assert!(!out.contains("is taken to be") && out.contains("(as git lists them)"), "{out}");
    // What is not committed is no forge's.
    let out = changes(&repo, &["--worktree"]).clean();
    assert!(!out.contains("is taken to be"), "{out}");
    let out = changes(&repo, &["--worktree", "--forge", "gitea"]).clean();
    assert!(out.contains("what is not committed is listed as git lists it, whatever the forge"), "{out}");
}

#[test]
fn a_report_that_makes_no_pipeline_is_said() {
    let repo = Repo::new(LONG);
    let out = repo.explain(&["HEAD..HEAD~1", "--forge", "gitlab", "--branch", "main"]).clean();
    assert!(out.contains("with gitlab, the server makes no pipeline of it: the push brings no commit"), "{out}");
    assert!(out.contains("no pipeline: the forge's report makes none"), "{out}");
    let json = changes(&repo, &["HEAD..HEAD~1", "--forge", "gitlab", "--format", "json"]).json();
    assert_eq!((&json["makes_pipeline"], &json["hidden"][0]["why"]), (&false.into(), &"no pipeline is made".into()));
    // The newest release knows better than 3.11 what to ask GitHub for.
    let out = changes(&repo, &["HEAD", "--new-branch", "--forge", "github", "--woodpecker", "3.11"]).clean();
    assert!(out.contains("no pipeline of it: its driver fails"), "{out}");
}

#[test]
fn pull_requests_have_the_branch_and_the_message_of_the_forge() {
    let repo = Repo::new(&format!("{LONG}branch feature\ncommit \"the tip\"\n  write docs/z.md z\n"));
    for (forge, branch) in [("gitea", "main"), ("gitlab", "feature"), ("bitbucket-dc", "feature"), ("git", "main")] {
        let json = changes(&repo, &["main...feature", "--forge", forge, "--format", "json"]).json();
        assert_eq!((&json["branch"], &json["event"]), (&branch.into(), &"pull_request".into()), "{forge}");
        let out = repo.explain(&["main...feature", "--forge", forge]).clean();
        assert_eq!(out.contains("a pull request's title is not known"), forge != "gitlab", "{forge}: {out}");
        assert!(out.contains(&format!("pull_request on {branch}")), "{forge}: {out}");
    }
    let given = changes(
        &repo,
        &["main...feature", "--forge", "gitlab", "--branch", "other", "--message", "m", "--format", "json"],
    );
    let given = given.json();
    assert_eq!((&given["branch"], &given["message"]), (&"other".into(), &"m".into()));
}

#[test]
fn options_about_pushes_need_one() {
    let repo = Repo::new(LONG);
    let told = changes(&repo, &["HEAD~1...HEAD", "--new-branch"]).failed();
    assert!(told.contains("`--new-branch` is about a push, and the event is `pull_request`"), "{told}");
    assert_eq!(changes(&repo, &["--worktree", "--forced"]).status, ExitStatus::Failed);
    let told = changes(&repo, &["HEAD", "--forge", "gitae"]).failed();
    assert!(told.contains("gitea"), "{told}");
}

#[test]
fn hidden_names_cannot_act_on_the_terminal() {
    let repo = Repo::new(
        "commit one\n  write a a\ncommit two\n  write \"x\\x1b[31m\\n<b>\\xff\" evil\ncommit three\n  write b b\n",
    );
    let out = changes(&repo, &["HEAD~2..HEAD", "--forge", "bitbucket"]).clean();
    assert!(!out.contains('\u{1b}') && out.contains("`x\\x1b[31m") || out.contains("x\\u{1b}[31m"), "{out}");
    assert!(out.lines().all(|line| !line.starts_with("<b>")), "{out}");
}
