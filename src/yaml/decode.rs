//! Decoding: what the server's Go types make of a node, as `yaml.v3` (servers before 3.16) or `yaml/v4` (since) would fill them.
//!
//! A [`Decoder`] reads one [`Document`] in one [`Dialect`]. Its methods are named after the Go type that is filled: [`str`](Decoder::str),
//! [`bool`](Decoder::bool), [`int`](Decoder::int), [`strings`](Decoder::strings) (`[]string`), [`fields`](Decoder::fields) (a struct),
//! [`keyed`](Decoder::keyed) (`map[string]T`), [`value`](Decoder::value) (`any`), and the shapes of Woodpecker's own types
//! ([`string_or_list`](Decoder::string_or_list) and so on), which have an `UnmarshalYAML` in Go.
//!
//! **Results.** Like go-yaml, decoding goes on after an error: errors are collected ([`take_errors`](Decoder::take_errors)), and any error at all means that
//! the server refuses the file. A method returns
//!
//! - `Ok(Some(value))`: decoded, perhaps in part, with errors recorded;
//! - `Ok(None)`: the Go variable keeps its zero value. An error was recorded, or the node is null; v4 also skips a `<<` that stands as a value;
//! - `Err(Halt)`: go-yaml panics there (a bad tag, a bad merge, a cycle) and gives up the file, or the attempt that is under way. The error is
//!   recorded. A caller that only wants to find more problems may carry on elsewhere.
//!
//! **Aliases** are followed by every method. Inside the closures of [`fields`](Decoder::fields), [`keyed`](Decoder::keyed) and
//! [`items`](Decoder::items), [`trail`](Decoder::trail) names the aliases that led there, outermost first; errors carry it along.
//!
//! **Null** leaves a variable as it is, or makes it nil, and never calls an `UnmarshalYAML`. In `[]string` a null item vanishes, in
//! `map[string]string` it becomes an empty string.
//!
//! **Duplicate keys** are refused in every map that is decoded, whatever it is decoded into: two keys of the same kind with the same text, tags
//! and quotes aside (`1` and `"1"`, `<<` and `'<<'`; two aliases with the same name; any two keys that are maps or lists).
//! A map that is only looked at ([`pairs`](Decoder::pairs), so the steps) is not checked.
//!
//! **Merge keys** come after a map's own keys, which win wherever they stand; of several merged maps the first that has a key wins. Keys
//! are compared as `any` decodes them in the map itself, but as the target's keys in what is merged: in `map[string]T`, a merged `1` overwrites `1`.
//!
//! Bounds: go-yaml's own on aliases ([`DecodeErrorKind::ExcessiveAliasing`]), [`MAX_NESTING`] and [`MAX_ALIASED`].

#![expect(clippy::missing_errors_doc, reason = "`Halt` is the only error; what it means stands above")]

mod error;
mod kind;
mod mapping;
mod outline;
mod scalar;
mod shape;
mod value;

pub use error::{DecodeError, DecodeErrorKind, SequenceMergeFault};
pub use kind::Shape;
pub use mapping::{Entry, Field, StringMap};
pub use scalar::Text;
pub use shape::{Dependency, MapFilter};
pub use value::{Key, Map, Value, ValueData};

use std::cell::Cell;
use std::collections::HashSet;

use self::mapping::Taken;
use super::merge::SequenceMerges;
use super::resolve::is_null;
use super::{Data, Dialect, Document, Node, NodeId};

/// The most levels of lists and maps that are followed through aliases. The server has no such bound; without aliases, its depth limit for
/// sequence merges allows 15.
pub const MAX_NESTING: u32 = 200;

/// The most nodes that one [`Decoder`] reads through aliases. The server bounds each `Decode` call, not their sum: a list of conditions
/// that each of many steps names would take memory with the square of the file's length.
pub const MAX_ALIASED: u32 = 1 << 19;

/// The server gives up here. The error is recorded in the [`Decoder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt {
    /// Go's runtime panics, where go-yaml would return an error: no [`attempt`](Decoder::attempt) goes on after it.
    crash: bool,
}

/// What decoding returns: see the module's page.
pub type Decode<T> = Result<T, Halt>;

/// Reads one document as the server does.
#[derive(Debug)]
pub struct Decoder<'d, 't> {
    document: &'d Document<'t>,
    dialect: Dialect,
    merges: SequenceMerges,
    /// Whether a map that has a key twice is read all the same.
    reads_duplicates: bool,
    errors: Vec<DecodeError>,
    /// By node: whether the text of this scalar was given away.
    given: Vec<Cell<bool>>,
    /// See [`in_outline`](Self::in_outline).
    outline: bool,
    /// The aliases that are being followed, outermost first.
    trail: Vec<NodeId>,
    nesting: u32,
    /// How many more nodes may be read through aliases.
    aliased_left: u32,
    session: Session<'d>,
}

/// The state of one `Decode` call of go-yaml.
#[derive(Debug, Default)]
struct Session<'d> {
    /// The aliases that are being followed, for cycles. One that halted stays, as in go-yaml, and is a cycle when it is met again.
    active: Vec<NodeId>,
    alias_depth: u32,
    decodes: u32,
    aliased: u32,
    /// The keys that are taken, where the next map is read as part of a merge. A merge that halted leaves them behind, as in go-yaml.
    merging: Option<Taken<'d>>,
}

impl<'d, 't> Decoder<'d, 't> {
    /// A decoder of `document`; works out the sequence merges, as the server does before anything else.
    ///
    /// # Errors
    ///
    /// A document that the server refuses as a whole: see [`SequenceMerges::of`].
    pub fn new(document: &'d Document<'t>, dialect: Dialect) -> Result<Self, DecodeError> {
        let merges = SequenceMerges::of(document, dialect)?;
        Ok(Self { merges, reads_duplicates: false, ..Self::of_plain(document, dialect) })
    }

    /// A decoder of a document that is none of the server's: without sequence merges, and one that reads on where a map has a key twice, so
    /// that more can be said about the file. The duplicate is an error, as ever.
    pub fn of_plain(document: &'d Document<'t>, dialect: Dialect) -> Self {
        Self {
            document,
            dialect,
            merges: SequenceMerges::default(),
            reads_duplicates: true,
            errors: Vec::new(),
            given: vec![Cell::new(false); document.nodes().len()],
            outline: false,
            trail: Vec::new(),
            nesting: 0,
            aliased_left: MAX_ALIASED,
            session: Session::default(),
        }
    }

    /// The document.
    pub fn document(&self) -> &'d Document<'t> {
        self.document
    }

    /// The library whose decoding is followed.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The errors so far, in the order they were found.
    pub fn errors(&self) -> &[DecodeError] {
        &self.errors
    }

    /// Takes the errors so far.
    pub fn take_errors(&mut self) -> Vec<DecodeError> {
        std::mem::take(&mut self.errors)
    }

    /// The aliases that are being followed, outermost first: those that led to the node that a closure is called with.
    pub fn trail(&self) -> &[NodeId] {
        &self.trail
    }

    /// The node that `id` stands for: an alias's target, else itself.
    pub fn follow(&self, id: NodeId) -> NodeId {
        match self.node(id).data {
            Data::Alias(target) => target,
            _ => id,
        }
    }

    /// Whether `id`, or what it is an alias of, is null to the server, so that no `UnmarshalYAML` is called for it.
    pub fn is_null(&self, id: NodeId) -> bool {
        is_null(self.node(self.follow(id)), self.dialect)
    }

    /// The pairs of a map as they are written, `<<` and duplicates included: what Go code sees that walks `Content` by itself. `None`
    /// when `id`, or what it is an alias of, is no map.
    pub fn pairs(&self, id: NodeId) -> Option<&'d [(NodeId, NodeId)]> {
        match &self.node(self.follow(id)).data {
            Data::Mapping { pairs, .. } => Some(pairs),
            _ => None,
        }
    }

    /// The items of a list, sequence merges applied, each with the alias that merged it: what Go code sees that walks `Content` by itself.
    /// `None` when `id`, or what it is an alias of, is no list.
    pub fn elements(&self, id: NodeId) -> Option<impl Iterator<Item = (NodeId, Option<NodeId>)> + '_> {
        let id = self.follow(id);
        let Data::Sequence { items, .. } = &self.node(id).data else { return None };
        // One of the two is empty.
        let (merged, plain) = match self.merges.get(id) {
            Some(merged) => (merged, [].as_slice()),
            None => ([].as_slice(), items.as_slice()),
        };
        Some(merged.iter().map(|item| (item.node, item.via)).chain(plain.iter().map(|&node| (node, None))))
    }

    /// The text of a node as Go code sees it that looks at `Value` by itself: a scalar's whatever its tag, an alias's name, nothing else.
    pub fn raw_text(&self, id: NodeId) -> &'d str {
        if !self.outline {
            self.give_text(id);
        }
        let node = self.node(id);
        match &node.data {
            Data::Scalar { value, .. } => value,
            Data::Alias(_) => self.document.text().get(node.span.range()).unwrap_or("").trim_start_matches('*'),
            Data::Sequence { .. } | Data::Mapping { .. } => "",
        }
    }

    /// Whether every alias under `id` has its anchor under `id`. Where it has not, Go code that prints the node and parses it again (secrets
    /// and workflow volumes in 2.8) meets an unknown anchor.
    pub fn is_self_contained(&self, id: NodeId) -> bool {
        let (mut todo, mut seen, mut targets) = (vec![self.follow(id)], HashSet::new(), Vec::new());
        while let Some(id) = todo.pop() {
            // Lists that are merged into each other may come by a node again, without end.
            if !seen.insert(id) {
                continue;
            }
            match &self.node(id).data {
                Data::Alias(target) => targets.push(*target),
                Data::Mapping { pairs, .. } => todo.extend(pairs.iter().flat_map(|&(key, value)| [key, value])),
                Data::Sequence { .. } => todo.extend(self.elements(id).into_iter().flatten().map(|(item, _)| item)),
                Data::Scalar { .. } => {}
            }
        }
        targets.iter().all(|target| seen.contains(target))
    }

    /// Decodes the items of a list, sequence merges applied: `[]T`, where `item` decodes a `T`. `Some` when there is a list; null is
    /// an empty one.
    pub fn items(&mut self, id: NodeId, mut item: impl FnMut(&mut Self, NodeId) -> Decode<()>) -> Decode<Option<()>> {
        self.enter(id, |decoder, id| decoder.items_of(id, &mut item))
    }

    /// Calls `read` with the node behind `id` as go-yaml calls an `UnmarshalYAML`: with an alias's target, and not for null. `read` returns what
    /// the type decodes itself into; `None` for null, which leaves it as it is.
    pub fn unmarshal<R>(
        &mut self,
        id: NodeId,
        read: impl FnOnce(&mut Self, NodeId) -> Decode<Option<R>>,
    ) -> Decode<Option<R>> {
        if self.is_null(id) {
            return self.enter(id, |decoder, id| {
                // The tag may lie.
                decoder.not_a_collection(id, "null")?;
                Ok(None)
            });
        }
        self.enter(id, read)
    }

    /// Decodes `id` with `read` as a `Decode` call of its own, which an `UnmarshalYAML` with a node makes: cycles and aliases are counted
    /// afresh. `None` when there was an error. Should `read` halt, v3 gives up the rest, too, and v4 goes on.
    pub fn separate<R>(&mut self, read: impl FnOnce(&mut Self) -> Decode<R>) -> Decode<Option<R>> {
        let outer = std::mem::take(&mut self.session);
        let errors = self.errors.len();
        let result = read(self);
        self.session = outer;
        match result {
            Ok(value) => Ok((self.errors.len() == errors).then_some(value)),
            Err(Halt { crash: false }) if self.dialect == Dialect::V4 => Ok(None),
            Err(halt) => Err(halt),
        }
    }

    /// Decodes with `read` on trial, as an `UnmarshalYAML` with a function may do several times: its errors are returned, not recorded.
    ///
    /// `since` is the number of [`errors`](Self::errors) before the first trial. go-yaml forgets the errors recorded since then, unless `read`
    /// halted: then they stay until the next trial.
    ///
    /// # Errors
    ///
    /// The outer one only when Go's runtime would crash.
    pub fn attempt<R>(
        &mut self,
        since: usize,
        read: impl FnOnce(&mut Self) -> Decode<R>,
    ) -> Decode<Result<R, Vec<DecodeError>>> {
        match read(self) {
            Ok(value) if self.errors.len() <= since => Ok(Ok(value)),
            Ok(_) => Ok(Err(self.errors.split_off(since))),
            Err(Halt { crash: false }) => Ok(Err(self.errors.pop().into_iter().collect())),
            Err(halt) => Err(halt),
        }
    }

    fn node(&self, id: NodeId) -> &'d Node<'t> {
        self.document.node(id)
    }

    /// Counts `id`, follows it if it is an alias, and reads its target. Every node that go-yaml decodes passes here.
    fn enter<R>(&mut self, id: NodeId, read: impl FnOnce(&mut Self, NodeId) -> Decode<R>) -> Decode<R> {
        self.count(id)?;
        let Data::Alias(target) = self.node(id).data else { return read(self, id) };
        if self.session.active.contains(&id) {
            return self.halt(id, DecodeErrorKind::AliasCycle);
        }
        self.session.active.push(id);
        self.session.alias_depth += 1;
        self.trail.push(id);
        let result = self.count(target).and_then(|()| read(self, target));
        self.trail.pop();
        if result.is_ok() {
            self.session.active.pop();
            self.session.alias_depth -= 1;
        }
        result
    }

    /// go-yaml's guard against documents that are mostly aliases, and our own.
    fn count(&mut self, id: NodeId) -> Decode<()> {
        let session = &mut self.session;
        session.decodes += 1;
        session.aliased += u32::from(session.alias_depth > 0);
        if session.aliased > 100 && session.decodes > 1000 && is_excessive(session.aliased, session.decodes) {
            return self.halt(id, DecodeErrorKind::ExcessiveAliasing);
        }
        if !self.trail.is_empty() {
            self.aliased_left = self.aliased_left.saturating_sub(1);
            if self.aliased_left == 0 {
                return self.halt(id, DecodeErrorKind::TooLarge { limit: MAX_ALIASED as usize });
            }
        }
        Ok(())
    }

    /// Reads one level deeper.
    fn nested<R>(&mut self, id: NodeId, read: impl FnOnce(&mut Self) -> Decode<R>) -> Decode<R> {
        if self.nesting == MAX_NESTING {
            return self.halt(id, DecodeErrorKind::TooDeep { limit: MAX_NESTING });
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    /// Decodes the items of `id`, which is no alias.
    fn items_of(&mut self, id: NodeId, item: &mut dyn FnMut(&mut Self, NodeId) -> Decode<()>) -> Decode<Option<()>> {
        let Data::Sequence { items, .. } = &self.node(id).data else { return self.not_a_collection(id, "a list") };
        let merged = self.merges.get(id).map(<[_]>::to_vec);
        self.nested(id, |decoder| match merged {
            None => items.iter().try_for_each(|&node| item(decoder, node)),
            Some(merged) => merged.iter().try_for_each(|merged| {
                decoder.trail.extend(merged.via);
                let result = item(decoder, merged.node);
                if merged.via.is_some() {
                    decoder.trail.pop();
                }
                result
            }),
        })?;
        Ok(Some(()))
    }

    fn error(&mut self, id: NodeId, kind: DecodeErrorKind) {
        let via = self.trail.iter().map(|&alias| self.node(alias).span).collect();
        self.errors.push(DecodeError { span: self.node(id).span, kind, via });
    }

    /// Records an error that is a panic in go-yaml.
    fn halt<R>(&mut self, id: NodeId, kind: DecodeErrorKind) -> Decode<R> {
        self.error(id, kind);
        Err(Halt { crash: false })
    }

    /// Records a panic of Go's runtime.
    fn crash<R>(&mut self, id: NodeId, kind: DecodeErrorKind) -> Decode<R> {
        self.error(id, kind);
        Err(Halt { crash: true })
    }

    /// Records an error that an `UnmarshalYAML` returns: v3 gives up the file, v4 goes on.
    fn refuse<R>(&mut self, id: NodeId, kind: DecodeErrorKind) -> Decode<Option<R>> {
        self.error(id, kind);
        self.refused()
    }

    /// As [`refuse`](Self::refuse), for an error that is recorded already.
    fn refused<R>(&self) -> Decode<Option<R>> {
        match self.dialect {
            Dialect::V3 => Err(Halt { crash: false }),
            Dialect::V4 => Ok(None),
        }
    }
}

/// Whether go-yaml calls that many of that many nodes too many to come out of aliases: over 99 % up to 400,000 nodes, falling to 10 % at
/// 4,000,000.
fn is_excessive(aliased: u32, decodes: u32) -> bool {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let decodes = f64::from(decodes);
    let allowed = 0.99 - 0.89 * ((decodes - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
    f64::from(aliased) / decodes > allowed
}

#[cfg(test)]
mod tests;
