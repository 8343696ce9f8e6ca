use std::io::{self, Write};

use super::standing;
use crate::report::style::{Paint, Style};
use crate::report::{Explanation, policies_told};
use crate::text::escape;

/// Writes how the policies stand, if there are any: one line, and one more for each that is not kept.
///
/// # Errors
/// When `out` cannot be written to.
pub(in crate::report) fn write_policies(
    out: &mut dyn Write,
    explanation: &Explanation<'_>,
    style: Style,
) -> io::Result<()> {
    let answers = explanation.policies;
    if answers.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", style.paint(Paint::Bold, format!("{}: {}", policies_told(answers.len()), standing(answers))))?;
    for answer in answers {
        if let Some(told) = answer.because(explanation.plan) {
            writeln!(out, "  {} {}: {told}", style.mark(answer.is_kept()), escape(&answer.name))?;
        }
    }
    Ok(())
}
