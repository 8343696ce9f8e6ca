//! `fleet` for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{FleetAnswer, Unread};
use crate::diag::Severity;
use crate::fleet::Profile;
use crate::report::SCHEMA_VERSION;
use crate::report::json::{ProblemJson, problem};

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    rosters: Vec<RosterJson<'a>>,
    problems: Vec<ProblemJson<'a>>,
    unread: &'a [Unread],
    summary: Summary,
}

#[derive(Serialize)]
struct RosterJson<'a> {
    file: &'a str,
    profile: Option<&'a str>,
    agents: usize,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct Summary {
    rosters: usize,
    agents: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// Writes `answer` as one JSON object, indented, with a line break at the end. The problems at its top are those that concern no single roster.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_fleet_json(out: &mut dyn Write, answer: &FleetAnswer<'_>) -> io::Result<()> {
    let FleetAnswer { checked, files, unread } = *answer;
    let rosters = checked.rosters.iter().map(|roster| RosterJson {
        file: files[roster.file].name(),
        profile: roster.profile.as_ref().map(Profile::name),
        agents: roster.agents,
        problems: roster.problems.iter().map(|it| problem(it, files)).collect(),
    });
    let root = Root {
        schema_version: SCHEMA_VERSION,
        rosters: rosters.collect(),
        problems: checked.problems.iter().map(|it| problem(it, files)).collect(),
        unread,
        summary: Summary {
            rosters: files.len(),
            agents: answer.agents(),
            errors: answer.count(Severity::Error),
            warnings: answer.count(Severity::Warning),
            notes: answer.count(Severity::Note),
        },
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}
