//! Characters that mean something: blanks, line breaks, the end.

/// The byte that stands for the end of the text. No text holds it: the reader refuses control characters.
pub(crate) const END: u8 = 0;

/// The byte at `at`, or [`END`].
#[inline]
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(END)
}

/// A space or tab.
#[inline]
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The length in bytes of the line break at `at`: `\n`, `\r`, `\r\n`, NEL, LS or PS. 0 when there is none.
#[inline]
pub(crate) fn break_len(bytes: &[u8], at: usize) -> usize {
    match byte(bytes, at) {
        b'\n' => 1,
        b'\r' => 1 + usize::from(byte(bytes, at + 1) == b'\n'),
        0xC2 if byte(bytes, at + 1) == 0x85 => 2,
        0xE2 if byte(bytes, at + 1) == 0x80 && matches!(byte(bytes, at + 2), 0xA8 | 0xA9) => 3,
        _ => 0,
    }
}

/// Whether a line break or the end is at `at`.
#[inline]
pub(crate) fn is_line_end(bytes: &[u8], at: usize) -> bool {
    byte(bytes, at) == END || break_len(bytes, at) > 0
}

/// Whether a blank, a line break or the end is at `at`.
#[inline]
pub(crate) fn is_space(bytes: &[u8], at: usize) -> bool {
    is_blank(byte(bytes, at)) || is_line_end(bytes, at)
}

/// The first place from `at` that holds no blank.
#[inline]
pub(crate) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while is_blank(byte(bytes, at)) {
        at += 1;
    }
    at
}

/// The first line break or the end from `at` on.
#[inline]
pub(crate) fn line_end(bytes: &[u8], mut at: usize) -> usize {
    let may_break = |&byte: &u8| matches!(byte, b'\n' | b'\r' | 0xC2 | 0xE2);
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(may_break)) {
        at += found;
        if break_len(bytes, at) > 0 {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// Whether a document marker (`---` or `...` and a space) is at `at`, which is the start of a line.
#[inline]
pub(crate) fn is_document_marker(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 3), Some(b"---" | b"...")) && is_space(bytes, at + 3)
}

/// The length of the character at `at`, in bytes.
pub(crate) fn char_len(bytes: &[u8], at: usize) -> usize {
    match byte(bytes, at) {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}
