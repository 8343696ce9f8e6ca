//! Some patterns, of which any will do.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use super::pattern::Pattern;

/// Patterns, sorted by their texts, each text once: what matches is what at least one of them matches.
///
/// A clone shares the patterns with what it was cloned from, and they share what they were compiled to; two are equal if their texts are.
#[derive(Clone)]
pub struct AnyOf(Arc<Shared>);

struct Shared {
    patterns: Box<[Pattern]>,
    /// Of the texts: proofs look the same lists up over and over.
    hash: u64,
}

impl AnyOf {
    /// Whether one of them matches `path` for the server.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.iter().any(|pattern| pattern.is_match(path))
    }

    /// Those that are not among `others`.
    #[must_use]
    pub fn minus(&self, others: &Self) -> Self {
        let is_other = |pattern: &Pattern| others.binary_search(pattern).is_ok();
        if self.iter().any(is_other) {
            self.iter().filter(|pattern| !is_other(pattern)).cloned().collect()
        } else {
            self.clone()
        }
    }

    /// Their texts, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.iter().map(Pattern::text)
    }
}

impl Deref for AnyOf {
    type Target = [Pattern];

    fn deref(&self) -> &[Pattern] {
        &self.0.patterns
    }
}

impl FromIterator<Pattern> for AnyOf {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Self {
        let mut patterns: Vec<Pattern> = patterns.into_iter().collect();
        patterns.sort_unstable();
        patterns.dedup();
        let mut hasher = DefaultHasher::new();
        patterns.hash(&mut hasher);
        Self(Arc::new(Shared { patterns: patterns.into(), hash: hasher.finish() }))
    }
}

impl<'p> FromIterator<&'p str> for AnyOf {
    fn from_iter<I: IntoIterator<Item = &'p str>>(texts: I) -> Self {
        texts.into_iter().map(Pattern::parse).collect()
    }
}

impl PartialEq for AnyOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.hash == other.0.hash && **self == **other
    }
}

impl Eq for AnyOf {}

impl Hash for AnyOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl PartialOrd for AnyOf {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for AnyOf {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { (**self).cmp(&**other) }
    }
}

impl fmt::Debug for AnyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.texts()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_by_the_texts_whatever_their_order() {
        let any = |texts: &[&'static str]| -> AnyOf { texts.iter().copied().collect() };
        let (one, same, other) = (any(&["b", "a", "b"]), any(&["a", "b"]), any(&["a", "c"]));
        assert_eq!(one.texts().collect::<Vec<&str>>(), ["a", "b"]);
        assert_eq!((&one, one.cmp(&same)), (&same, Ordering::Equal));
        assert_eq!((one == other, one.cmp(&other)), (false, Ordering::Less));
        assert_eq!((one.minus(&other), one.minus(&any(&["x"]))), (any(&["b"]), one.clone()));
        assert!(one.is_match(b"b") && !one.is_match(b"c") && !any(&[]).is_match(b""));
    }
}
