//! The promises of the founding case, decided over every change.

use wp_gate::cli::ExitStatus;

use super::support::{Repo, assert_screen};

/// What the team relies on, as `.wp-gate.yaml` says it.
const POLICIES: &str = r#"policies:
  - name: docs-only merges skip image builds
    on: {event: push, branch: main}
    changes: {only: ["docs/**", "**/*.md"]}
    never: ["build-*"]
  - name: a change to the gateway rebuilds it
    on: {event: push, branch: main}
    changes: {any: ["apps/gateway/**/*.ts"]}
    always: [build-gateway]
  - name: every release builds everything
    on: {event: tag}
    always: ["build-*", publish-npm]
  - name: pull requests always report
    on: {event: pull_request}
    workflows: {always: [ci]}
"#;

fn founding() -> Repo {
    let repo = Repo::founding();
    repo.write(".wp-gate.yaml", POLICIES);
    repo
}

#[test]
fn the_promises_of_the_founding_case() {
    let repo = founding();
    assert_screen!("prove", repo.wp_gate(&["prove"]).screen());
    assert_screen!("prove-json", repo.wp_gate(&["prove", "--format", "json"]).screen());
}

#[test]
fn the_lesson_of_the_gateway() {
    let repo = founding();
    repo.write(".wp-gate.yaml", POLICIES.replace("apps/gateway/**/*.ts", "apps/gateway/**"));
    let policy = ["prove", "--policy", "a change to the gateway rebuilds it"];
    assert_screen!("prove-gateway", repo.wp_gate(&policy).screen());
    assert_screen!("prove-gateway-json", repo.wp_gate(&[&policy[..], &["--format", "json"]].concat()).screen());
}

#[test]
fn on_an_old_server() {
    assert_screen!("prove-3.4", founding().wp_gate(&["prove", "--woodpecker", "3.4"]).screen());
}

#[test]
fn a_policy_of_the_command_line() {
    let repo = founding();
    let docs = ["prove", "--event", "push", "--branch", "main", "--only", "docs/**", "--only", "**/*.md"];
    let proved = repo.wp_gate(&[&docs[..], &["--never", "build-*"]].concat()).clean();
    assert!(proved.starts_with("✓ command line  proved\n"), "{proved}");
    let refuted = repo.wp_gate(&[&docs[..], &["--never", "build"]].concat());
    assert_eq!(refuted.status, ExitStatus::Findings);
    assert!(refuted.out.contains("`build` of `publish` must not run, but runs"), "{}", refuted.out);
    // The tracked file, though a shorter name would do.
    assert!(refuted.out.contains("\n      docs/page.md\n"), "{}", refuted.out);
    let both = repo.wp_gate(&["prove", "--any", "apps/**", "--always", "test", "--never", "nobody"]);
    assert!(both.out.contains("`nobody` names nothing in the pipeline"), "{}", both.out);
    assert_eq!(both.status, ExitStatus::Findings);
}

#[test]
fn the_gates_of_another_revision() {
    let repo = founding();
    repo.write(".woodpecker/publish.yml", "steps: [{name: build-gateway, image: x, when: {event: tag}}]\n");
    let status = |arguments: &[&str]| {
        let policy = ["prove", "--policy", "a change to the gateway rebuilds it", "--format", "json"];
        repo.wp_gate(&[&policy[..], arguments].concat()).json()["policies"][0]["status"].clone()
    };
    assert_eq!(status(&[]), "refuted");
    assert_eq!(status(&["--gates", "worktree"]), "refuted");
    assert_eq!(status(&["--gates", "HEAD"]), "proved");
}

#[test]
fn what_hangs_on_the_server_is_said_and_can_be_given() {
    let repo = Repo::of_workflow(
        "steps: [{name: s, image: x, when: {evaluate: 'CI_COMMIT_AUTHOR != \"bot\"'}}, {name: t, image: x}]\n",
    );
    let prove = |more: &[&str]| repo.wp_gate(&[&["prove", "--event", "push", "--always", "s"], more].concat());
    let unknown = prove(&[]);
    assert_screen!("prove-unknown", unknown.screen());
    assert!(prove(&["--env", "CI_COMMIT_AUTHOR=jo"]).clean().starts_with("✓"));
    assert_eq!(prove(&["--env", "CI_COMMIT_AUTHOR=bot"]).status, ExitStatus::Findings);
}

#[test]
fn a_step_without_conditions_runs_because_of_its_workflows() {
    let step = |at: usize| format!("  - {{name: s{at}, image: x}}\n");
    let steps: String = (0..12).map(step).collect();
    let repo = Repo::of_workflow(&format!("when: {{event: push, path: 'docs/**'}}\nsteps:\n{steps}"));
    let refuted = repo.wp_gate(&["prove", "--event", "push", "--any", "docs/**", "--never", "s*"]);
    // A file of the folder, not one of its name.
    assert_screen!("prove-workflow", refuted.screen());
}

#[test]
fn a_refused_pipeline_is_a_refutation_with_its_problem() {
    let repo = Repo::of_workflow(
        "steps: [{name: a, image: x, depends_on: [b]}, {name: b, image: x, when: {path: 'docs/**'}}]\n",
    );
    assert_screen!("prove-refused", repo.wp_gate(&["prove", "--event", "push", "--always", "a"]).screen());
}

#[test]
fn without_a_policy_there_is_nothing_to_prove() {
    let repo = Repo::founding();
    assert!(repo.wp_gate(&["prove"]).failed().starts_with("error: there is no policy to prove\n"));
    assert!(repo.wp_gate(&["prove", "--only", "docs/**"]).failed().contains("--always"));
    let repo = founding();
    let unknown = repo.wp_gate(&["prove", "--policy", "pull requests always reports"]).failed();
    assert!(unknown.contains("did you mean `pull requests always report`?"), "{unknown}");
    assert!(repo.wp_gate(&["prove", "--never", "["]).failed().starts_with("error: `--never [`: "));
    assert!(repo.wp_gate(&["prove", "--never", "x", "--event", "psuh"]).failed().contains("push"));
}
