//! The shapes of Woodpecker's own types: what their `UnmarshalYAML` accepts.
//!
//! None is called for null, which is `Ok(None)` without an error here. The types that only choose between a struct and a list of structs by
//! the kind of the node (`When`, `ContainerList`, `List`, `Path`, `Concurrency`) are left to the caller.

use super::mapping::Entries;
use super::{Data, Decode, DecodeErrorKind, Decoder, Entry, Key, NodeId, StringMap, Text, Value, ValueData};

/// A `depends_on` item since 3.15.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency<'d> {
    /// The name of a step or a workflow.
    pub name: Text<'d>,
    /// Whether it may be missing.
    pub optional: bool,
}

/// A `matrix` filter of `when`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapFilter<'d> {
    /// What `include` holds, and all other keys whose value is a string.
    pub include: StringMap<'d>,
    /// What `exclude` holds.
    pub exclude: StringMap<'d>,
}

impl<'d> Decoder<'d, '_> {
    /// `StringOrSlice`: a scalar, or a list of strings. In a list, numbers, bools, timestamps and null are refused, which alone are read as text.
    pub fn string_or_list(&mut self, id: NodeId) -> Decode<Option<Vec<Text<'d>>>> {
        self.unmarshal(id, |decoder, id| match &decoder.node(id).data {
            Data::Scalar { .. } => {
                let text = decoder.str(id)?;
                if text.is_some() { Ok(text.map(|text| vec![text])) } else { decoder.refused() }
            }
            _ => decoder.texts(id),
        })
    }

    /// `Volumes`, and the environment in its list form: a list of strings.
    pub fn text_list(&mut self, id: NodeId) -> Decode<Option<Vec<Text<'d>>>> {
        self.unmarshal(id, Self::texts)
    }

    /// `DependsOn`, since 3.15: a scalar, or a list of strings and of maps with a `name` and perhaps `optional`.
    pub fn dependencies(&mut self, id: NodeId) -> Decode<Option<Vec<Dependency<'d>>>> {
        self.unmarshal(id, |decoder, id| {
            if matches!(decoder.node(id).data, Data::Scalar { .. }) {
                return match decoder.str(id)? {
                    Some(name) => Ok(Some(vec![Dependency { name, optional: false }])),
                    None => decoder.refused(),
                };
            }
            let errors = decoder.errors.len();
            let mut dependencies = Vec::new();
            for value in decoder.values(id)?.unwrap_or_default() {
                dependencies.extend(decoder.dependency(value));
            }
            if decoder.errors.len() == errors { Ok(Some(dependencies)) } else { decoder.refused() }
        })
    }

    /// `Map`, the `matrix` filter: `include` and `exclude` maps of strings, or such a map as it is; it may be both at once. Whatever does not fit is ignored
    /// without an error. `include` with a null crashes the server.
    pub fn map_filter(&mut self, id: NodeId) -> Decode<Option<MapFilter<'d>>> {
        self.unmarshal(id, |decoder, id| {
            let since = decoder.errors.len();
            // `None` is Go's nil map, which null leaves and nothing can be put into.
            let (mut include, mut exclude) = (Some(Entries::default()), Some(Entries::default()));
            let structured = decoder.attempt(since, |decoder| {
                decoder.fields(id, &["include", "exclude"], |decoder, field| {
                    let target = match &*field.name {
                        "include" => &mut include,
                        "exclude" => &mut exclude,
                        _ => return Ok(()),
                    };
                    let entries = target.get_or_insert_default();
                    decoder.string_map_into(field.value, entries, false)?;
                    if decoder.is_null(field.value) {
                        *target = None;
                    }
                    Ok(())
                })
            })?;
            let mut direct = Entries::default();
            let plain = decoder.attempt(since, |decoder| decoder.string_map_into(id, &mut direct, false))?;
            drop((structured, plain));
            for entry in direct.into_vec() {
                let Some(include) = &mut include else {
                    return decoder.crash(entry.node, DecodeErrorKind::NullInclude);
                };
                include.put(entry, true);
            }
            let list = |entries: Option<Entries<_, _>>| entries.map_or_else(Vec::new, Entries::into_vec);
            Ok(Some(MapFilter { include: list(include), exclude: list(exclude) }))
        })
    }

    /// `optional.Option[bool]`, since 3.12: a bool.
    pub fn optional_bool(&mut self, id: NodeId) -> Decode<Option<bool>> {
        self.unmarshal(id, |decoder, id| {
            // Go makes the bool before it decodes it: what v4 skips without an error is false.
            decoder.separate(|decoder| Ok(decoder.bool(id)?.unwrap_or_default()))
        })
    }

    /// `BoolTrue`, before 3.12: a scalar whose text is one of Go's bools, or empty, which is true.
    pub fn bool_true(&mut self, id: NodeId) -> Decode<Option<bool>> {
        self.unmarshal(id, |decoder, id| {
            let Some(Some(text)) = decoder.separate(|decoder| decoder.str(id))? else { return Ok(None) };
            match &*text.value {
                "" | "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Some(true)),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Some(false)),
                _ => decoder.refuse(id, DecodeErrorKind::Mismatch { found: "a string", wanted: "`true` or `false`" }),
            }
        })
    }

    /// An `[]any` of strings only.
    fn texts(&mut self, id: NodeId) -> Decode<Option<Vec<Text<'d>>>> {
        let errors = self.errors.len();
        let values = self.values(id)?.unwrap_or_default();
        let mut texts = Vec::with_capacity(values.len());
        for Value { node, via, data } in values {
            match data {
                ValueData::Str(value) => texts.push(Text { value, node, via }),
                data => {
                    let found = Value { node, via, data }.describe();
                    self.error(node, DecodeErrorKind::Mismatch { found, wanted: "a string" });
                }
            }
        }
        if self.errors.len() == errors { Ok(Some(texts)) } else { self.refused() }
    }

    fn dependency(&mut self, item: Value<'d>) -> Option<Dependency<'d>> {
        let map = match item.data {
            ValueData::Str(value) => {
                let name = Text { value, node: item.node, via: item.via };
                return Some(Dependency { name, optional: false });
            }
            ValueData::Map(map) if map.strings => map,
            _ => {
                self.error(item.node, DecodeErrorKind::Mismatch { found: item.describe(), wanted: "a dependency" });
                return None;
            }
        };
        let (mut name, mut optional) = (None, false);
        for Entry { key, value, .. } in map.entries {
            let found = value.describe();
            match (&key, value.data) {
                (Key::Str(key), ValueData::Str(text)) if key == "name" => {
                    name = Some(Text { value: text, node: value.node, via: value.via });
                }
                (Key::Str(key), _) if key == "name" => {
                    self.error(value.node, DecodeErrorKind::Mismatch { found, wanted: "a string" });
                    return None;
                }
                (Key::Str(key), ValueData::Bool(value)) if key == "optional" => optional = value,
                (Key::Str(key), _) if key == "optional" => {
                    self.error(value.node, DecodeErrorKind::Mismatch { found, wanted: "a bool" });
                }
                _ => {}
            }
        }
        if name.is_none() {
            self.error(item.node, DecodeErrorKind::MissingName);
        }
        Some(Dependency { name: name?, optional })
    }
}
