//! What is found: where, what, and how to say it.

use std::fmt;

use super::rule::Kinds;
use crate::server::Version;
use crate::source::Span;

/// One thing that the schema does not allow. The server reports each as a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The server's path to the value: its keys and indices (from 0) with dots between, `steps.build.when.0.path`; `(root)` for the whole.
    pub field: String,
    /// The bytes at fault in the text: an unknown key, a wrong value; for something missing, the key of the map that lacks it, or the map's
    /// first key. A value that an
    /// alias stands for is where its anchor is.
    pub span: Span,
    /// What is wrong.
    pub kind: Kind,
    /// Whether the finding tells something of its own. The server reports some flaws several times: once as what they are and once more as
    /// "one of several rules failed". A report for people shows the primary ones.
    pub primary: bool,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key that the schema does not know there.
    UnknownKey {
        /// The key.
        key: String,
        /// The known key that it is likely a slip for, or an older name of.
        suggestion: Option<&'static str>,
        /// The key is fine in another kind of map; this is the key that makes the map not that kind (`settings` beside `commands`).
        beside: Option<&'static str>,
        /// What is known about the key.
        note: Option<&'static str>,
        /// The first release that knows the key there, if only newer ones do.
        since: Option<Version>,
    },
    /// A value of a kind that is not taken.
    WrongType {
        /// The kinds that are.
        expected: Kinds,
        /// The value's kind.
        found: Kinds,
        /// What is known about such a value there.
        note: Option<&'static str>,
    },
    /// A value of a kind that is taken, with so much wrong inside of it that the server reports the value as a whole.
    Misfit {
        /// The value's kind.
        found: Kinds,
    },
    /// None of these keys is there, and one must be.
    MissingKey {
        /// The keys.
        keys: &'static [&'static str],
    },
    /// None of the words that are taken.
    BadValue {
        /// The words.
        allowed: &'static [&'static str],
        /// The value's kind.
        found: Kinds,
        /// The word that the value is likely a slip for.
        suggestion: Option<&'static str>,
    },
    /// A number below the least one.
    TooSmall {
        /// The least one.
        least: u32,
    },
    /// A string that is no absolute URI.
    NotUri,
    /// A map without keys.
    Empty,
    /// A value that none of several rules takes, or that fits more than one where it must fit one.
    Alternatives {
        /// How many rules it fits.
        fitting: usize,
        /// What is known about such a value there.
        note: Option<&'static str>,
    },
    /// A map that breaks a rule which holds only together with some other key.
    Condition,
    /// A value that breaks one of several rules that must all hold.
    Parts,
    /// There is more; looking for it stopped here.
    TooMany,
}

impl Kind {
    /// Whether this only says that other rules failed.
    pub(super) fn is_structural(&self) -> bool {
        matches!(self, Self::Alternatives { fitting: 0, .. } | Self::Condition | Self::Parts)
    }

    /// The word that belongs there, as far as that can be told.
    pub fn instead(&self) -> Option<&'static str> {
        match self {
            Self::UnknownKey { suggestion, beside: None, .. } | Self::BadValue { suggestion, .. } => *suggestion,
            _ => None,
        }
    }

    /// What to do about it, in the imperative, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownKey { note: Some(note), .. }
            | Self::WrongType { note: Some(note), .. }
            | Self::Alternatives { note: Some(note), .. } => Some((*note).to_owned()),
            Self::UnknownKey { since: Some(since), .. } => Some(format!("remove it, or use server {since} or later")),
            Self::UnknownKey { suggestion: Some(word), .. } | Self::BadValue { suggestion: Some(word), .. } => {
                Some(format!("did you mean `{word}`?"))
            }
            Self::WrongType { expected: Kinds::LIST, found, .. } if Kinds::SCALAR.contains(*found) => {
                Some("write it as a list of one: `[…]`".to_owned())
            }
            Self::WrongType { expected, found, .. }
                if expected.contains(Kinds::STRING) && Kinds::SCALAR.contains(*found) =>
            {
                Some("write it in quotes".to_owned())
            }
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    /// One phrase, lower case, code in backticks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, beside: Some(other), .. } => {
                write!(f, "`{}` does not go together with `{other}`", Short(key))
            }
            Self::UnknownKey { key, .. } => write!(f, "unknown key `{}`", Short(key)),
            Self::WrongType { expected, found, .. } => write!(f, "expected {expected}, found {found}"),
            Self::Misfit { found } => write!(f, "{found} is possible here, but too much inside of this one is wrong"),
            Self::MissingKey { keys } => write!(f, "missing {}", Words(keys)),
            Self::BadValue { allowed, found: Kinds::STRING, .. } => write!(f, "expected {}", Words(allowed)),
            Self::BadValue { allowed, found, .. } => write!(f, "expected {}, found {found}", Words(allowed)),
            Self::TooSmall { least } => write!(f, "expected {least} or more"),
            Self::NotUri => f.write_str("expected an absolute URI"),
            Self::Empty => f.write_str("expected a map that is not empty"),
            Self::Alternatives { fitting: 0, .. } => f.write_str("none of the forms that are possible here"),
            Self::Alternatives { .. } => f.write_str("more than one of the forms that are possible here"),
            Self::Condition => f.write_str("a key is missing that another key asks for"),
            Self::Parts => f.write_str("not all that must hold here does"),
            Self::TooMany => f.write_str("too much is wrong here to list it all"),
        }
    }
}

/// `` `a`, `b` or `c` ``
struct Words<'w>(&'w [&'w str]);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, word) in self.0.iter().enumerate() {
            let joint = match at {
                0 => "",
                _ if at + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{joint}`{word}`")?;
        }
        Ok(())
    }
}

/// The start of a text that may be long.
struct Short<'w>(&'w str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(60) {
            Some((at, _)) => write!(f, "{}…", &self.0[..at]),
            None => f.write_str(self.0),
        }
    }
}
