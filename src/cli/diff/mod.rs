//! `diff`: from two revisions to their workflows, and from those to what differs.

mod replay;

use std::path::Path;

use bstr::{BString, ByteSlice as _};

use super::args::{Common, DiffArgs, DiffFormat};
use super::case::{guessed, of_git, workflows};
use super::every::{Every, events};
use super::failure::Failure;
use super::{ExitStatus, Streams, input};
use crate::git::{Revision, Snapshot};
use crate::prove::{self, compare};
use crate::report::{self, Differences};
use crate::source::{Source, Sources};
use crate::text::{escape, to_server_string};

pub(super) fn run(args: &DiffArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let every = Every::read(&args.every, common)?;
    let mut notes = Vec::new();
    let [before, after] = sides(args, common, &every, &mut notes)?;
    let asked = events(&args.event)?;
    let known = prove::events(every.server).filter(|event| asked.is_empty() || asked.contains(event));
    let events: Vec<_> = known.collect();
    let comparison = compare(&before.files, &after.files, every.setting(), &events);
    let replay = match args.replay {
        Some(count) => {
            let tip = after.revision.clone().unwrap_or_else(|| "HEAD".into());
            let (forge, guess) = guessed(args.forge, &every.config, &every.repository)?;
            notes.extend(guess);
            Some(replay::replay((count, tip), forge, [&before.files, &after.files], &every, common)?)
        }
        None => None,
    };
    if common.quiet {
        notes.clear();
    }
    let differences = Differences {
        before: &before.name,
        after: &after.name,
        comparison: &comparison,
        server: every.server,
        notes: &notes,
        replay: replay.as_ref(),
    };
    match args.format {
        DiffFormat::Human => report::write_differences(streams.out, &differences, streams.style)?,
        DiffFormat::Json => report::write_differences_json(streams.out, &differences)?,
        DiffFormat::Markdown => report::write_differences_markdown(streams.out, &differences)?,
    }
    let equivalent = comparison.differences.is_empty() && comparison.undecided.is_empty();
    Ok(if args.exit_code && !equivalent { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// Workflow files, and what they are called.
struct Side {
    name: String,
    files: Sources,
    /// The revision, if it is one.
    revision: Option<BString>,
}

fn sides(args: &DiffArgs, common: &Common, every: &Every, notes: &mut Vec<String>) -> Result<[Side; 2], Failure> {
    if let (true, Some(head)) = (args.files, &args.head) {
        let side = |file: &std::ffi::OsStr| -> Result<Side, Failure> {
            let path = Path::new(file);
            let mut files = Sources::new();
            // Under one name: what a workflow is called must not differ.
            files.add(Source::new(".woodpecker/workflow.yaml", input::text_file(&common.directory.join(path))?));
            Ok(Side { name: to_server_string(file.as_encoded_bytes()), files, revision: None })
        };
        return Ok([side(&args.base)?, side(head)?]);
    }
    let revision = Revision::parse(args.base.as_encoded_bytes()).map_err(of_git)?;
    let (before, after) = match (revision, &args.head) {
        (Revision::Commit(base), None) => (base, None),
        (Revision::Commit(base), Some(head)) if head == "worktree" => (base, None),
        (Revision::Commit(base), Some(head)) => (base, Some(head.as_encoded_bytes().into())),
        (_, Some(head)) => {
            let (base, head) = (escape(args.base.as_encoded_bytes()).to_string(), escape(head.as_encoded_bytes()));
            return Err(Failure::new(format!("`{base}` names both sides already, so `{head}` is one too many")));
        }
        (Revision::Push { old, new }, None) => (old, Some(new)),
        (Revision::PullRequest { base, head }, None) => {
            let base = every.repository.parted_at(base.as_bstr(), head.as_bstr()).map_err(of_git)?;
            (base.into(), Some(head))
        }
    };
    let after = match after {
        Some(revision) => Snapshot::Revision(revision),
        None => every.gates("worktree".as_ref())?,
    };
    let mut side = |snapshot: Snapshot| -> Result<Side, Failure> {
        let name = match &snapshot {
            Snapshot::Revision(revision) => to_server_string(revision),
            Snapshot::Index => "the index".to_owned(),
            Snapshot::Worktree => "the working tree".to_owned(),
        };
        let mut own = Vec::new();
        let files = workflows(&every.repository, &snapshot, &every.config, &mut own)?;
        notes.extend(own.into_iter().map(|note| format!("{}: {note}", escape(&name))));
        let revision = if let Snapshot::Revision(revision) = snapshot { Some(revision) } else { None };
        Ok(Side { name, files, revision })
    };
    Ok([side(Snapshot::Revision(before))?, side(after)?])
}
