//! What all rules share, whatever files they are about: a name, a group, a level and a page; the levels that a team sets; suppressions; a
//! baseline.
//!
//! | file | does |
//! | --- | --- |
//! | `about` | what a rule is: [`Rule`], [`Group`], [`Level`], [`Levels`] |
//! | `baseline` | findings that are known, and not shown again |
//! | `allow` | `# wp-gate: allow(ID): reason` |
//! | `declared` | `# wp-gate: inputs(GLOB, ...)` |
//! | `unused_allow` | the rule about suppressions themselves |
//! | `settle` | what was found in a file, as it is reported |
//!
//! The rules themselves, and how they find their flaws, are in the rooms above: `lint` for workflow files, `fleet` for rosters.

mod about;
mod allow;
mod baseline;
mod declared;
mod settle;
mod unused_allow;

pub(crate) use about::Echo;
pub use about::{Group, Level, Levels, Rule};
pub(crate) use allow::Allows;
pub use baseline::{Baseline, BaselineError};
pub(crate) use declared::{Declared, declared};
pub(crate) use settle::settle;
pub(crate) use unused_allow::UNUSED_ALLOW;
