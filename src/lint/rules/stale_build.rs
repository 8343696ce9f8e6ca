use std::collections::BTreeMap;

use super::super::builds::Build;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::trigger::Skipped;
use crate::closure::{Because, Input};
use crate::diag::{Problem, Severity};
use crate::plan::{Kind, Reason};
use crate::source::Span;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "stale-build",
    group: Group::Closure,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a file that a step's build reads can change without running the step",
    page: include_str!("stale_build.md"),
    checks: &[Check::Build(check)],
};

/// Most filters that are spoken of for one step.
const MAX_GAPS: usize = 4;

/// Files that a build reads and one filter misses.
struct Gap<'b> {
    first: &'b Input,
    because: &'b [Because],
    skipped: Skipped,
    situation: usize,
    count: usize,
}

fn check(build: &Build<'_>, out: &mut Vec<Problem>) {
    let situations: Vec<usize> = build.triggers.situations(build.step).collect();
    if situations.is_empty() {
        return;
    }
    let mut gaps: BTreeMap<(bool, Option<Span>), Gap<'_>> = BTreeMap::new();
    for inputs in build.inputs {
        for input in &inputs.files {
            let skips = |&at: &usize| Some((at, build.triggers.skipped(build.step, at, &input.path)?));
            let Some((situation, skipped)) = situations.iter().find_map(skips) else { continue };
            let filter = skipped.by.first().and_then(|reason| reason.span);
            let because = &inputs.reasons[input.reason];
            gaps.entry((!input.firm, filter)).and_modify(|gap| gap.count += 1).or_insert(Gap {
                first: input,
                because,
                skipped,
                situation,
                count: 1,
            });
        }
    }
    out.extend(gaps.values().take(MAX_GAPS).map(|gap| stale(build, gap)));
    if build.inputs.iter().any(|inputs| !inputs.unknown.is_empty()) {
        out.push(not_known(build));
    }
}

fn stale(build: &Build<'_>, gap: &Gap<'_>) -> Problem {
    let (path, step) = (escape(&gap.first.path), build.name());
    let more = match gap.count - 1 {
        0 => String::new(),
        1 => ", and so can another file".to_owned(),
        more => format!(", and so can {more} other files"),
    };
    let mut problem = if gap.first.firm {
        RULE.problem(format!("`{path}` can change without `{step}`, whose build reads it{more}"))
            .help("let the filter see it, or keep it out of the build")
    } else {
        let problem = RULE.problem(format!("`{path}` can change without `{step}`, whose build copies it{more}"));
        Problem { severity: Severity::Note, ..problem }
            .help("if the build does not use it, keep it out with `.dockerignore`; if it does, let the filter see it")
    };
    let situation = &build.triggers.situation(gap.situation).words;
    problem = build.at_step(problem, format!("not run on {situation} that changes only that"));
    for reason in &gap.skipped.by {
        problem = filter(build, problem, reason);
    }
    gap.because.iter().fold(problem, |problem, because| build.because(problem, because))
}

/// `problem` with a label at the filter that misses the file.
fn filter(build: &Build<'_>, problem: Problem, reason: &Reason) -> Problem {
    let Some(span) = reason.span else { return problem };
    let text = match reason.kind {
        Kind::NoFileIncluded => "does not list it",
        _ => "leaves it out",
    };
    let id = build.reading.id();
    reason
        .via
        .iter()
        .fold(problem.label(id, span, text), |problem, &alias| problem.label(id, alias, "through this alias"))
}

fn not_known(build: &Build<'_>) -> Problem {
    let problem = RULE.problem(format!("not all that `{}` reads is known", build.name()));
    let problem = build.at_step(Problem { severity: Severity::Note, ..problem }, "");
    let unknown = build.inputs.iter().flat_map(|inputs| &inputs.unknown).take(MAX_GAPS);
    let problem = unknown.fold(problem, |problem, because| build.because(problem, because));
    problem.help("say what it reads, above the step: `# wp-gate: inputs(GLOB, ...)`")
}
