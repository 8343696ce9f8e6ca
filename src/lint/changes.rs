//! Workflow files over every change, as rules look at them.

use std::collections::HashSet;

use super::context::Context;
use super::decide::{Decider, Ground};
use super::reading::Reading;
use super::variables::AnyChange;
use super::witness::Witness;
use crate::change::Event;
use crate::plan::{self, Plan, Question, StepType};
use crate::prove::{Answer, Conditions, Formula, Formulas, Pipeline, StepProof, WorkflowProof, events};
use crate::source::FileId;
use crate::workflow::{Axis, File};

/// Workflow files of one folder, one or all, over every change.
pub(super) struct Changes<'f> {
    pub files: &'f [File<'f>],
    pub context: &'f Context<'f>,
    pub decider: Decider<'f>,
    /// What plans a change that was found.
    planner: plan::Pipeline<'f>,
    /// For each event of the server, what happens when.
    pipelines: Vec<(Event, Pipeline)>,
}

impl<'f> Changes<'f> {
    pub(super) fn new(files: &'f [File<'f>], ground: &'f Ground<'f>) -> Self {
        let context = ground.context;
        let mut decider = Decider::new(ground);
        let planner = plan::Pipeline::read_some(files.iter().map(|file| (file.id(), file.source())), ground.terms());
        let of_event = |event: Event| {
            let pipeline = decider.case(&event).pipeline_read(&planner);
            (event, pipeline)
        };
        let pipelines = events(context.server).map(of_event).collect();
        Self { files, context, decider, planner, pipelines }
    }

    /// For each event what happens when, beside what answers questions about it.
    pub(super) fn each(&mut self) -> (&[(Event, Pipeline)], &mut Decider<'f>) {
        (&self.pipelines, &mut self.decider)
    }

    /// The first change, in the order of events, of which a formula holds that `formula` makes of a pipeline, and that `is_so` when it is
    /// planned. One without files, which is the exception, only where there is no other.
    pub(super) fn find(
        &mut self,
        known: &mut Refuted,
        formula: impl Fn(&Pipeline, &mut Formulas) -> Formula,
        is_so: impl Fn(&Plan) -> bool,
    ) -> Option<Witness> {
        self.find_any(known, formula, is_so).filter(|witness| witness.hangs.is_empty())
    }

    /// The same; where there is none, one that hangs besides on values that only the server has, if there is such a one.
    pub(super) fn find_any(
        &mut self,
        known: &mut Refuted,
        formula: impl Fn(&Pipeline, &mut Formulas) -> Formula,
        is_so: impl Fn(&Plan) -> bool,
    ) -> Option<Witness> {
        let mut hanging = None;
        let rounds = [false, true].into_iter().flat_map(|empty| self.pipelines.iter().map(move |it| (empty, it)));
        for (empty, (event, pipeline)) in rounds {
            let has_files = event.has_changed_files(self.context.server);
            if empty && !has_files {
                continue;
            }
            let formulas = self.decider.formulas(event);
            let mut formula = formula(pipeline, formulas);
            if has_files {
                let no_files = formulas.atom(Question::NoFiles);
                formula = formulas.all([formula, if empty { no_files } else { !no_files }]);
            }
            let key = (event.clone(), formula);
            if known.0.contains(&key) {
                continue;
            }
            let (change, hangs) = match self.decider.find(event, formula) {
                Answer::Change(change) => (change, Vec::new()),
                Answer::Hangs(change, names) => (change, names),
                Answer::Never | Answer::Odd(_) | Answer::TooLarge => {
                    known.0.insert(key);
                    continue;
                }
            };
            let case = self.decider.case(event);
            let plan = self.planner.plan(&case.context(&change)).obey_skip_ci();
            let witness = Witness { event: event.clone(), change, hangs };
            match is_so(&plan) {
                true if witness.hangs.is_empty() => return Some(witness),
                true => drop(hanging.get_or_insert(witness)),
                false => drop(known.0.insert(key)),
            }
        }
        hanging
    }

    /// Looks at the text of `file` for `axis`. `None` where it cannot be read without a change.
    pub(super) fn read<R>(&self, file: FileId, axis: &Axis, look: impl FnOnce(&Reading<'_>) -> R) -> Option<R> {
        let file = self.files.iter().find(|it| it.id() == file)?;
        let axis = file.axes().ok()?.iter().find(|it| *it == axis)?;
        let rendered = file.render(&AnyChange { axis, context: self.context }).ok()?;
        let lowered = file.lower(&rendered).ok()?;
        Some(look(&Reading::new(file, self.context, axis, &rendered, &lowered)))
    }

    /// The workflows, of each axis: which are the same for all events.
    pub(super) fn workflows(&self) -> &[WorkflowProof] {
        self.pipelines.first().map_or(&[], |(_, pipeline)| &pipeline.workflows)
    }
}

/// What was asked already and came to nothing: steps that share their conditions need not be looked at twice.
#[derive(Default)]
pub(super) struct Refuted(HashSet<(Event, Formula)>);

/// Whether `step` is one of the workflow's own steps, which wait for each other.
pub(super) fn is_own(step: &StepProof) -> bool {
    matches!(step.step_type, StepType::Commands | StepType::Plugin)
}

/// Whether an `evaluate` of the conditions may fail.
pub(super) fn may_fail(when: &Conditions) -> bool {
    when.entries.iter().any(|entry| entry.fails != Formula::FALSE)
}
