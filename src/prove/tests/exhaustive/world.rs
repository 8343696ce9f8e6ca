//! Pipelines over few kinds of files, and what the planner and the proof say of all their changes.

use crate::change::{ChangedFiles, Event, Forge};
use crate::plan::{self, Context, Plan, Terms};
use crate::policy::{Outcome, Policy};
use crate::prove::tests::{Bench, laws};
use crate::prove::{Prover, Setting, Status};

/// All changes of some events by files of which each stands for a kind.
pub(super) struct World {
    pub contexts: Vec<Context>,
}

impl World {
    /// All sets of `files` on `events`, of a server.
    pub(super) fn new(files: &[&str], events: &[Event], server: &str) -> Self {
        let bench = Bench::new(&[]);
        let setting = bench.setting(server);
        let mut contexts = Vec::new();
        for event in events {
            let most = if event.has_changed_files(setting.server) { files.len() } else { 0 };
            for set in 0_u32..1 << most {
                let changed: ChangedFiles =
                    files.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, file)| *file).collect();
                let metadata = laws::metadata(&bench.metadata, event, "main", "", "");
                contexts.push(Context::predicted(metadata, changed, Forge::Git, bench.empty.clone()));
            }
        }
        Self { contexts }
    }

    /// What the planner makes of each change.
    pub(super) fn plans(&self, bench: &Bench, server: &str) -> Vec<Plan> {
        let Setting { server, variables, policy, .. } = bench.setting(server);
        let read = plan::Pipeline::read(&bench.files, Terms { server, variables, policy, findings: false });
        self.contexts.iter().map(|context| read.plan(context).obey_skip_ci()).collect()
    }
}

/// How many proofs came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub proved: usize,
    pub refuted: usize,
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, it| Self { proved: sum.proved + it.proved, refuted: sum.refuted + it.refuted })
    }
}

/// Whether the proof of each of `policies` says what trying all changes of `world` says: proved, or refuted by a change that is as small
/// as any that does, and that the planner agrees on.
pub(super) fn agree(bench: &Bench, policies: &[Policy], world: &World, server: &str) -> Result<Tally, String> {
    let setting = bench.setting(server);
    let plans = world.plans(bench, server);
    let mut prover = Prover::new(&bench.files, setting);
    let mut tally = Tally::default();
    for policy in policies {
        let tried = world.contexts.iter().zip(&plans).filter_map(|(context, plan)| {
            let breaks = matches!(policy.check(context, plan, setting.server), Outcome::Broken(_));
            breaks.then(|| context.files().len())
        });
        let fewest = tried.min();
        let status = prover.prove(policy).status;
        let agrees = match (&status, fewest) {
            (Status::Proved, None) => {
                tally.proved += 1;
                true
            }
            (Status::Refuted(witness), Some(fewest)) => {
                tally.refuted += 1;
                let terms = Terms {
                    server: setting.server,
                    variables: setting.variables,
                    policy: setting.policy,
                    findings: false,
                };
                let plan = plan::Pipeline::read(&bench.files, terms).plan(&witness.context).obey_skip_ci();
                let outcome = policy.check(&witness.context, &plan, setting.server);
                // A change of one file is as good as one of none.
                matches!(outcome, Outcome::Broken(_)) && witness.change.files.len() <= fewest.max(1)
            }
            _ => false,
        };
        if !agrees {
            let texts: String = bench.files.iter().map(|(_, file)| file.text()).collect();
            return Err(format!("server {server}\n{texts}\n{policy:?}\nproof: {status:?}\ntried: {fewest:?}"));
        }
    }
    Ok(tally)
}

/// What came of many, and that there are of both.
pub(super) fn assert_agree(what: &str, results: Vec<Result<Tally, String>>) {
    let count = results.len();
    let failures: Vec<String> = results.iter().filter_map(|result| result.as_ref().err()).cloned().collect();
    super::assert_none(&failures, count);
    let tally: Tally = results.into_iter().flatten().sum();
    super::tell(&format!("{what}: {count} pipelines, {tally:?}"));
    assert!(tally.proved > 0 && tally.refuted > 0, "{tally:?}");
}

/// A policy.
pub(super) fn policy(text: &str) -> Policy {
    yaml_serde::from_str(text).expect("a policy")
}
