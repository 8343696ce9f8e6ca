//! A change that a proof speaks of.

use std::collections::BTreeMap;

use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::plan::{Context, Key};

/// The ref of a pull request where nothing is asked of it.
pub(super) const PULL_REF: &str = "refs/pull/1/head";

/// A change, as far as what was asked hangs on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The changed files, sorted, each once.
    pub files: Vec<String>,
    /// The message; mostly empty, for then nothing hangs on it.
    pub message: String,
    /// Branch, ref and so on, where the event has them or something was asked of them.
    pub values: BTreeMap<Key, String>,
}

impl Change {
    /// The value of `key`, if it has one.
    pub fn value(&self, key: Key) -> Option<&str> {
        self.values.get(&key).map(String::as_str)
    }

    /// The same, where every change of `event` has one.
    pub(super) fn known(&self, key: Key, event: &Event) -> Option<&str> {
        let usual = (key == Key::Ref && event.is_of_pull_request()).then_some(PULL_REF);
        self.value(key).or(usual)
    }

    /// The context that a plan is made for: `event` on the server and repository of `metadata`.
    pub fn context(&self, event: &Event, metadata: &Metadata, given: &BTreeMap<String, String>) -> Context {
        let mut metadata = metadata.clone();
        metadata.current.event = event.clone();
        metadata.current.commit.message.clone_from(&self.message);
        let set = |field: &mut String, key| {
            if let Some(value) = self.known(key, event) {
                value.clone_into(field);
            }
        };
        let current = &mut metadata.current;
        set(&mut current.commit.branch, Key::Branch);
        set(&mut current.commit.git_ref, Key::Ref);
        set(&mut current.cron, Key::Cron);
        set(&mut current.deploy_target, Key::DeployTarget);
        set(&mut metadata.system.host, Key::Instance);
        if let Some((owner, name)) = self.value(Key::Repo).and_then(|repo| repo.rsplit_once('/')) {
            (metadata.repo.owner, metadata.repo.name) = (owner.to_owned(), name.to_owned());
        }
        if event.is_of_pull_request() {
            metadata.current.commit.refspec = format!(":{}", metadata.current.commit.branch);
        }
        let files: ChangedFiles = self.files.iter().map(String::as_str).collect();
        Context::predicted(metadata, files, Forge::Git, given.clone())
    }
}
