//! How a problem can be mended.

use crate::source::{FileId, Span};

/// A change of the files that mends a problem. It is made whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does: a phrase in the imperative, lower case, code in backticks.
    pub title: String,
    /// Whether it can be made without a look.
    pub safety: Safety,
    /// The edits, in the order of their places. No two of them overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of these edits, which must not overlap; they are put in order. `None` when there is nothing to edit.
    pub fn new(safety: Safety, title: impl Into<String>, mut edits: Vec<Edit>) -> Option<Self> {
        edits.sort_by_key(|edit| (edit.file, edit.span));
        let apart = |pair: &[Edit]| pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start;
        debug_assert!(edits.windows(2).all(apart), "internal: edits overlap: {edits:?}");
        (!edits.is_empty()).then(|| Self { title: title.into(), safety, edits })
    }
}

/// Whether a fix can be made without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// The pipeline does for every change what it did before; or it failed, and what was meant is beyond doubt.
    Safe,
    /// It may change what runs, or drop what somebody wanted to keep: look at it first.
    Unsafe,
}

impl Safety {
    /// `safe` or `unsafe`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// Bytes that give way to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub file: FileId,
    /// The bytes that go, in the file as it was written; none where something is only put in.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}
