//! What git cannot know, and is the same for every change.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::change::Forge;
use crate::server::Version;

/// What only the server and its forge know of a repository.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct KnownArgs {
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
}

/// Who tells of a change, and who is told.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct ServerArgs {
    /// Whose list of changed files the server gets [default: from the configuration, else guessed, else `git`]
    #[arg(long, value_name = "NAME", value_parser = forges())]
    pub forge: Option<Forge>,
    #[command(flatten)]
    pub version: VersionArgs,
}

/// Which server it is.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(in crate::cli) struct VersionArgs {
    /// The server's version [default: from the configuration, else 3.17]
    #[arg(long, value_name = "VERSION")]
    pub woodpecker: Option<Version>,
}

impl VersionArgs {
    /// The version, which else is the one that is `configured`.
    pub(in crate::cli) fn or(self, configured: Option<Version>) -> Version {
        self.woodpecker.or(configured).unwrap_or_default()
    }
}

/// Takes the name of a forge.
pub(super) fn forges() -> impl TypedValueParser<Value = Forge> {
    PossibleValuesParser::new(Forge::ALL.map(Forge::name)).map(forge)
}

#[expect(clippy::needless_pass_by_value, reason = "clap hands it over")]
fn forge(name: String) -> Forge {
    name.parse().expect("internal: clap takes the names of forges only")
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
