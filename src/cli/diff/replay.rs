//! What has landed last, planned with both gates.

use std::collections::BTreeMap;

use bstr::BString;

use crate::change::{Event, Forge};
use crate::cli::args::Common;
use crate::cli::case::of_git;
use crate::cli::every::Every;
use crate::cli::failure::Failure;
use crate::cli::settings;
use crate::git::{Asked, Repository, Stretch};
use crate::plan::{Context, Plan, Request, Verdict, plan};
use crate::report::{Replay, ReplayedCommit, UnseenCommit};
use crate::source::Sources;

/// Plans the newest `count` commits of `tip`, each as a push to the branch that it names or the default one, by the list of changed files
/// that `forge` makes of it, with the workflows of `sides`.
pub(super) fn replay(
    (count, tip): (usize, BString),
    forge: Forge,
    sides: [&Sources; 2],
    every: &Every,
    common: &Common,
) -> Result<Replay, Failure> {
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    let walker = Repository::open(&settings::location(common)).map_err(of_git)?;
    let (named, _) = repository.branch_and_id(tip.as_ref()).map_err(of_git)?;
    let branch = named.or_else(|| repository.default_branch()).unwrap_or_default();
    let setting = every.setting();
    let asked = Asked {
        forge,
        limits: every.config.forge_limits,
        server: every.server,
        event: Some(Event::Push),
        branch: Some(branch.clone()).filter(|branch| !branch.is_empty()),
        ..Asked::default()
    };
    let mut replay = Replay { forge: forge.name(), ..Replay::default() };
    for landed in walker.history(&Stretch { tip, max: Some(count), ..Stretch::default() }).map_err(of_git)? {
        let landed = landed.map_err(of_git)?;
        let change = match repository.as_push(&landed, &asked) {
            Ok(change) => change,
            Err(error) if error.is_cut_off() => {
                replay.unseen.push(UnseenCommit { id: landed.hex(), why: error.to_string() });
                continue;
            }
            Err(error) => return Err(of_git(error)),
        };
        let mut metadata = setting.metadata.clone();
        metadata.current.event = Event::Push;
        metadata.current.commit.sha = landed.hex();
        metadata.current.commit.git_ref = format!("refs/heads/{branch}");
        metadata.current.commit.branch.clone_from(&branch);
        metadata.current.commit.message.clone_from(&landed.message);
        let context = Context::predicted(metadata, change.files, forge, setting.given.clone());
        let plans = sides.map(|files| {
            let (server, variables, policy) = (setting.server, setting.variables, setting.policy);
            let request = Request { server, context: &context, variables, policy, findings: false };
            let plan = plan(files, &request).obey_skip_ci();
            if change.pipeline { plan } else { plan.without_pipeline() }
        });
        replay.commits += 1;
        let [lost, gained] = only_one(&plans);
        if !lost.is_empty() || !gained.is_empty() {
            let subject = landed.message.lines().next().unwrap_or_default().to_owned();
            replay.differing.push(ReplayedCommit { id: landed.hex(), subject, lost, gained });
        }
    }
    Ok(replay)
}

/// The steps, as `workflow/step`, that run with the first plan only, and with the second only.
fn only_one(plans: &[Plan; 2]) -> [Vec<String>; 2] {
    let mut runs: BTreeMap<(&str, String, &str), [usize; 2]> = BTreeMap::new();
    for (side, plan) in plans.iter().enumerate() {
        for workflow in &plan.workflows {
            let axis: Vec<String> = workflow.axis.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let axis = if axis.is_empty() { String::new() } else { format!("[{}]", axis.join(",")) };
            for step in workflow.steps.iter().filter(|step| step.verdict == Verdict::Run) {
                runs.entry((&workflow.name, axis.clone(), &step.name)).or_default()[side] += 1;
            }
        }
    }
    let more = |one: usize| {
        let with_more = runs.iter().filter(move |(_, counts)| counts[one] > counts[1 - one]);
        with_more.map(|((workflow, axis, step), _)| format!("{workflow}{axis}/{step}")).collect()
    };
    [more(0), more(1)]
}
