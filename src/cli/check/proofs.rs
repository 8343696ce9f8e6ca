//! The policies, decided over every change that the workflows of the working tree could meet.

use std::collections::BTreeMap;

use crate::cli::args::Common;
use crate::cli::case::{of_git, workflows};
use crate::cli::failure::Failure;
use crate::cli::settings;
use crate::config::Config;
use crate::diag::Problem;
use crate::git::{Repository, Snapshot};
use crate::plan::Context;
use crate::prove::{Prover, Setting, Status};
use crate::report::ProofAnswer;
use crate::server::Version;
use crate::source::Sources;

/// What is known of each policy, and where one does not hold.
pub(super) struct Proved {
    pub answers: Vec<ProofAnswer>,
    pub problems: Vec<Problem>,
    pub files: Sources,
}

/// Decides the configured policies. `context` knows the server and the repository, if something does.
pub(super) fn prove(
    server: Version,
    context: Option<&Context>,
    common: &Common,
    config: &Config,
) -> Result<Proved, Failure> {
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    let files = workflows(&repository, &Snapshot::Worktree, config, &mut Vec::new())?;
    let tracked = repository.tracked_files().map_err(of_git)?;
    let tracked: Vec<String> = tracked.iter().filter_map(|path| String::from_utf8(path.to_vec()).ok()).collect();
    let (metadata, given) = (context.map(|context| context.metadata().clone()).unwrap_or_default(), BTreeMap::new());
    let policy = config.server.policy();
    let variables = &config.server.environment;
    let setting = Setting { server, metadata: &metadata, given: &given, variables, policy: &policy, tracked: &tracked };
    let mut prover = Prover::new(&files, setting);
    let (mut answers, mut problems) = (Vec::new(), Vec::new());
    for policy in &config.policies {
        let status = prover.prove(policy).status;
        if let Status::Refuted(witness) = &status {
            problems.push(policy.refuted(&witness.breaches, &witness.context, &witness.plan));
        }
        let because = match &status {
            Status::Unknown { because, .. } => Some(because.clone()),
            Status::Proved | Status::Refuted(_) => None,
        };
        answers.push(ProofAnswer { name: policy.name.clone(), status: status.name(), because });
    }
    Ok(Proved { answers, problems, files })
}

/// `3 proved, 1 refuted`.
pub(super) fn standing(answers: &[ProofAnswer]) -> String {
    let count = |status: &str| answers.iter().filter(|answer| answer.status == status).count();
    let counts = ["refuted", "unknown", "proved"].map(|status| (count(status), status)).into_iter();
    let there = counts.filter(|(count, _)| *count > 0).map(|(count, status)| format!("{count} {status}"));
    there.collect::<Vec<_>>().join(", ")
}
