//! The answer of `check` for people.

use std::io::{self, Write};

use super::{CheckAnswer, proof_told};
use crate::diag::{Problem, Severity};
use crate::report::frame::write_problem;
use crate::report::human::write_change;
use crate::report::style::{Paint, Style};
use crate::text::escape;

/// Writes `answer` for a person. Notes are counted only, unless `style` is verbose: they stop no merge.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_check(out: &mut dyn Write, answer: &CheckAnswer<'_>, style: Style) -> io::Result<()> {
    if let Some(explanation) = &answer.explanation {
        write_change(out, explanation, style)?;
        writeln!(out)?;
    }
    let width = answer.sections.iter().map(|section| section.title.len()).max().unwrap_or(0);
    for section in answer.sections {
        let mark = style.mark(Some(section.is_well));
        let title = style.paint(Paint::Bold, format!("{:<width$}", section.title));
        writeln!(out, "{mark} {title}  {}", section.summary)?;
        if section.title == "policies" {
            for policy in answer.policies() {
                writeln!(out, "  {} {}{}", style.mark(policy.is_kept()), escape(&policy.name), policy.told())?;
            }
        }
        if section.title == "proofs" {
            for proof in answer.proofs() {
                writeln!(
                    out,
                    "  {} {}{}",
                    style.mark(proof.status.holds()),
                    escape(&proof.policy.name),
                    proof_told(proof)
                )?;
            }
        }
        let shown = |problem: &&Problem| style.verbose || problem.severity > Severity::Note;
        let mut problems = answer.problems(section).iter().filter(shown).peekable();
        if problems.peek().is_some() {
            writeln!(out)?;
        }
        for problem in problems {
            write_problem(out, problem, answer.findings.files, style)?;
        }
    }
    let paint = if answer.is_passed() { Paint::Good } else { Paint::Bad };
    write!(out, "\n{}", style.paint(paint, answer.verdict()))?;
    if !style.verbose && answer.findings.count(Severity::Note) > 0 {
        write!(out, "{}", style.paint(Paint::Dim, " (`--verbose` shows the notes)"))?;
    }
    writeln!(out)
}
