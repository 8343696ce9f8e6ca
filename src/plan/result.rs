//! The plan: what the server would do with every workflow and step.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::reason::{Reason, Verdict};
use crate::admission::Finding;
use crate::diag::Problem;
use crate::source::{FileId, Span};
use crate::workflow::Step;

/// What the pipeline as a whole comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Some workflow runs.
    Run,
    /// There is no pipeline: nothing is left to run, or the message says `[skip ci]`.
    None,
    /// The server refuses it; the plan's problems say why.
    Error,
}

impl Outcome {
    /// `run`, `none` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::None => "none",
            Self::Error => "error",
        }
    }
}

/// What the server would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The pipeline as a whole.
    pub outcome: Outcome,
    /// The message asks for no pipeline. The workflows still say what would have run.
    pub skip_ci: bool,
    /// Why it is refused, and what hangs on the server.
    pub problems: Vec<Problem>,
    /// What the server's linter reports: of the first workflow that it refuses if it refuses one, else of all. Computed only when
    /// asked for; see [`Request`](super::Request).
    pub findings: Vec<(FileId, String, Finding)>,
    /// Every workflow, in the order in which the server looks at them: by file name, then by matrix axis. After the first error the
    /// server looks at no more; here all are.
    pub workflows: Vec<WorkflowPlan>,
}

/// One workflow of one matrix axis.
#[derive(Clone, Debug)]
pub struct WorkflowPlan {
    /// Its name: the file's, without folder, leading dot and extension.
    pub name: String,
    /// Its file.
    pub file: FileId,
    /// The values of the matrix axis; empty without a matrix.
    pub axis: BTreeMap<String, String>,
    /// Whether it runs.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The workflows it waits for. Of one that runs, those that are there.
    pub depends_on: Vec<String>,
    /// Clone steps, services and steps: in the order of stages where they run, the others where they stand in the file.
    pub steps: Vec<StepPlan>,
    /// How many stages there are; a services stage counts even when no service runs.
    pub stages: usize,
}

/// What a step is to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepType {
    /// It clones the repository.
    Clone,
    /// It runs beside the steps.
    Service,
    /// It runs commands.
    Commands,
    /// It runs a plugin.
    Plugin,
}

impl StepType {
    /// What a step under `steps` is.
    pub(super) fn of(step: &Step) -> Self {
        if step.is_plugin() { Self::Plugin } else { Self::Commands }
    }

    /// `clone`, `service`, `commands` or `plugin`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::Service => "service",
            Self::Commands => "commands",
            Self::Plugin => "plugin",
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct StepPlan {
    /// Its name.
    pub name: String,
    /// What it is.
    pub step_type: StepType,
    /// Where it stands in the file; `None` for the clone step that the server adds.
    pub span: Option<Span>,
    /// Whether it runs.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The steps that it names in `depends_on`, some of which may be optional and not there; `None` without that key.
    pub depends_on: Option<Vec<String>>,
    /// The stage it runs in, from 0; `None` when it does not run.
    pub stage: Option<u32>,
    /// It runs when all before it succeeded.
    pub on_success: bool,
    /// It runs when something before it failed.
    pub on_failure: bool,
}
