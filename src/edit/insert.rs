//! Putting something in.

use super::outline::full_end;
use super::{Editor, Replacement, lines};
use crate::source::Span;
use crate::yaml::{Data, NodeId, ScalarStyle};

impl Editor<'_> {
    /// Adds an entry to the map `map`, as the last one. `key` and `value` are YAML of one line, as [`written`](super::written) makes it.
    ///
    /// `None` when `map` is no map, or one of a form that few know (see [`Editor::remove`]); or when what comes last in it could not stay what it is.
    pub fn add_entry(&self, map: NodeId, key: &str, value: &str) -> Option<Vec<Replacement>> {
        matches!(self.document.node(map).data, Data::Mapping { .. }).then_some(())?;
        self.add(map, &format!("{key}: {value}"), "")
    }

    /// Adds an item to the list `list`, as the last one: YAML of one line.
    ///
    /// `None` as for [`Self::add_entry`].
    pub fn add_item(&self, list: NodeId, item: &str) -> Option<Vec<Replacement>> {
        matches!(self.document.node(list).data, Data::Sequence { .. }).then_some(())?;
        self.add(list, item, "- ")
    }

    fn add(&self, to: NodeId, text: &str, mark: &str) -> Option<Vec<Replacement>> {
        let slots = self.slots(to)?;
        if self.is_flow(to) {
            let replacement = match slots.last() {
                Some(last) => Replacement::new(Span::at(last.end as u32), format!(", {text}")),
                None => Replacement::new(Span::at(self.document.node(to).span.start + 1), text),
            };
            return Some(vec![replacement]);
        }
        let (first, last) = (slots.first()?, slots.last()?);
        let bytes = self.bytes();
        let indent = " ".repeat(first.start - lines::start(bytes, first.start));
        let line_break = lines::line_break(bytes, last.end);
        let replacement = if lines::is_start(bytes, last.end) {
            Replacement::new(Span::at(last.end as u32), format!("{indent}{mark}{text}{line_break}"))
        } else {
            let end = lines::end(bytes, last.end);
            if end == bytes.len() && self.ends_in_block_scalar(to) {
                // The line break that has to be put in could become part of its text.
                return None;
            }
            Replacement::new(Span::at(end as u32), format!("{line_break}{indent}{mark}{text}"))
        };
        Some(vec![replacement])
    }

    /// Makes the block list `list`, the value of a key, the value of `key` in a map of its own, a step deeper, with the entry `entry` behind it.
    /// `key` and `entry` are YAML of one line.
    ///
    /// `None` when it is no such list, or does not stand a step deeper than its key.
    pub fn wrap_block_list(&self, list: NodeId, key: &str, entry: &str) -> Option<Vec<Replacement>> {
        let (bytes, node) = (self.bytes(), self.document.node(list));
        let of = self.document.node(self.key(list)?).span.start as usize;
        let start = node.span.start as usize;
        let (line, indent) = (lines::start(bytes, start), start - lines::start(bytes, start));
        let on_its_line = bytes[line..start].iter().all(|&byte| byte == b' ');
        let plain =
            node.anchor.is_none() && node.tag.is_none() && matches!(node.data, Data::Sequence { flow: false, .. });
        if !plain || !on_its_line || indent <= of - lines::start(bytes, of) {
            return None;
        }
        let end = self.slots(list)?.last()?.end;
        if lines::is_start(bytes, end) || self.ends_in_block_scalar(list) {
            return None;
        }
        let (margin, line_break) = (" ".repeat(indent), lines::line_break(bytes, start));
        let mut edits = vec![Replacement::new(Span::at(node.span.start), format!("{key}:{line_break}{margin}  "))];
        let mut at = lines::next(bytes, lines::end(bytes, start));
        while at < end {
            let line_end = lines::end(bytes, at);
            if lines::skip(bytes, at) < line_end {
                edits.push(Replacement::new(Span::at(at as u32), "  "));
            }
            at = lines::next(bytes, line_end);
        }
        let behind = Span::at(lines::end(bytes, end) as u32);
        edits.push(Replacement::new(behind, format!("{line_break}{margin}{entry}")));
        Some(edits)
    }

    /// Whether the last thing in `id` is a `|` or `>`.
    fn ends_in_block_scalar(&self, mut id: NodeId) -> bool {
        loop {
            let last = match &self.document.node(id).data {
                Data::Sequence { items, .. } => items.last().copied(),
                Data::Mapping { pairs, .. } => pairs.last().map(|&(_, value)| value),
                Data::Scalar { style, .. } => return matches!(style, ScalarStyle::Literal | ScalarStyle::Folded),
                Data::Alias(_) => None,
            };
            let Some(last) = last else { return false };
            id = last;
        }
    }

    /// Writes `text`, YAML of one line, as the value of the key that `id` is the value of.
    ///
    /// `None` when it is no such value; where a comment, or something that an alias elsewhere refers to, would go with it.
    pub fn replace_value(&self, id: NodeId, text: &str) -> Option<Vec<Replacement>> {
        let key_end = full_end(self.document.node(self.key(id)?)) as usize;
        let (bytes, end) = (self.bytes(), full_end(self.document.node(id)) as usize);
        let colon = lines::skip(bytes, key_end);
        let whole = Span::from(colon + 1..end);
        let is_free = bytes.get(colon) == Some(&b':') && colon < end && !lines::is_start(bytes, end);
        let is_bare = !self.has_comment(colon..end) && !self.outline.is_referred_to(whole);
        (is_free && is_bare).then(|| vec![Replacement::new(whole, format!(" {text}"))])
    }

    /// Puts an anchor called `name` before the node `id`, which has none.
    pub fn add_anchor(&self, id: NodeId, name: &str) -> Option<Vec<Replacement>> {
        let node = self.document.node(id);
        if node.anchor.is_some() || node.tag.is_some() || matches!(node.data, Data::Alias(_)) || node.span.is_empty() {
            return None;
        }
        let bytes = self.bytes();
        let at = node.span.start as usize;
        let line = lines::start(bytes, at);
        if !bytes[line..at].iter().all(|&byte| byte == b' ') {
            return Some(vec![Replacement::new(Span::at(node.span.start), format!("&{name} "))]);
        }
        // Above a block that starts on a line of its own: behind the key or the dash, on whose line nothing else may stand.
        let above = line.checked_sub(1)?;
        let above = if bytes[..line].ends_with(b"\r\n") { above - 1 } else { above };
        let end = lines::skip_back(bytes, above);
        let is_mark = matches!(bytes.get(end.checked_sub(1)?), Some(b':' | b'-'));
        let free = is_mark && !self.has_comment(lines::start(bytes, above)..above);
        free.then(|| vec![Replacement::new(Span::at(end as u32), format!(" &{name}"))])
    }
}
