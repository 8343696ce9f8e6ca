//! Policies, decided over every change.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::case::{Answer, Case, Setting};
use super::change::Change;
use super::formula::{Formula, Formulas};
use super::lexicon::Lexicon;
use super::limit::{SIMPLER, TOO_LARGE};
use super::pipeline::Pipeline;
use crate::change::Event;
use crate::diag::{Problem, Severity};
use crate::plan::{self, Context, Key, Plan, Question};
use crate::policy::{Breach, Outcome, Policy, Promise};
use crate::server::{Difference, Version};
use crate::source::Sources;
use crate::text::escape;

/// What is known of a policy, over all changes.
#[derive(Clone, Debug)]
pub struct Proof<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// Whether it is kept.
    pub status: Status,
}

/// Whether a policy is kept by every change that it concerns.
#[derive(Clone, Debug)]
pub enum Status {
    /// It is.
    Proved,
    /// It is not: this change breaks it.
    Refuted(Box<Witness>),
    /// It was not decided.
    Unknown {
        /// Why, as a phrase that is safe to print.
        because: String,
        /// Whether the policy is at fault: it says nothing of this pipeline.
        flawed: bool,
        /// A change that may break it.
        witness: Option<Box<Witness>>,
    },
}

impl Proof<'_> {
    /// Whether a merge may go on by it: it is proved, or, if that is `allowed`, was not decided. A policy that is itself at fault never passes.
    pub const fn passes(&self, allowed: bool) -> bool {
        match self.status {
            Status::Proved => true,
            Status::Refuted(_) => false,
            Status::Unknown { flawed, .. } => allowed && !flawed,
        }
    }

    /// What is wrong by it: an error where the policy is refuted; where that was not decided, a warning, or a note if that is `allowed`.
    pub fn problem(&self, allowed: bool) -> Option<Problem> {
        match &self.status {
            Status::Proved => None,
            Status::Refuted(witness) => Some(self.policy.refuted(&witness.breaches, &witness.context, &witness.plan)),
            Status::Unknown { because, .. } => {
                let problem = self.policy.undecided(because);
                Some(if self.passes(allowed) { Problem { severity: Severity::Note, ..problem } } else { problem })
            }
        }
    }
}

impl Status {
    /// `proved`, `refuted` or `unknown`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Refuted(_) => "refuted",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether every change keeps the policy; `None` where that was not decided.
    pub const fn holds(&self) -> Option<bool> {
        match self {
            Self::Proved => Some(true),
            Self::Refuted(_) => Some(false),
            Self::Unknown { .. } => None,
        }
    }

    /// The change that breaks the policy, or may.
    pub fn witness(&self) -> Option<&Witness> {
        match self {
            Self::Proved => None,
            Self::Refuted(witness) => Some(witness),
            Self::Unknown { witness, .. } => witness.as_deref(),
        }
    }
}

/// A change that breaks a policy, and what the server would do with it.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The change.
    pub change: Change,
    /// The change, as conditions see it.
    pub context: Context,
    /// What the planner says of it.
    pub plan: Plan,
    /// What it breaks, or may break.
    pub breaches: Vec<Breach>,
}

/// What policies are decided over: the pipeline of some files.
pub struct Prover<'a> {
    planner: plan::Pipeline<'a>,
    setting: Setting<'a>,
    lexicon: Lexicon,
    /// Each event that was asked about, with its pipeline.
    cases: BTreeMap<Event, (Case<'a>, Pipeline)>,
    /// What a push without files does: for the names of workflows and steps, and what is wrong whatever the change.
    any: OnceCell<Plan>,
}

/// What the planner says of a change that should break a policy.
enum Confirmed {
    Breaks(Box<Witness>),
    May(Box<Witness>),
    No,
}

impl<'a> Prover<'a> {
    /// A prover for the pipeline of `files`.
    pub fn new(files: &'a Sources, setting: Setting<'a>) -> Self {
        let planner = plan::Pipeline::read(files, setting.terms());
        Self { planner, setting, lexicon: Lexicon::default(), cases: BTreeMap::new(), any: OnceCell::new() }
    }

    /// Whether every change keeps `policy`.
    pub fn prove<'p>(&mut self, policy: &'p Policy) -> Proof<'p> {
        Proof { policy, status: self.status(policy) }
    }

    /// What the server may refuse the pipeline for, whatever the change, by its settings: whole phrases, safe to print. Proofs take it that it
    /// does not.
    pub fn doubts(&mut self) -> Vec<String> {
        let (_, pipeline) = self.case(&Event::Push);
        let mut doubts: Vec<String> = pipeline.doubts.iter().map(|problem| problem.message.clone()).collect();
        doubts.dedup();
        doubts
    }

    /// The changes of `event`, and the pipeline.
    fn case(&mut self, event: &Event) -> &mut (Case<'a>, Pipeline) {
        let Self { planner, setting, lexicon, cases, .. } = self;
        cases.entry(event.clone()).or_insert_with(|| {
            let mut case = Case::with(event.clone(), *setting, lexicon);
            let pipeline = case.pipeline_read(planner);
            (case, pipeline)
        })
    }

    fn status(&mut self, policy: &Policy) -> Status {
        if let Some(because) = policy.flaw().or_else(|| self.names_nothing(policy)) {
            return Status::Unknown { because, flawed: true, witness: None };
        }
        let with_files = !policy.changes.is_empty();
        let server = self.setting.server;
        let concerned = events(server).filter(|event| policy.on.has_event(event, with_files, server));
        let mut unknown = None;
        let mut refuted: Option<Box<Witness>> = None;
        let mut any = false;
        for event in concerned {
            any = true;
            match self.on_event(&event, policy) {
                Status::Proved => {}
                // One file is as good as none; of more, another event may need fewer.
                Status::Refuted(witness) if witness.change.files.len() <= 1 => return Status::Refuted(witness),
                Status::Refuted(witness) => {
                    let fewest = |best: &Witness| witness.change.files.len() < best.change.files.len();
                    if refuted.as_deref().is_none_or(fewest) {
                        refuted = Some(witness);
                    }
                }
                status @ Status::Unknown { .. } => unknown = unknown.or(Some(status)),
            }
        }
        if !any {
            let because = "it concerns no event that has changed files".to_owned();
            return Status::Unknown { because, flawed: true, witness: None };
        }
        refuted.map(Status::Refuted).or(unknown).unwrap_or(Status::Proved)
    }

    fn any(&self) -> &Plan {
        self.any.get_or_init(|| {
            let case = Case::new(Event::Push, self.setting);
            self.planner.plan(&case.context(&Change::default())).obey_skip_ci()
        })
    }

    /// The first glob that names no step or workflow, as a phrase.
    fn names_nothing(&self, policy: &Policy) -> Option<String> {
        let plan = self.any();
        if plan.is_refused() {
            return None;
        }
        let unnamed = policy.unnamed(plan);
        let (glob, meant) = unnamed.first()?;
        let meant = meant.map(|name| format!("; did you mean `{}`?", escape(name))).unwrap_or_default();
        Some(format!("`{}` names nothing in the pipeline{meant}", escape(glob.text())))
    }

    fn on_event(&mut self, event: &Event, policy: &Policy) -> Status {
        let server = self.setting.server;
        self.case(event);
        let Self { planner, cases, .. } = self;
        let (case, pipeline) = cases.get_mut(event).expect("internal: it was made a moment ago");
        let concern = concern(policy, event, &mut case.formulas);
        let broken = broken(policy, pipeline, &mut case.formulas);
        let both = case.formulas.all([concern, broken]);
        let confirm = |case: &Case<'_>, change: Change| {
            let context = case.context(&change);
            let plan = planner.plan(&context).obey_skip_ci();
            let outcome = policy.check(&context, &plan, server);
            let witness = |breaches| Box::new(Witness { change, context, plan, breaches });
            match outcome {
                Outcome::Broken(breaches) => Confirmed::Breaks(witness(breaches)),
                Outcome::Unclear(breaches) => Confirmed::May(witness(breaches)),
                Outcome::NotConcerned | Outcome::Kept => Confirmed::No,
            }
        };
        let (change, because) = match case.find(both) {
            Answer::Never => return Status::Proved,
            Answer::Change(change) => (change, "the planner does not confirm what the proof found".to_owned()),
            Answer::Hangs(change, names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{}`", escape(name))).collect();
                (change, format!("it hangs on {}, which only the server knows", names.join(" and ")))
            }
            Answer::Odd(glob) => {
                let glob = escape(&glob);
                let because =
                    format!("the glob `{glob}` matches by no rule that can be reasoned with: `lint` says why");
                return undecided(because, None);
            }
            Answer::TooLarge => {
                let size = case.size(both);
                let mut help = SIMPLER.to_owned();
                help[..1].make_ascii_uppercase();
                let because = format!("{TOO_LARGE}: {size}. {help}, or decide about fewer steps at once");
                return undecided(because, None);
            }
        };
        match confirm(case, change) {
            Confirmed::Breaks(witness) => Status::Refuted(witness),
            Confirmed::May(witness) => undecided(because, Some(witness)),
            Confirmed::No => undecided(because, None),
        }
    }
}

fn undecided(because: String, witness: Option<Box<Witness>>) -> Status {
    Status::Unknown { because, flawed: false, witness }
}

/// The events that `server` has.
pub fn events(server: Version) -> impl Iterator<Item = Event> {
    let has = move |event: &Event| *event != Event::PullRequestMetadata || server.has(Difference::PullRequestMetadata);
    Event::KNOWN.into_iter().filter(has)
}

/// That the policy is about the change.
fn concern(policy: &Policy, event: &Event, formulas: &mut Formulas) -> Formula {
    let mut parts = Vec::new();
    if !policy.changes.only.is_empty() {
        parts.push(!formulas.atom(Question::NoFiles));
        parts.push(!formulas.atom(Question::FileUnmatched(policy.changes.only.iter().cloned().collect())));
    }
    if !policy.changes.any.is_empty() {
        parts.push(formulas.atom(Question::FileMatched(policy.changes.any.iter().cloned().collect())));
    }
    if policy.on.reads_branch(event) {
        parts.push(formulas.atom(Question::Value(Key::Branch, policy.on.branch.iter().cloned().collect())));
    }
    formulas.all(parts)
}

/// That some promise of the policy is not kept.
fn broken(policy: &Policy, pipeline: &Pipeline, formulas: &mut Formulas) -> Formula {
    let mut breaches = Vec::new();
    let mut promise = |promise: Promise, runs: Formula| {
        breaches.push(if promise == Promise::Always { !runs } else { runs });
    };
    let workflows = [(Promise::Always, &policy.workflows.always), (Promise::Never, &policy.workflows.never)];
    let steps = [(Promise::Always, &policy.always), (Promise::Never, &policy.never)];
    for workflow in &pipeline.workflows {
        for (kind, globs) in workflows {
            if globs.is_match(workflow.name.as_bytes()) {
                promise(kind, workflow.runs);
            }
        }
        for step in &workflow.steps {
            for (kind, globs) in steps {
                if globs.is_match(step.name.as_bytes()) {
                    promise(kind, step.runs);
                }
            }
        }
    }
    if !policy.always.is_empty() || !policy.workflows.always.is_empty() {
        promise(Promise::Never, pipeline.refused);
    }
    formulas.any(breaches)
}
