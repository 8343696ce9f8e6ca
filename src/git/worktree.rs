//! Changes that are not committed yet. Here libgit2's diff does the work: it knows the index's cached file states, ignore rules, line ends,
//! sparse checkouts and submodules.

use std::collections::BTreeSet;

use bstr::{BString, ByteSlice as _};
use git2::{Delta, DiffDelta, DiffOptions, ErrorCode, FileMode, Index, IndexEntryExtendedFlag, IndexEntryFlag, Tree};

use super::{Error, Repository, repository::unreadable_index};
use crate::change::ChangedFiles;

impl Repository {
    /// The paths of the index: what git tracks.
    ///
    /// # Errors
    /// An unreadable index.
    pub fn tracked_files(&self) -> Result<ChangedFiles, Error> {
        Ok(self.index()?.iter().map(|entry| entry.path).collect())
    }

    /// The paths that differ between HEAD and the index, as `git diff --cached --name-only --no-renames` lists them.
    pub(super) fn staged_paths(&self) -> Result<ChangedFiles, Error> {
        let head = self.head_tree()?;
        Ok(self.staged(head.as_ref(), &self.index()?)?.into_iter().collect())
    }

    /// The paths that `git add --all && git commit` would change.
    pub(super) fn worktree_paths(&self) -> Result<ChangedFiles, Error> {
        let head = self.head_tree()?;
        let index = self.index()?;
        let staged = self.staged(head.as_ref(), &index)?;
        let unstaged = self.unstaged(&index)?;
        // A path on both lists may be back where HEAD has it: staged, then undone in the working tree.
        let twice: Vec<BString> = staged.intersection(&unstaged).cloned().collect();
        let undone = self.undone(head.as_ref(), twice)?;
        Ok(staged.union(&unstaged).filter(|path| !undone.contains(*path)).cloned().collect())
    }

    /// The paths that differ between HEAD and the index.
    fn staged(&self, head: Option<&Tree<'_>>, index: &Index) -> Result<BTreeSet<BString>, Error> {
        let mut options = DiffOptions::new();
        options.include_typechange(true);
        let diff = self.inner.diff_tree_to_index(head, Some(index), Some(&mut options)).map_err(unreadable_index)?;
        let paths = diff.deltas().filter_map(|delta| {
            let path = path_of(&delta)?;
            // `git add -N` leaves a mark in the index which is not to be committed.
            let mark = delta.status() == Delta::Added
                && flags_of(index, &path).1.contains(IndexEntryExtendedFlag::INTENT_TO_ADD);
            (!mark).then_some(path)
        });
        Ok(paths.collect())
    }

    /// The paths that differ between the index and the working tree, and the untracked ones.
    fn unstaged(&self, index: &Index) -> Result<BTreeSet<BString>, Error> {
        let mut options = DiffOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
        let diff = self.inner.diff_index_to_workdir(Some(index), Some(&mut options)).map_err(unreadable_worktree)?;
        let paths = diff.deltas().filter_map(|delta| {
            let path = path_of(&delta)?;
            // Not there, but not to be missed: outside of a sparse checkout, or assumed to be unchanged.
            let excused = delta.status() == Delta::Deleted && {
                let (flags, extended) = flags_of(index, &path);
                flags.contains(IndexEntryFlag::VALID) || extended.contains(IndexEntryExtendedFlag::SKIP_WORKTREE)
            };
            (!excused).then_some(path)
        });
        Ok(paths.collect())
    }

    /// Those of `paths` that are the same in the working tree as in HEAD, or in neither.
    fn undone(&self, head: Option<&Tree<'_>>, paths: Vec<BString>) -> Result<BTreeSet<BString>, Error> {
        if paths.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut options = DiffOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(true).recurse_ignored_dirs(true);
        options.include_typechange(true).disable_pathspec_match(true);
        for path in &paths {
            options.pathspec(path.as_slice());
        }
        let diff = self.inner.diff_tree_to_workdir(head, Some(&mut options)).map_err(unreadable_worktree)?;
        // What is ignored counts here: it is in the index, so it is tracked.
        let changed = diff.deltas().filter(|delta| delta.status() != Delta::Unmodified);
        let changed: BTreeSet<BString> = changed.filter_map(|delta| full_path(&delta)).collect();
        Ok(paths.into_iter().filter(|path| !changed.contains(path)).collect())
    }

    /// The tree of HEAD; `None` before the first commit.
    fn head_tree(&self) -> Result<Option<Tree<'_>>, Error> {
        if self.inner.is_bare() {
            return Err(Error::Bare);
        }
        let commit = match self.inner.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => commit,
            Err(error) if error.code() == ErrorCode::UnbornBranch => return Ok(None),
            Err(error) => return Err(Error::Git { doing: "read HEAD", source: error }),
        };
        let id = commit.tree_id();
        self.inner.find_tree(id).map(Some).map_err(|error| self.objects().unreadable(error, id, "the tree of HEAD"))
    }
}

/// The flags of the index's entry at `path`; none if there is no such entry.
fn flags_of(index: &Index, path: &BString) -> (IndexEntryFlag, IndexEntryExtendedFlag) {
    let entry = path.to_path().ok().and_then(|path| index.get_path(path, 0));
    let (flags, extended) = entry.map_or((0, 0), |entry| (entry.flags, entry.flags_extended));
    (IndexEntryFlag::from_bits_truncate(flags), IndexEntryExtendedFlag::from_bits_truncate(extended))
}

/// The path of a difference that a commit would record.
fn path_of(delta: &DiffDelta<'_>) -> Option<BString> {
    let (old, new) = (delta.old_file(), delta.new_file());
    let submodule = old.mode() == FileMode::Commit && new.mode() == FileMode::Commit;
    // A submodule with changes of its own, at the same commit: they belong to its own repository.
    let dirty = submodule && old.id() == new.id() && delta.status() == Delta::Modified;
    if dirty || matches!(delta.status(), Delta::Unmodified | Delta::Ignored) {
        return None;
    }
    full_path(delta)
}

fn full_path(delta: &DiffDelta<'_>) -> Option<BString> {
    let path = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes())?;
    // A repository of its own in an untracked folder is listed as `folder/`, and would be committed as the path `folder`.
    Some(path.strip_suffix(b"/").unwrap_or(path).as_bstr().into())
}

fn unreadable_worktree(source: git2::Error) -> Error {
    Error::Git { doing: "compare the working tree", source }
}
