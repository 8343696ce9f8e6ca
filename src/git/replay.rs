//! A commit of a history as the change that it once was: its files, and the workflows that decided about it.

use bstr::{BStr, ByteSlice as _};
use git2::{ErrorCode, Oid};

use super::{
    Error, Landed, Repository, WorkflowFiles,
    diff::changed_paths,
    snapshot::View,
    tree::{Mode, Tree},
    workflows::places,
};
use crate::{change::ChangedFiles, text::to_server_string};

/// A commit, as a change.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The files, by git's own rules ([`Forge::Git`](crate::change::Forge::Git)).
    pub files: ChangedFiles,
    /// The commit that the server would read the workflows of.
    pub commit: [u8; 20],
    /// Another message than the commit's own.
    pub message: Option<String>,
    tree: Oid,
}

impl Replayed {
    fn new(files: Vec<bstr::BString>, commit: Oid, tree: Oid) -> Self {
        let commit = commit.as_bytes().try_into().expect("internal: an id has 20 bytes");
        Self { files: files.into(), commit, message: None, tree }
    }
}

/// What the workflow files of a commit are found by: the same for commits that have the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GatesId(Vec<Option<(Mode, Oid)>>);

impl Repository {
    /// `landed` as a push that moved its branch from its first parent to it.
    ///
    /// # Errors
    /// Missing objects, limits.
    pub fn as_push(&self, landed: &Landed) -> Result<Replayed, Error> {
        let files = changed_paths(&self.objects(), landed.before, Some(landed.tree))?;
        Ok(Replayed::new(files, landed.id, landed.tree))
    }

    /// The merge `landed` as the pull request from its second parent onto its first; `None` if it is no merge. The message is that
    /// of the second parent.
    ///
    /// # Errors
    /// No common ancestor, missing objects, limits.
    pub fn as_pull_request(&self, landed: &Landed) -> Result<Option<Replayed>, Error> {
        let [target, source, ..] = *landed.parents.as_slice() else { return Ok(None) };
        let base = self.inner.merge_base(target, source).map_err(|error| match error.code() {
            ErrorCode::NotFound => Error::NoMergeBase {
                base: target.to_string().into(),
                head: source.to_string().into(),
                shallow: self.is_shallow(),
            },
            _ => Error::Git { doing: "find the common ancestor", source: error },
        })?;
        let objects = self.objects();
        let base = objects.commit(base, "the common ancestor")?.tree_id();
        let source = objects.commit(source, "the second parent")?;
        let files = changed_paths(&objects, Some(base), Some(source.tree_id()))?;
        let replayed = Replayed::new(files, source.id(), source.tree_id());
        Ok(Some(Replayed { message: Some(to_server_string(source.message_raw_bytes())), ..replayed }))
    }

    /// What the workflow files of `change` are found by; `path` as for [`Repository::workflow_files`].
    ///
    /// # Errors
    /// Missing objects.
    pub fn gates_id(&self, change: &Replayed, path: Option<&str>) -> Result<GatesId, Error> {
        let (objects, odb) = (self.objects(), self.objects().odb()?);
        let places = places(path).into_iter().map(|place| {
            let (mut found, mut id) = (Some((Mode::Tree, change.tree)), change.tree);
            for name in place.split_str("/") {
                found = match found {
                    Some((Mode::Tree, _)) => Tree::open(&objects, &odb, Some(id))?.find(name)?,
                    _ => None,
                };
                id = found.map_or(id, |(_, id)| id);
            }
            Ok(found)
        });
        Ok(GatesId(places.collect::<Result<_, Error>>()?))
    }

    /// The workflow files of `change`; `path` as for [`Repository::workflow_files`].
    ///
    /// # Errors
    /// A file above [`MAX_LEN`](crate::source::MAX_LEN), too many of them, a blob that is not in this clone.
    pub fn gates_of(&self, change: &Replayed, path: Option<&str>) -> Result<WorkflowFiles, Error> {
        WorkflowFiles::find(&View::Commit { repository: self, tree: change.tree }, path)
    }
}

/// Whether a commit that changes just `files` has the workflow files of its parent; `path` as for [`Repository::workflow_files`].
pub fn keeps_gates(files: &ChangedFiles, path: Option<&str>) -> bool {
    let inside = |file: &BStr, folder: &BStr| {
        file.strip_prefix(folder.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    };
    let places = places(path);
    let touches =
        |file: &BStr| places.iter().any(|place| inside(file, place.as_bstr()) || inside(place.as_bstr(), file));
    !files.paths().any(touches)
}
