use clap::ValueEnum;

use super::ChangeArgs;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct GraphArgs {
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Draw only workflows of this name; globs work
    #[arg(long, value_name = "NAME")]
    pub workflow: Option<String>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Picture,
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Picture {
    /// For people, in a terminal
    #[value(alias = "human")]
    Text,
    /// For forges and pages that draw Mermaid
    Mermaid,
    /// For Graphviz
    Dot,
    /// A file of its own, light or dark as the reader has it
    Svg,
    /// For programs
    Json,
}
