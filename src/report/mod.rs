//! Answers in the form that is asked for: for people (`human`), for programs (`json`), and findings for the machines that show them beside the
//! code (`findings`).
//!
//! Everything here writes to an [`std::io::Write`] and knows neither terminals nor files. Whatever came from a repository is escaped
//! on its way to people ([`crate::text::escape`]); JSON carries it as it is. What draws for people comes with the feature `cli`: the
//! library alone stays lean.

mod audit;
mod changes;
#[cfg(feature = "cli")]
mod check;
#[cfg(feature = "cli")]
mod diff;
mod differences;
mod explain;
#[cfg(feature = "cli")]
mod fact;
mod findings;
#[cfg(feature = "cli")]
mod frame;
#[cfg(feature = "cli")]
mod graph;
#[cfg(feature = "cli")]
mod human;
mod json;
mod markdown;
mod policies;
mod proofs;
mod rules;
#[cfg(feature = "cli")]
mod style;

pub use audit::{AuditAnswer, write_audit_json};
#[cfg(feature = "cli")]
pub use audit::{write_audit, write_audit_csv, write_audit_html, write_audit_markdown};
#[cfg(feature = "cli")]
pub use changes::write_changes;
pub use changes::{Changes, write_changes_json};
#[cfg(feature = "cli")]
pub use check::{CheckAnswer, CheckSection, write_check, write_check_json, write_check_markdown};
#[cfg(feature = "cli")]
pub use diff::write_diff;
#[cfg(feature = "cli")]
pub use differences::write_differences;
pub use differences::{
    Differences, Replay, ReplayedCommit, UnseenCommit, write_differences_json, write_differences_markdown,
};
pub use explain::Explanation;
#[cfg(feature = "cli")]
pub use findings::write_findings;
pub use findings::{
    Findings, Unread, write_findings_github, write_findings_json, write_findings_junit, write_findings_markdown,
    write_findings_sarif,
};
#[cfg(feature = "cli")]
pub use frame::write_problem;
#[cfg(feature = "cli")]
pub use graph::{Diagram, write_graph, write_graph_dot, write_graph_json, write_graph_mermaid, write_graph_svg};
#[cfg(feature = "cli")]
pub use human::{outcome_line, write_explanation};
pub use json::{SCHEMA_VERSION, write_explanation as write_explanation_json};
pub use policies::PolicyAnswer;
#[cfg(feature = "cli")]
pub use policies::standing;
#[cfg(feature = "cli")]
pub use proofs::write_proofs;
pub use proofs::{Proofs, write_proofs_json};
#[cfg(feature = "cli")]
pub use rules::write_rules;
pub use rules::write_rules_json;
#[cfg(feature = "cli")]
pub use style::{Paint, Style};

/// `1 broken, 2 kept`: how many there are of each kind of which there is one.
#[cfg(feature = "cli")]
fn counted<const N: usize>(counts: [(usize, &str); N]) -> String {
    let there = counts.into_iter().filter(|(count, _)| *count > 0);
    there.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

/// `1 policy`, `2 policies`.
#[cfg(feature = "cli")]
fn policies_told(count: usize) -> String {
    if count == 1 { "1 policy".to_owned() } else { format!("{count} policies") }
}

/// `1 step`, `2 steps`.
pub(crate) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
