//! The name of a change, and what git cannot know of it.

use std::ffi::OsString;
use std::path::PathBuf;

use super::{KnownArgs, ServerArgs};

/// A change, as the server gets to know it.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(in crate::cli) struct SubjectArgs {
    /// The change: a commit, `A..B` (a push), `A...B` (a pull request from B onto A), or `-` for paths on standard input
    #[arg(value_name = "REV", default_value = "HEAD", conflicts_with_all = ["worktree", "staged", "files"])]
    pub rev: OsString,
    /// What `git add --all && git commit` would commit now
    #[arg(long, group = "change")]
    pub worktree: bool,
    /// What `git commit` would commit now
    #[arg(long, group = "change")]
    pub staged: bool,
    /// Just these files; none: the empty change
    #[arg(long, group = "change", value_name = "FILE", num_args = 0..)]
    pub files: Option<Vec<OsString>>,

    /// The event [default: `push`; `pull_request` for A...B; `tag` for a tag; `cron` with --cron]
    #[arg(long, value_name = "EVENT", help_heading = "What git cannot know")]
    pub event: Option<String>,
    /// The branch; of a pull request, the target, but the source where the forge has it so
    #[arg(long, value_name = "NAME", help_heading = "What git cannot know")]
    pub branch: Option<String>,
    /// The tag
    #[arg(long, value_name = "NAME", help_heading = "What git cannot know", conflicts_with = "cron")]
    pub tag: Option<String>,
    /// The name of the cron job
    #[arg(long, value_name = "NAME", help_heading = "What git cannot know")]
    pub cron: Option<String>,
    /// The commit message; of a pull request, its title
    #[arg(long, value_name = "TEXT", help_heading = "What git cannot know")]
    pub message: Option<String>,
    /// The push makes a new branch
    #[arg(long, help_heading = "What git cannot know", conflicts_with_all = ["worktree", "staged", "files"])]
    pub new_branch: bool,
    /// The push is forced; seen anyway where A..B shows it
    #[arg(long, help_heading = "What git cannot know", conflicts_with_all = ["worktree", "staged", "files", "new_branch"])]
    pub forced: bool,

    #[command(flatten)]
    pub server: ServerArgs,
}

/// A change, and whose workflows decide about it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct ChangeArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The JSON that Woodpecker offers for download, as `woodpecker-cli exec --metadata-file` takes it
    #[arg(long, group = "change", value_name = "FILE", conflicts_with_all = ["rev", "forge", "new_branch", "forced"])]
    pub metadata: Option<PathBuf>,
    #[command(flatten)]
    pub known: KnownArgs,
    /// Whose workflows decide: a revision, or `worktree` [default: the change's own]
    #[arg(long, value_name = "REV|worktree")]
    pub gates: Option<OsString>,
}
