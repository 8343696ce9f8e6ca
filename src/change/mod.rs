//! What a pipeline runs for, as plain data with no git in it.
//!
//! - `changeset`, `files`: [`ChangeSet`] and [`ChangedFiles`], what changed, and whose list it is
//! - `event`: [`Event`], and what the server versions make of it
//! - `metadata`: [`Metadata`], the server's own JSON about a pipeline
//! - `variable`: the `CI_*` variables, one row each: since when, until when, from which field
//! - `environment`: [`Environment`], the variables as a workflow reads them: `CI_*`, matrix axis, the server's own
//! - `skip_ci`: [`asks_to_skip_ci`], whether a message asks for no pipeline
//! - `go`: numbers, paths and JSON as the server's language prints them
//!
//! # Where the behaviour comes from
//!
//! Woodpecker's `pipeline/frontend/metadata/{types,const,environment}.go`, at every release from 2.8 to 3.17 and on the main branch of
//! 2026-08; the layers from `stepbuilder` (up to 3.13), `builder` (since) and `yaml/compiler/option.go`. The `DRONE_*` names
//! are not here: the agent sets them when a step runs, after everything was decided.

mod changeset;
mod environment;
mod event;
mod files;
mod go;
mod metadata;
mod skip_ci;
mod variable;

#[cfg(test)]
mod tests;

pub use changeset::{ChangeSet, Forge, Hidden, UnknownForge};
pub use environment::{Environment, Reader};
pub use event::{Event, UnknownEvent};
pub use files::ChangedFiles;
pub use metadata::{
    Author, Commit, ForgeInfo, Metadata, MetadataError, Pipeline, Release, Repo, Step, System, Trusted, Workflow,
};
pub use skip_ci::asks_to_skip_ci;
pub use variable::{Origin, VARIABLES, Variable};
