//! Many patterns at once.

use super::pattern::{Engine, Pattern};
use super::scan::Scan;
use super::trie::Trie;

/// Patterns, compiled together: which of them match a path?
///
/// A path can only match an expansion whose literal first bytes it starts with, and whose literal last bytes it ends with. Two tries find
/// the few expansions for which one of these holds; those are matched for themselves. So the answer is, by construction, that of
/// [`Pattern::is_match`] for each pattern.
#[derive(Clone, Debug)]
pub struct PatternSet {
    patterns: Vec<Pattern>,
    /// The expansions of the patterns that are matched so.
    scans: Vec<(usize, Scan)>,
    /// Expansions by the bytes they start with.
    by_prefix: Trie,
    /// The other expansions, by the bytes they end with, from the last one on. Under no bytes: those that can match any path.
    by_suffix: Trie,
    /// The patterns that are not matched by their expansions.
    others: Vec<usize>,
}

impl PatternSet {
    /// Compiles `patterns`. Answers name them by their index.
    pub fn new(patterns: impl IntoIterator<Item = Pattern>) -> Self {
        let patterns: Vec<Pattern> = patterns.into_iter().collect();
        let mut set = Self { patterns, scans: Vec::new(), by_prefix: Trie::new(), by_suffix: Trie::new(), others: Vec::new() };
        for (index, pattern) in set.patterns.iter().enumerate() {
            let Engine::Scans(scans) = pattern.engine() else {
                set.others.push(index);
                continue;
            };
            for scan in scans {
                let value = set.scans.len() as u32;
                if scan.prefix().is_empty() {
                    set.by_suffix.insert(scan.suffix().iter().rev().copied(), value);
                } else {
                    set.by_prefix.insert(scan.prefix().iter().copied(), value);
                }
                set.scans.push((index, scan.clone()));
            }
        }
        set
    }

    /// The patterns, in the order in which they were given.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Makes `matches` the indices of the patterns that match `path`, ascending.
    pub fn matches_into(&self, path: &[u8], matches: &mut Vec<usize>) {
        matches.clear();
        self.each_candidate(path, |pattern, scan| {
            if scan.is_match(path) {
                matches.push(pattern);
            }
        });
        matches.extend(self.others.iter().copied().filter(|&other| self.patterns[other].is_match(path)));
        matches.sort_unstable();
        matches.dedup();
    }

    /// The index of the first pattern that matches `path`.
    pub fn first_match(&self, path: &[u8]) -> Option<usize> {
        let mut first = usize::MAX;
        self.each_candidate(path, |pattern, scan| {
            if pattern < first && scan.is_match(path) {
                first = pattern;
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

    /// Calls `found` with the expansions that may match `path`, and their patterns.
    #[inline]
    fn each_candidate(&self, path: &[u8], mut found: impl FnMut(usize, &Scan)) {
        let mut found = |values: &[u32]| {
            for &value in values {
                let (pattern, scan) = &self.scans[value as usize];
                found(*pattern, scan);
            }
        };
        self.by_prefix.each_prefix(path.iter().copied(), &mut found);
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
