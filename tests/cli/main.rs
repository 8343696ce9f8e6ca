//! The command line, in process: arguments and standard input in, bytes and an exit code out. Needs the `git` program, to make clones
//! and worktrees.
//!
//! | file | shows |
//! | --- | --- |
//! | `check` | the founding case before a merge: policies, CI systems, summaries |
//! | `founding` | which steps of the founding case run, commit by commit, as a table |
//! | `screens` | what `explain` prints, as snapshots |
//! | `sources` | where changes, workflows and the configuration come from, and what is said when they are not there |
//! | `audit` | a year of the founding case, replayed, counted and priced; hostile histories |
//! | `changes` | the forge's list: what `changes` prints, and what `explain` makes of it |
//! | `closure` | what images read, and whether a change of that rebuilds them |
//! | `graph` | the picture of the founding case, in each form |
//! | `diff` | how the gates of the founding case differ from those before |
//! | `hostile` | names that try to act on the terminal |
//! | `stream` | `eval` |
//! | `flaws` | what the server refuses, one flaw a file, as snapshots |
//! | `fleet` | fleet manifests: what is found in them, and where they come from |
//! | `lists` | `audit` by the lists of the forges |
//! | `lint` | what `lint` and `fleet` print in every form, baselines, editors |
//! | `pages` | help, version, manual pages and completions |
//! | `support` | a repository in a temporary folder, and a run |

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

mod audit;
mod changes;
mod check;
mod closure;
mod diff;
mod flaws;
mod fleet;
mod founding;
mod graph;
mod hostile;
mod lint;
mod lists;
mod pages;
mod policies;
mod prove;
mod screens;
mod sources;
mod stream;
mod support;
