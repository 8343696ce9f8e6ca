//! The change that `explain` is asked about, and what is assumed of it.

use std::io::Read;

use crate::change::{ChangeSet, ChangedFiles, Event, Metadata};
use crate::cli::args::ChangeArgs;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::config::Config;
use crate::git::{Change, Repository, Revision, Snapshot};
use crate::plan::Context;
use crate::text::{escape, to_server_string};

use super::{of_git, paths};

/// What is looked at as a change.
pub(super) enum Subject {
    /// What the server recorded of a pipeline.
    Recorded(Box<Metadata>),
    /// What git sees.
    Predicted { change: Change, set: Box<ChangeSet> },
}

impl Subject {
    pub(super) fn read(args: &ChangeArgs, repository: &Repository, stdin: &mut dyn Read) -> Result<Self, Failure> {
        if let Some(path) = &args.metadata {
            let text = input::text_file(path)?;
            let metadata = Metadata::from_json(&text).map_err(|error| {
                let position = crate::source::LineIndex::new(&text).position(&text, error.span.start);
                let file = escape(path.as_os_str().as_encoded_bytes());
                Failure::new(format!("`{file}`, line {}, column {}: {error}", position.line, position.column))
                    .help("download it from the pipeline's page: \"Metadata\" in the \"Debug\" tab")
            })?;
            return Ok(Self::Recorded(Box::new(metadata)));
        }
        let change = if args.worktree {
            Change::Worktree
        } else if args.staged {
            Change::Staged
        } else if let Some(files) = &args.files {
            Change::Files(files.iter().map(|file| file.as_encoded_bytes()).collect::<ChangedFiles>())
        } else if args.rev == "-" {
            Change::Files(paths(stdin)?)
        } else {
            Change::Revision(Revision::parse(args.rev.as_encoded_bytes()).map_err(of_git)?)
        };
        let set = Box::new(repository.change_set(&change).map_err(of_git)?);
        Ok(Self::Predicted { change, set })
    }

    /// Whose workflows the server would read.
    pub(super) fn gates(&self) -> Snapshot {
        match self {
            Self::Recorded(metadata) => Snapshot::Revision(metadata.current.commit.sha.as_str().into()),
            Self::Predicted { change: Change::Staged, .. } => Snapshot::Index,
            Self::Predicted { change: Change::Worktree | Change::Files(_), .. } => Snapshot::Worktree,
            Self::Predicted { change: Change::Revision(revision), .. } => {
                let (Revision::Commit(tip) | Revision::Push { new: tip, .. } | Revision::PullRequest { head: tip, .. }) =
                    revision;
                Snapshot::Revision(tip.clone())
            }
        }
    }

    /// The change as conditions see it: what git and the options know, and the rest unknown.
    pub(super) fn context(
        self,
        args: &ChangeArgs,
        config: &Config,
        repository: &Repository,
        notes: &mut Vec<String>,
    ) -> Result<Context, Failure> {
        let (change, set) = match self {
            Self::Recorded(metadata) => return Ok(Context::recorded(recorded(*metadata, args, config))),
            Self::Predicted { change, set } => (change, *set),
        };
        notes.extend(set.notes.iter().cloned());
        let mut metadata = Metadata::default();
        let tag = args.tag.clone().or_else(|| assumed_tag(args, &set, notes));
        let event = event(args, &change, tag.is_some())?;
        let branch = branch(args, &set, repository, &event, notes);
        let source = source_branch(&change, repository)?;
        if event.is_of_pull_request() && args.message.is_none() && set.commit.is_some() {
            notes.push(
                "a pull request's title is not known: the message of its last commit stands in (`--message TEXT`)"
                    .to_owned(),
            );
        }
        let current = &mut metadata.current;
        if event.is_of_pull_request() {
            let target = branch.as_deref().unwrap_or_default();
            current.commit.refspec = format!("{}:{target}", source.unwrap_or_default());
        }
        current.commit.git_ref = git_ref(&event, tag.as_deref(), branch.as_deref()).unwrap_or_default();
        current.commit.branch = branch.unwrap_or_default();
        current.commit.sha = set.commit.unwrap_or_default();
        current.commit.message = args.message.clone().unwrap_or(set.message);
        current.cron = args.cron.clone().unwrap_or_default();
        current.event = event;
        "woodpecker".clone_into(&mut metadata.system.name);
        metadata.repo.default_branch = repository.default_branch().unwrap_or_default();
        let (owner, name) = repo(args, repository)?.unwrap_or_default();
        (metadata.repo.owner, metadata.repo.name) = (owner, name);
        let metadata = recorded(metadata, args, config);
        let given = args.env.iter().cloned().collect();
        Ok(Context::predicted(metadata, set.files, set.forge, given))
    }
}

/// What options and configuration say of the server and the change goes before what was recorded.
fn recorded(mut metadata: Metadata, args: &ChangeArgs, config: &Config) -> Metadata {
    let set = |field: &mut String, given: Option<&String>| {
        if let Some(given) = given {
            field.clone_from(given);
        }
    };
    set(&mut metadata.system.host, args.instance.as_ref().or(config.server.host.as_ref()));
    set(&mut metadata.system.platform, args.platform.as_ref().or(config.server.platform.as_ref()));
    set(&mut metadata.current.commit.branch, args.branch.as_ref());
    set(&mut metadata.current.commit.message, args.message.as_ref());
    set(&mut metadata.current.cron, args.cron.as_ref());
    if let Some(event) = &args.event {
        metadata.current.event = Event::from(event.as_str());
    }
    if let Some((owner, name)) = &args.repo {
        (metadata.repo.owner, metadata.repo.name) = (owner.clone(), name.clone());
    }
    if let Some(trusted) = config.server.trusted {
        metadata.repo.trusted.network |= trusted.network;
        metadata.repo.trusted.volumes |= trusted.volumes;
        metadata.repo.trusted.security |= trusted.security;
    }
    metadata
}

/// A revision that names a tag is taken for the tag's own event, unless something says otherwise.
fn assumed_tag(args: &ChangeArgs, set: &ChangeSet, notes: &mut Vec<String>) -> Option<String> {
    if args.event.is_some() || args.branch.is_some() || args.cron.is_some() {
        return None;
    }
    let tag = set.tag.clone()?;
    notes.push(format!(
        "`{}` is a tag: event `tag` is assumed (`--event push` for the push of its commit)",
        escape(&tag)
    ));
    Some(tag)
}

fn event(args: &ChangeArgs, change: &Change, tag: bool) -> Result<Event, Failure> {
    if let Some(name) = &args.event {
        return Event::known(name).map_err(|error| Failure::new(error.to_string()).help(error.help()));
    }
    Ok(match change {
        _ if args.cron.is_some() => Event::Cron,
        _ if tag => Event::Tag,
        Change::Revision(Revision::PullRequest { .. }) => Event::PullRequest,
        _ => Event::Push,
    })
}

/// The branch: the one given, named or checked out; else the default one. Says what was assumed.
fn branch(
    args: &ChangeArgs,
    set: &ChangeSet,
    repository: &Repository,
    event: &Event,
    notes: &mut Vec<String>,
) -> Option<String> {
    if args.branch.is_some() {
        return args.branch.clone();
    }
    // What stands there for a tag differs between forges, and `when.branch` is not looked at.
    if matches!(event, Event::Tag | Event::Release) {
        return None;
    }
    if set.branch.is_some() {
        return set.branch.clone();
    }
    let default = repository.default_branch();
    notes.push(match &default {
        Some(branch) => {
            format!("no branch is checked out: the default branch `{}` is assumed (`--branch NAME`)", escape(branch))
        }
        None => "the branch is not known: `--branch NAME` says it".to_owned(),
    });
    default
}

/// The source branch of a pull request, if its head is named by a branch.
fn source_branch(change: &Change, repository: &Repository) -> Result<Option<String>, Failure> {
    let Change::Revision(Revision::PullRequest { head, .. }) = change else { return Ok(None) };
    if *head == "HEAD" {
        return repository.current_branch().map_err(of_git);
    }
    let name = to_server_string(head);
    let is_id = name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_name = !is_id && !name.contains(['~', '^', '@', ':']);
    let short = name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("origin/")).unwrap_or(&name);
    Ok(is_name.then(|| short.to_owned()))
}

/// The ref that the server would be told; `None` where git cannot know it (a pull request's number).
fn git_ref(event: &Event, tag: Option<&str>, branch: Option<&str>) -> Option<String> {
    if let Some(tag) = tag {
        return Some(format!("refs/tags/{tag}"));
    }
    match event {
        Event::Push | Event::Cron | Event::Manual | Event::Deployment => Some(format!("refs/heads/{}", branch?)),
        _ => None,
    }
}

/// `owner/name`: the one given, or that of the remote `origin`, or of the only remote.
fn repo(args: &ChangeArgs, repository: &Repository) -> Result<Option<(String, String)>, Failure> {
    if args.repo.is_some() {
        return Ok(args.repo.clone());
    }
    let remotes = repository.remotes().map_err(of_git)?;
    let origin = remotes.iter().find(|remote| remote.name == "origin");
    let place = match (origin, remotes.as_slice()) {
        (Some(origin), _) => origin.place.as_ref(),
        (None, [only]) => only.place.as_ref(),
        _ => None,
    };
    Ok(place.map(|place| (place.owner.clone(), place.name.clone())))
}
