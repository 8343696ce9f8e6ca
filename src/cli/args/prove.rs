use std::ffi::OsString;

use clap::ArgGroup;

use super::{EveryArgs, Format};

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("promise").args(["always", "never"]).multiple(true))]
pub(in crate::cli) struct ProveArgs {
    /// Prove only the policy of this name in the configuration; may repeat
    #[arg(long, value_name = "NAME", conflicts_with = "promise")]
    pub policy: Vec<String>,

    /// The step has to run; globs work; may repeat
    #[arg(long, value_name = "STEP", help_heading = "A policy of its own")]
    pub always: Vec<String>,
    /// The step must not run; globs work; may repeat
    #[arg(long, value_name = "STEP", help_heading = "A policy of its own")]
    pub never: Vec<String>,
    /// For changes all of whose files match; may repeat: one of the globs
    #[arg(long, value_name = "GLOB", help_heading = "A policy of its own", requires = "promise")]
    pub only: Vec<String>,
    /// For changes some file of which matches; may repeat: one of the globs
    #[arg(long, value_name = "GLOB", help_heading = "A policy of its own", requires = "promise")]
    pub any: Vec<String>,
    /// On this event; may repeat [default: any]
    #[arg(long, value_name = "EVENT", help_heading = "A policy of its own", requires = "promise")]
    pub event: Vec<String>,
    /// On this branch; globs work; may repeat [default: any]
    #[arg(long, value_name = "NAME", help_heading = "A policy of its own", requires = "promise")]
    pub branch: Vec<String>,

    /// Let policies pass that could not be decided; without it, what cannot be shown fails
    #[arg(long)]
    pub allow_undecided: bool,
    #[command(flatten)]
    pub every: EveryArgs,
    /// Whose workflows decide: a revision, or `worktree`
    #[arg(long, value_name = "REV|worktree", default_value = "worktree")]
    pub gates: OsString,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = Format::parser(Format::PLAIN))]
    pub format: Format,
}
