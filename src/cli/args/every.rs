use super::{KnownArgs, VersionArgs};

/// What is the same for every change, of those commands that decide over all of them.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct EveryArgs {
    #[command(flatten)]
    pub known: KnownArgs,
    #[command(flatten)]
    pub version: VersionArgs,
}
