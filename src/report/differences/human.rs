use std::io::{self, Write};

use super::{COMMITS_SHOWN, Differences, UNDECIDED_SHOWN, example, fate, named, of_commits, steps};
use crate::prove::Shift;
use crate::report::{Paint, Style, plural};
use crate::text::escape;

/// Writes what differs for a person: what, the classes of changes, and an example of each.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_differences(out: &mut dyn Write, differences: &Differences<'_>, style: Style) -> io::Result<()> {
    let Differences { before, after, comparison, server, notes, .. } = *differences;
    let [before, after] = [before, after].map(|side| style.paint(Paint::Bold, escape(side)));
    writeln!(out, "the gates of {after}, compared with those of {before} (Woodpecker {server})")?;
    for note in notes {
        writeln!(out, "{} {note}", style.paint(Paint::Doubt, "note:"))?;
    }
    writeln!(out)?;
    for difference in &comparison.differences {
        let (paint, sign) = match difference.shift {
            Shift::Lost => (Paint::Bad, "-"),
            Shift::Gained => (Paint::Good, "+"),
        };
        writeln!(out, "{} {}", style.paint(paint, sign), style.paint(Paint::Bold, named(&difference.targets)))?;
        for kind in &difference.kinds {
            writeln!(out, "    {kind}: {}", style.paint(paint, fate(kind)))?;
            if let Some(example) = example(kind) {
                writeln!(out, "      {}", style.paint(Paint::Dim, format!("such as {example}")))?;
            }
        }
        if let Some(more) = &difference.more {
            writeln!(out, "    {}", style.paint(Paint::Dim, format!("perhaps for other changes, too: {more}")))?;
        }
        writeln!(out)?;
    }
    let shown = style.shown(UNDECIDED_SHOWN);
    for undecided in comparison.undecided.iter().take(shown) {
        writeln!(out, "{} {undecided}", style.paint(Paint::Doubt, "?"))?;
    }
    if let Some(more) = comparison.undecided.len().checked_sub(shown).filter(|&more| more > 0) {
        writeln!(out, "  {}", style.paint(Paint::Dim, format!("and {more} more")))?;
    }
    if let Some(replay) = differences.replay {
        let shown = style.shown(COMMITS_SHOWN);
        writeln!(out, "{}", of_commits(replay))?;
        for commit in replay.differing.iter().take(shown) {
            let id = style.paint(Paint::Place, commit.id.get(..10).unwrap_or(&commit.id));
            writeln!(out, "  {id} {}", escape(&commit.subject))?;
            writeln!(out, "    {}", steps(commit))?;
        }
        if let Some(more) = replay.differing.len().checked_sub(shown).filter(|&more| more > 0) {
            writeln!(out, "  {}", style.paint(Paint::Dim, format!("and {more} more")))?;
        }
        writeln!(out)?;
    }
    let (paint, summary) = match (comparison.differences.len(), comparison.undecided.len()) {
        (0, 0) => (Paint::Good, "equivalent: every change runs the same with both".to_owned()),
        (0, _) => (Paint::Doubt, "no difference was found, but not everything was decided".to_owned()),
        (count, 0) => (Paint::Bold, plural(count, "difference")),
        (count, undecided) => (Paint::Bold, format!("{}, {undecided} not decided", plural(count, "difference"))),
    };
    writeln!(out, "{}", style.paint(paint, summary))
}
