//! Which change `check` looks at: the one that is named, else the one that the CI system tells of, else HEAD.

use crate::change::{ChangedFiles, Event, Forge, Hidden, Metadata};
use crate::ci::{self, Named, Recorded, System, Told, Variables};
use crate::cli::args::{ChangeArgs, CheckArgs, Common, VersionArgs};
use crate::cli::case::{Case, Truth, of_git};
use crate::cli::failure::Failure;
use crate::cli::{input, settings};
use crate::config::Config;
use crate::git::{Asked, Change, Repository, Revision};
use crate::server::Version;
use crate::text::{escape, to_server_string};

/// A change that is to be looked at.
pub(super) struct Chosen {
    args: ChangeArgs,
    recorded: Option<Box<Recorded>>,
    notes: Vec<String>,
}

impl Chosen {
    /// The change that `args` or `variables` name. `system` is the CI system that set these, if one did.
    pub(super) fn new(
        args: &CheckArgs,
        system: Option<System>,
        variables: &Variables,
        config: &Config,
    ) -> Result<Self, Failure> {
        let mut chosen = Self { args: args.change.clone(), recorded: None, notes: Vec::new() };
        if system == Some(System::Woodpecker) {
            chosen.take_version(variables, config);
        }
        let Some(system) = system.filter(|_| !is_named(&args.change)) else { return Ok(chosen) };
        let file = |path: &str| input::text_file(path.as_ref()).ok();
        let told = ci::read(system, variables, &file).map_err(|error| {
            Failure::new(format!("{} does not say what changed: {error}", system.name()))
                .help("`--no-ci` looks at HEAD; or name the change")
        })?;
        match told {
            Told::Recorded(recorded) => chosen.recorded = Some(recorded),
            Told::Named(named) => chosen.take(*named, system),
        }
        Ok(chosen)
    }

    /// The server that decides.
    pub(super) fn server(&self, config: &Config) -> Version {
        self.args.subject.server.version.or(config.woodpecker)
    }

    /// The version that the server itself says goes before the configured one.
    fn take_version(&mut self, variables: &Variables, config: &Config) {
        if self.args.subject.server.version.woodpecker.is_some() {
            return;
        }
        match ci::server_version(variables) {
            Ok(None) => {}
            Ok(Some(version)) => {
                self.args.subject.server.version.woodpecker = Some(version);
                if let Some(configured) = config.woodpecker.filter(|configured| *configured != version) {
                    let note =
                        format!("this server is Woodpecker {version}: that counts, not the configured {configured}");
                    self.notes.push(note);
                }
            }
            Err(unknown) => {
                let instead = config.woodpecker.unwrap_or_default();
                let note = format!(
                    "this server is Woodpecker `{unknown}`, which is not known: {instead} is assumed (`--woodpecker VERSION`)"
                );
                self.notes.push(note);
            }
        }
    }

    /// What is typed goes before what `named` says.
    fn take(&mut self, named: Named, system: System) {
        let Named { revision, event, branch, tag, title, repo, new_branch, forced, notes } = named;
        let args = &mut self.args;
        args.subject.rev = revision.into();
        let by_hand = args.subject.event.is_some() || args.subject.tag.is_some() || args.subject.cron.is_some();
        if !by_hand {
            args.subject.event = Some(event.as_str().to_owned());
            args.subject.tag = tag;
            args.subject.new_branch |= new_branch;
            args.subject.forced |= forced && !args.subject.new_branch;
        }
        args.subject.branch = args.subject.branch.take().or(branch);
        args.subject.message = args.subject.message.take().or(title);
        let repo = repo.and_then(|repo| repo.rsplit_once('/').map(|(owner, name)| (owner.to_owned(), name.to_owned())));
        args.known.repo = args.known.repo.take().or(repo);
        args.subject.server.forge = args.subject.server.forge.or(system.forge());
        self.notes.push(format!("the change is the one that {} is run for (`--no-ci` looks at HEAD)", system.name()));
        self.notes.extend(notes);
    }

    /// The change, and the workflows that decide about it.
    pub(super) fn read(self, common: &Common, streams: &mut crate::cli::Streams<'_>) -> Result<Case, Failure> {
        let Self { args, recorded, mut notes } = self;
        let mut case = match recorded {
            Some(recorded) => {
                let Recorded { mut metadata, has_files } = *recorded;
                let truth = if has_files {
                    truth(&metadata, common)
                } else {
                    let server = args.subject.server.version;
                    let (files, truth) = files(&metadata, server, common, &mut notes)?;
                    metadata.current.commit.changed_files = files;
                    Some(truth)
                };
                if metadata.current.event == Event::Cron && args.subject.cron.is_none() {
                    notes.push(
                        "Woodpecker does not tell a step the name of its cron job: none is assumed (`--cron NAME`)"
                            .to_owned(),
                    );
                }
                Case::recorded(metadata, truth, &args, common)?
            }
            None => Case::read(&args, common, streams.input)?,
        };
        case.note_first(notes);
        Ok(case)
    }
}

/// Whether `args` name a change by themselves.
fn is_named(args: &ChangeArgs) -> bool {
    args.subject.rev != "HEAD"
        || args.subject.worktree
        || args.subject.staged
        || args.subject.files.is_some()
        || args.metadata.is_some()
}

/// What changed in a pipeline whose list the server has sent, as far as the clone knows: beside the list, of a pull request all since the
/// two branches parted. Where a push began is not told for sure (the pipeline before this one may be older), but what its last commit
/// changed is in it.
fn truth(metadata: &Metadata, common: &Common) -> Option<Truth> {
    let current = &metadata.current;
    let repository = Repository::open(&settings::location(common)).ok()?;
    let listed: ChangedFiles = current.commit.changed_files.iter().map(String::as_str).collect();
    let revision = if current.event.is_of_pull_request() {
        range(metadata)
    } else if current.event == Event::Push {
        current.commit.sha.clone()
    } else {
        return None;
    };
    let change = Change::Revision(Revision::parse(revision.as_bytes()).ok()?);
    let by_git = repository.change_set(&change).ok()?.files;
    let by_git = by_git.iter().map(|file| to_server_string(file).into());
    let changed: ChangedFiles = by_git.chain(listed.iter().cloned()).collect();
    let hidden = changed.iter().filter(|path| !listed.contains_path(path));
    let why = "the server's own list, `CI_PIPELINE_FILES`, does not have it";
    let hidden = hidden.map(|path| Hidden { path: path.clone(), why: why.to_owned() }).collect();
    Some(Truth { changed, hidden })
}

/// The range of a pipeline, as git names it.
fn range(metadata: &Metadata) -> String {
    let (commit, before) = (&metadata.current.commit, &metadata.previous.commit.sha);
    let target = commit.refspec.split_once(':').map_or(commit.branch.as_str(), |(_, target)| target);
    if metadata.current.event.is_of_pull_request() {
        format!("origin/{target}...{}", commit.sha)
    } else if before.is_empty() {
        commit.sha.clone()
    } else {
        format!("{before}..{}", commit.sha)
    }
}

/// The changed files of a pipeline that has too many to tell its steps: as its forge lists them, made from the clone.
fn files(
    metadata: &Metadata,
    server: VersionArgs,
    common: &Common,
    notes: &mut Vec<String>,
) -> Result<(Vec<String>, Truth), Failure> {
    let commit = &metadata.current.commit;
    let event = &metadata.current.event;
    let before = &metadata.previous.commit.sha;
    let range = range(metadata);
    let help = format!(
        "`CI_PIPELINE_FILES` is not set, as of more than 500 changed files, and the clone has not the history to count them: {}",
        System::Woodpecker.whole_history()
    );
    let of_git = |error| of_git(error).help(&help);
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    let change = Change::Revision(Revision::parse(range.as_bytes()).map_err(of_git)?);
    let config = settings::load(common)?;
    let forge = Forge::of_server(&metadata.forge.kind).unwrap_or_default();
    let asked = Asked {
        forge,
        limits: config.forge_limits,
        server: server.or(config.woodpecker),
        event: Some(event.clone()),
        branch: Some(commit.branch.clone()).filter(|branch| !branch.is_empty()),
        // The server remembers the pipeline before this one of the branch: without one, the branch is taken to be new.
        new_branch: *event == Event::Push && before.is_empty(),
        ..Asked::default()
    };
    let reported = repository.reported(&change, &asked).map_err(of_git)?;
    notes.push(format!(
        "`CI_PIPELINE_FILES` is not set, as of more than 500 changed files: {forge}'s list of `{}` stands in",
        escape(&range)
    ));
    if asked.new_branch {
        notes.push("no pipeline of the branch came before this one: the branch is taken to be new".to_owned());
    }
    notes.extend(reported.set.notes);
    let files = reported.set.files.iter().map(|file| to_server_string(file)).collect();
    Ok((files, Truth { changed: reported.changed, hidden: reported.set.hidden }))
}
