//! `explain` for programs, and the parts that other commands share. The shape is described in `docs/explain.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Explanation;
use super::policies::{PolicyJson, policy};
use crate::change::Hidden;
use crate::diag::{Fix, Problem};
use crate::plan::{Reason, StepPlan, WorkflowPlan};
use crate::source::{FileId, Sources};
use crate::text::to_server_string;

/// The version of the JSON that is written: a change that a reader could trip over raises it.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    change: Change<'a>,
    pipeline: &'static str,
    problems: Vec<ProblemJson<'a>>,
    workflows: Vec<Workflow<'a>>,
    policies: Vec<PolicyJson<'a>>,
}

/// The change, and what it was taken from.
#[derive(Serialize)]
pub(super) struct Change<'a> {
    event: &'a str,
    branch: Option<&'a str>,
    #[serde(rename = "ref")]
    git_ref: Option<&'a str>,
    message: &'a str,
    commit: Option<&'a str>,
    forge: String,
    woodpecker: String,
    changed_files: Vec<String>,
    notes: &'a [String],
}

/// A file that changed and that the forge does not list.
#[derive(Serialize)]
pub(super) struct HiddenJson<'a> {
    pub(super) path: String,
    pub(super) why: &'a str,
}

#[derive(Serialize)]
struct Workflow<'a> {
    name: &'a str,
    file: &'a str,
    matrix: &'a BTreeMap<String, String>,
    verdict: &'static str,
    reasons: Vec<ReasonJson<'a>>,
    depends_on: &'a [String],
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    step_type: &'static str,
    verdict: &'static str,
    stage: Option<u32>,
    on_success: bool,
    on_failure: bool,
    reasons: Vec<ReasonJson<'a>>,
}

#[derive(Serialize)]
pub(super) struct ReasonJson<'a> {
    pub kind: &'a str,
    pub entry: Option<u32>,
    pub clause: Option<&'a str>,
    pub pattern: Option<&'a str>,
    pub file: Option<String>,
    pub value: Option<&'a str>,
    pub span: Option<SpanJson<'a>>,
    pub via: Vec<SpanJson<'a>>,
    pub text: String,
}

/// A place: lines and columns from 1, bytes from 0.
#[derive(Serialize)]
pub(super) struct SpanJson<'a> {
    pub file: &'a str,
    pub line: u32,
    pub column: u32,
    pub start: u32,
    pub end: u32,
}

/// A problem, with the places of its labels.
#[derive(Serialize)]
pub(super) struct ProblemJson<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<LabelJson<'a>>,
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixJson<'a>>,
}

#[derive(Serialize)]
struct FixJson<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditJson<'a>>,
}

/// The bytes of `span` give way to `text`.
#[derive(Serialize)]
struct EditJson<'a> {
    span: SpanJson<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    span: SpanJson<'a>,
    text: &'a str,
}

/// Writes `value`, indented, with a line break at the end.
pub(super) fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Writes `explanation` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_explanation(out: &mut dyn Write, explanation: &Explanation<'_>) -> io::Result<()> {
    let Explanation { plan, files, .. } = *explanation;
    let root = Root {
        schema_version: SCHEMA_VERSION,
        change: change(explanation),
        pipeline: plan.outcome.name(),
        problems: plan.problems.iter().map(|it| problem(it, files)).collect(),
        workflows: explanation.workflows().map(|it| workflow(it, explanation)).collect(),
        policies: policies(explanation),
    };
    write_json(out, &root)
}

pub(super) fn policies<'a>(explanation: &Explanation<'a>) -> Vec<PolicyJson<'a>> {
    let Explanation { plan, files, policies, .. } = *explanation;
    policies.iter().map(|it| policy(it, plan, files)).collect()
}

pub(super) fn change<'a>(explanation: &Explanation<'a>) -> Change<'a> {
    let Explanation { context, notes, server, .. } = *explanation;
    Change {
        event: context.event().as_str(),
        branch: context.branch(),
        git_ref: context.git_ref(),
        message: context.message(),
        commit: context.commit(),
        forge: context.forge().to_string(),
        woodpecker: server.to_string(),
        changed_files: context.files().iter().map(|file| to_server_string(file)).collect(),
        notes,
    }
}

pub(super) fn hidden(hidden: &Hidden) -> HiddenJson<'_> {
    HiddenJson { path: to_server_string(&hidden.path), why: &hidden.why }
}

fn workflow<'a>(workflow: &'a WorkflowPlan, explanation: &Explanation<'a>) -> Workflow<'a> {
    let files = explanation.files;
    Workflow {
        name: &workflow.name,
        file: files[workflow.file].name(),
        matrix: &workflow.axis,
        verdict: workflow.verdict.name(),
        reasons: reasons(&workflow.reasons, workflow.file, files),
        depends_on: &workflow.depends_on,
        steps: explanation.steps(workflow).map(|it| step(it, workflow.file, files)).collect(),
    }
}

fn step<'a>(step: &'a StepPlan, file: FileId, files: &'a Sources) -> Step<'a> {
    Step {
        name: &step.name,
        step_type: step.step_type.name(),
        verdict: step.verdict.name(),
        stage: step.stage,
        on_success: step.on_success,
        on_failure: step.on_failure,
        reasons: reasons(&step.reasons, file, files),
    }
}

pub(super) fn reasons<'a>(reasons: &'a [Reason], file: FileId, files: &'a Sources) -> Vec<ReasonJson<'a>> {
    let of = |reason: &'a Reason| ReasonJson {
        kind: reason.kind.name(),
        entry: reason.entry,
        clause: reason.clause.map(crate::plan::Clause::key),
        pattern: reason.pattern.as_deref(),
        file: reason.file.as_deref().map(to_server_string),
        value: reason.value.as_deref(),
        span: reason.span.map(|it| span(it, file, files)),
        via: reason.via.iter().map(|&it| span(it, file, files)).collect(),
        text: reason.to_string(),
    };
    reasons.iter().map(of).collect()
}

fn span(span: crate::source::Span, file: FileId, files: &Sources) -> SpanJson<'_> {
    let source = &files[file];
    let position = source.position(span.start);
    SpanJson { file: source.name(), line: position.line, column: position.column, start: span.start, end: span.end }
}

pub(super) fn problem<'a>(problem: &'a Problem, files: &'a Sources) -> ProblemJson<'a> {
    let labels = problem.labels.iter();
    ProblemJson {
        code: problem.code,
        severity: problem.severity.name(),
        message: &problem.message,
        labels: labels.map(|it| LabelJson { span: span(it.span, it.file, files), text: &it.text }).collect(),
        help: problem.help.as_deref(),
        fixes: problem.fixes.iter().map(|it| fix(it, files)).collect(),
    }
}

fn fix<'a>(fix: &'a Fix, files: &'a Sources) -> FixJson<'a> {
    let edits = fix.edits.iter().map(|it| EditJson { span: span(it.span, it.file, files), text: &it.text });
    FixJson { title: &fix.title, safety: fix.safety.name(), edits: edits.collect() }
}
