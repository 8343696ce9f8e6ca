use std::ffi::OsString;
use std::path::PathBuf;

use clap::ValueEnum;

use super::{KnownArgs, ServerArgs};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct AuditArgs {
    #[command(subcommand)]
    pub command: Option<AuditCommand>,
    #[command(flatten)]
    pub history: HistoryArgs,
}

#[derive(Debug, clap::Subcommand)]
pub(in crate::cli) enum AuditCommand {
    /// Put the shards of one audit together
    Merge(MergeArgs),
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct MergeArgs {
    /// What `audit --shard` wrote, of every shard
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Report,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct HistoryArgs {
    /// A commit, and what came before it along the first parents; `A..B`: not what A has [default: the default branch]
    #[arg(value_name = "RANGE")]
    pub range: Option<OsString>,
    /// Replay merges as the pull requests that they were, and nothing else
    #[arg(long)]
    pub prs: bool,
    /// Look at so many commits, the newest; 0: all [default: 1000, or all with `A..B` or --since]
    #[arg(long, value_name = "N")]
    pub max: Option<usize>,
    /// Stop at the first commit before this day or time, in UTC (2026-01-31, 2026-01-31T12:00:00Z)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub since: Option<i64>,
    /// Count only commits whose author (`Name <email>`) has this text in it, in any case
    #[arg(long, value_name = "TEXT")]
    pub author: Option<String>,
    /// Count only commits that change a file which this glob matches; may repeat
    #[arg(long = "path", value_name = "GLOB")]
    pub paths: Vec<String>,

    /// The event of each change [default: `push`; `pull_request` with --prs]
    #[arg(long, value_name = "EVENT", help_heading = "What git cannot know")]
    pub event: Option<String>,
    /// The branch; of pull requests, the target, but the source where the forge has it so [default: the one that RANGE names]
    #[arg(long, value_name = "NAME", help_heading = "What git cannot know")]
    pub branch: Option<String>,
    #[command(flatten)]
    pub known: KnownArgs,

    #[command(flatten)]
    pub server: ServerArgs,
    /// Ask what these workflows would have done, and compare: a revision, or `worktree`
    #[arg(long, value_name = "REV|worktree")]
    pub gates: Option<OsString>,
    /// How many threads replay; 0: one a processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Replay only one of several shares (`3/16`) and write it as a file for `audit merge`
    #[arg(long, value_name = "K/N", value_parser = share, conflicts_with = "format")]
    pub shard: Option<(u32, u32)>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Report,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Report {
    /// For people
    Human,
    /// For programs
    Json,
    /// A table, for summaries and comments
    Markdown,
    /// For spreadsheets: a line for each commit and step
    Csv,
    /// A page that loads nothing, to look at and to send around
    Html,
}

fn share(text: &str) -> Result<(u32, u32), String> {
    let pair = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match pair {
        Some((number, of)) if 0 < number && number <= of => Ok((number, of)),
        _ => Err("expected K/N, with K from 1 to N".to_owned()),
    }
}

/// A day or a time as seconds since 1970.
fn date(text: &str) -> Result<i64, String> {
    let time = if text.len() == "2026-01-31".len() { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let time = humantime::parse_rfc3339_weak(&time).ok();
    let seconds = time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).map(|since| since.as_secs());
    let seconds = seconds.and_then(|seconds| i64::try_from(seconds).ok());
    seconds.ok_or_else(|| "expected a day or time such as 2026-01-31 or 2026-01-31T12:00:00Z".to_owned())
}
