//! Text for people and for the server: [`escape`] shows bytes safely on a terminal, [`to_server_string`] turns git's bytes
//! into the string that the server would have been sent.

mod suggest;

pub use suggest::{distance, nearest};

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Shows `bytes` so that nothing in them can act on a terminal or deceive a reader: printable UTF-8 as it is; control characters,
/// and bytes that are not UTF-8, as `\x1b`; characters that are invisible or turn the writing direction as `\u{202e}`;
/// tab and line breaks as `\t`, `\n`, `\r`. A backslash stays as it is: the result is for reading, not for parsing back.
pub fn escape<B: AsRef<[u8]> + ?Sized>(bytes: &B) -> Escaped<'_> {
    Escaped(bytes.as_ref())
}

/// What [`escape`] returns; made for `format!`.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(&'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\t' => f.write_str("\\t")?,
                    '\n' => f.write_str("\\n")?,
                    '\r' => f.write_str("\\r")?,
                    c if c.is_ascii_control() => write!(f, "\\x{:02x}", c as u32)?,
                    c if c.is_control() || deceives(c) => write!(f, "\\u{{{:x}}}", c as u32)?,
                    c => f.write_char(c)?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

/// Whether a reader cannot see `c`, or sees its neighbours in another order because of it: Unicode's format characters (bidirectional
/// marks, embeddings, overrides and isolates; zero-width spaces and joiners; tags), line and paragraph separators, fillers.
fn deceives(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` with everything that [`escape`] would escape, but for line breaks and tabs, replaced by as many `?` as it has bytes: for
/// code frames, whose offsets must stay those of the file.
pub fn mask(text: &str) -> String {
    let hidden = |c: char| (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || deceives(c);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // A lone carriage return would send the cursor home.
            '\r' => out.push(' '),
            c if hidden(c) => out.extend(std::iter::repeat_n('?', c.len_utf8())),
            c => out.push(c),
        }
    }
    out
}

/// `text` for people: where it has more than `max` characters, its beginning and its end, with `…` between them.
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    let len = text.chars().count();
    if len <= max {
        return Cow::Borrowed(text);
    }
    let tail = max / 3;
    let head = max.saturating_sub(tail + 1);
    let mut short: String = text.chars().take(head).chain(['…']).collect();
    short.extend(text.chars().skip(len - tail));
    Cow::Owned(short)
}

/// Go's upper-case form of one character that is one character (`ß` has none, and stays).
pub(crate) fn upper(c: char) -> char {
    match c {
        // Greek with iota subscript: its one-character form is the title case, which `char` does not offer.
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => shifted(c, 8),
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => shifted(c, 9),
        _ => only(c.to_uppercase()).unwrap_or(c),
    }
}

/// Go's lower-case form of one character, which is one character.
pub(crate) fn lower(c: char) -> char {
    match c {
        'İ' => 'i',
        _ => only(c.to_lowercase()).unwrap_or(c),
    }
}

fn shifted(c: char, by: u32) -> char {
    char::from_u32(c as u32 + by).unwrap_or(c)
}

fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// `text` in lower case, as Go's `strings.ToLower` makes it: character by character.
pub(crate) fn to_lower(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// The string that the server is sent for `bytes` (a commit message, a branch, a path): forges speak JSON, and Go's encoder writes
/// U+FFFD for each byte that is not part of well-formed UTF-8.
pub fn to_server_string(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_text_stays_and_the_rest_is_spelled_out() {
        for (bytes, shown) in [
            (&b"docs/x.md"[..], "docs/x.md"),
            ("größe/日本.md".as_bytes(), "größe/日本.md"),
            (b"a\nb\tc\r", r"a\nb\tc\r"),
            (b"\x1b[31mred\x07\x7f", r"\x1b[31mred\x07\x7f"),
            (b"\xff\xfe.md", r"\xff\xfe.md"),
            ("a\u{202e}b\u{200b}\u{85}\u{feff}".as_bytes(), r"a\u{202e}b\u{200b}\u{85}\u{feff}"),
            (br"back\slash", r"back\slash"),
        ] {
            assert_eq!(escape(bytes).to_string(), shown);
        }
    }

    #[test]
    fn nothing_escaped_holds_a_control_character() {
        for c in '\0'..=char::MAX {
            let shown = escape(c.encode_utf8(&mut [0; 4]).as_bytes()).to_string();
            assert!(!shown.chars().any(char::is_control), "{:x}", c as u32);
        }
    }

    #[test]
    fn long_text_keeps_its_ends() {
        assert_eq!(shorten("größe", 5), "größe");
        assert_eq!(shorten("0123456789ö", 10), "012345…89ö");
        assert_eq!(shorten("abc", 0), "…");
    }

    #[test]
    fn the_server_gets_one_replacement_character_a_byte() {
        assert_eq!(to_server_string(b"fix \xe9t\xe9"), "fix \u{fffd}t\u{fffd}");
        assert_eq!(to_server_string(b"\xed\xa0\x80\xf0\x9f"), "\u{fffd}".repeat(5));
        assert_eq!(to_server_string("größe".as_bytes()), "größe");
    }

    #[test]
    fn case_maps_one_character_to_one() {
        assert_eq!("aßéŉᾀᾳǆ".chars().map(upper).collect::<String>(), "AßÉŉᾈᾼǄ");
        assert_eq!("AÉİẞΣ".chars().map(lower).collect::<String>(), "aéißσ");
    }
}
