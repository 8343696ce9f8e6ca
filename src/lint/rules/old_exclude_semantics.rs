use bstr::ByteSlice as _;

use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::sample::sample;
use crate::diag::Problem;
use crate::server::Difference;
use crate::text::escape;
use crate::workflow::{Glob, PathFilter};

pub(super) static RULE: Rule = Rule {
    id: "old-exclude-semantics",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "an exclude list that on an old server skips a step although another file changed, too",
    page: include_str!("old_exclude_semantics.md"),
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    if gate.reading.context.server.has(Difference::ExcludeNeedsEveryFile) {
        return;
    }
    for entry in &gate.when.entries {
        let filter = &entry.path;
        if filter.include.iter().chain(&filter.exclude).any(|glob| gate.reading.hangs_on_change(glob.place.span)) {
            continue;
        }
        if let Some(witness) = witness(gate, filter) {
            out.push(skips(gate, &witness));
        }
    }
}

/// A change of two files that the server skips although one of them counts.
struct Witness<'g> {
    excluded: String,
    by: &'g Glob,
    counts: String,
}

fn witness<'g>(gate: &Gate<'_>, filter: &'g PathFilter) -> Option<Witness<'g>> {
    let matches = |globs: &[Glob], path: &[u8]| globs.iter().any(|glob| glob.pattern.is_match(path));
    let counts =
        |path: &[u8]| !matches(&filter.exclude, path) && (filter.include.is_empty() || matches(&filter.include, path));
    let tracked = || {
        let files = gate.reading.context.tracked.into_iter().flat_map(|files| files.iter());
        files.filter_map(|file| file.to_str().ok().map(str::to_owned))
    };
    let of_globs = |globs: &[Glob]| globs.iter().filter_map(|glob| sample(&glob.pattern)).collect::<Vec<_>>();
    let (by, excluded) = filter.exclude.iter().find_map(|glob| {
        let real = tracked().find(|path| glob.pattern.is_match(path.as_bytes()));
        Some((glob, real.or_else(|| sample(&glob.pattern))?))
    })?;
    let made_up = of_globs(&filter.include).into_iter().chain(["src/main.c".to_owned(), "x".to_owned()]);
    let counts = tracked().chain(made_up).find(|path| counts(path.as_bytes()))?;
    Some(Witness { excluded, by, counts })
}

fn skips(gate: &Gate<'_>, witness: &Witness<'_>) -> Problem {
    let (excluded, counts) = (escape(&witness.excluded), escape(&witness.counts));
    let server = gate.reading.context.server;
    let message = format!(
        "on Woodpecker {server} a change of `{excluded}` and `{counts}` is skipped: one excluded file is enough"
    );
    let place = &witness.by.place;
    let problem = gate.reading.label(RULE.problem(message), place, place.span, format!("matches `{excluded}`"));
    problem.help("use server 3.5 or later, where every changed file has to be excluded, or list what to include")
}
