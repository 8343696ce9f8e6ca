use super::PolicyAnswer;
use crate::plan::{Context, Plan, StepPlan, WorkflowPlan};
use crate::server::Version;
use crate::source::Sources;

/// All that `explain` has to say.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// The change.
    pub context: &'a Context,
    /// What the change was taken from, and what was assumed: whole phrases, safe to print.
    pub notes: &'a [String],
    /// What the server would do.
    pub plan: &'a Plan,
    /// The workflow files.
    pub files: &'a Sources,
    /// The server that was asked for.
    pub server: Version,
    /// How the policies stand to the change.
    pub policies: &'a [PolicyAnswer],
    /// Only steps whose name matches are shown; `None`: all.
    pub step: Option<&'a crate::glob::Pattern>,
}

impl<'a> Explanation<'a> {
    /// The workflows to be shown: those with a step to be shown, if only some are.
    pub(super) fn workflows(&self) -> impl Iterator<Item = &'a WorkflowPlan> {
        self.plan.workflows.iter().filter(|it| self.step.is_none() || self.steps(it).next().is_some())
    }

    /// The steps of `workflow` to be shown.
    pub(super) fn steps(&self, workflow: &'a WorkflowPlan) -> impl Iterator<Item = &'a StepPlan> {
        workflow.steps.iter().filter(|it| self.step.is_none_or(|pattern| pattern.is_match(it.name.as_bytes())))
    }
}
