//! Findings for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Findings;
use crate::report::json::{ProblemJson, SCHEMA_VERSION, problem};

#[derive(Serialize)]
struct FindingsJson<'a> {
    schema_version: u32,
    files: Vec<&'a str>,
    problems: Vec<ProblemJson<'a>>,
}

/// Writes `findings` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings_json(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    let root = FindingsJson {
        schema_version: SCHEMA_VERSION,
        files: findings.files.iter().map(|(_, source)| source.name()).collect(),
        problems: findings.problems.iter().map(|it| problem(it, findings.files)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}
