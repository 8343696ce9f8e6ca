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

use super::{Explanation, Findings, PolicyAnswer, Proofs, plural};
use crate::diag::{Problem, Severity};
use crate::prove::{Proof, Status};

/// All that `check` has to say.
#[derive(Clone, Debug)]
pub struct CheckAnswer<'a> {
    /// The change at hand, and how the policies stand to it; `None` when it could not be looked at.
    pub explanation: Option<Explanation<'a>>,
    /// What is known of the policies over all changes; `None` when that was not asked, or could not be looked at.
    pub proofs: Option<Proofs<'a>>,
    /// What was looked at.
    pub sections: &'a [CheckSection],
    /// All that was found, section by section.
    pub findings: Findings<'a>,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct CheckSection {
    /// What: `workflows`, `change`, `policies`…
    pub title: &'static str,
    /// What it comes to: a phrase, safe to print.
    pub summary: String,
    /// Whether it is free of errors and warnings, those among them that an earlier one has told.
    pub is_well: bool,
    /// Which of the findings are told with it.
    pub problems: Range<usize>,
}

/// What a person is told after the name of a policy that a proof is about.
fn proof_told(proof: &Proof<'_>) -> String {
    match &proof.status {
        Status::Unknown { because, .. } => format!(": unknown, {because}"),
        status => format!(": {}", status.name()),
    }
}

impl<'a> CheckAnswer<'a> {
    fn policies(&self) -> &'a [PolicyAnswer] {
        self.explanation.map(|explanation| explanation.policies).unwrap_or_default()
    }

    fn proofs(&self) -> &'a [Proof<'a>] {
        self.proofs.map(|proofs| proofs.proofs).unwrap_or_default()
    }

    fn problems(&self, section: &CheckSection) -> &[Problem] {
        self.findings.problems.get(section.problems.clone()).unwrap_or_default()
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
