//! Findings for people.

use std::io::{self, Write};

use super::Findings;
use crate::diag::Severity;
use crate::report::frame::write_problem;
use crate::report::human::plural;
use crate::report::style::{Paint, Style};

/// Writes `findings` for a person: a code frame each, and a line that counts them.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings(out: &mut dyn Write, findings: &Findings<'_>, style: Style) -> io::Result<()> {
    for problem in findings.problems {
        write_problem(out, problem, findings.files, style)?;
    }
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let count = |severity| findings.problems.iter().filter(|problem| problem.severity == severity).count();
    let there =
        kinds.map(|(severity, name)| (severity, count(severity), name)).into_iter().filter(|(_, count, _)| *count > 0);
    let counts: Vec<String> = there.clone().map(|(_, count, name)| plural(count, name)).collect();
    let counts = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
    let paint = there.map(|(severity, ..)| Paint::from(severity)).next().unwrap_or(Paint::Good);
    writeln!(out, "{}", style.paint(paint, format!("{counts} in {}", plural(findings.files.len(), "file"))))
}
