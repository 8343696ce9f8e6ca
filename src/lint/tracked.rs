//! What the files that git tracks say of globs: found once a glob, for files and steps have many globs in common.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::change::ChangedFiles;
use crate::glob::Pattern;
use crate::text::to_server_string;

/// The files that git tracks, as globs are held against them.
pub(super) struct Tracked<'c> {
    files: &'c ChangedFiles,
    /// Their paths in small letters.
    small: OnceLock<ChangedFiles>,
    known: Mutex<HashMap<Pattern, Match>>,
}

/// What a glob matches of the files that git tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Some file.
    Some,
    /// None, but this one if capitals were small letters.
    ButForCapitals(String),
    /// None.
    None,
}

impl<'c> Tracked<'c> {
    pub(super) fn new(files: &'c ChangedFiles) -> Self {
        Self { files, small: OnceLock::new(), known: Mutex::default() }
    }

    /// The files.
    pub(super) const fn files(&self) -> &'c ChangedFiles {
        self.files
    }

    /// What `pattern` matches.
    pub(super) fn matched(&self, pattern: &Pattern) -> Match {
        // Whoever comes first finds the same.
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(pattern) {
            return known.clone();
        }
        let matched = self.find(pattern);
        known().insert(pattern.clone(), matched.clone());
        matched
    }

    fn find(&self, pattern: &Pattern) -> Match {
        if self.files.some_match(pattern) {
            return Match::Some;
        }
        let small = self.small.get_or_init(|| self.files.iter().map(|path| path.to_ascii_lowercase()).collect());
        let pattern = Pattern::parse(&pattern.text().to_ascii_lowercase());
        if !small.some_match(&pattern) {
            return Match::None;
        }
        let path = self.files.iter().find(|path| pattern.is_match(&path.to_ascii_lowercase()));
        path.map_or(Match::None, |path| Match::ButForCapitals(to_server_string(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_matter_and_are_told() {
        let files = ["Docs/A.md", "README.md", "docs/a.md", "src/x.C"].into_iter().collect();
        let tracked = Tracked::new(&files);
        let matched = |glob: &str| tracked.matched(&Pattern::parse(glob));
        assert_eq!(matched("docs/**"), Match::Some);
        assert_eq!(matched("DOCS/*"), Match::ButForCapitals("Docs/A.md".to_owned()));
        assert_eq!(matched("**/*.c"), Match::ButForCapitals("src/x.C".to_owned()));
        assert_eq!(matched("doc/**"), Match::None);
        assert_eq!(matched("docs/**"), Match::Some, "the same again");
    }
}
