use super::KnownArgs;
use crate::server::Version;

/// What is the same for every change, of those commands that decide over all of them.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct EveryArgs {
    #[command(flatten)]
    pub known: KnownArgs,
    /// The server's version [default: from the configuration, else 3.17]
    #[arg(long, value_name = "VERSION")]
    pub woodpecker: Option<Version>,
}
