//! `explain`: from what was typed to a plan, and from the plan to an answer.

mod change;

use std::ffi::OsString;

use bstr::ByteSlice as _;

use super::args::{Common, Expect, ExplainArgs, Format};
use super::failure::Failure;
use super::{ExitStatus, Streams, input, settings};
use crate::admission::Setting;
use crate::config::Config;
use crate::git::{self, Repository, Snapshot};
use crate::glob::Pattern;
use crate::plan::{self, Plan, Verdict};
use crate::report::{self, Explanation};
use crate::source::{MAX_LEN, Source, Sources};
use crate::text::{escape, to_server_string};

use change::Subject;

pub(super) fn run(args: &ExplainArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let server = args.woodpecker.or(config.woodpecker).unwrap_or_default();
    let step = args.step.as_deref().map(pattern).transpose()?;
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;

    let subject = Subject::read(args, &repository, streams.input)?;
    let mut notes = Vec::new();
    let gates = gates(args.gates.as_ref(), &subject, &repository, &mut notes)?;
    let files = workflows(&repository, &gates, &config, &mut notes)?;
    let mut policy = config.server.policy();
    if let (Subject::Recorded(metadata), Setting::Unknown) = (&subject, &policy.trust) {
        policy.trust = Setting::Known(metadata.repo.trusted.into());
    }
    let context = subject.context(args, &config, &repository, &mut notes)?;
    let request = plan::Request {
        server,
        context: &context,
        variables: &config.server.environment,
        policy: &policy,
        findings: false,
    };
    let plan = plan::plan(&files, &request).obey_skip_ci();
    if common.quiet {
        notes.clear();
    }
    let explanation =
        Explanation { context: &context, notes: &notes, plan: &plan, files: &files, server, step: step.as_ref() };
    match args.format {
        Format::Human => report::write_explanation(streams.out, &explanation, streams.style)?,
        Format::Json => report::write_explanation_json(streams.out, &explanation)?,
    }
    let expected = match (args.expect, &step) {
        (Some(expect), Some(step)) => Some(meets(expect, step, &plan, streams)?),
        _ => None,
    };
    Ok(match expected {
        Some(true) => ExitStatus::Clean,
        None if !plan.is_refused() => ExitStatus::Clean,
        Some(false) | None => ExitStatus::Findings,
    })
}

/// What the git room says, for people.
#[expect(clippy::needless_pass_by_value, reason = "it is made for `map_err`")]
pub(super) fn of_git(error: git::Error) -> Failure {
    Failure::new(error.to_string())
}

fn pattern(text: &str) -> Result<Pattern, Failure> {
    let pattern = Pattern::parse(text);
    match pattern.error() {
        Some(error) => Err(Failure::new(format!("`--step {}`: {error}", escape(text)))),
        None => Ok(pattern),
    }
}

/// Whose workflows decide.
fn gates(
    asked: Option<&OsString>,
    subject: &Subject,
    repository: &Repository,
    notes: &mut Vec<String>,
) -> Result<Snapshot, Failure> {
    if let Some(asked) = asked {
        return Ok(match asked.as_encoded_bytes() {
            b"worktree" => Snapshot::Worktree,
            revision => Snapshot::Revision(revision.into()),
        });
    }
    let own = subject.gates();
    if let Snapshot::Revision(revision) = &own
        && matches!(subject, Subject::Recorded(_))
        && repository.workflow_files(&own, None).is_err()
    {
        notes.push(format!(
            "commit {} is not in this repository: the workflows of the working tree decide",
            escape(revision.as_bytes())
        ));
        return Ok(Snapshot::Worktree);
    }
    if own == Snapshot::Worktree && repository.workdir().is_none() {
        return Err(
            Failure::new("a bare repository has no working tree").help("say whose workflows decide: `--gates REV`")
        );
    }
    Ok(own)
}

/// The workflow files, as sources.
fn workflows(
    repository: &Repository,
    gates: &Snapshot,
    config: &Config,
    notes: &mut Vec<String>,
) -> Result<Sources, Failure> {
    let found = repository.workflow_files(gates, config.server.config_path.as_deref()).map_err(of_git)?;
    notes.extend(found.notes);
    if found.place.is_none() {
        notes.push(
            "there is no `.woodpecker/` folder with workflows, no `.woodpecker.yaml` and no `.woodpecker.yml`"
                .to_owned(),
        );
    }
    let mut files = Sources::new();
    for file in found.files {
        let name = to_server_string(&file.path);
        let text = String::from_utf8(file.bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let message = format!("`{}` is not UTF-8, from byte {at} on", escape(&name));
            Failure::new(message).help("save the file as UTF-8; the server cannot read it either")
        })?;
        debug_assert!(text.len() <= MAX_LEN, "the git room bounds files");
        files.add(Source::new(name, text));
    }
    Ok(files)
}

/// Whether every step that `pattern` names has the expected verdict; says on standard error which has not.
fn meets(expect: Expect, pattern: &Pattern, plan: &Plan, streams: &mut Streams<'_>) -> Result<bool, Failure> {
    let wanted = match expect {
        Expect::Run => Verdict::Run,
        Expect::Skip => Verdict::Skip,
    };
    let named = |name: &str| pattern.is_match(name.as_bytes());
    let steps: Vec<_> = plan
        .workflows
        .iter()
        .flat_map(|workflow| workflow.steps.iter().map(move |step| (workflow, step)))
        .filter(|(_, step)| named(&step.name))
        .collect();
    if steps.is_empty() {
        let message = format!("no step is named `{}`", escape(pattern.text()));
        return Err(Failure::new(message).help("`wp-gate explain` lists the steps"));
    }
    let mut met = true;
    for (workflow, step) in steps.iter().filter(|(_, step)| step.verdict != wanted) {
        met = false;
        writeln!(
            streams.err,
            "step `{}` of workflow `{}`: expected {}, got {}",
            escape(&step.name),
            escape(&workflow.name),
            wanted.name(),
            step.verdict.name(),
        )?;
    }
    Ok(met)
}

/// Paths on standard input, one a line or each ended by NUL.
fn paths(stdin: &mut dyn std::io::Read) -> Result<crate::change::ChangedFiles, Failure> {
    let list = input::bounded(stdin, input::MAX_PATHS)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    let list = list.ok_or_else(|| Failure::new("the list of paths is longer than 32 MiB"))?;
    Ok(crate::change::ChangedFiles::parse(list.as_bytes()))
}
