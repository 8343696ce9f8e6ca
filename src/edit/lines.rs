//! Lines: where they start and end, and how they are broken.

use std::ops::Range;

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The first byte of the line that holds the byte at `at`.
pub(super) fn start(text: &[u8], at: usize) -> usize {
    text[..at].iter().rposition(|&byte| is_break(byte)).map_or(0, |before| before + 1)
}

/// The end of the line that holds the byte at `at`, before its line break.
pub(super) fn end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|&byte| is_break(byte)).map_or(text.len(), |ahead| at + ahead)
}

/// The place after the line break at `at`, if there is one.
pub(super) fn next(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\r') if text.get(at + 1) == Some(&b'\n') => at + 2,
        Some(b'\n' | b'\r') => at + 1,
        _ => at,
    }
}

/// Whether a line starts at `at`.
pub(super) fn is_start(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|&byte| is_break(byte))
}

/// The line break that the text has nearest above `at`, else its first one, else `\n`.
pub(super) fn line_break(text: &[u8], at: usize) -> &'static str {
    let above = text[..at].iter().rposition(|&byte| is_break(byte));
    let Some(last) = above.or_else(|| text.iter().position(|&byte| is_break(byte))) else { return "\n" };
    match (text[last], last.checked_sub(1).map(|before| text[before]), text.get(last + 1)) {
        (b'\n', Some(b'\r'), _) | (b'\r', _, Some(b'\n')) => "\r\n",
        (b'\r', ..) => "\r",
        _ => "\n",
    }
}

/// The lines from the one that starts at `first` to the one that ends at `last`, to be deleted: with a line break, so that
/// the text ends as it did, with one or without.
pub(super) fn whole(text: &[u8], first: usize, last: usize) -> Range<usize> {
    let after = next(text, last);
    if after > last || first == 0 {
        return first..after;
    }
    let before = first - 1 - usize::from(text[..first].ends_with(b"\r\n"));
    before..last
}

/// The first byte of the blanks that end at `at`.
pub(super) fn skip_back(text: &[u8], at: usize) -> usize {
    text[..at].iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |before| before + 1)
}

/// The end of the blanks that start at `at`.
pub(super) fn skip(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|byte| !matches!(byte, b' ' | b'\t')).map_or(text.len(), |ahead| at + ahead)
}

/// Whether there is nothing but blanks and a comment from `at` to the end of the line.
pub(super) fn is_rest_blank(text: &[u8], at: usize) -> bool {
    let next = skip(text, at);
    text.get(next).is_none_or(|&byte| is_break(byte) || byte == b'#')
}
