//! The picture of the founding case, in each form.

use wp_gate::cli::ExitStatus;

use super::support::{Repo, assert_screen};

#[test]
fn each_form() {
    let repo = Repo::founding();
    for form in ["text", "mermaid", "dot", "svg", "json"] {
        let ran = repo.wp_gate(&["graph", "HEAD~5", "--format", form]);
        assert_screen!(format!("graph-{form}"), ran.screen());
    }
    let screen = |arguments: &[&str]| repo.wp_gate(&[&["graph", "HEAD~1"], arguments].concat()).clean();
    assert_eq!(screen(&[]), screen(&["--format", "text"]));
    assert_ne!(screen(&["--format", "svg"]), screen(&["--format", "svg", "--woodpecker", "3.4"]));
}

#[test]
fn workflows_are_picked_by_name() {
    let repo = Repo::founding();
    let some = repo.wp_gate(&["graph", "--workflow", "pub*"]).clean();
    assert!(some.contains("● publish") && !some.contains("● ci"), "{some}");
    let none = repo.wp_gate(&["graph", "--workflow", "x"]).failed();
    assert_eq!(none, "error: no workflow is named `x`\nhelp: `wp-gate graph` draws them all\n");
    assert!(repo.wp_gate(&["graph", "--workflow", "["]).failed().starts_with("error: `--workflow [`: "));
}

#[test]
fn a_refused_pipeline_is_drawn_and_a_finding() {
    let repo =
        Repo::of_workflow("steps: [{name: a, image: x, depends_on: [b]}, {name: b, image: x, when: {path: docs}}]\n");
    let ran = repo.wp_gate(&["graph", "--gates", "worktree"]);
    assert_eq!(ran.status, ExitStatus::Findings);
    assert!(ran.out.contains("✗ build  error") && ran.out.contains("✗ a      error  after b"), "{}", ran.out);
    assert!(ran.out.contains("[filtered-dependency]") || ran.out.contains("filtered-dependency"), "{}", ran.out);
    let empty = repo.wp_gate(&["graph", "HEAD"]).clean();
    assert!(empty.ends_with("no pipeline: there are no workflow files\n"), "{empty}");
}
