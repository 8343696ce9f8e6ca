//! The answer of `check` for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::CheckAnswer;
use crate::report::Unread;
use crate::report::json::{Change, ProblemJson, SCHEMA_VERSION, change, problem};

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    passed: bool,
    change: Option<Change<'a>>,
    pipeline: Option<&'static str>,
    policies: Vec<Policy<'a>>,
    proofs: Vec<Proof<'a>>,
    sections: Vec<Section<'a>>,
    files: Vec<&'a str>,
    problems: Vec<ProblemJson<'a>>,
    unread: &'a [Unread],
}

#[derive(Serialize)]
struct Policy<'a> {
    name: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
struct Proof<'a> {
    name: &'a str,
    status: &'static str,
    because: Option<&'a str>,
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
        passed: answer.is_well(section),
        summary: &section.summary,
        problems: [section.problems.start, section.problems.end],
    });
    let root = Root {
        schema_version: SCHEMA_VERSION,
        passed: answer.is_passed(),
        change: answer.explanation.as_ref().map(change),
        pipeline: answer.explanation.as_ref().map(|it| it.plan.outcome.name()),
        policies: answer.policies.iter().map(|it| Policy { name: &it.name, status: it.status() }).collect(),
        proofs: answer
            .proofs
            .iter()
            .map(|it| Proof { name: &it.name, status: it.status, because: it.because.as_deref() })
            .collect(),
        sections: sections.collect(),
        files: findings.files.iter().map(|(_, source)| source.name()).collect(),
        problems: findings.problems.iter().map(|it| problem(it, findings.files)).collect(),
        unread: findings.unread,
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}
