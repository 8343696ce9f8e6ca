use super::super::decide::Decider;
use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::{Problem, Safety};
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "filter-always-true",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path filter that lets every change through",
    page: include_str!("filter_always_true.md"),
    checks: &[Check::Filter(check)],
};

fn check(gate: &Gate<'_>, decider: &mut Decider<'_>, out: &mut Vec<Problem>) {
    let server = gate.reading.context.server;
    for filter in gate.when.entries.iter().map(|entry| &entry.path) {
        let Some(place) = filter.place.as_ref().filter(|place| !gate.reading.hangs_on_change(place.span)) else {
            continue;
        };
        // Without globs it only says what an empty change does.
        if filter.include.is_empty() && filter.exclude.is_empty() {
            continue;
        }
        let Some(passes) = decider.case(&Event::Push).path_filter(filter, server) else { continue };
        if decider.is_never(&Event::Push, !passes) {
            out.push(always_true(gate, place));
        }
    }
}

fn always_true(gate: &Gate<'_>, place: &Place) -> Problem {
    let problem = RULE.problem("this path filter lets every change through");
    let problem = gate.reading.label(problem, place, place.span, "no change fails it");
    let fix = gate.reading.remove(Safety::Safe, "remove the path filter", place.node);
    problem.help("take it away, or list the files that count").fix(fix)
}
