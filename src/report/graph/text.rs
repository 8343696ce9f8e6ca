//! The picture for a terminal: a line a step, numbered by stage.

use std::io::{self, Write};

use super::{Chart, Diagram, title};
use crate::plan::Verdict;
use crate::report::human::{display_width, summary, write_change, write_problems};
use crate::report::style::{Paint, Style};
use crate::text::escape;

/// Names longer than this do not widen the column.
const NAME_WIDTH: usize = 40;

/// Writes `diagram` for a person: the change, each workflow with its steps stage by stage, and a summary.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_graph(out: &mut dyn Write, diagram: &Diagram<'_>, style: Style) -> io::Result<()> {
    let explanation = &diagram.explanation;
    write_change(out, explanation, style)?;
    for (at, chart) in diagram.charts.iter().enumerate() {
        writeln!(out)?;
        let workflow = chart.workflow;
        let paint = |text: &'static str| style.paint(workflow.verdict.into(), text);
        let (bullet, verdict) = (paint(style.bullet(workflow.verdict)), paint(workflow.verdict.name()));
        let name = style.paint(Paint::Bold, escape(&title(workflow)).to_string());
        let file = style.paint(Paint::Dim, escape(explanation.files[workflow.file].name()).to_string());
        write!(out, "{bullet} {name}  {verdict}  {file}")?;
        let needed = diagram.links.iter().filter(|link| link.to == [at]).flat_map(|link| &link.from);
        after(out, needed.map(|&needed| title(diagram.charts[needed].workflow)), style)?;
        write_steps(out, chart, style)?;
    }
    writeln!(out)?;
    write_problems(out, explanation, style)?;
    summary(out, explanation, style)
}

fn write_steps(out: &mut dyn Write, chart: &Chart<'_>, style: Style) -> io::Result<()> {
    let steps = &chart.workflow.steps;
    let names = steps.iter().map(|step| display_width(&step.name)).filter(|&width| width <= NAME_WIDTH);
    let width = names.max().unwrap_or(0);
    let named_in_file = |at: usize| steps[at].depends_on.as_ref().is_some_and(|needs| !needs.is_empty());
    for row in chart.by_row() {
        let mut stage = row.iter().find_map(|&at| steps[at].stage);
        for at in row {
            let step = &steps[at];
            let number = match stage.take() {
                Some(stage) => format!("{:>4}", stage + 1),
                None => " ".repeat(4),
            };
            let pad = " ".repeat(width.saturating_sub(display_width(&step.name)));
            let bullet = style.paint(step.verdict.into(), style.bullet(step.verdict));
            let verdict = style.paint(step.verdict.into(), step.verdict.name());
            write!(out, "{}  {bullet} {}{pad}  {verdict}", style.paint(Paint::Dim, number), escape(&step.name))?;
            let needed = chart.links.iter().filter(|link| link.to == [at] && named_in_file(at));
            // Of a step that runs, what it waits for; else what is written.
            let needed = needed.filter(|link| link.firm || !matches!(step.verdict, Verdict::Run | Verdict::Unknown));
            after(out, needed.flat_map(|link| &link.from).map(|&needed| steps[needed].name.clone()), style)?;
        }
    }
    Ok(())
}

/// Ends a line with what comes before.
fn after(out: &mut dyn Write, names: impl Iterator<Item = String>, style: Style) -> io::Result<()> {
    let names: Vec<String> = names.map(|name| escape(&name).to_string()).collect();
    if names.is_empty() {
        return writeln!(out);
    }
    writeln!(out, "  {}", style.paint(Paint::Place, format!("after {}", names.join(", "))))
}
