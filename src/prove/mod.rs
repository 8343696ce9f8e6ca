//! What holds for every change: formulas over the questions that conditions ask, and whether some change makes them true.
//!
//! A test samples; a proof does not. The ground is that conditions look at a change through few questions (does some changed file match this
//! list, does the branch), that each asks whether a text is in a regular language, and that a handful of files is always enough to give any
//! answers that can be given together. `docs/proofs.md` says to people what is decided, and what is taken for granted.
//!
//! # How it goes
//!
//! ```text
//! workflow files -> plan::gates -> Pipeline: formulas, when each step and workflow runs, when the server refuses
//! policy, or whatever is asked ---> Formula --> solver: answers that make it true ----+
//!                                                  ^                                  v
//!                                   a clause <-- no: these contradict each other <-- theory: is there such a change?
//!                                                                                     | yes
//!                                                        a Change, made small <-------+
//! ```
//!
//! | file | does |
//! | --- | --- |
//! | `proof` | policies: [`Prover`], [`Proof`]; a witness is planned before it is believed |
//! | `compare`, `pairs` | two pipelines: the kinds of change for which they differ |
//! | `case` | all changes of one event: [`Case`], and the search for one that makes a formula true |
//! | `pipeline` | a pipeline as formulas |
//! | `formula` | and, or, not |
//! | `solver`, `order` | answers that make a formula true |
//! | `theory` | whether answers go together |
//! | `word`, `language`, `domain` | a text that is in some languages and not in others |
//! | `lexicon` | each language and each search made once, for all events |
//! | `change`, `class` | a change that was found; all of them, as a few kinds in words |
//! | `limit` | how much work a question may be |
//!
//! # Asking something else
//!
//! Policies are one use. For any other, make a [`Case`] for each event, read one or more pipelines into it ([`Case::pipeline`]), put a formula
//! together of what their workflows and steps say ([`Pipeline`], [`WorkflowProof`], [`StepProof`], [`EntryProof`]) and [find](Case::find) a
//! change, or [all kinds](Case::classes) of them. What-ifs need no second pipeline: [`Formulas::replace`] asks something else instead, say about
//! a list without one of its globs. A plan of the change ([`Case::context`], [`Case::plan`]) should confirm what was found.
//!
//! ```
//! # use std::collections::BTreeMap;
//! # use wp_gate::{change::{Event, Metadata}, prove::*, server::Version, source::{Source, Sources}};
//! # let file = |text: &str| { let mut files = Sources::new(); files.add(Source::new(".woodpecker/ci.yaml", text)); files };
//! # let (metadata, empty, policy) = (Metadata::default(), BTreeMap::new(), wp_gate::admission::Policy::default());
//! # let setting = Setting { server: Version::NEWEST, metadata: &metadata, given: &empty, variables: &empty, policy: &policy, tracked: &[] };
//! let before = file("steps: [{name: s, image: x, when: {path: 'a/**'}}]");
//! let after = file("steps: [{name: s, image: x, when: {path: 'a/*'}}]");
//! let mut case = Case::new(Event::Push, setting);
//! let (before, after) = (case.pipeline(&before), case.pipeline(&after));
//! let step = |pipeline: &Pipeline| pipeline.workflows[0].steps[1].runs;
//! let lost = case.formulas.all([step(&before), !step(&after)]);
//! let Answer::Change(change) = case.find(lost) else { panic!("some change ran the step, and no longer does") };
//! assert_eq!(change.files, ["a"]);
//! let classes = case.classes(lost, 10);
//! assert_eq!(classes.classes[0].to_string(), "no file in `a/*`, some file in `a/**`");
//! ```
//!
//! # Bounds
//!
//! A question may take some millions of steps of work, all of a comparison together twice as many, shared out among what may differ, and one
//! search for a text 131,072 states: what needs more is [`Answer::TooLarge`]. An entry of a `when` may be answered in 1,024 ways; more are
//! taken for unknown. Nothing recurses deeper than one `when` entry has questions.

mod case;
mod change;
mod class;
mod compare;
mod domain;
mod formula;
mod language;
mod lexicon;
mod limit;
mod order;
mod pairs;
mod pipeline;
mod proof;
mod solver;
mod theory;
mod word;

#[cfg(test)]
mod tests;

pub use case::{Answer, Case, Setting};
pub use change::Change;
pub use class::{Class, Classes};
pub use compare::{Comparison, Difference, Differing, Shift, Target, compare};
pub use formula::{Formula, Formulas};
pub use lexicon::Lexicon;
pub use limit::{Budget, SIMPLER, TooLarge};
pub use pipeline::{Conditions, EntryProof, Pipeline, StepProof, WorkflowProof};
pub use proof::{Proof, Prover, Status, Witness, events};
