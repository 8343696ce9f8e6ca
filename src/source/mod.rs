//! Texts and places in them: [`Sources`], [`Span`], [`Spanned`], [`LineIndex`], [`OffsetMap`].
//!
//! All offsets are bytes from 0 in UTF-8 text and fit in a `u32`; the rooms that read files refuse longer ones
//! ([`MAX_LEN`]). Lines and columns, which people see, count from 1.

mod file;
mod lines;
mod map;

pub use file::{FileId, Mentions, Source, Sources};
pub use lines::{LineIndex, Position};
pub use map::OffsetMap;

use std::ops::Range;

/// The longest text, in bytes, that is read as a source: 16 MiB. Far above any real workflow, far below `u32::MAX`.
pub const MAX_LEN: usize = 16 << 20;

/// A half-open range of bytes, `start..end`, in some text that the context names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`, in bytes.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty span at `offset`.
    pub const fn at(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// The span as a range that slices text.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether `other` lies inside this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start as u32, range.end as u32)
    }
}

/// A value and the bytes it was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, read from `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}
