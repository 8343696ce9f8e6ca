//! What conditions are held against.

use std::collections::BTreeMap;

use super::files::Files;
use crate::change::Event;
use crate::env::Env;
use crate::server::Version;
use crate::source::Span;

/// A value that may be one that only the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known<'a> {
    /// It is known.
    Value(&'a str),
    /// Only the server knows it; this is its name.
    Unknown(&'a str),
}

/// Everything that the conditions of one workflow (of one matrix axis) can look at.
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
}
