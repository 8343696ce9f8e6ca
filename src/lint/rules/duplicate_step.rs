use std::collections::HashMap;

use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::server::Difference;
use crate::text::escape;
use crate::workflow::{Glob, Step, Workflow};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-step",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "two steps of one name where steps form a graph",
    page: include_str!("duplicate_step.md"),
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
        if let Some(earlier) = named.iter().find(|earlier| may_meet(earlier, step)) {
            out.push(duplicate(reading, earlier, step));
        }
        named.push(step);
    }
}

/// Whether both may run for one change, as far as their events tell: steps of one name for different events never meet.
fn may_meet(a: &Step, b: &Step) -> bool {
    let (a, b) = (&a.when.entries, &b.when.entries);
    let has_exclude =
        |entry: &&crate::workflow::Entry| !entry.event.exclude.is_empty() || entry.event.include.is_empty();
    if a.is_empty() || b.is_empty() || a.iter().chain(b).any(|entry| has_exclude(&entry)) {
        return true;
    }
    let events = |entry: &crate::workflow::Entry| {
        entry.event.include.iter().map(|glob: &Glob| glob.pattern.text().to_owned()).collect::<Vec<_>>()
    };
    let of_b: Vec<String> = b.iter().flat_map(events).collect();
    a.iter().flat_map(events).any(|event| of_b.contains(&event))
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
