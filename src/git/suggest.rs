//! Names near one that does not exist.

use bstr::{BString, ByteSlice as _};

use super::Repository;

/// Most references that are looked at.
const MAX_NAMES: usize = 10_000;
/// Longest name, in bytes, that is compared.
const MAX_NAME: usize = 128;

impl Repository {
    /// Up to three branches and tags whose names are near `spec`: the same name on a remote first, then those a few slips away, the
    /// nearest first. Never fails: a suggestion is a courtesy.
    pub(super) fn near(&self, spec: &[u8]) -> Vec<BString> {
        let Ok(references) = self.inner.references() else { return Vec::new() };
        if spec.is_empty() || spec.len() > MAX_NAME {
            return Vec::new();
        }
        let allowed = spec.len().div_ceil(4).min(3);
        let mut near = Vec::new();
        for reference in references.flatten().take(MAX_NAMES) {
            let Some((name, last)) = short_names(reference.name_bytes()) else { continue };
            let distance = if last == spec { 0 } else { distance(spec, name) };
            if distance <= allowed && name.len() <= MAX_NAME {
                near.push((distance, BString::from(name)));
            }
        }
        near.sort();
        near.dedup();
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }
}

/// The short name of a reference, and the name that it has on its remote, if it is one.
fn short_names(reference: &[u8]) -> Option<(&[u8], &[u8])> {
    for prefix in [&b"refs/heads/"[..], b"refs/tags/"] {
        if let Some(name) = reference.strip_prefix(prefix) {
            return Some((name, name));
        }
    }
    let name = reference.strip_prefix(b"refs/remotes/")?;
    Some((name, name.split_once_str("/").map_or(name, |(_, branch)| branch)))
}

/// Insertions, deletions and replacements of a byte, and swaps of two neighbours, that turn `a` into `b`; ASCII case does not count.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let same = |x: Option<&u8>, y: Option<&u8>| x.zip(y).is_some_and(|(x, y)| x.eq_ignore_ascii_case(y));
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let left = row.last().copied().unwrap_or(i);
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let replaced = cell(&above, j - 1) + usize::from(!same(a.get(i - 1), b.get(j - 1)));
            let mut best = replaced.min(left + 1).min(cell(&above, j) + 1);
            if i > 1 && j > 1 && same(a.get(i - 1), b.get(j - 2)) && same(a.get(i - 2), b.get(j - 1)) {
                best = best.min(cell(&before, j - 2) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, slips) in
            [("main", "main", 0), ("mian", "main", 1), ("Main", "main", 0), ("man", "main", 1), ("", "abc", 3)]
        {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), slips, "{a} {b}");
            assert_eq!(distance(b.as_bytes(), a.as_bytes()), slips, "{b} {a}");
        }
        assert_eq!(distance(b"kitten", b"sitting"), 3);
        assert!(distance(b"a", b"abcdefgh") > 3);
    }
}
