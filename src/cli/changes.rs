//! `changes`: the changed files as the forge reports them, and what it hides.

use super::args::{ChangesArgs, Common, Format};
use super::case::{Predicted, of_git};
use super::failure::Failure;
use super::{ExitStatus, Streams, settings};
use crate::git::Repository;
use crate::report::{self, Changes};

pub(super) fn run(args: &ChangesArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    let subject = Predicted::read(&args.subject, &config, &repository, streams.input)?;
    let set = &subject.reported.set;
    let changes = Changes {
        set,
        event: &subject.event,
        branch: args.subject.branch.as_deref().or(set.branch.as_deref()),
        message: args.subject.message.as_deref().unwrap_or(&set.message),
        server: args.subject.server.version.or(config.woodpecker),
        pipeline: subject.reported.pipeline,
        notes: if common.quiet { &[] } else { &subject.notes },
    };
    match args.format {
        Format::Human => report::write_changes(streams.out, &changes, streams.style)?,
        Format::Json => report::write_changes_json(streams.out, &changes)?,
    }
    Ok(ExitStatus::Clean)
}
