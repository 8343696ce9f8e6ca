//! The picture for programs: nodes and links. The shape is described in `docs/graph.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Chart, Diagram, Link};
use crate::report::json::{Change, ProblemJson, SCHEMA_VERSION, change, problem, write_json};

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    change: Change<'a>,
    pipeline: &'static str,
    problems: Vec<ProblemJson<'a>>,
    workflows: Vec<Workflow<'a>>,
    links: Vec<LinkJson>,
}

#[derive(Serialize)]
struct Workflow<'a> {
    id: String,
    name: &'a str,
    file: &'a str,
    matrix: &'a BTreeMap<String, String>,
    verdict: &'static str,
    layer: usize,
    steps: Vec<Step<'a>>,
    links: Vec<LinkJson>,
}

#[derive(Serialize)]
struct Step<'a> {
    id: String,
    name: &'a str,
    #[serde(rename = "type")]
    step_type: &'static str,
    verdict: &'static str,
    stage: Option<u32>,
    row: usize,
}

#[derive(Serialize)]
struct LinkJson {
    from: Vec<String>,
    to: Vec<String>,
    firm: bool,
}

/// Writes `diagram` as one JSON object, indented, with a line break at the end. `from` and `to` of a link are lists of the ids of steps, or
/// of workflows: each in `to` waits for each in `from`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_graph_json(out: &mut dyn Write, diagram: &Diagram<'_>) -> io::Result<()> {
    let explanation = &diagram.explanation;
    let root = Root {
        schema_version: SCHEMA_VERSION,
        change: change(explanation),
        pipeline: explanation.plan.outcome.name(),
        problems: explanation.plan.problems.iter().map(|it| problem(it, explanation.files)).collect(),
        workflows: diagram.charts.iter().enumerate().map(|(at, chart)| workflow(at, chart, diagram)).collect(),
        links: diagram.links.iter().map(|it| link(it, super::workflow_id)).collect(),
    };
    write_json(out, &root)
}

fn workflow<'a>(at: usize, chart: &'a Chart<'a>, diagram: &Diagram<'a>) -> Workflow<'a> {
    let plan = chart.workflow;
    let steps = plan.steps.iter().enumerate().map(|(index, step)| Step {
        id: super::step_id(at, index),
        name: &step.name,
        step_type: step.step_type.name(),
        verdict: step.verdict.name(),
        stage: step.stage,
        row: chart.rows[index],
    });
    Workflow {
        id: super::workflow_id(at),
        name: &plan.name,
        file: diagram.explanation.files[plan.file].name(),
        matrix: &plan.axis,
        verdict: plan.verdict.name(),
        layer: chart.layer,
        steps: steps.collect(),
        links: chart.links.iter().map(|it| link(it, |step| super::step_id(at, step))).collect(),
    }
}

fn link(link: &Link, id: impl Fn(usize) -> String) -> LinkJson {
    let ids = |of: &[usize]| of.iter().map(|&at| id(at)).collect();
    LinkJson { from: ids(&link.from), to: ids(&link.to), firm: link.firm }
}
