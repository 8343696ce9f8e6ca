use super::super::changes::{Changes, Refuted, is_own};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::witness::Witness;
use crate::diag::Problem;
use crate::plan::{Plan, StepType, Verdict};
use crate::prove::{Formula, Formulas, Pipeline};

pub(super) static RULE: Rule = Rule {
    id: "clone-only-run",
    group: Group::Suspicious,
    level: Level::Off,
    since: "0.1.0",
    summary: "a change schedules the workflow although none of its steps runs",
    page: include_str!("clone_only_run.md"),
    echo: None,
    checks: &[Check::Changes(check)],
};

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let mut known = Refuted::default();
    for at in 0..changes.workflows().len() {
        let formula = |pipeline: &Pipeline, formulas: &mut Formulas| clones_only(at, pipeline, formulas);
        let is_so = |plan: &Plan| {
            plan.workflows.get(at).is_some_and(|workflow| {
                let runs = |own: bool| {
                    let steps = workflow.steps.iter().filter(move |step| (step.step_type != StepType::Clone) == own);
                    steps.filter(|step| step.verdict == Verdict::Run).count()
                };
                // Alone, it may lack a workflow that it requires.
                workflow.verdict == Verdict::Dropped || workflow.verdict == Verdict::Run && runs(true) == 0
            })
        };
        if let Some(witness) = changes.find(&mut known, formula, is_so) {
            let workflow = &changes.workflows()[at];
            let (file, axis) = (workflow.file, workflow.axis.clone());
            out.extend(changes.read(file, &axis, |reading| problem(reading, &witness)));
            return;
        }
    }
}

/// That the workflow is scheduled, and neither a step nor a service of its own is left.
fn clones_only(at: usize, pipeline: &Pipeline, formulas: &mut Formulas) -> Formula {
    let Some(workflow) = pipeline.workflows.get(at) else { return Formula::FALSE };
    let own = workflow.steps.iter().filter(|step| is_own(step) || step.step_type == StepType::Service);
    let own = formulas.any(own.map(|step| step.passes));
    formulas.all([workflow.passes, !own])
}

fn problem(reading: &Reading<'_>, witness: &Witness) -> Problem {
    let message = format!("{} clones the repository, and then runs no step", witness.phrase(reading.context.server));
    let problem = RULE.problem(message);
    let (place, text) = match (&reading.workflow.when.place, reading.workflow.steps.first()) {
        (Some(when), _) => (when, "lets it through"),
        (None, Some(step)) => (&step.name.place, "neither this step runs, nor another one"),
        (None, None) => return problem,
    };
    let problem = reading.label(problem, place, place.span, text);
    problem.help("give the workflow a `when` of its own, which lets through only what some step is for")
}
