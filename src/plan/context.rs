//! The change, with all that conditions can look at, and what of it only the server knows.

use std::collections::BTreeMap;

use crate::change::{ChangedFiles, Event, Forge, Metadata, Origin, Variable};
use crate::text::to_server_string;

/// A change as the server would see it.
#[derive(Clone, Debug)]
pub struct Context {
    metadata: Metadata,
    files: ChangedFiles,
    /// All that changed, if that is known and is not what is listed.
    changed: Option<ChangedFiles>,
    forge: Forge,
    /// `owner/name`, as `when.repo` is held against.
    repo: String,
    /// Values of variables that were given by hand.
    given: BTreeMap<String, String>,
    /// Whether what is not in the metadata is unknown, not empty.
    predicted: bool,
    /// Whether it stands for every change: files and message are unknown, too.
    open: bool,
}

impl Context {
    /// A change of which everything is known: `metadata` is the server's own, and what is empty in it is empty.
    pub fn recorded(metadata: Metadata) -> Self {
        let files = metadata.current.commit.changed_files.iter().map(String::as_str).collect();
        let forge = Forge::of_server(&metadata.forge.kind).unwrap_or_default();
        Self { files, ..Self::new(metadata, forge, BTreeMap::new()) }
    }

    /// A change that has not happened yet: of what git cannot know, only what `metadata` has and what is `given` (names of variables
    /// to values) is known; the rest is the server's to know, and verdicts that hang on it are unknown.
    pub fn predicted(
        mut metadata: Metadata,
        files: ChangedFiles,
        forge: Forge,
        given: BTreeMap<String, String>,
    ) -> Self {
        // The forge sends no list with other events.
        if metadata.current.event.can_skip_ci() {
            metadata.current.commit.changed_files = files.iter().map(|file| to_server_string(file)).collect();
        }
        Self { files, predicted: true, ..Self::new(metadata, forge, given) }
    }

    /// Every change of the event in `metadata`, with the branch, the settings and so on that it has; what it has not may be anything, and
    /// so may the changed files and the message. For [`gates`](super::gates).
    pub fn open(metadata: Metadata, given: BTreeMap<String, String>) -> Self {
        Self { predicted: true, open: true, ..Self::new(metadata, Forge::Git, given) }
    }

    fn new(metadata: Metadata, forge: Forge, given: BTreeMap<String, String>) -> Self {
        let repo = metadata.repo.full_name();
        let files = ChangedFiles::none();
        Self { metadata, files, changed: None, forge, repo, given, predicted: false, open: false }
    }

    /// The same, where not the list is what changed, but `changed`. No condition looks at it; policies do.
    #[must_use]
    pub fn with_changed(self, changed: ChangedFiles) -> Self {
        Self { changed: (changed != self.files).then_some(changed), ..self }
    }

    /// The server's metadata, as far as it is known.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// What made the server start a pipeline.
    pub fn event(&self) -> &Event {
        &self.metadata.current.event
    }

    /// The changed files that are listed: what conditions see.
    pub fn files(&self) -> &ChangedFiles {
        &self.files
    }

    /// All files that changed, listed or not, as far as that is known: else those that are listed.
    pub fn changed(&self) -> &ChangedFiles {
        self.changed.as_ref().unwrap_or(&self.files)
    }

    /// Whose list of changed files it is.
    pub fn forge(&self) -> Forge {
        self.forge
    }

    /// The message that `ignore_message` and `[skip ci]` are looked for in.
    pub fn message(&self) -> &str {
        &self.metadata.current.commit.message
    }

    /// The branch that `when.branch` is held against; `None` when it is not known.
    pub fn branch(&self) -> Option<&str> {
        some(&self.metadata.current.commit.branch)
    }

    /// The ref, `refs/heads/main`; `None` when it is not known.
    pub fn git_ref(&self) -> Option<&str> {
        some(&self.metadata.current.commit.git_ref)
    }

    /// The commit's id; `None` when there is no commit yet.
    pub fn commit(&self) -> Option<&str> {
        some(&self.metadata.current.commit.sha)
    }

    /// `owner/name`, which may be empty.
    pub(super) fn repo(&self) -> &str {
        &self.repo
    }

    pub(super) fn is_predicted(&self) -> bool {
        self.predicted
    }

    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str)
    }

    /// Whether only the server knows the variable `name` of its `CI_*` variables.
    ///
    /// Empty stands for unknown in what is predicted, but for what the change itself says (no tag is no tag) and for what is empty
    /// on the server, too, while it decides.
    pub(super) fn is_unknown(&self, variable: &Variable, value: Option<&str>) -> bool {
        if !self.predicted || self.given.contains_key(variable.name) || !variable.is_filled_on(self.event()) {
            return false;
        }
        match variable.origin {
            Origin::Agent | Origin::Workflow => false,
            Origin::Change => match variable.name {
                "CI_COMMIT_BRANCH" => self.branch().is_none(),
                "CI_COMMIT_REF" => self.git_ref().is_none(),
                "CI_COMMIT_SHA" => self.commit().is_none(),
                "CI_COMMIT_TIMESTAMP" => value.is_none_or(|seconds| seconds == "0"),
                // A source branch that is not known leaves `:target`.
                "CI_COMMIT_REFSPEC" => value.is_none_or(|refspec| refspec.is_empty() || refspec.starts_with(':')),
                "CI_COMMIT_SOURCE_BRANCH" | "CI_COMMIT_TARGET_BRANCH" => value.is_none_or(str::is_empty),
                "CI_COMMIT_MESSAGE" => self.open,
                "CI_PIPELINE_FILES" => self.open && self.event().can_skip_ci(),
                "CI_COMMIT_TAG" => self.open && self.git_ref().is_none() && !self.event().can_skip_ci(),
                _ => false,
            },
            Origin::Settings => value.is_none_or(|value| value.is_empty() || value == "false"),
            Origin::Forge | Origin::Server => value.is_none_or(|value| matches!(value, "" | "0" | "false")),
        }
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
