//! Transports that are not known.

use super::{Group, Level, Rule, Subject, known};
use crate::diag::Problem;

pub(super) static RULE: Rule = Rule {
    id: "transport",
    group: Group::Fleet,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a transport that is not known, or none",
    page: include_str!("transport.md"),
    echo: None,
    checks: &[check],
};

/// The transports that are known anyway.
pub const TRANSPORTS: [&str; 1] = ["tmux"];

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let transport = &subject.roster.transport;
    if transport.is_missing() {
        let problem = RULE.problem("the roster names no `transport`");
        out.push(problem.label(subject.file, subject.beginning(), "").help("add `transport: tmux`"));
    }
    let known = known(&TRANSPORTS, &subject.settings.transports);
    subject.unknown_values(&RULE, ("transport", "transports"), &known, transport.given().into_iter(), out);
}
