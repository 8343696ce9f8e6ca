//! Which deleted file is which added one, as `git diff --find-renames=N%` sees it; without a number, git's N is 50.
//!
//! First files of the same content, those that kept their name before others. Then, where only one deleted and one added file have a
//! name, these two if they are alike by half of what N leaves to 100 (by 75 % for N = 50). Then of all that are left the most alike,
//! down to N %. How alike two files are is the share of their bytes that stands in common lines, or pieces of 64 bytes where lines are longer.
//! libgit2 has a search of its own, whose measure is another: its answers differ from git's wherever content changed.
//!
//! Bounds, as git has them: beyond 1000 times 1000 candidates only files of the same content count. And one that git has not: so it is
//! if the candidates' content is more than 64 MiB.

use std::collections::HashMap;

use git2::{ObjectType, Oid};

use super::Error;
use super::diff::{Difference, Side};
use super::objects::Objects;
use super::tree::Mode;

/// Of how many deleted times added files the content is compared: git's `diff.renameLimit`, squared.
const MAX_PAIRS: usize = 1000 * 1000;
/// How many bytes of content are read for it.
const MAX_CONTENT: usize = 64 << 20;
/// How many files of one content are tried for a better name.
const MAX_ALIKE: usize = 100;
/// How many deleted files are kept in mind for each added one.
const BEST: usize = 4;
/// Likeness is counted in 60,000ths.
const ALL: u64 = 60_000;

/// The renames in a list of differences.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Places in the list: of the old name, of the new one.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Why only files of the same content were found, if more was to be looked for.
    pub(super) same_content_only: Option<&'static str>,
}

/// Finds the renames in `list`, which is in git's order: files that are alike by `percent`.
pub(super) fn find(objects: &Objects<'_>, list: &[Difference], percent: u8) -> Result<Renames, Error> {
    let mut search = Search::new(list, ALL * u64::from(percent.min(100)) / 100);
    search.same_content();
    search.drop_found();
    let same_content_only =
        if search.too_many() { Some("too many files were added and deleted") } else { search.read(objects)? };
    if same_content_only.is_none() {
        search.same_name();
        search.drop_found();
        search.most_alike();
    }
    Ok(Renames { pairs: search.pairs, same_content_only })
}

/// A file that was deleted or added.
struct Candidate {
    /// Its place in the list.
    at: usize,
    side: Side,
    /// The last part of its path.
    name: Vec<u8>,
    found: bool,
    /// `None` for what is no plain file, and until it is read.
    content: Option<Content>,
}

struct Search {
    deleted: Vec<Candidate>,
    added: Vec<Candidate>,
    pairs: Vec<(usize, usize)>,
    /// How alike two files must be.
    least: u64,
}

impl Search {
    fn new(list: &[Difference], least: u64) -> Self {
        let candidates = |side: fn(&Difference) -> Option<Side>| {
            let of = |(at, difference): (usize, &Difference)| {
                let name = difference.path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
                Some(Candidate { at, side: side(difference)?, name: name.to_vec(), found: false, content: None })
            };
            list.iter().enumerate().filter_map(of).collect()
        };
        Self {
            deleted: candidates(|it| it.old.filter(|_| it.new.is_none())),
            added: candidates(|it| it.new.filter(|_| it.old.is_none())),
            pairs: Vec::new(),
            least,
        }
    }

    fn pair(&mut self, deleted: usize, added: usize) {
        if let (Some(deleted), Some(added)) = (self.deleted.get_mut(deleted), self.added.get_mut(added)) {
            (deleted.found, added.found) = (true, true);
            self.pairs.push((deleted.at, added.at));
        }
    }

    fn same_content(&mut self) {
        let mut by_id: HashMap<Oid, Vec<usize>> = HashMap::new();
        for (at, candidate) in self.deleted.iter().enumerate() {
            by_id.entry(candidate.side.id).or_default().push(at);
        }
        for to in 0..self.added.len() {
            let Some((added, alike)) = self.added.get(to).and_then(|it| Some((it, by_id.get(&it.side.id)?))) else {
                continue;
            };
            let fits = |&&at: &&usize| {
                let deleted = &self.deleted.get(at);
                deleted.is_some_and(|it| {
                    !it.found && (plain(it.side) && plain(added.side) || it.side.mode == added.side.mode)
                })
            };
            let mut first = None;
            let mut named = None;
            for &at in alike.iter().filter(fits).take(MAX_ALIKE) {
                first = first.or(Some(at));
                if self.deleted.get(at).is_some_and(|it| it.name == added.name) {
                    named = Some(at);
                    break;
                }
            }
            if let Some(from) = named.or(first) {
                self.pair(from, to);
            }
        }
    }

    fn drop_found(&mut self) {
        self.deleted.retain(|it| !it.found);
        self.added.retain(|it| !it.found);
    }

    fn too_many(&self) -> bool {
        self.deleted.len().saturating_mul(self.added.len()) > MAX_PAIRS
    }

    /// Reads the content of what is left; says why not, if it cannot.
    fn read(&mut self, objects: &Objects<'_>) -> Result<Option<&'static str>, Error> {
        if self.deleted.is_empty() || self.added.is_empty() {
            return Ok(None);
        }
        let odb = objects.odb()?;
        let mut bytes = 0_usize;
        for candidate in self.deleted.iter_mut().chain(&mut self.added).filter(|it| plain(it.side)) {
            let id = candidate.side.id;
            let size = objects.size(&odb, id, "a renamed file");
            bytes = match size {
                Ok(size) => bytes.saturating_add(size),
                // Partial clones have no blobs.
                Err(Error::MissingObject { .. }) => return Ok(Some("the content of some files is not in this clone")),
                Err(error) => return Err(error),
            };
            if bytes > MAX_CONTENT {
                return Ok(Some("the files that were added and deleted are too large"));
            }
            candidate.content = Some(Content::of(objects.read(&odb, id, ObjectType::Blob, "a renamed file")?.data()));
        }
        Ok(None)
    }

    /// Pairs of which each side is the only one with its name.
    fn same_name(&mut self) {
        let unique = |candidates: &[Candidate]| {
            let mut places: HashMap<Vec<u8>, Option<usize>> = HashMap::new();
            for (at, candidate) in candidates.iter().enumerate() {
                places.entry(candidate.name.clone()).and_modify(|place| *place = None).or_insert(Some(at));
            }
            places
        };
        let least = self.least + (ALL - self.least) / 2;
        let (deleted, added) = (unique(&self.deleted), unique(&self.added));
        let mut pairs: Vec<(usize, usize)> = deleted
            .iter()
            .filter_map(|(name, from)| Some(((*from)?, (*added.get(name)?)?)))
            .filter(|&(from, to)| self.likeness(from, to, least) >= least)
            .collect();
        pairs.sort_unstable();
        for (from, to) in pairs {
            self.pair(from, to);
        }
    }

    fn most_alike(&mut self) {
        let mut best = Vec::new();
        for to in 0..self.added.len() {
            let mut own: Vec<Score> = Vec::new();
            for from in 0..self.deleted.len() {
                let likeness = self.likeness(from, to, self.least);
                if likeness < self.least {
                    continue;
                }
                let same_name = self.deleted.get(from).map(|it| &it.name) == self.added.get(to).map(|it| &it.name);
                let score = Score { likeness, same_name, from, to };
                if own.len() < BEST {
                    own.push(score);
                    continue;
                }
                // The worst makes room; of several, the first.
                let worst = (1..own.len()).fold(0, |worst, at| {
                    if own.get(at).map(Score::rank) < own.get(worst).map(Score::rank) { at } else { worst }
                });
                if let Some(worst) = own.get_mut(worst).filter(|worst| worst.rank() < score.rank()) {
                    *worst = score;
                }
            }
            best.extend(own);
        }
        // Stable: of equals, the earlier.
        best.sort_by_key(|score| std::cmp::Reverse(score.rank()));
        for Score { from, to, .. } in best {
            let free = |candidates: &[Candidate], at: usize| candidates.get(at).is_some_and(|it| !it.found);
            if free(&self.deleted, from) && free(&self.added, to) {
                self.pair(from, to);
            }
        }
    }

    /// How alike two files are; may be 0 if that is less than `least`.
    fn likeness(&self, from: usize, to: usize, least: u64) -> u64 {
        let from = self.deleted.get(from).and_then(|it| it.content.as_ref());
        let to = self.added.get(to).and_then(|it| it.content.as_ref());
        from.zip(to).map_or(0, |(from, to)| from.likeness(to, least))
    }
}

#[derive(Clone, Copy)]
struct Score {
    likeness: u64,
    same_name: bool,
    from: usize,
    to: usize,
}

impl Score {
    fn rank(&self) -> (u64, bool) {
        (self.likeness, self.same_name)
    }
}

fn plain(side: Side) -> bool {
    matches!(side.mode, Mode::File | Mode::Executable)
}

/// A file's content, as far as likeness goes.
struct Content {
    size: u64,
    /// Of each different piece its hash, and how many bytes all of its kind have. Sorted.
    pieces: Vec<(u64, u64)>,
}

impl Content {
    fn of(bytes: &[u8]) -> Self {
        let text = !bytes.iter().take(8000).any(|&byte| byte == 0);
        let mut pieces = Vec::new();
        let mut hasher = Fnv::default();
        let mut length = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            // Line ends of either kind are alike.
            if text && byte == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            hasher.write(byte);
            length += 1;
            if byte == b'\n' || length == 64 {
                pieces.push((hasher.0, length));
                (hasher, length) = (Fnv::default(), 0);
            }
        }
        if length > 0 {
            pieces.push((hasher.0, length));
        }
        pieces.sort_unstable();
        pieces.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        Self { size: bytes.len() as u64, pieces }
    }

    /// The share of the larger one that is in both, in 60,000ths.
    fn likeness(&self, new: &Self, least: u64) -> u64 {
        let (larger, smaller) = (self.size.max(new.size), self.size.min(new.size));
        if larger == 0 || new.size == 0 || larger * (ALL - least) < (larger - smaller) * ALL {
            return 0;
        }
        let mut theirs = new.pieces.iter().peekable();
        let mut common = 0;
        for (hash, bytes) in &self.pieces {
            while theirs.next_if(|(other, _)| other < hash).is_some() {}
            if let Some((_, others)) = theirs.next_if(|(other, _)| other == hash) {
                common += bytes.min(others);
            }
        }
        common * ALL / larger
    }
}

/// A 64-bit FNV-1a hash: the same on every machine.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
}
