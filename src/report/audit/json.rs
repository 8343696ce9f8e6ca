//! `audit` for programs. The shape is described in `docs/audit.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::AuditAnswer;
use crate::audit::{
    At, Cell, Column, Commit, Difference, Failure, Ground, Held, PolicyTally, Record, Shape, StepTally, Unlisted,
};
use crate::calendar::timestamp;
use crate::plan::{Outcome, Verdict};
use crate::policy::Promise;
use crate::report::SCHEMA_VERSION;
use crate::report::json::{HiddenJson, ReasonJson, SpanJson, write_json};
use crate::text::to_server_string;

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    audit: About<'a>,
    summary: Summary,
    steps: Vec<StepJson<'a>>,
    policies: Vec<PolicyJson<'a>>,
    lists: ListsJson<'a>,
    what_if: Option<WhatIfJson<'a>>,
    commits: Vec<CommitJson<'a>>,
    unseen: Vec<FailureJson<'a>>,
    failures: Vec<FailureJson<'a>>,
}

#[derive(Serialize)]
struct About<'a> {
    repository: Option<&'a str>,
    branch: Option<&'a str>,
    tip: &'a str,
    without: Option<&'a str>,
    event: &'a str,
    pull_requests: bool,
    woodpecker: &'a str,
    forge: &'a str,
    guess: Option<&'a str>,
    gates: Option<&'a str>,
    since: Option<String>,
    max: Option<usize>,
    author: Option<&'a str>,
    paths: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize)]
struct Summary {
    commits: usize,
    ran: u64,
    empty: u64,
    skip_ci: u64,
    unreported: u64,
    without_workflows: u64,
    refused: u64,
    spent_seconds: Option<u64>,
    saved_seconds: Option<u64>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    workflow: &'a str,
    matrix: &'a BTreeMap<String, String>,
    step: Option<&'a str>,
    #[serde(rename = "type")]
    step_type: Option<&'static str>,
    nth: Option<u32>,
    runs: u64,
    skips: u64,
    unknown: u64,
    errors: u64,
    share: Option<f64>,
    cost_seconds: Option<u64>,
    spent_seconds: Option<u64>,
    saved_seconds: Option<u64>,
}

#[derive(Serialize)]
struct PolicyJson<'a> {
    name: &'a str,
    concerned: u64,
    kept: u64,
    broken: u64,
    unclear: u64,
    wasted_seconds: Option<u64>,
    violations: Vec<Violation<'a>>,
}

#[derive(Serialize)]
struct Violation<'a> {
    commit: String,
    holding: crate::audit::Holding,
    breaches: Vec<BreachJson<'a>>,
    unlisted: Option<HiddenJson<'a>>,
}

#[derive(Serialize)]
struct BreachJson<'a> {
    promise: Promise,
    workflow: Option<&'a str>,
    matrix: Option<&'a BTreeMap<String, String>>,
    step: Option<&'a str>,
    verdict: Verdict,
    reasons: Vec<ReasonJson<'a>>,
}

#[derive(Serialize)]
struct ListsJson<'a> {
    unlike: u64,
    differing: usize,
    differences: Vec<ListDifference<'a>>,
}

#[derive(Serialize)]
struct ListDifference<'a> {
    commit: String,
    workflow: &'a str,
    matrix: &'a BTreeMap<String, String>,
    step: Option<&'a str>,
    by_forge: Option<Verdict>,
    by_changes: Option<Verdict>,
    unlisted: Option<String>,
}

#[derive(Serialize)]
struct WhatIfJson<'a> {
    own_seconds: Option<u64>,
    other_seconds: Option<u64>,
    differences: Vec<DifferenceJson<'a>>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    commit: String,
    workflow: &'a str,
    matrix: &'a BTreeMap<String, String>,
    step: Option<&'a str>,
    own: Option<Verdict>,
    other: Option<Verdict>,
}

#[derive(Serialize)]
struct CommitJson<'a> {
    commit: String,
    date: String,
    author: &'a str,
    subject: &'a str,
    changed_files: u32,
    pipeline: Outcome,
    skip_ci: bool,
    /// A letter for each of the steps above.
    verdicts: String,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    code: &'a str,
    message: &'a str,
    span: Option<SpanJson<'a>>,
}

#[derive(Serialize)]
struct FailureJson<'a> {
    commit: String,
    message: &'a str,
}

/// Writes `answer` as one JSON object, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_audit_json(out: &mut dyn Write, answer: &AuditAnswer<'_>) -> io::Result<()> {
    let AuditAnswer { head, record, tally } = *answer;
    let priced = tally.is_priced();
    let what_if = tally.what_if.as_ref().map(|what_if| WhatIfJson {
        own_seconds: seconds(what_if.own, priced),
        other_seconds: seconds(what_if.other, priced),
        differences: what_if.differences.iter().map(|it| difference(it, record)).collect(),
    });
    let root = Root {
        schema_version: SCHEMA_VERSION,
        audit: About {
            repository: head.repository.as_deref(),
            branch: head.branch.as_deref(),
            tip: &head.tip,
            without: head.without.as_deref(),
            event: &head.event,
            pull_requests: head.pull_requests,
            woodpecker: &head.woodpecker,
            forge: &head.forge,
            guess: head.guess.as_deref(),
            gates: head.gates.as_deref(),
            since: head.since.map(timestamp),
            max: head.max,
            author: head.author.as_deref(),
            paths: &head.paths,
            notes: &head.notes,
        },
        summary: Summary {
            commits: record.commits.len(),
            ran: tally.ran,
            empty: tally.empty,
            skip_ci: tally.skip_ci,
            unreported: tally.unreported,
            without_workflows: tally.without_workflows,
            refused: tally.refused,
            spent_seconds: seconds(tally.spent(), priced),
            saved_seconds: seconds(tally.saved(), priced),
        },
        steps: record.columns.iter().zip(&tally.steps).map(|(column, tally)| step(column, tally)).collect(),
        policies: tally.policies.iter().enumerate().map(|(at, tally)| policy(at, tally, answer)).collect(),
        lists: ListsJson {
            unlike: tally.lists.unlike,
            differing: tally.lists.commits().len(),
            differences: tally.lists.differences.iter().map(|it| list_difference(it, record)).collect(),
        },
        what_if,
        commits: record.commits.iter().map(|it| commit(it, record)).collect(),
        unseen: record.unseen.iter().map(failure).collect(),
        failures: record.failures.iter().map(failure).collect(),
    };
    write_json(out, &root)
}

fn seconds(duration: Duration, known: bool) -> Option<u64> {
    known.then_some(duration.as_secs())
}

fn step<'a>(column: &'a Column, tally: &StepTally) -> StepJson<'a> {
    StepJson {
        workflow: &column.workflow,
        matrix: &column.axis,
        step: column.step_name(),
        step_type: column.step.as_ref().map(|step| step.step_type.name()),
        nth: column.step.as_ref().map(|step| step.nth),
        runs: tally.runs,
        skips: tally.skips,
        unknown: tally.unknown,
        errors: tally.errors,
        share: tally.share(),
        cost_seconds: tally.cost.map(|cost| cost.as_secs()),
        spent_seconds: tally.spent().map(|cost| cost.as_secs()),
        saved_seconds: tally.saved().map(|cost| cost.as_secs()),
    }
}

fn policy<'a>(at: usize, tally: &PolicyTally, answer: &AuditAnswer<'a>) -> PolicyJson<'a> {
    let record = answer.record;
    let worth = |held: &&Held| held.policy as usize == at && !matches!(held.holding, crate::audit::Holding::Kept);
    let violations =
        record.commits.iter().flat_map(|commit| commit.held.iter().filter(worth).map(move |held| (commit, held)));
    PolicyJson {
        name: answer.head.policies.get(at).map(String::as_str).unwrap_or_default(),
        concerned: tally.concerned(),
        kept: tally.kept,
        broken: tally.broken,
        unclear: tally.unclear,
        wasted_seconds: seconds(tally.wasted, answer.tally.is_priced()),
        violations: violations.map(|(commit, held)| violation(commit, held, record)).collect(),
    }
}

fn violation<'a>(commit: &'a Commit, held: &'a Held, record: &'a Record) -> Violation<'a> {
    let cells = &record.shapes[commit.shape].cells;
    let breaches = held.breaches.iter().map(|breach| {
        let column = breach.column.and_then(|number| record.columns.get(number));
        let cell = cells.iter().find(|cell| Some(cell.column) == breach.column);
        BreachJson {
            promise: breach.promise,
            workflow: column.map(|column| column.workflow.as_str()),
            matrix: column.map(|column| &column.axis),
            step: column.and_then(Column::step_name),
            verdict: breach.verdict,
            reasons: cell.map(|cell| reasons(cell, commit, record)).unwrap_or_default(),
        }
    });
    let unlisted = held.unlisted.map(|number| {
        let Unlisted { path, why } = &record.unlisted[number];
        HiddenJson { path: to_server_string(&path.0), why }
    });
    Violation { commit: commit.hex(), holding: held.holding, breaches: breaches.collect(), unlisted }
}

fn difference<'a>(difference: &Difference, record: &'a Record) -> DifferenceJson<'a> {
    let column = &record.columns[difference.column];
    DifferenceJson {
        commit: record.commits[difference.commit].hex(),
        workflow: &column.workflow,
        matrix: &column.axis,
        step: column.step_name(),
        own: difference.own,
        other: difference.other,
    }
}

fn list_difference<'a>(difference: &Difference, record: &'a Record) -> ListDifference<'a> {
    let column = &record.columns[difference.column];
    ListDifference {
        commit: record.commits[difference.commit].hex(),
        workflow: &column.workflow,
        matrix: &column.axis,
        step: column.step_name(),
        by_forge: difference.other,
        by_changes: difference.own,
        unlisted: difference.unlisted(record).map(|path| to_server_string(&path.0)),
    }
}

fn commit<'a>(commit: &'a Commit, record: &'a Record) -> CommitJson<'a> {
    let shape = &record.shapes[commit.shape];
    let problem = |&trouble: &u32| {
        let trouble = &record.troubles[trouble];
        let span = trouble.place.as_ref().map(|(file, at)| span(file, *at));
        ProblemJson { code: &trouble.code, message: &trouble.message, span }
    };
    CommitJson {
        commit: commit.hex(),
        date: timestamp(commit.date),
        author: &record.authors[commit.author],
        subject: &commit.subject,
        changed_files: commit.changed,
        pipeline: shape.pipeline,
        skip_ci: shape.skip_ci,
        verdicts: letters(shape, record),
        problems: shape.troubles.iter().map(problem).collect(),
    }
}

/// A letter for each column: `r`un, `s`kip, `u`nknown, `d`ropped, `e`rror; `.` where the commit has no such step.
fn letters(shape: &Shape, record: &Record) -> String {
    let mut letters = vec![b'.'; record.columns.len()];
    for cell in &shape.cells {
        letters[cell.column as usize] = cell.verdict.name().as_bytes()[0];
    }
    // They are all ASCII.
    String::from_utf8(letters).unwrap_or_default()
}

fn failure(failure: &Failure) -> FailureJson<'_> {
    FailureJson { commit: failure.hex(), message: &failure.message }
}

fn reasons<'a>(cell: &Cell, commit: &Commit, record: &'a Record) -> Vec<ReasonJson<'a>> {
    record.grounds[cell.ground].iter().map(|ground| reason(ground, commit, record)).collect()
}

fn reason<'a>(ground: &Ground, commit: &Commit, record: &'a Record) -> ReasonJson<'a> {
    let cause = &record.causes[ground.cause];
    let file = ground.mention.and_then(|at| commit.mentions.get(at as usize)).map(|&path| &record.paths[path].0);
    let text = match (&cause.after, file) {
        (Some(after), Some(file)) => format!("{}{}{after}", cause.before, crate::text::escape(file)),
        _ => cause.before.clone(),
    };
    ReasonJson {
        kind: &cause.kind,
        entry: cause.entry,
        clause: cause.clause.as_deref(),
        pattern: cause.pattern.as_deref(),
        file: file.map(|file| to_server_string(file)),
        value: cause.value.as_deref(),
        span: cause.at.map(|at| span(&cause.file, at)),
        via: cause.via.iter().map(|via| span(&cause.file, via.at)).collect(),
        text,
    }
}

fn span(file: &str, at: At) -> SpanJson<'_> {
    SpanJson { file, line: at.line, column: at.column, start: at.start, end: at.end }
}
