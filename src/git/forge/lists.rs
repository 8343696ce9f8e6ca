//! The list itself.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use bstr::{BStr, BString, ByteSlice as _};
use git2::Oid;

use super::ends::Ends;
use crate::forge::{self, Commits, IfNone, Order, Rule};
use crate::git::diff::{Difference, differences};
use crate::git::renames::{self, Renames};
use crate::git::{Error, Missing, Repository};

/// What a forge lists, and what it meets on the way but leaves out.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) files: Vec<BString>,
    pub(super) left_out: BTreeMap<BString, LeftOut>,
    /// If it is made of commits: how many are taken, of how many.
    pub(super) commits: Option<(usize, usize)>,
    /// Why the server makes no pipeline, if it makes none.
    pub(super) no_pipeline: Option<&'static str>,
    pub(super) notes: Vec<String>,
}

/// Why a file of a difference is not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// It became a symlink or a submodule, or was one.
    TypeChange,
    /// It was renamed to this.
    Renamed(BString),
    /// The list is full.
    Beyond(u32),
}

impl List {
    /// The list of `rule` for the change between `ends`.
    pub(super) fn make(repository: &Repository, ends: &Ends, pushed: &[Oid], rule: &Rule) -> Result<Self, Error> {
        let mut list = Self::default();
        let maker = Maker { repository, rule };
        match rule.list {
            forge::List::Git | forge::List::Nothing => {}
            forge::List::NoPipeline => list.no_pipeline = Some("its driver fails"),
            forge::List::Tip => list.take(&maker, maker.of_commit(ends.new)?)?,
            forge::List::SinceMergeBase => maker.since_parted(&mut list, ends.old, ends.new)?,
            forge::List::BackToMergeBase => match ends.old {
                Some(old) => maker.since_parted(&mut list, Some(ends.new), old)?,
                None => list.no_pipeline = Some("its driver fails"),
            },
            forge::List::Difference => list.take(&maker, maker.between(ends.old, ends.new)?)?,
            forge::List::DifferenceToDefault => {
                let default = ends.other_default();
                if default.is_none() {
                    list.notes.push(
                        "the default branch is not known here: the files of the last commit stand in for what differs from it"
                            .to_owned(),
                    );
                }
                list.take(
                    &maker,
                    match default {
                        Some(default) => maker.between(Some(default), ends.new)?,
                        None => maker.of_commit(ends.new)?,
                    },
                )?;
            }
            forge::List::Commits { of, newest } => maker.commits(&mut list, (ends, pushed), of, newest)?,
        }
        Ok(list)
    }

    /// Adds the files of one difference, as the rule lists them.
    pub(super) fn take(&mut self, maker: &Maker<'_>, mut differences: Vec<Difference>) -> Result<(), Error> {
        let rule = maker.rule;
        if maker.lists_all(&differences) {
            self.files.extend(differences.into_iter().map(|difference| difference.path));
            return Ok(());
        }
        if !rule.type_changes {
            differences.retain(|difference| {
                let kept = !difference.changed_type();
                if !kept {
                    self.left_out.insert(difference.path.clone(), LeftOut::TypeChange);
                }
                kept
            });
        }
        // The search for renames costs more than all the rest.
        let full = rule.files.filter(|&most| differences.len() > most as usize);
        let by_new_name = rule.renames == forge::Renames::NewName;
        let renames = if by_new_name || full.is_some() {
            renames::find(&maker.repository.objects(), &differences, rule.likeness)?
        } else {
            Renames::default()
        };
        if let Some(why) = renames.same_content_only {
            let note = format!("{why}: of the renamed ones, only those that kept their content are seen");
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        let old_names: BTreeMap<usize, usize> = renames.pairs.iter().map(|&(old, new)| (new, old)).collect();
        let gone: HashSet<usize> = renames.pairs.iter().map(|&(old, _)| old).collect();
        let mut entries: Vec<usize> = (0..differences.len()).filter(|at| !gone.contains(at)).collect();
        let path = |at: usize| differences.get(at).map(|it| it.path.as_bstr()).unwrap_or_default();
        if let (Some(_), Order::FoldersFirst) = (full, rule.order) {
            entries.sort_by(|&one, &other| folders_first(path(one), path(other)));
        }
        for (place, &at) in entries.iter().enumerate() {
            let old_name = old_names.get(&at).map(|&old| path(old));
            let beyond = full.filter(|&most| place >= most as usize).map(LeftOut::Beyond);
            let (new, old) = (path(at).to_owned(), old_name.map(BStr::to_owned));
            match (beyond, old) {
                (Some(beyond), old) => {
                    self.left_out.extend(old.into_iter().chain([new]).map(|path| (path, beyond.clone())));
                }
                (None, Some(old)) if by_new_name => {
                    self.left_out.insert(old, LeftOut::Renamed(new.clone()));
                    self.files.push(new);
                }
                (None, old) => self.files.extend(old.into_iter().chain([new])),
            }
        }
        Ok(())
    }
}

pub(super) struct Maker<'a> {
    pub(super) repository: &'a Repository,
    pub(super) rule: &'a Rule,
}

impl Maker<'_> {
    /// Whether each file of `differences` is listed by its own name: there is nothing in them that the rule could leave out.
    pub(super) fn lists_all(&self, differences: &[Difference]) -> bool {
        let any = |is: fn(&Difference) -> bool| differences.iter().any(is);
        self.rule.files.is_none_or(|most| differences.len() <= most as usize)
            && (self.rule.type_changes || !any(Difference::changed_type))
            && (self.rule.renames == forge::Renames::BothNames
                || !(any(|it| it.old.is_none()) && any(|it| it.new.is_none())))
    }

    /// A commit against its first parent.
    pub(super) fn of_commit(&self, id: Oid) -> Result<Vec<Difference>, Error> {
        let objects = self.repository.objects();
        let commit = objects.commit(id, "the commit")?;
        if let Some(parent) = objects.cut_off(id)? {
            return Err(Error::MissingObject { id: parent, what: "the parent commit", cause: Missing::Shallow });
        }
        self.between(commit.parent_ids().next(), id)
    }

    fn between(&self, old: Option<Oid>, new: Oid) -> Result<Vec<Difference>, Error> {
        let objects = self.repository.objects();
        let old = old.map(|old| objects.commit(old, "the commit")).transpose()?.map(|commit| commit.tree_id());
        differences(&objects, old, Some(objects.commit(new, "the commit")?.tree_id()))
    }

    /// What `new` changed since it parted from `old`.
    fn since_parted(&self, list: &mut List, old: Option<Oid>, new: Oid) -> Result<(), Error> {
        let Some(old) = old else { return list.take(self, self.between(None, new)?) };
        match self.repository.merge_base(old, new)? {
            Some(base) => list.take(self, self.between(Some(base), new)?),
            None if self.repository.is_shallow() => {
                let (base, head) = (old.to_string().into(), new.to_string().into());
                Err(Error::NoMergeBase { base, head, shallow: true })
            }
            None => {
                list.no_pipeline = Some("the two commits have no common ancestor, and the comparison fails");
                Ok(())
            }
        }
    }

    fn commits(&self, list: &mut List, (ends, pushed): (&Ends, &[Oid]), of: Commits, newest: u32) -> Result<(), Error> {
        let most = newest as usize;
        let (mut commits, if_none) = match of {
            Commits::Pushed(if_none) => (pushed.to_vec(), if_none),
            Commits::BeyondDefault(if_none) => match (&ends.default, ends.other_default()) {
                (_, Some(_)) => (pushed.to_vec(), if_none),
                // The default branch itself: all of its history is new.
                (Some(_), None) => (self.repository.newest(None, ends.new, most)?, if_none),
                (None, None) => {
                    list.notes.push(
                        "the default branch is not known here: all commits of the new branch count as its own"
                            .to_owned(),
                    );
                    (self.repository.newest(None, ends.new, most)?, if_none)
                }
            },
            Commits::OnlyHere { among } => (self.only_here(list, ends, among as usize)?, IfNone::Tip),
        };
        let total = commits.len();
        self.say_where_history_ends(list, &commits)?;
        commits.truncate(most);
        match if_none {
            IfNone::Tip if !commits.contains(&ends.new) => commits.push(ends.new),
            IfNone::NoPipeline if commits.is_empty() => {
                list.no_pipeline = Some("the push brings no commit");
            }
            IfNone::Tip | IfNone::NoFile | IfNone::NoPipeline => {}
        }
        list.commits = Some((commits.len(), total));
        for commit in commits {
            list.take(self, self.of_commit(commit)?)?;
        }
        Ok(())
    }

    /// Of the newest commits of a new branch, those before the first that another branch has.
    fn only_here(&self, list: &mut List, ends: &Ends, among: usize) -> Result<Vec<Oid>, Error> {
        let others = self.repository.branches_but(ends.branch.as_deref())?;
        list.notes.push(format!(
            "which commits are new with the branch is told by the {} other branches that this clone knows of",
            others.len()
        ));
        let mut newest = self.repository.newest(None, ends.new, among)?;
        if !others.is_empty() {
            let own: HashSet<Oid> = self.repository.newest(others, ends.new, usize::MAX)?.into_iter().collect();
            let shared = newest.iter().position(|id| !own.contains(id));
            newest.truncate(shared.unwrap_or(newest.len()));
        }
        Ok(newest)
    }

    /// In a shallow clone a range may hold commits that the full history would have left out.
    fn say_where_history_ends(&self, list: &mut List, commits: &[Oid]) -> Result<(), Error> {
        let ends = self.repository.objects().boundary()?;
        if commits.iter().any(|id| ends.contains(id)) {
            list.notes.push(
                "the history of this shallow clone ends within the push: which commits it brings is not known for sure"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// In each folder, its folders before its files; else by name.
fn folders_first(one: &BStr, other: &BStr) -> Ordering {
    let (mut ours, mut theirs) = (one.split_str("/").peekable(), other.split_str("/").peekable());
    loop {
        let (our, their) = match (ours.next(), theirs.next()) {
            (Some(our), Some(their)) => (our, their),
            (our, their) => return our.is_some().cmp(&their.is_some()),
        };
        let order = match (ours.peek().is_some(), theirs.peek().is_some()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            _ => our.cmp(their),
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_before_files() {
        let mut paths = ["z", "a", "b/z", "b/a/x", "b/a.md", "a/x/y", "b/c/x"].map(BStr::new);
        paths.sort_by(|one, other| folders_first(one, other));
        assert_eq!(paths, ["a/x/y", "b/a/x", "b/c/x", "b/a.md", "b/z", "a", "z"].map(BStr::new));
    }
}
