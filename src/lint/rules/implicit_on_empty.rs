use super::super::reading::{Gate, admits};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::Problem;
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "implicit-on-empty",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "a path filter that does not say what an empty change does",
    page: include_str!("implicit_on_empty.md"),
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    let server = gate.reading.context.server;
    for entry in &gate.when.entries {
        let filter = &entry.path;
        let filters = !filter.include.is_empty() || !filter.exclude.is_empty();
        let is_read = Event::KNOWN.iter().any(|event| {
            event.has_changed_files(server) && admits(&entry.event, event, server) && gate.is_reached_on(event)
        });
        if let Some(place) = filter.place.as_ref().filter(|_| filters && is_read && filter.on_empty.is_none()) {
            out.push(implicit(gate, place));
        }
    }
}

fn implicit(gate: &Gate<'_>, place: &Place) -> Problem {
    let message = "a change without files passes this filter";
    let problem = gate.reading.label(RULE.problem(message), place, place.span, "has no `on_empty`");
    problem.help("say `on_empty: false` to skip such a change, or `on_empty: true` to show that it is meant")
}
