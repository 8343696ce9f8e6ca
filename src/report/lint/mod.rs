//! What `lint` has to say.

#[cfg(feature = "cli")]
mod human;
mod json;

#[cfg(feature = "cli")]
pub use human::write_findings;
pub use json::write_findings_json;

use crate::diag::Problem;
use crate::source::Sources;

/// All that `lint` has to say.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// What is wrong.
    pub problems: &'a [Problem],
    /// The files that were looked at.
    pub files: &'a Sources,
}
