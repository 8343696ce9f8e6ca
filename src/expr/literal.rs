//! The escapes of quoted strings. The engine reads a string twice, once to find its end and once for its value, and the two
//! disagree on what an escape is; both are kept, because a string has to pass both.

use super::dialect::Dialect;
use super::error::ExprError;
use crate::source::Span;

/// The offset after the closing quote of the string whose opening quote is at `start`.
pub(super) fn find_end(source: &str, start: usize, dialect: Dialect) -> Result<usize, ExprError> {
    let bytes = source.as_bytes();
    let quote = bytes.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(&byte) if byte == quote => return Ok(at + 1),
            None | Some(b'\n') => {
                let span = Span::from(start..at);
                return Err(
                    ExprError::compile(span, "string is not closed").help("end it with the quote that opened it")
                );
            }
            Some(b'\\') => at = skip_escape(source, at, quote, dialect)?,
            Some(_) => at += 1,
        }
    }
}

/// The offset after the escape whose backslash is at `start`.
fn skip_escape(source: &str, start: usize, quote: u8, dialect: Dialect) -> Result<usize, ExprError> {
    let bytes = source.as_bytes();
    let digits = |from: usize, base: u32, count: usize| {
        let ok = bytes.get(from..from + count).is_some_and(|digits| digits.iter().all(|&b| (b as char).is_digit(base)));
        ok.then_some(from + count)
    };
    let end = match bytes.get(start + 1) {
        Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\') => Some(start + 2),
        Some(&byte) if byte == quote => Some(start + 2),
        Some(b'0'..=b'7') => digits(start + 1, 8, 3),
        Some(b'x') => digits(start + 2, 16, 2),
        Some(b'u') if dialect.has_late_syntax() && bytes.get(start + 2) == Some(&b'{') => {
            let length = bytes.iter().skip(start + 3).take_while(|byte| byte.is_ascii_hexdigit()).count();
            let end = start + 3 + length;
            ((1..=6).contains(&length) && bytes.get(end) == Some(&b'}')).then_some(end + 1)
        }
        Some(b'u') => digits(start + 2, 16, 4),
        Some(b'U') => digits(start + 2, 16, 8),
        _ => None,
    };
    end.ok_or_else(|| bad_escape(source, start))
}

fn bad_escape(source: &str, start: usize) -> ExprError {
    let next = source.get(start + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let span = Span::from(start..start + 1 + next);
    let word = source.get(span.range()).unwrap_or("\\");
    ExprError::compile(span, format!("`{word}` is not an escape"))
        .help("double the backslash, or quote with backticks, where nothing is an escape")
}

/// One step of a string's value.
enum Piece {
    /// A character: as UTF-8.
    Char(char),
    /// A byte, as it is.
    Byte(u8),
}

/// The value of the quoted string `source[start..end]`, quotes included. It passed [`find_end`].
pub(super) fn unescape(source: &str, start: usize, end: usize) -> Result<String, ExprError> {
    let mut text = String::with_capacity(end - start);
    pieces(source, start + 1, end - 1, false, |piece| match piece {
        Piece::Char(c) => text.push(c),
        Piece::Byte(byte) => text.push(byte as char),
    })?;
    Ok(text)
}

/// The value of a bytes literal whose quoted part is `source[start..end]`.
pub(super) fn unescape_bytes(source: &str, start: usize, end: usize) -> Result<Vec<u8>, ExprError> {
    let mut bytes = Vec::with_capacity(end - start);
    pieces(source, start + 1, end - 1, true, |piece| match piece {
        Piece::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        Piece::Byte(byte) => bytes.push(byte),
    })?;
    Ok(bytes)
}

fn pieces(
    source: &str,
    start: usize,
    end: usize,
    raw_bytes: bool,
    mut push: impl FnMut(Piece),
) -> Result<(), ExprError> {
    let mut at = start;
    while at < end {
        let rest = source.get(at..end).unwrap_or("");
        let Some(c) = rest.chars().next() else { break };
        at += c.len_utf8();
        match c {
            // Line breaks of any kind become `\n`; a `\n` itself cannot stand in a quoted string.
            '\r' => push(Piece::Char('\n')),
            '\\' => {
                let bad = || bad_escape(source, at - 1);
                let (piece, length) = escape(rest.get(1..).unwrap_or(""), raw_bytes).ok_or_else(bad)?;
                at += length;
                push(piece);
            }
            c => push(Piece::Char(c)),
        }
    }
    Ok(())
}

/// The escape that `rest` (after the backslash) starts with, and its length in bytes.
fn escape(rest: &str, raw_bytes: bool) -> Option<(Piece, usize)> {
    let hex = |from: usize, count: usize| u32::from_str_radix(rest.get(from..from + count)?, 16).ok();
    let simple = |c| Some((Piece::Char(c), 1));
    match *rest.as_bytes().first()? {
        b'a' => simple('\x07'),
        b'b' => simple('\x08'),
        b'f' => simple('\x0c'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\x0b'),
        byte @ (b'\\' | b'\'' | b'"') => simple(byte as char),
        b'0'..=b'3' => {
            let value = u32::from_str_radix(rest.get(..3)?, 8).ok()?;
            Some((scalar(value, raw_bytes)?, 3))
        }
        b'x' => Some((scalar(hex(1, 2)?, raw_bytes)?, 3)),
        b'u' | b'U' if raw_bytes => None,
        b'u' if rest.as_bytes().get(1) == Some(&b'{') => {
            let close = rest.find('}')?;
            Some((scalar(hex(2, close - 2)?, false)?, close + 1))
        }
        b'u' => Some((scalar(hex(1, 4)?, false)?, 5)),
        b'U' => Some((scalar(hex(1, 8)?, false)?, 9)),
        _ => None,
    }
}

/// A code as a character, a lone surrogate as U+FFFD; none above U+10FFFF.
fn scalar(code: u32, raw_bytes: bool) -> Option<Piece> {
    if raw_bytes {
        return u8::try_from(code).ok().map(Piece::Byte);
    }
    (code <= 0x10_FFFF).then(|| Piece::Char(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)))
}
