//! What the rules go by besides the rosters.

use super::Units;
use crate::glob::Pattern;
use crate::rule::Levels;

/// What the rules go by besides the rosters. The default is what a team gets that has configured nothing.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Classes beyond those that are known anyway ([`CLASSES`](super::CLASSES)).
    pub classes: Vec<String>,
    /// Runtimes beyond those that are known anyway ([`RUNTIMES`](super::RUNTIMES)).
    pub runtimes: Vec<String>,
    /// Transports beyond those that are known anyway ([`TRANSPORTS`](super::TRANSPORTS)).
    pub transports: Vec<String>,
    /// Keys, of rosters and of agents, beyond those that are known anyway.
    pub keys: Vec<String>,
    /// The profile of all rosters, whatever they say.
    pub profile: Option<String>,
    /// The profiles of rosters that do not say theirs, by a glob on the file's path. Of several that match, the longest counts.
    pub profiles: Vec<(Pattern, String)>,
    /// What systemd starts at boot; `None`: nobody asks.
    pub units: Option<Units>,
    /// Levels of rules, where they are not the rules' own.
    pub levels: Levels,
}
