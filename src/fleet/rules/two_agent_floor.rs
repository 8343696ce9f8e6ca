//! Fleets that are smaller than an orchestrator and an enhancer.

use super::{ENHANCER, Group, Level, ORCHESTRATOR, Rule, Subject, listed};
use crate::diag::Problem;

pub(super) static RULE: Rule = Rule {
    id: "two-agent-floor",
    group: Group::Fleet,
    level: Level::Off,
    since: "0.1.0",
    summary: "a fleet without both an orchestrator and an enhancer",
    page: include_str!("two_agent_floor.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let agents = &subject.roster.agents;
    if subject.profile.is_minimal() || agents.uncertain {
        return;
    }
    let has = |class: &&str| agents.of_class(class).next().is_none();
    let missing: Vec<&str> = [ORCHESTRATOR, ENHANCER].into_iter().filter(has).collect();
    if !missing.is_empty() {
        let message = format!("a fleet needs an orchestrator and an enhancer; no agent has class {}", listed(&missing));
        let problem = RULE.problem(message).label(subject.file, subject.agents_key(), "");
        out.push(problem.help("add an agent of that class, or turn `two-agent-floor` off"));
    }
}
