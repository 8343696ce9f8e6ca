use std::collections::BTreeMap;

use super::*;
use crate::admission::Policy;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::plan::{Context, Plan, Request, plan};
use crate::report::Style;
use crate::server::Version;
use crate::source::{Source, Sources};

/// Plans a push of `README.md` and hands on its picture.
fn drawn<T>(files: &[(&str, &str)], server: &str, look: impl FnOnce(&Diagram<'_>) -> T) -> T {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(Source::new(format!(".woodpecker/{name}.yaml"), *text));
    }
    let mut metadata = Metadata::default();
    metadata.current.event = Event::Push;
    let changed: ChangedFiles = ["README.md"].into_iter().collect();
    let context = Context::predicted(metadata, changed, Forge::Git, BTreeMap::new());
    let (policy, variables) = (Policy::default(), BTreeMap::new());
    let server: Version = server.parse().expect("a version");
    let request = Request { server, context: &context, variables: &variables, policy: &policy, findings: false };
    let plan: Plan = plan(&sources, &request);
    let explanation =
        Explanation { context: &context, notes: &[], plan: &plan, files: &sources, server, policies: &[], step: None };
    look(&Diagram::new(explanation, None))
}

/// The rows of the only workflow, `a b | c`, and its links, `a b > c`, faint ones with `~`.
fn chart(workflow: &str) -> (String, Vec<String>) {
    drawn(&[("ci", workflow)], "3.17", told)
}

fn told(diagram: &Diagram<'_>) -> (String, Vec<String>) {
    let chart = &diagram.charts[0];
    let names =
        |of: &[usize]| of.iter().map(|&at| chart.workflow.steps[at].name.as_str()).collect::<Vec<_>>().join(" ");
    let rows: Vec<String> = chart.by_row().iter().map(|row| names(row)).collect();
    let arrow = |link: &Link| if link.firm { ">" } else { "~" };
    let links = chart.links.iter().map(|link| format!("{} {} {}", names(&link.from), arrow(link), names(&link.to)));
    (rows.join(" | "), links.collect())
}

#[test]
fn steps_in_sequence_pass_by_those_that_are_left_out() {
    let (rows, links) = chart(
        "steps:\n  - {name: a, image: x}\n  - {name: b, image: x, when: {path: docs}}\n  - {name: c, image: x}\n  \
         - {name: d, image: x, when: {path: docs}}\n",
    );
    assert_eq!(rows, "clone | a | b | c | d");
    assert_eq!(links, ["clone > a", "a > c"]);
}

#[test]
fn services_share_a_row_and_groups_of_old_servers_another() {
    let text = "skip_clone: true\nservices: {s: {image: x}, t: {image: x, when: {path: docs}}}\n\
                steps:\n  a: {image: x, group: g}\n  b: {image: x, group: g}\n  c: {image: x}\n";
    let (rows, links) = drawn(&[("ci", text)], "2.8", told);
    assert_eq!(rows, "s t | a b | c");
    assert_eq!(links, ["s > a b", "a b > c"]);
}

#[test]
fn a_graph_has_the_links_that_it_is_written_with() {
    let (rows, links) = chart(
        "steps:\n  - {name: a, image: x}\n  - {name: b, image: x, depends_on: [a]}\n  - {name: c, image: x, depends_on: [b, a]}\n  \
         - {name: d, image: x, depends_on: [b], when: {path: docs}}\n  - {name: e, image: x, depends_on: []}\n",
    );
    assert_eq!(rows, "clone | a e | b | c d");
    assert_eq!(links, ["clone > a e", "a > b", "a b > c", "b ~ d"]);
}

#[test]
fn where_nothing_runs_the_order_is_the_written_one_and_faint() {
    let head = "when: {event: tag}\nclone: {c: {image: x}}\nservices: {s: {image: x}, t: {image: x}}\n";
    let (rows, links) = chart(&format!("{head}steps: {{a: {{image: x}}, b: {{image: x}}}}\n"));
    assert_eq!(rows, "c | s t | a | b");
    assert_eq!(links, ["c ~ s t", "s t ~ a", "a ~ b"]);
    let graph = "steps: {a: {image: x}, b: {image: x, depends_on: c}, c: {image: x, depends_on: a}}\n";
    let (rows, links) = chart(&format!("{head}{graph}"));
    assert_eq!(rows, "c | s t | a | c | b");
    assert_eq!(links, ["c ~ s t", "s t ~ a", "c ~ b", "a ~ c"]);
}

#[test]
fn steps_that_wait_for_each_other_stand_in_one_row() {
    let (rows, links) = chart(
        "steps:\n  - {name: a, image: x}\n  - {name: b, image: x, depends_on: [c, a]}\n  - {name: c, image: x, depends_on: b}\n",
    );
    assert_eq!(rows, "clone | a | b c");
    assert_eq!(links, ["clone ~ a", "a c ~ b", "b ~ c"]);
}

#[test]
fn workflows_stand_behind_those_that_they_wait_for() {
    let steps = "steps: [{name: s, image: x}]\n";
    let matrix = format!("matrix: {{V: [1, 2]}}\n{steps}");
    let last = format!("depends_on: [b, c]\n{steps}");
    let without = format!("depends_on: [none, b]\n{steps}");
    let files = [("a", last.as_str()), ("b", matrix.as_str()), ("c", steps), ("d", without.as_str())];
    drawn(&files, "3.17", |diagram| {
        let layers: Vec<(String, usize)> =
            diagram.charts.iter().map(|chart| (title(chart.workflow), chart.layer)).collect();
        let expected = [("a", 1), ("b [V=1]", 0), ("b [V=2]", 0), ("c", 0), ("d", 1)];
        assert_eq!(layers, expected.map(|(name, layer)| (name.to_owned(), layer)));
        let firm = Link { from: vec![1, 2, 3], to: vec![0], firm: true };
        assert_eq!(diagram.links, [firm, Link { from: vec![1, 2], to: vec![4], firm: false }]);
    });
}

/// Everything that is drawn of `files`, form by form.
fn forms(files: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    drawn(files, "3.17", |diagram| {
        let written = |write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
            let mut out = Vec::new();
            write(&mut out).expect("memory takes all");
            String::from_utf8(out).expect("it is text")
        };
        vec![
            ("text", written(&|out| write_graph(out, diagram, Style::PLAIN))),
            ("json", written(&|out| write_graph_json(out, diagram))),
            ("mermaid", written(&|out| write_graph_mermaid(out, diagram))),
            ("dot", written(&|out| write_graph_dot(out, diagram))),
            ("svg", written(&|out| write_graph_svg(out, diagram))),
        ]
    })
}

#[test]
fn names_cannot_leave_their_place() {
    let text =
        r#"steps: [{name: "\"]; end --> <script>&lt;`%%{init}%%`</script>\\\\N \\x1b[2J \uFFFE #35; ]]>", image: x}]"#;
    for (form, picture) in forms(&[("ci", text)]) {
        let line = picture.lines().find(|line| line.contains("script")).unwrap_or_default();
        let bad: &[&str] = match form {
            "mermaid" => &["\"]; ", "-->", "<", "&", "`", "%", "]]"],
            "dot" => &[" \"];", "&lt;", "]\\N"],
            "svg" => &["<script", "\u{fffe}", "\"];", "&lt;`"],
            "text" => &["\u{1b}"],
            _ => &[],
        };
        for bad in bad {
            assert!(!line.contains(bad), "{form}: {bad}: {line}");
        }
        // JSON carries names as they are.
        let raw = |c: char| c.is_control() && c != '\n' && form != "json";
        assert!(!picture.chars().any(raw), "{form}: {picture}");
    }
}

#[test]
fn a_workflow_that_cannot_be_read_and_none_at_all_are_drawn() {
    for files in [&[("ci", "steps: [")][..], &[("ci", "steps: []")], &[]] {
        for (form, picture) in forms(files) {
            assert!(
                picture.ends_with('\n') && !picture.contains("NaN") && !picture.contains("inf"),
                "{form}: {picture}"
            );
        }
    }
}

#[test]
fn a_very_long_workflow_is_drawn_within_bounds() {
    let steps = |depends: &dyn Fn(usize) -> String| {
        let step = |at: usize| format!("  - {{name: s{at}, image: x{}}}\n", depends(at));
        format!("steps:\n{}", (0..3000).map(step).collect::<String>())
    };
    let chain = steps(&|at| at.checked_sub(1).map(|it| format!(", depends_on: [s{it}, s0]")).unwrap_or_default());
    for (form, picture) in forms(&[("ci", &chain)]) {
        assert!(picture.len() < 4 << 20, "{form}: {}", picture.len());
    }
    let svg = forms(&[("ci", &chain)]).pop().expect("the last form").1;
    assert!(svg.contains(" lines are left out."), "{}", &svg[..2000]);
}
