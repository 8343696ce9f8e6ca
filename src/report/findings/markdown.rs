//! Findings as Markdown: a table for the summary of a job or a comment on a review.
//!
//! Whatever came from a repository stands in `<code>`, where hosts look for no names and numbers to link, with every character that
//! Markdown or HTML could act on as its entity. At most 200 findings are listed: hosts refuse long comments.

use std::io::{self, Write};

use super::Findings;
use crate::diag::{Problem, Severity};
use crate::report::markdown::{code, phrase};
use crate::text::escape;

/// The most findings that are listed.
const MAX_ROWS: usize = 200;

/// Writes `findings` as Markdown, as GitHub and its likes read it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings_markdown(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    let mark = match (findings.is_wrong(), findings.unread.is_empty()) {
        (false, true) => "✅",
        (true, _) if findings.count(Severity::Error) == 0 => "⚠️",
        _ => "❌",
    };
    writeln!(out, "**wp-gate** {mark} {}", findings.summary())?;
    write_rows(out, findings)
}

/// Writes what was found, without a heading.
pub(in crate::report) fn write_rows(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    if !findings.problems.is_empty() {
        writeln!(out, "\n| | where | what |\n| --- | --- | --- |")?;
    }
    for problem in findings.problems.iter().take(MAX_ROWS) {
        let rule = code(problem.code);
        let help = problem.help.as_ref().map(|help| format!("<br>{}", phrase(help))).unwrap_or_default();
        let (severity, place) = (problem.severity.name(), place(problem, findings));
        writeln!(out, "| {severity} | {place} | {}{help}<br><sub>{rule}</sub> |", phrase(&problem.message))?;
    }
    let more = findings.problems.len().saturating_sub(MAX_ROWS);
    if more > 0 {
        writeln!(out, "\n{more} more are not listed.")?;
    }
    let unread = findings.unread.iter().map(|unread| format!("error: {}", phrase(&unread.message)));
    let notes = findings.notes.iter().map(|note| format!("note: {}", phrase(note)));
    let rest: Vec<String> = unread.chain(notes).collect();
    if !rest.is_empty() {
        writeln!(out)?;
    }
    rest.iter().try_for_each(|line| writeln!(out, "- {line}"))
}

/// The file, line and column of `problem`.
fn place(problem: &Problem, findings: &Findings<'_>) -> String {
    let Some(label) = problem.labels.first() else { return String::new() };
    let start = findings.region(label).0;
    code(&format!("{}:{}:{}", escape(findings.files[label.file].name()), start.line, start.column))
}
