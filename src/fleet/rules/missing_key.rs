//! Agents without a name or a runtime.

use super::{Group, Level, Rule, Subject};
use crate::diag::Problem;

pub(super) static RULE: Rule = Rule {
    id: "missing-key",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "an agent without a name or a runtime",
    page: include_str!("missing_key.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let agents = &subject.roster.agents;
    // Elsewhere, R5 has said it.
    if agents.key.is_none() && !agents.uncertain && subject.profile.is_minimal() {
        let problem = RULE.problem("there is no list of `agents`");
        out.push(problem.label(subject.file, subject.beginning(), "").help("add `agents:`, even if it is empty: `[]`"));
    }
    for agent in &agents.list {
        let missing = match (agent.name.is_missing(), agent.runtime.is_missing()) {
            (true, true) => "an agent without a `name` and a `runtime`",
            (true, false) => "an agent without a `name`",
            (false, true) => "an agent without a `runtime`",
            (false, false) => continue,
        };
        let help = if agent.name.is_missing() {
            "every agent needs a name, which its systemd unit and its session go by"
        } else {
            "add the program that the agent runs on, such as `runtime: claude`"
        };
        out.push(RULE.problem(missing).label(subject.file, agent.grip, "this one").help(help));
    }
}
