use std::ffi::OsString;
use std::path::PathBuf;

use super::{BaselineArgs, FindingsFormat};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct FleetArgs {
    /// Rosters, and folders of them: all `.yaml`, `.yml` and `.json` below [default: `fleet.rosters` of the configuration]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read the rosters as they are in this revision
    #[arg(long, value_name = "REV")]
    pub rev: Option<OsString>,
    /// The profile of all these rosters [default: each one's own]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// A folder of systemd units: does it start every agent at boot, and no other?
    #[arg(long, value_name = "DIR")]
    pub units: Option<PathBuf>,
    #[command(flatten)]
    pub baseline: BaselineArgs,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: FindingsFormat,
}
