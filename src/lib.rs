//! Predicts which steps of a Woodpecker CI pipeline run for a change, and says why.

pub mod admission;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diag;
pub mod env;
pub mod eval;
pub mod expr;
pub mod git;
pub mod glob;
pub mod plan;
pub mod report;
pub mod schema;
pub mod server;
pub mod source;
pub mod subst;
pub mod text;
pub mod workflow;
pub mod yaml;
