//! Keys that are not known.

use super::{Group, Level, Rule, Subject, known, listed};
use crate::diag::Problem;
use crate::fleet::Key;
use crate::fleet::lower::{AGENT_KEYS, ROSTER_KEYS};
use crate::text::{escape, nearest};
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "unknown-key",
    group: Group::Fleet,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a key that is not known",
    page: include_str!("unknown_key.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let is_known = |key: &Key| key.name.starts_with("x-") || subject.settings.keys.contains(&key.name);
    let unknown: Vec<&Key> = subject.roster.unknown.iter().filter(|key| !is_known(key)).collect();
    let mut index = std::collections::HashMap::new();
    let mut kinds: Vec<(&Key, Vec<Place>)> = Vec::new();
    for key in unknown {
        let at = *index.entry((&key.name, key.of_agent)).or_insert_with(|| {
            kinds.push((key, Vec::new()));
            kinds.len() - 1
        });
        // Merged into many agents, a key is still one.
        let place = Place { span: key.span, ..Place::default() };
        if kinds[at].1.last() != Some(&place) {
            kinds[at].1.push(place);
        }
    }
    for (key, places) in kinds {
        let (whose, always): (_, &[&str]) =
            if key.of_agent { ("an agent", &AGENT_KEYS) } else { ("a roster", &ROSTER_KEYS) };
        let problem = RULE.problem(format!("unknown key `{}` of {whose}", escape(&key.name)));
        let problem = subject.labels(problem, places.iter().map(|place| (place, String::new())));
        let known = known(always, &subject.settings.keys);
        let help = match nearest(&key.name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}; `fleet.keys` in the configuration takes more", listed(&known)),
        };
        out.push(problem.help(help));
    }
}
