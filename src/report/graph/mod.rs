//! The steps of a pipeline as a picture: what runs after what, coloured by verdict.
//!
//! | file | does |
//! | --- | --- |
//! | `chart` | from a workflow's plan to rows of steps, and the links between them |
//! | `layers` | which of several that wait for each other come first |
//! | `text`, `json` | the picture for a terminal, and for programs |
//! | `mermaid`, `dot` | for tools that draw by themselves |
//! | `arrange`, `svg` | drawn by us: places for boxes and lines, and the file |
//!
//! A row is a stage of the plan: what is in it starts when all before it ended. Steps that are left out have a row where they stand in the
//! file, or behind what they depend on. A firm link is one that the server waits for; a faint one is only written in the file, because
//! one of its ends does not run.

mod arrange;
mod chart;
mod dot;
mod json;
mod layers;
mod mermaid;
mod svg;
mod text;

pub use dot::write_graph_dot;
pub use json::write_graph_json;
pub use mermaid::write_graph_mermaid;
pub use svg::write_graph_svg;
pub use text::write_graph;

use super::Explanation;
use crate::glob::Pattern;
use crate::plan::{Verdict, WorkflowPlan};
use chart::{Chart, Link};

/// What `graph` draws.
#[derive(Clone, Debug)]
pub struct Diagram<'a> {
    /// The change, and the plan for it.
    explanation: Explanation<'a>,
    /// The workflows to be drawn.
    charts: Vec<Chart<'a>>,
    /// Between workflows, by their indices in `charts`.
    links: Vec<Link>,
}

impl<'a> Diagram<'a> {
    /// The workflows of the plan, or those whose names match `workflow`, with all their steps.
    pub fn new(explanation: Explanation<'a>, workflow: Option<&Pattern>) -> Self {
        let wanted = |it: &&WorkflowPlan| workflow.is_none_or(|pattern| pattern.is_match(it.name.as_bytes()));
        let workflows: Vec<&WorkflowPlan> = explanation.plan.workflows.iter().filter(wanted).collect();
        let needs: Vec<Vec<usize>> = workflows.iter().map(|it| needs(it, &workflows)).collect();
        let layers = layers::layers(&needs, |_| None, 0);
        let links = needs.iter().enumerate().filter(|(_, needs)| !needs.is_empty()).flat_map(|(to, needs)| {
            let (firm, faint): (Vec<usize>, Vec<usize>) =
                needs.iter().partition(|&&from| runs(workflows[to]) && runs(workflows[from]));
            [(firm, true), (faint, false)].map(|(from, firm)| Link { from, to: vec![to], firm })
        });
        let links = links.filter(|link| !link.from.is_empty()).collect();
        let charts = workflows.into_iter().zip(layers).map(|(it, layer)| Chart::new(it, layer)).collect();
        Self { explanation, charts, links }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.charts.is_empty()
    }
}

/// The workflows that `workflow` waits for: all axes of a matrix.
fn needs(workflow: &WorkflowPlan, all: &[&WorkflowPlan]) -> Vec<usize> {
    let needed = |it: &&WorkflowPlan| workflow.depends_on.contains(&it.name);
    all.iter().enumerate().filter(|(_, it)| needed(it)).map(|(at, _)| at).collect()
}

/// Whether the workflow runs, as far as is known.
fn runs(workflow: &WorkflowPlan) -> bool {
    matches!(workflow.verdict, Verdict::Run | Verdict::Unknown)
}

/// What a workflow is called in a picture: its name, and its matrix axis.
fn title(workflow: &WorkflowPlan) -> String {
    let axis: Vec<String> = workflow.axis.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if axis.is_empty() { workflow.name.clone() } else { format!("{} [{}]", workflow.name, axis.join(", ")) }
}

/// What a workflow is called by links: `w0`.
fn workflow_id(workflow: usize) -> String {
    format!("w{workflow}")
}

/// What a step is called by links: `w0s2`.
fn step_id(workflow: usize, step: usize) -> String {
    format!("w{workflow}s{step}")
}

/// The character that stands for a verdict.
const fn mark(verdict: Verdict) -> char {
    match verdict {
        Verdict::Run => '●',
        Verdict::Skip | Verdict::Dropped => '○',
        Verdict::Unknown => '?',
        Verdict::Error => '✗',
    }
}

#[cfg(test)]
mod tests;
