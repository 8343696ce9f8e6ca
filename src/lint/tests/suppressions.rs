//! Suppressions: what they hold for, and which do nothing.

use super::{PLAIN, Scene};
use crate::closure::MemoryTree;
use crate::rule::{Level, Levels};

#[test]
fn a_suppression_holds_for_its_line_its_node_or_the_file() {
    let build = "  - name: build # wp-gate: allow(no-event-filter): cheap\n    image: alpine\n";
    let above = "  # wp-gate: allow(no-event-filter): cheap\n  # and quick\n  - name: test\n    image: alpine\n";
    let none = "  - name: last\n    image: alpine\n";
    let scene = Scene::default();
    let names = |text: &str| scene.marks(text);
    let text = format!("steps:\n{build}{above}{none}");
    assert_eq!(names(&text), [("no-event-filter", "last".to_owned())]);
    let text = format!("# wp-gate: allow(no-event-filter): all are cheap\n# and quick\n\nsteps:\n{none}");
    assert_eq!(names(&text), []);
    let text = format!("clone: []\n# wp-gate: allow(no-event-filter): all are cheap\nsteps:\n{none}");
    assert_eq!(names(&text), []);
}

#[test]
fn a_suppression_that_does_nothing_is_a_finding_at_the_rules_name() {
    let allow = |comment: &str| Scene::default().marks(&format!("{PLAIN}# {comment}\n"));
    let unused = |text: &str| [("unused-allow", text.to_owned())];
    assert_eq!(allow("wp-gate: allow(missing-image): why not"), unused("missing-image"));
    assert_eq!(allow("wp-gate: allow(missing-imag): why not"), unused("missing-imag"));
    assert_eq!(allow("wp-gate: allow(missing-image)"), unused("missing-image"));
    assert_eq!(allow("wp-gate: ignore"), unused("# wp-gate: ignore"));
    assert_eq!(allow("wp-gate: allow(unused-allow): why not"), unused("unused-allow"));
    let problems = Scene::default().check(&format!("{PLAIN}# wp-gate: allow(missing-imag): x\n"));
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `missing-image`?"));
}

#[test]
fn a_suppression_of_a_rule_that_is_off_is_not_said_to_be_unused() {
    let levels = Levels::from([("missing-image".to_owned(), Level::Off)]);
    let text = format!("{PLAIN}# wp-gate: allow(missing-image): it is off\n");
    assert_eq!(Scene { levels, ..Scene::default() }.check(&text), []);
}

#[test]
fn a_suppression_is_not_said_to_be_unused_where_nobody_could_look() {
    let text = format!("{PLAIN}# wp-gate: allow(dead-glob): it comes with the next merge\n");
    assert_eq!(Scene::default().check(&text), [], "the tracked files are not known");
    let known = Scene { tree: Some(MemoryTree::default()), ..Scene::default() };
    assert_eq!(known.marks(&text), [("unused-allow", "dead-glob".to_owned())]);
    let text = format!("{PLAIN}    environment: [a]\n# wp-gate: allow(split-and): it is meant\n");
    let codes: Vec<&str> = Scene::on("3.15").marks(&text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["wrong-type"], "the server cannot read the file");
}
