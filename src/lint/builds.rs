//! The builds of a workflow: what its gated steps read, held against what runs them.

use std::cell::{OnceCell, RefCell};

use super::reading::Reading;
use super::trigger::Triggers;
use crate::change::ChangedFiles;
use crate::closure::{self, Because, Input, Inputs, Library};
use crate::diag::Problem;
use crate::glob::Pattern;
use crate::rule::{Declared, declared};
use crate::source::{Mentions, Sources};
use crate::text::escape;
use crate::workflow::{Step, When};

/// The builds of one workflow, found when they are first asked for.
pub(super) struct Builds<'r> {
    reading: &'r Reading<'r>,
    files: &'r Sources,
    mentions: &'r RefCell<Mentions>,
    found: OnceCell<Option<Found<'r>>>,
}

struct Found<'r> {
    triggers: Triggers<'r>,
    steps: Vec<(&'r Step, Vec<Inputs>)>,
}

/// A step that a path filter stands before, and what it reads.
#[derive(Clone, Copy)]
pub(super) struct Build<'b> {
    pub reading: &'b Reading<'b>,
    pub step: &'b Step,
    /// Of each of its builds.
    pub inputs: &'b [Inputs],
    pub triggers: &'b Triggers<'b>,
    mentions: &'b RefCell<Mentions>,
}

impl<'r> Builds<'r> {
    pub(super) fn new(reading: &'r Reading<'r>, files: &'r Sources, mentions: &'r RefCell<Mentions>) -> Self {
        Self { reading, files, mentions, found: OnceCell::new() }
    }

    /// Every gated step that builds something, or is declared to read something.
    pub(super) fn each(&self, mut look: impl FnMut(Build<'_>)) {
        let Some(Found { triggers, steps }) = self.found.get_or_init(|| self.find()) else { return };
        for (step, inputs) in steps {
            look(Build { reading: self.reading, step, inputs, triggers, mentions: self.mentions });
        }
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
        let library = Library::new(tree);
        let declared = reading.file.document().map_or_else(Vec::new, |it| declared(reading.file.source(), it));
        let mut steps = Vec::new();
        for (step, content) in workflow.steps.iter().zip(reading.contents()) {
            if !all && !filters(&step.when) {
                continue;
            }
            let starts = [step.name.place.span.start, step.place.span.start];
            let of_step = |it: &&Declared| starts.iter().any(|&at| it.scope.start <= at && at <= it.scope.end);
            let inputs = match declared.iter().find(of_step) {
                Some(declared) => vec![of_declaration(declared, tree.tracked())],
                None => closure::inputs(step, &content, reading.stand_ins(), &library),
            };
            if !inputs.is_empty() {
                steps.push((step, inputs));
            }
        }
        if steps.is_empty() {
            return None;
        }
        let triggers = Triggers::new(reading, tree.tracked(), self.files)?;
        Some(Found { triggers, steps })
    }
}

/// What a comment says that a step reads.
fn of_declaration(declared: &Declared, tracked: &ChangedFiles) -> Inputs {
    let mut inputs = Inputs { at: declared.span, ..Inputs::default() };
    let patterns: Vec<Pattern> = declared.globs.iter().map(|(glob, _)| Pattern::parse(glob)).collect();
    let mut matched = vec![false; patterns.len()];
    for (_, span) in &declared.globs {
        inputs.reasons.push(vec![Because { file: None, span: *span, text: "is declared to be read".to_owned() }]);
    }
    for path in tracked.iter() {
        let Some(reason) = patterns.iter().position(|pattern| pattern.is_match(path)) else { continue };
        matched[reason] = true;
        inputs.files.push(Input { path: path.clone(), firm: true, reason });
    }
    // A glob that no file is first for may still match.
    for (at, pattern) in patterns.iter().enumerate().filter(|&(at, _)| !matched[at]) {
        if !tracked.iter().any(|path| pattern.is_match(path)) {
            let text = "matches no file that git tracks".to_owned();
            inputs.unknown.push(Because { file: None, span: declared.globs[at].1, text });
        }
    }
    inputs
}

impl Build<'_> {
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
