//! Findings and rules for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Findings;
use crate::lint::Rule;
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

#[derive(Serialize)]
struct RuleJson {
    id: &'static str,
    group: &'static str,
    level: &'static str,
    since: &'static str,
    summary: &'static str,
    page: &'static str,
}

/// Writes `rules` as a JSON list, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_rules_json(out: &mut dyn Write, rules: &[&Rule]) -> io::Result<()> {
    let json = |rule: &&Rule| {
        let Rule { id, since, summary, page, .. } = **rule;
        RuleJson { id, group: rule.group.name(), level: rule.level.name(), since, summary, page }
    };
    serde_json::to_writer_pretty(&mut *out, &rules.iter().map(json).collect::<Vec<_>>())?;
    writeln!(out)
}
