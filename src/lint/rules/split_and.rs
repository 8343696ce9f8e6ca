use super::super::reading::{Gate, clauses};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::{Problem, Safety};
use crate::plan::Clause;
use crate::workflow::{Entry, Glob};

pub(super) static RULE: Rule = Rule {
    id: "split-and",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "an entry with only `event` beside one with only `path`: OR where AND was meant",
    page: include_str!("split_and.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    let server = gate.reading.context.server;
    let only = |entry: &Entry, clause| entry.status.place.is_none() && clauses(entry).eq([clause]);
    let reads_paths = |glob: &Glob| Event::from(glob.pattern.text()).has_changed_files(server);
    let entries = &gate.when.entries;
    // An entry for tags beside one with a path filter is a good habit: paths do not count for tags.
    let event = entries.iter().find(|entry| only(entry, Clause::Event) && entry.event.include.iter().any(reads_paths));
    let path = entries.iter().find(|entry| only(entry, Clause::Path));
    if let (Some(event), Some(path)) = (event, path) {
        out.push(split(gate, event, path));
    }
}

fn split(gate: &Gate<'_>, event: &Entry, path: &Entry) -> Problem {
    let message = "entries of `when` are OR'd: this `path` is no condition for the other entry's events";
    let problem = gate.reading.label(
        RULE.problem(message),
        &path.place,
        path.place.span,
        "lets these files through on any event",
    );
    let problem = problem.label(gate.reading.id(), event.place.span, "lets these events through whatever changed");
    let both = event.place.node.zip(path.place.node);
    let one_entry = both.and_then(|(event, path)| gate.reading.editor().merge_items(event, path));
    let problem = problem.fix(gate.reading.fix(Safety::Unsafe, "put both keys into one entry", one_entry));
    problem.help("put both keys into one entry, if both are to hold")
}
