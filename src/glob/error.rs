//! What is wrong with a pattern.

use std::fmt;

use crate::source::Span;

/// Why a pattern is malformed: what doublestar's `ValidatePattern` refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong.
    pub kind: PatternErrorKind,
    /// The bytes of the pattern's text that are wrong, e.g. the `[` that is never closed.
    pub span: Span,
}

/// The kinds of malformed patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatternErrorKind {
    /// A `[` without its `]`.
    UnclosedClass,
    /// `[]`, `[!]` or `[^]`: a class must hold something, and a `]` directly after the opening closes it.
    EmptyClass,
    /// A `{` without its `}`.
    UnclosedBrace,
    /// A `}` without its `{`.
    UnopenedBrace,
    /// A `\` at the end, which escapes nothing.
    TrailingBackslash,
}

impl PatternErrorKind {
    /// What the user can do about it, in the imperative.
    pub fn help(self) -> &'static str {
        match self {
            Self::UnclosedClass => "close the class with `]`, or write `\\[` for the character itself",
            Self::EmptyClass => "put a character between the brackets; write `\\]` for a `]` in a class",
            Self::UnclosedBrace => "close the alternatives with `}`, or write `\\{` for the character itself",
            Self::UnopenedBrace => "open the alternatives with `{`, or write `\\}` for the character itself",
            Self::TrailingBackslash => "remove the `\\`, or write `\\\\` for the character itself",
        }
    }
}

impl fmt::Display for PatternErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnclosedClass => "`[` opens a character class that is never closed",
            Self::EmptyClass => "the character class is empty",
            Self::UnclosedBrace => "`{` opens alternatives that are never closed",
            Self::UnopenedBrace => "`}` closes alternatives that were never opened",
            Self::TrailingBackslash => "the `\\` at the end escapes nothing",
        })
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed glob: {}", self.kind)
    }
}

impl std::error::Error for PatternError {}

/// Why a match has no answer. The server throws this away, so to it the pattern does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchError {
    /// The server's matcher returned its `ErrBadPattern` for this path. Not every match of a malformed pattern does: it may match, or
    /// fail cleanly, before the bad part is reached. A few well-formed patterns do, for they are checked again from the middle of a class.
    BadPattern,
    /// The pattern's alternatives make more combinations than we try for one path ([`MAX_EXPANSIONS`](super::MAX_EXPANSIONS)), and it is
    /// one of the odd patterns for which nothing but trying them is known to give the server's answer. The server would try them all.
    TooManyAlternatives,
}

impl fmt::Display for MatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadPattern => "the server refuses the glob as malformed",
            Self::TooManyAlternatives => "the glob's alternatives make too many combinations",
        })
    }
}

impl std::error::Error for MatchError {}
