//! Findings as annotations: workflow commands in a log, which GitHub Actions shows beside the lines.
//!
//! `::error file=F,line=L,col=C,endLine=L,endColumn=C,title=RULE::MESSAGE`, with `%`, CR and LF escaped everywhere, and `:` and `,` in
//! properties, as the runner's toolkit does (`packages/core/src/command.ts`). Lines and columns count from 1, columns in characters; the end is
//! exclusive. The host shows ten annotations of each kind a step.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Findings;
use crate::diag::{Problem, Severity};

/// Writes `findings` as annotations, one a line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings_github(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    for problem in findings.problems {
        let command = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let (place, message) = (place(problem, findings), data(&message(problem)));
        writeln!(out, "::{command} {place}title={}::{message}", property(problem.code))?;
    }
    for unread in findings.unread {
        writeln!(out, "::error file={}::{}", property(&unread.file), data(&unread.message))?;
    }
    for note in findings.notes {
        writeln!(out, "::notice ::{}", data(note))?;
    }
    Ok(())
}

/// The properties that say where `problem` is, each with a comma behind it.
fn place(problem: &Problem, findings: &Findings<'_>) -> String {
    let Some(label) = problem.labels.first() else { return String::new() };
    let (start, end) = findings.region(label);
    let mut place = format!("file={},line={},", property(findings.files[label.file].name()), start.line);
    let written = if start.line == end.line {
        write!(place, "col={},endColumn={},", start.column, end.column)
    } else {
        // Columns of a range of lines are refused.
        write!(place, "endLine={},", end.line)
    };
    written.expect("internal: a string takes all that is written");
    place
}

fn message(problem: &Problem) -> String {
    match &problem.help {
        Some(help) => format!("{}\nhelp: {help}", problem.message),
        None => problem.message.clone(),
    }
}

/// `text` as the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `text` as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
