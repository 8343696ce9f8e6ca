use super::Span;

/// Where the bytes of a derived text came from: for text that a rewriting step (substitution, YAML unquoting and folding) made
/// out of another text, the way back from a span of the new text to the bytes of the old one.
///
/// The derived text is a list of pieces in order. A copied piece maps byte for byte; a replaced one (`${VAR}` and its value, `\n` and
/// its line break) maps as a whole, so that a span which touches it covers all the bytes it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
    /// The length of the derived text so far.
    len: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    /// The piece's first byte in the derived text; it ends where the next piece starts.
    start: u32,
    source: Span,
    copied: bool,
}

impl OffsetMap {
    /// An empty map, to be filled in the derived text's order.
    pub fn new() -> Self {
        Self::default()
    }

    /// The map of a text of `len` bytes onto itself.
    pub fn identity(len: u32) -> Self {
        let mut map = Self::new();
        map.copy(Span::new(0, len));
        map
    }

    /// The next bytes of the derived text are those of `source`, unchanged.
    pub fn copy(&mut self, source: Span) {
        if source.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.copied && last.source.end == source.start => last.source.end = source.end,
            _ => self.pieces.push(Piece { start: self.len, source, copied: true }),
        }
        self.len += source.len();
    }

    /// The next `len` bytes of the derived text stand for `source` as a whole. `len` may be 0: bytes that were dropped.
    pub fn replace(&mut self, source: Span, len: u32) {
        self.pieces.push(Piece { start: self.len, source, copied: false });
        self.len += len;
    }

    /// This map and then `outer`: where the bytes of a text came from that was derived from a text that was derived itself.
    #[must_use]
    pub fn then(&self, outer: &Self) -> Self {
        let mut out = Self::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(at + 1).map_or(self.len, |next| next.start);
            if piece.copied {
                outer.copy_into(piece.source, &mut out);
            } else {
                out.replace(outer.to_source(piece.source), end - piece.start);
            }
        }
        out
    }

    /// Appends to `out` what the bytes `span` of this map's derived text are.
    fn copy_into(&self, span: Span, out: &mut Self) {
        let first = self.pieces.partition_point(|piece| piece.start <= span.start).saturating_sub(1);
        for (at, piece) in self.pieces.iter().enumerate().skip(first) {
            let end = self.pieces.get(at + 1).map_or(self.len, |next| next.start).min(span.end);
            let start = piece.start.max(span.start);
            if start >= end {
                if piece.start >= span.end {
                    break;
                }
                continue;
            }
            if piece.copied {
                let from = piece.source.start + (start - piece.start);
                out.copy(Span::new(from, from + (end - start)));
            } else {
                out.replace(piece.source, end - start);
            }
        }
    }

    /// The bytes of the old text that were copied, in the derived text's order.
    pub fn copied(&self) -> impl Iterator<Item = Span> {
        self.pieces.iter().filter(|piece| piece.copied).map(|piece| piece.source)
    }

    /// The bytes of the derived text that were not copied, in order, without what was dropped.
    pub fn replaced(&self) -> impl Iterator<Item = Span> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.start).chain([self.len]);
        let replaced = self.pieces.iter().zip(ends).filter(|(piece, end)| !piece.copied && piece.start < *end);
        replaced.map(|(piece, end)| Span::new(piece.start, end))
    }

    /// The length of the derived text, in bytes.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the derived text is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes of the old text that `span` of the derived text came from: exact where it was copied, whole pieces where it was
    /// replaced. An empty span gives an empty one inside copied text. Offsets past the end are those of the end.
    pub fn to_source(&self, span: Span) -> Span {
        let start = self.start(span.start.min(self.len));
        if span.is_empty() {
            return Span::at(start);
        }
        Span::new(start, self.end(span.end.min(self.len)).max(start))
    }

    /// The bytes of the old text that `span` of the derived text is a copy of, byte for byte; of an empty span, the place between the
    /// bytes around it, both of which must be copies. `None` when some byte was made otherwise, or bytes were dropped in between.
    pub fn exact(&self, span: Span) -> Option<Span> {
        if span.end > self.len || span.end < span.start {
            return None;
        }
        if span.is_empty() {
            if self.is_empty() {
                return None;
            }
            let around = Span::new(span.start.saturating_sub(1), (span.start + 1).min(self.len));
            let before = span.start - around.start;
            return self.exact(around).map(|it| Span::at(it.start + before));
        }
        let first = self.pieces.partition_point(|piece| piece.start <= span.start).checked_sub(1)?;
        let mut pieces = self.pieces.iter().skip(first).take_while(|piece| piece.start < span.end);
        let mapped = self.to_source(span);
        (pieces.all(|piece| piece.copied) && mapped.len() == span.len()).then_some(mapped)
    }

    /// Where the byte at `offset` begins in the old text.
    fn start(&self, offset: u32) -> u32 {
        let next = self.pieces.partition_point(|piece| piece.start <= offset);
        let Some(piece) = next.checked_sub(1).and_then(|at| self.pieces.get(at)) else { return 0 };
        if piece.copied {
            (piece.source.start + (offset - piece.start)).min(piece.source.end)
        } else {
            piece.source.start
        }
    }

    /// Where the byte before `offset` ends in the old text.
    fn end(&self, offset: u32) -> u32 {
        let next = self.pieces.partition_point(|piece| piece.start < offset);
        let Some(piece) = next.checked_sub(1).and_then(|at| self.pieces.get(at)) else { return 0 };
        if piece.copied {
            (piece.source.start + (offset - piece.start)).min(piece.source.end)
        } else {
            piece.source.end
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a${V}b` with `V=xyz` gives `axyzb`.
    fn substituted() -> OffsetMap {
        let mut map = OffsetMap::new();
        map.copy(Span::new(0, 1));
        map.replace(Span::new(1, 5), 3);
        map.copy(Span::new(5, 6));
        map
    }

    #[test]
    fn copied_bytes_map_one_to_one_and_replaced_ones_as_a_whole() {
        let map = substituted();
        assert_eq!(map.len(), 5);
        assert_eq!(map.to_source(Span::new(0, 1)), Span::new(0, 1));
        assert_eq!(map.to_source(Span::new(2, 3)), Span::new(1, 5));
        assert_eq!(map.to_source(Span::new(3, 5)), Span::new(1, 6));
        assert_eq!(map.to_source(Span::new(4, 5)), Span::new(5, 6));
        assert_eq!(map.to_source(Span::new(0, 99)), Span::new(0, 6));
    }

    #[test]
    fn what_is_no_copy_has_no_exact_place() {
        let map = substituted();
        assert_eq!(map.exact(Span::new(0, 1)), Some(Span::new(0, 1)));
        assert_eq!(map.exact(Span::new(4, 5)), Some(Span::new(5, 6)));
        assert_eq!(map.exact(Span::new(0, 2)), None);
        assert_eq!(map.exact(Span::new(1, 4)), None, "all that the variable stands for, but not those bytes");
        assert_eq!(map.exact(Span::at(0)), Some(Span::at(0)));
        assert_eq!(map.exact(Span::at(1)), None, "beside what the variable stands for");
        assert_eq!(map.exact(Span::at(2)), None);
        assert_eq!(map.exact(Span::at(5)), Some(Span::at(6)));
        assert_eq!(map.exact(Span::new(4, 9)), None);
        let mut cut = OffsetMap::new();
        cut.copy(Span::new(0, 1));
        cut.replace(Span::new(1, 2), 0);
        cut.copy(Span::new(2, 4));
        assert_eq!(cut.exact(Span::new(0, 2)), None, "a byte was dropped in between");
        assert_eq!(cut.exact(Span::new(1, 3)), Some(Span::new(2, 4)));
        assert_eq!(OffsetMap::new().exact(Span::at(0)), None);
    }

    #[test]
    fn dropped_bytes_are_skipped() {
        let mut map = OffsetMap::new();
        map.copy(Span::new(0, 1));
        map.replace(Span::new(1, 2), 0);
        map.copy(Span::new(2, 4));
        assert_eq!(map.to_source(Span::new(0, 1)), Span::new(0, 1));
        assert_eq!(map.to_source(Span::new(1, 2)), Span::new(2, 3));
        assert_eq!(map.to_source(Span::new(0, 3)), Span::new(0, 4));
    }

    #[test]
    fn a_map_of_a_map_leads_all_the_way_back() {
        // `axyzb` is quoted as `"axyz\n"`: its value has the first four bytes, and a line break for the last two.
        let mut value = OffsetMap::new();
        value.copy(Span::new(0, 4));
        value.replace(Span::new(4, 5), 1);
        let map = value.then(&substituted());
        assert_eq!(map.len(), 5);
        assert_eq!(map.to_source(Span::new(0, 1)), Span::new(0, 1));
        assert_eq!(map.to_source(Span::new(1, 2)), Span::new(1, 5), "inside the variable");
        assert_eq!(map.to_source(Span::new(4, 5)), Span::new(5, 6));
        assert_eq!(map.then(&OffsetMap::identity(6)), map);
    }

    #[test]
    fn what_was_copied_and_what_was_not_are_told_apart() {
        let mut map = substituted();
        map.replace(Span::new(6, 9), 0);
        let spans = |spans: &mut dyn Iterator<Item = Span>| spans.collect::<Vec<_>>();
        assert_eq!(spans(&mut map.copied()), [Span::new(0, 1), Span::new(5, 6)]);
        assert_eq!(spans(&mut map.replaced()), [Span::new(1, 4)]);
    }

    #[test]
    fn neighbouring_copies_become_one_piece() {
        let mut map = OffsetMap::new();
        map.copy(Span::new(0, 2));
        map.copy(Span::new(2, 4));
        assert_eq!(map, OffsetMap::identity(4));
    }
}
