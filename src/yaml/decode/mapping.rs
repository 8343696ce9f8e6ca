//! Maps: into structs and into maps of strings, with duplicate keys and merge keys.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Data, Decode, DecodeErrorKind, Decoder, Dialect, Key, NodeId, Text};
use crate::yaml::resolve::is_merge_key;

/// A pair of a map that is decoded into a struct, or into a map with strings for keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'d> {
    /// The key, decoded.
    pub name: Cow<'d, str>,
    /// The key as it stands in the map, perhaps an alias.
    pub key: NodeId,
    /// The value as it stands in the map, perhaps an alias.
    pub value: NodeId,
}

/// A pair of a decoded map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<K, V> {
    /// The key, decoded.
    pub key: K,
    /// The key as it stands in the map.
    pub node: NodeId,
    /// The value, decoded.
    pub value: V,
}

/// A `map[string]string`, in the order of the document.
pub type StringMap<'d> = Vec<Entry<Cow<'d, str>, Text<'d>>>;

/// The keys that are taken already, while maps are merged into another.
pub(super) type Taken<'d> = HashSet<Key<'d>>;

/// A pair that [`Decoder::pairs_of`] comes by.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    /// The map that the pair is written in.
    map: NodeId,
    /// Whether the decoded key may be there already. Where keys are strings, only an alias, a tag or a merge can bring that about: all else
    /// is caught as a duplicate.
    pub(super) may_repeat: bool,
}

/// What is called with each pair, and with the keys that are taken when the pair comes out of a merge.
type Visit<'v, 'd, 't> = dyn FnMut(&mut Decoder<'d, 't>, Pair, Option<&mut Taken<'d>>) -> Decode<()> + 'v;

impl<'d, 't> Decoder<'d, 't> {
    /// Decodes a struct: calls `field` for each key of the map, the map's own first, then merged ones. `known` names the struct's fields: a
    /// second key for one of these is an error. `field` is called for others, too: the server ignores those and does not decode their values.
    ///
    /// `Some` when the struct is filled; null fills it with nothing.
    pub fn fields(
        &mut self,
        id: NodeId,
        known: &[&str],
        mut field: impl FnMut(&mut Self, Field<'d>) -> Decode<()>,
    ) -> Decode<Option<()>> {
        let mut seen: Vec<(NodeId, Cow<'d, str>)> = Vec::new();
        self.mapping(id, &mut |decoder, pair, taken| {
            let Some(name) = decoder.string_key(pair, taken)? else { return Ok(()) };
            // Only with aliases and tags for keys: a list is long enough.
            if pair.may_repeat && known.contains(&&*name) {
                if seen.iter().any(|(map, seen)| *map == pair.map && *seen == name) {
                    decoder.error(pair.key, DecodeErrorKind::RepeatedField { name: name.into_owned() });
                    return Ok(());
                }
                seen.push((pair.map, name.clone()));
            }
            field(decoder, Field { name, key: pair.key, value: pair.value })
        })
    }

    /// Decodes a `map[string]T`, where `value` decodes a `T`: calls it for each key, the map's own first, then merged ones. When a name comes twice,
    /// which takes aliases, tags or merges, the last one wins.
    ///
    /// `Some` when there is a map; null is an empty one.
    pub fn keyed(
        &mut self,
        id: NodeId,
        mut value: impl FnMut(&mut Self, Field<'d>) -> Decode<()>,
    ) -> Decode<Option<()>> {
        self.mapping(id, &mut |decoder, pair, taken| {
            let Some(name) = decoder.string_key(pair, taken)? else { return Ok(()) };
            value(decoder, Field { name, key: pair.key, value: pair.value })
        })
    }

    /// Decodes a `map[string]string`. Null values are empty strings.
    pub fn string_map(&mut self, id: NodeId) -> Decode<Option<StringMap<'d>>> {
        let mut entries = Entries::default();
        let map = self.string_map_into(id, &mut entries, true)?;
        Ok(map.map(|()| entries.into_vec()))
    }

    /// Decodes a `map[string]string` into one that is there. In one that was made before (not `fresh`), a null value overwrites nothing.
    pub(super) fn string_map_into(
        &mut self,
        id: NodeId,
        entries: &mut Entries<Cow<'d, str>, Text<'d>>,
        fresh: bool,
    ) -> Decode<Option<()>> {
        self.mapping(id, &mut |decoder, pair, taken| {
            let merged = taken.is_some();
            let Some(name) = decoder.string_key(pair, taken)? else { return Ok(()) };
            let value = match decoder.str(pair.value)? {
                Some(text) => text,
                None if decoder.is_null(pair.value) && (fresh && !merged || !entries.contains(&name)) => {
                    let node = decoder.follow(pair.value);
                    let via = (node != pair.value).then_some(pair.value);
                    Text { value: Cow::Borrowed(""), node, via }
                }
                None => return Ok(()),
            };
            entries.put(Entry { key: name, node: pair.key, value }, pair.may_repeat || !fresh);
            Ok(())
        })
    }

    /// Decodes the map `id` pair by pair; what is no map is an error.
    pub(super) fn mapping(&mut self, id: NodeId, visit: &mut Visit<'_, 'd, 't>) -> Decode<Option<()>> {
        self.enter(id, |decoder, id| match &decoder.node(id).data {
            Data::Mapping { .. } => decoder.pairs_of(id, None, visit),
            _ => decoder.not_a_collection(id, "a map"),
        })
    }

    /// Visits the pairs of the map `id`, which is no alias, then those of the maps that it merges. `None` when it has a key twice.
    pub(super) fn pairs_of(
        &mut self,
        id: NodeId,
        taken: Option<&mut Taken<'d>>,
        visit: &mut Visit<'_, 'd, 't>,
    ) -> Decode<Option<()>> {
        let Data::Mapping { pairs, .. } = &self.node(id).data else { return Ok(None) };
        for &(key, _) in pairs {
            self.give_text(self.follow(key));
        }
        if !self.has_unique_keys(pairs) && !self.reads_duplicates {
            return Ok(None);
        }
        let mut merging = if taken.is_none() { self.session.merging.take() } else { None };
        let mut taken = taken.or(merging.as_mut());
        let odd = |&(key, _): &(NodeId, NodeId)| {
            let key = self.node(key);
            key.tag.is_some() || matches!(key.data, Data::Alias(_))
        };
        let may_repeat = taken.is_some() || pairs.iter().any(odd);
        self.nested(id, |decoder| {
            let mut merge = None;
            for &(key, value) in pairs {
                if is_merge_key(decoder.node(key), decoder.dialect) {
                    merge = Some(value);
                } else {
                    visit(decoder, Pair { key, value, map: id, may_repeat }, taken.as_deref_mut())?;
                }
            }
            let Some(merge) = merge else { return Ok(Some(())) };
            let mut own = match taken {
                Some(_) => Taken::new(),
                None => decoder.own_keys(pairs)?,
            };
            decoder.merge(merge, taken.unwrap_or(&mut own), visit)?;
            Ok(Some(()))
        })
        .inspect(|_| self.session.merging = merging)
    }

    /// Visits the pairs of the map or maps that `value`, the value of a merge key, names.
    fn merge(&mut self, value: NodeId, taken: &mut Taken<'d>, visit: &mut Visit<'_, 'd, 't>) -> Decode<()> {
        let is_map = |decoder: &Self, id| matches!(decoder.node(decoder.follow(id)).data, Data::Mapping { .. });
        let mut source = |decoder: &mut Self, id| {
            let mut entered = false;
            let result = if is_map(decoder, id) {
                decoder.enter(id, |decoder, id| {
                    entered = true;
                    decoder.pairs_of(id, Some(taken), visit)
                })
            } else {
                decoder.halt(id, DecodeErrorKind::BadMerge)
            };
            if result.is_err() && !entered {
                decoder.session.merging = Some(std::mem::take(taken));
            }
            result.map(drop)
        };
        // A list of maps is taken as it stands; an alias of one is not.
        if matches!(self.node(value).data, Data::Sequence { .. }) {
            self.items_of(value, &mut source)?;
            return Ok(());
        }
        source(self, value)
    }

    /// The keys of a map that something is merged into, as `any` decodes them.
    fn own_keys(&mut self, pairs: &[(NodeId, NodeId)]) -> Decode<Taken<'d>> {
        // A key that is a map counts as merged, too, until it is found to be no key.
        self.session.merging = Some(Taken::with_capacity(pairs.len()));
        for &(key, _) in pairs {
            let Some(value) = self.value(key)? else { continue };
            let Some(value) = value.into_key() else { return self.unusable_key(key, true) };
            self.session.merging.get_or_insert_default().insert(value);
        }
        Ok(self.session.merging.take().unwrap_or_default())
    }

    /// Decodes the key of `pair` as a string; `None` when it is none or is taken.
    pub(super) fn string_key(&mut self, pair: Pair, taken: Option<&mut Taken<'d>>) -> Decode<Option<Cow<'d, str>>> {
        let Some(Text { value: name, .. }) = self.str(pair.key)? else { return Ok(None) };
        let free = taken.is_none_or(|taken| taken.insert(Key::Str(name.clone())));
        Ok(free.then_some(name))
    }

    /// Whether no key of a map stands there twice; an error for each that does.
    pub(super) fn has_unique_keys(&mut self, pairs: &[(NodeId, NodeId)]) -> bool {
        /// Up to here, comparing all pairs of keys is quicker than hashing them.
        const FEW: usize = 12;
        let mut repeated = Vec::new();
        let written = |key| (std::mem::discriminant(&self.node(key).data), self.raw_text(key));
        if pairs.len() <= FEW {
            for (at, &(key, _)) in pairs.iter().enumerate().skip(1) {
                let first = pairs.iter().take(at).find(|&&(earlier, _)| written(earlier) == written(key));
                repeated.extend(first.map(|&(first, _)| (key, first)));
            }
        } else {
            let mut keys = HashMap::with_capacity(pairs.len());
            for &(key, _) in pairs {
                let first = *keys.entry(written(key)).or_insert(key);
                if first != key {
                    repeated.push((key, first));
                }
            }
        }
        for &(key, first) in &repeated {
            self.error(key, DecodeErrorKind::DuplicateKey { first: self.node(first).span });
        }
        repeated.is_empty()
    }

    /// A list or a map as a key. While maps are merged (`merging`), v3 does not look: Go crashes.
    pub(super) fn unusable_key<R>(&mut self, id: NodeId, merging: bool) -> Decode<R> {
        match self.dialect {
            Dialect::V3 if merging => self.crash(id, DecodeErrorKind::InvalidKey),
            _ => self.halt(id, DecodeErrorKind::InvalidKey),
        }
    }
}

/// Pairs in order, with a key only once.
#[derive(Debug)]
pub(super) struct Entries<K, V> {
    entries: Vec<Entry<K, V>>,
    /// Where each key stands, once that was asked for.
    places: Option<HashMap<K, usize>>,
}

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: None }
    }
}

impl<K: Clone + Eq + std::hash::Hash, V> Entries<K, V> {
    pub(super) fn with_capacity(pairs: usize) -> Self {
        Self { entries: Vec::with_capacity(pairs), places: None }
    }

    /// Adds `entry`. Where its key `may_repeat` an earlier one, it takes the earlier one's place.
    pub(super) fn put(&mut self, entry: Entry<K, V>, may_repeat: bool) {
        let place = if may_repeat { self.places().get(&entry.key).copied() } else { None };
        if let Some(earlier) = place.and_then(|at| self.entries.get_mut(at)) {
            *earlier = entry;
            return;
        }
        if let Some(places) = &mut self.places {
            places.insert(entry.key.clone(), self.entries.len());
        }
        self.entries.push(entry);
    }

    pub(super) fn contains(&mut self, key: &K) -> bool {
        self.places().contains_key(key)
    }

    pub(super) fn into_vec(self) -> Vec<Entry<K, V>> {
        self.entries
    }

    fn places(&mut self) -> &mut HashMap<K, usize> {
        let entries = &self.entries;
        self.places
            .get_or_insert_with(|| entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect())
    }
}
