//! What a rule is.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diag::{Problem, Severity};

/// A kind of flaw: how it is called, and how it is found.
///
/// `C` is how a room finds it, which only that room knows. `Rule` alone is what people know of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule<C: 'static = ()> {
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
    /// What the server's schema says of the same flaw, in vaguer words, if it does: it is not told where the rule has spoken.
    pub(crate) echo: Option<Echo>,
    /// How it is found. None: reading the files finds it (the server's own findings, and suppressions).
    pub(crate) checks: &'static [C],
}

/// Which findings of the server's schema only repeat what a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Echo {
    /// Those about the same bytes.
    SameBytes,
    /// Those that this key is missing, from the map that the rule speaks of.
    Missing(&'static str),
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
    /// What a build reads, and the filter over it does not know of.
    Closure,
    /// What is wrong with a fleet manifest.
    Fleet,
}

impl Group {
    /// The groups: of workflow files the gravest first, then those of rosters.
    pub const ALL: [Self; 6] =
        [Self::Server, Self::Correctness, Self::Suspicious, Self::Habit, Self::Closure, Self::Fleet];

    /// `server`, `correctness`, `suspicious`, `habit`, `closure` or `fleet`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Correctness => "correctness",
            Self::Suspicious => "suspicious",
            Self::Habit => "habit",
            Self::Closure => "closure",
            Self::Fleet => "fleet",
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
    /// The levels, the mildest first.
    pub const ALL: [Self; 4] = [Self::Off, Self::Note, Self::Warn, Self::Error];

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

/// The levels that a team has set, by rule.
pub type Levels = BTreeMap<String, Level>;

impl<C> Rule<C> {
    /// Its level where a team has set `levels`.
    pub fn level_in(&self, levels: &Levels) -> Level {
        levels.get(self.id).copied().unwrap_or(self.level)
    }

    /// Whether it is looked for where a team has set `levels`.
    pub fn is_on(&self, levels: &Levels) -> bool {
        self.level_in(levels) != Level::Off
    }

    /// What people know of it.
    pub(crate) const fn about(&self) -> Rule {
        let Self { id, group, level, since, summary, page, .. } = *self;
        Rule { id, group, level, since, summary, page, echo: None, checks: &[] }
    }

    /// A finding of this rule, with no place yet.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        // A rule that is off by default finds something only where the configuration turns it on, and then that level counts.
        let severity = self.level.severity().unwrap_or(Severity::Note);
        Problem { severity, ..Problem::error(self.id, message) }
    }
}

impl Rule {
    /// The rule called `id` among `rules`, which are sorted by their names.
    pub(crate) fn find<'r>(rules: &'r [Self], id: &str) -> Option<&'r Self> {
        rules.binary_search_by(|rule| rule.id.cmp(id)).ok().and_then(|at| rules.get(at))
    }
}
