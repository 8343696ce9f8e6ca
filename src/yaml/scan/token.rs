//! What the scanner hands to the tree builder.

use crate::source::Span;
use crate::yaml::node::ScalarStyle;

/// A token: what it is and its bytes. Blocks start and end by indentation, so those tokens are empty spans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// The end of the text.
    StreamEnd,
    /// `%YAML` or `%TAG`: an index into the scanner's directives.
    Directive(u32),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    /// `[`
    FlowSequenceStart,
    /// `]`
    FlowSequenceEnd,
    /// `{`
    FlowMappingStart,
    /// `}`
    FlowMappingEnd,
    /// `- `
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `? `, or the place before a key that has none.
    Key,
    /// `:`
    Value,
    /// `*name`
    Alias,
    /// `&name`
    Anchor,
    /// `!tag`: an index into the scanner's tags.
    Tag(u32),
    Scalar(Scalar),
    /// What follows may turn out to be a key: settled when its `:` is found, or not.
    Candidate(Settled),
}

/// What became of a place where a key might start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Not known yet.
    Open,
    /// No key.
    Nothing,
    /// Not known, but what follows is not held back for it.
    Forgotten,
    /// The first key of a block mapping: [`TokenKind::BlockMappingStart`], then [`TokenKind::Key`].
    FirstKey,
}

/// How to get at a scalar's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scalar {
    pub(crate) style: ScalarStyle,
    /// The value is the text as it stands, between the quotes if there are any.
    pub(crate) verbatim: bool,
    /// The column of a block scalar's text.
    pub(crate) indent: u32,
}
