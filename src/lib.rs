//! Predicts which steps of a Woodpecker CI pipeline run for a change, as the real server would decide, and says why.
//!
//! The README shows the program and a first use of the library; `docs/semantics.md` says what of the server is modelled. This page is
//! for those who read the code.
//!
//! # The map
//!
//! One room a line, from the front door down. A room imports from rooms below it only; a test holds the code to that.
//!
//! ```text
//! cli        arguments in, exit status out; the only room that reads environment variables, working folder and terminal
//! report     explanations and findings, written for people or as JSON
//! eval       the engine as a filter: JSON Lines in, JSON Lines out
//! audit      what the gates did over a history: commits replayed, counted, priced
//! fix        problems that know how to be mended -> mended files
//! config     .wp-gate.yaml: what a team says of its server
//! catalogue  every rule there is
//! fleet      fleet manifests: rosters, typed, and the rules about them
//! ci         what a CI system says of the change, from its environment variables
//! git        a repository and the name of a change -> ChangeSet and workflow files; the only room that knows git2
//! lint       what is wrong with workflow files whatever the change: the rules about them
//! rule       what all rules share: names, levels, pages, suppressions
//! prove      what holds for every change: policies decided, or refuted by an example
//! policy     promises about a pipeline, held against one change
//! closure    what a step's build reads: Dockerfiles, contexts, workspaces; plain files, no git
//! plan       workflow files and a change -> Plan: verdicts and the reasons of each
//! admission  what the server's linter refuses or warns of before it plans
//! schema     the part of it that comes from the server's JSON schema
//! workflow   YAML document -> Workflow: typed, every value with its place
//! forge      what each forge tells the server of a change: one table
//! change     events, changed files, the server's metadata and CI_* variables: plain data, no git
//! expr       the expressions of `evaluate`
//! glob       the patterns of `when`
//! subst      ${…} in the raw text, before YAML is read
//! edit       which bytes to change so that one value of a YAML text changes, and nothing else does
//! yaml       text -> Document of nodes that know their bytes; the only room that knows YAML's syntax
//! diag       Problem: what is wrong with the user's files, where, and what to do
//! server     server versions, and the one table of what differs between them
//! env        names and values, where some values are only the server's to know
//! calendar   days and dates
//! text       escapes for terminals, strings as the server has them, did-you-mean
//! source     texts, spans, lines, and the way back from a substituted text
//! ```
//!
//! # The flow
//!
//! ```text
//! git -> ChangeSet --------------------> plan::Context --+
//!     -> workflow files -> Sources                       +--> plan -> Plan --> policy, audit --+
//!          raw text -> subst -> yaml -> workflow --------+--> prove -> Proof, Comparison ------+--> report
//!                      (offsets lead back to the bytes   +--> lint -> Problems --> fix --------+
//!                       as they were written)
//! ```
//!
//! `plan` never sees git, `git` never sees YAML, and nothing but `cli` prints. A reason carries the bytes that decided, from the
//! place where the verdict is made: nothing is computed a second time to explain it. What is wrong with the user's files is a
//! [`diag::Problem`], collected and never an `Err`; an `Error` of a room says that the job could not be done.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

pub mod admission;
pub mod audit;
pub mod calendar;
pub mod catalogue;
pub mod change;
pub mod ci;
#[cfg(feature = "cli")]
pub mod cli;
pub mod closure;
pub mod config;
pub mod diag;
pub mod edit;
pub mod env;
pub mod eval;
pub mod expr;
pub mod fix;
pub mod fleet;
pub mod forge;
pub mod git;
pub mod glob;
pub mod lint;
pub mod plan;
pub mod policy;
pub mod prove;
pub mod report;
pub mod rule;
pub mod schema;
pub mod server;
pub mod source;
pub mod subst;
pub mod text;
pub mod workflow;
pub mod yaml;
