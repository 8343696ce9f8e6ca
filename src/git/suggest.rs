//! Names near one that does not exist.

use bstr::{BString, ByteSlice as _};

use super::Repository;
use crate::text::distance;

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
            if name.len() > MAX_NAME {
                continue;
            }
            let found = if last == spec {
                Some(0)
            } else {
                distance(&spec.to_ascii_lowercase(), &name.to_ascii_lowercase(), allowed)
            };
            near.extend(found.map(|slips| (slips, BString::from(name))));
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
