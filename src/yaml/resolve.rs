//! What a scalar is: go-yaml's tag resolution, from the text, the style and the explicit tag of a scalar to a typed value.
//!
//! Both versions share the YAML 1.2 core schema with 1.1's octals (`0777`) and underscores; where they differ:
//!
//! | written | yaml.v3 3.0.1 | yaml/v4 4.0.0-rc.6 |
//! | --- | --- | --- |
//! | `-0`, `-0.0` | int 0, float -0 | float -0 |
//! | `0b-1`, `0o+7` (a sign after the prefix) | int | string |
//! | `! 12`, `! ~` (the non-specific tag) | as if untagged | a string with a tag of its own |
//! | `!!merge x` as a key | a merge key only when `x` is `<<` | always a merge key |
//!
//! What the *target* of decoding makes of the result (`yes` into a bool, a timestamp into a string) is in the `decode` module.

mod base64;
mod number;
mod timestamp;

use super::{Data, Dialect, Node, ScalarStyle};

/// The prefix of the tags of YAML's own types, which `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

/// What a scalar is. The text of a string is the node's own value.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// `~`, `null`, nothing at all.
    Null,
    /// `true`, `False`.
    Bool(bool),
    /// A whole number that fits.
    Int(i64),
    /// A whole number above `i64::MAX`.
    Uint(u64),
    /// Any other number; `.inf`, `.nan`.
    Float(f64),
    /// A date, or a date and a time.
    Timestamp,
    /// Text.
    Str,
    /// The bytes of a `!!binary` scalar.
    Binary(Vec<u8>),
    /// `<<`, or any text tagged `!!merge`.
    Merge,
    /// Text under a tag that is none of YAML's scalar types: `!local x`, `!!map x`.
    Custom,
}

/// Why a scalar does not fit its explicit tag. The server stops decoding there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// The text is `found`, the tag says `wanted`.
    Tag {
        /// What the text is.
        found: &'static str,
        /// What the tag asks for.
        wanted: &'static str,
    },
    /// `!!binary` over text that is not base64.
    Base64,
}

/// The types that an explicit tag can ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    Str,
    Binary,
    Merge,
    Other,
}

impl Tag {
    /// The explicit tag of `node`, `None` where there is none; v3 takes `!` for none.
    fn of(node: &Node<'_>, dialect: Dialect) -> Option<Self> {
        let tag: &str = &node.tag.as_ref()?.0;
        if tag.is_empty() || (tag == "!" && dialect == Dialect::V3) {
            return None;
        }
        Some(match tag.strip_prefix(CORE).or_else(|| tag.strip_prefix("!!")) {
            Some("null") => Self::Null,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("timestamp") => Self::Timestamp,
            Some("str") => Self::Str,
            Some("binary") => Self::Binary,
            Some("merge") => Self::Merge,
            _ => Self::Other,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Timestamp => "timestamp",
            Self::Str | Self::Other => "str",
            Self::Binary => "binary",
            Self::Merge => "merge",
        }
    }
}

impl Resolved {
    /// YAML's name of the type, as it would stand after `!!`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Uint(_) => "int",
            Self::Float(_) => "float",
            Self::Timestamp => "timestamp",
            Self::Str | Self::Custom => "str",
            Self::Binary(_) => "binary",
            Self::Merge => "merge",
        }
    }
}

/// What the scalar `node` is; [`Resolved::Custom`] for a node that is no scalar.
///
/// # Errors
///
/// [`Unresolved`] when the text does not fit the explicit tag.
pub fn resolve(node: &Node<'_>, dialect: Dialect) -> Result<Resolved, Unresolved> {
    let Data::Scalar { value, style } = &node.data else { return Ok(Resolved::Custom) };
    let Some(tag) = Tag::of(node, dialect) else {
        // v4 keeps the non-specific tag apart, but quotes still make a string.
        return Ok(if *style == ScalarStyle::Plain { implicit(value, dialect) } else { Resolved::Str });
    };
    match tag {
        Tag::Str => return Ok(Resolved::Str),
        Tag::Other if *style != ScalarStyle::Plain && is_nonspecific(node) => return Ok(Resolved::Str),
        Tag::Other => return Ok(Resolved::Custom),
        Tag::Merge => return Ok(Resolved::Merge),
        Tag::Binary => return base64::decode(value).map(Resolved::Binary).ok_or(Unresolved::Base64),
        Tag::Null | Tag::Bool | Tag::Int | Tag::Float | Tag::Timestamp => {}
    }
    // Only an untagged or a `!!timestamp` scalar is tried as a date; no date is a number, so the others see a string.
    match (tag, implicit(value, dialect)) {
        (Tag::Float, Resolved::Int(int)) => {
            #[expect(clippy::cast_precision_loss, reason = "the server converts the same way")]
            let float = int as f64;
            Ok(Resolved::Float(float))
        }
        (tag, Resolved::Timestamp) if tag != Tag::Timestamp => {
            Err(Unresolved::Tag { found: Tag::Str.name(), wanted: tag.name() })
        }
        (Tag::Float, found @ Resolved::Uint(_)) => Err(Unresolved::Tag { found: found.name(), wanted: "float" }),
        (tag, found) if found.name() == tag.name() => Ok(found),
        (tag, found) => Err(Unresolved::Tag { found: found.name(), wanted: tag.name() }),
    }
}

/// Whether the server takes `node` for null before it looks at its content: by its explicit tag, which may stand on any node, else by its
/// text. An alias is none: follow it first.
pub fn is_null(node: &Node<'_>, dialect: Dialect) -> bool {
    match (Tag::of(node, dialect), &node.data) {
        (Some(tag), Data::Scalar { .. } | Data::Sequence { .. } | Data::Mapping { .. }) => tag == Tag::Null,
        (None, Data::Scalar { value, style: ScalarStyle::Plain }) => is_null_text(value),
        _ => false,
    }
}

/// Whether `node`, as a key, is a merge key. Quoted, `<<` is a plain string.
pub fn is_merge_key(node: &Node<'_>, dialect: Dialect) -> bool {
    let Data::Scalar { value, style } = &node.data else { return false };
    match Tag::of(node, dialect) {
        None => *style == ScalarStyle::Plain && value == "<<",
        Some(Tag::Merge) => dialect == Dialect::V4 || value == "<<",
        Some(_) => false,
    }
}

/// Whether `node` carries the tag `!!merge`, explicit or not: what xyaml goes by, in both versions.
pub(super) fn has_merge_tag(node: &Node<'_>, dialect: Dialect) -> bool {
    match &node.data {
        Data::Scalar { .. } if Tag::of(node, dialect) == Some(Tag::Merge) => true,
        Data::Scalar { .. } => is_merge_key(node, dialect),
        _ => false,
    }
}

/// Whether `node`, as a key, is a string for the choice between a map of strings and a map of anything.
pub(super) fn is_string_key(node: &Node<'_>, dialect: Dialect) -> bool {
    match (Tag::of(node, dialect), &node.data) {
        (None, Data::Scalar { value, style: ScalarStyle::Plain }) => {
            matches!(implicit(value, dialect), Resolved::Str | Resolved::Merge)
        }
        (None, Data::Scalar { .. }) => true,
        (Some(tag), Data::Scalar { .. } | Data::Sequence { .. } | Data::Mapping { .. }) => {
            matches!(tag, Tag::Str | Tag::Merge) || is_nonspecific(node) && matches!(node.data, Data::Scalar { .. })
        }
        _ => false,
    }
}

/// Whether the explicit tag is the non-specific `!`.
fn is_nonspecific(node: &Node<'_>) -> bool {
    node.tag.as_ref().is_some_and(|tag| tag.0 == "!")
}

fn is_null_text(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "Null" | "NULL")
}

/// What untagged plain text is.
pub fn implicit(value: &str, dialect: Dialect) -> Resolved {
    // The first byte rules out most text: nearly every string of a workflow ends here.
    let Some(&first) = value.as_bytes().first() else { return Resolved::Null };
    match first {
        b'~' | b'n' | b'N' if is_null_text(value) => Resolved::Null,
        b't' | b'T' if matches!(value, "true" | "True" | "TRUE") => Resolved::Bool(true),
        b'f' | b'F' if matches!(value, "false" | "False" | "FALSE") => Resolved::Bool(false),
        b'<' if value == "<<" => Resolved::Merge,
        b'.' => number::dotted(value).map_or(Resolved::Str, Resolved::Float),
        b'0'..=b'9' if timestamp::is_timestamp(value) => Resolved::Timestamp,
        b'0'..=b'9' | b'+' | b'-' => number::number(value, dialect).unwrap_or(Resolved::Str),
        _ => Resolved::Str,
    }
}

/// What `y`, `yes`, `on` and their opposites mean to a field that is a bool; elsewhere they are strings.
pub(super) fn legacy_bool(value: &str) -> Option<bool> {
    match value {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
