//! Classes that are not known.

use std::collections::HashSet;

use super::{ENHANCER, Group, Level, ORCHESTRATOR, Rule, Subject, known, r5};
use crate::diag::Problem;

pub(super) static RULE: Rule = Rule {
    id: "unknown-class",
    group: Group::Fleet,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a class that is not known",
    page: include_str!("unknown_class.md"),
    echo: None,
    checks: &[check],
};

/// The classes that are known anyway.
pub const CLASSES: [&str; 3] = [ORCHESTRATOR, ENHANCER, "worker"];

fn check(subject: &Subject<'_>, out: &mut Vec<Problem>) {
    // A slip that costs the fleet its orchestrator is R5's to tell.
    let told = if r5::RULE.is_on(&subject.settings.levels) { r5::slips(subject) } else { Vec::new() };
    let told: HashSet<&str> = told.iter().map(|(_, class)| class.value.as_str()).collect();
    let classes = subject.roster.agents.list.iter().filter_map(|agent| agent.class.given());
    let classes = classes.filter(|class| !told.contains(class.value.as_str()));
    let known = known(&CLASSES, &subject.settings.classes);
    subject.unknown_values(&RULE, ("class", "classes"), &known, classes, out);
}
