//! Which profile a roster has.

use std::path::Path;

use super::{Roster, Settings};
use crate::source::Span;

/// The one profile that is known by name: it has no orchestrator.
pub const MINIMAL: &str = "minimal";

/// A roster's profile, by where it was said: the first of these that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For all rosters of the run: `--profile`.
    Given(String),
    /// In the roster itself: `profile`, with the bytes of its value.
    Written(String, Span),
    /// For the file: by a glob of the configuration.
    Mapped(String),
    /// By the file's name: `minimal.yaml`.
    Named(String),
}

impl Profile {
    /// The profile of `roster`, which stands in the file `path`.
    pub(super) fn of(roster: &Roster<'_>, path: &str, settings: &Settings) -> Self {
        if let Some(name) = &settings.profile {
            return Self::Given(name.clone());
        }
        if let Some(written) = roster.profile.given() {
            return Self::Written(written.value.clone(), written.place.span);
        }
        // Of several globs, the longest says most about the file.
        let matching = settings.profiles.iter().filter(|(glob, _)| glob.is_match(path.as_bytes()));
        if let Some((_, name)) = matching.max_by_key(|(glob, _)| glob.text().len()) {
            return Self::Mapped(name.clone());
        }
        Self::Named(Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Given(name) | Self::Written(name, _) | Self::Mapped(name) | Self::Named(name) => name,
        }
    }

    /// Whether it is the profile without an orchestrator.
    pub fn is_minimal(&self) -> bool {
        self.name() == MINIMAL
    }
}
