//! Fleet manifests ("rosters"): which agents run on a host, and what is wrong with the list.
//!
//! ```text
//! text -> lower.rs     Roster (roster.rs) and what is wrong with its form
//!         profile.rs   the roster's profile: given, written, mapped, or the file's name
//!         rules/       what is wrong with what it says: one file a rule, with its page beside it
//! DIR  -> units.rs     which agents systemd starts at boot (systemd.rs: what its names may hold)
//!         check.rs     all of it, for many rosters at once
//! ```
//!
//! A roster is one YAML document, which JSON is, too. Reading never stops at a problem: what can be said about the rest is said. Where a
//! problem hides what a rule would count (an agent that cannot be read may be the orchestrator), the rule keeps silent.
//!
//! The rule that gave the room its purpose is R5: exactly one agent has class `orchestrator`, but for the `minimal` profile.

mod check;
mod lower;
mod profile;
mod roster;
mod rules;
mod settings;
mod systemd;
mod units;

pub use check::{Checked, CheckedRoster, check};
pub use lower::lower;
pub use profile::{MINIMAL, Profile};
pub use roster::{Agent, Agents, Key, Roster, Slot};
pub use rules::{CLASSES, RUNTIMES, TRANSPORTS, VERSION, rules};
pub use settings::Settings;
pub use systemd::{MAX_NAME, NameFault, escape_instance, instance_fault, unit_name};
pub use units::{Enabled, State, Units, UnitsError};

#[cfg(test)]
mod tests;
