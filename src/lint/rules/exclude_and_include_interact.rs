use super::super::decide::Decider;
use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use super::redundant_glob::{Against, redundant};
use crate::change::Event;
use crate::diag::{Problem, Safety};
use crate::plan::Question;
use crate::source::Span;
use crate::text::escape;
use crate::workflow::{Glob, PathFilter};
use crate::yaml::{Data, NodeId};

pub(super) static RULE: Rule = Rule {
    id: "exclude-and-include-interact",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "an exclude that never matters, because of what is included",
    page: include_str!("exclude_and_include_interact.md"),
    echo: None,
    checks: &[Check::Filter(check)],
};

fn check(gate: &Gate<'_>, decider: &mut Decider<'_>, out: &mut Vec<Problem>) {
    for filter in gate.when.entries.iter().map(|entry| &entry.path) {
        let globs = || filter.include.iter().chain(&filter.exclude);
        let hangs = globs().any(|glob| gate.reading.hangs_on_change(glob.place.span));
        if !filter.include.is_empty() && !filter.exclude.is_empty() && !hangs {
            let idle = idle(gate, filter, decider);
            out.extend(idle.into_iter().map(|glob| problem(gate, filter, glob)));
        }
    }
}

/// The excludes that can be taken away, all of them together, and no change notices.
fn idle<'g>(gate: &Gate<'_>, filter: &'g PathFilter, decider: &mut Decider<'_>) -> Vec<&'g Glob> {
    let server = gate.reading.context.server;
    let redundant = redundant(&filter.exclude, Against::Files, decider);
    let mut rest = filter.clone();
    rest.exclude = each_but(&filter.exclude, &redundant);
    let Some(mut with) = decider.case(&Event::Push).path_filter(&rest, server) else { return Vec::new() };
    let mut idle = Vec::new();
    for at in (0..filter.exclude.len()).rev().filter(|at| !redundant.contains(at)) {
        let mut without = rest.clone();
        without.exclude.retain(|glob| glob.place != filter.exclude[at].place);
        let Some(fewer) = decider.case(&Event::Push).path_filter(&without, server) else { continue };
        let formulas = decider.formulas(&Event::Push);
        let differ = formulas.choice(with, !fewer, fewer);
        let by_glob = PathFilter { include: vec![filter.exclude[at].clone()], exclude: Vec::new(), ..filter.clone() };
        if decider.is_never(&Event::Push, differ) && matches_something(&by_glob, decider) {
            (rest, with) = (without, fewer);
            idle.push(&filter.exclude[at]);
        }
    }
    idle.reverse();
    idle
}

fn each_but(globs: &[Glob], but: &[usize]) -> Vec<Glob> {
    globs.iter().enumerate().filter(|(at, _)| !but.contains(at)).map(|(_, glob)| glob.clone()).collect()
}

/// What matches nothing is another rule's.
fn matches_something(filter: &PathFilter, decider: &mut Decider<'_>) -> bool {
    let globs = filter.include.iter().map(|glob| glob.pattern.clone()).collect();
    let matched = decider.formulas(&Event::Push).atom(Question::FileMatched(globs));
    decider.can_be(&Event::Push, matched) == Some(true)
}

fn problem(gate: &Gate<'_>, filter: &PathFilter, glob: &Glob) -> Problem {
    let text = escape(glob.pattern.text());
    let message = format!("excluding `{text}` changes nothing: no such file is included");
    let problem = gate.reading.label(RULE.problem(message), &glob.place, glob.place.span, "never matters");
    let included = filter.include.iter().map(|glob| glob.place.span).reduce(Span::join);
    let problem = match included.filter(|span| !span.contains(glob.place.span)) {
        Some(span) => problem.label(gate.reading.id(), span, "only these files count"),
        None => problem,
    };
    // The last one goes with its key.
    let list = || glob.place.node.and_then(|node| gate.reading.editor().parent(node));
    let is_item = |node: NodeId| matches!(gate.reading.editor().document().node(node).data, Data::Sequence { .. });
    let node = if filter.exclude.len() > 1 { None } else { list().filter(|&list| is_item(list)) };
    let node = node.or(glob.place.node);
    let fix = gate.reading.remove(Safety::Safe, format!("remove `{text}`"), node);
    problem.help("take it away; a change of included and excluded files runs because of the included ones").fix(fix)
}
