//! Whether conditions hold, and what decided: `when`, its entries, their clauses.
//!
//! The server's `constraint` package is the model: entries are OR'd, the clauses of one are AND'd, `evaluate` runs even when another
//! clause has failed already, and an error in it stops the pipeline if its entry is reached. All of it is three-valued here: a value
//! that only the server has makes a clause unknown, not false.

use super::facts::{Facts, Known, any_of};
use super::inquiry::{Question, Subject};
use super::reason::{Clause, Kind, Reason};
use super::truth::Truth;
use super::{open, paths};
use crate::change::Event;
use crate::expr::{self, Outcome};
use crate::server::Difference;
use crate::source::Span;
use crate::workflow::{AxisFilter, Entry, Expression, Filter, Glob, When};

/// Where a `when` stands: `matrix` is looked at in steps only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Workflow,
    Step,
}

/// An `evaluate` that cannot be evaluated, in an entry that the server reaches.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// The bytes at fault, in the file as it was written.
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
}

/// What a `when` comes to.
#[derive(Debug)]
pub(super) struct Decision {
    pub truth: Truth,
    /// What decided: of the entry that let it through, or of every entry when none did.
    pub reasons: Vec<Reason>,
    /// The server refuses the pipeline.
    pub failure: Option<Failure>,
}

/// Decides `when` as the server does.
pub(super) fn decide(when: &When, scope: Scope, facts: &Facts<'_>) -> Decision {
    if when.entries.is_empty() {
        return Decision { truth: Truth::Yes, reasons: vec![Reason::new(Kind::Unconditional)], failure: None };
    }
    let mut all = Vec::new();
    let mut truth = Truth::No;
    for (at, entry) in when.entries.iter().enumerate() {
        let held = hold(entry, scope, facts);
        let mut reasons = held.reasons;
        for reason in &mut reasons {
            reason.entry = Some(at as u32);
        }
        if held.failure.is_some() && truth == Truth::No {
            return Decision { truth: Truth::No, reasons, failure: held.failure };
        }
        match held.truth {
            // After an entry that may have let through already, a failure is not certain.
            _ if held.failure.is_some() => truth = Truth::Unknown,
            Truth::Yes => return Decision { truth: Truth::Yes, reasons, failure: None },
            Truth::Unknown => truth = Truth::Unknown,
            Truth::No => {}
        }
        all.append(&mut reasons);
    }
    if truth == Truth::Unknown {
        all.retain(|reason| matches!(reason.kind, Kind::NeedsServer | Kind::Fails));
    }
    Decision { truth, reasons: all, failure: None }
}

/// Whether the step runs after success and after failure, by the `status` of its entries.
pub(super) fn outcomes(when: &When, scope: Scope, facts: &Facts<'_>) -> (bool, bool) {
    if when.entries.is_empty() {
        return (true, false);
    }
    let exact = facts.server.has(Difference::StatusOfMatchingEntries);
    let mut success = false;
    let mut failure = false;
    for entry in &when.entries {
        let counts = !exact || {
            let held = hold(entry, scope, facts);
            held.failure.is_none() && held.truth != Truth::No
        };
        if counts {
            let lists = |status: &str| entry.status.include.iter().any(|glob| matches(glob, status, exact));
            success |= entry.status.include.is_empty() || lists("success");
            failure |= lists("failure");
        }
    }
    (success, failure)
}

/// What an entry comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It lets through.
    Yes,
    /// It does not.
    No,
    /// Its `evaluate` fails: the server refuses the pipeline, if no entry before it has let through.
    Fails,
}

/// What `entry` comes to, of an open change.
pub(super) fn answer(entry: &Entry, scope: Scope, facts: &Facts<'_>) -> Answer {
    let held = hold(entry, scope, facts);
    match held.truth {
        _ if held.failure.is_some() => Answer::Fails,
        Truth::Yes => Answer::Yes,
        Truth::No | Truth::Unknown => Answer::No,
    }
}

struct Held {
    truth: Truth,
    /// Of an entry that holds: what each clause rests on. Else: each clause that does not hold.
    reasons: Vec<Reason>,
    failure: Option<Failure>,
}

/// Collects the clauses of one entry.
struct Clauses {
    truth: Truth,
    reasons: Vec<(Truth, Reason)>,
    is_open: bool,
}

impl Clauses {
    fn add(&mut self, clause: impl FnOnce() -> (Truth, Reason)) {
        // Of a change that is asked about only the outcome matters, so the fewer questions the better.
        if self.is_open && self.truth == Truth::No {
            return;
        }
        let (truth, reason) = clause();
        self.truth = self.truth.and(truth);
        self.reasons.push((truth, reason));
    }
}

fn hold(entry: &Entry, scope: Scope, facts: &Facts<'_>) -> Held {
    let mut clauses = Clauses { truth: Truth::Yes, reasons: Vec::new(), is_open: facts.open.is_some() };
    if scope == Scope::Step && entry.matrix.place.is_some() {
        clauses.add(|| axis(&entry.matrix, facts));
    }
    let exact_event = facts.server.has(Difference::ExactEvents);
    let event = Known::Value(facts.event.as_str());
    let on_tag = *facts.event == Event::Tag;
    for (clause, filter, value, exact) in [
        (Clause::Platform, &entry.platform, facts.platform, false),
        (Clause::Environment, &entry.environment, facts.deploy_target, false),
        (Clause::Event, &entry.event, event, exact_event),
        (Clause::Repo, &entry.repo, facts.repo, false),
        (Clause::Ref, &entry.git_ref, facts.git_ref, false),
        (Clause::Instance, &entry.instance, facts.instance, false),
    ] {
        if filter.place.is_some() {
            clauses.add(|| value_filter(clause, filter, value, exact, facts));
        }
    }
    if let Some(place) = &entry.path.place {
        if facts.reads_paths() {
            clauses.add(|| paths::path(&entry.path, facts));
        } else {
            let reason = Reason::of(Kind::PathNotRead, Clause::Path).value(facts.event.as_str()).at(place);
            clauses.add(|| (Truth::Yes, reason));
        }
    }
    if entry.branch.place.is_some() && !on_tag {
        clauses.add(|| value_filter(Clause::Branch, &entry.branch, facts.branch, false, facts));
    }
    if entry.cron.place.is_some() && *facts.event == Event::Cron {
        clauses.add(|| value_filter(Clause::Cron, &entry.cron, facts.cron, false, facts));
    }
    let mut failure = None;
    if let Some(expression) = &entry.evaluate {
        match evaluate(expression, facts) {
            Ok(result) => clauses.add(|| result),
            Err(error) => {
                let reason = Reason::of(Kind::Fails, Clause::Evaluate).at(&expression.place).value(&error.message);
                let reason = Reason { pattern: Some(expression.value.clone()), ..reason };
                clauses.add(|| (Truth::No, reason));
                failure = Some(error);
            }
        }
    }
    let truth = clauses.truth;
    let mut reasons: Vec<Reason> =
        clauses.reasons.into_iter().filter(|(of, _)| *of == truth).map(|(_, reason)| reason).collect();
    if reasons.is_empty() {
        reasons.push(Reason::new(Kind::Open).at(&entry.place));
    }
    Held { truth, reasons, failure }
}

/// An `include`/`exclude` filter over one value: an exclude match fails; then an include must match, if there are any.
fn value_filter(clause: Clause, filter: &Filter, value: Known<'_>, exact: bool, facts: &Facts<'_>) -> (Truth, Reason) {
    if filter.include.is_empty() && filter.exclude.is_empty() {
        return (Truth::Yes, Reason::of(Kind::NotExcluded, clause).at_some(filter.place.as_ref()));
    }
    let text = if let Known::Value(text) = value { text } else { "" };
    let excluded = first_match(&filter.exclude, value, exact, facts);
    if let First::Match(glob) = excluded {
        return (Truth::No, Reason::of(Kind::Excluded, clause).value(text).by(glob));
    }
    let included = first_match(&filter.include, value, exact, facts);
    match (excluded, included) {
        (_, First::None) if !filter.include.is_empty() => {
            (Truth::No, Reason::of(Kind::NotIncluded, clause).value(text).at_some(filter.place.as_ref()))
        }
        (First::Unknown(name), _) | (_, First::Unknown(name)) => {
            (Truth::Unknown, Reason::needs_server(clause, name).at_some(filter.place.as_ref()))
        }
        (_, First::Match(glob)) => (Truth::Yes, Reason::of(Kind::Included, clause).value(text).by(glob)),
        (_, First::None) => {
            (Truth::Yes, Reason::of(Kind::NotExcluded, clause).value(text).at_some(filter.place.as_ref()))
        }
    }
}

/// The first pattern that matches; else a variable in a pattern that makes it unknown; else none.
pub(super) enum First<'g> {
    Match(&'g Glob),
    Unknown(&'g str),
    None,
}

fn first_match<'g>(globs: &'g [Glob], value: Known<'g>, exact: bool, facts: &'g Facts<'_>) -> First<'g> {
    let is_known = |glob: &&Glob| facts.hole_in(glob.place.span).is_none();
    let found = match (value, facts.open) {
        (Known::Value(text), _) => globs.iter().filter(is_known).find(|glob| matches(glob, text, exact)),
        (Known::Open(key), Some(open)) => {
            let known: Vec<&Glob> = globs.iter().filter(is_known).collect();
            let ask = |_: &&Glob| open.inquiry.ask(Question::Value(key, any_of(&known)));
            known.first().copied().filter(ask)
        }
        (Known::Open(_) | Known::Unknown(_), _) => None,
    };
    if let Some(found) = found {
        return First::Match(found);
    }
    let mut unknown = None;
    for glob in globs {
        let hole = facts.hole_in(glob.place.span);
        let name = match (value, hole) {
            (Known::Unknown(name), _) | (_, Some(name)) => name,
            (Known::Open(_) | Known::Value(_), None) => continue,
        };
        let held = || match value {
            Known::Unknown(name) => variable(name),
            Known::Open(key) => variable(key.name()),
            Known::Value(text) => text.to_owned(),
        };
        match facts.doubt(name, || Subject::Match { value: held(), glob: facts.named_glob(glob) }) {
            Truth::Yes => return First::Match(glob),
            Truth::No => {}
            Truth::Unknown => unknown = unknown.or(Some(name)),
        }
    }
    unknown.map_or(First::None, First::Unknown)
}

/// A variable that is not known, as texts of a [`Subject`] name it.
fn variable(name: &str) -> String {
    format!("\0{name}\0")
}

fn matches(glob: &Glob, value: &str, exact: bool) -> bool {
    if exact { glob.pattern.text() == value } else { glob.pattern.is_match(value.as_bytes()) }
}

/// `matrix`: fails when all excludes match, and when some include does not. A missing axis reads as empty.
fn axis(filter: &AxisFilter, facts: &Facts<'_>) -> (Truth, Reason) {
    let value = |name: &str| facts.axis.get(name).map_or("", String::as_str);
    let shown = |name: &str| format!("{name}={}", value(name));
    let place = filter.place.as_ref();
    let test = |(name, glob): &(String, Glob)| match facts.hole_in(glob.place.span) {
        Some(hole) => {
            facts.doubt(hole, || Subject::Match { value: value(name).to_owned(), glob: facts.named_glob(glob) })
        }
        None => Truth::of(matches(glob, value(name), false)),
    };
    let hole = || {
        let globs = filter.exclude.iter().chain(&filter.include);
        globs.map(|(_, glob)| glob).find_map(|glob| facts.hole_in(glob.place.span)).unwrap_or_default()
    };
    let mut truth = Truth::Yes;
    if let Some((name, glob)) = filter.exclude.first() {
        let all = filter.exclude.iter().map(test).fold(Truth::Yes, Truth::and);
        match all {
            Truth::Yes => return (Truth::No, Reason::of(Kind::Excluded, Clause::Matrix).value(shown(name)).by(glob)),
            Truth::Unknown => truth = Truth::Unknown,
            Truth::No => {}
        }
    }
    for pair in &filter.include {
        match test(pair) {
            Truth::No => {
                let reason = Reason::of(Kind::NotIncluded, Clause::Matrix).value(shown(&pair.0)).by(&pair.1);
                return (Truth::No, reason);
            }
            Truth::Unknown => truth = Truth::Unknown,
            Truth::Yes => {}
        }
    }
    if truth == Truth::Unknown {
        return (Truth::Unknown, Reason::needs_server(Clause::Matrix, hole()).at_some(place));
    }
    match filter.include.first() {
        Some((name, glob)) => (truth, Reason::of(Kind::Included, Clause::Matrix).value(shown(name)).by(glob)),
        None => (truth, Reason::of(Kind::NotExcluded, Clause::Matrix).at_some(place)),
    }
}

fn evaluate(expression: &Expression, facts: &Facts<'_>) -> Result<(Truth, Reason), Failure> {
    let place = &expression.place;
    if let Some(name) = facts.hole_in(place.span) {
        let truth = facts.doubt(name, || open::expression(expression, facts));
        return Ok((truth, Reason::needs_server(Clause::Evaluate, name).at(place)));
    }
    let outcome = match facts.open {
        Some(open) => open.evaluate(expression, facts).map(|truth| Outcome::Bool(truth == Truth::Yes)),
        None => expr::evaluate(&expression.value, facts.env, facts.server),
    };
    let of = |kind| Reason { pattern: Some(expression.value.clone()), ..Reason::of(kind, Clause::Evaluate).at(place) };
    match outcome {
        Ok(Outcome::Bool(true)) => Ok((Truth::Yes, of(Kind::True))),
        Ok(Outcome::Bool(false)) => Ok((Truth::No, of(Kind::False))),
        Ok(Outcome::Unknown { name }) => Ok((Truth::Unknown, Reason::needs_server(Clause::Evaluate, &name).at(place))),
        Err(error) => Err(Failure {
            span: expression.map.to_source(error.span),
            message: error.message,
            help: error.help.map(str::to_owned),
        }),
    }
}
