//! YAML as the server reads it: text to a [`Document`] of nodes that know their bytes, and nodes to values.
//!
//! | file | idea |
//! | --- | --- |
//! | `reader` | which characters a text may hold, and how far it is read |
//! | `scan` | text to tokens: indentation, brackets, keys, scalars |
//! | `tree` | tokens to nodes: the grammar |
//! | `value` | a scalar's bytes to its value, and the way back |
//! | `document`, `node` | the arena |
//! | `dialect` | what differs between the server's two libraries |
//! | `error` | why a text is refused |
//! | `resolve` | what a scalar means: null, bool, number, text |
//! | `merge` | `<<` |
//! | `decode` | nodes to the types a workflow is made of |
//! | `slack` | which bytes of a text may be others, and it still decodes to the same |
//!
//! The behaviour is that of the Go libraries that the server links: `gopkg.in/yaml.v3` 3.0.1 before 3.16 and `go.yaml.in/yaml/v4`
//! 4.0.0-rc.6 since ([`Dialect`]). Both descend from libyaml, which reads YAML 1.1 with a few words of 1.2, and keep its habits: a key
//! is on one line, a `?` or `:` inside brackets needs less space than YAML says, a tab never indents. Beyond that they load the
//! first document of a text only, and do not ask what comes behind it: `{} }` is an empty mapping. But they read two tokens ahead, and
//! text in chunks of 512 bytes, so an error shortly behind the first document is one.
//!
//! A parser of our own, because the tree must know its bytes, the crate has no `unsafe`, and the two libraries do not even agree with
//! libyaml. It was compared with both on millions of mutated workflows, all of yaml-test-suite and random texts; what is left are
//! texts with a byte order mark that is not their first character, where the libraries forget characters or not depending on how
//! their buffers fall, and control characters behind the first document and within the same buffer as a comment.

mod decode;
mod dialect;
mod document;
mod error;
mod merge;
mod node;
mod reader;
mod resolve;
mod scan;
mod slack;
mod tree;
mod value;

pub use decode::{
    Decode, DecodeError, DecodeErrorKind, Decoder, Dependency, Entry, Field, Halt, Key, MAX_ALIASED, MAX_NESTING, Map,
    MapFilter, SequenceMergeFault, Shape, StringMap, Text, Value, ValueData,
};
pub use dialect::Dialect;
pub use document::Document;
pub use error::ParseError;
pub use merge::{MAX_MERGED_ITEMS, MergedItem, SequenceMerges, depth_limit};
pub use node::{Data, Node, NodeId, ScalarStyle};
pub use resolve::{Resolved, Unresolved, implicit, is_merge_key, is_null, resolve};
pub use slack::Slack;
