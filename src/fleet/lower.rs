//! From a roster's text to what it says.

use super::roster::{Agent, Agents, Key, Roster, Slot};
use super::rules::several_documents;
use crate::diag::Problem;
use crate::source::{FileId, OffsetMap, Source, Span};
use crate::workflow::{Place, Placed, decode_problem, encoding_problem, syntax_problem};
use crate::yaml::{
    Data, Decode, DecodeError, DecodeErrorKind, Decoder, Dialect, Document, Field, NodeId, Value, ValueData,
};

/// The keys of a roster.
pub(super) const ROSTER_KEYS: [&str; 4] = ["version", "transport", "profile", "agents"];
/// The keys of an agent.
pub(super) const AGENT_KEYS: [&str; 3] = ["name", "runtime", "class"];

/// Reads the text of `source` as a roster: its first document, as YAML 1.2 with the anchors and merge keys of 1.1.
///
/// The problems are those of its form: no YAML, a value of the wrong type, a key that is there twice, a second document. They are errors, and
/// with any of them the roster is what could be read all the same; `None` only for a text that is no UTF-8, no YAML, or no map.
pub fn lower(source: &Source, file: FileId) -> (Option<Roster<'_>>, Vec<Problem>) {
    if let Some(problem) = encoding_problem(source, file) {
        return (None, vec![problem]);
    }
    let text = source.text();
    let map = OffsetMap::identity(text.len() as u32);
    let document = match Document::parse(text, Dialect::V4) {
        Ok(document) => document,
        Err(error) => return (None, vec![syntax_problem(&error, &map, file)]),
    };
    let mut lowering = Lowering::default();
    let mut decoder = Decoder::of_plain(&document, Dialect::V4);
    let is_map = document.root().is_none_or(|root| lowering.root(&mut decoder, root));
    let mut errors = decoder.take_errors();
    errors.append(&mut lowering.errors);
    errors.sort_by_key(|error| error.span);
    let mut problems: Vec<Problem> = errors.iter().map(|error| decode_problem(error, &map, file)).collect();
    problems.extend(second_document(&document).map(|span| several_documents(file, span)));
    let Lowering { version, transport, profile, agents, unknown, .. } = lowering;
    (is_map.then_some(Roster { document, version, transport, profile, agents, unknown }), problems)
}

/// What has been read.
#[derive(Default)]
struct Lowering {
    version: Slot<Option<i64>>,
    transport: Slot<String>,
    profile: Slot<String>,
    agents: Agents,
    unknown: Vec<Key>,
    /// Errors beside those that the decoder finds.
    errors: Vec<DecodeError>,
}

impl Lowering {
    /// Reads the whole; false when it is no map.
    fn root(&mut self, decoder: &mut Decoder<'_, '_>, root: NodeId) -> bool {
        let read = decoder.fields(root, &ROSTER_KEYS, |decoder, field| self.field(decoder, &field));
        if read.is_err() {
            // Where the decoder gave up, anything may stand behind.
            self.agents.uncertain = true;
            unless_given(&mut self.version, Slot::Unreadable);
            unless_given(&mut self.transport, Slot::Unreadable);
            unless_given(&mut self.profile, Slot::Unreadable);
        }
        !matches!(read, Ok(None))
    }

    fn field(&mut self, decoder: &mut Decoder<'_, '_>, field: &Field<'_>) -> Decode<()> {
        match &*field.name {
            "version" => {
                if let Some(value) = decoder.value(field.value)?.filter(|value| value.data != ValueData::Null) {
                    let number = match value.data {
                        ValueData::Int(number) => Some(number),
                        _ => None,
                    };
                    let place = place(decoder, &value, 0);
                    unless_given(&mut self.version, Slot::Given(Placed { value: number, place }));
                }
            }
            "transport" => {
                let text = self.text(decoder, field.value, 0)?;
                unless_given(&mut self.transport, text);
            }
            "profile" => {
                let text = self.text(decoder, field.value, 0)?;
                unless_given(&mut self.profile, text);
            }
            // Written twice, and which of the two counts depends on who reads it.
            "agents" if self.agents.key.is_some() => self.agents.uncertain = true,
            "agents" => {
                self.agents.key = Some(span(decoder, field.key));
                let outer = decoder.trail().len() + usize::from(decoder.follow(field.value) != field.value);
                let list = decoder.items(field.value, |decoder, item| self.agent(decoder, item, outer))?;
                self.agents.uncertain |= list.is_none();
            }
            _ => self.unknown(decoder, field, false),
        }
        Ok(())
    }

    /// Reads an item of `agents`. `outer` aliases led to the list: they are the same for all agents, so they tell nothing about this one.
    fn agent(&mut self, decoder: &mut Decoder<'_, '_>, item: NodeId, outer: usize) -> Decode<()> {
        if decoder.is_null(item) {
            self.mismatch(decoder, item, "nothing", "an agent");
            return Ok(());
        }
        let mut agent = Agent { grip: grip(decoder, item), ..Agent::default() };
        let errors = decoder.errors().len();
        let read = decoder.fields(item, &AGENT_KEYS, |decoder, field| {
            let slot = match &*field.name {
                "name" => &mut agent.name,
                "runtime" => &mut agent.runtime,
                "class" => &mut agent.class,
                _ => {
                    self.unknown(decoder, &field, true);
                    return Ok(());
                }
            };
            // Unless it is read to the end, it is unreadable.
            let before = std::mem::replace(slot, Slot::Unreadable);
            *slot = self.text(decoder, field.value, outer)?;
            if !before.is_missing() {
                *slot = before;
            }
            Ok(())
        });
        // A key that is there twice, a merge that failed: what could not be read may have been the class.
        self.agents.uncertain |= decoder.errors().len() > errors || agent.class.is_unreadable();
        if let Some(name) = agent.name.given() {
            agent.grip = site(&name.place);
        }
        if let Ok(Some(())) = read {
            self.agents.list.push(agent);
        }
        match read {
            Err(halt) if is_final(decoder) => Err(halt),
            _ => Ok(()),
        }
    }

    /// Reads a text. A number, a bool or a date is none: what a program makes of `0123` or `1e3` is not what was written.
    fn text(&mut self, decoder: &mut Decoder<'_, '_>, id: NodeId, outer: usize) -> Decode<Slot<String>> {
        let Some(value) = decoder.value(id)? else { return Ok(Slot::Unreadable) };
        let place = place(decoder, &value, outer);
        Ok(match value.data {
            ValueData::Str(text) => Slot::Given(Placed { value: text.into_owned(), place }),
            ValueData::Null => Slot::Missing,
            _ => {
                self.mismatch(decoder, id, value.describe(), "a string");
                Slot::Unreadable
            }
        })
    }

    fn mismatch(&mut self, decoder: &Decoder<'_, '_>, id: NodeId, found: &'static str, wanted: &'static str) {
        let via = decoder.trail().iter().map(|&alias| span(decoder, alias));
        let target = decoder.follow(id);
        let own = (target != id).then(|| span(decoder, id));
        self.errors.push(DecodeError {
            span: span(decoder, target),
            kind: DecodeErrorKind::Mismatch { found, wanted },
            via: via.chain(own).collect(),
        });
    }

    /// Notes a key that is not known. One that several agents merge from one map is one key.
    fn unknown(&mut self, decoder: &Decoder<'_, '_>, field: &Field<'_>, of_agent: bool) {
        let key = Key { name: field.name.clone().into_owned(), span: span(decoder, field.key), of_agent };
        if self.unknown.last() != Some(&key) {
            self.unknown.push(key);
        }
    }
}

/// Fills a slot that is empty: of a key that is there twice, the first counts.
fn unless_given<T>(slot: &mut Slot<T>, value: Slot<T>) {
    if slot.is_missing() {
        *slot = value;
    }
}

/// Whether the decoder gave up for a reason that no other part of the document escapes.
fn is_final(decoder: &Decoder<'_, '_>) -> bool {
    let last = decoder.errors().last();
    last.is_some_and(|error| {
        matches!(error.kind, DecodeErrorKind::ExcessiveAliasing | DecodeErrorKind::TooLarge { .. })
    })
}

fn span(decoder: &Decoder<'_, '_>, id: NodeId) -> Span {
    decoder.document().node(id).span
}

/// The place of a value; the outermost `outer` aliases are left out.
fn place(decoder: &Decoder<'_, '_>, value: &Value<'_>, outer: usize) -> Place {
    let trail = decoder.trail().iter().skip(outer).copied();
    let via = trail.chain(value.via).map(|alias| span(decoder, alias)).collect();
    Place { span: span(decoder, value.node), via, node: Some(value.node) }
}

/// Where an agent says what stands at `place`: the value, or the alias that it says it with.
pub(super) fn site(place: &Place) -> Span {
    place.via.first().copied().unwrap_or(place.span)
}

/// What a person knows a nameless item of `agents` by: its first key, else all of it.
fn grip(decoder: &Decoder<'_, '_>, item: NodeId) -> Span {
    let first = match &decoder.document().node(item).data {
        Data::Mapping { pairs, .. } => pairs.first().map(|&(key, _)| key),
        Data::Scalar { .. } | Data::Sequence { .. } | Data::Alias(_) => None,
    };
    span(decoder, first.unwrap_or(item))
}

/// The line that starts a second document, if there is one. Behind the last node of the first, nothing else but comments can stand.
fn second_document(document: &Document<'_>) -> Option<Span> {
    let text = document.text();
    let end = document.node(document.root()?).span.end as usize;
    let (before, behind) = text.split_at_checked(end)?;
    // The rest of the line is still the first document's, unless that ends with a line.
    let rest = if before.ends_with('\n') { 0 } else { behind.find('\n')? + 1 };
    let mut at = end + rest;
    let mut ended = false;
    for line in text.get(at..)?.split_inclusive('\n') {
        let content = line.trim_end();
        let marks = |marker: &str| {
            line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
        };
        let bare = ended && !content.is_empty() && !content.trim_start().starts_with('#') && !marks("...");
        if bare || marks("---") {
            return Some(Span::from(at..at + content.len()));
        }
        ended |= marks("...");
        at += line.len();
    }
    None
}
