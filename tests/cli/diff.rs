//! `diff`: the gates of the founding case before and after the commit that brought them.

use wp_gate::cli::ExitStatus;

use super::support::{Repo, assert_screen};

/// The founding case, with its gates as they were before: without a word of paths.
fn founding() -> Repo {
    let repo = Repo::founding();
    let gated = super::support::testdata("workflows/ok/founding/publish.yml");
    let is_of_path = |line: &&str| ["path:", "exclude:"].iter().any(|key| line.trim().starts_with(key));
    let ungated: Vec<&str> = gated.lines().filter(|line| !is_of_path(line)).collect();
    repo.write(".woodpecker/publish.yml", ungated.join("\n"));
    repo.git(&["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qam", "Before the gates"]);
    repo.write(".woodpecker/publish.yml", gated);
    repo
}

#[test]
fn the_founding_commit() {
    let repo = founding();
    assert_screen!("diff", repo.wp_gate(&["diff", "HEAD"]).screen());
    assert_screen!("diff-replay", repo.wp_gate(&["diff", "HEAD", "HEAD~1", "--replay", "200"]).screen());
    assert_screen!("diff-json", repo.wp_gate(&["diff", "HEAD", "--format", "json"]).screen());
    assert_screen!(
        "diff-markdown",
        repo.wp_gate(&["diff", "HEAD", "HEAD~1", "--format", "markdown", "--replay", "3"]).screen()
    );
    assert_screen!("diff-3.4", repo.wp_gate(&["diff", "HEAD", "--woodpecker", "3.4", "--event", "push"]).screen());
    // The commit before has the gates, too.
    assert_screen!("diff-equivalent", repo.wp_gate(&["diff", "HEAD~1", "--exit-code"]).screen());
}

#[test]
fn both_sides_can_be_named_together_or_be_files() {
    let repo = founding();
    let lost = "- `build-gateway`, `build-appservice`, `build-web` of workflow `publish`";
    let gained = lost.replacen('-', "+", 1);
    for (arguments, line) in [
        (&["diff", "HEAD", "worktree"][..], lost),
        (&["diff", "HEAD~1..HEAD"], &gained),
        (&["diff", "HEAD~1", "HEAD"], &gained),
        (&["diff", "HEAD~1...HEAD"], &gained),
    ] {
        let out = repo.wp_gate(arguments).clean();
        assert!(out.lines().any(|it| it == line), "{arguments:?}: {out}");
    }
    repo.write("old.yml", "steps: [{name: s, image: x, when: {event: push}}]");
    repo.write("new.yml", "steps: [{name: s, image: x, when: {event: [push, tag]}}]");
    let out = repo.wp_gate(&["diff", "--files", "old.yml", "new.yml"]).clean();
    assert!(out.contains("+ `s` of workflow `workflow`\n    tag: every change: was skipped, now runs\n"), "{out}");
    let ran = repo.wp_gate(&["diff", "--files", "old.yml", "new.yml", "--exit-code"]);
    assert_eq!(ran.status, ExitStatus::Findings);
    let same = repo.wp_gate(&["diff", "--files", "old.yml", "new.yml", "--exit-code", "--event", "push"]);
    assert_eq!(same.status, ExitStatus::Clean);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let repo = founding();
    for (arguments, says) in [
        (&["diff", "HEAD..HEAD~1", "HEAD"][..], "names both sides already"),
        (&["diff", "nowhere"], "nowhere"),
        (&["diff", "--files", "HEAD", "new.yml"], "/HEAD`: "),
        (&["diff", "HEAD", "--event", "pusch"], "did you mean `push`?"),
    ] {
        let err = repo.wp_gate(arguments).failed();
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}
