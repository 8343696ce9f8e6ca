use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::glob::PatternError;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "invalid-glob",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a glob that the server cannot parse, and so does not match",
    page: include_str!("invalid_glob.md"),
    echo: None,
    checks: &[Check::Glob(check)],
};

fn check(glob: &GlobUse<'_>, out: &mut Vec<Problem>) {
    if let Some(error) = glob.glob.pattern.error() {
        out.push(invalid(glob, error));
    }
}

fn invalid(glob: &GlobUse<'_>, error: &PatternError) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let problem = RULE.problem(format!("the server cannot parse the glob `{text}`, and takes it not to match"));
    glob.label(problem, error.span, error.kind.to_string()).help(error.kind.help())
}
