use std::collections::HashSet;

use super::super::changes::{Changes, Refuted, is_own};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::witness::Witness;
use crate::diag::{Fix, Problem, Safety, Severity};
use crate::edit::{Replacement, written};
use crate::plan::Plan;
use crate::prove::{Formula, Formulas, Pipeline};
use crate::server::Difference;
use crate::source::Span;
use crate::text::escape;
use crate::workflow::{Dependency, Step};
use crate::yaml::Data;

pub(super) static RULE: Rule = Rule {
    id: "filtered-dependency",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a change runs a step but not the one it depends on: the server refuses the pipeline",
    page: include_str!("filtered_dependency.md"),
    echo: None,
    checks: &[Check::Changes(check)],
};

/// A dependency of a step, in the workflows of all axes: the number of the step, and of the dependency.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Edge {
    workflow: usize,
    step: usize,
    dependency: usize,
    span: Span,
}

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let mut known = Refuted::default();
    let mut told: HashSet<Span> = HashSet::new();
    let mut found: Vec<(Edge, Witness)> = Vec::new();
    for edge in edges(changes) {
        if told.contains(&edge.span) {
            continue;
        }
        let formula = |pipeline: &Pipeline, _: &mut Formulas| breaks(edge, pipeline);
        let is_refused = |plan: &Plan| plan.problems.iter().any(|problem| problem.code == RULE.id);
        if let Some(witness) = changes.find_any(&mut known, formula, is_refused) {
            told.insert(edge.span);
            found.push((edge, witness));
        }
    }
    // Each text is read once, however much is wrong with it.
    for found in found.chunk_by(|(one, _), (other, _)| one.workflow == other.workflow) {
        let Some(workflow) = found.first().and_then(|(edge, _)| changes.workflows().get(edge.workflow)) else {
            continue;
        };
        let shown = changes.read(workflow.file, &workflow.axis, |reading| {
            let problem = |(edge, witness): &(Edge, Witness)| {
                problem(reading, workflow.steps.get(edge.step)?.span?, *edge, witness)
            };
            found.iter().filter_map(problem).collect::<Vec<Problem>>()
        });
        out.extend(shown.into_iter().flatten());
    }
}

fn edges(changes: &Changes<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (workflow, of_axis) in changes.workflows().iter().enumerate() {
        let own: HashSet<&str> = of_axis.steps.iter().filter(|step| is_own(step)).map(|step| &*step.name).collect();
        for (step, of_step) in of_axis.steps.iter().enumerate().filter(|(_, step)| is_own(step)) {
            let needed = of_step.depends_on.iter().flatten().enumerate();
            // One that is not there at all is the server's own finding.
            let required = needed.filter(|(_, needed)| !needed.optional && own.contains(&*needed.name));
            edges.extend(required.map(|(dependency, needed)| Edge {
                workflow,
                step,
                dependency,
                span: needed.place.span,
            }));
        }
    }
    edges
}

/// That the step runs, and the one it needs does not.
fn breaks(edge: Edge, pipeline: &Pipeline) -> Formula {
    let unmet = || {
        let unmet = &pipeline.workflows.get(edge.workflow)?.steps.get(edge.step)?.unmet;
        Some(unmet.iter().find(|(needed, _)| needed.place.span == edge.span)?.1)
    };
    unmet().unwrap_or(Formula::FALSE)
}

fn problem(reading: &Reading<'_>, name: Span, edge: Edge, witness: &Witness) -> Option<Problem> {
    let steps = &reading.workflow.steps;
    let step = steps.iter().find(|step| step.name.place.span == name)?;
    let dependency = step.depends_on.as_ref()?.get(edge.dependency)?;
    let needed = steps.iter().find(|step| step.name.value == dependency.name)?;
    let server = reading.context.server;
    let (own, other, what) = (escape(&step.name.value), escape(&dependency.name), witness.phrase(server));
    let message =
        format!("{what} runs `{own}` without `{other}`, which it needs: the server refuses the whole pipeline");
    let place = &dependency.place;
    let mut problem = reading.label(RULE.problem(message), place, place.span, "needed here");
    if !witness.hangs.is_empty() {
        // Whether there are such values nobody but the server knows.
        problem.severity = Severity::Warning;
    }
    let problem = match &needed.when.place {
        Some(when) => problem.label(reading.id(), when.span, format!("filters `{other}` out")),
        None => problem,
    };
    if !server.has(Difference::OptionalDependencies) {
        return Some(problem.help("give both steps the same conditions"));
    }
    let problem = problem.help("give both steps the same conditions, or make the dependency optional");
    Some(problem.fix(make_optional(reading, step, dependency)))
}

/// Makes the dependency optional, where it is written for this step alone.
fn make_optional(reading: &Reading<'_>, step: &Step, dependency: &Dependency) -> Option<Fix> {
    if !dependency.place.via.is_empty() || !step.place.via.is_empty() {
        return None;
    }
    let (id, editor) = (dependency.place.node?, reading.editor());
    let node = editor.document().node(id);
    let edits = match &node.data {
        Data::Mapping { .. } => match editor.value(id, "optional") {
            Some(value) => editor.rewrite(value, "true")?,
            None => editor.add_entry(id, "optional", "true")?,
        },
        Data::Scalar { value, .. } if node.tag.is_none() && node.anchor.is_none() => {
            let name = written(value, reading.dialect())?;
            let in_list = editor.parent(id).map(|parent| &editor.document().node(parent).data);
            let one = format!("{{name: {name}, optional: true}}");
            let text = if matches!(in_list, Some(Data::Sequence { .. })) { one } else { format!("[{one}]") };
            vec![Replacement::new(node.span, text)]
        }
        Data::Scalar { .. } | Data::Sequence { .. } | Data::Alias(_) => return None,
    };
    reading.fix(Safety::Unsafe, format!("make `{}` optional", escape(&dependency.name)), Some(edits))
}
