//! `diff` for programs. The shape is described in `docs/diff.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Differences, Replay};
use crate::change::Event;
use crate::plan::{Key, Question, Verdict};
use crate::prove::{Difference, Differing, Target};
use crate::report::SCHEMA_VERSION;
use crate::report::json::write_json;

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    before: &'a str,
    after: &'a str,
    woodpecker: String,
    equivalent: Option<bool>,
    differences: Vec<DifferenceJson<'a>>,
    undecided: &'a [String],
    notes: &'a [String],
    replay: Option<&'a Replay>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    targets: Vec<TargetJson<'a>>,
    shift: &'static str,
    kinds: Vec<KindJson<'a>>,
    more: Option<&'a str>,
}

#[derive(Serialize)]
struct TargetJson<'a> {
    kind: &'static str,
    workflow: Option<&'a str>,
    matrix: Option<&'a BTreeMap<String, String>>,
    step: Option<&'a str>,
    nth: Option<usize>,
}

#[derive(Serialize)]
struct KindJson<'a> {
    events: Vec<&'a str>,
    answers: Vec<AnswerJson<'a>>,
    hangs_on: &'a [String],
    text: String,
    example: ExampleJson<'a>,
    before: Option<&'static str>,
    after: Option<&'static str>,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    question: &'static str,
    of: Vec<&'a str>,
    answer: bool,
}

#[derive(Serialize)]
struct ExampleJson<'a> {
    event: Option<&'a str>,
    branch: Option<&'a str>,
    #[serde(rename = "ref")]
    git_ref: Option<&'a str>,
    message: &'a str,
    changed_files: &'a [String],
}

/// Writes what differs as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_differences_json(out: &mut dyn Write, differences: &Differences<'_>) -> io::Result<()> {
    let Differences { before, after, comparison, server, notes, replay } = *differences;
    let equivalent = match (comparison.differences.is_empty(), comparison.undecided.is_empty()) {
        (true, true) => Some(true),
        (true, false) => None,
        (false, _) => Some(false),
    };
    let root = Root {
        schema_version: SCHEMA_VERSION,
        before,
        after,
        woodpecker: server.to_string(),
        equivalent,
        differences: comparison.differences.iter().map(difference).collect(),
        undecided: &comparison.undecided,
        notes,
        replay,
    };
    write_json(out, &root)
}

fn difference(difference: &Difference) -> DifferenceJson<'_> {
    DifferenceJson {
        targets: difference.targets.iter().map(target).collect(),
        shift: difference.shift.name(),
        kinds: difference.kinds.iter().map(kind).collect(),
        more: difference.more.as_deref(),
    }
}

fn target(target: &Target) -> TargetJson<'_> {
    match target {
        Target::Pipeline => TargetJson { kind: "pipeline", workflow: None, matrix: None, step: None, nth: None },
        Target::Workflow { name, axis } => {
            TargetJson { kind: "workflow", workflow: Some(name), matrix: Some(axis), step: None, nth: None }
        }
        Target::Step { workflow, axis, name, nth } => {
            TargetJson { kind: "step", workflow: Some(workflow), matrix: Some(axis), step: Some(name), nth: Some(*nth) }
        }
    }
}

fn kind(kind: &Differing) -> KindJson<'_> {
    let change = &kind.class.change;
    let example = ExampleJson {
        event: kind.events.first().map(Event::as_str),
        branch: change.value(Key::Branch),
        git_ref: change.value(Key::Ref),
        message: &change.message,
        changed_files: &change.files,
    };
    KindJson {
        events: kind.events.iter().map(Event::as_str).collect(),
        answers: kind.class.answers.iter().map(answer).collect(),
        hangs_on: &kind.class.hangs,
        text: kind.to_string(),
        example,
        before: kind.before.map(Verdict::name),
        after: kind.after.map(Verdict::name),
    }
}

fn answer((question, answer): &(Question, bool)) -> AnswerJson<'_> {
    let (question, of) = match question {
        Question::NoFiles => ("no_files", Vec::new()),
        Question::FileMatched(globs) => ("file_matched", globs.texts().collect()),
        Question::FileUnmatched(globs) => ("file_unmatched", globs.texts().collect()),
        Question::MessageHolds(text) => ("message_holds", vec![text.as_str()]),
        Question::Value(key, globs) => (key.name(), globs.texts().collect()),
        Question::Server(doubt) => ("server", vec![doubt.name.as_str()]),
        Question::Fails(doubt) => ("fails", vec![doubt.name.as_str()]),
    };
    AnswerJson { question, of, answer: *answer }
}
