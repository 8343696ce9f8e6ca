//! What is the same for every change: for the commands that decide over all of them.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use super::args::{Common, EveryArgs};
use super::case::{Case, of_git, repository_name};
use super::failure::Failure;
use super::settings;
use crate::admission;
use crate::change::{Event, Metadata};
use crate::config::Config;
use crate::git::{Repository, Snapshot};
use crate::policy::Policy;
use crate::prove::{Proof, Prover, Setting};
use crate::server::Version;
use crate::source::Sources;

/// The repository, and what is known of its server.
pub(super) struct Every {
    pub repository: Repository,
    pub config: Config,
    pub server: Version,
    metadata: Metadata,
    given: BTreeMap<String, String>,
    policy: admission::Policy,
    tracked: Vec<String>,
}

impl Every {
    pub(super) fn read(args: &EveryArgs, common: &Common) -> Result<Self, Failure> {
        let config = settings::load(common)?;
        let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
        let server = args.version.or(config.woodpecker);
        let mut metadata = Metadata::default();
        "woodpecker".clone_into(&mut metadata.system.name);
        metadata.repo.default_branch = repository.default_branch().unwrap_or_default();
        if let Some((owner, name)) = repository_name(args.known.repo.as_ref(), &repository)? {
            (metadata.repo.owner, metadata.repo.name) = (owner, name);
        }
        metadata.system.host = args.known.instance.clone().or(config.server.host.clone()).unwrap_or_default();
        metadata.system.platform = args.known.platform.clone().or(config.server.platform.clone()).unwrap_or_default();
        let tracked = repository.tracked_files().map_err(of_git)?;
        let mut tracked: Vec<String> =
            tracked.iter().filter_map(|path| String::from_utf8(path.to_vec()).ok()).collect();
        // Where any file will do, people know the visible ones.
        tracked.sort_by_cached_key(|path| (path.starts_with('.'), path.to_lowercase()));
        let given = args.known.env.iter().cloned().collect();
        let policy = config.server.policy();
        Ok(Self { repository, config, server, metadata, given, policy, tracked })
    }

    /// Takes what `case` knows of server and repository.
    pub(super) fn learn(&mut self, case: &Case) {
        let Metadata { repo, system, forge, .. } = case.context.metadata().clone();
        self.metadata = Metadata { repo, system, forge, ..Metadata::default() };
        self.policy = case.policy.clone();
    }

    /// Decides `policies` over every change that the workflows `files` could meet, and says what was taken for granted: whole phrases, safe to
    /// print.
    pub(super) fn prove<'p>(
        &self,
        files: &Sources,
        policies: impl Iterator<Item = &'p Policy>,
    ) -> (Vec<Proof<'p>>, Vec<String>) {
        let mut prover = Prover::new(files, self.setting());
        let proofs: Vec<_> = policies.map(|policy| prover.prove(policy)).collect();
        let doubts = prover.doubts().into_iter();
        let mut notes: Vec<_> =
            doubts.map(|doubt| format!("it is taken that the server lets this pass: {doubt}")).collect();
        let promises_a_run = |policy: &Policy| !policy.always.is_empty() || !policy.workflows.always.is_empty();
        if proofs.iter().any(|proof| promises_a_run(proof.policy)) {
            notes.push("messages with `[skip ci]` are left out: with one nothing runs".to_owned());
        }
        (proofs, notes)
    }

    pub(super) fn setting(&self) -> Setting<'_> {
        Setting {
            server: self.server,
            metadata: &self.metadata,
            given: &self.given,
            variables: &self.config.server.environment,
            policy: &self.policy,
            tracked: &self.tracked,
        }
    }

    /// Whose workflows decide: those of a revision, or the working tree's.
    pub(super) fn gates(&self, asked: &OsStr) -> Result<Snapshot, Failure> {
        match asked.as_encoded_bytes() {
            revision if revision != b"worktree" => Ok(Snapshot::Revision(revision.into())),
            _ if self.repository.workdir().is_none() => Err(Failure::new("a bare repository has no working tree")
                .help("say whose workflows: `prove --gates REV`, `diff BASE HEAD`")),
            _ => Ok(Snapshot::Worktree),
        }
    }
}

/// The events that are named; an unknown one is a failure.
pub(super) fn events(names: &[String]) -> Result<Vec<Event>, Failure> {
    let event = |name: &String| Event::known(name).map_err(|error| Failure::new(error.to_string()).help(error.help()));
    names.iter().map(event).collect()
}
