//! The only room that knows git2: from a repository and the name of a change to a [`ChangeSet`], and to the workflow files that
//! decide about it. It reads the object database, refs, index and working tree directly, needs no checkout, no network and no
//! `git` program, and writes nothing.
//!
//! ```text
//! Location -> repository.rs  Repository: open, branches, remotes (remote.rs)
//! text     -> revision.rs    Revision: REV, A..B, A...B -> commits (suggest.rs: near names)
//!             changes.rs     Change -> ChangeSet
//!               diff.rs        two trees -> paths (tree.rs: one tree; objects.rs: reads, and why an object is missing)
//!               worktree.rs    index and working tree -> paths
//!             forge/         Change -> Reported: the ChangeSet as a forge reports it, and what it leaves out
//!               walk.rs        the commits of a push, in git's order
//!               renames.rs     which deleted file is which added one
//!             history.rs     a branch -> its commits along the first parents (replay.rs: each as the change it was)
//!             files.rs       a commit and a choice of paths -> Files
//!             past.rs        globs -> when they last matched a file
//!             workflows.rs   Snapshot -> WorkflowFiles (snapshot.rs: commit, index and working tree read alike)
//!             tracked.rs     Tracked: the files of the index, as they lie in the working tree
//!             error.rs       Error
//! ```
//!
//! # Where the behaviour comes from
//!
//! [`Repository::change_set`] gives git's own list of files ([`Forge::Git`](crate::change::Forge::Git)): `git diff-tree -r --root
//! --no-renames --name-only` for commits, `git diff --cached --no-renames --name-only` for the index, and what `git add --all && git
//! commit` would commit for the working tree. [`Repository::reported`] gives a forge's list, after the table of [`crate::forge`]. The
//! tests make each list with the `git` program, too. Which files are workflows is what Woodpecker's config service does
//! (`server/services/config/forge.go`), see [`WorkflowFiles`].
//!
//! # Limits
//!
//! Hostile repositories are bounded: nesting of folders 2048, folders opened in one comparison 4 Mi, changed paths 512 MiB, commits in
//! one walk 4 Mi, content read to find renames 64 MiB, a file that is read 16 MiB ([`source::MAX_LEN`](crate::source::MAX_LEN)), all
//! workflows together 64 MiB and 4096 files.
//! Beyond, [`Error::TooLarge`]. A single commit or tree object is read whole, however large it is, as git does.
//!
//! Known gaps against the `git` program: replace refs (`git replace`) and external filters (git-lfs) are not applied, so that with
//! [`Change::Worktree`] a file behind such a filter counts as changed once its time stamp has changed; sha256 repositories, sparse and
//! split indexes are refused with a clear error.
//!
//! [`ChangeSet`]: crate::change::ChangeSet

mod changes;
mod diff;
mod error;
mod files;
mod forge;
mod history;
mod objects;
mod past;
mod remote;
mod renames;
mod replay;
mod repository;
mod revision;
mod snapshot;
mod suggest;
mod tracked;
mod tree;
mod walk;
mod workflows;
mod worktree;

#[cfg(test)]
mod script;
#[cfg(test)]
#[expect(clippy::panic, reason = "a test fails by it")]
mod tests;

pub use changes::Change;
pub use error::{Error, Missing};
pub use files::File;
pub use forge::{Asked, ByGit, Guess, Reported};
pub use history::{History, Landed, Stretch};
pub use objects::skip_hash_verification;
pub use past::PastCommits;
pub use remote::{Place, Remote};
pub use replay::{GatesId, Replayed, keeps_gates};
pub use repository::{Location, Repository};
pub use revision::Revision;
pub use snapshot::Snapshot;
pub use tracked::Tracked;
pub use workflows::{WorkflowFile, WorkflowFiles};
