//! Runtimes that are not known.

use super::{Group, Level, Rule, Subject, known};
use crate::diag::Problem;

pub(super) static RULE: Rule = Rule {
    id: "unknown-runtime",
    group: Group::Fleet,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a runtime that is not known",
    page: include_str!("unknown_runtime.md"),
    echo: None,
    checks: &[check],
};

/// The runtimes that are known anyway.
pub const RUNTIMES: [&str; 4] = ["claude", "codex", "pi", "opencode"];

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let runtimes = subject.roster.agents.list.iter().filter_map(|agent| agent.runtime.given());
    let known = known(&RUNTIMES, &subject.settings.runtimes);
    subject.unknown_values(&RULE, ("runtime", "runtimes"), &known, runtimes, out);
}
