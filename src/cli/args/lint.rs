use std::path::PathBuf;

use clap::ValueEnum;

use super::{BaselineArgs, FindingsFormat, Format, VersionArgs};
use crate::diag::Safety;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct LintArgs {
    /// Workflow files, and folders of them [default: those of the repository, in the working tree]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read one workflow file from standard input
    #[arg(long, conflicts_with = "paths")]
    pub stdin: bool,
    /// What to call the file on standard input
    #[arg(long, value_name = "FILE", requires = "stdin")]
    pub stdin_filename: Option<PathBuf>,
    /// Make the fixes that leave what runs as it is, or all of them
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "safe")]
    pub fix: Option<Fixes>,
    /// Show what --fix would change, as a patch, and change nothing; exit 1 if there is something
    #[arg(long, conflicts_with = "format")]
    pub diff: bool,
    #[command(flatten)]
    pub version: VersionArgs,
    #[command(flatten)]
    pub baseline: BaselineArgs,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: FindingsFormat,
}

/// Which fixes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Fixes {
    /// Those that leave what runs as it is
    Safe,
    /// Also those that may change it: look at them
    Unsafe,
}

impl From<Fixes> for Safety {
    fn from(fixes: Fixes) -> Self {
        match fixes {
            Fixes::Safe => Self::Safe,
            Fixes::Unsafe => Self::Unsafe,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RulesArgs {
    /// The rule [default: list all]
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = Format::parser(Format::PLAIN))]
    pub format: Format,
}
