//! `any`: values of whatever type the document gives them.

use std::borrow::Cow;

use super::mapping::{Entries, Pair, Taken};
use super::scalar::into_string;
use super::{Data, Decode, Decoder, Dialect, Entry, NodeId};
use crate::yaml::resolve::{Resolved, is_string_key};

/// A node decoded into `any`.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'d> {
    /// The node it was read from, no alias.
    pub node: NodeId,
    /// The alias that it was read through, if any.
    pub via: Option<NodeId>,
    /// The value.
    pub data: ValueData<'d>,
}

/// What `any` holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueData<'d> {
    /// `nil`
    Null,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `uint64`, above `i64::MAX`.
    Uint(u64),
    /// `float64`
    Float(f64),
    /// `time.Time`, as it is written.
    Timestamp(&'d str),
    /// `string`
    Str(Cow<'d, str>),
    /// `[]any`
    List(Vec<Value<'d>>),
    /// `map[string]any` or `map[any]any`.
    Map(Map<'d>),
}

/// A map decoded into `any`, merges done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map<'d> {
    /// Whether it is a `map[string]any`: all the map's own keys are strings or merge keys. Else it is a `map[any]any`, which much of the
    /// server refuses.
    pub strings: bool,
    /// The pairs: the map's own in order, then merged ones.
    pub entries: Vec<Entry<Key<'d>, Value<'d>>>,
}

/// A key of a map, as `any` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key<'d> {
    /// `nil`
    Null,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `uint64`
    Uint(u64),
    /// `float64`, as its bits; both zeros are the same.
    Float(u64),
    /// `time.Time`, as it is written.
    Timestamp(&'d str),
    /// `string`
    Str(Cow<'d, str>),
}

impl<'d> Value<'d> {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            ValueData::Str(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, as a phrase.
    pub fn describe(&self) -> &'static str {
        match &self.data {
            ValueData::Null => "null",
            ValueData::Bool(_) => "a bool",
            ValueData::Int(_) | ValueData::Uint(_) => "an int",
            ValueData::Float(_) => "a float",
            ValueData::Timestamp(_) => "a timestamp",
            ValueData::Str(_) => "a string",
            ValueData::List(_) => "a list",
            ValueData::Map(_) => "a map",
        }
    }

    /// The value as a key; lists and maps are none.
    pub(super) fn into_key(self) -> Option<Key<'d>> {
        Some(match self.data {
            ValueData::Null => Key::Null,
            ValueData::Bool(value) => Key::Bool(value),
            ValueData::Int(value) => Key::Int(value),
            ValueData::Uint(value) => Key::Uint(value),
            ValueData::Float(value) => Key::Float(if value == 0.0 { 0 } else { value.to_bits() }),
            ValueData::Timestamp(text) => Key::Timestamp(text),
            ValueData::Str(text) => Key::Str(text),
            ValueData::List(_) | ValueData::Map(_) => return None,
        })
    }
}

impl<'d> Map<'d> {
    /// The value of a key that is a string.
    pub fn get(&self, name: &str) -> Option<&Value<'d>> {
        let entry = self.entries.iter().find(|entry| matches!(&entry.key, Key::Str(key) if key == name))?;
        Some(&entry.value)
    }
}

impl<'d> Decoder<'d, '_> {
    /// Decodes an `any`.
    pub fn value(&mut self, id: NodeId) -> Decode<Option<Value<'d>>> {
        self.enter(id, |decoder, node| {
            let via = (id != node).then_some(id);
            Ok(decoder.value_data(node)?.map(|data| Value { node, via, data }))
        })
    }

    /// Decodes an `[]any`.
    pub fn values(&mut self, id: NodeId) -> Decode<Option<Vec<Value<'d>>>> {
        self.enter(id, Self::values_of)
    }

    /// Decodes a `map[string]any`.
    pub fn map(&mut self, id: NodeId) -> Decode<Option<Map<'d>>> {
        let mut entries = Entries::default();
        let map = self.mapping(id, &mut |decoder, pair, taken| decoder.map_pair(pair, taken, true, &mut entries))?;
        Ok(map.map(|()| Map { strings: true, entries: entries.into_vec() }))
    }

    fn value_data(&mut self, id: NodeId) -> Decode<Option<ValueData<'d>>> {
        let pairs = match &self.node(id).data {
            Data::Sequence { .. } => return Ok(self.values_of(id)?.map(ValueData::List)),
            Data::Mapping { pairs, .. } => pairs,
            Data::Scalar { .. } | Data::Alias(_) => return self.scalar_data(id),
        };
        let strings = pairs.iter().all(|&(key, _)| is_string_key(self.node(self.follow(key)), self.dialect));
        let mut entries = Entries::with_capacity(pairs.len());
        let map =
            self.pairs_of(id, None, &mut |decoder, pair, taken| decoder.map_pair(pair, taken, strings, &mut entries))?;
        Ok(map.map(|()| ValueData::Map(Map { strings, entries: entries.into_vec() })))
    }

    fn scalar_data(&mut self, id: NodeId) -> Decode<Option<ValueData<'d>>> {
        let text = self.raw_text(id);
        Ok(Some(match self.resolved(id)? {
            Resolved::Null => ValueData::Null,
            Resolved::Bool(value) => ValueData::Bool(value),
            Resolved::Int(value) => ValueData::Int(value),
            Resolved::Uint(value) => ValueData::Uint(value),
            Resolved::Float(value) => ValueData::Float(value),
            Resolved::Timestamp => ValueData::Timestamp(text),
            Resolved::Binary(bytes) => ValueData::Str(Cow::Owned(into_string(bytes))),
            Resolved::Merge if self.dialect == Dialect::V4 => return Ok(None),
            Resolved::Str | Resolved::Custom | Resolved::Merge => ValueData::Str(Cow::Borrowed(text)),
        }))
    }

    fn values_of(&mut self, id: NodeId) -> Decode<Option<Vec<Value<'d>>>> {
        let items = if let Data::Sequence { items, .. } = &self.node(id).data { items.len() } else { 0 };
        let mut values = Vec::with_capacity(items);
        let list = self.items_of(id, &mut |decoder, item| {
            if let Some(mut value) = decoder.value(item)? {
                value.via = value.via.or(decoder.trail.last().copied());
                values.push(value);
            }
            Ok(())
        })?;
        Ok(list.map(|()| values))
    }

    /// Decodes one pair of a map; `strings` tells the type of the keys.
    fn map_pair(
        &mut self,
        pair: Pair,
        taken: Option<&mut Taken<'d>>,
        strings: bool,
        entries: &mut Entries<Key<'d>, Value<'d>>,
    ) -> Decode<()> {
        let key = if strings {
            self.string_key(pair, taken)?.map(Key::Str)
        } else {
            let Some(key) = self.value(pair.key)? else { return Ok(()) };
            let Some(key) = key.into_key() else { return self.unusable_key(pair.key, taken.is_some()) };
            let free = taken.is_none_or(|taken| taken.insert(key.clone()));
            free.then_some(key)
        };
        let Some(key) = key else { return Ok(()) };
        if let Some(value) = self.value(pair.value)? {
            let may_repeat = pair.may_repeat || !strings;
            entries.put(Entry { key, node: pair.key, value }, may_repeat);
        }
        Ok(())
    }
}
