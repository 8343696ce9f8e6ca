use super::super::reading::{Pipeline, Reading};
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::plan::{Needs, cycles};

pub(super) static RULE: Rule = Rule {
    id: "dependency-cycle",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "steps, or workflows, that wait for each other",
    page: include_str!("dependency_cycle.md"),
    echo: None,
    checks: &[Check::Workflow(steps), Check::Pipeline(workflows)],
};

/// Over all steps, whatever their gates: a cycle is one as soon as its steps run together, and serves nobody before.
fn steps(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    let needs = reading.workflow.steps.iter().map(|step| Needs {
        name: &step.name.value,
        depends_on: step.depends_on.as_deref().unwrap_or_default(),
        file: reading.id(),
    });
    out.extend(cycles("step", &needs.collect::<Vec<_>>()));
}

fn workflows(pipeline: &Pipeline<'_>, out: &mut Vec<Problem>) {
    let needs = pipeline.workflows.iter().map(|it| Needs { name: &it.name, depends_on: &it.depends_on, file: it.file });
    out.extend(cycles("workflow", &needs.collect::<Vec<_>>()));
}
