use super::super::rule::{Group, Level, Rule};
use crate::diag::Problem;
use crate::prove::SIMPLER;
use crate::source::{FileId, Span};

/// It has no check of its own: it is found where other rules give up.
pub(super) static RULE: Rule = Rule {
    id: "undecided",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "conditions that are too large for the rules that look at every change",
    page: include_str!("undecided.md"),
    echo: None,
    checks: &[],
};

/// That some rule gave up on the conditions of a workflow, of which the first stands at `when`; `why` says what they are too large for.
pub(in super::super) fn undecided(file: FileId, when: Span, why: &str) -> Problem {
    let message = format!("not every change was looked at: {why}");
    let help = format!("{SIMPLER}, or make two workflows of one");
    RULE.problem(message).label(file, when, "of this workflow's conditions").help(help)
}
