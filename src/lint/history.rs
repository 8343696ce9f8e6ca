//! What the past says of globs that match nothing any more.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use crate::glob::Pattern;

/// A repository's past, as far as somebody knows it.
pub trait Past: Debug + Sync {
    /// When each of `globs`, none of which matches a tracked file, last matched one. In their order.
    fn last_matches(&self, globs: &[Pattern]) -> Vec<LastMatch>;
}

/// When a glob last matched a tracked file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastMatch {
    /// Until a commit took the file away.
    Until(Departure),
    /// In HEAD it still does: the file has gone since.
    InHead {
        /// The file.
        path: String,
    },
    /// Never.
    Never,
    /// Not in the newest commits, and nobody looked further.
    Before {
        /// How many commits were looked at.
        commits: usize,
        /// The clone has no more.
        shallow: bool,
    },
    /// The past cannot be read.
    Unknown,
}

/// How the last files that a glob matched went away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The commit, short.
    pub commit: String,
    /// Its day, in UTC: `2026-01-31`.
    pub date: String,
    /// One of the files.
    pub path: String,
    /// Where files went that are still there: the old path and the one of today.
    pub moves: Vec<(String, String)>,
}

/// The answers of a [`Past`], each asked for once: globs that turn up while files are checked are remembered, and looked up together.
#[derive(Debug)]
pub struct History<'p> {
    past: &'p dyn Past,
    /// By the glob's text; `None`: not looked up yet.
    known: Mutex<BTreeMap<String, Option<LastMatch>>>,
}

impl<'p> History<'p> {
    /// What `past` says, once it is asked.
    pub fn new(past: &'p dyn Past) -> Self {
        Self { past, known: Mutex::default() }
    }

    /// When `glob` last matched; `None` when that has not been looked up: it will be.
    pub(super) fn last_match(&self, glob: &Pattern) -> Option<LastMatch> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(glob.text().to_owned()).or_default().clone()
    }

    /// Looks up what was asked for in vain; whether there was something.
    pub(super) fn look_up(&self) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open: Vec<_> = known.iter_mut().filter(|(_, answer)| answer.is_none()).collect();
        if open.is_empty() {
            return false;
        }
        let globs: Vec<Pattern> = open.iter().map(|(text, _)| Pattern::parse(text)).collect();
        let answers = self.past.last_matches(&globs).into_iter().chain(std::iter::repeat(LastMatch::Unknown));
        for ((_, answer), found) in open.iter_mut().zip(answers) {
            **answer = Some(found);
        }
        true
    }
}
