//! What the gates did over a history: each commit replayed as the change that it was, planned, and counted.
//!
//! ```text
//! git::History -> commits, newest first, in batches to the threads
//!   replay    a batch -> changes and the workflow files that decided about them, each file read once -> Plans
//!   recorder  a Plan -> a row of a Record
//!   record    the Record: rows and the tables they point into
//!   append    Records of consecutive batches -> one Record, the same however they were cut
//!   run       all of it, on several threads
//!   shard     a Record as a file; several files -> the Record of the whole
//!   tally     Record -> counts, costs, what differs
//! ```
//!
//! A replayed commit is what `explain` would be asked about it: as a push from its first parent to it, or (`Replay::PullRequests`) a
//! merge as the pull request from its second parent. `[skip ci]` is obeyed; a pipeline that the server refuses is one in error; where
//! no workflow file is, there is no pipeline.
//!
//! # Bounds
//!
//! Memory is that of the [`Record`]: per commit its id, author, date, subject ([`MAX_SUBJECT`] bytes at most), and references into tables
//! of what is shared: paths, verdicts, reasons. Of a commit's files, listed or not, at most [`MAX_FILES`] each are kept, for reports that search
//! them. Batches are not kept.

mod append;
mod record;
mod recorder;
mod replay;
mod run;
mod shard;
mod table;
mod tally;

pub use record::{
    At, Breach, Cause, Cell, Column, Commit, Failure, Ground, Held, Holding, MAX_FILES, MAX_SUBJECT, Path, Record,
    Shape, Step, Trouble, Unlisted, Via,
};
pub use run::{Error, Filter, Question, Replay, run};
pub use shard::{Head, MergeError, Shard, merge};
pub use table::Table;
pub use tally::{Difference, Lists, PolicyTally, StepTally, Tally, WhatIf};
