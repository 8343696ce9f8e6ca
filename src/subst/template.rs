use super::SubstError;
use super::parse::Parser;
use crate::source::Span;

/// A text whose `${…}` and escapes are found, to be rendered with any number of environments.
#[derive(Clone, Debug)]
pub struct Template<'t> {
    pub(super) text: &'t str,
    /// What the text consists of, in order. Ends before the NUL that cuts the text off, if there is one.
    pub(super) pieces: Vec<Piece>,
    /// Every `${…}` at any depth, in the order of their `$`.
    pub(super) expansions: Vec<Expansion>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(Span),
    /// Two bytes of which the second stays.
    Escape(Span),
    Expansion(ExpansionId),
}

/// An index into [`Template::expansions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExpansionId(pub(super) u32);

/// One `${…}`.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    /// From `$` to `}`.
    pub(super) span: Span,
    pub(super) name: Span,
    /// The operator as written; empty if there is none.
    pub(super) operator: Span,
    pub(super) operation: Operation,
    /// Whether it is an argument of another one.
    pub(super) nested: bool,
    /// Whether some value makes it, or one of its arguments, an error. The library evaluates even the default that it does not
    /// need, so those that may fail cannot be left out.
    pub(super) may_fail: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Operation {
    Value,
    Length,
    Case { case: Case, first_only: bool },
    Default(Vec<Argument>),
    Substring { offset: Argument, length: Option<Argument> },
    Trim { side: Side, longest: bool, pattern: Argument },
    Replace { scope: Scope, pattern: Argument, with: Option<Argument> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Prefix,
    Suffix,
}

/// Which matches of a pattern are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    First,
    All,
    Prefix,
    Suffix,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Text(Span),
    Expansion(ExpansionId),
}

/// A variable that a template may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable<'t> {
    /// Its name.
    pub name: &'t str,
    /// Where the name stands.
    pub name_span: Span,
    /// What follows (or, for a length, `#`, what precedes) the name: empty, `^`, `^^`, `,`, `,,`, `^,`, `,^`, `=`, `:=`, `:-`, `:?`,
    /// `:+`, `:`, `#`, `##`, `%`, `%%`, `/`, `//`, `/#` or `/%`.
    pub operator: &'t str,
    /// The whole `${…}`.
    pub span: Span,
    /// Whether it is the argument of another one, and so may not be read at all.
    pub nested: bool,
}

/// Two bytes that stand for one outside `${…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escape {
    /// Both bytes: `\\`, `\/` or `$$`.
    pub span: Span,
    /// The byte that stays: `\`, `/` or `$`.
    pub kept: char,
}

impl<'t> Template<'t> {
    /// Finds the `${…}` and escapes of `text`.
    ///
    /// # Errors
    ///
    /// The first malformed `${…}`, or a text beyond the [bounds](super#bounds). Errors that depend on values come from
    /// [`render`](Self::render).
    pub fn parse(text: &'t str) -> Result<Self, SubstError> {
        let (pieces, expansions) = Parser::new(text).template()?;
        Ok(Self { text, pieces, expansions })
    }

    /// The raw text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Whether substitution leaves the text as it is, whatever the environment.
    pub fn is_plain(&self) -> bool {
        match *self.pieces.as_slice() {
            [] => self.text.is_empty(),
            [Piece::Text(span)] => span.len() as usize == self.text.len(),
            _ => false,
        }
    }

    /// Every variable that is named in a `${…}`, nested ones too, in the order of their `$`.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'t>> {
        self.expansions.iter().map(|expansion| Variable {
            name: self.slice(expansion.name),
            name_span: expansion.name,
            operator: self.slice(expansion.operator),
            span: expansion.span,
            nested: expansion.nested,
        })
    }

    /// The escapes outside `${…}`, in order.
    pub fn escapes(&self) -> impl Iterator<Item = Escape> {
        self.pieces.iter().filter_map(|&piece| match piece {
            Piece::Escape(span) => self.slice(span).chars().next_back().map(|kept| Escape { span, kept }),
            Piece::Text(_) | Piece::Expansion(_) => None,
        })
    }

    /// The escapes that cost a backslash which somebody may have meant for a glob or a regular expression: `\\` and `\/`
    /// outside `${…}`. Spans of both bytes, in order.
    pub fn eaten_backslashes(&self) -> impl Iterator<Item = Span> {
        self.escapes().filter(|escape| escape.kept != '$').map(|escape| escape.span)
    }

    /// What the server drops at the end: everything from the first NUL on.
    pub fn dropped_tail(&self) -> Option<Span> {
        let end = self.pieces.last().map_or(0, |&piece| match piece {
            Piece::Text(span) | Piece::Escape(span) => span.end,
            Piece::Expansion(id) => self.expansion(id).span.end,
        });
        (end < self.len()).then(|| Span::new(end, self.len()))
    }

    pub(super) fn len(&self) -> u32 {
        self.text.len() as u32
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).expect("internal: the parser's spans lie on characters of its text")
    }

    pub(super) fn expansion(&self, id: ExpansionId) -> &Expansion {
        self.expansions.get(id.0 as usize).expect("internal: the parser hands out only ids of its expansions")
    }
}
