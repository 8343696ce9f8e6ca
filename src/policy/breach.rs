//! What is not kept: in a plan, and in words.

use serde::{Deserialize, Serialize};

use crate::plan::{Plan, StepPlan, Verdict, WorkflowPlan};
use crate::text::escape;

/// How many steps or files are named before the rest is counted.
pub(super) const NAMED: usize = 5;

/// What was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Promise {
    /// To run.
    Always,
    /// Not to run.
    Never,
}

impl Promise {
    /// `always` or `never`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
        }
    }

    /// Whether `verdict` keeps the promise; `None` where that hangs on the server.
    pub fn is_kept_by(self, verdict: Verdict) -> Option<bool> {
        match verdict {
            Verdict::Unknown => None,
            Verdict::Run => Some(self == Self::Always),
            Verdict::Skip | Verdict::Dropped | Verdict::Error => Some(self == Self::Never),
        }
    }
}

/// A promise that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Breach {
    /// What was promised.
    pub promise: Promise,
    /// Of what.
    pub target: Target,
    /// What happens instead.
    pub verdict: Verdict,
}

/// What a promise is about, in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The pipeline: the server refuses it before there are steps.
    Pipeline,
    /// A workflow, by its index in the plan.
    Workflow(usize),
    /// A step, by the index of its workflow and its own.
    Step(usize, usize),
}

impl Target {
    /// The workflow and step of `plan` that are meant.
    pub fn of(self, plan: &Plan) -> (Option<&WorkflowPlan>, Option<&StepPlan>) {
        match self {
            Self::Pipeline => (None, None),
            Self::Workflow(at) => (plan.workflows.get(at), None),
            Self::Step(at, step) => {
                let workflow = plan.workflows.get(at);
                (workflow, workflow.and_then(|workflow| workflow.steps.get(step)))
            }
        }
    }
}

impl Breach {
    /// Those of `breaches` that say it all: a pipeline that is refused breaks every promise of a run, so there the pipeline is enough.
    pub fn telling(breaches: &[Self], plan: &Plan) -> Vec<Self> {
        match breaches.iter().find(|breach| breach.verdict == Verdict::Error) {
            Some(first) if plan.is_refused() => vec![Self { target: Target::Pipeline, ..*first }],
            _ => breaches.to_vec(),
        }
    }

    /// The breach of a promise about `plan` as a phrase: `build-web` of `publish` has to run, but is skipped.
    pub fn told(self, plan: &Plan) -> String {
        told(&[self], plan)
    }
}

/// `build-web`, `build-api` of `publish` must not run, but run. What is broken alike is told together.
pub(super) fn told(breaches: &[Breach], plan: &Plan) -> String {
    let all = Breach::telling(breaches, plan);
    let mut phrases = Vec::new();
    let mut shown = all.get(..NAMED).unwrap_or(&all);
    while let Some(first) = shown.first() {
        let alike = shown.iter().take_while(|it| it.is_like(*first)).count();
        let (together, others) = shown.split_at(alike);
        phrases.push(together_told(together, plan));
        shown = others;
    }
    let more = all.len().saturating_sub(NAMED);
    phrases.extend((more > 0).then(|| format!("and {more} more")));
    phrases.join("; ")
}

impl Breach {
    /// Whether both are told in one phrase.
    fn is_like(self, other: Self) -> bool {
        let place = |target| match target {
            Target::Step(workflow, _) => Some(workflow),
            Target::Pipeline | Target::Workflow(_) => None,
        };
        let same = |a: Target, b: Target| place(a) == place(b) && (place(a).is_some() || (a == b));
        self.promise == other.promise && self.verdict == other.verdict && same(self.target, other.target)
    }
}

fn together_told(breaches: &[Breach], plan: &Plan) -> String {
    let Some(first) = breaches.first() else { return String::new() };
    let steps = breaches.iter().filter_map(|breach| breach.target.of(plan).1);
    let steps: Vec<String> = steps.map(|step| format!("`{}`", escape(&step.name))).collect();
    let what = match first.target.of(plan) {
        (Some(workflow), Some(_)) => format!("{} of {}", steps.join(", "), named(workflow)),
        (Some(workflow), None) => format!("workflow {}", named(workflow)),
        (None, _) => "the pipeline".to_owned(),
    };
    let one = breaches.len() == 1;
    let promised = match first.promise {
        Promise::Always if one => "has to run",
        Promise::Always => "have to run",
        Promise::Never => "must not run",
    };
    let happens = match first.verdict {
        Verdict::Run if one => "but runs",
        Verdict::Run => "but run",
        Verdict::Skip if one => "but is skipped",
        Verdict::Skip => "but are skipped",
        Verdict::Unknown if one => "and hangs on the server",
        Verdict::Unknown => "and hang on the server",
        Verdict::Dropped if one => "but is dropped",
        Verdict::Dropped => "but are dropped",
        Verdict::Error if one => "but is refused",
        Verdict::Error => "but are refused",
    };
    format!("{what} {promised}, {happens}")
}

/// The workflow's name and axis: `ci` [GO=1.22].
fn named(workflow: &WorkflowPlan) -> String {
    let axis: Vec<String> =
        workflow.axis.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let axis = if axis.is_empty() { String::new() } else { format!(" [{}]", axis.join(", ")) };
    format!("`{}`{axis}", escape(&workflow.name))
}
