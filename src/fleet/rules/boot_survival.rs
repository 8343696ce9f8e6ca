//! What the next boot brings back.

use std::collections::{BTreeSet, HashSet};

use super::{Group, Level, Rule, Subject};
use crate::diag::Problem;
use crate::fleet::lower::site;
use crate::fleet::{Settings, State, Units, escape_instance, instance_fault, unit_name};
use crate::text::escape;

pub(in crate::fleet) static RULE: Rule = Rule {
    id: "boot-survival",
    group: Group::Fleet,
    level: Level::Warn,
    since: "0.1.0",
    summary: "an agent that does not come back at the next boot, or a unit that comes back without its agent",
    page: include_str!("boot_survival.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let Some(units) = &subject.settings.units else { return };
    let mut seen = HashSet::new();
    for name in subject.roster.agents.list.iter().filter_map(|agent| agent.name.given()) {
        // A name that is no instance, and a second agent of the name, are flaws of other rules.
        if instance_fault(&name.value).is_some() || !seen.insert(&name.value) {
            continue;
        }
        let Some((message, help)) = absent(units, &name.value) else { continue };
        let problem = RULE.problem(message).label(subject.file, site(&name.place), "");
        out.push(problem.help(help));
    }
}

/// Why the agent `name` does not come back at boot, if it does not, and what to do.
fn absent(units: &Units, name: &str) -> Option<(String, String)> {
    let unit = unit_name(name);
    let enable = format!("`systemctl --user enable {unit}`");
    let Some(enabled) = units.instances.get(name) else {
        return Some((format!("`{unit}` is not enabled: the agent does not come back at the next boot"), enable));
    };
    let (link, template) = (escape(&enabled.link), unit_name(""));
    Some(match enabled.state {
        State::Started | State::Template => return None,
        State::Broken => (
            format!("`{link}` is a link to nothing, and there is no unit `{template}`"),
            format!("put `{template}` into the folder of units"),
        ),
        State::Masked => (
            format!("`{link}` does not start the agent: it or its unit is masked (empty or `/dev/null`)"),
            "remove what masks it, and enable the unit".to_owned(),
        ),
        State::NoLink => (
            format!("`{link}` does not start the agent: systemd passes over what is not a link"),
            "remove it, and enable the unit".to_owned(),
        ),
    })
}

/// The units that start at boot and that no roster has an agent for. `agents` are the names of all agents; `None` when some could not be read:
/// then nobody can tell.
pub(in crate::fleet) fn orphans(agents: Option<&BTreeSet<String>>, settings: &Settings) -> Vec<Problem> {
    let severity = RULE.level_in(&settings.levels).severity();
    let (Some(severity), Some(units), Some(agents)) = (severity, &settings.units, agents) else {
        return Vec::new();
    };
    let escaped: BTreeSet<String> = agents.iter().map(|name| escape_instance(name)).collect();
    let started = units.instances.iter().filter(|(_, enabled)| enabled.state.starts());
    let orphans = started.filter(|(name, _)| !agents.contains(*name) && !escaped.contains(*name));
    let problem = |(name, enabled): (&String, &crate::fleet::Enabled)| {
        let link = escape(&enabled.link);
        let message = match enabled.state {
            State::Template => {
                format!("`{link}` is the template itself: at boot it starts an agent `{name}`, which no roster has")
            }
            _ => format!(
                "`{link}` is enabled, but no roster has an agent `{name}`: it comes back at the next boot with no configuration"
            ),
        };
        let unit = if enabled.state == State::Template { unit_name("") } else { unit_name(name) };
        let help = format!("`systemctl --user disable {unit}`, or add the agent to its roster");
        Problem { severity, ..RULE.problem(message) }.help(help)
    };
    orphans.map(problem).collect()
}
