use std::fmt::{self, Display};

use crate::diag::Severity;
use crate::plan::Verdict;

/// How text for people is dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
    /// Characters beyond ASCII for bullets and lines.
    pub unicode: bool,
    /// The width of a line, in columns.
    pub width: usize,
    /// Nothing is left out for being much.
    pub verbose: bool,
}

impl Style {
    /// No colour, 80 columns: for files, pipes and snapshots.
    pub const PLAIN: Self = Self { color: false, unicode: true, width: 80, verbose: false };

    /// `text` in `paint`, if there is colour.
    pub fn paint<D: Display>(self, paint: Paint, text: D) -> Painted<D> {
        Painted { paint: self.color.then_some(paint), text }
    }

    /// How many of a list are shown where `usual` are enough for most.
    pub(super) fn shown(self, usual: usize) -> usize {
        if self.verbose { usize::MAX } else { usual }
    }

    /// From one to another.
    pub(super) fn arrow(self) -> &'static str {
        if self.unicode { "→" } else { "->" }
    }

    /// What stands before a line that says how something went: well, ill, or neither.
    pub(super) fn mark(self, well: Option<bool>) -> Painted<&'static str> {
        let (paint, text) = match (well, self.unicode) {
            (Some(true), true) => (Paint::Good, "✓"),
            (Some(true), false) => (Paint::Good, "+"),
            (Some(false), true) => (Paint::Bad, "✗"),
            (Some(false), false) => (Paint::Bad, "x"),
            (None, true) => (Paint::Dim, "○"),
            (None, false) => (Paint::Dim, "-"),
        };
        self.paint(paint, text)
    }

    pub(super) fn bullet(self, verdict: Verdict) -> &'static str {
        match (verdict, self.unicode) {
            (Verdict::Run, true) => "●",
            (Verdict::Run, false) => "*",
            (Verdict::Skip | Verdict::Dropped, true) => "○",
            (Verdict::Skip | Verdict::Dropped, false) => "-",
            (Verdict::Unknown, _) => "?",
            (Verdict::Error, true) => "✗",
            (Verdict::Error, false) => "x",
        }
    }
}

/// A colour by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// A heading.
    Bold,
    /// What matters less.
    Dim,
    /// Runs.
    Good,
    /// Hangs on something, or is worth a look.
    Doubt,
    /// Is refused.
    Bad,
    /// A place in a file.
    Place,
}

impl Paint {
    const fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Doubt => "33",
            Self::Bad => "1;31",
            Self::Place => "36",
        }
    }
}

impl From<Verdict> for Paint {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Run => Self::Good,
            Verdict::Skip => Self::Dim,
            Verdict::Unknown | Verdict::Dropped => Self::Doubt,
            Verdict::Error => Self::Bad,
        }
    }
}

impl From<Severity> for Paint {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Note => Self::Place,
            Severity::Warning => Self::Doubt,
            Severity::Error => Self::Bad,
        }
    }
}

/// What [`Style::paint`] returns. Padding goes inside the colour, by the width of the text alone.
#[derive(Clone, Copy, Debug)]
pub struct Painted<D> {
    paint: Option<Paint>,
    text: D,
}

impl<D: Display> Display for Painted<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(paint) = self.paint else { return self.text.fmt(f) };
        write!(f, "\x1b[{}m", paint.code())?;
        self.text.fmt(f)?;
        f.write_str("\x1b[0m")
    }
}
