use super::super::reading::{Gate, admits};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::Problem;
use crate::diag::Severity;
use crate::server::{Difference, Version};
use crate::workflow::{Entry, PathFilter};

pub(super) static RULE: Rule = Rule {
    id: "ungated-events",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path filter whose step also runs, unfiltered, on events without changed files",
    page: include_str!("ungated_events.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    let server = gate.reading.context.server;
    for entry in &gate.when.entries {
        let PathFilter { include, exclude, .. } = &entry.path;
        let filters = !include.is_empty() || !exclude.is_empty();
        // What an expression lets through, only the decision procedure knows; a ref tells events apart, too.
        if !filters || entry.evaluate.is_some() || entry.git_ref.place.is_some() {
            continue;
        }
        let events: Vec<Event> = known_events(server)
            .filter(|event| !event.has_changed_files(server))
            .filter(|event| admits(&entry.event, event, server) && gate.is_reached_on(event))
            .collect();
        if !events.is_empty() {
            out.push(ungated(gate, entry, &events));
        }
    }
}

/// The events that `server` sends.
fn known_events(server: Version) -> impl Iterator<Item = Event> {
    let is_new =
        move |event: &Event| *event == Event::PullRequestMetadata && !server.has(Difference::PullRequestMetadata);
    Event::KNOWN.into_iter().filter(move |event| !is_new(event))
}

fn ungated(gate: &Gate<'_>, entry: &Entry, events: &[Event]) -> Problem {
    let names: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
    let message = format!("this path filter does nothing on {}", names.join(", "));
    let mut problem = RULE.problem(message);
    let place = entry.path.place.as_ref().unwrap_or(&entry.place);
    if entry.event.place.is_some() || gate.names_its_events() {
        // Somebody wrote the events down.
        problem.severity = Severity::Note;
    }
    let problem = gate.reading.label(problem, place, place.span, "only pushes and pull requests have changed files");
    match &entry.event.place {
        Some(listed) => problem
            .label(gate.reading.id(), listed.span, "these events get here")
            .help("if that is meant, give them an entry of their own, without `path`, so that it shows"),
        None => problem.help("add `event` to the entry, or to the `when` of the workflow"),
    }
}
