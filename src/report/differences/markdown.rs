//! `diff` as a comment on a review.

use std::io::{self, Write};

use super::{COMMITS_SHOWN, Differences, UNDECIDED_SHOWN, example, fate, named, of_commits, steps};
use crate::prove::Shift;
use crate::report::markdown::{code, phrase};
use crate::report::plural;
use crate::text::escape;

/// The most differences that are told: hosts refuse long comments.
const MAX_DIFFERENCES: usize = 50;

/// Writes what differs as Markdown, as GitHub and its likes read it, with whatever came from a repository escaped.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_differences_markdown(out: &mut dyn Write, differences: &Differences<'_>) -> io::Result<()> {
    let Differences { before, after, comparison, server, notes, .. } = *differences;
    let [before, after] = [before, after].map(|side| code(&escape(side).to_string()));
    let summary = match (comparison.differences.len(), comparison.undecided.is_empty()) {
        (0, true) => "✅ the gates are equivalent: every change runs the same".to_owned(),
        (0, false) => "⚠️ no difference was found, but not everything was decided".to_owned(),
        (count, _) => format!("the gates differ: {}", plural(count, "difference")),
    };
    writeln!(out, "**wp-gate** {summary}\n\n{after} compared with {before}, on Woodpecker {server}")?;
    for difference in comparison.differences.iter().take(MAX_DIFFERENCES) {
        let sign = match difference.shift {
            Shift::Lost => "➖",
            Shift::Gained => "➕",
        };
        writeln!(out, "\n{sign} {}", phrase(&named(&difference.targets)))?;
        for kind in &difference.kinds {
            let example = example(kind).map(|example| format!(" (such as {})", code(&example))).unwrap_or_default();
            writeln!(out, "- {}: **{}**{example}", phrase(&kind.to_string()), fate(kind))?;
        }
        if let Some(more) = &difference.more {
            writeln!(out, "- perhaps for other changes, too: {}", phrase(more))?;
        }
    }
    let more = comparison.differences.len().saturating_sub(MAX_DIFFERENCES);
    if more > 0 {
        writeln!(out, "\n{more} more are not listed.")?;
    }
    if let Some(replay) = differences.replay {
        writeln!(out, "\n{}", phrase(&of_commits(replay)))?;
        for commit in replay.differing.iter().take(COMMITS_SHOWN) {
            let id = commit.id.get(..10).unwrap_or(&commit.id);
            writeln!(out, "- {} {}: {}", code(id), code(&escape(&commit.subject).to_string()), code(&steps(commit)))?;
        }
    }
    let more = comparison.undecided.len().checked_sub(UNDECIDED_SHOWN).filter(|&more| more > 0);
    let undecided = comparison.undecided.iter().take(UNDECIDED_SHOWN).map(|it| format!("not decided: {}", phrase(it)));
    let undecided = undecided.chain(more.map(|more| format!("not decided: {more} more")));
    let rest: Vec<String> = undecided.chain(notes.iter().map(|note| format!("note: {}", phrase(note)))).collect();
    if !rest.is_empty() {
        writeln!(out)?;
    }
    rest.iter().try_for_each(|line| writeln!(out, "- {line}"))
}
