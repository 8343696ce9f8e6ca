//! `prove` for programs. The shape is described in `docs/prove.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Proofs, broken, told, verdicts};
use crate::policy::Breach;
use crate::prove::{Proof, Status, Witness};
use crate::report::SCHEMA_VERSION;
use crate::report::json::{ProblemJson, ReasonJson, problem, reasons};
use crate::source::Sources;

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    woodpecker: String,
    policies: Vec<PolicyJson<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct PolicyJson<'a> {
    name: &'a str,
    status: &'static str,
    witness: Option<WitnessJson<'a>>,
    because: Option<String>,
}

#[derive(Serialize)]
struct WitnessJson<'a> {
    event: &'a str,
    branch: Option<&'a str>,
    #[serde(rename = "ref")]
    git_ref: Option<&'a str>,
    message: &'a str,
    values: BTreeMap<&'static str, &'a str>,
    changed_files: &'a [String],
    pipeline: &'static str,
    verdicts: BTreeMap<String, &'static str>,
    breaches: Vec<BreachJson<'a>>,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct BreachJson<'a> {
    promise: &'static str,
    workflow: Option<&'a str>,
    matrix: Option<&'a BTreeMap<String, String>>,
    step: Option<&'a str>,
    verdict: &'static str,
    reasons: Vec<ReasonJson<'a>>,
}

/// Writes `proofs` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_proofs_json(out: &mut dyn Write, proofs: &Proofs<'_>) -> io::Result<()> {
    let root = Root {
        schema_version: SCHEMA_VERSION,
        woodpecker: proofs.server.to_string(),
        policies: proofs.proofs.iter().map(|proof| policy(proof, proofs.files)).collect(),
        notes: proofs.notes,
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}

fn policy<'a>(proof: &'a Proof<'a>, files: &'a Sources) -> PolicyJson<'a> {
    let because = match &proof.status {
        Status::Proved => None,
        Status::Refuted(witness) => told(witness).first().map(|breach| broken(breach, witness)),
        Status::Unknown { because, .. } => Some(because.clone()),
    };
    let witness = proof.status.witness().map(|it| witness(it, files));
    PolicyJson { name: &proof.policy.name, status: proof.status.name(), witness, because }
}

fn witness<'a>(witness: &'a Witness, files: &'a Sources) -> WitnessJson<'a> {
    let context = &witness.context;
    let problems = witness.plan.problems.iter().filter(|_| witness.plan.is_refused());
    WitnessJson {
        event: context.event().as_str(),
        branch: context.branch(),
        git_ref: context.git_ref(),
        message: context.message(),
        values: witness.change.values.iter().map(|(key, value)| (key.name(), value.as_str())).collect(),
        changed_files: &witness.change.files,
        pipeline: witness.plan.outcome.name(),
        verdicts: verdicts(witness),
        breaches: witness.breaches.iter().map(|it| breach(it, witness, files)).collect(),
        problems: problems.map(|it| problem(it, files)).collect(),
    }
}

fn breach<'a>(breach: &Breach, witness: &'a Witness, files: &'a Sources) -> BreachJson<'a> {
    let (workflow, step) = breach.target.of(&witness.plan);
    let why = step.map(|step| &step.reasons).or(workflow.map(|workflow| &workflow.reasons));
    BreachJson {
        promise: breach.promise.name(),
        workflow: workflow.map(|workflow| workflow.name.as_str()),
        matrix: workflow.map(|workflow| &workflow.axis),
        step: step.map(|step| step.name.as_str()),
        verdict: breach.verdict.name(),
        reasons: workflow.zip(why).map(|(workflow, why)| reasons(why, workflow.file, files)).unwrap_or_default(),
    }
}
