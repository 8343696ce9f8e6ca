//! How two pipelines differ, over every change.

use std::fmt;

use super::case::{Case, Setting};
use super::class::Class;
use super::formula::{Formula, Formulas};
use super::lexicon::Lexicon;
use super::limit::Budget;
use super::pairs::pairs;
use super::pipeline::{Pipeline, StepProof, WorkflowProof};
use super::proof::events as events_of;
use crate::change::Event;
use crate::plan::{self, Outcome, Plan, Verdict};
use crate::source::Sources;
use crate::text::escape;
use crate::workflow::Axis;

/// In how many kinds of change one difference is told, on one event; that there are more is said.
const MAX_CLASSES: usize = 8;

/// How much work a comparison may be, all of it together: what differs in one step must not wait for what is too large in another.
const WORK: usize = 1 << 26;

/// All that differs.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The differences: the pipeline's, then those of workflows, then those of steps. None, and nothing undecided: the two are equivalent.
    pub differences: Vec<Difference>,
    /// What could not be decided: whole phrases, safe to print.
    pub undecided: Vec<String>,
}

/// Something that some changes run with one pipeline and not with the other.
#[derive(Debug)]
pub struct Difference {
    /// What: several where the same is true of all of them.
    pub targets: Vec<Target>,
    /// Which way.
    pub shift: Shift,
    /// For which changes.
    pub kinds: Vec<Differing>,
    /// Why there may be more such changes, as a phrase; `None`: these are all.
    pub more: Option<String>,
}

/// A kind of change for which something differs.
#[derive(Debug)]
pub struct Differing {
    /// The events.
    pub events: Vec<Event>,
    /// Whether they are all of the server's.
    pub every_event: bool,
    /// The kind, with an example of the first event.
    pub class: Class,
    /// What happens to the example with the first pipeline; `None` where that has no such workflow or step. Where the kind hangs on
    /// something, and the planner does not see the difference in the example: what may happen, which differs from `after`.
    pub before: Option<Verdict>,
    /// What happens to it with the second.
    pub after: Option<Verdict>,
}

impl Differing {
    /// Whether `other` is of the same kind, on other events.
    fn says_the_same(&self, other: &Self) -> bool {
        let own = (&self.class.answers, &self.class.hangs, self.before, self.after);
        own == (&other.class.answers, &other.class.hangs, other.before, other.after)
    }
}

/// It displays as a phrase: `push: branch main, only files in docs/**`, or `every event: …`.
impl fmt::Display for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.every_event {
            write!(f, "every event: {}", self.class)?;
        } else {
            let events: Vec<&str> = self.events.iter().map(Event::as_str).collect();
            write!(f, "{}: {}", events.join(", "), self.class)?;
        }
        if !self.class.hangs.is_empty() {
            let names: Vec<String> = self.class.hangs.iter().map(|name| format!("`{}`", escape(name))).collect();
            write!(f, ", perhaps (it hangs on {})", names.join(" and "))?;
        }
        Ok(())
    }
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Whether the server takes the pipeline.
    Pipeline,
    /// Whether a workflow runs.
    Workflow {
        /// Its name.
        name: String,
        /// The values of its matrix axis.
        axis: Axis,
    },
    /// Whether a step runs, where that does not follow from its workflow.
    Step {
        /// The workflow's name.
        workflow: String,
        /// The values of its matrix axis.
        axis: Axis,
        /// The step's name.
        name: String,
        /// Which one of this name, from 0.
        nth: usize,
    },
}

/// Which way a verdict changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shift {
    /// It ran, and no longer does. Of the pipeline: now it is refused.
    Lost,
    /// It did not run, and now it does. Of the pipeline: it was refused, and no longer is.
    Gained,
}

impl Shift {
    /// `lost` or `gained`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Gained => "gained",
        }
    }

    /// What becomes of `target`, of which the planner says `before` and `after`: where that is no such shift, the shift itself.
    fn seen(self, target: &Target, before: Option<Verdict>, after: Option<Verdict>) -> [Option<Verdict>; 2] {
        let may_run = |verdict| matches!(verdict, Some(Verdict::Run | Verdict::Unknown));
        let (with, without) = if self == Self::Lost { (before, after) } else { (after, before) };
        if may_run(with) && without != Some(Verdict::Run) && with != without {
            return [before, after];
        }
        let not = if *target == Target::Pipeline { Verdict::Error } else { Verdict::Skip };
        let [with, without] = [Verdict::Run, not].map(Some);
        if self == Self::Lost { [with, without] } else { [without, with] }
    }
}

impl Target {
    fn rank(&self) -> u8 {
        match self {
            Self::Pipeline => 0,
            Self::Workflow { .. } => 1,
            Self::Step { .. } => 2,
        }
    }

    /// What `plan` says of it; `None` where there is no such thing. Of the pipeline: `error` if it is refused, else `run`.
    pub fn verdict(&self, plan: &Plan) -> Option<Verdict> {
        let find = |name: &str, axis: &Axis| plan.workflows.iter().find(|it| it.name == name && it.axis == *axis);
        match self {
            Self::Pipeline if plan.outcome == Outcome::Error => Some(Verdict::Error),
            Self::Pipeline => Some(Verdict::Run),
            Self::Workflow { name, axis } => find(name, axis).map(|workflow| workflow.verdict),
            Self::Step { workflow, axis, name, nth } => {
                let steps = find(workflow, axis)?.steps.iter();
                steps.filter(|step| step.name == *name).nth(*nth).map(|step| step.verdict)
            }
        }
    }

    fn phrase(&self) -> String {
        match self {
            Self::Pipeline => "the pipeline is taken".to_owned(),
            Self::Workflow { name, .. } => format!("workflow `{}` runs", escape(name)),
            Self::Step { workflow, name, .. } => {
                format!("step `{}` of workflow `{}` runs", escape(name), escape(workflow))
            }
        }
    }
}

/// Compares the pipelines of `before` and `after`, for every change of `events`: whether the server takes the pipeline, which workflows run,
/// and which steps. What runs, that is; not what it does, nor in which order.
///
/// The classes of a difference are, together, all changes that make it, unless there are too many; each is made by all changes of the class,
/// and has an example that the planner has confirmed.
pub fn compare(before: &Sources, after: &Sources, setting: Setting<'_>, events: &[Event]) -> Comparison {
    let mut comparison = Comparison::default();
    let [before, after] = [before, after].map(|files| plan::Pipeline::read(files, setting.terms()));
    let (lexicon, mut budget) = (Lexicon::default(), Budget::new(WORK));
    for event in events {
        let case = Case::with(event.clone(), setting, &lexicon);
        // Few events need much, and what one leaves is for the others.
        let budget_of_event = budget.part(2);
        let mut on_event = OnEvent { before: &before, after: &after, case, budget: budget_of_event };
        for difference in on_event.compare(&mut comparison.undecided) {
            comparison.add(difference);
        }
        budget.give_back(on_event.budget);
    }
    let all = events_of(setting.server).count();
    for kind in comparison.differences.iter_mut().flat_map(|difference| &mut difference.kinds) {
        kind.every_event = kind.events.len() == all;
    }
    comparison.differences.sort_by_key(|difference| difference.targets.first().map(Target::rank));
    comparison
}

impl Comparison {
    /// Adds a difference of one more event: to one of the same kind if there is one.
    fn add(&mut self, new: Difference) {
        let same = |old: &&mut Difference| old.shift == new.shift && old.targets == new.targets;
        let Some(old) = self.differences.iter_mut().find(same) else {
            self.differences.push(new);
            return;
        };
        old.more = old.more.take().or(new.more);
        for kind in new.kinds {
            match old.kinds.iter_mut().find(|old| old.says_the_same(&kind)) {
                Some(old) => old.events.extend(kind.events),
                None => old.kinds.push(kind),
            }
        }
    }
}

/// What may differ: `formula` is true of the changes for which it does.
struct Row {
    target: Target,
    shift: Shift,
    formula: Formula,
}

struct OnEvent<'p, 'f, 'a> {
    before: &'p plan::Pipeline<'f>,
    after: &'p plan::Pipeline<'f>,
    case: Case<'a>,
    /// How much work all of it may be.
    budget: Budget,
}

impl OnEvent<'_, '_, '_> {
    fn compare(&mut self, undecided: &mut Vec<String>) -> Vec<Difference> {
        let (before, after) = (self.case.pipeline_read(self.before), self.case.pipeline_read(self.after));
        // What is lost or gained for the same changes is told once.
        let mut groups: Vec<(Shift, Formula, Vec<Target>)> = Vec::new();
        for Row { target, shift, formula } in rows(&before, &after, &mut self.case.formulas) {
            match groups.iter_mut().find(|group| group.0 == shift && group.1 == formula) {
                Some(group) => group.2.push(target),
                None => groups.push((shift, formula, vec![target])),
            }
        }
        let mut told = Vec::new();
        let mut left = groups.len();
        for (shift, formula, targets) in groups {
            let mut budget = self.budget.part(left);
            left -= 1;
            told.push(self.tell(shift, formula, targets, &mut budget, undecided));
            self.budget.give_back(budget);
        }
        told.retain(|difference| !difference.kinds.is_empty());
        told
    }

    /// The kinds of change of which `formula` is true, each confirmed by the planner.
    fn tell(
        &mut self,
        shift: Shift,
        formula: Formula,
        targets: Vec<Target>,
        budget: &mut Budget,
        undecided: &mut Vec<String>,
    ) -> Difference {
        let found = self.case.classes_within(formula, MAX_CLASSES, budget);
        let mut difference = Difference { targets, shift, kinds: Vec::new(), more: found.more };
        let mut because = difference.more.clone().filter(|_| found.classes.is_empty());
        for class in found.classes {
            match self.confirm(&difference, class, formula) {
                Some(kind) => difference.kinds.push(kind),
                None => because = Some("the planner does not confirm what the proof found".to_owned()),
            }
        }
        if let Some(because) = because {
            let of = difference.targets.first().map(Target::phrase).unwrap_or_default();
            let event = self.case.event();
            let told = format!("on {event}, whether {of} for the same changes is not decided: {because}");
            // It may be so both of what is lost and of what is gained.
            if !undecided.contains(&told) {
                undecided.push(told);
            }
        }
        difference
    }

    /// The kind of `class`, if the planner agrees that the verdicts differ; `formula` is true of it.
    fn confirm(&self, difference: &Difference, mut class: Class, formula: Formula) -> Option<Differing> {
        let context = self.case.context(&class.change);
        let plans = [self.before, self.after].map(|files| files.plan(&context).obey_skip_ci());
        let runs = [difference.shift == Shift::Lost, difference.shift == Shift::Gained];
        let agrees = |target: &Target, at: usize| match target.verdict(&plans[at]) {
            Some(Verdict::Unknown) => None,
            verdict if (verdict == Some(Verdict::Run)) == runs[at] => Some(true),
            // Whether the server refuses it may hang on which steps are left.
            _ if *target == Target::Pipeline && hangs_on_server(&plans[at]) => None,
            _ => Some(false),
        };
        let answers: Vec<Option<bool>> =
            difference.targets.iter().flat_map(|target| [0, 1].map(|at| agrees(target, at))).collect();
        // The planner does not follow what hangs on the server as far as the proof does.
        if class.hangs.is_empty() && answers.contains(&None) {
            class.hangs = self.case.doubts(formula);
        }
        if class.hangs.is_empty() && !answers.iter().all(|answer| *answer == Some(true)) {
            return None;
        }
        let target = difference.targets.first()?;
        let [before, after] = [0, 1].map(|at| target.verdict(&plans[at]));
        let [before, after] = difference.shift.seen(target, before, after);
        let events = vec![self.case.event().clone()];
        Some(Differing { events, every_event: false, class, before, after })
    }
}

/// Whether whatever the planner says of some step or workflow hangs on the server.
fn hangs_on_server(plan: &Plan) -> bool {
    plan.workflows.iter().any(|workflow| {
        let steps = workflow.steps.iter().map(|step| step.verdict);
        steps.chain([workflow.verdict]).any(|verdict| verdict == Verdict::Unknown)
    })
}

/// All that may differ: the pipeline; workflows, where that does not follow from the pipeline; steps, where it does not follow from their
/// workflow.
fn rows(before: &Pipeline, after: &Pipeline, formulas: &mut Formulas) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut push = |target: Target, lost: Formula, gained: Formula| {
        for (shift, formula) in [(Shift::Lost, lost), (Shift::Gained, gained)] {
            if formula != Formula::FALSE {
                rows.push(Row { target: target.clone(), shift, formula });
            }
        }
    };
    let now_refused = formulas.all([after.refused, !before.refused]);
    let now_taken = formulas.all([before.refused, !after.refused]);
    push(Target::Pipeline, now_refused, now_taken);
    for ((name, axis), _, old, new) in
        pairs(&before.workflows, &after.workflows, |it| (it.name.clone(), it.axis.clone()))
    {
        let runs = |workflow: Option<&WorkflowProof>| workflow.map_or(Formula::FALSE, |workflow| workflow.runs);
        let (ran, runs) = (runs(old), runs(new));
        let lost = formulas.all([ran, !runs]);
        let gained = formulas.all([runs, !ran]);
        let target = Target::Workflow { name: name.clone(), axis: axis.clone() };
        push(target, formulas.all([lost, !now_refused]), formulas.all([gained, !now_taken]));
        let [old, new] = [old, new].map(|workflow| workflow.map_or(&[][..], |workflow| workflow.steps.as_slice()));
        for (step, nth, old, new) in pairs(old, new, |it| it.name.clone()) {
            let runs = |step: Option<&StepProof>| step.map_or(Formula::FALSE, |step| step.runs);
            let (ran, runs) = (runs(old), runs(new));
            let target = Target::Step { workflow: name.clone(), axis: axis.clone(), name: step, nth };
            push(target, formulas.all([ran, !runs, !lost]), formulas.all([runs, !ran, !gained]));
        }
    }
    rows.sort_by_key(|row| row.target.rank());
    rows
}
