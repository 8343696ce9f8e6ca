//! `prove` for programs. The shape is described in `docs/prove.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Proofs, verdicts};
use crate::policy::Outcome;
use crate::prove::{Proof, Status, Witness};
use crate::report::SCHEMA_VERSION;
use crate::report::json::{ProblemJson, problem, write_json};
use crate::report::policies::{BreachJson, breach};
use crate::source::Sources;

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    woodpecker: String,
    policies: Vec<ProofJson<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
pub(in crate::report) struct ProofJson<'a> {
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

/// Writes `proofs` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_proofs_json(out: &mut dyn Write, proofs: &Proofs<'_>) -> io::Result<()> {
    let root = Root {
        schema_version: SCHEMA_VERSION,
        woodpecker: proofs.server.to_string(),
        policies: proofs.proofs.iter().map(|proof| proof_json(proof, proofs.files)).collect(),
        notes: proofs.notes,
    };
    write_json(out, &root)
}

/// What is known of one policy.
pub(in crate::report) fn proof_json<'a>(proof: &'a Proof<'a>, files: &'a Sources) -> ProofJson<'a> {
    let because = match &proof.status {
        Status::Proved => None,
        Status::Refuted(witness) => Outcome::Broken(witness.breaches.clone()).told(&witness.plan),
        Status::Unknown { because, .. } => Some(because.clone()),
    };
    let witness = proof.status.witness().map(|it| witness(it, files));
    ProofJson { name: &proof.policy.name, status: proof.status.name(), witness, because }
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
        breaches: witness.breaches.iter().map(|it| breach(it, &witness.plan, files)).collect(),
        problems: problems.map(|it| problem(it, files)).collect(),
    }
}
