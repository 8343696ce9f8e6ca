//! Sequence merges: `- <<: *list` in a list stands for the items of the other list.
//!
//! That is no YAML: the server runs the whole document through 6543/xyaml before it decodes it (1.1.0 up to 3.15, v2 since), which replaces, in
//! each list, every item that is a map whose one key is a merge key. Its value has to be an alias to a list, or a list of such aliases.
//! What is replaced and what is not follows from the order in which it walks:
//!
//! - The values of a map are done from the last to the first (keys never), the items of a list from the first to the last, aliases
//!   are not followed. So a list that is merged *further down* in a map brings its own `<<` items along as they are, and decoding refuses them.
//! - Items that are merged into the place of a first item from an empty list leave the `<<` item where it is.
//! - A value nested deeper than [`depth_limit`] is an error wherever it stands, also in parts of the document that nobody decodes.
//!
//! The `<<` of maps is another thing, and done while decoding: see the `decode` module.

use std::collections::HashMap;

use super::decode::{DecodeError, DecodeErrorKind, SequenceMergeFault};
use super::resolve::has_merge_tag;
use super::{Data, Dialect, Document, NodeId};

/// The most items that all merged lists of a document may have in total. The server has no such bound; lists that merge each other can multiply.
pub const MAX_MERGED_ITEMS: usize = 1 << 20;

/// The depth at which the server refuses a value: the root has depth 1, its items 2.
pub const fn depth_limit(dialect: Dialect) -> u32 {
    match dialect {
        Dialect::V3 => 10,
        Dialect::V4 => 15,
    }
}

/// The lists of one document whose items changed.
#[derive(Clone, Debug, Default)]
pub struct SequenceMerges {
    lists: HashMap<NodeId, Vec<MergedItem>>,
    /// The number of items in `lists`.
    total: usize,
}

/// An item of a list that something was merged into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedItem {
    /// The item.
    pub node: NodeId,
    /// The alias that brought it here, for an item of another list.
    pub via: Option<NodeId>,
}

impl SequenceMerges {
    /// Works out the merges of `document`, which stays as it is.
    ///
    /// # Errors
    ///
    /// What the server refuses: a value that is nested too deep, a `<<` item whose value is not a list's alias; and more than
    /// [`MAX_MERGED_ITEMS`] items.
    pub fn of(document: &Document<'_>, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut merges = Self::default();
        if let Some(root) = document.root() {
            let walk = Walk { document, dialect, limit: depth_limit(dialect) };
            walk.node(root, 1, &mut merges)?;
        }
        Ok(merges)
    }

    /// The items of the list `id`, if something was merged into it.
    pub fn get(&self, id: NodeId) -> Option<&[MergedItem]> {
        if self.lists.is_empty() { None } else { self.lists.get(&id).map(Vec::as_slice) }
    }
}

struct Walk<'d, 't> {
    document: &'d Document<'t>,
    dialect: Dialect,
    limit: u32,
}

impl Walk<'_, '_> {
    /// Recursion ends at the depth limit.
    fn node(&self, id: NodeId, depth: u32, merges: &mut SequenceMerges) -> Result<(), DecodeError> {
        if depth == self.limit {
            return Err(self.error(id, DecodeErrorKind::TooDeep { limit: self.limit - 1 }));
        }
        match &self.document.node(id).data {
            Data::Mapping { pairs, .. } => {
                pairs.iter().rev().try_for_each(|&(_, value)| self.node(value, depth + 1, merges))
            }
            Data::Sequence { items, .. } => self.sequence(id, items, depth, merges),
            Data::Scalar { .. } | Data::Alias(_) => Ok(()),
        }
    }

    fn sequence(
        &self,
        id: NodeId,
        items: &[NodeId],
        depth: u32,
        merges: &mut SequenceMerges,
    ) -> Result<(), DecodeError> {
        // Empty until the first merge; while it stays empty after one, the server forgets that there was one.
        let mut result: Vec<MergedItem> = Vec::new();
        for (at, &item) in items.iter().enumerate() {
            if let Some(value) = self.marker(item) {
                if result.is_empty() {
                    result.extend(items.iter().take(at).map(|&node| MergedItem { node, via: None }));
                }
                self.merge(item, value, merges, &mut result)?;
            } else {
                self.node(item, depth + 1, merges)?;
                if !result.is_empty() {
                    result.push(MergedItem { node: item, via: None });
                }
            }
            if merges.total + result.len() > MAX_MERGED_ITEMS {
                return Err(self.error(item, DecodeErrorKind::TooLarge { limit: MAX_MERGED_ITEMS }));
            }
        }
        if !result.is_empty() {
            merges.total += result.len();
            merges.lists.insert(id, result);
        }
        Ok(())
    }

    /// The value of the one pair of `item`, if its key is a merge key.
    fn marker(&self, item: NodeId) -> Option<NodeId> {
        let Data::Mapping { pairs, .. } = &self.document.node(item).data else { return None };
        let &[(key, value)] = pairs.as_slice() else { return None };
        has_merge_tag(self.document.node(key), self.dialect).then_some(value)
    }

    /// Appends the items of the list or lists that `value`, of the marker `item`, names.
    fn merge(
        &self,
        item: NodeId,
        value: NodeId,
        merges: &SequenceMerges,
        into: &mut Vec<MergedItem>,
    ) -> Result<(), DecodeError> {
        let single = [value];
        let (aliases, fault) = match &self.document.node(value).data {
            Data::Alias(_) => (single.as_slice(), SequenceMergeFault::NotAList),
            // The list of aliases is no part of the walk: nothing was merged into it.
            Data::Sequence { items, .. } => (items.as_slice(), SequenceMergeFault::NotAListInList),
            _ => return Err(self.error(item, DecodeErrorKind::SequenceMerge(SequenceMergeFault::NotAnAlias))),
        };
        for &alias in aliases {
            let Data::Alias(target) = self.document.node(alias).data else {
                return Err(self.error(alias, DecodeErrorKind::SequenceMerge(SequenceMergeFault::NotAnAliasInList)));
            };
            let Data::Sequence { items, .. } = &self.document.node(target).data else {
                return Err(self.error(alias, DecodeErrorKind::SequenceMerge(fault)));
            };
            let via = Some(alias);
            match merges.get(target) {
                Some(items) => into.extend(items.iter().map(|item| MergedItem { node: item.node, via })),
                None => into.extend(items.iter().map(|&node| MergedItem { node, via })),
            }
            if merges.total + into.len() > MAX_MERGED_ITEMS {
                return Err(self.error(alias, DecodeErrorKind::TooLarge { limit: MAX_MERGED_ITEMS }));
            }
        }
        Ok(())
    }

    fn error(&self, id: NodeId, kind: DecodeErrorKind) -> DecodeError {
        DecodeError { span: self.document.node(id).span, kind, via: Vec::new() }
    }
}

#[cfg(test)]
mod tests;
