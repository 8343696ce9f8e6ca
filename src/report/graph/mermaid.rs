//! The picture in Mermaid's language, which forges draw in Markdown.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Diagram, Link, mark, step_id, title, workflow_id};
use crate::plan::Verdict;
use crate::text::escape;

/// The look of each verdict; texts stay dark on light, whatever the page's theme.
const CLASSES: &str = "  \
    classDef run fill:#dafbe1,stroke:#1a7f37,color:#1f2328\n  \
    classDef skip fill:#f6f8fa,stroke:#8c959f,color:#59636e,stroke-dasharray:4 3\n  \
    classDef unknown fill:#fff8c5,stroke:#9a6700,color:#1f2328\n  \
    classDef dropped fill:#f6f8fa,stroke:#9a6700,color:#59636e,stroke-dasharray:4 3\n  \
    classDef error fill:#ffebe9,stroke:#cf222e,color:#1f2328\n";

/// Writes `diagram` as a Mermaid flowchart.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_graph_mermaid(out: &mut dyn Write, diagram: &Diagram<'_>) -> io::Result<()> {
    writeln!(out, "flowchart TD")?;
    for (at, chart) in diagram.charts.iter().enumerate() {
        let workflow = chart.workflow;
        let name = label(&title(workflow), workflow.verdict);
        writeln!(out, "  subgraph {}[\"{name}\"]", workflow_id(at))?;
        for (index, step) in workflow.steps.iter().enumerate() {
            let (id, name) = (step_id(at, index), label(&step.name, step.verdict));
            writeln!(out, "    {id}(\"{name}\"):::{}", step.verdict.name())?;
        }
        writeln!(out, "  end")?;
        for link in &chart.links {
            write_link(out, link, |step| step_id(at, step))?;
        }
    }
    for link in &diagram.links {
        write_link(out, link, workflow_id)?;
    }
    out.write_all(CLASSES.as_bytes())
}

fn write_link(out: &mut dyn Write, link: &Link, id: impl Fn(usize) -> String) -> io::Result<()> {
    let ids = |of: &[usize]| of.iter().map(|&at| id(at)).collect::<Vec<_>>().join(" & ");
    let arrow = if link.firm { "-->" } else { "-.->" };
    writeln!(out, "  {} {arrow} {}", ids(&link.from), ids(&link.to))
}

/// A text in Mermaid's double quotes: all that could mean something to Mermaid, Markdown or HTML as an entity of its number.
fn label(name: &str, verdict: Verdict) -> String {
    let mut label = format!("{} ", mark(verdict));
    for c in escape(name).to_string().chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/' | ',') {
            label.push(c);
        } else {
            // A string takes all.
            let _ = write!(label, "#{};", c as u32);
        }
    }
    label
}
