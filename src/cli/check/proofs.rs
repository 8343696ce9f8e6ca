//! The policies, decided over every change that the workflows of the working tree could meet.

use crate::change::{Origin, Variable};
use crate::cli::args::{ChangeArgs, Common, EveryArgs, VersionArgs};
use crate::cli::case::{Case, workflows};
use crate::cli::every::Every;
use crate::cli::failure::Failure;
use crate::config::Config;
use crate::diag::Problem;
use crate::git::Snapshot;
use crate::prove::Proof;
use crate::report::Proofs;
use crate::server::Version;
use crate::source::Sources;

/// What is known of each policy, and where one does not hold.
pub(super) struct Proved<'c> {
    proofs: Vec<Proof<'c>>,
    server: Version,
    pub files: Sources,
}

/// Decides the policies of `config`. `case` knows the server and the repository, if something does.
pub(super) fn prove<'c>(
    server: Version,
    args: &ChangeArgs,
    case: Option<&Case>,
    config: &'c Config,
    common: &Common,
) -> Result<Proved<'c>, Failure> {
    // What is said of the change at hand is not so for every change.
    let is_lasting = |name: &str| Variable::find(name).is_none_or(|variable| variable.origin == Origin::Settings);
    let mut known = args.known.clone();
    known.env.retain(|(name, _)| is_lasting(name));
    let args = EveryArgs { known, version: VersionArgs { woodpecker: Some(server) } };
    let mut every = Every::read(&args, common)?;
    if let Some(case) = case {
        every.learn(case);
    }
    // What is noted of files and server here, the parts about workflows and the change say, too.
    let files = workflows(&every.repository, &Snapshot::Worktree, config, &mut Vec::new())?;
    let (proofs, _) = every.prove(&files, config.policies.iter());
    Ok(Proved { proofs, server, files })
}

impl Proved<'_> {
    /// The same, for whoever writes it.
    pub(super) fn proofs(&self) -> Proofs<'_> {
        Proofs { proofs: &self.proofs, files: &self.files, server: self.server, notes: &[] }
    }

    /// What is wrong by the proofs. `allowed`: what was not decided is not.
    pub(super) fn problems(&self, allowed: bool) -> Vec<Problem> {
        let problem = |proof: &Proof<'_>| {
            let problem = proof.problem(allowed)?;
            let can_be_allowed = !allowed && proof.passes(true);
            Some(if can_be_allowed { problem.help("`--allow-undecided` lets it pass") } else { problem })
        };
        self.proofs.iter().filter_map(problem).collect()
    }
}
