//! Why: what decided a verdict, as data. Reports word it; nothing computes it a second time.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Span;
use crate::text::escape;
use crate::workflow::{Glob, Place};

/// What happens to a workflow or step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It runs.
    Run,
    /// It does not: its conditions do not hold.
    Skip,
    /// It hangs on a value that only the server has; the reasons name it.
    Unknown,
    /// A workflow that requires one which is not there: the server drops it without a word.
    Dropped,
    /// The server refuses the whole pipeline.
    Error,
}

impl Verdict {
    /// `run`, `skip`, `unknown`, `dropped` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Skip => "skip",
            Self::Unknown => "unknown",
            Self::Dropped => "dropped",
            Self::Error => "error",
        }
    }
}

/// The key of a `when` entry that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clause {
    /// `matrix`
    Matrix,
    /// `platform`
    Platform,
    /// `environment`, of server 2.x
    Environment,
    /// `event`
    Event,
    /// `repo`
    Repo,
    /// `ref`
    Ref,
    /// `instance`
    Instance,
    /// `path`
    Path,
    /// `branch`
    Branch,
    /// `cron`
    Cron,
    /// `evaluate`
    Evaluate,
}

impl Clause {
    /// The key as it is written in a workflow.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Platform => "platform",
            Self::Environment => "environment",
            Self::Event => "event",
            Self::Repo => "repo",
            Self::Ref => "ref",
            Self::Instance => "instance",
            Self::Path => "path",
            Self::Branch => "branch",
            Self::Cron => "cron",
            Self::Evaluate => "evaluate",
        }
    }
}

/// What kind of fact a [`Reason`] is. The fields of the reason say which pattern, file and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// There are no conditions.
    Unconditional,
    /// The entry has no condition that is looked at for this event.
    Open,
    /// `pattern` of the clause matches `value`.
    Included,
    /// No pattern of the clause matches `value`.
    NotIncluded,
    /// `pattern` of the clause's exclude list matches `value`.
    Excluded,
    /// The clause has an exclude list only, and nothing in it matches `value`.
    NotExcluded,
    /// `file` changed, and matches `pattern` of the include list.
    FileIncluded,
    /// No changed file matches the include list.
    NoFileIncluded,
    /// `file` changed, and nothing in the exclude list matches it.
    FileCounts,
    /// Every changed file matches the exclude list; `file`, the first, matches `pattern`.
    AllFilesExcluded,
    /// `file` changed and matches `pattern` of the exclude list: before server 3.5.0 one such file is enough.
    AnyFileExcluded,
    /// No file changed, and `on_empty` (true unless given) lets such changes through.
    EmptyAllowed,
    /// No file changed, and `on_empty` is false.
    EmptyRefused,
    /// The message holds the text of `ignore_message`.
    MessageIgnored,
    /// `path` is not looked at for this event (`value`).
    PathNotRead,
    /// The expression is true.
    True,
    /// The expression is false.
    False,
    /// The expression fails: `value` says how.
    Fails,
    /// The result hangs on `value`, which only the server knows.
    NeedsServer,
    /// The message asks for no pipeline (`[skip ci]`).
    SkipCi,
    /// What the forge reports makes no pipeline.
    NoPipeline,
    /// The workflow does not run.
    WorkflowNotRun,
    /// The workflow requires workflow `value`, which is not there.
    RequiresMissing,
    /// The server adds this step itself.
    ServerAdded,
    /// A later step of the same name replaces this one: in a graph, names are keys (before the next release).
    Replaced,
    /// Nothing is left of the workflow: no step survives, and there is no clone or services stage.
    NothingLeft,
    /// The pipeline is refused; the problems say why.
    PipelineRefused,
}

impl Kind {
    /// The kind's name in JSON, in snake case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unconditional => "unconditional",
            Self::Open => "open",
            Self::Included => "included",
            Self::NotIncluded => "not_included",
            Self::Excluded => "excluded",
            Self::NotExcluded => "not_excluded",
            Self::FileIncluded => "file_included",
            Self::NoFileIncluded => "no_file_included",
            Self::FileCounts => "file_counts",
            Self::AllFilesExcluded => "all_files_excluded",
            Self::AnyFileExcluded => "any_file_excluded",
            Self::EmptyAllowed => "empty_allowed",
            Self::EmptyRefused => "empty_refused",
            Self::MessageIgnored => "message_ignored",
            Self::PathNotRead => "path_not_read",
            Self::True => "true",
            Self::False => "false",
            Self::Fails => "fails",
            Self::NeedsServer => "needs_server",
            Self::SkipCi => "skip_ci",
            Self::NoPipeline => "no_pipeline",
            Self::WorkflowNotRun => "workflow_not_run",
            Self::RequiresMissing => "requires_missing",
            Self::ServerAdded => "server_added",
            Self::Replaced => "replaced",
            Self::NothingLeft => "nothing_left",
            Self::PipelineRefused => "pipeline_refused",
        }
    }
}

/// One fact that decided.
///
/// It displays as a phrase (`docs/x.md` matches `docs/**`), with whatever came from the repository escaped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    /// What kind of fact.
    pub kind: Kind,
    /// The entry of the `when` list, from 0; `None` when it is not about an entry.
    pub entry: Option<u32>,
    /// The key of the entry.
    pub clause: Option<Clause>,
    /// The pattern, expression or text that decided, as the server read it.
    pub pattern: Option<String>,
    /// The changed file that decided.
    pub file: Option<Vec<u8>>,
    /// What the clause was held against: the branch, the event, an error.
    pub value: Option<String>,
    /// Where the deciding text stands, in the workflow's file.
    pub span: Option<Span>,
    /// The aliases it came through.
    pub via: Vec<Span>,
}

impl Reason {
    /// A fact of this kind and nothing else.
    pub fn new(kind: Kind) -> Self {
        Self { kind, entry: None, clause: None, pattern: None, file: None, value: None, span: None, via: Vec::new() }
    }

    pub(super) fn of(kind: Kind, clause: Clause) -> Self {
        Self { clause: Some(clause), ..Self::new(kind) }
    }

    /// The clause hangs on `name`, which only the server knows.
    pub(super) fn needs_server(clause: Clause, name: &str) -> Self {
        Self::of(Kind::NeedsServer, clause).value(name)
    }

    pub(super) fn at(mut self, place: &Place) -> Self {
        self.span = Some(place.span);
        self.via.clone_from(&place.via);
        self
    }

    pub(super) fn at_some(self, place: Option<&Place>) -> Self {
        match place {
            Some(place) => self.at(place),
            None => self,
        }
    }

    pub(super) fn by(mut self, glob: &Glob) -> Self {
        self.pattern = Some(glob.pattern.text().to_owned());
        self.at(&glob.place)
    }

    pub(super) fn file(mut self, file: &[u8]) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    pub(super) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}

impl Reason {
    /// The phrase, cut where it names the changed file: what stands before and after the name. Nothing after it: it names none.
    pub fn around_file(&self) -> (String, Option<String>) {
        // All else that came from the repository is escaped, so no other NUL can be in there.
        let phrase = Phrase { reason: self, file: '\0' }.to_string();
        match phrase.split_once('\0') {
            Some((before, after)) => (before.to_owned(), Some(after.to_owned())),
            None => (phrase, None),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Phrase { reason: self, file: escape(self.file.as_deref().unwrap_or_default()) }.fmt(f)
    }
}

/// A reason with `file` where it names the changed file.
struct Phrase<'r, F> {
    reason: &'r Reason,
    file: F,
}

impl<F: fmt::Display> fmt::Display for Phrase<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason;
        let key = reason.clause.map_or("", Clause::key);
        let pattern = escape(reason.pattern.as_deref().unwrap_or_default().as_bytes());
        let value = escape(reason.value.as_deref().unwrap_or_default().as_bytes());
        let file = &self.file;
        match reason.kind {
            Kind::Unconditional => write!(f, "no `when`: it always runs"),
            Kind::Open => write!(f, "the entry filters nothing"),
            Kind::Included if reason.value == reason.pattern => write!(f, "{key} is `{value}`"),
            Kind::Included => write!(f, "{key} `{value}` matches `{pattern}`"),
            Kind::NotIncluded => write!(f, "{key} `{value}` is not asked for"),
            Kind::Excluded => write!(f, "{key} `{value}` is excluded by `{pattern}`"),
            Kind::NotExcluded => write!(f, "{key} `{value}` is not excluded"),
            Kind::FileIncluded => write!(f, "`{file}` matches `{pattern}`"),
            Kind::NoFileIncluded => write!(f, "no changed file matches the include list"),
            Kind::FileCounts => write!(f, "`{file}` is not excluded"),
            Kind::AllFilesExcluded => write!(f, "every changed file is excluded: `{file}` by `{pattern}`"),
            Kind::AnyFileExcluded => {
                write!(f, "`{file}` is excluded by `{pattern}`: before 3.5.0 one excluded file is enough")
            }
            Kind::EmptyAllowed => write!(f, "no file changed, and `on_empty` is not false"),
            Kind::EmptyRefused => write!(f, "no file changed, and `on_empty` is false"),
            Kind::MessageIgnored => write!(f, "the message holds `{pattern}`, so no path is looked at"),
            Kind::PathNotRead => write!(f, "path is not looked at on {value}"),
            Kind::True => write!(f, "`{pattern}` is true"),
            Kind::False => write!(f, "`{pattern}` is false"),
            Kind::Fails => write!(f, "`{pattern}` fails: {value}"),
            Kind::NeedsServer => write!(f, "it hangs on `{value}`, which only the server knows"),
            Kind::SkipCi => write!(f, "the message asks for no pipeline"),
            Kind::NoPipeline => write!(f, "what the forge reports makes no pipeline"),
            Kind::WorkflowNotRun => write!(f, "its workflow does not run"),
            Kind::RequiresMissing => write!(f, "it requires workflow `{value}`, which does not run"),
            Kind::ServerAdded => write!(f, "the server adds it"),
            Kind::Replaced => write!(f, "a later step is named `{value}`, too, and takes its place"),
            Kind::NothingLeft => write!(f, "none of its steps is left"),
            Kind::PipelineRefused => write!(f, "the server refuses the whole pipeline"),
        }
    }
}
