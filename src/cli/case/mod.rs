//! A change, the workflows that decide about it, and what is assumed: what `explain` and its like are asked about.

mod otherwise;
mod subject;

pub(super) use subject::{base, git_ref, guessed};

use std::ffi::OsString;
use std::io::Read;

use bstr::{BStr, ByteSlice as _};

use super::args::{ChangeArgs, Common};
use super::failure::Failure;
use super::{input, settings};
use crate::admission::{self, Setting};
use crate::change::{Hidden, Metadata};
use crate::config::Config;
use crate::diag::Problem;
use crate::git::{self, Repository, Snapshot};
use crate::plan::{self, Context, Plan};
use crate::policy::Policy;
use crate::report::PolicyAnswer;
use crate::server::Version;
use crate::source::{MAX_LEN, Source, Sources};
use crate::text::{escape, to_server_string};

pub(super) use subject::{Predicted, Truth, repository_name};

use subject::{Subject, Unlike};

/// All that decides what would run.
pub(super) struct Case {
    pub config: Config,
    pub server: Version,
    /// The change.
    pub context: Context,
    /// What the forge's list leaves out, if it is not all that changed.
    unlike: Option<Unlike>,
    /// Whether the forge's report makes a pipeline.
    pipeline: bool,
    /// The workflow files.
    pub files: Sources,
    /// What the server's administrator allows.
    pub policy: admission::Policy,
    /// What the change was taken from, and what was assumed: whole phrases, safe to print.
    notes: Vec<String>,
    quiet: bool,
}

impl Case {
    /// The case that `args` name.
    pub(super) fn read(args: &ChangeArgs, common: &Common, stdin: &mut dyn Read) -> Result<Self, Failure> {
        let config = settings::load(common)?;
        let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
        let subject = Subject::read(args, &config, &repository, stdin)?;
        Self::of(subject, config, &repository, args, common)
    }

    /// The case that a server has recorded, and of which git may know the `truth`.
    pub(super) fn recorded(
        metadata: Metadata,
        truth: Option<Truth>,
        args: &ChangeArgs,
        common: &Common,
    ) -> Result<Self, Failure> {
        let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
        let config = settings::load(common)?;
        Self::of(Subject::Recorded(Box::new(metadata), truth), config, &repository, args, common)
    }

    fn of(
        subject: Subject,
        config: Config,
        repository: &Repository,
        args: &ChangeArgs,
        common: &Common,
    ) -> Result<Self, Failure> {
        let server = args.subject.server.version.or(config.woodpecker);
        let mut notes = Vec::new();
        let gates = gates(args.gates.as_ref(), &subject, repository, &mut notes)?;
        let files = workflows(repository, &gates, &config, &mut notes)?;
        let mut policy = config.server.policy();
        if let (Subject::Recorded(metadata, _), Setting::Unknown) = (&subject, &policy.trust) {
            policy.trust = Setting::Known(metadata.repo.trusted.into());
        }
        let pipeline = subject.pipeline();
        let (context, unlike) = subject.context(args, &config, repository, &mut notes)?;
        if common.quiet {
            notes.clear();
        }
        Ok(Self { config, server, context, unlike, pipeline, files, policy, notes, quiet: common.quiet })
    }

    /// Puts `notes` before the others.
    pub(super) fn note_first(&mut self, notes: Vec<String>) {
        if !self.quiet {
            self.notes.splice(..0, notes);
        }
    }

    /// What the server would do.
    pub(super) fn plan(&self) -> Plan {
        self.plan_of(&self.context)
    }

    fn plan_of(&self, context: &Context) -> Plan {
        let Self { server, files, policy, config, .. } = self;
        let variables = &config.server.environment;
        let request = plan::Request { server: *server, context, variables, policy, findings: false };
        let plan = plan::plan(files, &request).obey_skip_ci();
        if self.pipeline { plan } else { plan.without_pipeline() }
    }

    /// How the configured policies stand to the change, of which `plan` says what happens.
    pub(super) fn judge(&self, plan: &Plan) -> Vec<PolicyAnswer> {
        let policies = self.config.policies.iter();
        let answer = |policy: &Policy| PolicyAnswer {
            name: policy.name.clone(),
            outcome: policy.check(&self.context, plan, self.server),
            unlisted: policy.changes.unlisted(&self.context).and_then(|path| self.why_unlisted(path)),
        };
        policies.map(answer).collect()
    }

    /// The changed file `path` that is not listed, with the reason.
    fn why_unlisted(&self, path: &BStr) -> Option<Hidden> {
        self.unlike.as_ref()?.hidden.iter().find(|hidden| hidden.path == path).cloned()
    }

    /// What is wrong with the policies themselves: promises about names that are not in `plan`.
    pub(super) fn policy_flaws(&self, plan: &Plan) -> Vec<Problem> {
        // Of a file that cannot be read, no step is known.
        let policies = self.config.policies.iter().filter(|_| !plan.is_refused());
        policies.filter_map(|policy| policy.unnamed_problem(plan)).collect()
    }

    /// The notes, and where `plan` would be another if the forge listed all that changed: one more for each step.
    pub(super) fn notes(&self, plan: &Plan) -> Vec<String> {
        let mut notes = self.notes.clone();
        if let Some(unlike) = self.unlike.as_ref().filter(|_| !self.quiet && self.pipeline) {
            notes.extend(otherwise::notes(self, plan, &self.plan_of(&unlike.by_git)));
        }
        notes
    }
}

/// What the git room says, for people.
#[expect(clippy::needless_pass_by_value, reason = "it is made for `map_err`")]
pub(super) fn of_git(error: git::Error) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        git::Error::NoRepository { .. } => failure.help("run it in a repository, or name one with `-C DIR`"),
        _ => failure,
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
        && matches!(subject, Subject::Recorded(..))
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
pub(super) fn workflows(
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
        debug_assert!(file.bytes.len() <= MAX_LEN, "the git room bounds files");
        files.add(Source::from_bytes(to_server_string(&file.path), file.bytes));
    }
    Ok(files)
}

/// Paths on standard input, one a line or each ended by NUL.
fn paths(stdin: &mut dyn Read) -> Result<crate::change::ChangedFiles, Failure> {
    let list = input::bounded(stdin, input::MAX_PATHS)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    let list = list.ok_or_else(|| Failure::new("the list of paths is longer than 32 MiB"))?;
    Ok(crate::change::ChangedFiles::parse(list.as_bytes()))
}
