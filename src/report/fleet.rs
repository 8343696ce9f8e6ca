//! All that `fleet` has to say, for people and for programs.

#[cfg(feature = "cli")]
mod human;
mod json;

#[cfg(feature = "cli")]
pub use human::write_fleet;
pub use json::write_fleet_json;

use serde::Serialize;

use crate::diag::Severity;
use crate::fleet::Checked;
use crate::source::Sources;

/// All that `fleet` has to say.
#[derive(Clone, Copy, Debug)]
pub struct FleetAnswer<'a> {
    /// What is wrong.
    pub checked: &'a Checked,
    /// The rosters.
    pub files: &'a Sources,
    /// Files that could not be read.
    pub unread: &'a [Unread],
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its name. It may hold anything.
    pub file: String,
    /// Why: a phrase, safe to print.
    pub message: String,
}

impl FleetAnswer<'_> {
    fn count(&self, severity: Severity) -> usize {
        self.checked.problems().filter(|problem| problem.severity == severity).count()
    }

    fn agents(&self) -> usize {
        self.checked.rosters.iter().map(|roster| roster.agents).sum()
    }
}
