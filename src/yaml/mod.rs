//! YAML as the server reads it: text to a [`Document`] of nodes that know their bytes.

mod decode;
mod dialect;
mod document;
mod error;
mod merge;
mod node;
mod reader;
mod resolve;
mod scan;
mod tree;
mod value;

pub use decode::{
    Decode, DecodeError, DecodeErrorKind, Decoder, Dependency, Entry, Field, Halt, Key, MAX_DECODES, MAX_NESTING, Map,
    MapFilter, SequenceMergeFault, Shape, StringMap, Text, Value, ValueData,
};
pub use dialect::Dialect;
pub use document::Document;
pub use error::ParseError;
pub use merge::{MAX_MERGED_ITEMS, MergedItem, SequenceMerges, depth_limit};
pub use node::{Data, Node, NodeId, ScalarStyle};
pub use resolve::{Resolved, Unresolved, implicit, is_merge_key, is_null, resolve};
