//! Characters of paths, as Go reads them.

/// What Go's decoder gives for a byte that is not UTF-8, and what a pattern that spells U+FFFD out compares equal to.
pub(super) const INVALID: char = char::REPLACEMENT_CHARACTER;

/// The first character of `bytes` and its length in bytes, as Go's `utf8.DecodeRune` has it: a byte that begins no valid UTF-8
/// sequence is U+FFFD, one byte long. No bytes give U+FFFD and length 0.
pub(super) fn decode(bytes: &[u8]) -> (char, usize) {
    let Some(&first) = bytes.first() else { return (INVALID, 0) };
    if first.is_ascii() {
        return (char::from(first), 1);
    }
    let len = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (INVALID, 1),
    };
    let sequence = bytes.get(..len).and_then(|sequence| std::str::from_utf8(sequence).ok());
    match sequence.and_then(|text| text.chars().next()) {
        Some(rune) => (rune, len),
        None => (INVALID, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_outside_utf8_is_one_replacement_character() {
        for (bytes, expected) in [
            (&b""[..], (INVALID, 0)),
            (b"a", ('a', 1)),
            ("ü".as_bytes(), ('ü', 2)),
            ("日x".as_bytes(), ('日', 3)),
            ("\u{10FFFF}".as_bytes(), ('\u{10FFFF}', 4)),
            ("\u{FFFD}".as_bytes(), (INVALID, 3)),
            (b"\xff", (INVALID, 1)),
            (b"\xe6\x97", (INVALID, 1)),
            (b"\xe6\x97a", (INVALID, 1)),
            (b"\xc0\x80", (INVALID, 1)),
            (b"\xed\xa0\x80", (INVALID, 1)),
            (b"\xf4\x90\x80\x80", (INVALID, 1)),
        ] {
            assert_eq!(decode(bytes), expected, "{bytes:x?}");
        }
    }
}
