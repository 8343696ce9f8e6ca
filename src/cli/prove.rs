//! `prove`: from what was typed to policies, and from those to proofs.

use super::args::{Common, Format, ProveArgs};
use super::case::workflows;
use super::every::{Every, events};
use super::failure::Failure;
use super::{ExitStatus, Streams, input};
use crate::config::Config;
use crate::policy::{Changes, Globs, On, Policy};
use crate::report::{self, Proofs};
use crate::text::escape;

/// What a policy of the command line is called.
const COMMAND_LINE: &str = "command line";

pub(super) fn run(args: &ProveArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let every = Every::read(&args.every, common)?;
    let one_off = of_command_line(args)?;
    let policies: Vec<&Policy> = match &one_off {
        Some(policy) => vec![policy],
        None => named(&every.config, &args.policy)?,
    };
    let mut notes = Vec::new();
    let files = workflows(&every.repository, &every.gates(&args.gates)?, &every.config, &mut notes)?;
    let (proofs, taken) = every.prove(&files, policies.into_iter());
    notes.extend(taken);
    if common.quiet {
        notes.clear();
    }
    let proofs = Proofs { proofs: &proofs, files: &files, server: every.server, notes: &notes };
    match args.format {
        Format::Human => report::write_proofs(streams.out, &proofs, streams.style)?,
        Format::Json => report::write_proofs_json(streams.out, &proofs)?,
    }
    let passed = proofs.proofs.iter().all(|proof| proof.passes(args.allow_undecided));
    Ok(if passed { ExitStatus::Clean } else { ExitStatus::Findings })
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
    Ok(Some(Policy {
        name: COMMAND_LINE.to_owned(),
        on: On { event: events(&args.event)?, branch: globs("--branch", &args.branch)? },
        changes: Changes { only: globs("--only", &args.only)?, any: globs("--any", &args.any)? },
        always: globs("--always", &args.always)?,
        never: globs("--never", &args.never)?,
        ..Policy::default()
    }))
}
