//! The matcher for one pattern without braces: no allocation, whole runs of literal bytes at a time.
//!
//! It goes the server's way, with one `*` and one `**/` to go back to, so it gives the server's answer also where going back that far
//! is not far enough. What makes it quick are the checks before it starts (length, first and last bytes) and the leaps that a `*` makes
//! to the next place where the bytes after it can be.

use super::class::Class;
use super::rune::{INVALID, decode};
use super::shape::ends_of_expansion;
use super::token::{DoubleStar, Token, TokenKind};

/// A compiled pattern without braces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scan {
    ops: Box<[Op]>,
    /// The literal bytes of all ops, one after another.
    bytes: Box<[u8]>,
    classes: Box<[Class]>,
    /// How many of `bytes` every matching path starts with, and ends with.
    prefix: usize,
    suffix: usize,
    /// The length of the shortest matching path, in bytes, or less.
    min_len: usize,
}

/// One step of a pattern. Offsets and indices are of 32 bits: a list of globs with alternatives has very many of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Op {
    kind: OpKind,
    /// Whether a path may end before this step.
    may_end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum OpKind {
    /// `bytes[start..end]`.
    Bytes { start: u32, end: u32 },
    /// One character, not `/`.
    AnyChar,
    /// One character of the class.
    Class(u32),
    /// U+FFFD, or a byte that is not UTF-8.
    Invalid,
    /// Any characters, not `/`.
    Star,
    /// Any whole segments.
    Segments,
    /// Anything.
    Rest,
}

impl Scan {
    /// Compiles the expansion of `tokens` whose tokens have the indices `flat`.
    pub(super) fn new(tokens: &[Token], flat: &[usize]) -> Self {
        let ends = ends_of_expansion(tokens, flat);
        let mut ops: Vec<Op> = Vec::new();
        let mut bytes = Vec::new();
        let mut classes = Vec::new();
        let mut place = 0;
        while let Some(token) = flat.get(place).and_then(|&index| tokens.get(index)) {
            let may_end = ends[place];
            place += 1;
            let kind = match &token.kind {
                TokenKind::Literal(INVALID) | TokenKind::Escaped(INVALID) => OpKind::Invalid,
                TokenKind::Literal(rune) | TokenKind::Escaped(rune) => literal(&mut bytes, *rune),
                TokenKind::AnyChar => OpKind::AnyChar,
                TokenKind::Class(class) => {
                    classes.push(class.clone());
                    OpKind::Class(classes.len() as u32 - 1)
                }
                TokenKind::Star | TokenKind::DoubleStar(DoubleStar::Star | DoubleStar::Unclear) => OpKind::Star,
                TokenKind::DoubleStar(DoubleStar::Segments) if place == flat.len() => OpKind::Rest,
                TokenKind::DoubleStar(DoubleStar::Segments) => {
                    place += 1; // the `/` after it
                    OpKind::Segments
                }
                TokenKind::Separator => literal(&mut bytes, '/'),
                // The caller compiles only well-formed patterns, and an expansion has no braces left.
                TokenKind::Open { .. }
                | TokenKind::Comma { .. }
                | TokenKind::Close { .. }
                | TokenKind::Malformed(_) => continue,
            };
            match (ops.last_mut(), kind) {
                (Some(Op { kind: OpKind::Bytes { end: last, .. }, .. }), OpKind::Bytes { end, .. }) if !may_end => {
                    *last = end;
                }
                _ => ops.push(Op { kind, may_end }),
            }
        }
        Self::with_limits(ops.into(), bytes.into(), classes.into())
    }

    fn with_limits(ops: Box<[Op]>, bytes: Box<[u8]>, classes: Box<[Class]>) -> Self {
        let prefix = match ops.first() {
            Some(Op { kind: OpKind::Bytes { end, .. }, may_end: false }) => *end as usize,
            _ => 0,
        };
        let ends_early = ops.iter().any(|op| op.may_end);
        let suffix = match ops.last() {
            Some(Op { kind: OpKind::Bytes { start, end }, .. }) if !ends_early => (end - start) as usize,
            _ => 0,
        };
        let min_len = ops.iter().take_while(|op| !op.may_end).map(|op| match op.kind {
            OpKind::Bytes { start, end } => (end - start) as usize,
            OpKind::AnyChar | OpKind::Class(_) | OpKind::Invalid => 1,
            OpKind::Star | OpKind::Segments | OpKind::Rest => 0,
        });
        let min_len = min_len.sum();
        Self { ops, bytes, classes, prefix, suffix, min_len }
    }

    /// The bytes that every matching path starts with.
    pub(super) fn prefix(&self) -> &[u8] {
        &self.bytes[..self.prefix]
    }

    /// The bytes that every matching path ends with.
    pub(super) fn suffix(&self) -> &[u8] {
        &self.bytes[self.bytes.len() - self.suffix..]
    }

    /// The bytes that a segment of every matching path starts with, if the pattern begins with `**/` and bytes.
    pub(super) fn segment(&self) -> &[u8] {
        match *self.ops {
            [
                Op { kind: OpKind::Segments, may_end: false },
                Op { kind: OpKind::Bytes { start, end }, may_end: false },
                ..,
            ] => self.literal(start, end),
            _ => &[],
        }
    }

    fn literal(&self, start: u32, end: u32) -> &[u8] {
        &self.bytes[start as usize..end as usize]
    }

    /// Whether the pattern matches `path`, as the server has it.
    pub(super) fn is_match(&self, path: &[u8]) -> bool {
        path.len() >= self.min_len && path.starts_with(self.prefix()) && path.ends_with(self.suffix()) && self.run(path)
    }

    /// The same, for a path that has the length, prefix and suffix.
    fn run(&self, path: &[u8]) -> bool {
        let (mut at, mut seen) = if self.prefix > 0 { (1, self.prefix) } else { (0, 0) };
        let mut star = None;
        let mut segments = None;
        while seen < path.len() {
            let left = &path[seen..];
            match self.ops.get(at).map(|op| op.kind) {
                Some(OpKind::Bytes { start, end }) => {
                    let bytes = self.literal(start, end);
                    if left.starts_with(bytes) {
                        (at, seen) = (at + 1, seen + bytes.len());
                        continue;
                    }
                    if bytes.starts_with(left) {
                        // The server gets to the end of the path in the middle of the bytes, and does not go back from there.
                        return false;
                    }
                }
                Some(OpKind::AnyChar) if left[0] != b'/' => {
                    (at, seen) = (at + 1, seen + decode(left).1);
                    continue;
                }
                Some(OpKind::Class(class)) => {
                    let (rune, len) = decode(left);
                    if self.classes[class as usize].matches(rune) {
                        (at, seen) = (at + 1, seen + len);
                        continue;
                    }
                }
                Some(OpKind::Invalid) => {
                    if let (INVALID, len) = decode(left) {
                        (at, seen) = (at + 1, seen + len);
                        continue;
                    }
                }
                Some(OpKind::Star) => {
                    at += 1;
                    match self.leap_to_end(at, left) {
                        Leap::None => {
                            star = Some((at, seen));
                            continue;
                        }
                        Leap::Matches => return true,
                        Leap::Never => return false,
                        Leap::NextSegment => star = None,
                    }
                }
                Some(OpKind::Segments) => {
                    at += 1;
                    if matches!(self.ops.get(at), Some(Op { kind: OpKind::Star, .. })) {
                        match self.leap_to_end(at + 1, left) {
                            Leap::Matches | Leap::NextSegment => return true,
                            Leap::Never => return false,
                            Leap::None => {}
                        }
                    }
                    (star, segments) = (None, Some((at, seen)));
                    continue;
                }
                Some(OpKind::Rest) => return true,
                Some(OpKind::AnyChar) | None => {}
            }
            if let Some((after, reach)) = star
                && let Some(further) = self.further(after, &path[reach..])
            {
                (at, seen) = (after, reach + further);
                star = Some((at, seen));
            } else if let Some((after, reach)) = segments
                && let Some(slash) = memchr::memchr(b'/', &path[reach..])
            {
                (at, seen) = (after, reach + slash + 1);
                segments = Some((at, seen));
            } else {
                return false;
            }
        }
        self.ops.get(at).is_none_or(|op| op.may_end)
    }

    /// How many bytes more a `*` takes that goes on with the op `after`: one character, or all up to where that op's bytes can start.
    /// `None` if there is a `/` in the way.
    fn further(&self, after: usize, left: &[u8]) -> Option<usize> {
        if left.first() == Some(&b'/') {
            return None;
        }
        let one = decode(left).1;
        let Some(Op { kind: OpKind::Bytes { start, .. }, .. }) = self.ops.get(after) else { return Some(one) };
        let leap = memchr::memchr2(self.bytes[*start as usize], b'/', &left[one..]);
        Some(leap.map_or(left.len(), |leap| one + leap))
    }

    /// For a `*` before the op `after` and a path of which `left` is left: where it can only go, if nothing or only bytes follow.
    fn leap_to_end(&self, after: usize, left: &[u8]) -> Leap {
        let len = match self.ops.get(after..) {
            Some([]) => 0,
            Some([Op { kind: OpKind::Bytes { start, end }, may_end: false }]) if self.suffix > 0 => {
                (end - start) as usize
            }
            _ => return Leap::None,
        };
        // The path has the suffix, which is these bytes: the star has to take all before.
        let Some(taken) = left.len().checked_sub(len) else { return Leap::Never };
        if memchr::memchr(b'/', &left[..taken]).is_none() { Leap::Matches } else { Leap::NextSegment }
    }
}

/// What [`Scan::leap_to_end`] finds.
enum Leap {
    /// More than bytes follow.
    None,
    /// The star takes all that it has to.
    Matches,
    /// There is a `/` in the way, but there may not be from a later segment on.
    NextSegment,
    /// The path is too short.
    Never,
}

fn literal(bytes: &mut Vec<u8>, rune: char) -> OpKind {
    let start = bytes.len() as u32;
    bytes.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
    OpKind::Bytes { start, end: bytes.len() as u32 }
}
