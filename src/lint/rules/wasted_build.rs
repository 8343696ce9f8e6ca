use std::collections::BTreeMap;

use bstr::{BStr, ByteSlice as _};

use super::super::builds::{Build, Builds};
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "wasted-build",
    group: Group::Closure,
    level: Level::Off,
    since: "0.1.0",
    summary: "a step runs for files that its build never reads",
    page: include_str!("wasted_build.md"),
    echo: None,
    checks: &[Check::Builds(check)],
};

/// Most folders that are named.
const MAX_NAMED: usize = 4;

fn check(builds: &Builds<'_>, out: &mut Vec<Problem>) {
    builds.iter().for_each(|build| of_build(&build, out));
}

fn of_build(build: &Build<'_, '_>, out: &mut Vec<Problem>) {
    if build.inputs.iter().any(|inputs| !inputs.unknown.is_empty()) {
        return;
    }
    let own = build.reading.file.source().name().as_bytes();
    let events = build.triggers.events(build.step);
    let mut wasted: BTreeMap<&BStr, usize> = BTreeMap::new();
    for (file, path) in build.tracked.paths().enumerate() {
        // That a change of the gate tries the gate is as it should be.
        let counts = path.as_bytes() != own && !build.inputs.iter().any(|inputs| inputs.of(path).is_some());
        if counts && events.iter().any(|&at| build.triggers.runs_for(build.step, at, file)) {
            let top = path.find("/").map_or(path, |slash| path[..=slash].as_bstr());
            *wasted.entry(top).or_default() += 1;
        }
    }
    if !wasted.is_empty() {
        out.push(wasteful(build, &wasted));
    }
}

fn wasteful(build: &Build<'_, '_>, wasted: &BTreeMap<&BStr, usize>) -> Problem {
    let mut tops: Vec<(&BStr, usize)> = wasted.iter().map(|(&top, &count)| (top, count)).collect();
    tops.sort_by_key(|&(top, count)| (std::cmp::Reverse(count), top));
    let named = |&(top, count): &(&BStr, usize)| {
        if top.ends_with(b"/") { format!("{count} in `{}`", escape(top)) } else { format!("`{}`", escape(top)) }
    };
    let mut list: Vec<String> = tops.iter().take(MAX_NAMED).map(named).collect();
    let left: usize = tops.iter().skip(MAX_NAMED).map(|(_, count)| count).sum();
    list.extend((left > 0).then(|| format!("{left} elsewhere")));
    let step = build.name();
    let problem = RULE.problem(format!("`{step}` also runs for files that its build never reads: {}", list.join(", ")));
    build.at_step(problem, "").help("narrow its path filter")
}
