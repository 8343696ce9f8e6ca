//! A commit of a history as the change that it once was: its files, and the workflows that decided about it.

use bstr::{BStr, ByteSlice as _};
use git2::Oid;

use super::{
    Asked, ByGit, Error, Landed, Repository, WorkflowFiles,
    diff::differences,
    snapshot::View,
    tree::{Mode, Tree},
    workflows::places,
};
use crate::{change::ChangedFiles, text::to_server_string};

/// A commit, as a change.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The files that the forge reports.
    pub files: ChangedFiles,
    /// What it is by git's own rules, if they list other files.
    pub by_git: Option<ByGit>,
    /// Whether the server makes a pipeline of what the forge reports.
    pub pipeline: bool,
    /// The commit that the server would read the workflows of.
    pub commit: [u8; 20],
    /// Another message than the commit's own.
    pub message: Option<String>,
    tree: Oid,
}

impl Replayed {
    /// All files that changed, whatever the forge reports.
    pub fn changed(&self) -> &ChangedFiles {
        self.by_git.as_ref().map_or(&self.files, |by_git| &by_git.files)
    }
}

/// What the workflow files of a commit are found by: the same for commits that have the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GatesId(Vec<Option<(Mode, Oid)>>);

impl Repository {
    /// `landed` as a push that moved its branch from its first parent to it, as the forge that is asked about reports it.
    ///
    /// # Errors
    /// Missing objects, limits.
    pub fn as_push(&self, landed: &Landed, asked: &Asked) -> Result<Replayed, Error> {
        let differences = differences(&self.objects(), landed.before, Some(landed.tree))?;
        let listed = self.listed_of_push(landed, differences, asked)?;
        Ok(Replayed {
            files: listed.files,
            by_git: listed.by_git,
            pipeline: listed.pipeline,
            commit: landed.id(),
            message: None,
            tree: landed.tree,
        })
    }

    /// The merge `landed` as the pull request from its second parent onto its first, as the forge that is asked about reports it; `None`
    /// if it is no merge. The message is that of the second parent.
    ///
    /// # Errors
    /// No common ancestor, missing objects, limits.
    pub fn as_pull_request(&self, landed: &Landed, asked: &Asked) -> Result<Option<Replayed>, Error> {
        let [target, source, ..] = *landed.parents.as_slice() else { return Ok(None) };
        let base = self.merge_base(target, source)?.ok_or_else(|| Error::NoMergeBase {
            base: target.to_string().into(),
            head: source.to_string().into(),
            shallow: self.is_shallow(),
        })?;
        let objects = self.objects();
        let base = objects.commit(base, "the common ancestor")?.tree_id();
        let head = objects.commit(source, "the second parent")?;
        let differences = differences(&objects, Some(base), Some(head.tree_id()))?;
        let listed = self.listed_of_pull_request((target, source), differences, asked)?;
        Ok(Some(Replayed {
            files: listed.files,
            by_git: listed.by_git,
            pipeline: listed.pipeline,
            commit: source.as_bytes().try_into().expect("internal: an id has 20 bytes"),
            message: Some(to_server_string(head.message_raw_bytes())),
            tree: head.tree_id(),
        }))
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
