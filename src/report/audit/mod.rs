//! `audit` in its forms.
//!
//! | file | form |
//! | --- | --- |
//! | `human` | a table, policies and differences, at a terminal |
//! | `json` | for programs; `docs/audit.schema.json` |
//! | `markdown` | for the summary of a job |
//! | `csv` | a line for each commit and step, for spreadsheets |
//! | `html`, `page/` | a page that loads nothing |
//! | `facts`, `names`, `figures` | what they share |

#[cfg(feature = "cli")]
mod csv;
#[cfg(feature = "cli")]
mod facts;
#[cfg(feature = "cli")]
mod figures;
#[cfg(feature = "cli")]
mod html;
#[cfg(feature = "cli")]
mod human;
mod json;
#[cfg(feature = "cli")]
mod markdown;
#[cfg(feature = "cli")]
mod names;

#[cfg(feature = "cli")]
pub use csv::write_audit_csv;
#[cfg(feature = "cli")]
pub use html::write_audit_html;
#[cfg(feature = "cli")]
pub use human::write_audit;
pub use json::write_audit_json;
#[cfg(feature = "cli")]
pub use markdown::write_audit_markdown;

use crate::audit::{Head, Record, Tally};

/// All that `audit` has to say.
#[derive(Clone, Copy, Debug)]
pub struct AuditAnswer<'a> {
    /// What it was about.
    pub head: &'a Head,
    /// The rows.
    pub record: &'a Record,
    /// What they come to.
    pub tally: &'a Tally,
}
