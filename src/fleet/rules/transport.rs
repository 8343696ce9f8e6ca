//! Transports that are not known.

use super::{Rule, Subject, known};
use crate::diag::{Problem, Severity};

pub(super) static RULE: Rule = Rule {
    id: "transport",
    level: Some(Severity::Warning),
    summary: "a transport that is not known, or none",
    page: include_str!("transport.md"),
    check,
};

/// The transports that are known anyway.
pub const TRANSPORTS: [&str; 1] = ["tmux"];

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let transport = &subject.roster.transport;
    if transport.is_missing() {
        let problem = Problem::warning(RULE.id, "the roster names no `transport`");
        out.push(problem.label(subject.file, subject.beginning(), "").help("add `transport: tmux`"));
    }
    let known = known(&TRANSPORTS, &subject.settings.transports);
    subject.unknown_values(RULE.id, ("transport", "transports"), &known, transport.given().into_iter(), out);
}
