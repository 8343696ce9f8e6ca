//! What would run: workflow files and a change in, a [`Plan`] of verdicts with their reasons out.
//!
//! The model is the server's pipeline builder (`pipeline/frontend/builder` since 3.15, `server/pipeline/stepbuilder` before) and
//! compiler: per file and matrix axis substitute, parse, lint, filter; then order the steps that are left, and drop workflows whose
//! required ones are not there. Where the server stops at the first error, this goes on, so that all of them are seen at once.
//!
//! | file | does |
//! | --- | --- |
//! | `pipeline` | the files in turn; workflows that require each other |
//! | `reading` | one file: substitute, read, check; kept for the next change |
//! | `workflow` | one file and axis: decide |
//! | `condition`, `paths` | `when` |
//! | `files` | the changed files, held against patterns |
//! | `stages`, `cycle` | the order of the steps that are left; those that wait for each other |
//! | `facts`, `variables` | what conditions and `${…}` look at |
//! | `holes` | the places of a file that hang on what only the server knows |
//! | `gates`, `inquiry`, `open`, `given` | the same conditions without a change: what they ask of it, for proofs |
//! | `request`, `reason`, `result`, `truth` | the question and the answer |
//!
//! This room never sees git: the change comes as data ([`Context`]).

mod condition;
mod context;
mod cycle;
mod facts;
mod files;
mod gates;
mod given;
mod holes;
mod inquiry;
mod open;
mod paths;
mod pipeline;
mod reading;
mod reason;
mod request;
mod result;
mod stages;
mod truth;
mod variables;
mod workflow;

#[cfg(test)]
mod tests;

pub use condition::Answer;
pub use context::Context;
pub use cycle::{Needs, cycles};
pub use gates::{Gate, GateEntry, StepGates, WorkflowGates, gates, path_gate};
pub use inquiry::{Doubt, Key, Question, Subject, Tree};
pub use pipeline::{Pipeline, plan};
pub use reason::{Clause, Kind, Reason, Verdict};
pub use request::{Request, Terms};
pub use result::{Outcome, Plan, StepPlan, StepType, WorkflowPlan};
