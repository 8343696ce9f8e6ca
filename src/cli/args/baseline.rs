use std::path::PathBuf;

/// Findings that are known.
#[derive(Debug, Default, clap::Args)]
pub(in crate::cli) struct BaselineArgs {
    /// Leave out the findings that this file knows [default: `lint.baseline` of the configuration]
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub baseline: Option<PathBuf>,
    /// Record what is found now in this file, so that from now on only what is new is shown
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
}
