//! The builds of a workflow: what its gated steps read, held against what runs them.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use super::decide::Ground;
use super::reading::Reading;
use super::trigger::Triggers;
use crate::change::ChangedFiles;
use crate::closure::{self, Because, Inputs, Library};
use crate::diag::Problem;
use crate::glob::{Pattern, Rules};
use crate::rule::{Declared, declared};
use crate::source::{Mentions, Sources};
use crate::text::escape;
use crate::workflow::{Step, When};

/// The builds of one workflow, found when they are first asked for.
pub(super) struct Builds<'r> {
    reading: &'r Reading<'r>,
    files: &'r Sources,
    ground: &'r Ground<'r>,
    mentions: &'r RefCell<Mentions>,
    found: OnceCell<Option<Found<'r>>>,
}

struct Found<'r> {
    triggers: Triggers<'r>,
    tracked: &'r ChangedFiles,
    trackable: Arc<Rules>,
    steps: Vec<(&'r Step, Vec<Inputs>)>,
}

/// A step that a path filter stands before, and what it reads.
#[derive(Clone, Copy)]
pub(super) struct Build<'b, 'r> {
    pub reading: &'b Reading<'b>,
    pub step: &'b Step,
    /// Of each of its builds.
    pub inputs: &'b [Inputs],
    pub triggers: &'b Triggers<'r>,
    /// The files that git tracks.
    pub tracked: &'b ChangedFiles,
    /// The files that git can come to track.
    pub trackable: &'b Arc<Rules>,
    mentions: &'b RefCell<Mentions>,
}

impl<'r> Builds<'r> {
    pub(super) fn new(
        reading: &'r Reading<'r>,
        files: &'r Sources,
        ground: &'r Ground<'r>,
        mentions: &'r RefCell<Mentions>,
    ) -> Self {
        Self { reading, files, ground, mentions, found: OnceCell::new() }
    }

    /// Every gated step that builds something, or is declared to read something.
    pub(super) fn iter(&self) -> impl Iterator<Item = Build<'_, 'r>> {
        let found = self.found.get_or_init(|| self.find()).iter();
        found.flat_map(|Found { triggers, tracked, trackable, steps }| {
            let (reading, mentions) = (self.reading, self.mentions);
            steps.iter().map(move |(step, inputs)| Build {
                reading,
                step,
                inputs,
                triggers,
                tracked,
                trackable,
                mentions,
            })
        })
    }

    fn find(&self) -> Option<Found<'r>> {
        let reading = self.reading;
        let tree = reading.context.tree?;
        let filters = |when: &When| {
            when.entries.iter().any(|entry| !entry.path.include.is_empty() || !entry.path.exclude.is_empty())
        };
        let workflow = reading.workflow;
        let all = filters(&workflow.when);
        if !all && !workflow.steps.iter().any(|step| filters(&step.when)) {
            return None;
        }
        let library = Library::sharing(tree, self.ground.common());
        let declared = reading.file.document().map_or_else(Vec::new, |it| declared(reading.file.source(), it));
        let mut steps = Vec::new();
        for (step, content) in workflow.steps.iter().zip(reading.contents()) {
            if !all && !filters(&step.when) {
                continue;
            }
            let of_step: Vec<&Declared> = declared.iter().filter(|it| is_of(it, step)).collect();
            let inputs = if of_step.is_empty() {
                closure::inputs(step, &content, reading.stand_ins(), &library)
            } else {
                of_step.into_iter().map(|declared| of_declaration(declared, tree.tracked())).collect()
            };
            if !inputs.is_empty() {
                steps.push((step, inputs));
            }
        }
        if steps.is_empty() {
            return None;
        }
        let (tracked, trackable) = (tree.tracked(), library.trackable());
        let triggers = Triggers::new(reading, tracked, self.files, self.ground);
        Some(Found { triggers, tracked, trackable, steps })
    }
}

/// Whether a comment speaks of `step`.
pub(super) fn is_of(declared: &Declared, step: &Step) -> bool {
    let starts = [step.name.place.span.start, step.place.span.start];
    starts.iter().any(|&at| declared.scope.start <= at && at <= declared.scope.end)
}

/// What a comment says that a step reads.
fn of_declaration(declared: &Declared, tracked: &ChangedFiles) -> Inputs {
    let mut inputs = Inputs::at(declared.span);
    for (glob, span) in &declared.globs {
        let because = |text: &str| Because { file: None, span: *span, text: text.to_owned() };
        let pattern = Pattern::parse(glob);
        if inputs.declare(glob, because("is declared to be read")).is_err() {
            inputs.unknown.push(because("this glob is not understood"));
        } else if !tracked.some_match(&pattern) {
            inputs.unknown.push(because("matches no file that git tracks"));
        }
    }
    inputs
}

impl Build<'_, '_> {
    /// The step's name, to show people.
    pub(super) fn name(&self) -> String {
        escape(&self.step.name.value).to_string()
    }

    /// `problem` with its primary label at the step's name.
    pub(super) fn at_step(&self, problem: Problem, text: impl Into<String>) -> Problem {
        let place = &self.step.name.place;
        self.reading.label(problem, place, place.span, text)
    }

    /// `problem` with a label at `because`.
    pub(super) fn because(&self, problem: Problem, because: &Because) -> Problem {
        let file = match &because.file {
            Some(file) => self.mentions.borrow_mut().add(file),
            None => self.reading.id(),
        };
        problem.label(file, because.span, because.text.clone())
    }
}
