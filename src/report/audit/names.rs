//! How the things in a record are called.

use crate::audit::{Breach, Cell, Column, Commit, Head, Held, Record, Trouble, Unlisted};
use crate::change::Hidden;
use crate::plan::Outcome;
use crate::text::escape;

/// `publish [GO=1.24]`, safe to print.
pub(super) fn workflow(column: &Column) -> String {
    let axis: Vec<String> =
        column.axis.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let axis = if axis.is_empty() { String::new() } else { format!(" [{}]", axis.join(", ")) };
    format!("{}{axis}", escape(&column.workflow))
}

/// `build-web`, or `build-web (2)` of the second of that name; a workflow's own name. Safe to print.
pub(super) fn step(column: &Column) -> String {
    match &column.step {
        None => workflow(column),
        Some(step) if step.nth > 0 => format!("{} ({})", escape(&step.name), step.nth + 1),
        Some(step) => escape(&step.name).to_string(),
    }
}

/// `build-web`, with its workflow if there are several that have such a step.
pub(super) fn step_of(column: &Column, record: &Record) -> String {
    let same = |other: &&Column| other.step_name() == column.step_name();
    match column.step {
        Some(_) if record.columns.iter().filter(same).count() > 1 => format!("{}/{}", workflow(column), step(column)),
        Some(_) => step(column),
        None => format!("workflow {}", workflow(column)),
    }
}

/// Whose workflows were asked about; safe to print.
pub(super) fn gates(head: &Head) -> String {
    let gates = head.gates.as_deref().unwrap_or("each commit");
    let is_id = gates.len() == 40 && gates.bytes().all(|byte| byte.is_ascii_hexdigit());
    escape(if is_id { &gates[..10] } else { gates }).to_string()
}

/// Why there is no pipeline, or none that runs; `None` where one runs.
pub(super) fn pipeline(commit: &Commit, record: &Record) -> Option<&'static str> {
    let shape = &record.shapes[commit.shape];
    match shape.pipeline {
        Outcome::Run => None,
        Outcome::Error => Some("the server refuses the pipeline"),
        Outcome::None if !shape.has_workflows => Some("there are no workflow files"),
        Outcome::None if shape.skip_ci => Some("the message asks for no pipeline"),
        Outcome::None if shape.unreported => Some("what the forge reports makes no pipeline"),
        Outcome::None => Some("no workflow is left to run"),
    }
}

/// `missing-image: step …, .woodpecker/ci.yaml:3:5`, safe to print.
pub(super) fn trouble(trouble: &Trouble) -> String {
    let place = trouble.place.as_ref().map(|(file, at)| format!(" ({}:{}:{})", escape(file), at.line, at.column));
    format!("{}{}", escape(&trouble.message), place.unwrap_or_default())
}

/// The file by which a policy is about a commit, and that the forge does not list, if there is one.
pub(super) fn unlisted(held: &Held, record: &Record) -> Option<String> {
    held.unlisted.map(|number| unlisted_told(&record.unlisted[number]))
}

pub(super) fn unlisted_told(Unlisted { path, why }: &Unlisted) -> String {
    Hidden { path: path.0.clone(), why: why.clone() }.told()
}

/// The cell of `breach`, in the row of `commit`.
pub(super) fn cell<'r>(breach: &Breach, commit: &Commit, record: &'r Record) -> Option<&'r Cell> {
    let cells = &record.shapes[commit.shape].cells;
    cells.iter().find(|cell| Some(cell.column) == breach.column)
}
