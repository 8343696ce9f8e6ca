use super::super::reading::{Member, Pipeline};
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::text::{escape, nearest};
use crate::workflow::Dependency;

pub(super) static RULE: Rule = Rule {
    id: "unknown-workflow-dependency",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a workflow that depends on a workflow which is not there",
    page: include_str!("unknown_workflow_dependency.md"),
    echo: None,
    checks: &[Check::Pipeline(check)],
};

fn check(pipeline: &Pipeline<'_>, out: &mut Vec<Problem>) {
    let names = || pipeline.workflows.iter().map(|workflow| workflow.name.as_str());
    for workflow in pipeline.workflows {
        let unknown = workflow.depends_on.iter().filter(|it| !it.optional && !names().any(|name| name == it.name));
        out.extend(unknown.map(|dependency| unknown_workflow(workflow, dependency, names())));
    }
}

fn unknown_workflow<'n>(workflow: &Member, dependency: &Dependency, names: impl Iterator<Item = &'n str>) -> Problem {
    let (own, name) = (escape(&workflow.name), escape(&dependency.name));
    let message = format!("workflow `{own}` never runs: it depends on `{name}`, which is not there");
    let problem = RULE.problem(message).label(workflow.file, dependency.place.span, "no workflow has this name");
    let others = names.filter(|&other| other != workflow.name);
    match nearest(&dependency.name, others) {
        Some(known) => problem.help(format!("did you mean `{known}`?")),
        None => problem.help("a workflow's name is its file's, without folder and extension"),
    }
}
