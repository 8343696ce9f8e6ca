//! Taking something out.

use std::ops::Range;

use super::outline::{Role, full_end, full_start};
use super::{Editor, Replacement, lines};
use crate::source::Span;
use crate::yaml::{Data, NodeId};

/// Longer lists and maps than this are not edited: each edit looks at all that is in them.
pub const MAX_ENTRIES: usize = 256;

/// An item of a list, or an entry of a map: from its `-` or key to the end of what it holds.
pub(super) type Slot = Range<usize>;

impl Editor<'_> {
    /// Removes the list item `id`, or the entry of a map that `id` is the key or the value of, and what is said of it at the end of its
    /// line. Comments on lines of their own stay.
    ///
    /// `None` for the last one that is left, since a block has no way to write that it is empty; where an alias elsewhere refers to
    /// something inside; and where a comment is in the way.
    pub fn remove(&self, id: NodeId) -> Option<Vec<Replacement>> {
        let link = self.outline.link(id)?;
        let (Role::Item(at) | Role::Key(at) | Role::Value(at)) = link.role;
        let slots = self.slots(link.parent)?;
        let slot = slots.get(at).filter(|_| slots.len() > 1)?;
        if self.outline.is_referred_to(Span::from(slot.clone())) {
            return None;
        }
        let range = if self.is_flow(link.parent) {
            self.flow_range(&slots, at, self.document.node(link.parent).span)
        } else {
            self.block_range(&slots, at)
        }?;
        Some(vec![Replacement::deletion(range)])
    }

    /// Whether `id` is a collection in brackets of its own.
    pub(super) fn is_flow(&self, id: NodeId) -> bool {
        matches!(self.document.node(id).data, Data::Sequence { flow: true, .. } | Data::Mapping { flow: true, .. })
    }

    /// The items or entries of `id`. `None` when it can have none, has more than [`MAX_ENTRIES`], or is written in a way that few know: `? key`, or a pair without braces
    /// inside of `[…]`.
    pub(super) fn slots(&self, id: NodeId) -> Option<Vec<Slot>> {
        let node = self.document.node(id);
        let text = self.bytes();
        let entries = match &node.data {
            Data::Sequence { items, .. } => items.len(),
            Data::Mapping { pairs, .. } => pairs.len(),
            Data::Scalar { .. } | Data::Alias(_) => return None,
        };
        if entries > MAX_ENTRIES {
            return None;
        }
        let start = |id| full_start(self.document.node(id)) as usize;
        let end = |id| full_end(self.document.node(id)) as usize;
        match &node.data {
            Data::Sequence { items, flow: true } => Some(items.iter().map(|&item| start(item)..end(item)).collect()),
            Data::Sequence { items, flow: false } => {
                let mut slots: Vec<Slot> = Vec::with_capacity(items.len());
                for &item in items {
                    let dash = match slots.last() {
                        None => node.span.start as usize,
                        Some(before) => self.skip_filling(before.end),
                    };
                    if text.get(dash) != Some(&b'-') {
                        return None;
                    }
                    slots.push(dash..end(item).max(dash + 1));
                }
                Some(slots)
            }
            Data::Mapping { pairs, flow } => {
                if *flow && text.get(node.span.start as usize) != Some(&b'{') {
                    return None;
                }
                let mut slots: Vec<Slot> = Vec::with_capacity(pairs.len());
                for &(key, value) in pairs {
                    let from = match slots.last() {
                        Some(before) => self.skip_filling(before.end),
                        None => self.skip_filling(node.span.start as usize + usize::from(*flow)),
                    };
                    // Anything else before the key would be a `?`.
                    let comma = slots.last().is_some() && *flow;
                    if from != start(key) && !(comma && self.skip_filling(from + 1) == start(key)) {
                        return None;
                    }
                    let colon = lines::skip(text, end(key));
                    let key_end = if text.get(colon) == Some(&b':') { colon + 1 } else { end(key) };
                    slots.push(start(key)..end(value).max(key_end));
                }
                Some(slots)
            }
            Data::Scalar { .. } | Data::Alias(_) => None,
        }
    }

    /// The first place from `at` that is neither blank nor line break nor comment.
    pub(super) fn skip_filling(&self, mut at: usize) -> usize {
        let text = self.bytes();
        loop {
            at = lines::skip(text, at);
            let next = lines::next(text, at);
            if next > at {
                at = next;
            } else if text.get(at) == Some(&b'#') && self.has_comment(at..at + 1) {
                at = lines::end(text, at);
            } else {
                return at;
            }
        }
    }

    /// Whether a comment starts in `range`.
    pub(super) fn has_comment(&self, range: Range<usize>) -> bool {
        let comments = self.document.comments();
        let first = comments.partition_point(|comment| (comment.start as usize) < range.start);
        comments.get(first).is_some_and(|comment| (comment.start as usize) < range.end)
    }

    fn block_range(&self, slots: &[Slot], at: usize) -> Option<Range<usize>> {
        let text = self.bytes();
        let slot = slots.get(at)?;
        let line = lines::start(text, slot.start);
        let last = if lines::is_start(text, slot.end) { slot.end } else { lines::end(text, slot.end) };
        if text[line..slot.start].iter().all(|&byte| byte == b' ') {
            // What a block scalar ends with is its own.
            let range = if last == slot.end && lines::is_start(text, last) {
                line..last
            } else {
                lines::whole(text, line, last)
            };
            return Some(range);
        }
        // It shares its line with what it hangs in: `- a: 1`. The next one takes its place.
        let next = slots.get(at + 1)?.start;
        (at == 0 && !self.has_comment(last..next)).then_some(slot.start..next)
    }

    fn flow_range(&self, slots: &[Slot], at: usize, whole: Span) -> Option<Range<usize>> {
        let text = self.bytes();
        let slot = slots.get(at)?;
        let comma = self.skip_filling(slot.end);
        let end = if text.get(comma) == Some(&b',') { comma + 1 } else { slot.end };
        let line = lines::start(text, slot.start);
        let opens = text[line..slot.start].iter().all(u8::is_ascii_whitespace);
        let closes = lines::is_rest_blank(text, end) && lines::end(text, end) < whole.end as usize;
        let on_one_line = |range: Range<usize>| {
            !self.has_comment(range.clone()) && !text[range].iter().any(|byte| matches!(byte, b'\n' | b'\r'))
        };
        if !on_one_line(slot.end..end) {
            return None;
        }
        if opens && closes {
            return Some(lines::whole(text, line, lines::end(text, end)));
        }
        match (at.checked_sub(1).and_then(|before| slots.get(before)), slots.get(at + 1)) {
            (_, Some(next)) if on_one_line(slot.end..next.start) => Some(slot.start..next.start),
            (Some(before), _) if on_one_line(before.end..slot.start) => Some(before.end..slot.end),
            // Alone at the start or at the end of a line that others share.
            _ => Some(slot.start..end),
        }
    }

    /// Removes the anchor of `id`, if it has one.
    pub fn remove_anchor(&self, id: NodeId) -> Option<Vec<Replacement>> {
        let anchor = self.document.node(id).anchor?;
        let text = self.bytes();
        let (start, end) = (anchor.start as usize, anchor.end as usize);
        let next = lines::skip(text, end);
        let is_last = text.get(next).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
        Some(vec![Replacement::deletion(if is_last { lines::skip_back(text, start)..end } else { start..next })])
    }
}

/// Removes the comment of `text` at `comment`: with its line, if it has one of its own.
pub fn without_comment(text: &str, comment: Span) -> Vec<Replacement> {
    let text = text.as_bytes();
    let (start, end) = (comment.start as usize, comment.end as usize);
    let blank = lines::skip_back(text, start);
    let line = lines::start(text, start);
    vec![Replacement::deletion(if blank == line { lines::whole(text, line, end) } else { blank..end })]
}
