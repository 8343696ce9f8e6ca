use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Problem, Safety};
use crate::source::Span;
use crate::workflow::{Entry, Filter, Glob};

pub(super) static RULE: Rule = Rule {
    id: "platform-never-matches",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a `platform` that a server never has while it decides",
    page: include_str!("platform_never_matches.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    for entry in &gate.when.entries {
        let Filter { include, .. } = &entry.platform;
        let is_known = |glob: &Glob| !gate.reading.hangs_on_change(glob.place.span);
        let never = include.iter().all(|glob| is_known(glob) && !glob.pattern.is_match(b""));
        if let Some(first) = include.first().filter(|_| never) {
            out.push(never_matches(gate, entry, first));
        }
    }
}

fn never_matches(gate: &Gate<'_>, entry: &Entry, first: &Glob) -> Problem {
    let message = "a server has no platform while it decides, so this entry never matches";
    let all = if entry.platform.include.len() == 1 {
        "does not match the empty text"
    } else {
        "neither this nor the others match the empty text"
    };
    let span = gate.reading.part(&first.place, Span::new(0, first.pattern.text().len() as u32));
    let problem = gate.reading.label(RULE.problem(message), &first.place, span, all);
    let filter = entry.platform.place.as_ref().and_then(|place| place.node);
    let problem = problem.fix(gate.reading.remove(Safety::Unsafe, "remove `platform`", filter));
    problem.help("remove `platform`, and choose the agent with `labels: {platform: …}` at the top of the workflow")
}
