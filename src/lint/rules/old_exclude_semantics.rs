use super::super::decide::Decider;
use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::Problem;
use crate::plan::Question;
use crate::prove::{Answer, Change};
use crate::server::{Difference, Version};
use crate::text::escape;
use crate::workflow::PathFilter;

pub(super) static RULE: Rule = Rule {
    id: "old-exclude-semantics",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "an exclude list that on an old server skips a step although another file changed, too",
    page: include_str!("old_exclude_semantics.md"),
    echo: None,
    checks: &[Check::Filter(check)],
};

fn check(gate: &Gate<'_>, decider: &mut Decider<'_>, out: &mut Vec<Problem>) {
    if gate.reading.context.server.has(Difference::ExcludeNeedsEveryFile) {
        return;
    }
    for filter in gate.when.entries.iter().map(|entry| &entry.path) {
        let mut globs = filter.include.iter().chain(&filter.exclude);
        if filter.exclude.is_empty() || globs.any(|glob| gate.reading.hangs_on_change(glob.place.span)) {
            continue;
        }
        if let Some(change) = only_old_skips(gate, filter, decider) {
            out.extend(skips(gate, filter, &change));
        }
    }
}

/// A change that this server skips and newer ones do not.
fn only_old_skips(gate: &Gate<'_>, filter: &PathFilter, decider: &mut Decider<'_>) -> Option<Change> {
    let case = decider.case(&Event::Push);
    let here = case.path_filter(filter, gate.reading.context.server)?;
    let newer = case.path_filter(filter, Version::NEWEST)?;
    let formulas = decider.formulas(&Event::Push);
    let no_file = formulas.atom(Question::NoFiles);
    let lost = formulas.all([!here, newer, !no_file]);
    match decider.find(&Event::Push, lost) {
        Answer::Change(change) => Some(change),
        _ => None,
    }
}

fn skips(gate: &Gate<'_>, filter: &PathFilter, change: &Change) -> Option<Problem> {
    let server = gate.reading.context.server;
    let is_excluded = |file: &str| filter.exclude.iter().find(|glob| glob.pattern.is_match(file.as_bytes()));
    let (excluded, by) = change.files.iter().find_map(|file| Some((file, is_excluded(file)?)))?;
    let counts = change.files.iter().find(|file| is_excluded(file).is_none())?;
    let (excluded, counts) = (escape(excluded), escape(counts));
    let message = format!(
        "on Woodpecker {server} a change of `{excluded}` and `{counts}` is skipped: one excluded file is enough"
    );
    let place = &by.place;
    let problem = gate.reading.label(RULE.problem(message), place, place.span, format!("matches `{excluded}`"));
    Some(problem.help("use server 3.5 or later, where every changed file has to be excluded, or list what to include"))
}
