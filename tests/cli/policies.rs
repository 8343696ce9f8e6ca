//! One policy, held against a change by `explain` and `check`, and decided over all changes by `prove` and `check`: the same answers.

use serde_json::Value;
use wp_gate::cli::ExitStatus;

use super::support::{Repo, assert_screen, testdata};

/// The founding case, with policies.
fn founding() -> Repo {
    let repo = Repo::founding();
    repo.write(".wp-gate.yaml", testdata("policies/founding.yaml"));
    repo
}

#[test]
fn explain_tells_what_breaks_a_policy_and_fails_by_none() {
    let repo = founding();
    let broken = [repo.id("app-and-docs"), "--branch", "main", "--woodpecker", "3.4"];
    let ran = repo.explain(&broken);
    assert_eq!(ran.status, ExitStatus::Clean);
    assert_screen!("explain-policies", ran.screen());
    let json = repo.explain(&[&broken[..], &["--format", "json"]].concat()).json();
    let check = repo.wp_gate(&[&["check", "--no-proofs", "--format", "json"], &broken[..]].concat()).json();
    assert_eq!(json["policies"], check["policies"]);
    let breach = &json["policies"][1]["breaches"][0];
    assert_eq!((&breach["step"], &breach["verdict"]), (&"build-gateway".into(), &"skip".into()), "{breach}");
}

#[test]
fn policies_that_are_kept_are_one_line_and_none_are_none() {
    let line = "\n4 policies: 2 kept, 2 not about this change\n";
    let repo = founding();
    let kept = repo.explain(&[repo.id("docs-merge"), "--branch", "main"]).clean();
    assert!(kept.ends_with(line), "{kept}");
    assert!(!Repo::founding().explain(&["HEAD"]).clean().contains("polic"));
}

#[test]
fn explain_notes_a_policy_that_names_nothing() {
    let repo = founding();
    repo.write(".wp-gate.yaml", "policies: [{name: p, always: publih-npm}]\n");
    let note = "note: `publih-npm` of policy `p` names no step or workflow: did you mean `publish-npm`?\n";
    let ran = repo.explain(&["HEAD"]).clean();
    assert!(ran.contains(note) && ran.ends_with("\n1 policy: 1 kept\n"), "{ran}");
    assert!(!repo.explain(&["HEAD", "--quiet"]).clean().contains("publih"));
}

#[test]
fn what_hangs_on_the_server_is_told_as_such() {
    let repo = Repo::of_workflow(
        "when: {event: push}\nsteps: [{name: s, image: x, when: {evaluate: 'CI_COMMIT_AUTHOR != \"bot\"'}}]\n",
    );
    repo.write(".wp-gate.yaml", "policies: [{name: p, always: s}, {name: q, on: {branch: x}, never: clone}]\n");
    let ran = repo.explain(&["HEAD", "--gates", "worktree", "--branch", "x"]).clean();
    let told = "\n2 policies: 1 broken, 1 not clear\n  ○ p: `s` of `build` has to run, and hangs on the server\n  \
                ✗ q: `clone` of `build` must not run, but runs\n";
    assert!(ran.ends_with(told), "{ran}");
}

/// How a run of `prove` and one of `check` end, with these options.
fn both(repo: &Repo, options: &[&str]) -> [ExitStatus; 2] {
    let prove = repo.wp_gate(&[&["prove"], options].concat()).status;
    [prove, repo.wp_gate(&[&["check", "--quiet", "--worktree"], options].concat()).status]
}

#[test]
fn what_was_not_decided_fails_in_both_unless_that_is_allowed() {
    let repo = Repo::of_workflow(
        "when: {event: push}\nsteps:\n  - {name: s, image: x, when: {evaluate: 'CI_COMMIT_AUTHOR != \"bot\"'}}\n  - {name: t, image: x}\n",
    );
    repo.write(".wp-gate.yaml", "policies: [{name: p, on: {event: push}, always: s}]\n");
    assert_eq!(both(&repo, &[]), [ExitStatus::Findings; 2]);
    assert_eq!(both(&repo, &["--allow-undecided"]), [ExitStatus::Clean; 2]);
    let told = repo.wp_gate(&["check", "--worktree"]).out;
    let because = "it was not decided whether every change keeps policy `p`";
    assert!(told.replace("\n  │ ", " ").contains(because) && told.contains("help: `--allow-undecided`"), "{told}");
    // The setting of a server holds for every change; who made this one does not.
    let author = ["--env", "CI_COMMIT_AUTHOR=jo"];
    let check = |options: &[&str]| repo.wp_gate(&[&["check", "--worktree", "--quiet"], options].concat()).status;
    assert_eq!(check(&author), ExitStatus::Findings);
    repo.write(
        ".woodpecker/build.yml",
        "when: {event: push}\nsteps: [{name: s, image: x, when: {evaluate: 'CI_SYSTEM_HOST == \"eu\"'}}]\n",
    );
    assert_eq!(both(&repo, &["--env", "CI_SYSTEM_HOST=eu"]), [ExitStatus::Clean; 2]);
    assert_eq!(both(&repo, &["--env", "CI_SYSTEM_HOST=us"]), [ExitStatus::Findings; 2]);
    // A policy that says nothing is not undecided.
    repo.write(".wp-gate.yaml", "policies: [{name: p, on: {event: push}, never: nobody}]\n");
    assert_eq!(both(&repo, &["--allow-undecided"]), [ExitStatus::Findings; 2]);
}

#[test]
fn check_proves_as_prove_does() {
    let repo = founding();
    for server in ["3.4", "3.17"] {
        let of = |command: &str, key: &str| -> Value {
            repo.wp_gate(&[command, "--woodpecker", server, "--format", "json"]).json()[key].clone()
        };
        assert_eq!(of("check", "proofs"), of("prove", "policies"), "{server}");
    }
}
