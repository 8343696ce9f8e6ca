use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::text::escape;
use crate::workflow::Step;

pub(super) static RULE: Rule = Rule {
    id: "ungated-step",
    group: Group::Habit,
    level: Level::Off,
    since: "0.1.0",
    summary: "a step without `when`",
    page: include_str!("ungated_step.md"),
    echo: None,
    checks: &[Check::Workflow(check)],
};

fn check(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    out.extend(
        reading.workflow.steps.iter().filter(|step| step.when.place.is_none()).map(|step| ungated(reading, step)),
    );
}

fn ungated(reading: &Reading<'_>, step: &Step) -> Problem {
    let message = format!("step `{}` runs whenever the workflow does", escape(&step.name.value));
    let place = &step.name.place;
    reading
        .label(RULE.problem(message), place, place.span, "has no `when`")
        .help("give it a `when`, or allow it with the reason")
}
