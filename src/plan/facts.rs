//! What conditions are held against.

use std::collections::BTreeMap;

use super::files::Files;
use super::holes::{Hole, first_in};
use super::inquiry::{Doubt, Inquiry, Key, Question, Subject};
use super::truth::Truth;
use crate::change::Event;
use crate::env::Env;
use crate::glob::AnyOf;
use crate::server::Version;
use crate::source::{OffsetMap, Span};
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
    /// Its number among all workflows, from 0.
    pub workflow: usize,
}

impl Facts<'_> {
    /// Whether path filters are looked at, and `[skip ci]`: on push and pull requests.
    pub(super) fn reads_paths(&self) -> bool {
        self.event.has_changed_files(self.server)
    }

    /// The name of an unknown variable that stands inside `span` of the file.
    pub(super) fn hole_in(&self, span: Span) -> Option<&str> {
        first_in(self.holes, span).map(|hole| hole.name.as_str())
    }

    /// What `of` comes to, which hangs on the variable `name`: answered where the change is asked about.
    pub(super) fn doubt(&self, name: &str, of: impl FnOnce() -> Subject) -> Truth {
        match self.open {
            Some(open) => Truth::of(open.inquiry.ask(Question::Server(Doubt { name: name.to_owned(), of: of() }))),
            None => Truth::Unknown,
        }
    }

    /// `value`, which stands at `span` and which `map` leads back to the file, with what stands in the place of each hole: two values are
    /// named the same only if the server makes the same of them.
    pub(super) fn named(&self, value: &str, map: &OffsetMap, span: Span) -> String {
        let is_before = |hole: &Hole, span: Span| hole.whole.end <= span.start;
        let first = self.holes.partition_point(|hole| is_before(hole, span));
        let mut holes: Vec<&Hole> = self.holes[first..].iter().take_while(|hole| hole.whole.start < span.end).collect();
        holes.dedup_by_key(|hole| hole.whole);
        let mut text = String::with_capacity(value.len());
        let mut said = 0;
        for (at, character) in value.char_indices() {
            let at = at as u32;
            let from = if map.is_empty() {
                Span::default()
            } else {
                map.to_source(Span::new(at, at + character.len_utf8() as u32))
            };
            let hole = holes.partition_point(|hole| is_before(hole, from));
            match holes.get(hole).filter(|hole| hole.whole.start < from.end) {
                Some(_) if hole < said => {}
                Some(_) => {
                    holes[said..=hole].iter().for_each(|hole| self.name(hole, &mut text));
                    said = hole + 1;
                }
                None => text.push(character),
            }
        }
        // Nothing is left of these: where they stand says what stands around them.
        for hole in &holes[said..] {
            text.push_str(&(hole.whole.start.saturating_sub(span.start)).to_string());
            self.name(hole, &mut text);
        }
        text
    }

    fn name(&self, hole: &Hole, text: &mut String) {
        text.push('\0');
        text.push_str(&hole.text);
        // Differs from workflow to workflow.
        if let Some(open) = self.open.filter(|_| hole.text.contains("CI_WORKFLOW_NUMBER")) {
            text.push('\0');
            text.push_str(&open.workflow.to_string());
        }
        text.push('\0');
    }

    /// [`named`](Self::named) of a glob.
    pub(super) fn named_glob(&self, glob: &Glob) -> String {
        self.named(glob.pattern.text(), &glob.map, glob.place.span)
    }

    /// The same of some, sorted, each once.
    pub(super) fn named_globs(&self, globs: &[Glob]) -> Vec<String> {
        let mut named: Vec<String> = globs.iter().map(|glob| self.named_glob(glob)).collect();
        named.sort_unstable();
        named.dedup();
        named
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
        match self.ask(|| Question::FileMatched(any_of(globs))) {
            Some(matched) => matched.then_some((&[], first)),
            None => self.files.first_matched(globs),
        }
    }

    /// The first changed file, of some, that none of `globs` matches.
    pub(super) fn first_unmatched(&self, globs: &[&Glob]) -> Option<&[u8]> {
        match self.ask(|| Question::FileUnmatched(any_of(globs))) {
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

/// The patterns of `globs`.
pub(super) fn any_of(globs: &[&Glob]) -> AnyOf {
    globs.iter().map(|glob| glob.pattern.clone()).collect()
}
