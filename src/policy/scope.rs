//! Which changes a policy is about.

use bstr::BStr;
use serde::{Deserialize, Deserializer};

use super::Policy;
use super::globs::{Globs, OneOrMany};
use crate::change::{ChangedFiles, Event, UnknownEvent};
use crate::plan::Context;
use crate::server::Version;

/// Which pipelines a policy is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct On {
    /// The events; empty: any.
    #[serde(deserialize_with = "events")]
    pub event: Vec<Event>,
    /// Globs on the branch; empty: any. Not looked at on tags and releases, which have none.
    pub branch: Globs,
}

/// Which changed files a policy is about. Both keys together: both must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Changes {
    /// There is a changed file, and each matches one of these.
    pub only: Globs,
    /// Some changed file matches one of these; others may be there, too.
    pub any: Globs,
}

/// Whether a policy is about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It is about some branches, and the change's branch is not known.
    BranchUnknown,
}

impl Changes {
    /// Whether nothing is said of changed files.
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.any.is_empty()
    }

    /// Whether `files` are such a change.
    pub fn is_match(&self, files: &ChangedFiles) -> bool {
        let only = || !files.is_empty() && files.iter().all(|file| self.only.is_match(file));
        let any = || files.iter().any(|file| self.any.is_match(file));
        (self.only.is_empty() || only()) && (self.any.is_empty() || any())
    }
}

impl On {
    /// Whether pipelines of `event` are meant. `with_files`: only such as have changed files.
    pub fn has_event(&self, event: &Event, with_files: bool, server: Version) -> bool {
        (self.event.is_empty() || self.event.contains(event)) && (!with_files || event.has_changed_files(server))
    }

    /// Whether the branch is looked at on `event`.
    pub fn reads_branch(&self, event: &Event) -> bool {
        !self.branch.is_empty() && !matches!(event, Event::Tag | Event::Release)
    }
}

impl Policy {
    /// Whether the policy is about the change of `context`: by all that changed, whatever the forge lists of it.
    pub fn concerns(&self, context: &Context, server: Version) -> Concern {
        let event = context.event();
        if !self.on.has_event(event, !self.changes.is_empty(), server) || !self.changes.is_match(context.changed()) {
            return Concern::No;
        }
        match context.branch() {
            _ if !self.on.reads_branch(event) => Concern::Yes,
            Some(branch) if self.on.branch.is_match(branch.as_bytes()) => Concern::Yes,
            Some(_) => Concern::No,
            None => Concern::BranchUnknown,
        }
    }
}

impl Changes {
    /// The first changed file by which a change is such a one, and that the forge does not list.
    pub fn unlisted<'c>(&self, context: &'c Context) -> Option<&'c BStr> {
        let globs = if self.any.is_empty() { &self.only } else { &self.any };
        context.changed().paths().find(|file| globs.is_match(file) && !context.files().contains_path(file))
    }
}

fn events<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Event>, D::Error> {
    let names = OneOrMany::<String>::deserialize(deserializer)?.0;
    let refused = |error: UnknownEvent| serde::de::Error::custom(format!("{error}: {}", error.help()));
    names.iter().map(|name| Event::known(name).map_err(refused)).collect()
}
