use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use super::dead_glob;
use crate::change::ChangedFiles;
use crate::diag::Problem;
use crate::glob::Pattern;
use crate::text::{escape, to_server_string};

pub(super) static RULE: Rule = Rule {
    id: "case-mismatch",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path glob that would match a file but for capitals",
    page: include_str!("case_mismatch.md"),
    checks: &[Check::TrackedGlob(check)],
};

fn check(glob: &GlobUse<'_>, tracked: &ChangedFiles, out: &mut Vec<Problem>) {
    if dead_glob::is_dead(glob, tracked)
        && let Some(path) = near_miss(glob, tracked)
    {
        out.push(mismatch(glob, &path));
    }
}

/// A tracked file that the glob would match if capitals were small letters.
pub(super) fn near_miss(glob: &GlobUse<'_>, tracked: &ChangedFiles) -> Option<String> {
    let small = Pattern::parse(&glob.glob.pattern.text().to_ascii_lowercase());
    let path = tracked.iter().find(|path| small.is_match(&path.to_ascii_lowercase()))?;
    Some(to_server_string(path))
}

fn mismatch(glob: &GlobUse<'_>, path: &str) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let problem = RULE.problem(format!("`{text}` matches no file, for capitals count"));
    glob.label(problem, glob.whole(), format!("would match `{}`", escape(path))).help("write it as the file is written")
}
