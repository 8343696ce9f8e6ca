//! What can be wrong with a node.

use std::fmt;

use crate::source::Span;

/// Something that the server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The bytes of the node, in the text that was parsed.
    pub span: Span,
    /// What is wrong.
    pub kind: DecodeErrorKind,
    /// The aliases that led to the node, outermost first.
    pub via: Vec<Span>,
}

/// What is wrong with a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeErrorKind {
    /// The node is something else than its place asks for.
    Mismatch {
        /// What it is: `a list`, `an int`.
        found: &'static str,
        /// What is asked for: `a string`.
        wanted: &'static str,
    },
    /// The text does not fit the explicit tag.
    BadTag {
        /// YAML's name of what the text is.
        found: &'static str,
        /// YAML's name of what the tag says.
        wanted: &'static str,
    },
    /// A `!!binary` scalar is not base64.
    BadBase64,
    /// A map has a key twice.
    DuplicateKey {
        /// Where it stands first.
        first: Span,
    },
    /// Two keys of a map that are written differently name the same field.
    RepeatedField {
        /// The field.
        name: String,
    },
    /// A list or a map is a key.
    InvalidKey,
    /// The value of `<<` is no map, alias of a map or list of those.
    BadMerge,
    /// An alias stands inside of what it stands for.
    AliasCycle,
    /// Nearly all of the document comes out of aliases.
    ExcessiveAliasing,
    /// A `<<` item of a list cannot be merged.
    SequenceMerge(SequenceMergeFault),
    /// Lists and maps are nested more than `limit` levels deep.
    TooDeep {
        /// The deepest level allowed.
        limit: u32,
    },
    /// Aliases expand to more nodes than we read.
    TooLarge {
        /// The most that we read.
        limit: usize,
    },
    /// A dependency's map has no `name`.
    MissingName,
    /// `include` of a matrix filter is null: the server crashes.
    NullInclude,
}

/// Why a `<<` item of a list cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SequenceMergeFault {
    /// Its value is neither an alias nor a list.
    NotAnAlias,
    /// Its value is an alias of something that is no list.
    NotAList,
    /// Its value is a list with an item that is no alias.
    NotAnAliasInList,
    /// Its value is a list with an alias of something that is no list.
    NotAListInList,
}

impl DecodeErrorKind {
    /// What to do about it, in the imperative, where the message alone does not tell.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::DuplicateKey { .. } | Self::RepeatedField { .. } => "remove one of the two",
            Self::BadMerge => "merge a map, an alias of a map, or a list of those",
            Self::SequenceMerge(_) => "write `- <<: *list`, where `*list` is an alias of a list",
            Self::Mismatch { found: "a timestamp" | "an int" | "a float" | "a bool", wanted: "a string" } => {
                "put it in quotes"
            }
            Self::NullInclude => "remove `include`, or give it a map",
            _ => return None,
        })
    }
}

impl fmt::Display for DecodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch { found, wanted } => write!(f, "expected {wanted}, found {found}"),
            Self::BadTag { found, wanted } => write!(f, "tagged `!!{wanted}`, but its text is a {found}"),
            Self::BadBase64 => f.write_str("tagged `!!binary`, but its text is not base64"),
            Self::DuplicateKey { .. } => f.write_str("duplicate key"),
            Self::RepeatedField { name } => {
                write!(f, "this key is another way to write `{name}`, which is set already")
            }
            Self::InvalidKey => f.write_str("a list or a map cannot be a key"),
            Self::BadMerge => f.write_str("`<<` merges maps only"),
            Self::AliasCycle => f.write_str("this alias stands inside of what it stands for"),
            Self::ExcessiveAliasing => f.write_str("nearly all of the document comes out of aliases"),
            Self::SequenceMerge(fault) => f.write_str(match fault {
                SequenceMergeFault::NotAnAlias => "`<<` in a list needs an alias of a list",
                SequenceMergeFault::NotAList | SequenceMergeFault::NotAListInList => {
                    "`<<` in a list merges lists only, and this alias stands for something else"
                }
                SequenceMergeFault::NotAnAliasInList => "`<<` in a list merges aliases only",
            }),
            Self::TooDeep { limit } => write!(f, "nested more than {limit} levels deep"),
            Self::TooLarge { limit } => write!(f, "aliases expand to more than {limit} nodes"),
            Self::MissingName => f.write_str("a dependency needs a `name`"),
            Self::NullInclude => f.write_str("`include` without a value"),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for DecodeError {}
