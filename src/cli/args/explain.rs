use clap::ValueEnum;

use super::{ChangeArgs, Format};

/// What the exit code says.
const AFTER: &str = "Policies of the configuration are held against the change, and what breaks them is told. The exit code is 1 only if the \
                     server refuses the pipeline or --expect does not hold: `wp-gate check` is what fails by a broken policy.";

#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(in crate::cli) struct ExplainArgs {
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Show only steps of this name; globs work
    #[arg(long, value_name = "NAME")]
    pub step: Option<String>,
    /// Fail (exit 1) unless every step named by --step has this verdict
    #[arg(long, value_name = "VERDICT", requires = "step")]
    pub expect: Option<Expect>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = Format::parser(Format::PLAIN))]
    pub format: Format,
}

/// What `--expect` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Expect {
    /// They run
    Run,
    /// They are skipped
    Skip,
}
