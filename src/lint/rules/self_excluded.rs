use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Problem, Safety};
use crate::text::escape;
use crate::workflow::Glob;

pub(super) static RULE: Rule = Rule {
    id: "self-excluded",
    group: Group::Suspicious,
    level: Level::Note,
    since: "0.1.0",
    summary: "a gate whose own file is in its exclude list",
    page: include_str!("self_excluded.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    let own = gate.reading.file.source().name();
    for entry in &gate.when.entries {
        let is_known = |glob: &&Glob| !gate.reading.hangs_on_change(glob.place.span);
        let matches = |glob: &&Glob| glob.pattern.is_match(own.as_bytes());
        if let Some(glob) = entry.path.exclude.iter().filter(is_known).find(matches) {
            out.push(excluded(gate, glob));
        }
    }
}

fn excluded(gate: &Gate<'_>, glob: &Glob) -> Problem {
    let message = "a change to this file alone does not run what it gates, so nobody tries it before it counts";
    let problem = gate.reading.label(RULE.problem(message), &glob.place, glob.place.span, "matches this file itself");
    let title = format!("remove `{}` from the list", escape(glob.pattern.text()));
    let fix = gate.reading.remove(Safety::Unsafe, title, glob.place.node);
    problem.help("leave this file out of the list, or allow it with the reason").fix(fix)
}
