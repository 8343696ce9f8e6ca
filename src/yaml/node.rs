//! The node arena: what a document is once it is parsed.

use std::borrow::Cow;

use crate::source::Span;

/// A node of one [`Document`](super::Document).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarStyle {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// One node: its content and the bytes it was written as.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    /// The bytes of the content in the parsed text: quotes, brackets and block scalar headers included; tag and anchor, which
    /// come before it, and trailing space and comments not. An empty (missing) scalar has an empty span where it would stand. A
    /// block collection starts with its first `-` or key and ends with what it holds; a block scalar ends with the last line break
    /// that is part of its value.
    pub span: Span,
    /// The explicit tag, resolved (`tag:yaml.org,2002:str`, `!local`; `!` alone stays `!`), with the bytes it was written as.
    /// `None` when there is none.
    pub tag: Option<Box<(Cow<'t, str>, Span)>>,
    /// The bytes of the anchor (`&name`), if there is one.
    pub anchor: Option<Span>,
    /// The content.
    pub data: Data<'t>,
}

/// A node's content.
#[derive(Clone, Debug)]
pub enum Data<'t> {
    /// A scalar: its value after unquoting and folding.
    Scalar {
        /// The value.
        value: Cow<'t, str>,
        /// How it was written.
        style: ScalarStyle,
    },
    /// A list, in order. `flow` when written `[…]`.
    Sequence {
        /// The items.
        items: Vec<NodeId>,
        /// Written as `[…]`.
        flow: bool,
    },
    /// A map as it was written: pairs of key and value in order, duplicates and `<<` included. `flow` when written `{…}`, or as a
    /// pair inside `[…]`.
    Mapping {
        /// The pairs.
        pairs: Vec<(NodeId, NodeId)>,
        /// Written as `{…}`.
        flow: bool,
    },
    /// `*name`: the node that carried the anchor when the alias was read. It may be an ancestor (a cycle); readers guard.
    Alias(NodeId),
}
