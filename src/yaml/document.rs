//! A parsed document, and the way into it.

use super::dialect::Dialect;
use super::error::ParseError;
use super::node::{Data, Node, NodeId};
use super::scan::token::Scalar;
use super::{reader, tree, value};
use crate::source::{OffsetMap, Span};

/// The first document of a text, as an arena of nodes that borrow from the text.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node<'t>>,
    pub(super) root: Option<NodeId>,
    pub(super) comments: Vec<Span>,
    /// The scalars whose value is not the text as it stands, in order: what [`Document::value_map`] needs to derive it again.
    pub(super) derived: Vec<(NodeId, Scalar)>,
}

impl<'t> Document<'t> {
    /// Parses the first document of `text`, as the server's library `dialect` does: what it accepts is accepted, and becomes the
    /// same tree. Documents after the first are not read, but for the two tokens that the library reads ahead.
    ///
    /// Takes time and memory linear in the length of `text`.
    ///
    /// # Errors
    ///
    /// What the library refuses, at the bytes at fault. More than 10,000 levels of brackets or of blocks, its own bound. And what it
    /// would take but nobody writes: a text longer than [`MAX_LEN`](crate::source::MAX_LEN), more than 1,048,576 nodes, tags that
    /// stand for more than [`MAX_LEN`](crate::source::MAX_LEN) bytes, a line that goes on for 4,194,304 tokens and may yet be a key.
    pub fn parse(text: &'t str, dialect: Dialect) -> Result<Self, ParseError> {
        let readable = reader::check(text, dialect)?;
        Ok(tree::parse(text, dialect, readable)?)
    }

    /// The text that was parsed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The document's node. `None` when the text holds no document: only space, comments and `...`.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The node that `id` names. It panics for the `id` of another document if this one is smaller.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// All nodes in the order in which they start; a collection comes before what it holds.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node<'t>)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId(index as u32), node))
    }

    /// The bytes of every comment of the document, from `#` to the end of its line, in order.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Where the parts of a scalar's value came from: maps bytes of the value to bytes of the text. Of an alias, it is that of its
    /// target. Of a collection, empty.
    pub fn value_map(&self, id: NodeId) -> OffsetMap {
        let id = match self.node(id).data {
            Data::Alias(target) => target,
            _ => id,
        };
        let node = self.node(id);
        let Data::Scalar { style, .. } = node.data else { return OffsetMap::new() };
        let scalar = match self.derived.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(found) => self.derived[found].1,
            Err(_) => Scalar { style, verbatim: true, indent: 0 },
        };
        value::value_map(self.text, node.span, scalar)
    }
}

#[cfg(test)]
mod tests;
