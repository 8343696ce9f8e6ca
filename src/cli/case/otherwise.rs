//! Which steps the forge's list decides otherwise than all that changed would.

use std::collections::HashMap;

use super::Case;
use crate::plan::{Plan, StepPlan, Verdict, WorkflowPlan};
use crate::source::FileId;
use crate::text::{escape, to_server_string};

/// How many steps are named before the rest is counted.
const STEPS_NAMED: usize = 10;

/// A step in all plans of the same files: its file, its axis, its name and place among those of its name.
type Key<'p> = (FileId, Vec<(&'p str, &'p str)>, &'p str, usize);

/// One note for each step of `plan`, which goes by the forge's list, that `all`, which goes by all that changed, decides otherwise.
pub(super) fn notes(case: &Case, plan: &Plan, all: &Plan) -> Vec<String> {
    let others: HashMap<Key<'_>, (&WorkflowPlan, &StepPlan)> =
        steps(all).map(|(key, workflow, step)| (key, (workflow, step))).collect();
    let forge = case.context.forge();
    let mut notes = Vec::new();
    let mut more = 0_usize;
    for (key, workflow, step) in steps(plan) {
        let Some(&(other_workflow, other)) = others.get(&key) else { continue };
        let (ours, theirs) = (effective(workflow, step), effective(other_workflow, other));
        if ours == theirs {
            continue;
        }
        if notes.len() == STEPS_NAMED {
            more += 1;
            continue;
        }
        let name = escape(&step.name);
        let of = escape(&workflow.name);
        let because = match deciding(case, other_workflow, other) {
            Some(file) => format!("{forge} does not list `{}`, which changed", escape(&file)),
            None => format!("{forge}'s list is not what changed"),
        };
        notes.push(format!(
            "{because}: `{name}` of `{of}` {}, and by all that changed it would {}",
            does(ours),
            would(theirs),
        ));
    }
    if more > 0 {
        notes.push(format!("… and so with {more} more steps"));
    }
    notes
}

fn steps(plan: &Plan) -> impl Iterator<Item = (Key<'_>, &WorkflowPlan, &StepPlan)> {
    plan.workflows.iter().flat_map(|workflow| {
        let axis: Vec<_> = workflow.axis.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        workflow.steps.iter().map(move |step| {
            let place = seen.entry(&step.name).or_insert(0);
            *place += 1;
            ((workflow.file, axis.clone(), step.name.as_str(), *place), workflow, step)
        })
    })
}

/// A step of a workflow that does not run does not run.
fn effective(workflow: &WorkflowPlan, step: &StepPlan) -> Verdict {
    if matches!(workflow.verdict, Verdict::Run | Verdict::Unknown) { step.verdict } else { workflow.verdict }
}

fn does(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Run => "runs",
        Verdict::Skip => "is skipped",
        Verdict::Unknown => "is unknown",
        Verdict::Dropped => "is dropped",
        Verdict::Error => "is in error",
    }
}

fn would(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Run => "run",
        Verdict::Skip => "be skipped",
        Verdict::Unknown => "be unknown",
        Verdict::Dropped => "be dropped",
        Verdict::Error => "be in error",
    }
}

/// The file that decided about the step and that the forge does not list.
fn deciding(case: &Case, workflow: &WorkflowPlan, step: &StepPlan) -> Option<String> {
    let reasons = step.reasons.iter().chain(&workflow.reasons);
    let listed = case.context.files();
    let files = reasons.filter_map(|reason| reason.file.as_deref());
    let mut hidden = files.filter(|file| !listed.contains_path(file));
    hidden.next().map(to_server_string)
}
