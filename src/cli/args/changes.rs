use super::{Format, SubjectArgs};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ChangesArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = Format::parser(Format::PLAIN))]
    pub format: Format,
}
