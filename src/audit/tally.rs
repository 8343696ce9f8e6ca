//! Counts: of steps, of policies, of what differs; and what all of it costs.

use std::collections::HashMap;
use std::time::Duration;

use super::Record;
use super::record::{Cell, Column, Commit, Holding, Path, Shape};
use crate::config::Costs;
use crate::plan::{Outcome, Verdict};
use crate::policy::Promise;

/// What a [`Record`] comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pipelines in which something ran, or may have.
    pub ran: u64,
    /// Changes without a pipeline, as nothing was left to run.
    pub empty: u64,
    /// Changes whose message asked for no pipeline.
    pub skip_ci: u64,
    /// Changes that the server makes no pipeline of, by what the forge reports.
    pub unreported: u64,
    /// Changes without any workflow file.
    pub without_workflows: u64,
    /// Pipelines that the server refused.
    pub refused: u64,
    /// The workflows and steps, by their numbers.
    pub steps: Vec<StepTally>,
    /// The policies, in their order.
    pub policies: Vec<PolicyTally>,
    /// What differs from what each commit's own gates did, if that was asked.
    pub what_if: Option<WhatIf>,
    /// What the forge's list makes of it.
    pub lists: Lists,
}

/// What became of a workflow or step, over all commits that had it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepTally {
    /// How often it ran.
    pub runs: u64,
    /// How often it did not: skipped or dropped.
    pub skips: u64,
    /// How often that hung on the server.
    pub unknown: u64,
    /// How often the server refused the pipeline.
    pub errors: u64,
    /// What one run costs, if that is known.
    pub cost: Option<Duration>,
}

/// What became of a policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyTally {
    /// How many commits kept it.
    pub kept: u64,
    /// How many broke it.
    pub broken: u64,
    /// How many may have.
    pub unclear: u64,
    /// What the steps cost that ran although they never should.
    pub wasted: Duration,
}

/// Commits of which the forge does not list just what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// How many there are.
    pub unlike: u64,
    /// Where that matters: by commit, then as the steps stand. `own` is the verdict by all that changed.
    pub differences: Vec<Difference>,
}

impl Lists {
    /// The rows of the commits that come out otherwise.
    pub fn commits(&self) -> Vec<usize> {
        let mut commits: Vec<usize> = self.differences.iter().map(|difference| difference.commit).collect();
        commits.dedup();
        commits
    }
}

/// What other gates would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// What the commits' own gates spent.
    pub own: Duration,
    /// What the others would have spent.
    pub other: Duration,
    /// Where they part: by commit, then as the steps stand.
    pub differences: Vec<Difference>,
}

/// A step of a commit that runs with one set of gates, or one list of files, and not with the other, or of which one of them does not
/// know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The row of the commit.
    pub commit: usize,
    /// The number of the step.
    pub column: u32,
    /// By the commit's own gates, or by all that changed; `None`: there is no such step.
    pub own: Option<Verdict>,
    /// By the others, or by the forge's list.
    pub other: Option<Verdict>,
}

impl Difference {
    /// Of [`Lists::differences`]: the changed file that decides by all that changed, and that the forge leaves out.
    pub fn unlisted<'r>(&self, record: &'r Record) -> Option<&'r Path> {
        let commit = record.commits.get(self.commit)?;
        let (shape, mentions) = commit.by_git.as_ref()?;
        let cell = record.shapes[*shape].cells.iter().find(|cell| cell.column == self.column)?;
        let grounds = record.grounds[cell.ground].iter();
        let mut decided = grounds.filter_map(|ground| mentions.get(ground.mention? as usize));
        // Of a commit with very many files not all are known here.
        let whole = commit.files.len() == commit.changed as usize;
        decided.find(|path| whole && !commit.files.contains(path)).map(|&path| &record.paths[path])
    }
}

impl StepTally {
    /// How many commits had it.
    pub fn seen(&self) -> u64 {
        self.runs + self.skips + self.unknown + self.errors
    }

    /// The share of runs, from 0 to 1; `None` if no commit had it.
    #[expect(clippy::cast_precision_loss, reason = "no history has 2^52 commits")]
    pub fn share(&self) -> Option<f64> {
        (self.seen() > 0).then(|| self.runs as f64 / self.seen() as f64)
    }

    /// What its runs cost.
    pub fn spent(&self) -> Option<Duration> {
        Some(times(self.cost?, self.runs))
    }

    /// What its skips saved.
    pub fn saved(&self) -> Option<Duration> {
        Some(times(self.cost?, self.skips))
    }
}

impl PolicyTally {
    /// How many commits it was about.
    pub fn concerned(&self) -> u64 {
        self.kept + self.broken + self.unclear
    }
}

impl Tally {
    /// Counts `record`. `policies` is how many there are.
    pub fn of(record: &Record, costs: &Costs, policies: usize) -> Self {
        let prices: Vec<Option<Duration>> = record.columns.iter().map(|column| costs.of(column.step_name()?)).collect();
        let mut tally = Self { policies: vec![PolicyTally::default(); policies], ..Self::default() };
        tally.steps = prices.iter().map(|&cost| StepTally { cost, ..StepTally::default() }).collect();
        let mut uses = vec![0_u64; record.shapes.len()];
        for commit in &record.commits {
            uses[commit.shape as usize] += 1;
            for held in &commit.held {
                let Some(policy) = tally.policies.get_mut(held.policy as usize) else { continue };
                match held.holding {
                    Holding::Kept => policy.kept += 1,
                    Holding::Unclear => policy.unclear += 1,
                    Holding::Broken => {
                        policy.broken += 1;
                        let never = held.breaches.iter().filter(|breach| breach.promise == Promise::Never);
                        let price = |column: u32| prices[column as usize];
                        policy.wasted += never.filter_map(|breach| price(breach.column?)).sum::<Duration>();
                    }
                }
            }
        }
        for (shape, &uses) in record.shapes.iter().zip(&uses) {
            tally.add(shape, uses);
        }
        tally.lists = lists(record);
        if record.commits.iter().any(|commit| commit.own.is_some()) {
            tally.what_if = Some(what_if(record, &prices));
        }
        tally
    }

    /// Counts `shape` as often as it is used.
    fn add(&mut self, shape: &Shape, uses: u64) {
        let pipelines = match shape.pipeline {
            Outcome::Run => &mut self.ran,
            Outcome::Error => &mut self.refused,
            Outcome::None if !shape.has_workflows => &mut self.without_workflows,
            Outcome::None if shape.skip_ci => &mut self.skip_ci,
            Outcome::None if shape.unreported => &mut self.unreported,
            Outcome::None => &mut self.empty,
        };
        *pipelines += uses;
        for cell in &shape.cells {
            let step = &mut self.steps[cell.column as usize];
            let count = match cell.verdict {
                Verdict::Run => &mut step.runs,
                Verdict::Skip | Verdict::Dropped => &mut step.skips,
                Verdict::Unknown => &mut step.unknown,
                Verdict::Error => &mut step.errors,
            };
            *count += uses;
        }
    }

    /// What all runs of all steps cost.
    pub fn spent(&self) -> Duration {
        self.steps.iter().filter_map(StepTally::spent).sum()
    }

    /// What all skips of all steps saved.
    pub fn saved(&self) -> Duration {
        self.steps.iter().filter_map(StepTally::saved).sum()
    }

    /// Whether the price of something is known.
    pub fn is_priced(&self) -> bool {
        self.steps.iter().any(|step| step.cost.is_some())
    }

    /// How often a policy was broken.
    pub fn broken(&self) -> u64 {
        self.policies.iter().map(|policy| policy.broken).sum()
    }
}

fn times(cost: Duration, count: u64) -> Duration {
    cost.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}

fn what_if(record: &Record, prices: &[Option<Duration>]) -> WhatIf {
    let mut what_if = WhatIf::default();
    let spent: Vec<Duration> = record.shapes.iter().map(|shape| spent(shape, prices)).collect();
    for commit in &record.commits {
        let Some((own, _)) = commit.own else { continue };
        what_if.own += spent[own as usize];
        what_if.other += spent[commit.shape as usize];
    }
    what_if.differences = differences(record, |commit| Some(commit.own.as_ref()?.0));
    what_if
}

fn lists(record: &Record) -> Lists {
    Lists {
        unlike: record.commits.iter().filter(|commit| commit.by_git.is_some()).count() as u64,
        differences: differences(record, |commit| Some(commit.by_git.as_ref()?.0)),
    }
}

/// Where commits part from what they have beside: another shape, by its number.
fn differences(record: &Record, beside: impl Fn(&Commit) -> Option<u32>) -> Vec<Difference> {
    let mut known: HashMap<(u32, u32), Vec<Pair>> = HashMap::new();
    let mut differences = Vec::new();
    for (at, commit) in record.commits.iter().enumerate() {
        let Some(own) = beside(commit) else { continue };
        let pair = (own, commit.shape);
        let differ =
            known.entry(pair).or_insert_with(|| differ(&record.shapes[pair.0], &record.shapes[pair.1], record));
        differences.extend(differ.iter().map(|&(column, own, other)| Difference { commit: at, column, own, other }));
    }
    differences
}

fn spent(shape: &Shape, prices: &[Option<Duration>]) -> Duration {
    let runs = shape.cells.iter().filter(|cell| cell.verdict == Verdict::Run);
    runs.filter_map(|cell| prices[cell.column as usize]).sum()
}

/// The steps that part `own` from `other`, in the order of `other` and then of `own`.
fn differ(own: &Shape, other: &Shape, record: &Record) -> Vec<Pair> {
    let steps = |shape: &Shape| -> Vec<(u32, Verdict)> {
        let is_step =
            |cell: &&Cell| record.columns.get(cell.column).is_some_and(|column: &Column| column.step.is_some());
        shape.cells.iter().filter(is_step).map(|cell| (cell.column, cell.verdict)).collect()
    };
    let (own, other) = (steps(own), steps(other));
    let verdicts: [HashMap<u32, Verdict>; 2] = [&own, &other].map(|steps| steps.iter().copied().collect());
    let only_own = own.iter().filter(|(column, _)| !verdicts[1].contains_key(column));
    let columns = other.iter().chain(only_own).map(|&(column, _)| column);
    let pairs = columns.map(|column| (column, verdicts[0].get(&column).copied(), verdicts[1].get(&column).copied()));
    pairs.filter(|&(_, own, other)| class(own) != class(other)).collect()
}

/// A step, and its verdicts by the own gates and by the others.
type Pair = (u32, Option<Verdict>, Option<Verdict>);

/// A step that is not there does as much as one that is skipped.
fn class(verdict: Option<Verdict>) -> Verdict {
    match verdict {
        None | Some(Verdict::Dropped) => Verdict::Skip,
        Some(verdict) => verdict,
    }
}
