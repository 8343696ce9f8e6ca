//! What each forge tells the server of a change: one table, with no git in it.
//!
//! `when.path` sees the list of changed files that the forge sends, or that the server asks it for. No two forges make it alike: they
//! leave out old commits of a long push, old names of renames, all files beyond the first few hundred. The git room makes the lists after
//! this table; the linter reads off it what can be lost.
//!
//! - `rule`: [`Rule`], one row: which files ([`List`]), how renames show ([`Renames`]), which message and branch, how sure we are
//! - `table`: [`RULES`], by forge, kind of push or pull request ([`Situation`]) and Woodpecker version
//! - `limits`: [`ForgeLimits`], what a forge's administrator can have changed
//! - `guess`: a host name, or a folder that a forge reads, -> which forge it is
//!
//! # Where the behaviour comes from
//!
//! Woodpecker's own half is its drivers, `server/forge/{gitea,forgejo,github,gitlab,bitbucket,bitbucketdatacenter}`, read at every release
//! from 2.8 to 3.17. The forges' half: Gitea from 1.21 on and Forgejo from 11 on (`services/repository/push.go`, `modules/git`,
//! `services/gitdiff`), GitLab (`lib/gitlab/data_builder/push.rb`, `lib/gitlab/diff/file_collection_sorter.rb`, Gitaly's
//! `CommitDelta`); the documentation of GitHub and Bitbucket, whose code is not public. `docs/forges.md` has the table for people; a test
//! holds it against this one. How sure each row is stands in it ([`Confidence`]).

mod guess;
mod limits;
mod rule;
mod table;

pub use guess::{MARKERS, of_host};
pub use limits::ForgeLimits;
pub use rule::{BranchIs, Commits, Confidence, IfNone, List, MessageIs, Order, Renames, Rule, Situation};
pub use table::{RULES, rule};
