use super::super::changes::{Changes, Refuted};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::witness::Witness;
use crate::diag::Problem;
use crate::plan::{Plan, StepType, Verdict};
use crate::prove::{Formula, Formulas, Pipeline};
use crate::server::Difference;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "vanishing-workflow",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a change silently drops a workflow, because one that it requires is filtered",
    page: include_str!("vanishing_workflow.md"),
    echo: None,
    checks: &[Check::PipelineChanges(check)],
};

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let mut known = Refuted::default();
    let mut told: Vec<(String, String)> = Vec::new();
    for at in 0..changes.workflows().len() {
        let workflow = &changes.workflows()[at];
        let (file, axis, own) = (workflow.file, workflow.axis.clone(), workflow.name.clone());
        let required = workflow.depends_on.iter().filter(|(_, optional)| !optional);
        let required: Vec<String> = required.map(|(name, _)| name.clone()).collect();
        for needed in required {
            let pair = (own.clone(), needed);
            if told.contains(&pair) {
                continue;
            }
            let formula = |pipeline: &Pipeline, formulas: &mut Formulas| vanishes(at, &pair.1, pipeline, formulas);
            let dropped = |plan: &Plan| {
                let is_it = |it: &crate::plan::WorkflowPlan| it.name == own && it.verdict == Verdict::Dropped;
                plan.workflows.iter().any(is_it)
            };
            if let Some(witness) = changes.find(&mut known, formula, dropped) {
                let shown = changes.read(file, &axis, |reading| problem(reading, &pair.1, &witness)).flatten();
                out.extend(shown.map(|problem| filtered_by(problem, changes, &pair.1)));
                told.push(pair);
            }
        }
    }
}

/// That the workflow `at` is let through, and none called `needed` is.
fn vanishes(at: usize, needed: &str, pipeline: &Pipeline, formulas: &mut Formulas) -> Formula {
    let named = pipeline.workflows.iter().filter(|other| other.name == needed);
    let named: Vec<Formula> = named.map(|other| other.passes).collect();
    let Some(workflow) = pipeline.workflows.get(at).filter(|_| !named.is_empty()) else { return Formula::FALSE };
    let is_there = formulas.any(named);
    // Where only its clone step is left, nobody misses it.
    let own = workflow.steps.iter().filter(|step| step.step_type != StepType::Clone);
    let does_something = formulas.any(own.map(|step| step.passes));
    formulas.all([workflow.passes, does_something, !is_there, !pipeline.refused])
}

fn problem(reading: &Reading<'_>, needed: &str, witness: &Witness) -> Option<Problem> {
    let dependency = reading.workflow.depends_on.iter().find(|it| it.name == needed && !it.optional)?;
    let server = reading.context.server;
    let (own, other, what) = (escape(reading.file.name()), escape(needed), witness.phrase(server));
    let message = format!("{what} drops workflow `{own}` without a word: it requires `{other}`, which is filtered");
    let place = &dependency.place;
    let problem = reading.label(RULE.problem(message), place, place.span, "required here");
    Some(problem.help(if server.has(Difference::OptionalDependencies) {
        "give both workflows the same conditions, or make the dependency optional (`{name: …, optional: true}`)"
    } else {
        "give both workflows the same conditions"
    }))
}

/// `problem` with the conditions of the workflow that is needed.
fn filtered_by(problem: Problem, changes: &Changes<'_>, needed: &str) -> Problem {
    let Some(workflow) = changes.workflows().iter().find(|workflow| workflow.name == needed) else { return problem };
    let when = changes.read(workflow.file, &workflow.axis, |reading| reading.workflow.when.place.clone()).flatten();
    match when {
        Some(when) => problem.label(workflow.file, when.span, format!("filters `{}` out", escape(needed))),
        None => problem,
    }
}
