use std::fmt;

use super::{MAX_DEPTH, MAX_EXPANSIONS, MAX_WORK};
use crate::source::{MAX_LEN, Span};

/// Why a text cannot be substituted. The server refuses the whole pipeline, every workflow of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubstError {
    /// What is wrong.
    pub kind: SubstErrorKind,
    /// The bytes of the raw text to blame. Empty at the end of the text.
    pub span: Span,
    /// The `${…}` that is wrong, from its `$` as far as it was read.
    pub expansion: Span,
}

/// What is wrong with a text or an expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubstErrorKind {
    /// No variable's name where one must be: `${}`, `${ V }`, `${!V}`.
    NoName,
    /// This character follows the name, and starts no operator: `${V-x}`, `${V@U}`.
    UnknownOperator(char),
    /// The text ends inside `${…`.
    Unclosed,
    /// An operator without its argument: `${V#}`, `${V:}`, `${V/}`.
    NoArgument,
    /// Text and `${…}` in one argument, where only one of them may be: `${V#a${W}}`.
    MixedArgument,
    /// The pattern of `/` is not followed by a `/`: `${V/a}`.
    NoReplacement,
    /// A character that is not ASCII after the `:` of an offset. The library loses its place there.
    NotAsciiOffset,
    /// Something else than `}` where an expansion must end: `${V^^x}`, `${#V:1}`.
    NotClosed,
    /// The length reaches before the offset: `${V:2:-1}`. The library crashes.
    LengthBeforeOffset,
    /// The text is longer than [`MAX_LEN`].
    TextTooLong,
    /// The result, or the value of an expansion on the way, is longer than [`MAX_LEN`].
    ResultTooLong,
    /// Deeper nesting than [`MAX_DEPTH`].
    TooDeep,
    /// More expansions than [`MAX_EXPANSIONS`].
    TooMany,
    /// More than [`MAX_WORK`] steps.
    TooMuchWork,
}

impl SubstError {
    /// What to write instead, in the imperative, where there is something to say.
    pub fn help(&self) -> Option<&'static str> {
        use SubstErrorKind as Kind;
        Some(match self.kind {
            Kind::NoName => "write `${NAME}` without blanks, or `$$` for a plain dollar",
            Kind::UnknownOperator('-' | '+' | '?') => {
                "write `${NAME:-default}`: the server knows this only with the colon"
            }
            Kind::UnknownOperator('\n' | '\r') | Kind::Unclosed => {
                "close the `${` with `}`, or write `$${` for plain text"
            }
            Kind::UnknownOperator(_) => "write `$${` for text that is not the server's to substitute",
            Kind::NoArgument => "write the argument, or leave the operator out",
            Kind::MixedArgument => {
                "put the whole argument in one variable: only defaults (`:-`, `=`) may mix text and `${…}`"
            }
            Kind::NoReplacement => "write `${NAME/pattern/}` to delete the first match",
            Kind::NotAsciiOffset => "write an offset in digits, or `${NAME:-default}`",
            Kind::NotClosed => "use one operator for each `${…}`",
            Kind::LengthBeforeOffset => "write a length of 0 or more: the server does not count it from the end",
            Kind::TextTooLong | Kind::ResultTooLong | Kind::TooDeep | Kind::TooMany | Kind::TooMuchWork => return None,
        })
    }
}

impl fmt::Display for SubstError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl fmt::Display for SubstErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => f.write_str("expected the name of a variable"),
            Self::UnknownOperator('\n' | '\r') => f.write_str("this `${` is not closed on its line"),
            Self::UnknownOperator(found) => {
                write!(f, "`{}` is no operator of the server's substitution", found.escape_debug())
            }
            Self::Unclosed => f.write_str("this `${` is never closed"),
            Self::NoArgument => f.write_str("expected an argument"),
            Self::MixedArgument => f.write_str("expected the argument to end here: it is either text or one `${…}`"),
            Self::NoReplacement => f.write_str("expected `/` after the pattern, which runs across `}` and line ends"),
            Self::NotAsciiOffset => f.write_str("expected an offset or an operator after `:`"),
            Self::NotClosed => f.write_str("expected `}`"),
            Self::LengthBeforeOffset => {
                f.write_str("the length reaches before the offset, where the server's substitution crashes")
            }
            Self::TextTooLong => write!(f, "the text is longer than {MAX_LEN} bytes"),
            Self::ResultTooLong => write!(f, "the substituted text would be longer than {MAX_LEN} bytes"),
            Self::TooDeep => write!(f, "`${{…}}` is nested more than {MAX_DEPTH} deep"),
            Self::TooMany => write!(f, "more than {MAX_EXPANSIONS} `${{…}}` in one text"),
            Self::TooMuchWork => write!(f, "the substitution takes more than {MAX_WORK} steps"),
        }
    }
}

impl std::error::Error for SubstError {}
