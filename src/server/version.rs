use std::fmt;
use std::str::FromStr;

use super::{DIFFERENCES, Difference};

/// A version of the Woodpecker server, by minor release: patch releases did not change what runs.
///
/// Made with [`FromStr`] from what people write (`3.17`, `v3.12.1`, `2.8`, `next`). The default is [`Version::NEWEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
}

impl Version {
    /// The oldest version that is modelled: 2.8.
    pub const OLDEST: Self = Self::new(2, 8);
    /// The newest released version that is modelled: 3.17.
    pub const NEWEST: Self = Self::new(3, 17);
    /// The server's main branch, as of August 2026.
    pub const NEXT: Self = Self::new(u16::MAX, 0);

    pub(crate) const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Whether this server behaves as `difference` describes; see [`DIFFERENCES`].
    pub fn has(self, difference: Difference) -> bool {
        let row = &DIFFERENCES[difference as usize];
        Releases { since: row.since, until: row.until }.contain(self)
    }
}

/// Releases in a row: those in which something is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    /// The first of them; `None`: the oldest is one.
    pub since: Option<Version>,
    /// The first after them; `None`: the newest is one.
    pub until: Option<Version>,
}

impl Releases {
    /// Every release.
    pub const ALL: Self = Self { since: None, until: None };

    /// Whether `version` is one of them.
    pub fn contain(self, version: Version) -> bool {
        self.since.is_none_or(|since| version >= since) && self.until.is_none_or(|until| version < until)
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::NEWEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NEXT { f.write_str("next") } else { write!(f, "{}.{}", self.major, self.minor) }
    }
}

/// The text is not a server version that is modelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseVersionError {
    text: String,
}

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, oldest, newest) = (self.text.escape_debug(), Version::OLDEST, Version::NEWEST);
        write!(f, "unknown Woodpecker version `{text}`: known are {oldest}, 3.0 to {newest}, and `next`")
    }
}

impl std::error::Error for ParseVersionError {}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads `MAJOR.MINOR`, `MAJOR.MINOR.PATCH`, either with a leading `v`, or `next`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let version = parse(text.trim()).ok_or_else(|| ParseVersionError { text: text.to_owned() })?;
        Ok(version)
    }
}

fn parse(text: &str) -> Option<Version> {
    if text == "next" {
        return Some(Version::NEXT);
    }
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let version = Version::new(number(parts.next()?)?, number(parts.next()?)?);
    if let Some(patch) = parts.next() {
        number(patch)?;
    }
    let known = version == Version::OLDEST || (Version::new(3, 0)..=Version::NEWEST).contains(&version);
    (parts.next().is_none() && known).then_some(version)
}

/// A decimal number as versions have them: no sign, no leading zero.
fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (text, shown) in
            [("3.17", "3.17"), ("v3.12.1", "3.12"), ("2.8.3", "2.8"), (" next ", "next"), ("3.0", "3.0")]
        {
            assert_eq!(text.parse::<Version>().map(|version| version.to_string()), Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_modelled_is_refused_with_the_known_range() {
        for text in ["", "3", "2.7", "3.18", "4.0", "3.x", "3.1.2.3", "3.01", "+3.1", "latest"] {
            let error = text.parse::<Version>().expect_err(text).to_string();
            assert!(error.contains("2.8, 3.0 to 3.17, and `next`"), "{error}");
        }
    }
}
