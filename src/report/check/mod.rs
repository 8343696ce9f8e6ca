//! What `check` has to say: a section for each thing that it looks at, and one list of all findings.
//!
//! | file | form |
//! | --- | --- |
//! | `human` | the change, the sections with their code frames, and a summary |
//! | `json` | our own |
//! | `markdown` | the summary of a job, or a comment |
//!
//! The other forms are those of any list of findings.

mod human;
mod json;
mod markdown;

pub use human::write_check;
pub use json::write_check_json;
pub use markdown::write_check_markdown;

use std::ops::Range;

use super::{Explanation, Findings, plural};
use crate::diag::{Problem, Severity};
use crate::policy::Outcome;

/// All that `check` has to say.
#[derive(Clone, Debug)]
pub struct CheckAnswer<'a> {
    /// The change at hand; `None` when it could not be looked at.
    pub explanation: Option<Explanation<'a>>,
    /// How each policy stands to it.
    pub policies: &'a [PolicyAnswer],
    /// What is known of each policy over all changes.
    pub proofs: &'a [ProofAnswer],
    /// What was looked at.
    pub sections: &'a [CheckSection],
    /// All that was found, section by section.
    pub findings: Findings<'a>,
}

/// How a policy stands to the change at hand.
#[derive(Clone, Debug)]
pub struct PolicyAnswer {
    /// Its name.
    pub name: String,
    /// Whether it is kept.
    pub outcome: Outcome,
}

/// What is known of a policy over all changes.
#[derive(Clone, Debug)]
pub struct ProofAnswer {
    /// Its name.
    pub name: String,
    /// `proved`, `refuted` or `unknown`.
    pub status: &'static str,
    /// Why it is unknown: a phrase, safe to print.
    pub because: Option<String>,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct CheckSection {
    /// What: `workflows`, `change`, `policies`…
    pub title: &'static str,
    /// What it comes to: a phrase, safe to print.
    pub summary: String,
    /// Which of the findings are its own.
    pub problems: Range<usize>,
}

impl PolicyAnswer {
    /// `kept`, `broken`, `unclear` or `not_concerned`.
    const fn status(&self) -> &'static str {
        match self.outcome {
            Outcome::Kept => "kept",
            Outcome::Broken(_) => "broken",
            Outcome::Unclear(_) => "unclear",
            Outcome::NotConcerned => "not_concerned",
        }
    }

    /// What a person is told after its name.
    const fn told(&self) -> &'static str {
        match self.outcome {
            Outcome::Kept => "",
            Outcome::Broken(_) => ": broken",
            Outcome::Unclear(_) => ": hangs on the server",
            Outcome::NotConcerned => ": not about this change",
        }
    }

    /// Whether it is kept; `None` where it is neither kept nor broken.
    const fn is_kept(&self) -> Option<bool> {
        match self.outcome {
            Outcome::Kept => Some(true),
            Outcome::Broken(_) => Some(false),
            Outcome::Unclear(_) | Outcome::NotConcerned => None,
        }
    }
}

impl ProofAnswer {
    /// Whether the policy holds; `None` where that is not known.
    fn holds(&self) -> Option<bool> {
        match self.status {
            "proved" => Some(true),
            "refuted" => Some(false),
            _ => None,
        }
    }

    /// What a person is told after its name.
    fn told(&self) -> String {
        match &self.because {
            Some(because) => format!(": {}, {because}", self.status),
            None => format!(": {}", self.status),
        }
    }
}

impl CheckAnswer<'_> {
    fn problems(&self, section: &CheckSection) -> &[Problem] {
        self.findings.problems.get(section.problems.clone()).unwrap_or_default()
    }

    /// Whether a section is free of errors and warnings.
    fn is_well(&self, section: &CheckSection) -> bool {
        self.problems(section).iter().all(|problem| problem.severity == Severity::Note)
    }

    /// Whether all is well.
    fn is_passed(&self) -> bool {
        !self.findings.is_wrong() && self.findings.unread.is_empty()
    }

    /// What it comes to, as a phrase: `failed: 1 error, 2 warnings`.
    fn verdict(&self) -> String {
        let kinds = [Severity::Error, Severity::Warning, Severity::Note].map(|kind| (self.findings.count(kind), kind));
        let counts = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| plural(count, kind.name()));
        let unread = self.findings.unread.len();
        let unread = (unread > 0).then(|| format!("{} not read", plural(unread, "file")));
        let counts: Vec<String> = counts.chain(unread).collect();
        let verdict = if self.is_passed() { "passed" } else { "failed" };
        if counts.is_empty() { verdict.to_owned() } else { format!("{verdict}: {}", counts.join(", ")) }
    }
}
