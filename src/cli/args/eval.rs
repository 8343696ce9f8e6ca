use crate::server::Version;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct EvalArgs {
    /// The server's version
    #[arg(long, value_name = "VERSION", default_value_t)]
    pub woodpecker: Version,
    /// How many threads answer; 0: one a processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}
