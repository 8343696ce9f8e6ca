use std::collections::BTreeMap;

use super::super::changes::{Changes, may_fail};
use super::super::reading::{Gate, Reading};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::{Problem, Safety};
use crate::prove::{Conditions, EntryProof, Formula};
use crate::source::Span;
use crate::workflow::Axis;

pub(super) static RULE: Rule = Rule {
    id: "shadowed-entry",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a `when` entry that lets nothing through but what the others do, too",
    page: include_str!("shadowed_entry.md"),
    echo: None,
    checks: &[Check::Changes(check)],
};

/// One list of entries, wherever it is used: for each event and axis what each entry comes to.
struct List {
    axis: Axis,
    uses: Vec<(Event, Vec<EntryProof>)>,
    may_fail: bool,
}

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let Some(file) = changes.files.first().map(crate::workflow::File::id) else { return };
    for (spans, list) in lists(changes) {
        if list.may_fail {
            continue;
        }
        let shadowed = shadowed(&list, changes);
        for &at in &shadowed {
            let others = (0..spans.len()).filter(|other| !shadowed.contains(other));
            let by = others.into_iter().find(|&by| is_shadowed(at, &[by], &list, changes));
            let problem = changes.read(file, &list.axis, |reading| problem(reading, &spans, at, by));
            out.extend(problem.flatten());
        }
    }
}

fn lists(changes: &mut Changes<'_>) -> BTreeMap<Vec<Span>, List> {
    let mut lists: BTreeMap<Vec<Span>, List> = BTreeMap::new();
    for (event, pipeline) in changes.each().0 {
        for workflow in &pipeline.workflows {
            let of_steps = workflow.steps.iter().map(|step| &step.when);
            let whens = std::iter::once(&workflow.when).chain(of_steps).filter(|when| when.entries.len() > 1);
            for when in whens {
                let spans = when.entries.iter().map(|entry| entry.span).collect();
                let list = lists.entry(spans).or_insert_with(|| List {
                    axis: workflow.axis.clone(),
                    uses: Vec::new(),
                    may_fail: false,
                });
                add(list, event, when);
            }
        }
    }
    lists
}

fn add(list: &mut List, event: &Event, when: &Conditions) {
    list.may_fail |= may_fail(when);
    let same = |(other, entries): &(Event, Vec<EntryProof>)| {
        other == event && entries.iter().map(|it| it.passes).eq(when.entries.iter().map(|it| it.passes))
    };
    if !list.uses.iter().any(same) {
        list.uses.push((event.clone(), when.entries.clone()));
    }
}

/// The entries that can be taken away, all of them together: of two that let the same through, the later one.
fn shadowed(list: &List, changes: &mut Changes<'_>) -> Vec<usize> {
    let count = list.uses.first().map_or(0, |(_, entries)| entries.len());
    let mut kept: Vec<usize> = (0..count).collect();
    for at in (0..count).rev() {
        let others: Vec<usize> = kept.iter().copied().filter(|&other| other != at).collect();
        // What lets nothing through is another rule's.
        if is_shadowed(at, &others, list, changes) && !is_shadowed(at, &[], list, changes) {
            kept = others;
        }
    }
    (0..count).filter(|at| !kept.contains(at)).collect()
}

/// Whether some of `others` let through whatever entry `at` does.
fn is_shadowed(at: usize, others: &[usize], list: &List, changes: &mut Changes<'_>) -> bool {
    list.uses.iter().all(|(event, entries)| {
        let formulas = changes.decider.formulas(event);
        let not_others: Vec<Formula> = others.iter().map(|&other| !entries[other].passes).collect();
        let alone = formulas.all(not_others.into_iter().chain([entries[at].passes]));
        changes.decider.is_never(event, alone)
    })
}

fn problem(reading: &Reading<'_>, spans: &[Span], at: usize, by: Option<usize>) -> Option<Problem> {
    let is_list = |gate: &Gate<'_>| gate.when.entries.iter().map(|entry| entry.place.span).eq(spans.iter().copied());
    let gate = reading.gates().find(is_list)?;
    let entries = &gate.when.entries;
    // Its `status` may say something that the others' does not; and the server asks a workflow's `evaluate` twice.
    let of_workflow = std::ptr::eq(gate.when, &raw const reading.workflow.when);
    if entries.iter().any(|entry| entry.status.place.is_some() || of_workflow && entry.evaluate.is_some()) {
        return None;
    }
    let place = &entries[at].place;
    let message = "whatever this entry lets through, another one does already";
    let problem = reading.label(RULE.problem(message), place, place.span, "changes nothing");
    let problem = match by.map(|by| entries[by].place.span).filter(|by| *by != place.span) {
        Some(by) => problem.label(reading.id(), by, "lets more through"),
        None => problem,
    };
    let fix = reading.remove(Safety::Safe, "remove the entry", place.node);
    Some(
        problem
            .help("the entries of `when` are OR'd: take it away, or put its conditions into the other entry")
            .fix(fix),
    )
}
