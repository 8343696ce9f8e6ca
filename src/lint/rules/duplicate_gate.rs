use std::collections::HashMap;

use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-gate",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "the same `when` written out more than once",
    page: include_str!("duplicate_gate.md"),
    checks: &[Check::Workflow(check)],
};

/// Shorter ones are read faster than an alias is followed: in lines.
const SHORTEST: usize = 3;

fn check(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    let source = reading.file.source();
    let mut order: Vec<String> = Vec::new();
    let mut written: HashMap<String, Vec<Span>> = HashMap::new();
    for place in reading.gates().filter_map(|gate| gate.when.place.as_ref()) {
        let lines: Vec<&str> = source.slice(place.span).lines().map(str::trim).collect();
        let text = lines.join("\n");
        if lines.len() < SHORTEST {
            continue;
        }
        let spans = written.entry(text.clone()).or_insert_with(|| {
            order.push(text);
            Vec::new()
        });
        if !spans.contains(&place.span) {
            spans.push(place.span);
        }
    }
    for spans in order.iter().filter_map(|text| written.get(text)) {
        if let [first, again @ ..] = spans.as_slice()
            && !again.is_empty()
        {
            out.push(duplicate(reading, *first, again));
        }
    }
}

fn duplicate(reading: &Reading<'_>, first: Span, again: &[Span]) -> Problem {
    let problem =
        RULE.problem("the same conditions are written out more than once").label(reading.id(), first, "first here");
    let problem = again.iter().fold(problem, |problem, &span| problem.label(reading.id(), span, "and here"));
    problem.help("name them once with an anchor, and use an alias: `when: &gate`, `when: *gate`")
}
