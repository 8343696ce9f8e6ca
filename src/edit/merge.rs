//! Two maps that become one.

use super::outline::Role;
use super::{Editor, Replacement, lines};
use crate::source::Span;
use crate::yaml::{Data, NodeId};

impl Editor<'_> {
    /// Makes one map of `one` and `other`, two maps that are items of one list and have no key in common.
    ///
    /// `None` when they are not, when they have anchors or tags, or when they are written in different ways or far apart.
    pub fn merge_items(&self, one: NodeId, other: NodeId) -> Option<Vec<Replacement>> {
        let (first, second) = (self.outline.link(one)?, self.outline.link(other)?);
        let (Role::Item(at_first), Role::Item(at_second)) = (first.role, second.role) else { return None };
        let bare = |id| {
            let node = self.document.node(id);
            node.anchor.is_none() && node.tag.is_none() && matches!(node.data, Data::Mapping { .. })
        };
        if first.parent != second.parent || !bare(one) || !bare(other) {
            return None;
        }
        let ((above, _), (below, at)) = if at_first < at_second {
            ((one, at_first), (other, at_second))
        } else {
            ((other, at_second), (one, at_first))
        };
        if !self.is_flow(above) && !self.is_flow(below) {
            return self.without_dash(above, below, at).filter(|_| at_first.abs_diff(at_second) == 1);
        }
        let slots = self.slots(below)?;
        let [entry] = slots.as_slice() else { return None };
        let text = self.slice(Span::from(entry.clone()));
        let (key, value) = text.split_once(':').filter(|_| !text.contains(['\n', '\r']))?;
        let mut edits = self.add_entry(above, key, value.trim())?;
        edits.extend(self.remove(below)?);
        Some(edits)
    }

    /// Lets the block `below`, item `at` of its list, go on with the block `above`, the item before it.
    fn without_dash(&self, above: NodeId, below: NodeId, at: usize) -> Option<Vec<Replacement>> {
        let text = self.bytes();
        let link = self.outline.link(below)?;
        let dash = self.slots(link.parent)?.get(at)?.start;
        let column = |at: usize| at - lines::start(text, at);
        let starts = [above, below].map(|id| self.document.node(id).span.start as usize);
        let on_its_line = lines::start(text, starts[1]) == lines::start(text, dash);
        let first_on_its_line = text[lines::start(text, dash)..dash].iter().all(|&byte| byte == b' ');
        let fits = column(starts[0]) == column(starts[1]) && on_its_line && first_on_its_line;
        fits.then(|| vec![Replacement::new(Span::from(dash..dash + 1), " ")])
    }
}
