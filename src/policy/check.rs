//! Whether a plan keeps a policy.

use serde::{Deserialize, Serialize};

use super::{Concern, Policy};
use crate::plan::{Context, Plan, StepPlan, Verdict, WorkflowPlan};
use crate::server::Version;

/// What a policy says of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not about this change.
    NotConcerned,
    /// It is kept.
    Kept,
    /// It is broken, by these.
    Broken(Vec<Breach>),
    /// It hangs on what only the server knows whether these break it. Empty: on the branch.
    Unclear(Vec<Breach>),
}

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

impl Policy {
    /// Holds the policy against `plan`, which says what happens to the change of `context` (`[skip ci]` obeyed).
    ///
    /// A glob that names nothing in the plan promises nothing; [`Policy::unnamed`] finds those.
    pub fn check(&self, context: &Context, plan: &Plan, server: Version) -> Outcome {
        let concern = self.concerns(context, server);
        if concern == Concern::No {
            return Outcome::NotConcerned;
        }
        let mut broken = Vec::new();
        let mut unclear = Vec::new();
        let mut hold = |promise: Promise, target, verdict| {
            let breach = Breach { promise, target, verdict };
            match promise.is_kept_by(verdict) {
                Some(true) => {}
                Some(false) => broken.push(breach),
                None => unclear.push(breach),
            }
        };
        for (at, workflow) in plan.workflows.iter().enumerate() {
            for (promise, globs) in [(Promise::Always, &self.workflows.always), (Promise::Never, &self.workflows.never)]
            {
                if globs.is_match(workflow.name.as_bytes()) {
                    hold(promise, Target::Workflow(at), workflow.verdict);
                }
            }
            for (index, step) in workflow.steps.iter().enumerate() {
                for (promise, globs) in [(Promise::Always, &self.always), (Promise::Never, &self.never)] {
                    if globs.is_match(step.name.as_bytes()) {
                        hold(promise, Target::Step(at, index), step.verdict);
                    }
                }
            }
        }
        // Of a file that cannot be read no step is known, and none runs.
        let promises_a_run = !self.always.is_empty() || !self.workflows.always.is_empty();
        if broken.is_empty() && promises_a_run && plan.is_refused() {
            broken.push(Breach { promise: Promise::Always, target: Target::Pipeline, verdict: Verdict::Error });
        }
        match (broken.is_empty(), unclear.is_empty(), concern) {
            (true, true, _) => Outcome::Kept,
            (false, _, Concern::Yes) => Outcome::Broken(broken),
            (false, _, _) => Outcome::Unclear(Vec::new()),
            (true, false, _) => Outcome::Unclear(unclear),
        }
    }
}
