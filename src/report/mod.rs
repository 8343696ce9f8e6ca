//! Answers in the form that is asked for: for people (`human`), for programs (`json`).
//!
//! Everything here writes to an [`std::io::Write`] and knows neither terminals nor files. Whatever came from a repository is escaped
//! on its way to people ([`crate::text::escape`]); JSON carries it as it is. What draws for people comes with the feature `cli`: the
//! library alone stays lean.

mod explain;
mod fleet;
#[cfg(feature = "cli")]
mod frame;
#[cfg(feature = "cli")]
mod graph;
#[cfg(feature = "cli")]
mod human;
mod json;
mod lint;
mod rules;
#[cfg(feature = "cli")]
mod style;

pub use explain::Explanation;
#[cfg(feature = "cli")]
pub use fleet::write_fleet;
pub use fleet::{FleetAnswer, Unread, write_fleet_json};
#[cfg(feature = "cli")]
pub use frame::write_problem;
#[cfg(feature = "cli")]
pub use graph::{Diagram, write_graph, write_graph_dot, write_graph_json, write_graph_mermaid, write_graph_svg};
#[cfg(feature = "cli")]
pub use human::write_explanation;
pub use json::{SCHEMA_VERSION, write_explanation as write_explanation_json};
#[cfg(feature = "cli")]
pub use lint::write_findings;
pub use lint::{Findings, write_findings_json};
#[cfg(feature = "cli")]
pub use rules::write_rules;
pub use rules::write_rules_json;
#[cfg(feature = "cli")]
pub use style::{Paint, Style};
