use std::collections::HashMap;

use super::super::reading::{Gate, Reading, admits};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::Problem;
use crate::glob::{Token, TokenKind};
use crate::server::Difference;
use crate::text::escape;
use crate::workflow::{AxisFilter, Entry, Filter, Glob, Step, Workflow};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-step",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "two steps of one name where steps form a graph",
    page: include_str!("duplicate_step.md"),
    echo: None,
    checks: &[Check::Workflow(check)],
};

fn check(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    let Workflow { steps, .. } = reading.workflow;
    if steps.iter().all(|step| step.depends_on.is_none()) {
        return;
    }
    let mut by_name: HashMap<&str, Vec<&Step>> = HashMap::new();
    for step in steps {
        let named = by_name.entry(step.name.value.as_str()).or_default();
        if let Some(earlier) = named.iter().find(|earlier| may_meet(reading, earlier, step)) {
            out.push(duplicate(reading, earlier, step));
        }
        named.push(step);
    }
}

/// Whether both run for some change. What an expression lets through is not known here: of such a step nothing is said.
fn may_meet(reading: &Reading<'_>, a: &Step, b: &Step) -> bool {
    let always = Entry::default();
    let entries =
        |step: &'_ Step| if step.when.entries.is_empty() { vec![always.clone()] } else { step.when.entries.clone() };
    let (a, b) = (entries(a), entries(b));
    if a.iter().chain(&b).any(|entry| entry.evaluate.is_some()) {
        return false;
    }
    let mut pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    pairs.any(|(a, b)| on_this_axis(reading, a) && on_this_axis(reading, b) && overlap(reading, a, b))
}

/// Whether the `matrix` of `entry` holds on the axis that is looked at.
fn on_this_axis(reading: &Reading<'_>, entry: &Entry) -> bool {
    let holds = |(key, glob): &(String, Glob)| {
        let value = reading.axis.get(key).map_or("", String::as_str);
        glob.pattern.is_match(value.as_bytes())
    };
    let AxisFilter { include, exclude, .. } = &entry.matrix;
    include.iter().all(holds) && (exclude.is_empty() || !exclude.iter().all(holds))
}

/// Whether some event gets through both, with a branch and whatever else their filters ask for.
fn overlap(reading: &Reading<'_>, a: &Entry, b: &Entry) -> bool {
    let (server, gate) = (reading.context.server, Gate { reading, when: &reading.workflow.when });
    Event::KNOWN.iter().filter(|event| gate.is_reached_on(event)).any(|event| {
        admits(&a.event, event, server)
            && admits(&b.event, event, server)
            && (*event == Event::Tag || !are_apart(&a.branch, &b.branch))
            && (*event != Event::Cron || !are_apart(&a.cron, &b.cron))
            && [(&a.git_ref, &b.git_ref), (&a.repo, &b.repo), (&a.instance, &b.instance)]
                .iter()
                .all(|(a, b)| !are_apart(a, b))
    })
}

/// Whether no value gets through both filters: one of them lists its values, and the other lets none of them through.
fn are_apart(a: &Filter, b: &Filter) -> bool {
    let lists = |filter: &Filter| {
        let literal = |token: &Token| matches!(token.kind, TokenKind::Literal(_) | TokenKind::Separator);
        !filter.include.is_empty() && filter.include.iter().all(|glob| glob.pattern.tokens().iter().all(literal))
    };
    let lets = |filter: &Filter, value: &str| {
        let matches = |globs: &[Glob]| globs.iter().any(|glob| glob.pattern.is_match(value.as_bytes()));
        (filter.include.is_empty() || matches(&filter.include)) && !matches(&filter.exclude)
    };
    let none = |of: &Filter, by: &Filter| of.include.iter().all(|glob| !lets(by, glob.pattern.text()));
    (lists(a) && none(a, b)) || (lists(b) && none(b, a))
}

fn duplicate(reading: &Reading<'_>, earlier: &Step, later: &Step) -> Problem {
    let name = escape(&later.name.value);
    let consequence = if reading.context.server.has(Difference::UniqueStepNames) {
        "the server refuses the pipeline where both run"
    } else {
        "where both run, the later one takes the earlier one's place"
    };
    let problem = RULE.problem(format!("two steps are named `{name}`, and some step has `depends_on`: {consequence}"));
    let problem = reading.label(problem, &later.name.place, later.name.place.span, "the second");
    problem.label(reading.id(), earlier.name.place.span, "the first").help("give each step its own name")
}
