//! What the operators make of a value. Bytes in, bytes out: an offset may have cut a character in half on the way.

use std::borrow::Cow;

use super::template::{Case, Scope};
use super::{MAX_WORK, SubstErrorKind as Kind, unicode};
use crate::source::MAX_LEN;

/// The steps that are left to a render.
#[derive(Debug)]
pub(super) struct Work {
    left: u64,
}

impl Work {
    pub(super) fn new() -> Self {
        Self { left: MAX_WORK }
    }

    /// Takes `steps` off.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Kind> {
        self.left = self.left.checked_sub(steps as u64).ok_or(Kind::TooMuchWork)?;
        Ok(())
    }
}

/// The value with its case changed, character by character.
pub(super) fn change_case(value: &[u8], case: Case, first_only: bool) -> Vec<u8> {
    let map = match case {
        Case::Upper => crate::text::upper,
        Case::Lower => crate::text::lower,
    };
    let mut changed = Vec::with_capacity(value.len());
    let mut push = |c: char| changed.extend_from_slice(map(c).encode_utf8(&mut [0; 4]).as_bytes());
    if !first_only {
        unicode::chars(value).for_each(push);
    } else if let Some((c, len)) = unicode::first(value) {
        push(c);
        changed.extend_from_slice(value.get(len..).unwrap_or_default());
    }
    changed
}

/// `${V:offset:length}`: both count bytes, and a negative offset counts from the end. An offset or length that is no number of 64
/// bits gives the whole value.
pub(super) fn substring<'v>(value: Cow<'v, [u8]>, offset: &[u8], length: Option<&[u8]>) -> Result<Cow<'v, [u8]>, Kind> {
    let Some(offset) = integer(offset) else { return Ok(value) };
    let len = value.len() as u64;
    let start = if offset < 0 { len.saturating_sub(offset.unsigned_abs()) } else { offset.unsigned_abs() };
    let end = match length.map(integer) {
        None => len,
        Some(None) => return Ok(value),
        // Beyond 64 signed bits the library's sum wraps around, which makes it negative.
        Some(Some(length)) => start
            .checked_add_signed(length)
            .filter(|&end| end <= i64::MAX.unsigned_abs())
            .ok_or(Kind::LengthBeforeOffset)?
            .min(len),
    };
    let start = if end == len { start.min(len) } else { start };
    if start > end {
        return Err(Kind::LengthBeforeOffset);
    }
    let range = start as usize..end as usize;
    Ok(match value {
        Cow::Borrowed(value) => Cow::Borrowed(value.get(range).unwrap_or_default()),
        Cow::Owned(value) => Cow::Owned(value.get(range).unwrap_or_default().to_vec()),
    })
}

/// A decimal integer with an optional sign, as Go and Rust both read it.
fn integer(text: &[u8]) -> Option<i64> {
    str::from_utf8(text).ok()?.parse().ok()
}

/// `${V/pattern/with}` and its kin. The pattern is plain bytes, no glob.
pub(super) fn replace<'v>(
    value: Cow<'v, [u8]>,
    scope: Scope,
    pattern: &[u8],
    with: Option<&[u8]>,
    work: &mut Work,
) -> Result<Cow<'v, [u8]>, Kind> {
    let places = match (scope, with) {
        // Without a replacement the library leaves the value alone, though `${V/#a/}` is how one would delete a prefix.
        (Scope::Prefix | Scope::Suffix, None) => vec![],
        (Scope::Prefix, Some(_)) => {
            if value.starts_with(pattern) {
                vec![0]
            } else {
                vec![]
            }
        }
        (Scope::Suffix, Some(_)) => {
            if value.ends_with(pattern) {
                vec![value.len() - pattern.len()]
            } else {
                vec![]
            }
        }
        (Scope::First, _) => memchr::memmem::find(&value, pattern).into_iter().collect(),
        // Nothing is found before each character and at the end.
        (Scope::All, _) if pattern.is_empty() => character_starts(&value),
        (Scope::All, _) => memchr::memmem::find_iter(&value, pattern).collect(),
    };
    if places.is_empty() {
        return Ok(value);
    }
    let with = with.unwrap_or_default();
    let len = value.len() - places.len() * pattern.len() + places.len().saturating_mul(with.len());
    if len > MAX_LEN {
        return Err(Kind::ResultTooLong);
    }
    work.spend(len)?;
    let mut replaced = Vec::with_capacity(len);
    let mut copied = 0;
    for place in places {
        replaced.extend_from_slice(value.get(copied..place).unwrap_or_default());
        replaced.extend_from_slice(with);
        copied = place + pattern.len();
    }
    replaced.extend_from_slice(value.get(copied..).unwrap_or_default());
    Ok(Cow::Owned(replaced))
}

fn character_starts(value: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    while let Some((_, len)) = value.get(at..).and_then(unicode::first) {
        at += len;
        starts.push(at);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substring_of(value: &str, offset: &str, length: Option<&str>) -> Result<String, Kind> {
        let cut = substring(Cow::Borrowed(value.as_bytes()), offset.as_bytes(), length.map(str::as_bytes))?;
        Ok(String::from_utf8_lossy(&cut).into_owned())
    }

    #[test]
    fn offsets_count_bytes_from_either_end() {
        let ok = |text: &str| Ok(text.to_owned());
        assert_eq!(substring_of("abcdef", "2", None), ok("cdef"));
        assert_eq!(substring_of("abcdef", "-2", None), ok("ef"));
        assert_eq!(substring_of("abcdef", "-99", Some("2")), ok("ab"));
        assert_eq!(substring_of("abcdef", "+1", Some("3")), ok("bcd"));
        assert_eq!(substring_of("abcdef", "9", None), ok(""));
        assert_eq!(substring_of("abcdef", "9", Some("0")), ok(""));
        assert_eq!(substring_of("abcdef", "1", Some("99")), ok("bcdef"));
    }

    #[test]
    fn what_is_no_number_gives_the_whole_value() {
        for (offset, length) in [("x", None), ("", None), (" 1", None), ("1", Some("x")), ("9223372036854775808", None)]
        {
            assert_eq!(substring_of("abc", offset, length), Ok("abc".to_owned()), "{offset} {length:?}");
        }
    }

    #[test]
    fn a_length_before_the_offset_is_a_crash() {
        assert_eq!(substring_of("abcdef", "2", Some("-1")), Err(Kind::LengthBeforeOffset));
        assert_eq!(substring_of("", "0", Some("-1")), Err(Kind::LengthBeforeOffset));
        assert_eq!(substring_of("", "2", Some("-1")), Ok(String::new()), "both past the end");
        assert_eq!(
            substring_of("ab", "1", Some("9223372036854775807")),
            Err(Kind::LengthBeforeOffset),
            "the sum wraps"
        );
    }

    #[test]
    fn replacements_are_plain_bytes() {
        let replaced = |scope, value: &'static str, pattern: &str, with: Option<&str>| {
            let value = Cow::Borrowed(value.as_bytes());
            let done = replace(value, scope, pattern.as_bytes(), with.map(str::as_bytes), &mut Work::new());
            let done = done.expect("it is little work");
            String::from_utf8(done.into_owned()).expect("it is text")
        };
        assert_eq!(replaced(Scope::First, "a.b.c", ".", Some("-")), "a-b.c");
        assert_eq!(replaced(Scope::All, "a.b.c", ".", None), "abc");
        assert_eq!(replaced(Scope::All, "aüb", "", Some("-")), "-a-ü-b-");
        assert_eq!(replaced(Scope::First, "ab", "", Some("-")), "-ab");
        assert_eq!(replaced(Scope::Prefix, "aab", "a", Some("x")), "xab");
        assert_eq!(replaced(Scope::Prefix, "aab", "a", None), "aab");
        assert_eq!(replaced(Scope::Suffix, "abb", "b", Some("x")), "abx");
        assert_eq!(replaced(Scope::Suffix, "abb", "", Some("x")), "abbx");
    }
}
