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
    Decode, DecodeError, DecodeErrorKind, Decoder, Dependency, Entry, Field, Halt, Key, Map, MapFilter, Shape, Text, Value,
    ValueData,
};
pub use dialect::Dialect;
pub use document::Document;
pub use error::ParseError;
pub use node::{Data, Node, NodeId, ScalarStyle};
