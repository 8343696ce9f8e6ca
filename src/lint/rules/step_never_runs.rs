use indexmap::IndexSet;

use super::super::changes::{Changes, may_fail};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Problem, Severity};
use crate::plan::StepType;
use crate::prove::Formula;
use crate::source::Span;
use crate::text::escape;
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "step-never-runs",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "conditions that no change, event or matrix axis meets",
    page: include_str!("step_never_runs.md"),
    echo: None,
    checks: &[Check::Changes(check)],
};

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let workflows = changes.workflows();
    let Some(first) = workflows.first() else { return };
    let (file, axis) = (first.file, first.axis.clone());
    if workflows.iter().any(|workflow| may_fail(&workflow.when)) {
        return;
    }
    let is_gated = workflows.iter().all(|workflow| !workflow.when.entries.is_empty());
    if is_gated && !can_run(changes, None) {
        let shown = changes.read(file, &axis, |reading| never_scheduled(reading, out)).flatten();
        out.extend(shown);
        return;
    }
    let mut steps: IndexSet<(usize, Span)> = IndexSet::new();
    for workflow in changes.workflows() {
        for (at, step) in workflow.steps.iter().enumerate() {
            let Some(span) = step.span.filter(|_| !step.when.entries.is_empty()) else { continue };
            let fails = may_fail(&step.when) || step.step_type == StepType::Clone;
            if !fails {
                steps.insert((at, span));
            }
        }
    }
    steps.retain(|step| !can_run(changes, Some(*step)));
    if !steps.is_empty() {
        changes.read(file, &axis, |reading| {
            for (_, name) in steps {
                let shown = never_runs(reading, name, out);
                out.extend(shown);
            }
        });
    }
}

/// Whether some change may run the step, or schedule the workflow; also where that is not clear.
fn can_run(changes: &mut Changes<'_>, step: Option<(usize, Span)>) -> bool {
    let (pipelines, decider) = changes.each();
    pipelines.iter().any(|(event, pipeline)| {
        pipeline.workflows.iter().any(|workflow| {
            let steps = match step {
                None => workflow.when.entries.as_slice(),
                Some((at, span)) => match workflow.steps.get(at).filter(|step| step.span == Some(span)) {
                    Some(step) => step.when.entries.as_slice(),
                    // The text of another axis: nothing is said of it.
                    None => return true,
                },
            };
            let formulas = decider.formulas(event);
            let passes = formulas.any(steps.iter().map(|entry| entry.passes));
            let lets_in = formulas.any(workflow.when.entries.iter().map(|entry| entry.passes));
            let lets_in = if workflow.when.entries.is_empty() { Formula::TRUE } else { lets_in };
            let runs = formulas.all([passes, lets_in]);
            !decider.is_never(event, runs)
        })
    })
}

/// Whether these conditions take in a variable with `${…}`: it may be given by hand, which the planner does not tell apart from its not
/// being there.
fn takes_in(reading: &Reading<'_>, when: &Place) -> bool {
    reading.file.source().slice(when.span).contains("${")
}

/// Whether something is found already that is wrong inside of these conditions, which may well be why.
fn is_explained(reading: &Reading<'_>, when: &Place, found: &[Problem]) -> bool {
    let is_inside = |problem: &Problem| {
        let label = problem.labels.first().filter(|label| label.file == reading.id());
        problem.severity > Severity::Note && label.is_some_and(|label| when.span.contains(label.span))
    };
    found.iter().any(is_inside)
}

fn never_scheduled(reading: &Reading<'_>, found: &[Problem]) -> Option<Problem> {
    let when = reading
        .workflow
        .when
        .place
        .as_ref()
        .filter(|when| !takes_in(reading, when) && !is_explained(reading, when, found))?;
    let problem = RULE.problem("no change runs this workflow: its conditions contradict each other");
    let problem = reading.label(problem, when, when.span, "no change meets these conditions");
    Some(problem.help("correct the conditions, or take the workflow away"))
}

fn never_runs(reading: &Reading<'_>, name: Span, found: &[Problem]) -> Option<Problem> {
    let step = reading.steps().find(|step| step.name.place.span == name)?;
    let message = format!("no change runs step `{}`", escape(&step.name.value));
    let when =
        step.when.place.as_ref().filter(|when| !takes_in(reading, when) && !is_explained(reading, when, found))?;
    let problem = reading.label(RULE.problem(message), when, when.span, "no change meets these conditions");
    let problem = match &reading.workflow.when.place {
        Some(place) => problem.label(reading.id(), place.span, "and those of the workflow"),
        None => problem,
    };
    Some(problem.help("correct the conditions, or take the step away"))
}
