//! What a rule is.

use serde::Deserialize;

use super::context::Context;
use super::reading::{Gate, GlobUse, Pipeline, Reading};
use crate::change::ChangedFiles;
use crate::diag::{Problem, Severity};
use crate::workflow::File;

/// A kind of flaw: how it is called, and how it is found.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which people search for, configure and suppress. It names the flaw.
    pub id: &'static str,
    /// What sort of flaw it is.
    pub group: Group,
    /// How bad it is, unless the configuration says otherwise.
    pub level: Level,
    /// The version of wp-gate that has it first.
    pub since: &'static str,
    /// What it finds, as a phrase.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub page: &'static str,
    /// How it is found. None: reading the files finds it (the server's own findings, and suppressions).
    pub(super) checks: &'static [Check],
}

/// What sort of flaw a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What the server itself reports.
    Server,
    /// What cannot be meant.
    Correctness,
    /// What is likely not meant.
    Suspicious,
    /// What could be better.
    Habit,
}

impl Group {
    /// The groups, the gravest first.
    pub const ALL: [Self; 4] = [Self::Server, Self::Correctness, Self::Suspicious, Self::Habit];

    /// `server`, `correctness`, `suspicious` or `habit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Correctness => "correctness",
            Self::Suspicious => "suspicious",
            Self::Habit => "habit",
        }
    }
}

/// How bad the findings of a rule are taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is not looked for.
    Off,
    /// Worth knowing.
    Note,
    /// Likely wrong.
    Warn,
    /// Wrong.
    Error,
}

impl Level {
    /// `off`, `note`, `warn` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The severity of a finding; `None` when there is none to be.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warn => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// How a rule finds its flaws: by what it looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// The file as it was written.
    File(fn(&File<'_>, &Context<'_>, &mut Vec<Problem>)),
    /// Each workflow that the file makes.
    Workflow(fn(&Reading<'_>, &mut Vec<Problem>)),
    /// Each `when`, of the workflow and of its steps.
    Gate(fn(&Gate<'_>, &mut Vec<Problem>)),
    /// Each glob in a `when`.
    Glob(fn(&GlobUse<'_>, &mut Vec<Problem>)),
    /// Each path glob in a `when`, held against the files that git tracks.
    TrackedGlob(fn(&GlobUse<'_>, &ChangedFiles, &mut Vec<Problem>)),
    /// The workflows of a folder together.
    Pipeline(fn(&Pipeline<'_>, &mut Vec<Problem>)),
}

impl Rule {
    /// Whether its flaws would be found, with what is known.
    pub(super) fn is_looked_for(&self, context: &Context<'_>) -> bool {
        let can = |check: &Check| match check {
            Check::TrackedGlob(_) => context.tracked.is_some(),
            Check::Pipeline(_) => context.whole,
            Check::File(_) | Check::Workflow(_) | Check::Gate(_) | Check::Glob(_) => true,
        };
        context.is_on(self) && (self.checks.is_empty() || self.checks.iter().any(can))
    }

    /// A finding of this rule, with no place yet.
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        // A rule that is off by default finds something only where the configuration turns it on, and then that level counts.
        let severity = self.level.severity().unwrap_or(Severity::Note);
        Problem { severity, ..Problem::error(self.id, message) }
    }
}
