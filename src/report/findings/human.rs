//! Findings for people.

use std::io::{self, Write};

use super::Findings;
use crate::diag::{Problem, Safety, Severity};
use crate::report::frame::write_problem;
use crate::report::style::{Paint, Style};

/// Writes `findings` for a person: a code frame each, and a line that counts them.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings(out: &mut dyn Write, findings: &Findings<'_>, style: Style) -> io::Result<()> {
    for problem in findings.problems {
        write_problem(out, problem, findings.files, style)?;
    }
    for note in findings.notes {
        writeln!(out, "{} {note}", style.paint(Paint::Place, "note:"))?;
    }
    let worst = findings.problems.iter().map(|problem| problem.severity).max();
    let paint = match worst {
        Some(severity @ (Severity::Error | Severity::Warning)) => Paint::from(severity),
        Some(Severity::Note) | None if !findings.unread.is_empty() => Paint::Bad,
        Some(Severity::Note) => Paint::from(Severity::Note),
        None => Paint::Good,
    };
    writeln!(out, "{}", style.paint(paint, findings.summary()))?;
    match fixable(findings) {
        (0, 0) => Ok(()),
        (safe, 0) => writeln!(out, "{safe} can be fixed with `--fix`"),
        (0, more) => writeln!(out, "{more} can be fixed with `--fix=unsafe`"),
        (safe, more) => writeln!(out, "{safe} can be fixed with `--fix`, {more} more with `--fix=unsafe`"),
    }
}

/// How many problems have a safe fix, and how many only others.
fn fixable(findings: &Findings<'_>) -> (usize, usize) {
    let best = |problem: &Problem| problem.fixes.iter().map(|fix| fix.safety).min();
    let count = |safety| findings.problems.iter().filter(|problem| best(problem) == Some(safety)).count();
    (count(Safety::Safe), count(Safety::Unsafe))
}
