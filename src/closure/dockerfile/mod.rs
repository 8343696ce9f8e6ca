//! What a Dockerfile reads of the build's context.
//!
//! `BuildKit`'s reader is the model. A reader of our own: the crate `parse-dockerfile` refuses a file in which a here-document does not
//! begin its `RUN` (`RUN cat <<EOF`), which `BuildKit` takes, and has no words for `ARG` and `ENV`, which the paths hang on.
//!
//! | file | does |
//! | --- | --- |
//! | `line` | text to instructions: continuations, comments, here-documents, flags |
//! | `path` | the words of an instruction, as paths of the context and of the image |
//! | `word` | `$NAME`, quotes and escapes in one word |
//! | `stage` | stages in turn: variables, folders, what is read and run; which stages the target needs |

mod line;
mod path;
mod stage;
mod word;

use std::ops::Range;

use super::shell::Variables;
use crate::source::{OffsetMap, Span};

pub(super) use stage::{Arguments, read};

/// Most instructions of one file.
pub(super) const MAX_INSTRUCTIONS: usize = 2000;

/// Most stages of one file.
pub(super) const MAX_STAGES: usize = 256;

/// Most variables of one stage; what more are set are not known.
pub(super) const MAX_VARIABLES: usize = 1000;

/// What the stages that a build needs take from outside.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub reads: Vec<Read>,
    pub runs: Vec<Run>,
    /// The stages, in the order of the file.
    pub stages: Vec<Held>,
    /// What cannot be known, and where that is written.
    pub unknown: Vec<(Span, String)>,
}

/// What of the context a stage can have in it.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The stages that it is made of, each before it.
    pub from: Vec<usize>,
    /// Its own reads, of all.
    pub reads: Range<usize>,
    /// It reads something that is not known.
    pub open: bool,
}

/// Files of the context that an instruction reads.
#[derive(Debug, Clone)]
pub(super) struct Read {
    /// Their path or pattern, relative to the context: cleaned, without leading `/`; the whole context is empty.
    pub source: String,
    /// Patterns of files that `--exclude` leaves out.
    pub exclude: Vec<String>,
    /// Where the source is written.
    pub span: Span,
}

/// A `RUN`.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// The script.
    pub script: String,
    /// From its bytes to those of the file.
    pub map: OffsetMap,
    /// Where it starts, relative to the context as it was copied; `None` when that is not known.
    pub folder: Option<String>,
    /// Values of variables.
    pub variables: Variables,
    /// Its stage, among those of [`Needs`].
    pub stage: usize,
    /// How many of all reads come before it.
    pub before: usize,
}

#[cfg(test)]
mod tests;
