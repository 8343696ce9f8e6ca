//! `fleet` for people.

use std::io::{self, Write};

use super::FleetAnswer;
use crate::diag::Severity;
use crate::report::frame::write_problem;
use crate::report::human::plural;
use crate::report::{Paint, Style};

/// Writes `answer` for a person: the problems, in the order of the files, and a summary. `quiet` leaves out notes.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_fleet(out: &mut dyn Write, answer: &FleetAnswer<'_>, quiet: bool, style: Style) -> io::Result<()> {
    for problem in answer.checked.problems().filter(|problem| !quiet || problem.severity > Severity::Note) {
        write_problem(out, problem, answer.files, style)?;
    }
    let looked_at = format!("{}, {}", plural(answer.files.len(), "roster"), plural(answer.agents(), "agent"));
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let counts = severities.map(|severity| (answer.count(severity), severity)).into_iter();
    let mut found: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, severity)| plural(count, severity.name())).collect();
    if found.is_empty() {
        found.push("no problems".to_owned());
    }
    if !answer.unread.is_empty() {
        found.push(format!("{} not read", plural(answer.unread.len(), "file")));
    }
    writeln!(out, "{}", style.paint(Paint::Bold, format!("{looked_at}: {}", found.join(", "))))
}
