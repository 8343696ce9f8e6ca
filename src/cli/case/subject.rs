//! The change that a command is asked about, as the forge reports it, and what is assumed of it.

use std::collections::BTreeMap;
use std::io::Read;

use crate::change::{ChangeSet, ChangedFiles, Event, Forge, Hidden, Metadata};
use crate::cli::args::{ChangeArgs, KnownArgs, SubjectArgs};
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::config::Config;
use crate::forge::{BranchIs, Rule};
use crate::git::{Asked, Change, Reported, Repository, Revision, Snapshot};
use crate::plan::Context;
use crate::text::{escape, to_server_string};

use super::{of_git, paths};

/// What is looked at as a change.
pub(in crate::cli) enum Subject {
    /// What the server recorded of a pipeline; and what git knows to have changed, if that is known.
    Recorded(Box<Metadata>, Option<Truth>),
    /// What the forge would report.
    Predicted(Box<Predicted>),
}

/// A change that has not happened yet.
pub(in crate::cli) struct Predicted {
    change: Change,
    pub event: Event,
    tag: Option<String>,
    pub reported: Reported,
    /// What was assumed, and what is to be known of the list: whole phrases, safe to print.
    pub notes: Vec<String>,
}

/// What changed in truth.
pub(in crate::cli) struct Truth {
    /// The files that changed.
    pub changed: ChangedFiles,
    /// Those that are not listed.
    pub hidden: Vec<Hidden>,
}

/// What a forge's list leaves out.
pub(in crate::cli) struct Unlike {
    /// The change, with every file that changed.
    pub by_git: Context,
    /// The files that are not listed.
    pub hidden: Vec<Hidden>,
}

impl Subject {
    pub(in crate::cli) fn read(
        args: &ChangeArgs,
        config: &Config,
        repository: &Repository,
        stdin: &mut dyn Read,
    ) -> Result<Self, Failure> {
        let Some(path) = &args.metadata else {
            let predicted = Predicted::read(&args.subject, config, repository, stdin)?;
            return Ok(Self::Predicted(Box::new(predicted)));
        };
        let text = input::text_file(path)?;
        let metadata = Metadata::from_json(&text).map_err(|error| {
            let position = crate::source::LineIndex::new(&text).position(&text, error.span.start);
            let file = escape(path.as_os_str().as_encoded_bytes());
            Failure::new(format!("`{file}`, line {}, column {}: {error}", position.line, position.column))
                .help("download it from the pipeline's page: \"Metadata\" in the \"Debug\" tab")
        })?;
        Ok(Self::Recorded(Box::new(metadata), None))
    }

    /// Whether the server makes a pipeline of what the forge reports.
    pub(super) fn pipeline(&self) -> bool {
        match self {
            Self::Recorded(..) => true,
            Self::Predicted(predicted) => predicted.reported.pipeline,
        }
    }

    /// Whose workflows the server would read.
    pub(super) fn gates(&self) -> Snapshot {
        match self {
            Self::Recorded(metadata, _) => Snapshot::Revision(metadata.current.commit.sha.as_str().into()),
            Self::Predicted(predicted) => match &predicted.change {
                Change::Staged => Snapshot::Index,
                Change::Worktree | Change::Files(_) => Snapshot::Worktree,
                Change::Revision(
                    Revision::Commit(tip) | Revision::Push { new: tip, .. } | Revision::PullRequest { head: tip, .. },
                ) => Snapshot::Revision(tip.clone()),
            },
        }
    }

    /// The change as conditions see it: what git and the options know, and the rest unknown. And if the forge's list is not all that
    /// changed, what that makes of it.
    pub(super) fn context(
        self,
        args: &ChangeArgs,
        config: &Config,
        repository: &Repository,
        notes: &mut Vec<String>,
    ) -> Result<(Context, Option<Unlike>), Failure> {
        let predicted = match self {
            Self::Recorded(metadata, truth) => {
                let metadata = recorded(*metadata, args, config);
                let context = Context::recorded(metadata.clone());
                let Some(Truth { changed, hidden }) = truth.filter(|truth| truth.changed != *context.files()) else {
                    return Ok((context, None));
                };
                let mut by_git = metadata;
                by_git.current.commit.changed_files = changed.iter().map(|file| to_server_string(file)).collect();
                let unlike = Unlike { by_git: Context::recorded(by_git), hidden };
                return Ok((context.with_changed(changed), Some(unlike)));
            }
            Self::Predicted(predicted) => *predicted,
        };
        let Predicted { event, tag, reported, notes: known, .. } = predicted;
        notes.extend(known);
        let Reported { set, changed, rule, target, source, .. } = reported;
        let subject = &args.subject;
        let mut metadata = base(&args.known, config, repository)?;
        let branch = branch(subject, &set, rule.as_ref(), repository, &event, notes);
        if event.is_of_pull_request()
            && rule.is_none_or(|rule| rule.needs_title())
            && subject.message.is_none()
            && set.commit.is_some()
        {
            notes.push(
                "a pull request's title is not known: the message of its last commit stands in (`--message TEXT`)"
                    .to_owned(),
            );
        }
        let current = &mut metadata.current;
        if event.is_of_pull_request() {
            let from_source = rule.is_some_and(|rule| rule.branch != BranchIs::Target);
            let target = if from_source { target } else { branch.clone() };
            current.commit.refspec = format!("{}:{}", source.unwrap_or_default(), target.unwrap_or_default());
        }
        current.commit.git_ref = git_ref(&event, tag.as_deref(), branch.as_deref()).unwrap_or_default();
        current.commit.branch = branch.unwrap_or_default();
        current.commit.sha = set.commit.unwrap_or_default();
        current.commit.message = subject.message.clone().unwrap_or(set.message);
        current.cron = subject.cron.clone().unwrap_or_default();
        current.event = event;
        let given: BTreeMap<String, String> = args.known.env.iter().cloned().collect();
        let unlike = (changed != set.files && metadata.current.event.can_skip_ci()).then(|| Unlike {
            by_git: Context::predicted(metadata.clone(), changed.clone(), Forge::Git, given.clone()),
            hidden: set.hidden,
        });
        Ok((Context::predicted(metadata, set.files, set.forge, given).with_changed(changed), unlike))
    }
}

impl Predicted {
    pub(in crate::cli) fn read(
        args: &SubjectArgs,
        config: &Config,
        repository: &Repository,
        stdin: &mut dyn Read,
    ) -> Result<Self, Failure> {
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
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let tag = match &args.tag {
            Some(tag) => Some(tag.clone()),
            None => assumed_tag(args, &change, repository, &mut after)?,
        };
        let event = event(args, &change, tag.is_some())?;
        if (args.new_branch || args.forced) && event != Event::Push {
            let option = if args.new_branch { "--new-branch" } else { "--forced" };
            return Err(Failure::new(format!("`{option}` is about a push, and the event is `{}`", event.as_str())));
        }
        if args.tag.is_some() && (event.is_of_pull_request() || matches!(event, Event::Push | Event::Cron)) {
            return Err(Failure::new(format!("`--tag` names a tag, and the event is `{}`", event.as_str())));
        }
        if args.cron.is_some() && event != Event::Cron {
            return Err(Failure::new(format!("`--cron` names a cron job, and the event is `{}`", event.as_str())));
        }
        let forge = if let Change::Revision(_) = &change {
            forge(args.server.forge, config, repository, &mut before)?
        } else {
            // A forge's list is made of commits.
            if args.server.forge.is_some() {
                before.push("what is not committed is listed as git lists it, whatever the forge".to_owned());
            }
            Forge::Git
        };
        let asked = Asked {
            forge,
            limits: config.forge_limits,
            server: args.server.version.or(config.woodpecker),
            event: Some(event.clone()),
            branch: args.branch.clone(),
            new_branch: args.new_branch,
            forced: args.forced,
        };
        let reported = repository.reported(&change, &asked).map_err(of_git)?;
        let notes = [before, reported.set.notes.clone(), after].concat();
        Ok(Self { change, event, tag, reported, notes })
    }
}

/// The forge: the one that is `named` or configured, else a guess, which is said; else none.
fn forge(
    named: Option<Forge>,
    config: &Config,
    repository: &Repository,
    notes: &mut Vec<String>,
) -> Result<Forge, Failure> {
    let (forge, guess) = guessed(named, config, repository)?;
    notes.extend(guess);
    Ok(forge)
}

/// The same, with the phrase about the guess apart, if it is one.
pub(in crate::cli) fn guessed(
    named: Option<Forge>,
    config: &Config,
    repository: &Repository,
) -> Result<(Forge, Option<String>), Failure> {
    if let Some(forge) = named.or(config.forge) {
        return Ok((forge, None));
    }
    let Some(guess) = repository.guess_forge().map_err(of_git)? else { return Ok((Forge::Git, None)) };
    Ok((guess.forge, Some(format!("the forge is taken to be {}, from {} (`--forge NAME`)", guess.forge, guess.from))))
}

/// What is known of any change to the repository.
pub(in crate::cli) fn base(known: &KnownArgs, config: &Config, repository: &Repository) -> Result<Metadata, Failure> {
    let mut metadata = Metadata::default();
    "woodpecker".clone_into(&mut metadata.system.name);
    metadata.repo.default_branch = repository.default_branch().unwrap_or_default();
    (metadata.repo.owner, metadata.repo.name) = repository_name(known.repo.as_ref(), repository)?.unwrap_or_default();
    Ok(set_known(metadata, known, config))
}

/// What options and configuration say of the change goes before what was recorded.
fn recorded(mut metadata: Metadata, args: &ChangeArgs, config: &Config) -> Metadata {
    let subject = &args.subject;
    set(&mut metadata.current.commit.branch, subject.branch.as_ref());
    set(&mut metadata.current.commit.message, subject.message.as_ref());
    set(&mut metadata.current.cron, subject.cron.as_ref());
    if let Some(event) = &subject.event {
        metadata.current.event = Event::from(event.as_str());
    }
    set_known(metadata, &args.known, config)
}

/// And what they say of the server.
fn set_known(mut metadata: Metadata, known: &KnownArgs, config: &Config) -> Metadata {
    set(&mut metadata.system.host, known.instance.as_ref().or(config.server.host.as_ref()));
    set(&mut metadata.system.platform, known.platform.as_ref().or(config.server.platform.as_ref()));
    if let Some((owner, name)) = &known.repo {
        (metadata.repo.owner, metadata.repo.name) = (owner.clone(), name.clone());
    }
    if let Some(trusted) = config.server.trusted {
        metadata.repo.trusted.network |= trusted.network;
        metadata.repo.trusted.volumes |= trusted.volumes;
        metadata.repo.trusted.security |= trusted.security;
    }
    metadata
}

fn set(field: &mut String, given: Option<&String>) {
    if let Some(given) = given {
        field.clone_from(given);
    }
}

/// A revision that names a tag is taken for the tag's own event, unless something says otherwise.
fn assumed_tag(
    args: &SubjectArgs,
    change: &Change,
    repository: &Repository,
    notes: &mut Vec<String>,
) -> Result<Option<String>, Failure> {
    if args.event.is_some() || args.branch.is_some() || args.cron.is_some() {
        return Ok(None);
    }
    let Change::Revision(Revision::Commit(tip) | Revision::Push { new: tip, .. }) = change else { return Ok(None) };
    let Some(tag) = repository.tag_called(tip).map_err(of_git)? else { return Ok(None) };
    notes.push(format!(
        "`{}` is a tag: event `tag` is assumed (`--event push` for the push of its commit)",
        escape(&tag)
    ));
    Ok(Some(tag))
}

fn event(args: &SubjectArgs, change: &Change, tag: bool) -> Result<Event, Failure> {
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
    args: &SubjectArgs,
    set: &ChangeSet,
    rule: Option<&Rule>,
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
    if rule.is_some_and(|rule| rule.branch == BranchIs::Source) {
        notes.push("the source branch of the pull request is not known: `--branch NAME` says it".to_owned());
        return None;
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

/// The ref that the server would be told; `None` where git cannot know it (a pull request's number).
pub(in crate::cli) fn git_ref(event: &Event, tag: Option<&str>, branch: Option<&str>) -> Option<String> {
    if let Some(tag) = tag {
        return Some(format!("refs/tags/{tag}"));
    }
    match event {
        Event::Push | Event::Cron | Event::Manual | Event::Deployment => Some(format!("refs/heads/{}", branch?)),
        _ => None,
    }
}

/// `owner/name`: the one given, or that of the remote `origin`, or of the only remote.
pub(in crate::cli) fn repository_name(
    given: Option<&(String, String)>,
    repository: &Repository,
) -> Result<Option<(String, String)>, Failure> {
    if given.is_some() {
        return Ok(given.cloned());
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
