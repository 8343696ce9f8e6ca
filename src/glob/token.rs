//! A pattern's text, cut into tokens.

use super::class::Class;
use super::error::{PatternError, PatternErrorKind};
use crate::source::Span;

/// One token of a pattern and the bytes of the pattern's text that it stands on. The tokens of a pattern cover its text without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands, in bytes of the pattern's text.
    pub span: Span,
}

/// What a token is. Groups are flat: a token of a group names the index of its partner, so no tree is deep enough to overflow a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A character that stands for itself.
    Literal(char),
    /// `\` and a character: that character, without any meaning it may have. An escaped `/` still separates segments, but a `**` beside
    /// it does not see it.
    Escaped(char),
    /// `/`.
    Separator,
    /// `?`: one character, not `/`.
    AnyChar,
    /// `*`: any characters, not `/`.
    Star,
    /// `**`; what it means depends on what is around it.
    DoubleStar(DoubleStar),
    /// `[…]`.
    Class(Class),
    /// `{`; `close` is the index of its `}` among the tokens, `None` if there is none.
    Open {
        /// The index of the matching [`TokenKind::Close`].
        close: Option<usize>,
        /// The indices of the group's own commas, in order.
        commas: Vec<usize>,
    },
    /// A `,` between alternatives; `open` is the index of the group's `{`. Elsewhere a comma is a literal.
    Comma {
        /// The index of the matching [`TokenKind::Open`].
        open: usize,
    },
    /// `}`; `open` is the index of its `{`.
    Close {
        /// The index of the matching [`TokenKind::Open`].
        open: usize,
    },
    /// A part that is malformed. A `}` that nothing opened is such a part, and still matches itself.
    Malformed(PatternErrorKind),
}

/// What a `**` means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DoubleStar {
    /// A whole segment: any number of segments, also none.
    Segments,
    /// Part of a segment: the same as `*`.
    #[default]
    Star,
    /// It depends on the alternative taken, or on how the server's matcher got there: `a{**,b}`.
    Unclear,
}

/// Cuts `text` into tokens, and finds the first error if it is malformed: `None` exactly where `ValidatePattern` is content.
/// Every `**` is [`DoubleStar::Star`] at first.
pub(super) fn tokenize(text: &str) -> (Vec<Token>, Option<PatternError>) {
    let mut tokens: Vec<Token> = Vec::new();
    let mut error = None;
    // The groups that are open: the index of the `{`, and the group's commas so far.
    let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let index = tokens.len();
        let mut len = first.len_utf8();
        let kind = match first {
            '/' => TokenKind::Separator,
            '?' => TokenKind::AnyChar,
            '*' if rest.starts_with("**") => {
                len = 2;
                TokenKind::DoubleStar(DoubleStar::Star)
            }
            '*' => TokenKind::Star,
            '\\' => match rest.chars().nth(1) {
                Some(escaped) => {
                    len += escaped.len_utf8();
                    TokenKind::Escaped(escaped)
                }
                None => TokenKind::Malformed(PatternErrorKind::TrailingBackslash),
            },
            '[' => match Class::parse(rest) {
                Ok((class, class_len)) => {
                    len = class_len;
                    TokenKind::Class(class)
                }
                Err((kind, bad_len)) => {
                    len = bad_len;
                    TokenKind::Malformed(kind)
                }
            },
            '{' => {
                open.push((index, Vec::new()));
                TokenKind::Open { close: None, commas: Vec::new() }
            }
            ',' if let Some((group, commas)) = open.last_mut() => {
                commas.push(index);
                TokenKind::Comma { open: *group }
            }
            '}' => match open.pop() {
                Some((group, commas)) => {
                    if let Some(Token { kind, .. }) = tokens.get_mut(group) {
                        *kind = TokenKind::Open { close: Some(index), commas };
                    }
                    TokenKind::Close { open: group }
                }
                None => TokenKind::Malformed(PatternErrorKind::UnopenedBrace),
            },
            other => TokenKind::Literal(other),
        };
        let span = Span::from(at..at + len);
        if let TokenKind::Malformed(kind) = kind {
            error.get_or_insert(PatternError { kind, span });
        }
        tokens.push(Token { kind, span });
        at += len;
    }
    if let Some(&Token { span, .. }) = open.first().and_then(|(group, _)| tokens.get(*group)) {
        error.get_or_insert(PatternError { kind: PatternErrorKind::UnclosedBrace, span });
    }
    (tokens, error)
}
