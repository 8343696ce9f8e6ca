//! The history of a branch, commit by commit along the first parents: what landed on it, newest first.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice as _};
use git2::{Commit, Oid};

use super::{Error, Repository};
use crate::text::to_server_string;

/// Which part of a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// The newest commit.
    pub tip: BString,
    /// Leave out this commit and all that it has.
    pub without: Option<BString>,
    /// Stop at the first commit that was committed before this time, in seconds since 1970.
    pub since: Option<i64>,
    /// Most commits.
    pub max: Option<usize>,
}

/// A commit of a history.
#[derive(Clone, Debug)]
pub struct Landed {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    pub(super) parents: Vec<Oid>,
    /// The tree of its first parent; `None` for a first commit.
    pub(super) before: Option<Oid>,
    /// Who wrote it: `Name <email>`.
    pub author: String,
    /// When it was committed, in seconds since 1970.
    pub date: i64,
    /// Its message, as the server is sent it.
    pub message: String,
}

impl Landed {
    /// The commit's id.
    pub fn id(&self) -> [u8; 20] {
        self.id.as_bytes().try_into().expect("internal: an id has 20 bytes")
    }

    /// The commit's id in hexadecimal.
    pub fn hex(&self) -> String {
        self.id.to_string()
    }

    /// Whether it has more than one parent.
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// The commits of a [`Stretch`], each read when it is asked for.
pub struct History {
    repository: Repository,
    /// The next commit, and who is left.
    next: Option<Landed>,
    left: usize,
    since: i64,
    /// What the stretch may have, if it leaves something out.
    among: Option<HashSet<Oid>>,
    /// The parent at which a shallow clone was cut off, once the walk got there.
    cut_off: Option<String>,
    failed: bool,
    /// How many commits were read since objects were let go of.
    read: usize,
}

/// After so many commits the objects that were read for them are let go of. Each takes a few kilobytes.
const REMEMBERED: usize = 4096;

impl Repository {
    /// Lets go of the objects that were read, if `commits` is how many were looked at since and that is a lot; then counts from 0.
    ///
    /// # Errors
    /// As [`Repository::open`].
    pub fn rest(&mut self, commits: &mut usize) -> Result<(), Error> {
        if *commits >= REMEMBERED {
            *commits = 0;
            self.forget()?;
        }
        Ok(())
    }

    /// The commits of `stretch`: its tip, the tip's first parent, and so on. A commit is compared with its first parent.
    ///
    /// In a shallow clone the walk ends before the commit that it was cut off at, since there is nothing to compare that one with:
    /// [`History::cut_off`].
    ///
    /// # Errors
    /// An unknown revision, more commits than one walk looks at. Those of a commit that cannot be read come with that commit.
    pub fn history(self, stretch: &Stretch) -> Result<History, Error> {
        let tip = self.resolve(stretch.tip.as_bstr())?.commit.id();
        let among = match &stretch.without {
            Some(without) => {
                let without = self.resolve(without.as_bstr())?.commit.id();
                Some(self.newest(Some(without), tip, usize::MAX)?.into_iter().collect())
            }
            None => None,
        };
        let mut history = History {
            repository: self,
            next: None,
            left: stretch.max.unwrap_or(usize::MAX),
            since: stretch.since.unwrap_or(i64::MIN),
            among,
            cut_off: None,
            failed: false,
            read: 0,
        };
        history.next = history.read(tip, "the commit")?;
        Ok(history)
    }

    /// The branch that `tip` names, short; and the id of its commit.
    ///
    /// # Errors
    /// An unknown revision.
    pub fn branch_and_id(&self, tip: &BStr) -> Result<(Option<String>, String), Error> {
        let named = self.resolve(tip)?;
        Ok((named.branch, named.commit.id().to_string()))
    }

    /// Whether `spec` names a commit.
    pub fn has(&self, spec: &str) -> bool {
        self.resolve(spec.as_bytes().as_bstr()).is_ok()
    }
}

impl History {
    /// The first parent of the last commit, which this shallow clone does not have; known once the walk is over.
    pub fn cut_off(&self) -> Option<&str> {
        self.cut_off.as_deref()
    }

    /// The commit `id`; `None` if it is no part of the stretch.
    fn read(&mut self, id: Oid, what: &'static str) -> Result<Option<Landed>, Error> {
        if self.among.as_ref().is_some_and(|among| !among.contains(&id)) {
            return Ok(None);
        }
        self.read += 1;
        self.repository.rest(&mut self.read)?;
        let objects = self.repository.objects();
        let landed = landed(&objects.commit(id, what)?);
        if landed.parents.is_empty() && self.repository.is_shallow() {
            self.cut_off = objects.cut_off(id)?;
        }
        Ok(Some(landed).filter(|landed| landed.date >= self.since && self.cut_off.is_none()))
    }

    /// The tree of `parent`, and the commit itself if the walk goes on there.
    fn step(&mut self, parent: Oid) -> Result<(Oid, Option<Landed>), Error> {
        const PARENT: &str = "the parent commit";
        match self.read(parent, PARENT)? {
            Some(landed) => Ok((landed.tree, Some(landed))),
            None => Ok((self.repository.objects().commit(parent, PARENT)?.tree_id(), None)),
        }
    }
}

impl Iterator for History {
    type Item = Result<Landed, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.left == 0 {
            return None;
        }
        let mut landed = self.next.take()?;
        self.left -= 1;
        if let Some(&parent) = landed.parents.first() {
            match self.step(parent) {
                Ok((tree, next)) => (landed.before, self.next) = (Some(tree), next),
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        Some(Ok(landed))
    }
}

fn landed(commit: &Commit<'_>) -> Landed {
    let author = commit.author();
    let author = [author.name_bytes(), b" <", author.email_bytes(), b">"].concat();
    Landed {
        id: commit.id(),
        tree: commit.tree_id(),
        parents: commit.parent_ids().collect(),
        before: None,
        author: to_server_string(&author),
        date: commit.time().seconds(),
        message: to_server_string(commit.message_raw_bytes()),
    }
}
