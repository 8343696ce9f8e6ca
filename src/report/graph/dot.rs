//! The picture in Graphviz' language.

use std::io::{self, Write};

use super::{Chart, Diagram, Link, mark, step_id, title, workflow_id};
use crate::plan::Verdict;
use crate::text::escape;

/// Writes `diagram` as a Graphviz digraph, a cluster a workflow.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_graph_dot(out: &mut dyn Write, diagram: &Diagram<'_>) -> io::Result<()> {
    writeln!(out, "digraph pipeline {{")?;
    writeln!(out, "  graph [compound=true, fontname=\"sans-serif\", style=rounded, color=\"#8c959f\"];")?;
    writeln!(out, "  node [shape=box, fontname=\"monospace\", fontsize=11];")?;
    for (at, chart) in diagram.charts.iter().enumerate() {
        write_chart(out, at, chart)?;
    }
    for link in &diagram.links {
        for &from in &link.from {
            for &to in &link.to {
                write_between(out, diagram, from, to, link.firm)?;
            }
        }
    }
    writeln!(out, "}}")
}

fn write_chart(out: &mut dyn Write, at: usize, chart: &Chart<'_>) -> io::Result<()> {
    let workflow = chart.workflow;
    writeln!(out, "  subgraph cluster_{} {{", workflow_id(at))?;
    writeln!(out, "    label={};", quoted(workflow.verdict, &title(workflow)))?;
    if workflow.steps.is_empty() {
        writeln!(out, "    {} [shape=point, style=invis];", step_id(at, 0))?;
    }
    for (index, step) in workflow.steps.iter().enumerate() {
        let (id, name) = (step_id(at, index), quoted(step.verdict, &step.name));
        writeln!(out, "    {id} [label={name}, {}];", look(step.verdict))?;
    }
    for row in chart.by_row().iter().filter(|row| row.len() > 1) {
        let ids: Vec<String> = row.iter().map(|&step| step_id(at, step)).collect();
        writeln!(out, "    {{rank=same; {}}}", ids.join("; "))?;
    }
    for link in &chart.links {
        write_link(out, link, |step| step_id(at, step))?;
    }
    writeln!(out, "  }}")
}

fn write_link(out: &mut dyn Write, link: &Link, id: impl Fn(usize) -> String) -> io::Result<()> {
    let ids = |of: &[usize]| of.iter().map(|&at| id(at)).collect::<Vec<_>>().join(" ");
    writeln!(out, "    {{{}}} -> {{{}}}{};", ids(&link.from), ids(&link.to), if link.firm { "" } else { FAINT })
}

/// From the last step of one workflow to the first of another, cut at their borders.
fn write_between(out: &mut dyn Write, diagram: &Diagram<'_>, from: usize, to: usize, firm: bool) -> io::Result<()> {
    let last = diagram.charts[from].workflow.steps.len().saturating_sub(1);
    let (tail, head) = (workflow_id(from), workflow_id(to));
    let look = if firm { "style=bold" } else { "style=dashed" };
    let ends = format!("{} -> {}", step_id(from, last), step_id(to, 0));
    writeln!(out, "  {ends} [ltail=cluster_{tail}, lhead=cluster_{head}, {look}];")
}

const FAINT: &str = " [style=dashed, color=\"#8c959f\"]";

const fn look(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Run => r##"style="rounded,filled", fillcolor="#dafbe1", color="#1a7f37""##,
        Verdict::Skip => r##"style="rounded,dashed", color="#8c959f", fontcolor="#59636e""##,
        Verdict::Unknown => r##"style="rounded,filled", fillcolor="#fff8c5", color="#9a6700""##,
        Verdict::Dropped => r##"style="rounded,dashed", color="#9a6700", fontcolor="#59636e""##,
        Verdict::Error => r##"style="rounded,filled", fillcolor="#ffebe9", color="#cf222e""##,
    }
}

/// A text in Graphviz' double quotes, where a backslash would begin a line break or a placeholder, and `&` an entity.
fn quoted(verdict: Verdict, name: &str) -> String {
    let text = escape(name).to_string().replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{} {text}\"", mark(verdict))
}
