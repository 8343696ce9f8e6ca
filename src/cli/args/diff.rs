use std::ffi::OsString;

use clap::ValueEnum;

use super::EveryArgs;
use crate::change::Forge;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DiffArgs {
    /// The gates before: a revision; or both, as `A..B`, or as `A...B`, a pull request from B onto A
    #[arg(value_name = "BASE")]
    pub base: OsString,
    /// The gates after: a revision [default: the working tree]
    #[arg(value_name = "HEAD")]
    pub head: Option<OsString>,
    /// BASE and HEAD are workflow files
    #[arg(long, requires = "head")]
    pub files: bool,
    /// Only for changes of this event; may repeat [default: any]
    #[arg(long, value_name = "EVENT")]
    pub event: Vec<String>,
    /// Plan the newest N commits with both, too, each as one push: how many would have come out otherwise
    #[arg(long, value_name = "N")]
    pub replay: Option<usize>,
    /// Whose lists of changed files these are replayed by [default: from the configuration, else guessed, else `git`]
    #[arg(long, value_name = "NAME", requires = "replay", value_parser = super::known::forges())]
    pub forge: Option<Forge>,
    /// Fail (exit 1) unless the gates are equivalent
    #[arg(long)]
    pub exit_code: bool,

    #[command(flatten)]
    pub every: EveryArgs,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: DiffFormat,
}

/// The form of an answer that is read in a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DiffFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// A comment on a review
    Markdown,
}
