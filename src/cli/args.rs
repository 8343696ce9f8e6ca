//! What was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::server::Version;

/// Predicts which steps of a Woodpecker CI pipeline run for a change, and says why.
#[derive(Debug, Parser)]
#[command(name = "wp-gate", version, long_version = LONG_VERSION, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub common: Common,
    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

const LONG_VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\nknows Woodpecker 2.8, 3.0 to 3.17, and next (August 2026)");

#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Run as if started in this folder
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// The configuration [default: `.wp-gate.yaml`, searched for upward]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Leave out notes
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Also into files and pipes
    Always,
    /// Not even on a terminal
    Never,
}

impl Color {
    /// What overrides the terminal's own answer.
    pub(super) fn wanted(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Always => Some(true),
            Self::Never => Some(false),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say what would run for a change, and why
    Explain(Box<ExplainArgs>),
    /// Check fleet manifests: one orchestrator, names that systemd takes, runtimes that are there
    Fleet(FleetArgs),
    /// Check workflow files: what the server's linter reports, and what only we can see
    Lint(LintArgs),
    /// List the rules, or print the page of one
    Rules(RulesArgs),
    /// Answer requests as the server's engine would: JSON Lines in, JSON Lines out
    Eval(EvalArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, of the whole or of one command
    Man {
        /// The command
        command: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// The change: a commit, `A..B` (a push), `A...B` (a pull request from B onto A), or `-` for paths on standard input
    #[arg(value_name = "REV", default_value = "HEAD", conflicts_with_all = ["worktree", "staged", "files", "metadata"])]
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
    /// The JSON that Woodpecker offers for download, as `woodpecker-cli exec --metadata-file` takes it
    #[arg(long, group = "change", value_name = "FILE")]
    pub metadata: Option<PathBuf>,

    /// The event [default: `push`; `pull_request` for A...B; `tag` for a tag; `cron` with --cron]
    #[arg(long, value_name = "EVENT", help_heading = "What git cannot know")]
    pub event: Option<String>,
    /// The branch; of a pull request, the target
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
    /// A variable that only the server knows (`CI_COMMIT_AUTHOR=jo`); may repeat
    #[arg(long = "env", value_name = "NAME=VALUE", value_parser = variable, help_heading = "What git cannot know")]
    pub env: Vec<(String, String)>,
    /// The repository on the forge [default: from the remote]
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository, help_heading = "What git cannot know")]
    pub repo: Option<(String, String)>,
    /// The host of the Woodpecker server
    #[arg(long, value_name = "HOST", help_heading = "What git cannot know")]
    pub instance: Option<String>,
    /// The platform that `when.platform` sees [default: none, as on a real server]
    #[arg(long, value_name = "OS/ARCH", help_heading = "What git cannot know")]
    pub platform: Option<String>,

    /// The server's version [default: from the configuration, else 3.17]
    #[arg(long, value_name = "VERSION")]
    pub woodpecker: Option<Version>,
    /// Whose workflows decide: a revision, or `worktree` [default: the change's own]
    #[arg(long, value_name = "REV|worktree")]
    pub gates: Option<OsString>,
    /// Show only steps of this name; globs work
    #[arg(long, value_name = "NAME")]
    pub step: Option<String>,
    /// Fail (exit 1) unless every step named by --step has this verdict
    #[arg(long, value_name = "VERDICT", requires = "step")]
    pub expect: Option<Expect>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct FleetArgs {
    /// Rosters, and folders of them: all `.yaml`, `.yml` and `.json` below [default: `fleet.rosters` of the configuration]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read the rosters as they are in this revision
    #[arg(long, value_name = "REV")]
    pub rev: Option<OsString>,
    /// The profile of all these rosters [default: each one's own]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// A folder of systemd units: does it start every agent at boot, and no other?
    #[arg(long, value_name = "DIR")]
    pub units: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct LintArgs {
    /// Workflow files, and folders of them [default: those of the repository, in the working tree]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read one workflow file from standard input
    #[arg(long, conflicts_with = "paths")]
    pub stdin: bool,
    /// What to call the file on standard input
    #[arg(long, value_name = "FILE", requires = "stdin")]
    pub stdin_filename: Option<PathBuf>,
    /// The server's version [default: from the configuration, else 3.17]
    #[arg(long, value_name = "VERSION")]
    pub woodpecker: Option<Version>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    /// The rule [default: list all]
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

/// What `--expect` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Expect {
    /// They run
    Run,
    /// They are skipped
    Skip,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

#[derive(Debug, clap::Args)]
pub(super) struct EvalArgs {
    /// The server's version
    #[arg(long, value_name = "VERSION", default_value_t)]
    pub woodpecker: Version,
    /// How many threads answer; 0: one a processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

fn repository(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('/') {
        Some((owner, name)) if !owner.is_empty() && !name.is_empty() => Ok((owner.to_owned(), name.to_owned())),
        _ => Err("expected OWNER/NAME".to_owned()),
    }
}
