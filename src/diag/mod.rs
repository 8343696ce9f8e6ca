//! What is wrong with the user's files: a [`Problem`] says it in one phrase, points at the bytes, and says what to do.
//!
//! Problems are values: they are collected and never stop a reader. An `Error` of some room is something else: that we could not
//! do the job.

mod fingerprint;
mod fix;

pub use fingerprint::Fingerprint;
pub use fix::{Edit, Fix, Safety};

use crate::source::{FileId, Span};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Likely wrong, but the pipeline works.
    Warning,
    /// The server refuses the pipeline, or what was meant cannot be.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a file, and what is to be said about it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub file: FileId,
    /// The bytes, in the file as it was written.
    pub span: Span,
    /// What is there: a short phrase. May be empty: the message says it all.
    pub text: String,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its kind, as people search for it and suppress it: `invalid-glob`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: a phrase, lower case, code in backticks.
    pub message: String,
    /// Where. The first is the primary one; none when it concerns no place (a file that is missing).
    pub labels: Vec<Label>,
    /// What to do, in the imperative.
    pub help: Option<String>,
    /// How to mend it, each entry by itself, the one that is likeliest meant first.
    pub fixes: Vec<Fix>,
}

impl Problem {
    /// An error with no place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// A warning with no place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// The same with one more label.
    #[must_use]
    pub fn label(mut self, file: FileId, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { file, span, text: text.into() });
        self
    }

    /// The same with the help text `help`.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same where each file is another one: `to` says which.
    #[must_use]
    pub fn moved(mut self, to: impl Fn(FileId) -> FileId) -> Self {
        let edits = self.fixes.iter_mut().flat_map(|fix| fix.edits.iter_mut()).map(|edit| &mut edit.file);
        for file in self.labels.iter_mut().map(|label| &mut label.file).chain(edits) {
            *file = to(*file);
        }
        self
    }

    /// The same with one more way to mend it, if there is one.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fixes.extend(fix.into());
        self
    }
}
