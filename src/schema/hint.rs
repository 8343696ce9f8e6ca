//! What to say about a key that a map does not know.

use super::finding::Kind;
use super::rule::{Kinds, Object, Rule};
use super::value::Entry;
use crate::server::Version;
use crate::text::nearest;

/// The help for a key that works all the same.
pub(super) const UNLISTED: &str = "the server reads it all the same: only its schema does not list it";

/// What one map knows about its unknown keys, worked out once for all of them.
pub(super) struct Hints {
    object: &'static Object,
    server: Version,
    /// Keys that the map, or one of the maps that it might have been meant for, knows and does not have.
    absent: Vec<&'static str>,
    /// The other maps that it might have been meant for, each with the first key of this map that is none of the other's.
    others: Vec<(&'static Object, Option<&'static str>)>,
}

impl Hints {
    /// The hints for a map of `entries` that is taken for an `object` out of `alternatives`.
    pub(super) fn new(
        object: &'static Object,
        alternatives: &'static [Rule],
        entries: &[Entry<'_>],
        server: Version,
    ) -> Self {
        let mut absent: Vec<&'static str> = Vec::new();
        let mut others: Vec<(&'static Object, Option<&'static str>)> = Vec::new();
        for rule in alternatives {
            if let Rule::Object(other) = rule.plain(server)
                && !std::ptr::eq(other, object)
            {
                others.push((other, None));
            }
        }
        let known = object.keys.iter().chain(others.iter().flat_map(|(other, _)| other.keys));
        for key in known.filter(|key| key.listed.contain(server)) {
            if !absent.contains(&key.name) {
                absent.push(key.name);
            }
        }
        for entry in entries {
            absent.retain(|name| *name != entry.key);
            let Some(key) = object.key(&entry.key, server) else { continue };
            for (other, beside) in &mut others {
                if beside.is_none() && other.key(&entry.key, server).is_none() {
                    *beside = Some(key.name);
                }
            }
        }
        Self { object, server, absent, others }
    }

    /// What to say about `key`, unknown, with a value of the kind `found`.
    pub(super) fn unknown_key(&self, key: &str, found: Kinds) -> Kind {
        let other = self.others.iter().find(|(other, _)| other.key(key, self.server).is_some());
        let beside = other.and_then(|(_, beside)| *beside);
        let note = self.object.note(key, found, self.server);
        let mut objects = std::iter::once(self.object).chain(self.others.iter().map(|(other, _)| *other));
        let newer = objects.find_map(|object| object.newer(key, self.server)).filter(|_| other.is_none());
        let note = note.or(newer.filter(|key| key.read_before).map(|_| UNLISTED));
        let since = newer.and_then(|key| key.listed.since);
        let suggestion = match (other, note.map(drop).or(since.map(drop))) {
            (None, None) => nearest(key, self.absent.iter().copied()),
            (None, Some(())) => self.object.successor(key).filter(|successor| self.absent.contains(successor)),
            _ => None,
        };
        Kind::UnknownKey { key: key.to_owned(), suggestion, beside, note, since }
    }
}
