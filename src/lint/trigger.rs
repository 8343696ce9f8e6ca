//! Which changes run which steps of a workflow, and which do not: over all changes, by proof.
//!
//! A step misses a change when it does not run for it, and would for another one that differs in its files only: same event, branch,
//! message and so on. So a push to a branch that the step is not for is none that it misses.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use super::decide::{Decider, Ground};
use super::reading::Reading;
use crate::change::{ChangedFiles, Event};
use crate::closure::without_folders;
use crate::glob::{AnyOf, Pattern, PatternSet, Rules, Selection};
use crate::plan::{Clause, Kind, Question, Reason, Verdict, WorkflowPlan};
use crate::prove::{Answer, Change, Formula, Formulas, Pipeline, events};
use crate::source::{FileId, Source, Sources, Span};
use crate::text::to_server_string;
use crate::workflow::Step;

/// Most kinds of tracked files that are told apart.
const MAX_KINDS: usize = 1024;

/// How often another change is looked for where no choice of files runs the step.
const MAX_ROUNDS: usize = 4;

/// When the steps of a workflow run.
pub(super) struct Triggers<'r> {
    reading: &'r Reading<'r>,
    tracked: &'r ChangedFiles,
    /// The workflow's file, and those that it waits for.
    files: Sources,
    /// Where each of them is among all files.
    ids: Vec<(FileId, FileId)>,
    decider: RefCell<Decider<'r>>,
    events: Vec<OfEvent>,
    kinds: OnceCell<Option<Kinds>>,
    /// By event, step and kind. The filters that say so are not the same for steps that share a condition: aliases lead there.
    alone: RefCell<HashMap<(usize, Span, usize), Alone>>,
}

/// How a change of one file is missed, if it is.
type Alone = Option<Rc<Missed>>;

/// The changes of one event.
struct OfEvent {
    event: Event,
    /// When the server refuses the pipeline.
    refused: Formula,
    /// When each step runs, by where its name stands; of steps that aliases lead to, the first.
    runs: IndexMap<Span, Formula>,
}

/// The tracked files by what the lists of a workflow say of them: two of one kind are alike to it.
struct Kinds {
    /// Where each glob stands in the set, by list.
    lists: HashMap<AnyOf, Vec<usize>>,
    /// The globs that match the files of each kind.
    matches: Vec<Vec<usize>>,
    /// The kind of each tracked file.
    of: Vec<usize>,
    /// The paths that no file can take: of folders that are there, as far as the lists tell them from what is beside or in them.
    folders: Option<Arc<Rules>>,
}

/// A change that a step misses.
#[derive(Debug)]
pub(super) struct Missed {
    pub event: Event,
    pub change: Change,
    /// The path filters that say so.
    pub by: Vec<Filter>,
}

/// A path filter that a step misses a change by.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// The file that it stands in: that of the step, or of a workflow that the step's waits for.
    pub file: FileId,
    /// The workflow's name.
    pub workflow: String,
    pub reason: Reason,
}

impl Filter {
    /// Where it stands.
    pub(super) fn place(&self) -> Option<(FileId, Span)> {
        self.reason.span.map(|span| (self.file, span))
    }
}

/// What a search came to.
pub(super) enum Found {
    /// There is no such change, or it hangs on what only the server knows.
    Nothing,
    Missed(Missed),
    /// This is not known: a phrase.
    Unclear(String),
}

impl<'r> Triggers<'r> {
    /// The triggers of the workflow in `reading`, one of `files`.
    pub(super) fn new(
        reading: &'r Reading<'r>,
        tracked: &'r ChangedFiles,
        files: &Sources,
        ground: &'r Ground<'r>,
    ) -> Self {
        let (files, ids) = own(reading, files);
        let mut decider = Decider::of_builds(ground);
        let server = reading.context.server;
        let mut of_event = |event: Event| {
            let pipeline = decider.case(&event).pipeline(&files);
            OfEvent { event, refused: pipeline.refused, runs: steps(reading, &pipeline) }
        };
        let with_files = events(server).filter(|event| event.has_changed_files(server));
        let events = with_files.map(&mut of_event).collect();
        let (decider, kinds, alone) = (RefCell::new(decider), OnceCell::new(), RefCell::default());
        Self { reading, tracked, files, ids, decider, events, kinds, alone }
    }

    /// The events on which some change may run `step`.
    pub(super) fn events(&self, step: &Step) -> Vec<usize> {
        (0..self.events.len()).filter(|&at| self.runs(step, at) != Formula::FALSE).collect()
    }

    /// A change of an event that touches a file of `selection`, and that `step` misses. That a file takes the place of a folder is not thought of.
    pub(super) fn search(&self, step: &Step, at: usize, mut selection: Selection) -> Found {
        if let Some(folders) = self.kinds().and_then(|kinds| kinds.folders.as_ref()) {
            selection = selection.and(folders);
        }
        let gap = self.gap(step, at);
        let asked = {
            let mut decider = self.decider.borrow_mut();
            let formulas = decider.formulas(&self.events[at].event);
            let among = formulas.among(selection);
            formulas.all([among, gap])
        };
        self.find(step, at, asked, None)
    }

    /// How a change of nothing but the tracked file of number `file` is missed by `step`, on an event.
    pub(super) fn alone(&self, step: &Step, at: usize, file: usize) -> Option<Rc<Missed>> {
        let kind = *self.kinds()?.of.get(file)?;
        let key = (at, step.name.place.span, kind);
        let known = self.alone.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let asked = self.with_one(at, self.gap(step, at), kind);
            let missed = match self.find(step, at, asked, Some(file)) {
                Found::Missed(missed) => Some(Rc::new(missed)),
                Found::Nothing | Found::Unclear(_) => None,
            };
            self.alone.borrow_mut().insert(key, missed.clone());
            missed
        })
    }

    /// Whether some change of nothing but the tracked file of number `file` runs `step`, on an event.
    pub(super) fn runs_for(&self, step: &Step, at: usize, file: usize) -> bool {
        let Some(kind) = self.kinds().and_then(|kinds| kinds.of.get(file)) else { return false };
        let asked = self.with_one(at, self.runs(step, at), *kind);
        self.decider.borrow_mut().can_be(&self.events[at].event, asked) == Some(true)
    }

    /// How `change` of an event is missed by `step`, which misses one that is much like it.
    pub(super) fn missed(&self, step: &Step, at: usize, change: Change) -> Option<Missed> {
        let by = self.blame(step, at, &change)?;
        Some(Missed { event: self.events[at].event.clone(), change, by })
    }

    fn runs(&self, step: &Step, at: usize) -> Formula {
        self.events[at].runs.get(&step.name.place.span).copied().unwrap_or(Formula::FALSE)
    }

    /// That `step` misses the change. Whether it would run for other files is said too generously here: see [`Self::may_run`].
    fn gap(&self, step: &Step, at: usize) -> Formula {
        let (runs, OfEvent { event, refused, .. }) = (self.runs(step, at), &self.events[at]);
        let mut decider = self.decider.borrow_mut();
        let formulas = decider.formulas(event);
        let is_open = |question: &Question| {
            is_of_files(question)
                || matches!(question, Question::Server(_) | Question::Fails(_))
                || matches!(question, Question::Value(key, _) if !key.varies())
        };
        // That it runs without files says nothing of what its filters are for.
        let with_files =
            formulas.replace(runs, |_, question| (*question == Question::NoFiles).then_some(Formula::FALSE));
        let reach = formulas.possibly(with_files, is_open);
        formulas.all([reach, !runs, !*refused])
    }

    /// A change that makes `asked` true, of the tracked file `only` if there is one.
    fn find(&self, step: &Step, at: usize, mut asked: Formula, only: Option<usize>) -> Found {
        let event = &self.events[at].event;
        for _ in 0..MAX_ROUNDS {
            let answer = self.decider.borrow_mut().find(event, asked);
            let mut change = match answer {
                Answer::Change(change) => change,
                Answer::Never | Answer::Hangs(..) => return Found::Nothing,
                Answer::Odd(glob) => {
                    return Found::Unclear(format!(
                        "the glob `{}` matches by no rule that can be reasoned with",
                        crate::text::escape(&glob)
                    ));
                }
                Answer::TooLarge => {
                    return self.decider.borrow().too_large().map_or(Found::Nothing, Found::Unclear);
                }
            };
            if let Some(path) = only.and_then(|file| self.tracked.get(file)) {
                change.files = vec![to_server_string(path)];
            }
            match self.may_run(step, at, &change) {
                Ok(()) => {
                    // The planner has the last word.
                    let missed = |by| Found::Missed(Missed { event: event.clone(), change: change.clone(), by });
                    return self.blame(step, at, &change).map_or(Found::Nothing, missed);
                }
                Err(alike) => {
                    let mut decider = self.decider.borrow_mut();
                    asked = decider.formulas(event).all([asked, !alike]);
                }
            }
        }
        Found::Nothing
    }

    /// Whether the step may run for a change that differs from `change` in its files only; if not, what the change has in common with all that
    /// it therefore does not run for.
    fn may_run(&self, step: &Step, at: usize, change: &Change) -> Result<(), Formula> {
        let (event, runs) = (&self.events[at].event, self.runs(step, at));
        let mut decider = self.decider.borrow_mut();
        let case = decider.case(event);
        let mut answers = Vec::new();
        for question in case.formulas.questions(runs) {
            if matches!(question, Question::Value(..) | Question::MessageHolds(_))
                && let Some(answer) = case.answer(&question, change)
            {
                answers.push((question, answer));
            }
        }
        let answer = |question: &Question| answers.iter().find(|(it, _)| it == question).map(|(_, answer)| *answer);
        let fixed = case.formulas.replace(runs, |_, question| match question {
            Question::NoFiles => Some(Formula::FALSE),
            question => answer(question).map(constant),
        });
        let alike: Vec<Formula> = answers
            .iter()
            .map(|(question, answer)| {
                let atom = case.formulas.atom(question.clone());
                if *answer { atom } else { !atom }
            })
            .collect();
        let alike = case.formulas.all(alike);
        if decider.can_be(event, fixed) == Some(false) { Err(alike) } else { Ok(()) }
    }

    /// The path filters for which `change` does not run `step`; `None` if it does, or may.
    fn blame(&self, step: &Step, at: usize, change: &Change) -> Option<Vec<Filter>> {
        let mut decider = self.decider.borrow_mut();
        let case = decider.case(&self.events[at].event);
        let plan = case.plan(&self.files, &case.context(change));
        let (name, axis) = (self.reading.file.name(), self.reading.axis);
        let workflow = plan.workflows.iter().find(|it| it.name == name && it.axis == *axis)?;
        let planned = workflow.steps.iter().find(|planned| planned.span == Some(step.name.place.span))?;
        match (workflow.verdict, planned.verdict) {
            (Verdict::Skip, _) => Some(self.filters(workflow, &workflow.reasons)),
            (Verdict::Dropped, _) => {
                let skipped = lacking(&plan.workflows, workflow);
                Some(skipped.map_or_else(Vec::new, |it| self.filters(it, &it.reasons)))
            }
            (_, Verdict::Skip) => Some(self.filters(workflow, &planned.reasons)),
            _ => None,
        }
    }

    /// The path filters among `reasons` of `workflow`: those of entries that hold but for the path, if there are such.
    fn filters(&self, workflow: &WorkflowPlan, reasons: &[Reason]) -> Vec<Filter> {
        let is_path = |reason: &&Reason| reason.clause == Some(Clause::Path);
        let decides =
            |it: &&Reason| !reasons.iter().any(|other| other.entry == it.entry && other.clause != Some(Clause::Path));
        let mut by: Vec<&Reason> = reasons.iter().filter(is_path).filter(decides).collect();
        if by.is_empty() {
            by = reasons.iter().filter(is_path).collect();
        }
        let file = self.ids.iter().find(|(own, _)| *own == workflow.file).map_or(self.reading.id(), |(_, id)| *id);
        let filter = |reason: &Reason| Filter { file, workflow: workflow.name.clone(), reason: reason.clone() };
        by.into_iter().map(filter).collect()
    }

    /// `formula` of a change of one file of `kind`.
    fn with_one(&self, at: usize, formula: Formula, kind: usize) -> Formula {
        let Some(kinds) = self.kinds() else { return Formula::FALSE };
        let is_in = |globs: &AnyOf| {
            let places = kinds.lists.get(globs)?;
            Some(places.iter().any(|glob| kinds.matches[kind].binary_search(glob).is_ok()))
        };
        let mut decider = self.decider.borrow_mut();
        decider.formulas(&self.events[at].event).replace(formula, |_, question| match question {
            Question::NoFiles => Some(Formula::FALSE),
            Question::FileMatched(globs) => is_in(globs).map(constant),
            Question::FileUnmatched(globs) => is_in(globs).map(|is_in| constant(!is_in)),
            _ => None,
        })
    }

    /// The tracked files, by kind; `None` where too many are told apart.
    fn kinds(&self) -> Option<&Kinds> {
        let find = || {
            let mut globs: Vec<Pattern> = Vec::new();
            let mut places: HashMap<Pattern, usize> = HashMap::new();
            let mut lists = HashMap::new();
            let mut decider = self.decider.borrow_mut();
            for OfEvent { event, runs, .. } in &self.events {
                let formulas: &Formulas = decider.formulas(event);
                let questions = runs.values().flat_map(|runs| formulas.questions(*runs));
                for question in questions {
                    let (Question::FileMatched(list) | Question::FileUnmatched(list)) = question else { continue };
                    let place = |glob: &Pattern| {
                        *places.entry(glob.clone()).or_insert_with(|| {
                            globs.push(glob.clone());
                            globs.len() - 1
                        })
                    };
                    let of_list: Vec<usize> = list.iter().map(place).collect();
                    lists.insert(list, of_list);
                }
            }
            let set = PatternSet::new(globs);
            let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
            let (mut matches, mut of, mut found) = (Vec::new(), Vec::new(), Vec::new());
            for path in self.tracked.iter() {
                set.matches_into(path, &mut found);
                let kind = *known.entry(found.clone()).or_insert_with(|| {
                    matches.push(found.clone());
                    matches.len() - 1
                });
                of.push(kind);
            }
            let folders = without_folders(self.tracked, &set).map(Arc::new);
            (matches.len() <= MAX_KINDS).then_some(Kinds { lists, matches, of, folders })
        };
        self.kinds.get_or_init(find).as_ref()
    }
}

fn constant(holds: bool) -> Formula {
    if holds { Formula::TRUE } else { Formula::FALSE }
}

fn is_of_files(question: &Question) -> bool {
    matches!(question, Question::NoFiles | Question::FileMatched(_) | Question::FileUnmatched(_))
}

/// When the steps of the workflow in `reading` run.
fn steps(reading: &Reading<'_>, pipeline: &Pipeline) -> IndexMap<Span, Formula> {
    let name = reading.file.name();
    let workflow = pipeline.workflows.iter().find(|it| it.name == name && it.axis == *reading.axis);
    let steps = workflow.into_iter().flat_map(|workflow| &workflow.steps);
    let mut runs = IndexMap::new();
    for (span, formula) in steps.filter_map(|step| Some((step.span?, step.runs))) {
        runs.entry(span).or_insert(formula);
    }
    runs
}

/// The workflow that is not run, for which `workflow` is dropped.
fn lacking<'p>(workflows: &'p [WorkflowPlan], workflow: &'p WorkflowPlan) -> Option<&'p WorkflowPlan> {
    let mut at = workflow;
    for _ in workflows {
        let missing = at.reasons.iter().find(|reason| reason.kind == Kind::RequiresMissing)?.value.as_ref()?;
        let is_out = |it: &&WorkflowPlan| matches!(it.verdict, Verdict::Skip | Verdict::Dropped);
        at = workflows.iter().filter(is_out).find(|it| it.name == *missing)?;
        if at.verdict == Verdict::Skip {
            return Some(at);
        }
    }
    None
}

/// The workflow's own file; and when it waits for others, all of its folder, without which it would be dropped. With where each is in `files`.
fn own(reading: &Reading<'_>, files: &Sources) -> (Sources, Vec<(FileId, FileId)>) {
    let name = reading.file.source().name();
    let folder = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let waits = !reading.workflow.depends_on.is_empty();
    let (mut own, mut ids) = (Sources::new(), Vec::new());
    for (id, source) in files.iter() {
        if id == reading.id() || (waits && folder(source.name()) == folder(name)) {
            ids.push((own.add(Source::new(source.name(), source.text())), id));
        }
    }
    (own, ids)
}
