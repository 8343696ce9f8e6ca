//! The replay of a whole history, on several threads.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use super::{Record, replay};
use crate::change::Metadata;
use crate::git::{self, Asked, History, Landed, Location, Repository, Stretch, WorkflowFiles};
use crate::glob::Pattern;
use crate::plan::Terms;
use crate::policy::Policy;

/// The commits of a batch, if there are enough for all threads: its workflow files are read once.
const BATCH: usize = 512;

/// What is asked of a history.
pub struct Question<'q> {
    /// Where the repository is.
    pub location: &'q Location,
    /// Which commits.
    pub stretch: Stretch,
    /// What they are taken for.
    pub replay: Replay,
    /// Which of them count.
    pub filter: Filter,
    /// Only the share `.0` (from 1) of `.1` shares, each a stretch of its own.
    pub share: Option<(u32, u32)>,
    /// What is the same for every change: event, branch, the server's own.
    pub base: Metadata,
    /// Whose list of changed files it is, and of which event.
    pub asked: Asked,
    /// Values of variables that were given by hand.
    pub given: BTreeMap<String, String>,
    /// The server.
    pub terms: Terms<'q>,
    /// The path of the workflows that is set in the repository's settings.
    pub config_path: Option<&'q str>,
    /// Ask what these workflow files would have done, beside each commit's own.
    pub what_if: Option<WorkflowFiles>,
    /// What is promised of every change.
    pub policies: &'q [Policy],
    /// How many threads; 0: one a processor.
    pub threads: usize,
}

/// What a commit is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// A push from its first parent to it.
    Pushes,
    /// If it is a merge: the pull request from its second parent onto its first.
    PullRequests,
}

/// Which commits count. The walk goes on over the others.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those whose author, `Name <email>`, holds this text, in any case.
    pub author: Option<String>,
    /// Those with a changed file, listed or not, that one of these matches; none: all.
    pub paths: Vec<Pattern>,
}

/// Why a history could not be replayed.
#[derive(Debug)]
pub enum Error {
    /// Git could not be asked. See there whose fault that is.
    Git(git::Error),
    /// The threads could not be started. The machine's fault.
    Threads(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(error) => error.fmt(f),
            Self::Threads(error) => write!(f, "cannot start threads: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<git::Error> for Error {
    fn from(error: git::Error) -> Self {
        Self::Git(error)
    }
}

/// Replays the commits that `question` is about. `progress` is told how many more commits are done. The second of the answer is the
/// commit before which a shallow clone ends, if the walk got there.
///
/// # Errors
/// An unknown revision, a history that cannot be walked. A commit that cannot be replayed is in [`Record::failures`].
pub fn run(question: &Question<'_>, progress: &(dyn Fn(usize) + Sync)) -> Result<(Record, Option<String>), Error> {
    let history = || Repository::open(question.location)?.history(&question.stretch);
    let mut cut_off = None;
    let (skip, take) = match question.share {
        Some((number, of)) => {
            let mut history = history()?;
            let total = history.by_ref().try_fold(0_u64, |count, landed| landed.map(|_| count + 1))?;
            cut_off = history.cut_off().map(str::to_owned);
            let start = |number: u32| (total * u64::from(number) / u64::from(of)) as usize;
            (start(number - 1), start(number) - start(number - 1))
        }
        None => (0, usize::MAX),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(question.threads).build();
    let pool = pool.map_err(|error| Error::Threads(error.to_string()))?;
    // The default of 1,000 commits is to occupy every thread, too.
    let few = question.stretch.max.map_or(BATCH, |max| max / (4 * pool.current_num_threads()));
    let size = few.clamp(BATCH / 16, BATCH);
    let mut batches = Batches { history: history()?, skip, left: take, size, next: 0 };
    let joiner = Mutex::new(Joiner::default());
    pool.install(|| {
        let work = |worker: &mut Worker, (number, batch): (usize, Batch)| {
            let count = batch.commits.len();
            let (record, error) = match worker.repository(question, count) {
                Ok(repository) => (replay::batch(question, repository, batch.commits), batch.error),
                Err(error) => (Record::default(), Some(error)),
            };
            joiner.lock().unwrap_or_else(PoisonError::into_inner).add(number, record, error);
            progress(count);
        };
        batches.by_ref().par_bridge().for_each_init(Worker::default, work);
    });
    let joiner = joiner.into_inner().unwrap_or_else(PoisonError::into_inner);
    match joiner.error {
        Some((_, error)) => Err(error.into()),
        None => Ok((joiner.record, cut_off.or_else(|| batches.history.cut_off().map(str::to_owned)))),
    }
}

/// What a thread works with.
#[derive(Default)]
struct Worker {
    /// Opened when the first batch comes.
    repository: Option<Repository>,
    /// How many commits it was read for since it let go of what it read.
    read: usize,
}

impl Worker {
    /// The repository, to be read for so many more `commits`.
    fn repository(&mut self, question: &Question<'_>, commits: usize) -> Result<&Repository, git::Error> {
        self.read += commits;
        let mut repository = match self.repository.take() {
            Some(repository) => repository,
            None => Repository::open(question.location)?,
        };
        repository.rest(&mut self.read)?;
        Ok(self.repository.insert(repository))
    }
}

/// Consecutive commits, and why there are no more, if that is an error.
struct Batch {
    commits: Vec<Landed>,
    error: Option<git::Error>,
}

/// A history, cut into batches.
struct Batches {
    history: History,
    /// How many commits are passed over first.
    skip: usize,
    /// How many are left after that.
    left: usize,
    size: usize,
    next: usize,
}

impl Iterator for Batches {
    type Item = (usize, Batch);

    fn next(&mut self) -> Option<Self::Item> {
        let mut batch = Batch { commits: Vec::new(), error: None };
        while batch.commits.len() < self.size && self.left > 0 {
            match self.history.next() {
                Some(Ok(_)) if self.skip > 0 => self.skip -= 1,
                Some(Ok(landed)) => {
                    batch.commits.push(landed);
                    self.left -= 1;
                }
                Some(Err(error)) => {
                    batch.error = Some(error);
                    self.left = 0;
                }
                None => self.left = 0,
            }
        }
        if batch.commits.is_empty() && batch.error.is_none() {
            return None;
        }
        self.next += 1;
        Some((self.next - 1, batch))
    }
}

/// Puts the records of batches together in their order, whenever they come.
#[derive(Default)]
struct Joiner {
    record: Record,
    /// The number of the batch whose turn it is.
    next: usize,
    early: HashMap<usize, Record>,
    /// The first error, by the number of its batch.
    error: Option<(usize, git::Error)>,
}

impl Joiner {
    fn add(&mut self, number: usize, record: Record, error: Option<git::Error>) {
        if let Some(error) = error.filter(|_| self.error.as_ref().is_none_or(|(before, _)| number < *before)) {
            self.error = Some((number, error));
        }
        self.early.insert(number, record);
        while let Some(record) = self.early.remove(&self.next) {
            self.record.append(record);
            self.next += 1;
        }
    }
}
