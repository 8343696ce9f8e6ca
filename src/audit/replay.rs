//! A batch of commits, each planned as the change that it was.

use std::collections::HashMap;

use bstr::BString;

use super::Record;
use super::record::{Path, Trouble, Unlisted};
use super::recorder::{Fate, Others, Recorder};
use super::run::{Question, Replay};
use crate::change::{ChangedFiles, Forge};
use crate::git::{GatesId, Landed, Replayed, Repository, WorkflowFiles, keeps_gates};
use crate::plan::{Context, Pipeline};
use crate::policy::Policy;
use crate::source::{FileId, Source, Sources};
use crate::text::{escape, to_lower, to_server_string};

/// The workflow files that decide about a change.
enum Gates {
    Readable(Vec<FileId>),
    /// The server cannot read one of them.
    Unreadable(Trouble),
}

/// A commit that counts, and the number of its gates.
struct Change {
    landed: Landed,
    replayed: Replayed,
    gates: usize,
}

/// Replays commits of which each is the first parent of the one before it.
pub(super) fn batch(question: &Question<'_>, repository: &Repository, landed: Vec<Landed>) -> Record {
    let mut shelf = Shelf::default();
    let what_if = question.what_if.as_ref().map(|files| shelf.add(files));
    let mut failures = Vec::new();
    let mut changes = Vec::with_capacity(landed.len());
    let mut same = None;
    for landed in landed {
        let before = same.take();
        match change(question, repository, &landed, before, &mut shelf) {
            Ok(Some((replayed, gates))) => {
                let kept = question.replay == Replay::Pushes && keeps_gates(replayed.changed(), question.config_path);
                same = kept.then_some(gates);
                if question.filter.takes(&replayed) {
                    changes.push(Change { landed, replayed, gates });
                }
            }
            Ok(None) => {}
            Err(error) => failures.push((landed.id(), error)),
        }
    }
    let pipeline = Pipeline::read(&shelf.sources, question.terms);
    let mut recorder = Recorder::new(&shelf.sources);
    for Change { landed, replayed, gates } in changes {
        let context = |files: &ChangedFiles, forge| context(question, &landed, &replayed, files, forge);
        let listed = context(&replayed.files, question.asked.forge);
        let fate = |gates: usize, context: &Context, made: bool, recorder: &mut Recorder<'_>| match &shelf.gates[gates]
        {
            Gates::Readable(files) => {
                let plan = pipeline.plan_among(context, |file| files.contains(&file)).obey_skip_ci();
                let plan = if made { plan } else { plan.without_pipeline() };
                let judged = |policy: &Policy| {
                    let outcome = policy.check(context, &plan, question.terms.server);
                    (outcome, unlisted(policy, context, &replayed))
                };
                let judged: Vec<_> = question.policies.iter().map(judged).collect();
                let fate = recorder.fate(plan);
                let held = (0..).zip(judged).filter_map(|(at, judged)| recorder.held(at, judged, &fate)).collect();
                (fate, held)
            }
            Gates::Unreadable(trouble) => (recorder.unreadable(trouble.clone()), Vec::new()),
        };
        let deciding = what_if.unwrap_or(gates);
        let (decided, held) = fate(deciding, &listed, replayed.pipeline, &mut recorder);
        let own: Option<Fate> = what_if.map(|_| fate(gates, &listed, replayed.pipeline, &mut recorder).0);
        let is_other = (replayed.by_git.is_some() || !replayed.pipeline) && listed.event().can_skip_ci();
        let by_git = is_other.then(|| fate(deciding, &context(replayed.changed(), Forge::Git), true, &mut recorder).0);
        recorder.row(&landed, &replayed, decided, Others { own, by_git }, held);
    }
    for (id, error) in failures {
        recorder.failure(id, &error);
    }
    recorder.finish()
}

/// `landed` as a change, and the number of its gates; `None` if it does not count.
fn change(
    question: &Question<'_>,
    repository: &Repository,
    landed: &Landed,
    same: Option<usize>,
    shelf: &mut Shelf,
) -> Result<Option<(Replayed, usize)>, crate::git::Error> {
    if !question.filter.takes_author(&landed.author) {
        return Ok(None);
    }
    let replayed = match question.replay {
        Replay::Pushes => Some(repository.as_push(landed, &question.asked)?),
        Replay::PullRequests => repository.as_pull_request(landed, &question.asked)?,
    };
    let Some(replayed) = replayed else { return Ok(None) };
    let gates = if let Some(same) = same { same } else { shelf.find(&replayed, question, repository)? };
    Ok(Some((replayed, gates)))
}

/// A changed file that makes `policy` be about the change, and that the forge does not list.
fn unlisted(policy: &Policy, context: &Context, replayed: &Replayed) -> Option<Unlisted> {
    let by_git = replayed.by_git.as_ref()?;
    let path = policy.changes.unlisted(context)?;
    Some(Unlisted { path: Path(path.to_owned()), why: by_git.why(path) })
}

fn context(
    question: &Question<'_>,
    landed: &Landed,
    replayed: &Replayed,
    files: &ChangedFiles,
    forge: Forge,
) -> Context {
    let mut metadata = question.base.clone();
    let commit = &mut metadata.current.commit;
    commit.sha = super::record::hex(&replayed.commit);
    commit.message.clone_from(replayed.message.as_ref().unwrap_or(&landed.message));
    let context = Context::predicted(metadata, files.clone(), forge, question.given.clone());
    match &replayed.by_git {
        Some(by_git) => context.with_changed(by_git.files.clone()),
        None => context,
    }
}

/// All workflow files of a batch, each text once.
#[derive(Default)]
struct Shelf {
    sources: Sources,
    files: HashMap<(BString, Option<String>), Result<FileId, Trouble>>,
    gates: Vec<Gates>,
    known: HashMap<GatesId, usize>,
}

impl Shelf {
    /// The number of the gates of `change`, which are read if they are new.
    fn find(
        &mut self,
        change: &Replayed,
        question: &Question<'_>,
        repository: &Repository,
    ) -> Result<usize, crate::git::Error> {
        let id = repository.gates_id(change, question.config_path)?;
        if let Some(&known) = self.known.get(&id) {
            return Ok(known);
        }
        let gates = self.add(&repository.gates_of(change, question.config_path)?);
        self.known.insert(id, gates);
        Ok(gates)
    }

    /// Takes in `found`: the number of these gates.
    fn add(&mut self, found: &WorkflowFiles) -> usize {
        let files = found.files.iter().map(|file| {
            let known = self.files.entry((file.path.clone(), file.blob.clone()));
            known.or_insert_with(|| add(&mut self.sources, &file.path, &file.bytes)).clone()
        });
        let gates = files.collect::<Result<_, _>>().map_or_else(Gates::Unreadable, Gates::Readable);
        self.gates.push(gates);
        self.gates.len() - 1
    }
}

fn add(sources: &mut Sources, path: &BString, bytes: &[u8]) -> Result<FileId, Trouble> {
    let name = to_server_string(path);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(sources.add(Source::new(name, text))),
        Err(error) => {
            let message = format!("`{}` is not UTF-8, from byte {} on", escape(&name), error.valid_up_to());
            Err(Trouble { code: "not-utf-8".to_owned(), message, place: None })
        }
    }
}

impl super::Filter {
    /// Whether commits of `author` count.
    fn takes_author(&self, author: &str) -> bool {
        self.author.as_ref().is_none_or(|wanted| to_lower(author).contains(&to_lower(wanted)))
    }

    /// Whether a change counts, by its files.
    fn takes(&self, change: &Replayed) -> bool {
        let touched = |file: &BString| self.paths.iter().any(|glob| glob.is_match(file));
        self.paths.is_empty() || change.changed().iter().any(touched)
    }
}
