use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::{VARIABLES, Variable};
use crate::diag::{Problem, Safety, Severity};
use crate::expr::{Dialect, ErrorKind, Expr, ExprError};
use crate::source::Spanned;
use crate::text::{escape, nearest};
use crate::workflow::Expression;

pub(super) static RULE: Rule = Rule {
    id: "evaluate-error",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "an expression that does not compile, or reads a variable that the server never sets",
    page: include_str!("evaluate_error.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    for expression in gate.when.entries.iter().filter_map(|entry| entry.evaluate.as_ref()) {
        if gate.reading.hangs_on_change(expression.place.span) {
            continue;
        }
        let dialect = Dialect::from(gate.reading.context.server);
        match Expr::compile(&expression.value, dialect, &gate.reading.variables()) {
            Ok(compiled) => {
                out.extend(compiled.names().iter().filter_map(|name| undefined(gate, expression, name)));
            }
            Err(error) if error.kind == ErrorKind::Limit || super::escape_eaten::eaten(gate, expression).is_some() => {}
            Err(error) => out.push(does_not_compile(gate, expression, &error)),
        }
    }
}

fn does_not_compile(gate: &Gate<'_>, expression: &Expression, error: &ExprError) -> Problem {
    let place = &expression.place;
    let problem = RULE.problem("the server cannot compile this expression, and fails every pipeline that reaches it");
    let problem = gate.reading.label(problem, place, expression.map.to_source(error.span), error.message.clone());
    match error.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// What is wrong with reading `name`: the server does not set it. Other names than the server's own may be set by its administrator, or
/// typed in for one run, so of those only likely slips are reported.
fn undefined(gate: &Gate<'_>, expression: &Expression, name: &Spanned<&str>) -> Option<Problem> {
    let reading = gate.reading;
    let server = reading.context.server;
    let axes = || reading.file.axes().unwrap_or_default().iter().flat_map(|axis| axis.keys().map(String::as_str));
    let administrators = || reading.context.variables.keys().map(String::as_str);
    let known = Variable::find(name.value);
    if known.is_some_and(|variable| variable.exists_on(server))
        || axes().chain(administrators()).any(|it| it == name.value)
    {
        return None;
    }
    let there = VARIABLES.iter().filter(|variable| variable.exists_on(server)).map(|variable| variable.name);
    let suggestion = nearest(name.value, there.chain(axes()).chain(administrators()));
    let is_servers = name.value.starts_with("CI_");
    if !is_servers && suggestion.is_none() {
        return None;
    }
    let shown = escape(name.value);
    let mut problem =
        RULE.problem(format!("Woodpecker {server} does not set `{shown}`, so it reads as the empty text"));
    if !is_servers {
        problem.severity = Severity::Warning;
    }
    let place = &expression.place;
    let problem = reading.label(problem, place, expression.map.to_source(name.span), "never set");
    Some(match (known.and_then(|variable| variable.since), suggestion) {
        (Some(since), _) if since > server => problem.help(format!("servers since {since} set it")),
        (_, Some(word)) => {
            let (start, end) = (name.span.start as usize, name.span.end as usize);
            let renamed = [&expression.value[..start], word, &expression.value[end..]].concat();
            let edits = place.node.and_then(|node| reading.editor().rewrite(node, &renamed));
            let fix = reading.fix(Safety::Unsafe, format!("write `{word}`"), edits);
            problem.help(format!("did you mean `{word}`?")).fix(fix)
        }
        (_, None) => problem,
    })
}
