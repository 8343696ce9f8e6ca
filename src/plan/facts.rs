//! What conditions are held against.

use std::collections::BTreeMap;

use super::files::Files;
use super::inquiry::{Inquiry, Key, Question};
use crate::change::Event;
use crate::env::Env;
use crate::server::Version;
use crate::source::{FileId, Span};
use crate::text::to_lower;
use crate::workflow::Glob;

/// A value that may be one that only the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known<'a> {
    /// It is known.
    Value(&'a str),
    /// Only the server knows it; this is its name.
    Unknown(&'a str),
    /// It may be anything, and is asked about.
    Open(Key),
}

/// Everything that the conditions of one workflow (of one matrix axis) can look at.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub server: Version,
    pub event: &'a Event,
    pub platform: Known<'a>,
    pub deploy_target: Known<'a>,
    pub repo: Known<'a>,
    pub git_ref: Known<'a>,
    pub instance: Known<'a>,
    pub branch: Known<'a>,
    pub cron: Known<'a>,
    pub message: &'a str,
    pub files: &'a Files<'a>,
    pub axis: &'a BTreeMap<String, String>,
    /// What `evaluate` reads.
    pub env: &'a dyn Env,
    /// The places in the file where a variable was substituted whose value only the server has, with its name.
    pub holes: &'a [Hole],
    /// Where the change is asked about instead of looked at: `message` and `files` mean nothing then.
    pub open: Option<Open<'a>>,
}

/// Who answers for a change, and for which workflow that is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'a> {
    pub inquiry: &'a Inquiry,
    pub file: FileId,
    /// Its number among all workflows, from 0.
    pub workflow: usize,
}

/// A `${…}` in the file whose value only the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub span: Span,
    pub name: String,
}

impl Facts<'_> {
    /// Whether path filters are looked at, and `[skip ci]`: on push and pull requests.
    pub(super) fn reads_paths(&self) -> bool {
        self.event.has_changed_files(self.server)
    }

    /// The name of an unknown variable that stands inside `span` of the file.
    pub(super) fn hole_in(&self, span: Span) -> Option<&str> {
        let hole = self.holes.iter().find(|hole| hole.span.start < span.end && span.start < hole.span.end)?;
        Some(&hole.name)
    }

    fn ask(&self, question: impl FnOnce() -> Question) -> Option<bool> {
        self.open.map(|open| open.inquiry.ask(question()))
    }

    pub(super) fn no_file_changed(&self) -> bool {
        self.ask(|| Question::NoFiles).unwrap_or_else(|| self.files.is_empty())
    }

    /// The first changed file that one of `globs` matches, and the first of them that does.
    pub(super) fn first_matched<'g>(&self, globs: &[&'g Glob]) -> Option<(&[u8], &'g Glob)> {
        let first = globs.first()?;
        match self.ask(|| Question::FileMatched(texts(globs.iter().copied()))) {
            Some(matched) => matched.then_some((&[], first)),
            None => self.files.first_matched(globs),
        }
    }

    /// The first changed file, of some, that none of `globs` matches.
    pub(super) fn first_unmatched(&self, globs: &[&Glob]) -> Option<&[u8]> {
        match self.ask(|| Question::FileUnmatched(texts(globs.iter().copied()))) {
            Some(unmatched) => unmatched.then_some(&[]),
            None => self.files.first_unmatched(globs),
        }
    }

    /// Whether the message holds `text`, ignoring case.
    pub(super) fn message_holds(&self, text: &str) -> bool {
        let text = to_lower(text);
        match self.open {
            Some(open) => open.inquiry.ask(Question::MessageHolds(text)),
            None => to_lower(self.message).contains(&text),
        }
    }
}

/// The texts of `globs`, sorted, each once.
pub(super) fn texts<'g>(globs: impl Iterator<Item = &'g Glob>) -> Vec<String> {
    let mut texts: Vec<String> = globs.map(|glob| glob.pattern.text().to_owned()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
