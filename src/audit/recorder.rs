//! From a plan to a row.

use std::collections::{HashMap, HashSet};

use bstr::{BString, ByteSlice as _};
use indexmap::IndexSet;

use super::Record;
use super::record::{
    At, Breach, Cause, Cell, Column, Commit, Ground, Held, Holding, MAX_FILES, MAX_SUBJECT, Path, Shape, Step, Trouble,
    Unlisted, Via,
};
use crate::diag::Problem;
use crate::git::{Landed, Replayed};
use crate::plan::{Outcome, Plan, Reason, StepPlan, StepType, WorkflowPlan};
use crate::policy::{self, Target};
use crate::source::{FileId, Source, Sources, Span};
use crate::workflow::Axis;

/// How many problems of one refused pipeline are kept.
const TROUBLES: usize = 5;

/// Writes the rows of one batch.
pub(super) struct Recorder<'s> {
    record: Record,
    sources: &'s Sources,
    /// Facts that were met, in which file, without the changed file.
    causes: HashMap<(FileId, Reason), u32>,
    /// The columns of each file's workflows, one for each axis: what the last plan had, which the next one mostly has, too.
    columns: HashMap<FileId, Vec<Known>>,
}

/// The columns of a workflow of one file, and their numbers.
struct Known {
    axis: Axis,
    /// Of each step the name and what it is.
    steps: Vec<(String, StepType)>,
    numbers: (u32, Vec<u32>),
}

impl Known {
    fn are_of(&self, plan: &WorkflowPlan) -> bool {
        let same = |((name, step_type), step): (&(String, StepType), &StepPlan)| {
            *step_type == step.step_type && *name == step.name
        };
        self.steps.len() == plan.steps.len() && self.steps.iter().zip(&plan.steps).all(same)
    }
}

/// What became of one change, by one set of gates.
pub(super) struct Fate {
    shape: u32,
    mentions: Box<[u32]>,
    /// The numbers of the workflows of the plan and of their steps.
    columns: Vec<(u32, Vec<u32>)>,
}

impl Fate {
    fn kept(self) -> (u32, Box<[u32]>) {
        (self.shape, self.mentions)
    }
}

/// What would have become of the change otherwise, where that is asked.
pub(super) struct Others {
    /// By its own gates.
    pub(super) own: Option<Fate>,
    /// By git's list of files.
    pub(super) by_git: Option<Fate>,
}

/// Files that decided something, in the order in which they are met.
type Mentions = IndexSet<u32>;

impl<'s> Recorder<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { record: Record::default(), sources, causes: HashMap::new(), columns: HashMap::new() }
    }

    pub(super) fn finish(self) -> Record {
        self.record
    }

    /// What `plan` comes to.
    pub(super) fn fate(&mut self, plan: Plan) -> Fate {
        let troubles = plan.errors().take(TROUBLES).map(|problem| self.trouble(problem)).collect::<Vec<_>>();
        let mut shape = Shape {
            pipeline: plan.outcome,
            skip_ci: plan.skip_ci,
            unreported: plan.is_unreported(),
            has_workflows: !plan.workflows.is_empty(),
            troubles: troubles.into_iter().map(|trouble| self.record.troubles.put(trouble)).collect(),
            cells: Vec::with_capacity(plan.workflows.iter().map(|workflow| workflow.steps.len() + 1).sum()),
        };
        let mut mentions = Mentions::new();
        let columns = plan.workflows.into_iter().map(|it| self.workflow(it, &mut shape.cells, &mut mentions)).collect();
        Fate { shape: self.record.shapes.put(shape), mentions: mentions.into_iter().collect(), columns }
    }

    /// What becomes of a change whose workflow files the server cannot read.
    pub(super) fn unreadable(&mut self, trouble: Trouble) -> Fate {
        let troubles = vec![self.record.troubles.put(trouble)];
        let shape = Shape {
            pipeline: Outcome::Error,
            skip_ci: false,
            unreported: false,
            has_workflows: true,
            troubles,
            cells: Vec::new(),
        };
        Fate { shape: self.record.shapes.put(shape), mentions: Box::default(), columns: Vec::new() }
    }

    fn workflow(&mut self, plan: WorkflowPlan, cells: &mut Vec<Cell>, mentions: &mut Mentions) -> (u32, Vec<u32>) {
        let file = plan.file;
        let (number, steps) = self.columns(&plan);
        let ground = self.ground(plan.reasons, file, mentions);
        cells.push(Cell { column: number, verdict: plan.verdict, ground });
        for (&column, step) in steps.iter().zip(plan.steps) {
            let ground = self.ground(step.reasons, file, mentions);
            cells.push(Cell { column, verdict: step.verdict, ground });
        }
        (number, steps)
    }

    /// The numbers of the columns of a workflow and of its steps.
    fn columns(&mut self, plan: &WorkflowPlan) -> (u32, Vec<u32>) {
        let known = self.columns.entry(plan.file).or_default();
        let at = known.iter().position(|known| known.axis == plan.axis);
        if let Some(known) = at.and_then(|at| known.get(at)).filter(|known| known.are_of(plan)) {
            return known.numbers.clone();
        }
        let column = |step| Column { workflow: plan.name.clone(), axis: plan.axis.clone(), step };
        let number = self.record.columns.put(column(None));
        let mut met: HashMap<&str, u32> = HashMap::with_capacity(plan.steps.len());
        let numbers = plan.steps.iter().map(|step| {
            let count = met.entry(&step.name).or_default();
            let step = Step { name: step.name.clone(), step_type: step.step_type, nth: *count };
            *count += 1;
            self.record.columns.put(column(Some(step)))
        });
        let numbers = (number, numbers.collect::<Vec<u32>>());
        let steps = plan.steps.iter().map(|step| (step.name.clone(), step.step_type)).collect();
        let new = Known { axis: plan.axis.clone(), steps, numbers: numbers.clone() };
        match at.and_then(|at| known.get_mut(at)) {
            Some(known) => *known = new,
            None => known.push(new),
        }
        numbers
    }

    fn ground(&mut self, reasons: Vec<Reason>, file: FileId, mentions: &mut Mentions) -> u32 {
        let mut grounds = Vec::with_capacity(reasons.len());
        for mut reason in reasons {
            let mention = reason.file.take().map(|path| {
                let path = self.record.paths.put(Path(path.into()));
                mentions.insert_full(path).0 as u32
            });
            let key = (file, reason);
            let cause = self.causes.get(&key).copied().unwrap_or_else(|| {
                let cause = cause(&key.1, mention.is_some(), &self.sources[file]);
                let number = self.record.causes.put(cause);
                self.causes.insert(key, number);
                number
            });
            grounds.push(Ground { cause, mention });
        }
        self.record.grounds.put(grounds)
    }

    fn trouble(&self, problem: &Problem) -> Trouble {
        let place = problem.labels.first().map(|label| {
            let source = &self.sources[label.file];
            (source.name().to_owned(), at(label.span, source))
        });
        Trouble { code: problem.code.to_owned(), message: problem.message.clone(), place }
    }

    /// What a policy says of `fate`; `None` if it is not about the change. `unlisted` is a file by which it is, and that is not listed.
    pub(super) fn held(
        &mut self,
        policy: u32,
        (outcome, unlisted): (policy::Outcome, Option<Unlisted>),
        fate: &Fate,
    ) -> Option<Held> {
        let (holding, breaches) = match outcome {
            policy::Outcome::NotConcerned => return None,
            policy::Outcome::Kept => (Holding::Kept, Vec::new()),
            policy::Outcome::Broken(breaches) => (Holding::Broken, breaches),
            policy::Outcome::Unclear(breaches) => (Holding::Unclear, breaches),
        };
        let breach = |breach: policy::Breach| Breach {
            promise: breach.promise,
            column: match breach.target {
                Target::Pipeline => None,
                Target::Workflow(at) => fate.columns.get(at).map(|&(number, _)| number),
                Target::Step(at, step) => fate.columns.get(at).and_then(|(_, steps)| steps.get(step)).copied(),
            },
            verdict: breach.verdict,
        };
        let unlisted = unlisted.filter(|_| holding != Holding::Kept).map(|file| self.record.unlisted.put(file));
        Some(Held { policy, holding, breaches: breaches.into_iter().map(breach).collect(), unlisted })
    }

    /// Adds a row.
    pub(super) fn row(&mut self, landed: &Landed, replayed: &Replayed, fate: Fate, others: Others, held: Vec<Held>) {
        let files = &replayed.files;
        let mut kept = |files: &mut dyn Iterator<Item = &BString>| {
            files.take(MAX_FILES).map(|file| self.record.paths.put(Path(file.clone()))).collect()
        };
        let (listed, mut hidden) = (kept(&mut files.iter()), Box::default());
        if let Some(by_git) = &replayed.by_git {
            let known: HashSet<&BString> = files.iter().collect();
            hidden = kept(&mut by_git.files.iter().filter(|file| !known.contains(file)));
        }
        self.record.commits.push(Commit {
            id: landed.id(),
            author: self.record.authors.put(landed.author.clone()),
            date: landed.date,
            subject: subject(&landed.message),
            changed: files.len() as u32,
            files: listed,
            hidden,
            mentions: fate.mentions,
            shape: fate.shape,
            own: others.own.map(Fate::kept),
            by_git: others.by_git.map(Fate::kept),
            held: held.into(),
        });
    }

    /// Adds a commit that could not be replayed.
    pub(super) fn failure(&mut self, id: [u8; 20], error: &crate::git::Error) {
        let list = if error.is_cut_off() { &mut self.record.unseen } else { &mut self.record.failures };
        list.push(super::Failure { id, message: error.to_string() });
    }
}

/// `reason` as it is kept. `file`: it names a changed file, which was taken out of it.
fn cause(reason: &Reason, file: bool, source: &Source) -> Cause {
    let (before, after) = reason.around_file();
    Cause {
        kind: reason.kind.name().to_owned(),
        entry: reason.entry,
        clause: reason.clause.map(|clause| clause.key().to_owned()),
        pattern: reason.pattern.clone(),
        value: reason.value.clone(),
        before,
        after: after.filter(|_| file),
        file: source.name().to_owned(),
        at: reason.span.map(|span| at(span, source)),
        via: reason
            .via
            .iter()
            .map(|&span| Via { alias: source.slice(span).to_owned(), at: at(span, source) })
            .collect(),
    }
}

fn at(span: Span, source: &Source) -> At {
    let position = source.position(span.start);
    At { line: position.line, column: position.column, start: span.start, end: span.end }
}

/// The first line of `message`, or as much of it as is kept.
fn subject(message: &str) -> String {
    let line = message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if line.len() <= MAX_SUBJECT {
        return line.to_owned();
    }
    let mut end = MAX_SUBJECT;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", line.as_bytes()[..end].to_str_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_subject_is_cut_at_a_character() {
        assert_eq!(subject("\n\nfix: x\n\nmore"), "fix: x");
        assert_eq!(subject(""), "");
        let cut = subject(&"é".repeat(MAX_SUBJECT));
        assert!(cut.len() <= MAX_SUBJECT + '…'.len_utf8() && cut.ends_with("é…"), "{cut}");
        assert_eq!(subject(&"é".repeat(MAX_SUBJECT / 2)).chars().count(), MAX_SUBJECT / 2);
    }
}
