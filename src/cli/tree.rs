//! The working tree, for rules that read it.

use crate::change::ChangedFiles;
use crate::closure::Tree;
use crate::git::{Error, Tracked};

/// What git tracks, and what of it lies in the working tree.
#[derive(Debug)]
pub(super) struct WorkingTree(pub Tracked);

impl Tree for WorkingTree {
    fn tracked(&self) -> &ChangedFiles {
        self.0.files()
    }

    fn read(&self, path: &str, max: usize) -> Result<Option<String>, String> {
        let bytes = self.0.read(path.into(), max).map_err(|error| match error {
            Error::Io { source, .. } => source.to_string(),
            error => error.to_string(),
        })?;
        bytes.map(String::from_utf8).transpose().map_err(|_| "it is not UTF-8".to_owned())
    }
}
