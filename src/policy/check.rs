//! Whether a plan keeps a policy.

use super::breach::told;
use super::{Breach, Concern, Policy, Promise, Target};
use crate::plan::{Context, Plan, Verdict};
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

impl Outcome {
    /// What breaks the policy, or may.
    pub fn breaches(&self) -> &[Breach] {
        match self {
            Self::NotConcerned | Self::Kept => &[],
            Self::Broken(breaches) | Self::Unclear(breaches) => breaches,
        }
    }

    /// What breaks the policy in `plan`, or may, as a phrase that is safe to print; `None` where it is kept, or not about the change.
    pub fn told(&self, plan: &Plan) -> Option<String> {
        match self {
            Self::NotConcerned | Self::Kept => None,
            Self::Unclear(breaches) if breaches.is_empty() => {
                Some("it hangs on the branch, which is not known".to_owned())
            }
            Self::Broken(breaches) | Self::Unclear(breaches) => Some(told(breaches, plan)),
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
