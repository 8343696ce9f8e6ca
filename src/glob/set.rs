//! Many patterns at once.

use std::collections::HashMap;

use super::pattern::{Engine, Pattern};
use super::scan::Scan;
use super::trie::Trie;

/// Patterns, compiled together: which of them match a path?
///
/// A path can only match an expansion whose literal first bytes it starts with, and whose literal last bytes it ends with; and behind a
/// `**/` at the start, whose literal bytes a segment of it starts with. Three tries find the few expansions for which one of these holds;
/// those are matched for themselves. So the answer is, by construction, that of
/// [`Pattern::is_match`] for each pattern.
#[derive(Clone, Debug)]
pub struct PatternSet {
    patterns: Vec<Pattern>,
    /// The different expansions of the patterns, each with the patterns that have it, ascending.
    scans: Vec<(Scan, Vec<usize>)>,
    /// Expansions by the bytes they start with.
    by_prefix: Trie<Candidate>,
    /// Expansions that begin with `**/`, by the bytes that a segment starts with.
    by_segment: Trie<Candidate>,
    /// The other expansions, by the bytes they end with, from the last one on. Under no bytes: those that can match any path.
    by_suffix: Trie<Candidate>,
    /// The patterns that are not matched by their expansions.
    others: Vec<usize>,
}

/// An expansion, and the last bytes of the paths it matches: most are ruled out by these alone.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    scan: u32,
    tail: Tail,
    mask: u64,
}

/// The last eight bytes of a path; zeros before them if it is shorter.
type Tail = u64;

fn tail(bytes: &[u8]) -> Tail {
    match bytes.last_chunk() {
        Some(last) => u64::from_be_bytes(*last),
        None => bytes.iter().fold(0, |tail, &byte| tail << 8 | u64::from(byte)),
    }
}

impl Candidate {
    fn new(scan: u32, suffix: &[u8]) -> Self {
        let bits = 8 * suffix.len().min(8) as u32;
        Self { scan, tail: tail(suffix), mask: 1_u64.checked_shl(bits).map_or(u64::MAX, |bit| bit - 1) }
    }
}

impl PatternSet {
    /// Compiles `patterns`. Answers name them by their index.
    pub fn new(patterns: impl IntoIterator<Item = Pattern>) -> Self {
        let patterns: Vec<Pattern> = patterns.into_iter().collect();
        let mut scans: Vec<(Scan, Vec<usize>)> = Vec::new();
        let mut known: HashMap<Scan, usize> = HashMap::new();
        let mut others = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let Engine::Scans(expansions) = pattern.engine() else {
                others.push(index);
                continue;
            };
            for scan in expansions {
                let at = *known.entry(scan.clone()).or_insert(scans.len());
                match scans.get_mut(at) {
                    Some((_, owners)) => owners.push(index),
                    None => scans.push((scan.clone(), vec![index])),
                }
            }
        }
        let (mut by_prefix, mut by_segment, mut by_suffix) = (Trie::new(), Trie::new(), Trie::new());
        for (at, (scan, _)) in scans.iter().enumerate() {
            let candidate = Candidate::new(at as u32, scan.suffix());
            if !scan.prefix().is_empty() {
                by_prefix.insert(scan.prefix().iter().copied(), candidate);
            } else if scan.segment().len() > scan.suffix().len() {
                by_segment.insert(scan.segment().iter().copied(), candidate);
            } else {
                by_suffix.insert(scan.suffix().iter().rev().copied(), candidate);
            }
        }
        Self { patterns, scans, by_prefix, by_segment, by_suffix, others }
    }

    /// The patterns, in the order in which they were given.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Makes `matches` the indices of the patterns that match `path`, ascending.
    pub fn matches_into(&self, path: &[u8], matches: &mut Vec<usize>) {
        matches.clear();
        self.each_candidate(path, |scan, owners| {
            if scan.is_match(path) {
                matches.extend_from_slice(owners);
            }
        });
        matches.extend(self.others.iter().copied().filter(|&other| self.patterns[other].is_match(path)));
        matches.sort_unstable();
        matches.dedup();
    }

    /// The index of the first pattern that matches `path`.
    pub fn first_match(&self, path: &[u8]) -> Option<usize> {
        let mut first = usize::MAX;
        self.each_candidate(path, |scan, owners| {
            if owners.first().is_some_and(|&owner| owner < first) && scan.is_match(path) {
                first = owners.first().copied().unwrap_or(first);
            }
        });
        let other = self.others.iter().copied().take_while(|&other| other < first);
        let other = other.into_iter().find(|&other| self.patterns[other].is_match(path));
        other.or((first < usize::MAX).then_some(first))
    }

    /// Whether a pattern matches `path`.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.first_match(path).is_some()
    }

    /// Calls `found` with each expansion that may match `path`, and the patterns that have it.
    #[inline]
    fn each_candidate(&self, path: &[u8], mut found: impl FnMut(&Scan, &[usize])) {
        let tail = tail(path);
        let mut found = |candidates: &[Candidate]| {
            for candidate in candidates.iter().filter(|candidate| tail & candidate.mask == candidate.tail) {
                let (scan, owners) = &self.scans[candidate.scan as usize];
                found(scan, owners);
            }
        };
        self.by_prefix.each_prefix(path.iter().copied(), &mut found);
        if !self.by_segment.is_empty() {
            let starts = std::iter::once(0).chain(memchr::memchr_iter(b'/', path).map(|slash| slash + 1));
            for start in starts {
                self.by_segment.each_prefix(path[start..].iter().copied(), &mut found);
            }
        }
        self.by_suffix.each_prefix(path.iter().rev().copied(), &mut found);
    }
}

impl FromIterator<Pattern> for PatternSet {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Self {
        Self::new(patterns)
    }
}

impl<'t> FromIterator<&'t str> for PatternSet {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        Self::new(texts.into_iter().map(Pattern::parse))
    }
}
