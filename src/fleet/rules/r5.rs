//! R5: exactly one agent has class `orchestrator`.

use super::{CLASSES, Group, Level, ORCHESTRATOR, Rule, Subject, known};
use crate::diag::Problem;
use crate::fleet::{Agent, MINIMAL, Profile};
use crate::text::{escape, nearest};
use crate::workflow::{Place, Placed};

pub(super) static RULE: Rule = Rule {
    id: "r5",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a fleet without an orchestrator, or with several",
    page: include_str!("r5.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    if is_none_wrong(subject) {
        out.push(none(subject));
    }
    let orchestrators: Vec<&Agent> = subject.roster.agents.of_class(ORCHESTRATOR).collect();
    // Of the minimal profile it is said that none is right and two are wrong. One is let pass.
    if orchestrators.len() > 1 {
        out.push(several(subject, &orchestrators));
    }
}

/// Whether the roster has no orchestrator, and should have.
fn is_none_wrong(subject: &Subject<'_>) -> bool {
    let agents = &subject.roster.agents;
    !subject.profile.is_minimal() && !agents.uncertain && agents.of_class(ORCHESTRATOR).next().is_none()
}

/// The agents whose class is a slip for `orchestrator`, where that is why there is none.
pub(super) fn slips<'a>(subject: &Subject<'a>) -> Vec<(&'a Agent, &'a Placed<String>)> {
    if !is_none_wrong(subject) {
        return Vec::new();
    }
    let known = known(&CLASSES, &subject.settings.classes);
    let is_slip = |class: &str| !known.contains(&class) && nearest(class.trim(), [ORCHESTRATOR]).is_some();
    let classes = subject.roster.agents.list.iter().filter_map(|agent| Some((agent, agent.class.given()?)));
    classes.filter(|(_, class)| is_slip(&class.value)).collect()
}

fn none(subject: &Subject<'_>) -> Problem {
    let agents = &subject.roster.agents;
    let misses = slips(subject);
    let message = match misses.as_slice() {
        [] if agents.key.is_none() => "no agent has class `orchestrator`: there is no list of `agents`".to_owned(),
        [] => "no agent has class `orchestrator`".to_owned(),
        [(agent, class)] => {
            format!("no agent has class `orchestrator`, but {} has `{}`", name(agent), escape(&class.value))
        }
        [(_, class), ..] => format!(
            "no agent has class `orchestrator`, but {} come near it, the first with `{}`",
            misses.len(),
            escape(&class.value)
        ),
    };
    let text = if misses.is_empty() { "one of these must have it" } else { "" };
    let problem = RULE.problem(message).label(subject.file, subject.agents_key(), text);
    let problem = subject.labels(problem, misses.iter().map(|(_, class)| meant(&class.place)));
    if !misses.is_empty() {
        return problem.help("write `class: orchestrator`");
    }
    match subject.profile {
        Profile::Written(profile, span) if nearest(profile.trim(), [MINIMAL]).is_some() => problem
            .label(subject.file, *span, "did you mean `minimal`?")
            .help("only the profile `minimal` has no orchestrator"),
        _ => problem.help("give one agent `class: orchestrator`; only the profile `minimal` has none"),
    }
}

fn several(subject: &Subject<'_>, orchestrators: &[&Agent]) -> Problem {
    let message = format!("{} agents have class `orchestrator`", orchestrators.len());
    let places = orchestrators.iter().filter_map(|agent| Some((&agent.class.given()?.place, name(agent))));
    let help = if subject.profile.is_minimal() {
        "give all of them, or all but one, another class"
    } else {
        "give all but one of them another class"
    };
    subject.labels(RULE.problem(message), places).help(help)
}

fn meant(place: &Place) -> (&Place, String) {
    (place, "did you mean `orchestrator`?".to_owned())
}

/// An agent, by its name where it has one.
fn name(agent: &Agent) -> String {
    match agent.name.given() {
        Some(name) => format!("`{}`", escape(&name.value)),
        None => "an agent without a name".to_owned(),
    }
}
