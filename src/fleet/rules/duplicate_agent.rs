//! Two agents of one name.

use std::collections::HashMap;

use super::{Group, Level, Rule, Subject};
use crate::diag::Problem;
use crate::text::escape;
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-agent",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "two agents of one name",
    page: include_str!("duplicate_agent.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut names: Vec<(&str, Vec<&Place>)> = Vec::new();
    for name in subject.roster.agents.list.iter().filter_map(|agent| agent.name.given()) {
        let at = *index.entry(&name.value).or_insert_with(|| {
            names.push((&name.value, Vec::new()));
            names.len() - 1
        });
        names[at].1.push(&name.place);
    }
    for (name, places) in names {
        let Some((first, again)) = places.split_first().filter(|(_, again)| !again.is_empty()) else { continue };
        let message = format!("{} agents are called `{}`", places.len(), escape(name));
        let again = again.iter().map(|&place| (place, "again".to_owned()));
        let problem = subject.labels(RULE.problem(message), again);
        let problem = subject.labels(problem, [(*first, "the first".to_owned())]);
        out.push(problem.help("give each agent a name of its own: they would share one systemd unit and one session"));
    }
}
