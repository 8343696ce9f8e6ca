//! When globs last matched a file, and where the files went: back along the first parents, once for all globs.

use std::collections::{BTreeMap, HashMap, HashSet};

use bstr::BString;
use git2::Oid;

use super::diff::{Difference, changed_paths, differences};
use super::{Error, Location, Repository, renames};
use crate::calendar;
use crate::glob::{Pattern, PatternSet};
use crate::lint::{Departure, LastMatch, Past};
use crate::text::to_server_string;

/// Most commits that are looked at.
const MAX_COMMITS: usize = 10_000;
/// Most bytes of paths that were removed, over all commits.
const MAX_BYTES: usize = 64 << 20;
/// How alike two files are to be one that was renamed, in percent: git's own default.
const LIKENESS: u8 = 50;
/// How often a file is followed that went on.
const MAX_HOPS: usize = 16;
/// Most commits in which renames are looked for.
const MAX_RENAMING: usize = 256;

/// The past of the repository at some place, which is opened when it is asked.
#[derive(Clone, Debug)]
pub struct PastCommits {
    location: Location,
}

impl PastCommits {
    /// The past of the repository at `location`.
    pub fn new(location: Location) -> Self {
        Self { location }
    }
}

impl Past for PastCommits {
    fn last_matches(&self, globs: &[Pattern]) -> Vec<LastMatch> {
        let found = Repository::open(&self.location).and_then(|repository| repository.last_matches(globs));
        // A clone without some objects can be linted like others.
        found.unwrap_or_else(|_| vec![LastMatch::Unknown; globs.len()])
    }
}

impl Repository {
    /// When each of `globs` last matched a file in the history of HEAD, by first parents. Looks at most at 10,000 commits, and at 64 MiB of
    /// removed paths.
    ///
    /// # Errors
    /// An unreadable HEAD, missing objects, trees beyond the room's limits.
    pub fn last_matches(&self, globs: &[Pattern]) -> Result<Vec<LastMatch>, Error> {
        let mut found = vec![LastMatch::Never; globs.len()];
        let Ok(head) = self.inner.head().and_then(|head| head.peel_to_commit()) else { return Ok(found) };
        let files: HashSet<BString> = changed_paths(&self.objects(), None, Some(head.tree_id()))?.into_iter().collect();
        let mut walk = Walk { repository: self, files, gone: HashMap::new(), renames: BTreeMap::new() };
        let mut open: Vec<usize> = Vec::new();
        for (at, glob) in globs.iter().enumerate() {
            let path = walk.files.iter().filter(|path| glob.is_match(path)).min();
            match path {
                Some(path) => found[at] = LastMatch::InHead { path: to_server_string(path) },
                None => open.push(at),
            }
        }
        let departures = walk.back(head.id(), globs, &mut open, &mut found)?;
        for (at, departure) in departures {
            found[at] = LastMatch::Until(walk.departure(&departure)?);
        }
        Ok(found)
    }
}

/// A commit that removed files, and how far back it is.
#[derive(Clone, Copy, Debug)]
struct Removal {
    back: usize,
    commit: Oid,
}

struct Walk<'r> {
    repository: &'r Repository,
    /// What HEAD has.
    files: HashSet<BString>,
    /// The newest removal of each path.
    gone: HashMap<BString, Removal>,
    /// Of the commits that were looked at so: from old paths to new ones.
    renames: BTreeMap<Oid, HashMap<BString, BString>>,
}

/// The last files that a glob matched, and what removed them.
struct Lost {
    removal: Removal,
    paths: Vec<BString>,
}

impl Walk<'_> {
    /// Goes back from `head` until each of the `open` globs has matched a file that was removed. What is still open at the end gets its answer.
    fn back(
        &mut self,
        head: Oid,
        globs: &[Pattern],
        open: &mut Vec<usize>,
        found: &mut [LastMatch],
    ) -> Result<Vec<(usize, Lost)>, Error> {
        let objects = self.repository.objects();
        let set = |open: &[usize]| open.iter().map(|&at| globs[at].clone()).collect::<PatternSet>();
        let (mut wanted, mut matches, mut lost) = (set(open), Vec::new(), Vec::new());
        let (mut commit, mut back, mut bytes) = (objects.commit(head, "the commit")?, 0, 0);
        let shallow = loop {
            if open.is_empty() {
                return Ok(lost);
            }
            let Some(parent) = commit.parent_ids().next() else {
                if objects.cut_off(commit.id())?.is_none() {
                    // The first commit of all.
                    return Ok(lost);
                }
                break true;
            };
            if back + 1 >= MAX_COMMITS || bytes > MAX_BYTES {
                break false;
            }
            let parent = objects.commit(parent, "the parent commit")?;
            let removal = Removal { back, commit: commit.id() };
            let mut here: BTreeMap<usize, Vec<BString>> = BTreeMap::new();
            let changed = differences(&objects, Some(parent.tree_id()), Some(commit.tree_id()))?;
            for Difference { path, .. } in changed.into_iter().filter(|it| it.new.is_none()) {
                wanted.matches_into(&path, &mut matches);
                for &which in &matches {
                    here.entry(open[which]).or_default().push(path.clone());
                }
                bytes += path.len();
                self.gone.entry(path).or_insert(removal);
            }
            if !here.is_empty() {
                open.retain(|at| !here.contains_key(at));
                wanted = set(open);
                lost.extend(here.into_iter().map(|(at, paths)| (at, Lost { removal, paths })));
            }
            (commit, back) = (parent, back + 1);
        };
        for &at in open.iter() {
            found[at] = LastMatch::Before { commits: back + 1, shallow };
        }
        Ok(lost)
    }

    fn departure(&mut self, lost: &Lost) -> Result<Departure, Error> {
        let commit = self.repository.objects().commit(lost.removal.commit, "the commit")?;
        let mut moves = Vec::new();
        for path in &lost.paths {
            if let Some(now) = self.place_now(path, lost.removal)? {
                moves.push((to_server_string(path), to_server_string(&now)));
            }
        }
        let id = commit.id().to_string();
        Ok(Departure {
            commit: id.get(..10).unwrap_or(&id).to_owned(),
            date: calendar::day(commit.time().seconds()),
            path: lost.paths.first().map(|path| to_server_string(path)).unwrap_or_default(),
            moves,
        })
    }

    /// Where the file at `path`, which `removal` removed, is in HEAD.
    fn place_now(&mut self, path: &BString, mut removal: Removal) -> Result<Option<BString>, Error> {
        let mut path = path.clone();
        for _ in 0..MAX_HOPS {
            let Some(next) = self.renamed(removal.commit, &path)? else { return Ok(None) };
            if self.files.contains(&next) {
                return Ok(Some(next));
            }
            // It went on, in a newer commit.
            let Some(&later) = self.gone.get(&next).filter(|later| later.back < removal.back) else { return Ok(None) };
            (path, removal) = (next, later);
        }
        Ok(None)
    }

    /// What the commit `id` renamed `path` to.
    fn renamed(&mut self, id: Oid, path: &BString) -> Result<Option<BString>, Error> {
        if !self.renames.contains_key(&id) {
            if self.renames.len() >= MAX_RENAMING {
                return Ok(None);
            }
            let renames = self.renames_of(id)?;
            self.renames.insert(id, renames);
        }
        Ok(self.renames.get(&id).and_then(|renames| renames.get(path)).cloned())
    }

    fn renames_of(&self, id: Oid) -> Result<HashMap<BString, BString>, Error> {
        let objects = self.repository.objects();
        let commit = objects.commit(id, "the commit")?;
        let parent = commit.parent_ids().next().map(|id| objects.commit(id, "the parent commit")).transpose()?;
        let list = differences(&objects, parent.map(|parent| parent.tree_id()), Some(commit.tree_id()))?;
        let path = |at: usize| list.get(at).map(|difference| difference.path.clone());
        Ok(renames::find(&objects, &list, LIKENESS)?
            .pairs
            .into_iter()
            .filter_map(|(old, new)| path(old).zip(path(new)))
            .collect())
    }
}
