//! The top of a workflow file.

use super::model::{Dependency, Place, Placed, Step, When, Workflow};
use super::problem::decode_problem;
use super::{legacy, step, when};
use crate::diag::Problem;
use crate::server::{Difference, Version};
use crate::source::{FileId, OffsetMap, Span};
use crate::yaml::{Decode, Decoder, Dialect, Document, Field, NodeId, Shape, Slack, Text};

/// What lowering reads besides the document.
pub(super) struct Lowering<'m> {
    pub server: Version,
    /// From the parsed text to the file as it was written.
    pub map: &'m OffsetMap,
}

impl Lowering<'_> {
    /// The place of what `id` stands for, reached through the decoder's trail.
    pub(super) fn place(&self, decoder: &Decoder<'_, '_>, id: NodeId) -> Place {
        let target = decoder.follow(id);
        let mut via = self.trail(decoder);
        if target != id && decoder.trail().last() != Some(&id) {
            via.push(self.span(decoder, id));
        }
        Place { span: self.span(decoder, target), via, node: Some(target) }
    }

    /// The place of a decoded text.
    pub(super) fn text_place(&self, decoder: &Decoder<'_, '_>, text: &Text<'_>) -> Place {
        let mut via = self.trail(decoder);
        let alias = text.via.filter(|alias| decoder.trail().last() != Some(alias));
        via.extend(alias.map(|alias| self.span(decoder, alias)));
        Place { span: self.span(decoder, text.node), via, node: Some(text.node) }
    }

    /// From the bytes of a decoded text to those of the file as it was written; empty where nothing was substituted in it.
    pub(super) fn substituted(&self, decoder: &Decoder<'_, '_>, node: NodeId) -> OffsetMap {
        let document = decoder.document();
        match self.map.exact(document.node(node).span) {
            Some(_) => OffsetMap::new(),
            None => document.value_map(node).then(self.map),
        }
    }

    pub(super) fn placed(&self, decoder: &Decoder<'_, '_>, text: Text<'_>) -> Placed<String> {
        let place = self.text_place(decoder, &text);
        Placed { value: text.value.into_owned(), place }
    }

    fn trail(&self, decoder: &Decoder<'_, '_>) -> Vec<Span> {
        decoder.trail().iter().map(|&alias| self.span(decoder, alias)).collect()
    }

    fn span(&self, decoder: &Decoder<'_, '_>, id: NodeId) -> Span {
        self.map.to_source(decoder.document().node(id).span)
    }
}

/// Reads `document` as a workflow of `server`.
///
/// `map` leads from the document's text to the text of `file` as it was written; all places are in the latter. The problems are what
/// the server refuses the file for; with any of them the workflow is what could be read all the same. Of another text within the slack, with
/// the same `map`, both are the same.
pub fn lower(
    document: &Document<'_>,
    map: &OffsetMap,
    file: FileId,
    server: Version,
) -> (Workflow, Vec<Problem>, Slack) {
    let mut workflow = Workflow::default();
    let mut decoder = match Decoder::new(document, Dialect::from(server)) {
        Ok(decoder) => decoder,
        Err(error) => return (workflow, vec![decode_problem(&error, map, file)], Slack::default()),
    };
    let lowering = Lowering { server, map };
    let mut legacy = legacy::Top::default();
    if let Some(root) = document.root() {
        // Where the server gives up, so do we: the error is recorded.
        let _given_up =
            decoder.fields(root, KEYS, |decoder, field| key(decoder, &lowering, &field, &mut workflow, &mut legacy));
    }
    let errors = decoder.take_errors();
    let mut problems: Vec<Problem> = errors.iter().map(|error| decode_problem(error, map, file)).collect();
    legacy.apply(&mut workflow, file, &mut problems);
    (workflow, problems, decoder.slack(map))
}

const KEYS: &[&str] = &[
    "when",
    "workspace",
    "clone",
    "steps",
    "services",
    "labels",
    "depends_on",
    "concurrency",
    "skip_clone",
    "runs_on",
    "networks",
    "volumes",
    "platform",
    "branches",
    "pipeline",
];

fn key<'d>(
    decoder: &mut Decoder<'d, '_>,
    lowering: &Lowering<'_>,
    field: &Field<'d>,
    workflow: &mut Workflow,
    legacy: &mut legacy::Top,
) -> Decode<()> {
    let value = field.value;
    match &*field.name {
        "when" => workflow.when = when::when(decoder, lowering, value)?,
        "workspace" => {
            decoder.fields(value, &["base", "path"], |decoder, field| {
                if matches!(&*field.name, "base" | "path") {
                    decoder.in_outline(|decoder| decoder.str(field.value))?;
                }
                Ok(())
            })?;
        }
        "clone" => workflow.clone = step::steps(decoder, lowering, value)?,
        "steps" => workflow.steps = step::steps(decoder, lowering, value)?,
        "services" => workflow.services = step::steps(decoder, lowering, value)?,
        "labels" => drop(decoder.in_outline(|decoder| decoder.string_map(value))?),
        "depends_on" => workflow.depends_on = workflow_dependencies(decoder, lowering, value)?,
        "concurrency" if lowering.server.has(Difference::Concurrency) => concurrency(decoder, value)?,
        "skip_clone" => workflow.skip_clone = decoder.bool(value)?.unwrap_or_default(),
        "runs_on" => {
            let listed = decoder.strings(value)?.is_some_and(|list| !list.is_empty());
            workflow.runs_on = listed.then(|| lowering.place(decoder, field.key));
        }
        name if lowering.server.has(Difference::LegacyKeys) => {
            legacy.key(decoder, lowering, name, field)?;
        }
        _ => {}
    }
    Ok(())
}

fn workflow_dependencies(
    decoder: &mut Decoder<'_, '_>,
    lowering: &Lowering<'_>,
    value: NodeId,
) -> Decode<Vec<Dependency>> {
    if lowering.server.has(Difference::OptionalDependencies) {
        return Ok(step::dependencies(decoder, lowering, value)?.unwrap_or_default());
    }
    let names = decoder.strings(value)?.unwrap_or_default();
    Ok(names.into_iter().map(|name| step::required(decoder, lowering, name)).collect())
}

/// `concurrency`: a number, or a map with `limit` and `group`.
fn concurrency(decoder: &mut Decoder<'_, '_>, value: NodeId) -> Decode<()> {
    decoder.by_kind(value, |decoder, value, kind| {
        match kind {
            Shape::Scalar => drop(decoder.int(value)?),
            Shape::Mapping => drop(decoder.fields(value, &["limit", "group"], |decoder, field| {
                match &*field.name {
                    "limit" => drop(decoder.int(field.value)?),
                    "group" => drop(decoder.str(field.value)?),
                    _ => {}
                }
                Ok(())
            })?),
            Shape::Sequence => decoder.refuse_kind(value, "a number or a map")?,
        }
        Ok(())
    })?;
    Ok(())
}

/// Puts the steps of the 2.x key `pipeline` where `steps` has none.
pub(super) fn use_pipeline(workflow: &mut Workflow, pipeline: Vec<Step>) {
    if workflow.steps.is_empty() {
        workflow.steps = pipeline;
    }
}

/// Whether a workflow-level `when` can still take a `branch` filter from the 2.x key `branches`.
pub(super) fn takes_branches(when: &When) -> bool {
    match when.entries.as_slice() {
        // An empty list is not the same as no `when`.
        [] => when.place.is_none(),
        [one] => one.branch.include.is_empty() && one.branch.exclude.is_empty(),
        _ => false,
    }
}
