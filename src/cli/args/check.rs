use std::path::PathBuf;

use super::{ChangeArgs, FindingsFormat};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CheckArgs {
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Look at the change that is named here (HEAD), whatever the variables of a CI system say
    #[arg(long)]
    pub no_ci: bool,
    /// Hold policies against the change at hand only, not against every change
    #[arg(long)]
    pub no_proofs: bool,
    /// Let policies pass that could not be decided for every change; without it, what cannot be shown fails
    #[arg(long, conflicts_with = "no_proofs")]
    pub allow_undecided: bool,
    /// Append a summary in Markdown to this file [default: the file in `GITHUB_STEP_SUMMARY`, in Actions]
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// The form of the answer [default: for people, and in Actions with annotations]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<FindingsFormat>,
}
