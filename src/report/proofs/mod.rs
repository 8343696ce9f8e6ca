//! Proofs: what is known of each policy, and the change that breaks it.

#[cfg(feature = "cli")]
mod human;
mod json;

#[cfg(feature = "cli")]
pub use human::write_proofs;
pub use json::write_proofs_json;
#[cfg(feature = "cli")]
pub(super) use json::{ProofJson, proof_json};

use std::collections::BTreeMap;

use crate::plan::{StepPlan, WorkflowPlan};
use crate::prove::{Proof, Witness};
use crate::server::Version;
use crate::source::Sources;

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

#[cfg(feature = "cli")]
impl Proofs<'_> {
    /// How many are what: `1 refuted, 3 proved`.
    pub fn standing(&self) -> String {
        let count = |status: &str| self.proofs.iter().filter(|proof| proof.status.name() == status).count();
        super::counted(["refuted", "unknown", "proved"].map(|status| (count(status), status)))
    }
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
