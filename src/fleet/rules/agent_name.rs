//! Names that no systemd instance can have.

use super::{Group, Level, Rule, Subject};
use crate::diag::Problem;
use crate::fleet::lower::site;
use crate::fleet::{NameFault, escape_instance, instance_fault};
use crate::source::Span;
use crate::text::escape;
use crate::workflow::Placed;

pub(super) static RULE: Rule = Rule {
    id: "agent-name",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a name that no systemd unit can have",
    page: include_str!("agent_name.md"),
    echo: None,
    checks: &[check],
};

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    let names = subject.roster.agents.list.iter().filter_map(|agent| agent.name.given());
    out.extend(names.filter_map(|name| Some(unusable(subject, name, instance_fault(&name.value)?))));
}

fn unusable(subject: &Subject<'_>, name: &Placed<String>, fault: NameFault) -> Problem {
    let message = match fault {
        NameFault::Empty => "an empty name: `mosaic-agent@.service` is the template, not an agent".to_owned(),
        NameFault::Character { .. } => {
            format!("`{}` cannot be a systemd instance: {fault}", escape(&name.value))
        }
        // The name itself would fill the screen.
        NameFault::TooLong { .. } => format!("this name cannot be a systemd instance: {fault}"),
    };
    let problem = RULE.problem(message);
    let problem = match fault {
        NameFault::Character { character, at } => {
            problem.label(subject.file, character_span(subject, name, at, character), "not in a unit's name")
        }
        NameFault::Empty | NameFault::TooLong { .. } => problem.label(subject.file, name.place.span, ""),
    };
    let problem = if name.place.via.is_empty() {
        problem
    } else {
        problem.label(subject.file, site(&name.place), "through this alias")
    };
    let escaped = escape_instance(&name.value);
    match fault {
        NameFault::Character { .. } if instance_fault(&escaped).is_none() => problem
            .help(format!("use ASCII letters, digits and `:-_.@`, or what `systemd-escape` makes of it: `{escaped}`")),
        NameFault::Character { .. } => problem.help("use ASCII letters, digits and `:-_.@`"),
        NameFault::Empty => problem.help("give the agent a name"),
        NameFault::TooLong { .. } => problem.help("shorten it"),
    }
}

/// The bytes of the character at byte `at` of the name, through quotes and escapes.
fn character_span(subject: &Subject<'_>, name: &Placed<String>, at: usize, character: char) -> Span {
    match name.place.node {
        Some(node) => subject.roster.document.value_map(node).to_source(Span::from(at..at + character.len_utf8())),
        None => name.place.span,
    }
}
