//! `prove`: from what was typed to policies, and from those to proofs.

use std::ffi::OsStr;

use super::args::{Common, Format, ProveArgs};
use super::case::{of_git, repository_name, workflows};
use super::failure::Failure;
use super::{ExitStatus, Streams, input, settings};
use crate::change::{Event, Metadata};
use crate::config::Config;
use crate::git::{Repository, Snapshot};
use crate::policy::{Changes, Globs, On, Policy};
use crate::prove::{Proof, Prover, Setting, Status};
use crate::report::{self, Proofs};
use crate::text::escape;

/// What a policy of the command line is called.
const COMMAND_LINE: &str = "command line";

pub(super) fn run(args: &ProveArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let one_off = of_command_line(args)?;
    let policies: Vec<&Policy> = match &one_off {
        Some(policy) => vec![policy],
        None => named(&config, &args.policy)?,
    };
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    let mut notes = Vec::new();
    let files = workflows(&repository, &gates(&args.gates, &repository)?, &config, &mut notes)?;
    let server = args.woodpecker.or(config.woodpecker).unwrap_or_default();
    let mut metadata = Metadata::default();
    "woodpecker".clone_into(&mut metadata.system.name);
    metadata.repo.default_branch = repository.default_branch().unwrap_or_default();
    if let Some((owner, name)) = repository_name(args.repo.as_ref(), &repository)? {
        (metadata.repo.owner, metadata.repo.name) = (owner, name);
    }
    let config_server = &config.server;
    metadata.system.host = args.instance.clone().or(config_server.host.clone()).unwrap_or_default();
    metadata.system.platform = config_server.platform.clone().unwrap_or_default();
    let tracked = repository.tracked_files().map_err(of_git)?;
    let mut tracked: Vec<String> = tracked.iter().filter_map(|path| String::from_utf8(path.to_vec()).ok()).collect();
    tracked.sort_by_cached_key(|path| (path.starts_with('.'), path.to_lowercase()));
    let policy = config_server.policy();
    let setting = Setting {
        server,
        metadata: &metadata,
        given: &args.env.iter().cloned().collect(),
        variables: &config_server.environment,
        policy: &policy,
        tracked: &tracked,
    };
    let mut prover = Prover::new(&files, setting);
    let proofs: Vec<_> = policies.into_iter().map(|policy| prover.prove(policy)).collect();
    let doubts = prover.doubts();
    notes.extend(doubts.iter().map(|doubt| format!("it is taken that the server lets this pass: {doubt}")));
    if policies_promise_a_run(&proofs) {
        notes.push("messages with `[skip ci]` are left out: with one nothing runs".to_owned());
    }
    if common.quiet {
        notes.clear();
    }
    let proofs = Proofs { proofs: &proofs, files: &files, server, notes: &notes };
    match args.format {
        Format::Human => report::write_proofs(streams.out, &proofs, streams.style)?,
        Format::Json => report::write_proofs_json(streams.out, &proofs)?,
    }
    let all_proved = proofs.proofs.iter().all(|proof| matches!(proof.status, Status::Proved));
    Ok(if all_proved { ExitStatus::Clean } else { ExitStatus::Findings })
}

/// Whether a policy says that something has to run.
fn policies_promise_a_run(proofs: &[Proof<'_>]) -> bool {
    proofs.iter().any(|proof| !proof.policy.always.is_empty() || !proof.policy.workflows.always.is_empty())
}

/// Whose workflows decide: the working tree's, unless something else is asked for.
fn gates(asked: &OsStr, repository: &Repository) -> Result<Snapshot, Failure> {
    match asked.as_encoded_bytes() {
        revision if revision != b"worktree" => Ok(Snapshot::Revision(revision.into())),
        _ if repository.workdir().is_none() => {
            Err(Failure::new("a bare repository has no working tree").help("say whose workflows decide: `--gates REV`"))
        }
        _ => Ok(Snapshot::Worktree),
    }
}

/// The policies of the configuration, or those of them that are named.
fn named<'c>(config: &'c Config, names: &[String]) -> Result<Vec<&'c Policy>, Failure> {
    if config.policies.is_empty() {
        return Err(Failure::new("there is no policy to prove").help(
            "give the configuration `policies`, or say one: `--only 'docs/**' --never 'build-*' --event push --branch main`",
        ));
    }
    if names.is_empty() {
        return Ok(config.policies.iter().collect());
    }
    let find = |name: &String| {
        config.policies.iter().find(|policy| policy.name == *name).ok_or_else(|| {
            let names = config.policies.iter().map(|policy| policy.name.as_str());
            let failure = Failure::new(format!("no policy is named `{}`", escape(name)));
            match crate::text::nearest(name, names) {
                Some(near) => failure.help(format!("did you mean `{}`?", escape(near))),
                None => failure,
            }
        })
    };
    names.iter().map(find).collect()
}

/// The policy that the options spell, if they do.
fn of_command_line(args: &ProveArgs) -> Result<Option<Policy>, Failure> {
    if args.always.is_empty() && args.never.is_empty() {
        return Ok(None);
    }
    let globs = |option: &str, texts: &[String]| -> Result<Globs, Failure> {
        texts.iter().map(|text| input::glob(option, text).map(|_| text)).collect()
    };
    let event = |name: &String| Event::known(name).map_err(|error| Failure::new(error.to_string()).help(error.help()));
    Ok(Some(Policy {
        name: COMMAND_LINE.to_owned(),
        on: On {
            event: args.event.iter().map(event).collect::<Result<_, _>>()?,
            branch: globs("--branch", &args.branch)?,
        },
        changes: Changes { only: globs("--only", &args.only)?, any: globs("--any", &args.any)? },
        always: globs("--always", &args.always)?,
        never: globs("--never", &args.never)?,
        ..Policy::default()
    }))
}
