//! Edits of a YAML text: which bytes have to change so that one value changes, and nothing else does.
//!
//! A parsed [`Document`] and a wish in, [`Replacement`]s out: bytes of the document's text, and what comes in
//! their place. Comments, anchors, quotes and layout elsewhere stay as they are, to the byte. `None` says that it cannot be done well;
//! nothing here guesses.
//!
//! | file | idea |
//! | --- | --- |
//! | `outline` | where each node hangs: its parent, its place in it, inside of brackets or not |
//! | `scalar` | another text for a scalar, in the style it has, or in quotes where that style cannot say it |
//! | `remove` | an item of a list, an entry of a map, an anchor, a comment |
//! | `insert` | one more item, one more entry |
//! | `merge` | two maps that become one |
//! | `lines` | lines and line breaks |
//!
//! What YAML would make of a new scalar is not known here a second time: a small text with it is parsed, and compared.
//!
//! # Bounds
//!
//! [`Outline::new`] takes time and memory linear in the number of nodes; every edit, in the bytes and nodes that it is about.
//! Lists and maps of more than [`MAX_ENTRIES`] are not edited, but for their scalars.

mod insert;
mod lines;
mod merge;
mod outline;
mod remove;
mod scalar;

#[cfg(test)]
mod tests;

pub use outline::Outline;
pub use remove::{MAX_ENTRIES, without_comment};
pub use scalar::{written, written_list};

use crate::source::Span;
use crate::yaml::{Data, Dialect, Document, NodeId};
use outline::{Link, Role};

/// Bytes of a text that give way to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes that go; none where something is only put in.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

impl Replacement {
    /// `text` in place of `span`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    fn deletion(range: std::ops::Range<usize>) -> Self {
        Self::new(Span::from(range), "")
    }
}

/// A document that edits are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'d> {
    document: &'d Document<'d>,
    dialect: Dialect,
    outline: &'d Outline,
}

impl<'d> Editor<'d> {
    /// An editor of `document`, which was parsed as `dialect` does, and has this outline.
    pub fn new(document: &'d Document<'d>, outline: &'d Outline, dialect: Dialect) -> Self {
        Self { document, dialect, outline }
    }

    /// The document.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The list or map that `id` is in; `None` for the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.outline.link(id).map(|link| link.parent)
    }

    /// The key that `id` is the value of.
    pub fn key(&self, id: NodeId) -> Option<NodeId> {
        let Link { parent, role: Role::Value(at), .. } = self.outline.link(id)? else { return None };
        let Data::Mapping { pairs, .. } = &self.document.node(parent).data else { return None };
        pairs.get(at).map(|&(key, _)| key)
    }

    /// The value of the entry of the map `map` whose key is `key`.
    pub fn value(&self, map: NodeId, key: &str) -> Option<NodeId> {
        let Data::Mapping { pairs, .. } = &self.document.node(map).data else { return None };
        pairs.iter().find(|&&(it, _)| self.scalar(it) == Some(key)).map(|&(_, value)| value)
    }

    /// The text of the scalar `id`.
    pub fn scalar(&self, id: NodeId) -> Option<&'d str> {
        if let Data::Scalar { value, .. } = &self.document.node(id).data { Some(value) } else { None }
    }

    fn text(&self) -> &'d str {
        self.document.text()
    }

    fn bytes(&self) -> &'d [u8] {
        self.text().as_bytes()
    }
}
