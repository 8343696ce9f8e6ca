//! The document as the schema sees it: JSON, with spans.
//!
//! The server decodes the raw text into Go's `any` (the yaml room does that), writes that out as YAML and turns this into JSON with
//! 6543/go-yaml2json (v2.0.0; v1.0.0 before server 3.16). What changes on that way: keys become strings as Go prints them (`1.20` is `1.2`, null is `<nil>`), dates become
//! strings, and `.inf`, `.nan` and values more than [`MAX_DEPTH`] levels deep cannot be converted at all; nor could v1.0.0 convert whole numbers
//! from 2^63 on.

use std::borrow::Cow;
use std::collections::HashMap;

use super::key;
use super::rule::Kinds;
use crate::source::Span;
use crate::yaml::{self, Dialect, Document, NodeId, ValueData};

/// The deepest level that a value may stand at; the root is at 0. The converter's limit.
const MAX_DEPTH: u32 = 99;

#[derive(Debug)]
pub(super) struct Value<'d> {
    /// The bytes of the value where it is written; for one that an alias stands for, where the anchor is.
    pub(super) span: Span,
    pub(super) data: Data<'d>,
}

#[derive(Debug)]
pub(super) enum Data<'d> {
    Null,
    Bool(bool),
    Number(f64),
    String(Cow<'d, str>),
    List(Vec<Value<'d>>),
    Map(Vec<Entry<'d>>),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry<'d> {
    pub(super) key: Cow<'d, str>,
    pub(super) key_span: Span,
    pub(super) value: Value<'d>,
}

impl<'d> Value<'d> {
    /// The value of a document. `None` when the server cannot decode or convert it, and so checks nothing.
    pub(super) fn of(document: &'d Document<'_>, dialect: Dialect) -> Option<Self> {
        let Some(root) = document.root() else { return Some(Self { span: Span::at(0), data: Data::Null }) };
        let mut decoder = yaml::Decoder::new(document, dialect).ok()?;
        let value = decoder.value(root).ok()?;
        if !decoder.errors().is_empty() {
            return None;
        }
        match value {
            Some(value) => convert(document, value, 0, dialect),
            // A `<<` that is the whole document.
            None => Some(Self { span: document.node(root).span, data: Data::Null }),
        }
    }

    /// The one kind of the value.
    pub(super) fn kind(&self) -> Kinds {
        match &self.data {
            Data::Null => Kinds::NULL,
            Data::Bool(_) => Kinds::BOOL,
            Data::Number(number) if number.fract() == 0.0 => Kinds::INTEGER,
            Data::Number(_) => Kinds::FRACTION,
            Data::String(_) => Kinds::STRING,
            Data::List(_) => Kinds::LIST,
            Data::Map(_) => Kinds::MAP,
        }
    }

    /// The entries of a map; none for another value.
    pub(super) fn entries(&self) -> &[Entry<'d>] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }
}

/// Recursion ends at [`MAX_DEPTH`].
fn convert<'d>(document: &'d Document<'_>, value: yaml::Value<'d>, depth: u32, dialect: Dialect) -> Option<Value<'d>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let data = match value.data {
        ValueData::Null => Data::Null,
        ValueData::Bool(value) => Data::Bool(value),
        #[expect(clippy::cast_precision_loss, reason = "only its sign and being whole count")]
        ValueData::Int(value) => Data::Number(value as f64),
        // Too large for the converter of old.
        ValueData::Uint(_) if dialect == Dialect::V3 => return None,
        #[expect(clippy::cast_precision_loss, reason = "only its sign and being whole count")]
        ValueData::Uint(value) => Data::Number(value as f64),
        ValueData::Float(value) if value.is_finite() => Data::Number(value),
        ValueData::Float(_) => return None,
        ValueData::Timestamp(text) => Data::String(Cow::Borrowed(text)),
        ValueData::Str(text) => Data::String(text),
        ValueData::List(items) => Data::List(
            items.into_iter().map(|item| convert(document, item, depth + 1, dialect)).collect::<Option<_>>()?,
        ),
        ValueData::Map(map) => Data::Map(entries(document, map, depth, dialect)?),
    };
    Some(Value { span: document.node(value.node).span, data })
}

fn entries<'d>(document: &'d Document<'_>, map: yaml::Map<'d>, depth: u32, dialect: Dialect) -> Option<Vec<Entry<'d>>> {
    let span = |node: NodeId| document.node(node).span;
    let written = |node: NodeId| document.text().get(span(node).range()).unwrap_or_default();
    let mut entries = Vec::with_capacity(map.entries.len());
    if map.strings {
        for yaml::Entry { key, node, value } in map.entries {
            let value = convert(document, value, depth + 1, dialect)?;
            entries.push(Entry { key: key::text(key, written(node), dialect)?, key_span: span(node), value });
        }
        return Some(entries);
    }
    // Keys that Go prints alike: of `1`, `1.0` and `"1"`, the one that Go sorts first stays.
    let mut places: HashMap<Cow<'d, str>, (u8, usize)> = HashMap::with_capacity(map.entries.len());
    for yaml::Entry { key, node, value } in map.entries {
        let rank = key::rank(&key);
        let key = key::text(key, written(node), dialect)?;
        let value = convert(document, value, depth + 1, dialect)?;
        let entry = Entry { key: key.clone(), key_span: span(node), value };
        match places.get_mut(&key) {
            None => {
                places.insert(key, (rank, entries.len()));
                entries.push(entry);
            }
            Some((earlier, at)) if rank <= *earlier => {
                *earlier = rank;
                if let Some(place) = entries.get_mut(*at) {
                    *place = entry;
                }
            }
            Some(_) => {}
        }
    }
    Some(entries)
}
