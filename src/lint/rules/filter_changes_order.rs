use super::super::changes::{Changes, Refuted, is_own};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::witness::Witness;
use crate::diag::Problem;
use crate::plan::{Plan, Verdict};
use crate::prove::{Formula, Formulas, Pipeline, StepProof};
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "filter-changes-order",
    group: Group::Suspicious,
    level: Level::Note,
    since: "0.1.0",
    summary: "a change filters every step that has `depends_on`, and the rest run one after another",
    page: include_str!("filter_changes_order.md"),
    echo: None,
    checks: &[Check::Changes(check)],
};

fn check(changes: &mut Changes<'_>, out: &mut Vec<Problem>) {
    let count = changes.workflows().len();
    for at in 0..count {
        let formula = |pipeline: &Pipeline, formulas: &mut Formulas| several_are_left(at, false, pipeline, formulas);
        let is_so = |plan: &Plan| plan.workflows.get(at).is_some_and(|it| it.verdict != Verdict::Error);
        if !can_be_a_graph(at, changes) {
            continue;
        }
        if let Some(witness) = changes.find(&mut Refuted::default(), formula, is_so) {
            let workflow = &changes.workflows()[at];
            let (file, axis) = (workflow.file, workflow.axis.clone());
            out.extend(changes.read(file, &axis, |reading| problem(reading, &witness)).flatten());
            return;
        }
    }
}

/// Whether two steps without `depends_on` can run beside one that has it, and so at once.
fn can_be_a_graph(at: usize, changes: &mut Changes<'_>) -> bool {
    let (pipelines, decider) = changes.each();
    pipelines.iter().any(|(event, pipeline)| {
        let both = several_are_left(at, true, pipeline, decider.formulas(event));
        decider.can_be(event, both) == Some(true)
    })
}

/// That two or more steps without `depends_on` are left, and some that has it, or none.
fn several_are_left(at: usize, beside_one: bool, pipeline: &Pipeline, formulas: &mut Formulas) -> Formula {
    let Some(workflow) = pipeline.workflows.get(at) else { return Formula::FALSE };
    let several = several(&workflow.steps, formulas);
    let graph = if beside_one { workflow.is_graph } else { !workflow.is_graph };
    formulas.all([workflow.passes, several, graph])
}

fn several(steps: &[StepProof], formulas: &mut Formulas) -> Formula {
    let (mut one, mut two) = (Formula::FALSE, Formula::FALSE);
    for step in steps.iter().filter(|step| is_own(step) && step.depends_on.is_none()) {
        let both = formulas.all([one, step.passes]);
        two = formulas.any([two, both]);
        one = formulas.any([one, step.passes]);
    }
    two
}

fn problem(reading: &Reading<'_>, witness: &Witness) -> Option<Problem> {
    let mut needing = reading.workflow.steps.iter().filter(|step| step.depends_on.is_some());
    let first = needing.next()?;
    let own = escape(&first.name.value);
    let what = witness.phrase(reading.context.server);
    let message = match needing.count() {
        0 => format!("{what} filters `{own}`, the only step with `depends_on`: the others then run one after another"),
        _ => format!("{what} filters every step that has `depends_on`: the others then run one after another"),
    };
    let place = &first.name.place;
    let problem = reading.label(
        RULE.problem(message),
        place,
        place.span,
        "where it runs, steps without `depends_on` start at once",
    );
    Some(problem.help("give each step its `depends_on`; `depends_on: []` for those that need none"))
}
