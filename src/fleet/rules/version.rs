//! Versions of rosters that are not known.

use super::{Group, Level, Rule, Subject};
use crate::diag::Problem;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "version",
    group: Group::Fleet,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a version that is not known, or none",
    page: include_str!("version.md"),
    echo: None,
    checks: &[check],
};

/// The version of rosters that is known.
pub const VERSION: i64 = 1;

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    if subject.roster.version.is_missing() {
        let problem = RULE.problem("the roster names no `version`");
        out.push(problem.label(subject.file, subject.beginning(), "").help("add `version: 1`"));
    }
    let Some(version) = subject.roster.version.given() else { return };
    if version.value == Some(VERSION) {
        return;
    }
    let text = subject.roster.document.text().get(version.place.span.range()).unwrap_or_default();
    let short: String = text.chars().take(40).collect();
    let problem = RULE.problem(format!("unknown version `{}` of a roster", escape(&short)));
    out.push(subject.labels(problem, [(&version.place, String::new())]).help("the only version is the number 1"));
}
