//! Letters, case and quoting as the server's language, Go, has them.

use std::fmt::Write as _;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Whether a variable's name may hold `c`: a letter, a decimal digit, or `_`. A name may start with a digit.
pub(super) fn is_name(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.general_category_group() == GeneralCategoryGroup::Letter || c.general_category() == GeneralCategory::DecimalNumber
}

/// Whether these two bytes stand for the second of them.
pub(super) fn escape(first: Option<u8>, second: Option<u8>) -> bool {
    matches!((first, second), (Some(b'\\'), Some(b'\\' | b'/')) | (Some(b'$'), Some(b'$')))
}

/// The first character of `bytes` and its length. Bytes that are no UTF-8 are U+FFFD, each for itself. `None` at the end.
pub(super) fn first(bytes: &[u8]) -> Option<(char, usize)> {
    let head = bytes.get(..4).unwrap_or(bytes);
    let chunk = head.utf8_chunks().next()?;
    Some(chunk.valid().chars().next().map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, c.len_utf8())))
}

/// The characters of `bytes`, read as [`first`] does.
pub(super) fn chars(bytes: &[u8]) -> impl Iterator<Item = char> {
    bytes.utf8_chunks().flat_map(|chunk| {
        chunk.valid().chars().chain(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, chunk.invalid().len()))
    })
}

/// The value in double quotes, as `%q` prints it: printable characters stay, others become `\n`, `\x07`, `\u200b`, `\U000e0001`.
pub(super) fn quote(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 8);
    quoted.push('"');
    for c in value.chars() {
        let letter = match c {
            '"' | '\\' => c,
            '\x07' => 'a',
            '\x08' => 'b',
            '\x0C' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\x0B' => 'v',
            _ if is_printable(c) => {
                quoted.push(c);
                continue;
            }
            _ => {
                // Writing to a `String` cannot fail.
                let _ = match c as u32 {
                    code @ (0..=0x1F | 0x7F) => write!(quoted, "\\x{code:02x}"),
                    code @ 0..=0xFFFF => write!(quoted, "\\u{code:04x}"),
                    code => write!(quoted, "\\U{code:08x}"),
                };
                continue;
            }
        };
        quoted.extend(['\\', letter]);
    }
    quoted.push('"');
    quoted
}

fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    !matches!(c.general_category_group(), GeneralCategoryGroup::Separator | GeneralCategoryGroup::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_letters_digits_and_underscores_of_any_script() {
        assert!("aZ09_éж漢٣".chars().all(is_name));
        assert!(
            "-. \0²Ⅷ\u{301}ⓐ".chars().all(|c| !is_name(c)),
            "numbers and marks are no letters, though Rust calls some alphabetic"
        );
    }

    #[test]
    fn broken_bytes_count_one_by_one() {
        assert_eq!(first(b"\xE2\x82"), Some(('\u{FFFD}', 1)));
        assert_eq!(first("€x".as_bytes()), Some(('€', 3)));
        assert_eq!(first(b""), None);
        assert_eq!(chars(b"a\xE2\x82b\xFF").collect::<String>(), "a\u{FFFD}\u{FFFD}b\u{FFFD}");
    }

    #[test]
    fn quotes_are_go_s() {
        assert_eq!(
            quote("a\n\"\\é\t\u{1}\u{7f}\u{a0}\u{200b}\u{e0001}"),
            r#""a\n\"\\é\t\x01\x7f\u00a0\u200b\U000e0001""#
        );
    }
}
