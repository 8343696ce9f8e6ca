use super::super::builds::{Build, is_of};
use super::super::gaps::{Gap, Gaps};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::witness::phrase;
use crate::diag::{Problem, Severity};
use crate::plan::{Kind, Reason};
use crate::prove::SIMPLER;
use crate::rule::declared;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "stale-build",
    group: Group::Closure,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a file that a step's build reads can change without running the step",
    page: include_str!("stale_build.md"),
    echo: None,
    checks: &[Check::Build(check), Check::Workflow(stray)],
};

/// Most filters that are spoken of for one step.
const MAX_GAPS: usize = 4;

fn check(build: &Build<'_, '_>, out: &mut Vec<Problem>) {
    if build.triggers.events(build.step).is_empty() {
        return;
    }
    let gaps = Gaps::of(build);
    out.extend(gaps.iter().take(MAX_GAPS).map(|gap| stale(build, gap)));
    if let Some(why) = &gaps.unclear {
        out.push(not_decided(build, why));
    }
    if build.inputs.iter().any(|inputs| !inputs.unknown.is_empty()) {
        out.push(not_known(build));
    }
}

fn stale(build: &Build<'_, '_>, gap: &Gap) -> Problem {
    let (path, step) = (escape(&gap.path), build.name());
    let more = match gap.count - 1 {
        0 => String::new(),
        1 => ", and so can another file".to_owned(),
        more => format!(", and so can {more} other files"),
    };
    let what =
        if gap.is_tracked { format!("`{path}` can change") } else { format!("a new file, such as `{path}`, can come") };
    let others: Vec<String> = gap.beside.iter().map(|file| format!("`{}`", escape(file))).collect();
    let beside =
        if others.is_empty() { String::new() } else { format!(", when {} changes with it", others.join(" and ")) };
    let mut problem = if gap.firm {
        RULE.problem(format!("{what} without `{step}`, whose build reads it{more}{beside}"))
            .help("let the filter see it, or keep it out of the build")
    } else {
        let problem = RULE.problem(format!("{what} without `{step}`, whose build copies it{more}{beside}"));
        Problem { severity: Severity::Note, ..problem }
            .help("if the build does not use it, keep it out with `.dockerignore`; if it does, let the filter see it")
    };
    let only = if others.is_empty() { "only that" } else { "these" };
    let phrase = phrase(&gap.missed.event, &gap.missed.change, None);
    problem = build.at_step(problem, format!("not run on {phrase} that changes {only}"));
    for reason in &gap.missed.by {
        problem = filter(build, problem, reason);
    }
    gap.because.iter().fold(problem, |problem, because| build.because(problem, because))
}

/// `problem` with a label at the filter that misses the file.
fn filter(build: &Build<'_, '_>, problem: Problem, reason: &Reason) -> Problem {
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

fn not_known(build: &Build<'_, '_>) -> Problem {
    let problem = RULE.problem(format!("not all that `{}` reads is known", build.name()));
    let problem = build.at_step(Problem { severity: Severity::Note, ..problem }, "");
    let unknown = build.inputs.iter().flat_map(|inputs| &inputs.unknown).take(MAX_GAPS);
    let problem = unknown.fold(problem, |problem, because| build.because(problem, because));
    problem.help("say what it reads, above the step: `# wp-gate: inputs(GLOB, ...)`")
}

fn not_decided(build: &Build<'_, '_>, why: &str) -> Problem {
    let step = build.name();
    let problem = RULE.problem(format!("whether all that `{step}` reads runs it is not decided: {why}"));
    build.at_step(Problem { severity: Severity::Note, ..problem }, "").help(SIMPLER)
}

/// Declarations that speak of no step.
fn stray(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    let Some(document) = reading.file.document() else { return };
    for declared in declared(reading.file.source(), document) {
        if !reading.workflow.steps.iter().any(|step| is_of(&declared, step)) {
            let problem = RULE.problem("this comment stands at no step, so nothing is declared to be read");
            out.push(
                problem
                    .label(reading.id(), declared.span, "")
                    .help("put it above a step, or at the end of the line that the step begins on"),
            );
        }
    }
}
