//! Proofs: what is known of each policy, and the change that breaks it.

#[cfg(feature = "cli")]
mod human;
mod json;

#[cfg(feature = "cli")]
pub use human::write_proofs;
pub use json::write_proofs_json;

use std::collections::BTreeMap;

use crate::plan::{StepPlan, Verdict, WorkflowPlan};
use crate::policy::{Breach, Promise, Target};
use crate::prove::{Proof, Witness};
use crate::server::Version;
use crate::source::Sources;
use crate::text::escape;

/// What `prove` has to say.
#[derive(Clone, Copy, Debug)]
pub struct Proofs<'a> {
    /// The policies, and what is known of each.
    pub proofs: &'a [Proof<'a>],
    /// The workflow files.
    pub files: &'a Sources,
    /// The server that was asked for.
    pub server: Version,
    /// What was taken for granted: whole phrases, safe to print.
    pub notes: &'a [String],
}

/// What is broken, as a phrase: `build-web` has to run, but is skipped.
fn broken(breach: &Breach, witness: &Witness) -> String {
    let (workflow, step) = breach.target.of(&witness.plan);
    let what = match (workflow, step) {
        (Some(workflow), Some(step)) => format!("`{}` of {}", escape(&step.name), named(workflow)),
        (Some(workflow), None) => format!("workflow {}", named(workflow)),
        (None, _) => "the pipeline".to_owned(),
    };
    let promised = match breach.promise {
        Promise::Always => "has to run",
        Promise::Never => "must not run",
    };
    let happens = match breach.verdict {
        Verdict::Run => "runs",
        Verdict::Skip => "is skipped",
        Verdict::Unknown => "hangs on the server",
        Verdict::Dropped => "is dropped",
        Verdict::Error => "is refused",
    };
    format!("{what} {promised}, but {happens}")
}

/// The workflow's name and axis: `ci` [GO=1.22].
fn named(workflow: &WorkflowPlan) -> String {
    let axis: Vec<String> =
        workflow.axis.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let axis = if axis.is_empty() { String::new() } else { format!(" [{}]", axis.join(", ")) };
    format!("`{}`{axis}", escape(&workflow.name))
}

/// Each step's verdict under its name, or, where several steps of one name differ, under `workflow/step`, and then under the axis, too.
fn verdicts(witness: &Witness) -> BTreeMap<String, &'static str> {
    let steps = || {
        let workflows = witness.plan.workflows.iter();
        workflows.flat_map(|workflow| workflow.steps.iter().map(move |step| (workflow, step)))
    };
    let keys: [fn(&WorkflowPlan, &StepPlan) -> String; 3] = [
        |_, step| step.name.clone(),
        |workflow, step| format!("{}/{}", workflow.name, step.name),
        |workflow, step| {
            let axis: Vec<String> = workflow.axis.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{}[{}]/{}", workflow.name, axis.join(","), step.name)
        },
    ];
    let groups = keys.map(|key| {
        let mut group: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
        for (workflow, step) in steps() {
            let verdict = step.verdict.name();
            let known = group.entry(key(workflow, step)).or_insert(Some(verdict));
            if *known != Some(verdict) {
                *known = None;
            }
        }
        group
    });
    let mut verdicts = BTreeMap::new();
    for (workflow, step) in steps() {
        let found = keys.iter().zip(&groups).find_map(|(key, group)| {
            let key = key(workflow, step);
            let verdict = group.get(&key).copied().flatten()?;
            Some((key, verdict))
        });
        // Steps of one name in one workflow: the last counts, as it does for the server.
        let (key, verdict) = found.unwrap_or_else(|| (keys[2](workflow, step), step.verdict.name()));
        verdicts.insert(key, verdict);
    }
    verdicts
}

/// The breaches that are told: a refused pipeline breaks everything that had to run, so there the pipeline is enough.
fn told(witness: &Witness) -> Vec<Breach> {
    let refused = |breach: &Breach| breach.verdict == Verdict::Error;
    match witness.breaches.iter().find(|breach| refused(breach)) {
        Some(first) if witness.plan.is_refused() => vec![Breach { target: Target::Pipeline, ..*first }],
        _ => witness.breaches.clone(),
    }
}
