//! What the rules go by besides the rosters.

use std::collections::BTreeMap;

use super::Units;
use super::rules::Rule;
use crate::diag::Severity;
use crate::glob::Pattern;

/// What the rules go by besides the rosters. The default is what a team gets that has configured nothing.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Classes beyond those that are known anyway ([`rules::CLASSES`](super::rules::CLASSES)).
    pub classes: Vec<String>,
    /// Runtimes beyond those that are known anyway ([`rules::RUNTIMES`](super::rules::RUNTIMES)).
    pub runtimes: Vec<String>,
    /// Transports beyond those that are known anyway ([`rules::TRANSPORTS`](super::rules::TRANSPORTS)).
    pub transports: Vec<String>,
    /// Keys, of rosters and of agents, beyond those that are known anyway.
    pub keys: Vec<String>,
    /// The profile of all rosters, whatever they say.
    pub profile: Option<String>,
    /// The profiles of rosters that do not say theirs, by a glob on the file's path. Of several that match, the longest counts.
    pub profiles: Vec<(Pattern, String)>,
    /// What systemd starts at boot; `None`: nobody asks.
    pub units: Option<Units>,
    /// Levels of rules by their id, where they are not the default ones; `None` turns a rule off.
    pub levels: BTreeMap<String, Option<Severity>>,
}

impl Settings {
    /// The severity of what `rule` finds; `None` when it is off.
    pub fn level(&self, rule: &Rule) -> Option<Severity> {
        self.levels.get(rule.id).copied().unwrap_or(rule.level)
    }
}
