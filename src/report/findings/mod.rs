//! What a command has found, in every form: for people, for programs, and for the machines that show it beside the code.
//!
//! | file | form |
//! | --- | --- |
//! | `human` | code frames and a summary |
//! | `json` | our own |
//! | `sarif` | SARIF 2.1.0, which code hosts and editors read |
//! | `github` | annotations: commands in a log of GitHub Actions, Gitea or Forgejo |
//! | `junit` | XML that CI servers show as tests |
//! | `markdown` | a table for a summary or a comment |

mod github;
#[cfg(feature = "cli")]
mod human;
mod json;
mod junit;
pub(super) mod markdown;
mod sarif;

#[cfg(test)]
mod tests;

pub use github::write_findings_github;
#[cfg(feature = "cli")]
pub use human::write_findings;
pub use json::write_findings_json;
pub use junit::write_findings_junit;
pub use markdown::write_findings_markdown;
pub use sarif::write_findings_sarif;

use serde::Serialize;

use crate::diag::{Label, Problem, Severity};
use crate::fleet::CheckedRoster;
use crate::source::{Position, Sources};

use super::plural;

/// What a command has found.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// What is wrong, in the order in which it is shown.
    pub problems: &'a [Problem],
    /// The files that were looked at. The problems point into them.
    pub files: &'a Sources,
    /// The rosters among the files.
    pub rosters: &'a [CheckedRoster],
    /// Files that could not be read.
    pub unread: &'a [Unread],
    /// What is to be said besides: whole phrases, safe to print.
    pub notes: &'a [String],
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its name. It may hold anything.
    pub file: String,
    /// Why: a phrase, safe to print.
    pub message: String,
}

impl Findings<'_> {
    /// How many problems of `severity` there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Whether something is wrong: more than notes.
    pub fn is_wrong(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity > Severity::Note)
    }

    fn agents(&self) -> usize {
        self.rosters.iter().map(|roster| roster.agents).sum()
    }

    /// What was found, and in how many files: `1 error, 2 notes in 3 files`.
    pub fn summary(&self) -> String {
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let counts = severities.map(|severity| (self.count(severity), severity)).into_iter();
        let mut found: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, severity)| plural(count, severity.name())).collect();
        if found.is_empty() {
            found.push("nothing found".to_owned());
        }
        let rosters = self.rosters.len();
        let mut places = Vec::new();
        let others = self.files.len().saturating_sub(rosters);
        if others > 0 || rosters == 0 {
            places.push(plural(others, "file"));
        }
        if rosters > 0 {
            places.push(format!("{} of {}", plural(rosters, "roster"), plural(self.agents(), "agent")));
        }
        let unread = match self.unread.len() {
            0 => String::new(),
            count => format!("; {} not read", plural(count, "file")),
        };
        format!("{} in {}{unread}", found.join(", "), places.join(" and "))
    }

    /// Where a label starts and ends.
    fn region(&self, label: &Label) -> (Position, Position) {
        let source = &self.files[label.file];
        (source.position(label.span.start), source.position(label.span.end))
    }
}
