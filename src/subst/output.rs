use super::SubstErrorKind as Kind;
use crate::source::{MAX_LEN, OffsetMap, Span};

/// The result while it grows, in bytes: pieces that are no UTF-8 by themselves may be so together (`${V:0:1}${V:1}`).
#[derive(Debug, Default)]
pub(super) struct Output {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    source: Span,
    /// The first byte in the result.
    start: u32,
    copied: bool,
}

/// The result as text.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) text: String,
    pub(super) map: OffsetMap,
    /// The source of the first byte that is no UTF-8. Such bytes are U+FFFD in the text, each for itself.
    pub(super) broken: Option<Span>,
    /// Where offsets of the grown bytes went.
    moves: Moves,
}

/// How offsets move where one byte became the three of U+FFFD. Empty if none did.
#[derive(Debug, Default)]
struct Moves {
    /// The broken bytes, in order, by their offset before.
    broken: Vec<u32>,
}

impl Output {
    pub(super) fn with_capacity(len: usize) -> Self {
        Self { bytes: Vec::with_capacity(len), pieces: Vec::new() }
    }

    /// The offset of the next byte.
    pub(super) fn len(&self) -> u32 {
        self.bytes.len() as u32
    }

    /// Appends `text`, which stands at `source`.
    pub(super) fn copy(&mut self, text: &str, source: Span) -> Result<(), Kind> {
        self.push(text.as_bytes(), source, true)
    }

    /// Appends `bytes`, which stand for all of `source`.
    pub(super) fn replace(&mut self, bytes: &[u8], source: Span) -> Result<(), Kind> {
        self.push(bytes, source, false)
    }

    fn push(&mut self, bytes: &[u8], source: Span, copied: bool) -> Result<(), Kind> {
        if bytes.len() > MAX_LEN - self.bytes.len() {
            return Err(Kind::ResultTooLong);
        }
        self.pieces.push(Piece { source, start: self.len(), copied });
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Finished, Kind> {
        let Self { bytes, pieces } = self;
        let len = bytes.len() as u32;
        let (text, moves) = match String::from_utf8(bytes) {
            Ok(text) => (text, Moves::default()),
            Err(error) => mended(error.as_bytes())?,
        };
        let broken = moves.broken.first().map(|&offset| {
            let next = pieces.partition_point(|piece| piece.start <= offset);
            next.checked_sub(1).and_then(|at| pieces.get(at)).map_or(Span::at(0), |piece| piece.source)
        });
        let mut map = OffsetMap::new();
        for (at, piece) in pieces.iter().enumerate() {
            let end = pieces.get(at + 1).map_or(len, |next| next.start);
            let piece_len = moves.to_text(end) - moves.to_text(piece.start);
            // Copied text is whole characters between bytes that cannot join them, so it is never mended.
            if piece.copied { map.copy(piece.source) } else { map.replace(piece.source, piece_len) }
        }
        Ok(Finished { text, map, broken, moves })
    }
}

impl Finished {
    /// Where a span of the grown bytes is in the text.
    pub(super) fn place(&self, span: Span) -> Span {
        Span::new(self.moves.to_text(span.start), self.moves.to_text(span.end))
    }
}

impl Moves {
    fn to_text(&self, offset: u32) -> u32 {
        let broken_before = self.broken.partition_point(|&broken| broken < offset);
        offset + 2 * broken_before as u32
    }
}

/// `bytes` with U+FFFD for each byte that is no UTF-8.
fn mended(bytes: &[u8]) -> Result<(String, Moves), Kind> {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut moves = Moves::default();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len() as u32;
        for _ in chunk.invalid() {
            text.push(char::REPLACEMENT_CHARACTER);
            moves.broken.push(at);
            at += 1;
        }
    }
    if text.len() > MAX_LEN { Err(Kind::ResultTooLong) } else { Ok((text, moves)) }
}
