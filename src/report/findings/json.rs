//! Findings for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{Findings, Unread};
use crate::diag::Severity;
use crate::fleet::Profile;
use crate::report::json::{ProblemJson, SCHEMA_VERSION, problem, write_json};

#[derive(Serialize)]
struct FindingsJson<'a> {
    schema_version: u32,
    files: Vec<&'a str>,
    problems: Vec<ProblemJson<'a>>,
    rosters: Vec<RosterJson<'a>>,
    unread: &'a [Unread],
    notes: &'a [String],
    summary: Summary,
}

#[derive(Serialize)]
struct RosterJson<'a> {
    file: &'a str,
    profile: Option<&'a str>,
    agents: usize,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// Writes `findings` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings_json(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    let Findings { problems, files, rosters, unread, notes } = *findings;
    let roster = |roster: &crate::fleet::CheckedRoster| (files[roster.file].name(), roster.agents);
    let rosters = rosters.iter().map(|it| {
        let (file, agents) = roster(it);
        RosterJson { file, profile: it.profile.as_ref().map(Profile::name), agents }
    });
    let root = FindingsJson {
        schema_version: SCHEMA_VERSION,
        files: files.iter().map(|(_, source)| source.name()).collect(),
        problems: problems.iter().map(|it| problem(it, files)).collect(),
        rosters: rosters.collect(),
        unread,
        notes,
        summary: Summary {
            errors: findings.count(Severity::Error),
            warnings: findings.count(Severity::Warning),
            notes: findings.count(Severity::Note),
        },
    };
    write_json(out, &root)
}
