//! How rules about workflow files find their flaws.

use super::builds::Builds;
use super::changes::Changes;
use super::context::Context;
use super::decide::Decider;
use super::reading::{Gate, GlobUse, Pipeline, Reading};
use super::tracked::Tracked;
use crate::change::Forge;
use crate::diag::Problem;
use crate::forge::ForgeLimits;
use crate::rule;
use crate::workflow::File;

pub(super) use crate::rule::{Echo, Group, Level};

/// A rule about workflow files.
pub(super) type Rule = rule::Rule<Check>;

/// How a rule finds its flaws: by what it looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// The file as it was written.
    File(fn(&File<'_>, &Context<'_>, &mut Vec<Problem>)),
    /// Each workflow that the file makes.
    Workflow(fn(&Reading<'_>, &mut Vec<Problem>)),
    /// Each `when`, of the workflow and of its steps.
    Gate(fn(&Gate<'_>, &mut Vec<Problem>)),
    /// Each glob in a `when`.
    Glob(fn(&GlobUse<'_>, &mut Vec<Problem>)),
    /// Each path glob in a `when`, held against the files that git tracks.
    TrackedGlob(fn(&GlobUse<'_>, &Tracked<'_>, &mut Vec<Problem>)),
    /// Each workflow that the file makes, with what the configured forge lists of a change.
    Forge(fn(&Reading<'_>, Forge, ForgeLimits, &mut Vec<Problem>)),
    /// Each `when`, over every change; one that aliases lead to only once.
    Filter(fn(&Gate<'_>, &mut Decider<'_>, &mut Vec<Problem>)),
    /// The workflows that a file makes, over every change.
    Changes(fn(&mut Changes<'_>, &mut Vec<Problem>)),
    /// The workflows of a folder together, over every change.
    PipelineChanges(fn(&mut Changes<'_>, &mut Vec<Problem>)),
    /// The steps of a workflow that build something and have a path filter before them, held against the files that git tracks.
    Builds(fn(&Builds<'_>, &mut Vec<Problem>)),
    /// The workflows of a folder together.
    Pipeline(fn(&Pipeline<'_>, &mut Vec<Problem>)),
}

impl Rule {
    /// Whether its flaws would be found, with what is known.
    pub(super) fn is_looked_for(&self, context: &Context<'_>) -> bool {
        let can = |check: &Check| match check {
            Check::TrackedGlob(_) | Check::Builds(_) => context.tree.is_some(),
            Check::Forge(_) => context.forge.is_some(),
            Check::Pipeline(_) | Check::PipelineChanges(_) => context.whole,
            Check::File(_)
            | Check::Workflow(_)
            | Check::Gate(_)
            | Check::Glob(_)
            | Check::Filter(_)
            | Check::Changes(_) => true,
        };
        self.is_on(context.levels) && (self.checks.is_empty() || self.checks.iter().any(can))
    }
}
