//! Promises about a pipeline: for which changes which steps must run, or must not.
//!
//! A [`Policy`] comes from `.wp-gate.yaml` or from the command line. It is held against one change here ([`Policy::check`], for
//! `explain`, `audit` and `check`), and decided over every change by the proof engine: one type for both.
//!
//! | file | does |
//! | --- | --- |
//! | `globs` | a list of globs as the configuration has them |
//! | `scope` | which changes a policy is about |
//! | `check` | whether a plan keeps it |
//! | `breach` | what is not kept, in words |
//! | `problem` | what is wrong then, with its places |
//!
//! # What a policy means
//!
//! It concerns a change if `on` and `changes` say so: the event is one of `on.event` (none given: any), the branch matches one of
//! `on.branch` (none given: any; as for the server, a tag has no branch, so there it is not looked at), and
//!
//! - `changes.only`: there is a changed file, and each one matches one of these globs,
//! - `changes.any`: some changed file matches one of these globs.
//!
//! Changed are the files that changed, whatever the forge lists of them ([`Context::changed`](crate::plan::Context::changed)): what
//! happens goes by the list, and a promise that was broken since a file is not on it is broken.
//!
//! A policy with `changes` concerns only events that have changed files. Globs are those of `when.path`
//! ([`glob`](crate::glob)); names of steps and workflows are matched with the same.
//!
//! Then every step that a glob of `always` names has to run, in each workflow and matrix axis that has it, and no step that a glob of
//! `never` names may; `workflows` says the same of whole workflows. A step does not run where its workflow does not, where the workflow is
//! dropped, where the server refuses the pipeline, and where the message says `[skip ci]`.

mod breach;
mod check;
mod globs;
mod problem;
mod scope;

pub use breach::{Breach, Promise, Target};
pub use check::Outcome;
pub use globs::Globs;
pub use scope::{Changes, Concern, On};

use serde::Deserialize;

use crate::glob::Pattern;
use crate::plan::Plan;
use crate::text::nearest;

/// A promise about every change of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What people call it.
    pub name: String,
    /// Which pipelines it is about.
    #[serde(default)]
    pub on: On,
    /// Which changed files it is about.
    #[serde(default)]
    pub changes: Changes,
    /// Steps that have to run.
    #[serde(default)]
    pub always: Globs,
    /// Steps that must not run.
    #[serde(default)]
    pub never: Globs,
    /// The same of workflows.
    #[serde(default)]
    pub workflows: Workflows,
}

/// What is promised of whole workflows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workflows {
    /// Workflows that have to run.
    pub always: Globs,
    /// Workflows that must not run.
    pub never: Globs,
}

impl Policy {
    /// What keeps it from being a policy, as a phrase: it promises nothing, has no name, or a glob of it is malformed.
    pub fn flaw(&self) -> Option<String> {
        if self.name.trim().is_empty() {
            return Some("it needs a `name`".to_owned());
        }
        let Self { on, changes, always, never, workflows, .. } = self;
        let promises = [always, never, &workflows.always, &workflows.never];
        if promises.iter().all(|globs| globs.is_empty()) {
            return Some("it promises nothing: give it `always`, `never` or `workflows`".to_owned());
        }
        let globs = promises.into_iter().chain([&on.branch, &changes.only, &changes.any]);
        globs.flat_map(|globs| globs.iter()).find_map(|glob| {
            let error = glob.error()?;
            Some(format!("the glob `{}`: {error}", crate::text::escape(glob.text())))
        })
    }

    /// The globs that name no step, or workflow, of `plan`: such a promise says nothing, so it is likely misspelt. With the name that
    /// was perhaps meant.
    pub fn unnamed<'p>(&'p self, plan: &'p Plan) -> Vec<(&'p Pattern, Option<&'p str>)> {
        let workflows: Vec<&str> = plan.workflows.iter().map(|workflow| workflow.name.as_str()).collect();
        let steps = plan.workflows.iter().flat_map(|workflow| &workflow.steps);
        let steps: Vec<&str> = steps.map(|step| step.name.as_str()).collect();
        let of_steps = [(&self.always, &steps), (&self.never, &steps)];
        let of_workflows = [(&self.workflows.always, &workflows), (&self.workflows.never, &workflows)];
        let mut unnamed = Vec::new();
        for (globs, names) in of_steps.into_iter().chain(of_workflows) {
            let names_none = |glob: &&Pattern| !names.iter().any(|name| glob.is_match(name.as_bytes()));
            let meant = |glob: &'p Pattern| (glob, nearest(glob.text(), names.iter().copied()));
            unnamed.extend(globs.iter().filter(names_none).map(meant));
        }
        unnamed
    }
}

#[cfg(test)]
mod tests;
