//! Strings, bools and ints.
//!
//! | the scalar is | into a string | into a bool | into an int |
//! | --- | --- | --- | --- |
//! | a string | itself | `y`, `yes`, `on`, … also quoted | error |
//! | a bool, an int, a float | its text | a bool only | a whole number that fits; v3 cuts off a fraction, v4 refuses it |
//! | null | not set | not set | not set |
//! | a timestamp | v3: its text; v4: error | error | error |
//! | `!!binary` | its bytes | v3: as a string; v4: error | error |
//! | `<<` | itself | v3: error; v4: not set | the same |
//! | `!other` | itself | v3: as a string; v4: error | error |

use std::borrow::Cow;

use super::{Data, Decode, DecodeErrorKind, Decoder, Dialect, NodeId};
use crate::yaml::resolve::{Resolved, Unresolved, legacy_bool, resolve};

/// A string and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'d> {
    /// The string. Bytes of a `!!binary` that are no UTF-8 are replaced.
    pub value: Cow<'d, str>,
    /// The scalar it was read from.
    pub node: NodeId,
    /// The alias that it was read through, or that merged it into its list, if any.
    pub via: Option<NodeId>,
}

impl<'d> Decoder<'d, '_> {
    /// Decodes a `string`.
    pub fn str(&mut self, id: NodeId) -> Decode<Option<Text<'d>>> {
        self.enter(id, |decoder, node| {
            let Some(resolved) = decoder.scalar(node, "a string")? else { return Ok(None) };
            let value = match resolved {
                Resolved::Null => return Ok(None),
                Resolved::Binary(bytes) => Cow::Owned(into_string(bytes)),
                Resolved::Timestamp if decoder.dialect == Dialect::V4 => {
                    return Ok(decoder.mismatch(node, &resolved, "a string"));
                }
                _ => Cow::Borrowed(decoder.raw_text(node)),
            };
            let via = (id != node).then_some(id);
            Ok(Some(Text { value, node, via }))
        })
    }

    /// Decodes a `bool`.
    pub fn bool(&mut self, id: NodeId) -> Decode<Option<bool>> {
        self.enter(id, |decoder, id| {
            let Some(resolved) = decoder.scalar(id, "a bool")? else { return Ok(None) };
            let v3 = decoder.dialect == Dialect::V3;
            let value = match &resolved {
                Resolved::Null => return Ok(None),
                Resolved::Merge if !v3 => return Ok(None),
                Resolved::Bool(value) => Some(*value),
                Resolved::Str => legacy_bool(decoder.raw_text(id)),
                Resolved::Custom | Resolved::Merge if v3 => legacy_bool(decoder.raw_text(id)),
                Resolved::Binary(bytes) if v3 => std::str::from_utf8(bytes).ok().and_then(legacy_bool),
                _ => None,
            };
            Ok(value.or_else(|| decoder.mismatch(id, &resolved, "a bool")))
        })
    }

    /// Decodes an `int` or an `int64`.
    pub fn int(&mut self, id: NodeId) -> Decode<Option<i64>> {
        self.enter(id, |decoder, id| {
            let Some(resolved) = decoder.scalar(id, "an int")? else { return Ok(None) };
            let value = match resolved {
                Resolved::Null => return Ok(None),
                Resolved::Merge if decoder.dialect == Dialect::V4 => return Ok(None),
                Resolved::Int(value) => Some(value),
                Resolved::Float(value) => whole(value, decoder.dialect),
                _ => None,
            };
            Ok(value.or_else(|| decoder.mismatch(id, &resolved, "an int")))
        })
    }

    /// Decodes a `[]string`: null items are left out.
    pub fn strings(&mut self, id: NodeId) -> Decode<Option<Vec<Text<'d>>>> {
        let mut strings = Vec::new();
        let list = self.items(id, |decoder, item| {
            if let Some(mut text) = decoder.str(item)? {
                text.via = text.via.or(decoder.trail.last().copied());
                strings.push(text);
            }
            Ok(())
        })?;
        Ok(list.map(|()| strings))
    }

    /// What the scalar `id`, which is no alias, is; `None` and an error when it is no scalar.
    fn scalar(&mut self, id: NodeId, wanted: &'static str) -> Decode<Option<Resolved>> {
        match &self.node(id).data {
            Data::Scalar { .. } => self.resolved(id).map(Some),
            Data::Mapping { pairs, .. } => {
                if self.has_unique_keys(pairs) {
                    self.error(id, DecodeErrorKind::Mismatch { found: "a map", wanted });
                }
                Ok(None)
            }
            Data::Sequence { .. } | Data::Alias(_) => {
                self.error(id, DecodeErrorKind::Mismatch { found: "a list", wanted });
                Ok(None)
            }
        }
    }

    /// What the scalar `id` is. A text that does not fit its tag halts.
    pub(super) fn resolved(&mut self, id: NodeId) -> Decode<Resolved> {
        match resolve(self.node(id), self.dialect) {
            Ok(resolved) => Ok(resolved),
            Err(Unresolved::Tag { found, wanted }) => self.halt(id, DecodeErrorKind::BadTag { found, wanted }),
            Err(Unresolved::Base64) => self.halt(id, DecodeErrorKind::BadBase64),
        }
    }

    /// What a list, a map or a struct makes of `id`, which is something else: null is an empty one.
    pub(super) fn not_a_collection(&mut self, id: NodeId, wanted: &'static str) -> Decode<Option<()>> {
        let Data::Scalar { .. } = self.node(id).data else {
            return self.scalar(id, wanted).map(|_| None);
        };
        match self.resolved(id)? {
            Resolved::Null => Ok(Some(())),
            Resolved::Merge if self.dialect == Dialect::V4 => Ok(None),
            resolved => Ok(self.mismatch(id, &resolved, wanted)),
        }
    }

    /// Records that a scalar is something else than its place asks for. `None`, for the caller to return.
    fn mismatch<R>(&mut self, id: NodeId, found: &Resolved, wanted: &'static str) -> Option<R> {
        self.error(id, DecodeErrorKind::Mismatch { found: describe(found), wanted });
        None
    }
}

/// What something is, as a phrase.
fn describe(resolved: &Resolved) -> &'static str {
    match resolved {
        Resolved::Null => "null",
        Resolved::Bool(_) => "a bool",
        Resolved::Int(_) | Resolved::Uint(_) => "an int",
        Resolved::Float(_) => "a float",
        Resolved::Timestamp => "a timestamp",
        Resolved::Str | Resolved::Merge => "a string",
        Resolved::Binary(_) => "binary data",
        Resolved::Custom => "a string with a tag of its own",
    }
}

/// A float as an `int64`, converted as on the server's amd64.
fn whole(value: f64, dialect: Dialect) -> Option<i64> {
    // Both bounds are exact: -2^63 and 2^63.
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    const MIN: f64 = i64::MIN as f64;
    const END: f64 = -MIN;
    #[expect(clippy::cast_possible_truncation, reason = "in range, and the fraction is looked at where it counts")]
    match dialect {
        Dialect::V3 if value > END || value.is_nan() => None,
        Dialect::V3 if (MIN..END).contains(&value) => Some(value as i64),
        Dialect::V3 => Some(i64::MIN),
        Dialect::V4 => ((MIN..END).contains(&value) && value.fract() == 0.0).then_some(value as i64),
    }
}

/// The string that bytes are, with what is no UTF-8 replaced.
pub(super) fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
