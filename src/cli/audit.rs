//! `audit`: from a range of commits to a question, from the question to a record, and from that (or from shards) to an answer.

use std::fs;

use bstr::{BString, ByteSlice as _};

use super::args::{AuditArgs, AuditCommand, Common, HistoryArgs, MergeArgs, Report};
use super::case::{self, of_git};
use super::failure::Failure;
use super::{ExitStatus, Streams, input, settings};
use crate::audit::{self, Filter, Head, Question, Record, Replay, Shard, Tally};
use crate::change::Event;
use crate::config::Config;
use crate::forge::{self, BranchIs, Situation};
use crate::git::{Asked, Repository, Revision, Snapshot, Stretch, WorkflowFiles};
use crate::glob::Pattern;
use crate::plan::Terms;
use crate::report::{self, AuditAnswer};
use crate::text::escape;

/// How many commits are looked at unless something says where to stop.
const COMMITS: usize = 1000;

/// How many commits that were not looked at are named before the rest is counted.
const UNSEEN_NAMED: usize = 5;

pub(super) fn run(args: AuditArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    match args.command {
        Some(AuditCommand::Merge(merge)) => self::merge(&merge, common, streams),
        None => replay(&args.history, common, streams),
    }
}

fn replay(args: &HistoryArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let location = settings::location(common);
    let repository = Repository::open(&location).map_err(of_git)?;
    let mut notes = Vec::new();
    let stretch = stretch(args, &repository, &mut notes)?;
    let (named, tip) = repository.branch_and_id(stretch.tip.as_bstr()).map_err(of_git)?;
    let branch = args.branch.clone().or_else(|| named.clone()).or_else(|| repository.default_branch());
    if branch.is_none() {
        notes.push("the branch is not known: `--branch NAME` says it".to_owned());
    }
    let event = event(args)?;
    let server = args.server.version.or(config.woodpecker);
    let (forge, guess) = case::guessed(args.server.forge, &config, &repository)?;
    notes.extend(guess.clone());
    let rule = Situation::of(&event, false, false).map(|situation| forge::rule(forge, situation, server));
    let mut base = case::base(&args.known, &config, &repository)?;
    base.current.commit.git_ref = case::git_ref(&event, None, branch.as_deref()).unwrap_or_default();
    // What `when.branch` looks at.
    let mut seen = branch.clone();
    if event.is_of_pull_request() {
        let mut target = branch.clone();
        if rule.is_some_and(|rule| rule.branch == BranchIs::Source) {
            target = named.or_else(|| repository.default_branch());
            seen.clone_from(&args.branch);
            if seen.is_none() {
                notes.push(format!(
                    "`when.branch` sees the source branch of a pull request with {forge}, and which that was is not known \
                     (`--branch NAME`)"
                ));
            }
        }
        base.current.commit.refspec = format!(":{}", target.unwrap_or_default());
        if rule.is_none_or(|rule| rule.needs_title()) {
            notes.push("a pull request's title is not known: the message of its last commit stands in".to_owned());
        }
    }
    base.current.commit.branch = seen.unwrap_or_default();
    base.current.event = event.clone();
    let what_if = what_if(args, &config, &repository, &mut notes)?;
    let admitted = config.server.policy();
    let question = Question {
        location: &location,
        replay: if args.prs { Replay::PullRequests } else { Replay::Pushes },
        filter: Filter { author: args.author.clone(), paths: patterns(&args.paths)? },
        share: args.shard,
        asked: Asked {
            forge,
            limits: config.forge_limits,
            server,
            event: Some(event.clone()),
            branch: branch.clone(),
            ..Asked::default()
        },
        given: args.known.env.iter().cloned().collect(),
        terms: Terms { server, variables: &config.server.environment, policy: &admitted, findings: false },
        config_path: config.server.config_path.as_deref(),
        what_if,
        policies: &config.policies,
        threads: args.threads,
        stretch,
        base,
    };
    let (record, cut_off) = watched(&question, streams)?;
    if let Some(parent) = cut_off {
        let parent = parent.get(..10).unwrap_or(&parent);
        let takes_all = args.author.is_none() && args.paths.is_empty() && !args.prs && args.shard.is_none();
        if takes_all && record.commits.is_empty() && record.failures.is_empty() && record.unseen.is_empty() {
            let message =
                format!("nothing to look at: this clone is shallow, and ends before commit {}", escape(parent));
            return Err(Failure::new(message).help("fetch the history: `git fetch --unshallow`"));
        }
        notes.push(format!("the history ends before commit {}: this clone is shallow", escape(parent)));
    }
    if record.commits.is_empty() && record.failures.is_empty() && args.shard.is_none() {
        notes.extend(nothing_counts(args));
    }
    let head = Head {
        repository: Some(question.base.repo.full_name()).filter(|name| !name.is_empty()),
        branch,
        tip,
        without: question.stretch.without.as_ref().map(|without| escape(without).to_string()),
        event: event.to_string(),
        pull_requests: args.prs,
        woodpecker: server.to_string(),
        forge: forge.to_string(),
        guess,
        gates: args.gates.as_ref().map(|gates| match gates.as_encoded_bytes() {
            b"worktree" => "the working tree".to_owned(),
            revision => escape(revision).to_string(),
        }),
        since: args.since,
        max: question.stretch.max,
        author: args.author.clone(),
        paths: args.paths.clone(),
        policies: config.policies.iter().map(|policy| policy.name.clone()).collect(),
        costs: config.costs.clone(),
        notes: if common.quiet { Vec::new() } else { notes },
    };
    if let Some((number, of)) = args.shard {
        let failed = !record.failures.is_empty();
        serde_json::to_writer(&mut *streams.out, &Shard::new(head, number, of, record))
            .map_err(std::io::Error::from)?;
        writeln!(streams.out)?;
        return Ok(if failed { ExitStatus::Failed } else { ExitStatus::Clean });
    }
    answer(head, &record, args.format, common, streams)
}

fn merge(args: &MergeArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let mut shards = Vec::with_capacity(args.files.len());
    for file in &args.files {
        let path = common.directory.join(file);
        let name = escape(file.as_os_str().as_encoded_bytes()).to_string();
        let text = fs::read(&path).map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
        shards.push(Shard::parse(&text).map_err(|error| Failure::new(format!("`{name}`: {error}")))?);
    }
    let (head, record) = audit::merge(shards).map_err(|error| match error {
        audit::MergeError::Different(at) => {
            let name = args.files.get(at).map(|file| escape(file.as_os_str().as_encoded_bytes()).to_string());
            Failure::new(format!("`{}` is a shard of another audit than the first", name.unwrap_or_default()))
                .help("give the shards of one audit: the same range, options and configuration")
        }
        error => Failure::new(error.to_string()),
    })?;
    answer(head, &record, args.format, common, streams)
}

fn answer(
    mut head: Head,
    record: &Record,
    format: Report,
    common: &Common,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Failure> {
    head.notes.extend(unseen(record).into_iter().filter(|_| !common.quiet));
    let tally = Tally::of(record, &head.costs, head.policies.len());
    let answer = AuditAnswer { head: &head, record, tally: &tally };
    match format {
        Report::Human => report::write_audit(streams.out, &answer, streams.style)?,
        Report::Json => report::write_audit_json(streams.out, &answer)?,
        Report::Markdown => report::write_audit_markdown(streams.out, &answer)?,
        Report::Csv => {
            report::write_audit_csv(streams.out, &answer)?;
            // A table of rows has no place for them.
            for note in &head.notes {
                writeln!(streams.err, "note: {note}")?;
            }
        }
        Report::Html => report::write_audit_html(streams.out, &answer)?,
    }
    for failure in &record.failures {
        let hex = failure.hex();
        writeln!(streams.err, "error: commit {}: {}", hex.get(..10).unwrap_or(&hex), failure.message)?;
    }
    Ok(if !record.failures.is_empty() {
        ExitStatus::Failed
    } else if tally.broken() > 0 {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    })
}

/// A note for each of the first commits whose history is not there, and for the rest together.
fn unseen(record: &Record) -> Vec<String> {
    let note = |commit: &audit::Failure| {
        let hex = commit.hex();
        format!("commit {} was not looked at: {}", hex.get(..10).unwrap_or(&hex), commit.message)
    };
    let more = record.unseen.len().saturating_sub(UNSEEN_NAMED);
    let more = (more > 0).then(|| format!("… and so with {more} more commits"));
    record.unseen.iter().take(UNSEEN_NAMED).map(note).chain(more).collect()
}

/// Runs `question`, and shows how far it is where somebody watches.
fn watched(question: &Question<'_>, streams: &Streams<'_>) -> Result<(Record, Option<String>), Failure> {
    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
    let target = if streams.progress { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{spinner} {human_pos} commits, {per_sec} ({elapsed})");
    let bar = ProgressBar::with_draw_target(None, target);
    bar.set_style(style.expect("internal: a good template"));
    let result = audit::run(question, &|count| bar.inc(count as u64));
    bar.finish_and_clear();
    result.map_err(|error| Failure::new(error.to_string()))
}

/// Why no commit counts, if that is by what was asked for.
fn nothing_counts(args: &HistoryArgs) -> Option<String> {
    let by = args.author.as_ref().map(|author| format!("is by `{}` (`--author`)", escape(author)));
    let globs = args.paths.iter().map(|glob| format!("`{}`", escape(glob))).collect::<Vec<_>>().join(" or ");
    let path = (!globs.is_empty()).then(|| format!("changes a file that {globs} matches (`--path`)"));
    let said = by.into_iter().chain(path).collect::<Vec<_>>().join(" and ");
    let is_folder = |glob: &String| !glob.contains(['*', '?', '[', '{']);
    let hint = match args.paths.iter().find(|glob| is_folder(glob)) {
        Some(folder) => format!("; what is in a folder is `{}/**`", escape(folder.trim_end_matches('/'))),
        None => String::new(),
    };
    (!said.is_empty()).then(|| format!("no commit that was looked at {said}{hint}"))
}

/// Which commits.
fn stretch(args: &HistoryArgs, repository: &Repository, notes: &mut Vec<String>) -> Result<Stretch, Failure> {
    let (tip, without): (BString, _) = match &args.range {
        None => (default_tip(repository, notes), None),
        Some(range) => match Revision::parse(range.as_encoded_bytes()).map_err(of_git)? {
            Revision::Commit(tip) => (tip, None),
            Revision::Push { old, new } => (new, Some(old)),
            Revision::PullRequest { .. } => {
                let message = "an audit replays a history, `A..B`: `A...B` is one pull request";
                return Err(Failure::new(message).help("`wp-gate explain A...B` looks at that one"));
            }
        },
    };
    let max = match args.max {
        Some(0) => None,
        Some(max) => Some(max),
        None if without.is_some() || args.since.is_some() => None,
        None => Some(COMMITS),
    };
    Ok(Stretch { tip, without, since: args.since, max })
}

/// The default branch, here or at the remote; else what is checked out.
fn default_tip(repository: &Repository, notes: &mut Vec<String>) -> BString {
    let branch = repository.default_branch();
    let names = branch.iter().flat_map(|name| [format!("refs/heads/{name}"), format!("refs/remotes/origin/{name}")]);
    if let Some(tip) = { names }.find(|name| repository.has(name)) {
        return tip.into();
    }
    notes.push("the default branch is not known: the history of HEAD is replayed".to_owned());
    "HEAD".into()
}

fn event(args: &HistoryArgs) -> Result<Event, Failure> {
    match &args.event {
        Some(name) => Event::known(name).map_err(|error| Failure::new(error.to_string()).help(error.help())),
        None if args.prs => Ok(Event::PullRequest),
        None => Ok(Event::Push),
    }
}

fn what_if(
    args: &HistoryArgs,
    config: &Config,
    repository: &Repository,
    notes: &mut Vec<String>,
) -> Result<Option<WorkflowFiles>, Failure> {
    let Some(asked) = &args.gates else { return Ok(None) };
    let gates = match asked.as_encoded_bytes() {
        b"worktree" => Snapshot::Worktree,
        revision => Snapshot::Revision(revision.into()),
    };
    let mut found = repository.workflow_files(&gates, config.server.config_path.as_deref()).map_err(of_git)?;
    notes.append(&mut found.notes);
    Ok(Some(found))
}

fn patterns(globs: &[String]) -> Result<Vec<Pattern>, Failure> {
    globs.iter().map(|glob| input::glob("--path", glob)).collect()
}
