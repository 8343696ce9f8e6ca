//! Files with a second document.

use super::{Group, Level, Rule};
use crate::diag::Problem;
use crate::source::{FileId, Span};

pub(super) static RULE: Rule = Rule {
    id: "several-documents",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a second document, which nobody reads",
    page: include_str!("several_documents.md"),
    // Reading the roster finds it.
    echo: None,
    checks: &[],
};

/// The second document that starts at `span`.
pub(in crate::fleet) fn several_documents(file: FileId, span: Span) -> Problem {
    let problem = RULE.problem("a second document: only the first one is read").label(file, span, "it starts here");
    problem.help("give each roster a file of its own")
}
