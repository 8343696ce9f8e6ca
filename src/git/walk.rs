//! The commits of a push, in the order in which forges list them: that of `git rev-list`.
//!
//! Forges cut their lists after a number of commits, so the order decides which files the server hears of. It is by committer date, newest
//! first, each commit after at least one of its children. Where clocks were wrong, git's answer is not even the right set: it stops
//! looking for common history once a few commits in a row gave nothing new, and may list commits that the old tip already has. Forges
//! run git, so this walk does the same. It was held against git 2.47 without a commit-graph file; with one, git may answer otherwise
//! where clocks are wrong. libgit2's own walk, on 1,122 ranges of random histories with wrong clocks, gives git's answer for 95 % of
//! them unsorted and for 30 % sorted by time; this one for all.

use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::Arc,
};

use bstr::ByteSlice as _;
use git2::Oid;

use super::{Error, Repository, objects::Objects};

/// How many commits that the old tip has are looked at after the last that might matter, in case a clock was wrong.
const SLOP: u32 = 5;
/// Most commits that one walk looks at.
const MAX_COMMITS: usize = 1 << 22;

/// Most commits that are remembered from one walk to the next.
const REMEMBERED: usize = 1 << 16;

/// What a walk reads of a commit: its committer date and its parents.
type Read = (i64, Arc<[Oid]>);

/// Commits that walks have read. The walk of one merge goes over much of what that of the next one does: of 7,366 merges of a project with
/// 39,681 commits, 216,451 commits were read, 39,007 of them different.
#[derive(Default)]
pub(super) struct Remembered(RefCell<HashMap<Oid, Read>>);

impl Remembered {
    fn find(&self, id: Oid) -> Option<Read> {
        self.0.borrow().get(&id).cloned()
    }

    fn add(&self, id: Oid, read: Read) {
        let mut commits = self.0.borrow_mut();
        if commits.len() >= REMEMBERED {
            commits.clear();
        }
        commits.insert(id, read);
    }
}

impl Repository {
    /// The ids of the commits that `new` has and `old` has not, as `git rev-list old..new` lists them; all that `new` has if `old` is
    /// `None`. At most `max`.
    ///
    /// # Errors
    /// Unknown revisions, missing objects, more than 4 Mi commits.
    pub fn rev_list(&self, old: Option<&str>, new: &str, max: usize) -> Result<Vec<String>, Error> {
        let resolve = |spec: &str| self.resolve(spec.as_bytes().as_bstr()).map(|named| named.commit.id());
        let (old, new) = (old.map(resolve).transpose()?, resolve(new)?);
        Ok(self.newest(old, new, max)?.iter().map(ToString::to_string).collect())
    }

    /// [`Self::rev_list`] of ids; what any of `old` has is left out.
    pub(super) fn newest(&self, old: impl IntoIterator<Item = Oid>, new: Oid, max: usize) -> Result<Vec<Oid>, Error> {
        let old: Vec<Oid> = old.into_iter().collect();
        let mut walk = Walk {
            objects: self.objects(),
            remembered: &self.walked,
            known: HashMap::new(),
            queue: BinaryHeap::new(),
            queued: 0,
            wanted: 0,
        };
        if old.is_empty() { walk.all(new, max) } else { walk.limited(&old, new, max) }
    }
}

/// What is known of a commit.
#[derive(Default)]
struct Known {
    /// `None` until the commit itself is read: hiding stops there and is taken up when it is.
    parents: Option<Arc<[Oid]>>,
    date: i64,
    queued: bool,
    /// Whether the old tip has it, as far as the walk knows.
    hidden: bool,
    /// Whether it waits in the queue.
    waiting: bool,
}

struct Walk<'r> {
    objects: Objects<'r>,
    remembered: &'r Remembered,
    known: HashMap<Oid, Known>,
    /// By date, newest first, and first come first served.
    queue: BinaryHeap<(i64, Reverse<usize>, Oid)>,
    queued: usize,
    /// How many commits in the queue are not hidden.
    wanted: usize,
}

impl Walk<'_> {
    /// Everything that `new` has.
    fn all(&mut self, new: Oid, max: usize) -> Result<Vec<Oid>, Error> {
        let mut list = Vec::new();
        self.push(new)?;
        while list.len() < max {
            let Some(id) = self.pop() else { break };
            list.push(id);
            for &parent in &*self.parents(id) {
                self.push(parent)?;
            }
        }
        Ok(list)
    }

    /// What `new` has and none of `old` has. Nothing can be given out before the end: a commit may be found to be hidden later.
    fn limited(&mut self, old: &[Oid], new: Oid, max: usize) -> Result<Vec<Oid>, Error> {
        let mut list = Vec::new();
        for &old in old {
            self.read(old)?;
            self.hide(old);
            self.push(old)?;
        }
        self.push(new)?;
        let mut oldest = i64::MAX;
        let mut slop = SLOP;
        while let Some(id) = self.pop() {
            let hidden = self.known.get(&id).is_some_and(|known| known.hidden);
            for &parent in &*self.parents(id) {
                if hidden {
                    self.read(parent)?;
                    self.hide(parent);
                }
                self.push(parent)?;
            }
            if !hidden {
                oldest = self.date(id);
                list.push(id);
                continue;
            }
            let Some(&(next, ..)) = self.queue.peek() else { break };
            slop = if oldest <= next || self.wanted > 0 { SLOP } else { slop - 1 };
            if slop == 0 {
                break;
            }
        }
        list.retain(|id| self.known.get(id).is_none_or(|known| !known.hidden));
        list.truncate(max);
        Ok(list)
    }

    fn pop(&mut self) -> Option<Oid> {
        let (_, _, id) = self.queue.pop()?;
        if let Some(known) = self.known.get_mut(&id) {
            known.waiting = false;
            self.wanted -= usize::from(!known.hidden);
        }
        Some(id)
    }

    /// Puts a commit into the queue, once.
    fn push(&mut self, id: Oid) -> Result<(), Error> {
        self.read(id)?;
        let Some(known) = self.known.get_mut(&id).filter(|known| !known.queued) else { return Ok(()) };
        (known.queued, known.waiting) = (true, true);
        self.wanted += usize::from(!known.hidden);
        self.queue.push((known.date, Reverse(self.queued), id));
        self.queued += 1;
        Ok(())
    }

    /// Reads a commit, once.
    fn read(&mut self, id: Oid) -> Result<(), Error> {
        if self.known.get(&id).is_some_and(|known| known.parents.is_some()) {
            return Ok(());
        }
        if self.known.len() >= MAX_COMMITS {
            return Err(Error::TooLarge { what: "too many commits".to_owned(), limit: MAX_COMMITS.to_string() });
        }
        let (date, parents) = if let Some(read) = self.remembered.find(id) {
            read
        } else {
            let commit = self.objects.commit(id, "the commit")?;
            let read: Read = (commit.time().seconds(), commit.parent_ids().collect());
            self.remembered.add(id, read.clone());
            read
        };
        let known = self.known.entry(id).or_default();
        known.date = date;
        known.parents = Some(parents);
        Ok(())
    }

    /// Hides a commit and, as far as they are read, all those before it.
    fn hide(&mut self, id: Oid) {
        let mut next = vec![id];
        let mut first = true;
        while let Some(id) = next.pop() {
            let known = self.known.entry(id).or_default();
            if known.hidden && !first {
                continue;
            }
            first = false;
            self.wanted -= usize::from(known.waiting && !known.hidden);
            known.hidden = true;
            next.extend(known.parents.iter().flat_map(|parents| parents.iter()));
        }
    }

    fn parents(&self, id: Oid) -> Arc<[Oid]> {
        self.known.get(&id).and_then(|known| known.parents.clone()).unwrap_or_default()
    }

    fn date(&self, id: Oid) -> i64 {
        self.known.get(&id).map_or(0, |known| known.date)
    }
}
