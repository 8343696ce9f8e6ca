use std::collections::BTreeMap;

use super::history::History;
use crate::admission::Policy;
use crate::change::{ChangedFiles, Forge};
use crate::closure::Tree;
use crate::forge::ForgeLimits;
use crate::rule::Levels;
use crate::server::Version;

/// What is known besides the files.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The server.
    pub server: Version,
    /// Variables that the server's administrator set (`WOODPECKER_ENVIRONMENT`).
    pub variables: &'a BTreeMap<String, String>,
    /// What the administrator allows.
    pub policy: &'a Policy,
    /// Levels that differ from the rules' own.
    pub levels: &'a Levels,
    /// The files that git tracks, and their texts; `None`: not known.
    pub tree: Option<&'a dyn Tree>,
    /// What the past says of globs that match none of those; `None`: it is not asked.
    pub history: Option<&'a History<'a>>,
    /// The forge that the server gets its changed files from, and its limits; `None`: not known.
    pub forge: Option<(Forge, ForgeLimits)>,
    /// Whether the files are all workflows of their folders, so that one that is missing is missing on the server.
    pub whole: bool,
}

impl<'a> Context<'a> {
    /// The files that git tracks, where they are known.
    pub(super) fn tracked(&self) -> Option<&'a ChangedFiles> {
        self.tree.map(Tree::tracked)
    }
}
