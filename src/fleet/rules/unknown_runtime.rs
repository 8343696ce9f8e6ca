//! Runtimes that are not known.

use super::{Rule, Subject, known};
use crate::diag::{Problem, Severity};

pub(super) static RULE: Rule = Rule {
    id: "unknown-runtime",
    level: Some(Severity::Warning),
    summary: "a runtime that is not known",
    page: include_str!("unknown_runtime.md"),
    check,
};

/// The runtimes that are known anyway.
pub const RUNTIMES: [&str; 4] = ["claude", "codex", "pi", "opencode"];

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let runtimes = subject.roster.agents.list.iter().filter_map(|agent| agent.runtime.given());
    let known = known(&RUNTIMES, &subject.settings.runtimes);
    subject.unknown_values(RULE.id, ("runtime", "runtimes"), &known, runtimes, out);
}
