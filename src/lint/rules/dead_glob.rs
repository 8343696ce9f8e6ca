use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use super::case_mismatch;
use crate::change::ChangedFiles;
use crate::diag::Problem;
use crate::diag::Severity;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "dead-glob",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path glob that matches no file in the repository",
    page: include_str!("dead_glob.md"),
    checks: &[Check::TrackedGlob(check)],
};

fn check(glob: &GlobUse<'_>, tracked: &ChangedFiles, out: &mut Vec<Problem>) {
    if is_dead(glob, tracked) && case_mismatch::near_miss(glob, tracked).is_none() {
        out.push(dead(glob));
    }
}

/// Whether the glob matches none of the tracked files. What is malformed, or can match none, is reported as that.
pub(super) fn is_dead(glob: &GlobUse<'_>, tracked: &ChangedFiles) -> bool {
    let pattern = &glob.glob.pattern;
    let never = pattern.error().is_some() || super::glob_never_matches::never_matches(pattern);
    !never && !tracked.iter().any(|path| pattern.is_match(path))
}

fn dead(glob: &GlobUse<'_>) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let mut problem = RULE.problem(format!("`{text}` matches no file that git tracks"));
    if glob.excludes {
        // To exclude what is not there yet does no harm.
        problem.severity = Severity::Note;
    }
    glob.label(problem, glob.whole(), "").help("name the files as they are called now, or remove the pattern")
}
