//! Where each node of a document hangs.

use std::collections::HashMap;

use crate::source::Span;
use crate::yaml::{Data, Document, Node, NodeId};

/// Where a node hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub parent: NodeId,
    pub role: Role,
    /// Somewhere inside of brackets.
    pub flow: bool,
}

/// What a node is to its parent; the number counts items or pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Item(usize),
    Key(usize),
    Value(usize),
}

/// The outline of a document: the way up from each node, and the aliases.
#[derive(Debug)]
pub struct Outline {
    links: HashMap<NodeId, Link>,
    /// Where an anchored node starts, and where an alias to it stands; by the former.
    aliases: Vec<(u32, u32)>,
}

impl Outline {
    /// The outline of `document`.
    pub fn new(document: &Document<'_>) -> Self {
        let mut links: HashMap<NodeId, Link> = HashMap::new();
        let mut aliases = Vec::new();
        for (id, node) in document.nodes() {
            // A collection comes before what it holds, so the way up from it is known.
            let inside = |flow: bool| flow || links.get(&id).is_some_and(|link| link.flow);
            match &node.data {
                Data::Scalar { .. } => {}
                Data::Alias(target) => aliases.push((document.node(*target).span.start, node.span.start)),
                Data::Sequence { items, flow } => {
                    let flow = inside(*flow);
                    let link = |at| Link { parent: id, role: Role::Item(at), flow };
                    links.extend(items.iter().enumerate().map(|(at, &item)| (item, link(at))));
                }
                Data::Mapping { pairs, flow } => {
                    let flow = inside(*flow);
                    for (at, &(key, value)) in pairs.iter().enumerate() {
                        links.insert(key, Link { parent: id, role: Role::Key(at), flow });
                        links.insert(value, Link { parent: id, role: Role::Value(at), flow });
                    }
                }
            }
        }
        aliases.sort_unstable();
        Self { links, aliases }
    }

    /// Where `id` hangs; `None` for the root.
    pub(super) fn link(&self, id: NodeId) -> Option<Link> {
        self.links.get(&id).copied()
    }

    /// Whether an alias outside of `span` stands for something inside of it.
    pub(super) fn is_referred_to(&self, span: Span) -> bool {
        let first = self.aliases.partition_point(|&(target, _)| target < span.start);
        let inside = self.aliases.iter().skip(first).take_while(|&&(target, _)| target < span.end);
        inside.into_iter().any(|&(_, alias)| alias < span.start || span.end <= alias)
    }
}

/// The first byte of `node` with its tag and anchor.
pub(super) fn full_start(node: &Node<'_>) -> u32 {
    let tag = node.tag.as_ref().map(|tag| tag.1.start);
    [tag, node.anchor.map(|anchor| anchor.start)].into_iter().flatten().fold(node.span.start, u32::min)
}

/// The byte after `node`, with its tag and anchor, which come last where the node itself is empty.
pub(super) fn full_end(node: &Node<'_>) -> u32 {
    let tag = node.tag.as_ref().map(|tag| tag.1.end);
    [tag, node.anchor.map(|anchor| anchor.end)].into_iter().flatten().fold(node.span.end, u32::max)
}
