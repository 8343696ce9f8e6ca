use std::path::PathBuf;

use super::{FindingsFormat, Format};
use crate::server::Version;

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
    /// The server's version [default: from the configuration, else 3.17]
    #[arg(long, value_name = "VERSION")]
    pub woodpecker: Option<Version>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: FindingsFormat,
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
