use super::change::{repository, variable};
use crate::server::Version;

/// What is the same for every change, of those commands that decide over all of them.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct EveryArgs {
    /// A variable that only the server knows (`CI_COMMIT_AUTHOR=jo`), for all changes; may repeat
    #[arg(long = "env", value_name = "NAME=VALUE", value_parser = variable, help_heading = "What git cannot know")]
    pub env: Vec<(String, String)>,
    /// The repository on the forge [default: from the remote]
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository, help_heading = "What git cannot know")]
    pub repo: Option<(String, String)>,
    /// The host of the Woodpecker server
    #[arg(long, value_name = "HOST", help_heading = "What git cannot know")]
    pub instance: Option<String>,

    /// The server's version [default: from the configuration, else 3.17]
    #[arg(long, value_name = "VERSION")]
    pub woodpecker: Option<Version>,
}
