use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Edit, Fix, Problem, Safety};
use crate::expr::{Dialect, Expr};
use crate::source::Span;
use crate::workflow::Expression;

pub(super) static RULE: Rule = Rule {
    id: "escape-eaten",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a backslash that substitution removes before the expression is read",
    page: include_str!("escape_eaten.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    for expression in gate.when.entries.iter().filter_map(|entry| entry.evaluate.as_ref()) {
        if let Some(escape) = eaten(gate, expression) {
            out.push(lost(gate, escape, expression));
        }
    }
}

/// The first backslash that substitution takes from `expression`, if it does not compile without and would with what was written.
pub(super) fn eaten(gate: &Gate<'_>, expression: &Expression) -> Option<Span> {
    let file = gate.reading.file;
    let inside = |span: &Span| expression.place.span.contains(*span);
    let escape = file.template()?.eaten_backslashes().find(inside)?;
    let as_written = file.as_written()?;
    let steps = as_written.clone.iter().chain(&as_written.services).chain(&as_written.steps);
    let whens = std::iter::once(&as_written.when).chain(steps.map(|step| &step.when));
    let expressions = whens.flat_map(|when| when.entries.iter().filter_map(|entry| entry.evaluate.as_ref()));
    let mut same_place = expressions.filter(|other| other.place.span == expression.place.span);
    let compiles = |text: &str| Expr::compile(text, Dialect::from(file.server()), &gate.reading.variables()).is_ok();
    (compiles(&same_place.next()?.value) && !compiles(&expression.value)).then_some(escape)
}

fn lost(gate: &Gate<'_>, escape: Span, expression: &Expression) -> Problem {
    let problem = RULE.problem("substitution removes this backslash, and without it the expression does not compile");
    let problem = problem.label(gate.reading.id(), escape, "becomes one character before YAML is read");
    problem.help("write each of these backslashes twice").fix(doubled(gate, expression))
}

/// Each backslash of `expression` that substitution removes, twice.
fn doubled(gate: &Gate<'_>, expression: &Expression) -> Option<Fix> {
    let file = gate.reading.file;
    let inside = |escape: &Span| expression.place.span.contains(*escape);
    let edits = file.template()?.eaten_backslashes().filter(inside).map(|escape| {
        // Two bytes of which the second stays: the pair itself has to stay.
        let text = file.source().slice(escape).replace('\\', r"\\");
        Edit { file: file.id(), span: escape, text }
    });
    Fix::new(Safety::Safe, "write the backslashes twice", edits.collect())
}
