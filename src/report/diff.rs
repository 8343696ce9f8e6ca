//! What fixes change, as a patch.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::style::{Paint, Style};
use crate::source::{Source, Sources};
use crate::text::{escape, mask};

/// Writes how `new` differs from `old`, the same files in the same order, as `git apply` and `patch` take it.
///
/// Characters that could act on a terminal are masked, so a file that holds such characters near a change gives no patch that applies.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_diff(out: &mut dyn Write, old: &Sources, new: &Sources, style: Style) -> io::Result<()> {
    for ((_, old), (_, new)) in old.iter().zip(new.iter()) {
        if old.text() != new.text() {
            file(out, old, new, style)?;
        }
    }
    Ok(())
}

fn file(out: &mut dyn Write, old: &Source, new: &Source, style: Style) -> io::Result<()> {
    let diff = TextDiff::from_lines(old.text(), new.text());
    let name = escape(old.name());
    writeln!(out, "{}", style.paint(Paint::Bold, format!("--- a/{name}")))?;
    writeln!(out, "{}", style.paint(Paint::Bold, format!("+++ b/{name}")))?;
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "{}", style.paint(Paint::Place, hunk.header()))?;
        for change in hunk.iter_changes() {
            let line = change.value();
            let text = line.trim_end_matches(['\r', '\n']);
            let (mark, paint) = match change.tag() {
                ChangeTag::Equal => (' ', Paint::Dim),
                ChangeTag::Delete => ('-', Paint::Bad),
                ChangeTag::Insert => ('+', Paint::Good),
            };
            write!(out, "{}{}", style.paint(paint, format!("{mark}{}", mask(text))), &line[text.len()..])?;
            if change.missing_newline() {
                writeln!(out, "\n\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_stay_and_nothing_acts_on_a_terminal() {
        let of = |text: &str| {
            let mut files = Sources::new();
            files.add(Source::new("a\x1b.yaml", text));
            files.add(Source::new("same.yaml", "same"));
            files
        };
        let mut out = Vec::new();
        let (old, new) = (of("a\r\nb\u{9b}\r\nc"), of("a\r\nb\r\nd"));
        write_diff(&mut out, &old, &new, Style::PLAIN).expect("a vector takes it");
        let expected = "--- a/a\\x1b.yaml\n+++ b/a\\x1b.yaml\n@@ -1,3 +1,3 @@\n a\r\n-b??\r\n-c\n\\ No newline at end of file\n+b\r\n+d\n\
                        \\ No newline at end of file\n";
        assert_eq!(String::from_utf8(out).expect("it is text"), expected);
    }
}
