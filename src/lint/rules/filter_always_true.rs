use std::collections::BTreeMap;

use super::super::changes::Changes;
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::{Problem, Safety};
use crate::prove::{Conditions, Formula};
use crate::source::Span;
use crate::workflow::Axis;

pub(super) static RULE: Rule = Rule {
    id: "filter-always-true",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path filter that lets every change through",
    page: include_str!("filter_always_true.md"),
    echo: None,
    checks: &[Check::Changes(check)],
};

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let Some(file) = changes.files.first().map(crate::workflow::File::id) else { return };
    for (span, (axis, passes)) in filters(changes) {
        let decider = &mut changes.decider;
        if passes.into_iter().all(|passes| decider.is_never(&Event::Push, !passes)) {
            out.extend(changes.read(file, &axis, |reading| always_true(reading, span)).flatten());
        }
    }
}

/// The entries with a path filter: by their place, an axis, and when the filter lets a push through, on each axis.
fn filters(changes: &mut Changes<'_>) -> BTreeMap<Span, (Axis, Vec<Formula>)> {
    let mut filters: BTreeMap<Span, (Axis, Vec<Formula>)> = BTreeMap::new();
    let pushed = changes.each().0.iter().filter(|(event, _)| *event == Event::Push);
    for workflow in pushed.flat_map(|(_, pipeline)| &pipeline.workflows) {
        let whens = std::iter::once(&workflow.when).chain(workflow.steps.iter().map(|step| &step.when));
        for entry in whens.flat_map(|Conditions { entries }| entries) {
            if let Some(path) = entry.path {
                let (_, passes) = filters.entry(entry.span).or_insert_with(|| (workflow.axis.clone(), Vec::new()));
                passes.push(path);
            }
        }
    }
    filters
}

fn always_true(reading: &Reading<'_>, entry: Span) -> Option<Problem> {
    let mut entries = reading.gates().flat_map(|gate| &gate.when.entries);
    let filter = &entries.find(|it| it.place.span == entry)?.path;
    // Without globs it only says what an empty change does.
    if filter.include.is_empty() && filter.exclude.is_empty() {
        return None;
    }
    let place = filter.place.as_ref().filter(|place| !reading.hangs_on_change(place.span))?;
    let problem = RULE.problem("this path filter lets every change through");
    let problem = reading.label(problem, place, place.span, "no change fails it");
    let fix = reading.remove(Safety::Safe, "remove the path filter", place.node);
    Some(problem.help("take it away, or list the files that count").fix(fix))
}
