//! The answer of `check` for programs. The shape is described in `docs/check.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::CheckAnswer;
use crate::report::Unread;
use crate::report::json::{Change, ProblemJson, SCHEMA_VERSION, change, policies, problem, write_json};
use crate::report::policies::PolicyJson;
use crate::report::proofs::{ProofJson, proof_json};

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    passed: bool,
    change: Option<Change<'a>>,
    pipeline: Option<&'static str>,
    policies: Vec<PolicyJson<'a>>,
    proofs: Vec<ProofJson<'a>>,
    sections: Vec<Section<'a>>,
    files: Vec<&'a str>,
    problems: Vec<ProblemJson<'a>>,
    unread: &'a [Unread],
}

#[derive(Serialize)]
struct Section<'a> {
    name: &'static str,
    passed: bool,
    summary: &'a str,
    /// The first of its problems, and the one behind its last.
    problems: [usize; 2],
}

/// Writes `answer` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_check_json(out: &mut dyn Write, answer: &CheckAnswer<'_>) -> io::Result<()> {
    let findings = &answer.findings;
    let sections = answer.sections.iter().map(|section| Section {
        name: section.title,
        passed: section.is_well,
        summary: &section.summary,
        problems: [section.problems.start, section.problems.end],
    });
    let root = Root {
        schema_version: SCHEMA_VERSION,
        passed: answer.is_passed(),
        change: answer.explanation.as_ref().map(change),
        pipeline: answer.explanation.as_ref().map(|it| it.plan.outcome.name()),
        policies: answer.explanation.as_ref().map(policies).unwrap_or_default(),
        proofs: answer
            .proofs
            .map(|proofs| proofs.proofs.iter().map(|it| proof_json(it, proofs.files)).collect())
            .unwrap_or_default(),
        sections: sections.collect(),
        files: findings.files.iter().map(|(_, source)| source.name()).collect(),
        problems: findings.problems.iter().map(|it| problem(it, findings.files)).collect(),
        unread: findings.unread,
    };
    write_json(out, &root)
}
