//! From a change to the files it touches.

use bstr::{BStr, ByteSlice as _};
use git2::{ErrorCode, Oid};

use super::{Error, Missing, Repository, Revision, diff::changed_paths, revision::Named};
use crate::{
    change::{ChangeSet, ChangedFiles, Forge},
    text::{escape, to_server_string},
};

/// What is to be looked at as one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Commits.
    Revision(Revision),
    /// What `git add --all && git commit` would commit now: index and working tree against HEAD, untracked files included, ignored
    /// ones not.
    Worktree,
    /// What `git commit` would commit now: the index against HEAD.
    Staged,
    /// Just these files.
    Files(ChangedFiles),
}

impl Repository {
    /// The files that `change` touches, by git's own rules ([`Forge::Git`]): added, deleted, modified and those whose kind or
    /// executable bit changed; a rename is a deletion and an addition; a submodule counts as its path. With it the message, commit and
    /// branch as far as git knows them.
    ///
    /// The branch is the one that the revision names (for a pull request: that its base names), else the one checked out.
    ///
    /// # Errors
    /// [`Error`]: unknown revision, missing object (shallow and partial clones), no merge base, limits, IO.
    pub fn change_set(&self, change: &Change) -> Result<ChangeSet, Error> {
        let mut set = match change {
            Change::Revision(Revision::Commit(spec)) => self.commit(spec.as_bstr())?,
            Change::Revision(Revision::Push { old, new }) => self.push(old.as_bstr(), new.as_bstr())?,
            Change::Revision(Revision::PullRequest { base, head }) => {
                self.pull_request(base.as_bstr(), head.as_bstr())?
            }
            Change::Worktree => ChangeSet::of_files(self.worktree_paths()?),
            Change::Staged => ChangeSet::of_files(self.staged_paths()?),
            Change::Files(files) => ChangeSet::of_files(files.clone()),
        };
        if set.branch.is_none() {
            set.branch = self.current_branch()?;
        }
        Ok(set)
    }

    /// One commit against its first parent; the first commit of a history against nothing.
    fn commit(&self, spec: &BStr) -> Result<ChangeSet, Error> {
        let named = self.resolve(spec)?;
        let objects = self.objects();
        let commit = &named.commit;
        if let Some(parent) = objects.cut_off(commit.id())? {
            return Err(Error::MissingObject { id: parent, what: "the parent commit", cause: Missing::Shallow });
        }
        let parent = commit.parent_ids().next();
        let parent = parent.map(|id| objects.commit(id, "the parent commit")).transpose()?;
        let mut set = self.between(parent.map(|parent| parent.tree_id()), named)?;
        match set.1 {
            0 => set.0.notes.push("a first commit, without a parent: all its files count".to_owned()),
            1 => {}
            parents => set.0.notes.push(format!("a merge of {parents} parents, compared with the first one only")),
        }
        Ok(set.0)
    }

    /// A push from `old` to `new`: the difference of their trees, whether or not one descends from the other.
    fn push(&self, old: &BStr, new: &BStr) -> Result<ChangeSet, Error> {
        let old = self.resolve(old)?.commit.tree_id();
        Ok(self.between(Some(old), self.resolve(new)?)?.0)
    }

    /// What `head` changed since it parted from `base`.
    fn pull_request(&self, base: &BStr, head: &BStr) -> Result<ChangeSet, Error> {
        let target = self.resolve(base)?;
        let source = self.resolve(head)?;
        let bases = match self.inner.merge_bases(target.commit.id(), source.commit.id()) {
            Ok(bases) => bases,
            Err(error) if error.code() == ErrorCode::NotFound => {
                return Err(Error::NoMergeBase { base: base.into(), head: head.into(), shallow: self.is_shallow() });
            }
            Err(error) => return Err(Error::Git { doing: "find the common ancestor", source: error }),
        };
        let Some(&first) = bases.first() else {
            return Err(Error::NoMergeBase { base: base.into(), head: head.into(), shallow: self.is_shallow() });
        };
        let tree = self.objects().commit(first, "the common ancestor")?.tree_id();
        let mut set = self.between(Some(tree), source)?.0;
        set.branch = target.branch;
        set.tag = None;
        if bases.len() > 1 {
            set.notes.push(format!(
                "`{}` and `{}` have {} best common ancestors (criss-cross merges); compared with {first}, as git does",
                escape(base),
                escape(head),
                bases.len(),
            ));
        }
        Ok(set)
    }

    /// The id of the commit at which `base` and `head` parted: git's own choice if there are several.
    ///
    /// # Errors
    /// Unknown revisions, no common ancestor, missing objects.
    pub fn parted_at(&self, base: &BStr, head: &BStr) -> Result<String, Error> {
        let [one, other] = [self.resolve(base)?, self.resolve(head)?].map(|named| named.commit.id());
        let none = || Error::NoMergeBase { base: base.into(), head: head.into(), shallow: self.is_shallow() };
        self.merge_base(one, other)?.map(|id| id.to_string()).ok_or_else(none)
    }

    /// The difference from the tree `old` to the commit `new`, and the number of that commit's parents.
    fn between(&self, old: Option<Oid>, new: Named<'_>) -> Result<(ChangeSet, usize), Error> {
        let files = changed_paths(&self.objects(), old, Some(new.commit.tree_id()))?;
        let mut notes = Vec::new();
        if let (Some(tag), true) = (&new.tag, new.also_branch) {
            notes.push(format!("`{}` is a tag and a branch; the tag is meant, as in git", escape(tag)));
        }
        let set = ChangeSet {
            files: files.into(),
            forge: Forge::Git,
            message: to_server_string(new.commit.message_raw_bytes()),
            commit: Some(new.commit.id().to_string()),
            branch: new.branch,
            tag: new.tag,
            hidden: Vec::new(),
            notes,
        };
        Ok((set, new.commit.parent_count()))
    }
}
