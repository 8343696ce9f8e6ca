//! The answer of `check` as Markdown, for the summary of a job or a comment.

use std::io::{self, Write};

use super::{CheckAnswer, proof_told};
use crate::report::Explanation;
use crate::report::findings::markdown::write_rows;
use crate::report::markdown::{code, phrase};
use crate::text::escape;

/// The most lines about policies; hosts refuse long comments.
const MAX_POLICIES: usize = 100;

/// Writes `answer` as Markdown, as GitHub and its likes read it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_check_markdown(out: &mut dyn Write, answer: &CheckAnswer<'_>) -> io::Result<()> {
    let mark = if answer.is_passed() { "✅" } else { "❌" };
    writeln!(out, "**wp-gate check** {mark} {}\n", answer.verdict())?;
    if let Some(explanation) = &answer.explanation {
        writeln!(out, "{}\n", change(explanation))?;
    }
    writeln!(out, "| | | |\n| --- | --- | --- |")?;
    for section in answer.sections {
        let mark = if section.is_well { "✅" } else { "❌" };
        writeln!(out, "| {mark} | {} | {} |", section.title, phrase(&section.summary))?;
    }
    let policies = answer.policies().iter().map(|it| (it.is_kept(), &it.name, it.told().to_owned()));
    let proofs = answer.proofs().iter();
    let proofs = proofs.map(|it| (it.status.holds(), &it.policy.name, format!(" over every change{}", proof_told(it))));
    let lines: Vec<_> = policies.chain(proofs).collect();
    if !lines.is_empty() {
        writeln!(out)?;
    }
    for (well, name, told) in lines.iter().take(MAX_POLICIES) {
        let mark = match well {
            Some(true) => "✅",
            Some(false) => "❌",
            None => "➖",
        };
        writeln!(out, "- {mark} {}{}", code(&escape(name).to_string()), phrase(told))?;
    }
    let more = lines.len().saturating_sub(MAX_POLICIES);
    if more > 0 {
        writeln!(out, "\n{more} more lines about policies are left out.")?;
    }
    write_rows(out, &answer.findings)
}

/// The change, in a line.
fn change(explanation: &Explanation<'_>) -> String {
    let context = explanation.context;
    let shown = |text: &str| code(&escape(text).to_string());
    let branch = context.branch().map(|branch| format!(" on {}", shown(branch))).unwrap_or_default();
    let subject = context.message().lines().next().unwrap_or_default();
    let commit = context.commit().map(|id| format!(", {} {}", shown(id.get(..10).unwrap_or(id)), shown(subject)));
    let files = match context.files().len() {
        0 => "no changed file".to_owned(),
        1 => "1 changed file".to_owned(),
        count => format!("{count} changed files"),
    };
    let event = shown(context.event().as_str());
    format!("{event}{branch}{}; Woodpecker {}, {files}.", commit.unwrap_or_default(), explanation.server)
}
