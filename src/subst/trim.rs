//! `#`, `##`, `%` and `%%`: cutting off what a pattern matches at one end.

use std::borrow::Cow;

use super::function::Work;
use super::pattern::{Pattern, Verdict};
use super::template::Side;
use super::{SubstErrorKind as Kind, unicode};

/// The value without its shortest or longest start (or end) that matches `pattern`. A match is never empty. A malformed pattern,
/// where the library comes across the malformed part, leaves the value as it is.
pub(super) fn trim<'v>(
    value: Cow<'v, [u8]>,
    side: Side,
    longest: bool,
    pattern: &[u8],
    work: &mut Work,
) -> Result<Cow<'v, [u8]>, Kind> {
    match side {
        Side::Prefix => {
            let cut = matching_prefix(&value, longest, &Pattern::parse(pattern, work)?, work)?;
            Ok(match value {
                Cow::Borrowed(value) => Cow::Borrowed(value.get(cut..).unwrap_or_default()),
                Cow::Owned(mut value) => {
                    value.drain(..cut);
                    Cow::Owned(value)
                }
            })
        }
        // The library turns both round, character by character. A class does not survive that: `[ab]` becomes `]ba[`. Nor do
        // bytes that are no UTF-8, which become U+FFFD.
        Side::Suffix => {
            let backward = reversed(&value);
            let pattern = Pattern::parse(&reversed(pattern), work)?;
            let cut = matching_prefix(&backward, longest, &pattern, work)?;
            Ok(Cow::Owned(reversed(backward.get(cut..).unwrap_or_default())))
        }
    }
}

/// The length of the shortest or longest start of `text` that matches; 0 if none does.
fn matching_prefix(text: &[u8], longest: bool, pattern: &Pattern, work: &mut Work) -> Result<usize, Kind> {
    let mut matches = |len: usize| pattern.matches(text.get(..len).unwrap_or_default(), work);
    if !longest && !pattern.is_malformed() {
        for len in 1..=text.len() {
            if matches(len)? == Verdict::Match {
                return Ok(len);
            }
        }
        return Ok(0);
    }
    // The library goes from the longest to the shortest in any case, which tells where a malformed pattern is noticed.
    let mut found = 0;
    for len in (1..=text.len()).rev() {
        match matches(len)? {
            Verdict::Match if longest => return Ok(len),
            Verdict::Match => found = len,
            Verdict::Miss => {}
            Verdict::Malformed => return Ok(0),
        }
    }
    Ok(found)
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    let mut chars: Vec<char> = unicode::chars(bytes).collect();
    chars.reverse();
    chars.into_iter().collect::<String>().into_bytes()
}
