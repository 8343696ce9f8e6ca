//! How policies stand to a change: a line that counts them, and what breaks those that are broken.

#[cfg(feature = "cli")]
mod human;
mod json;

#[cfg(feature = "cli")]
pub(super) use human::write_policies;
pub(super) use json::{BreachJson, PolicyJson, breach, policy};

use crate::change::Hidden;
use crate::plan::Plan;
use crate::policy::Outcome;

/// How a policy stands to the change at hand.
#[derive(Clone, Debug)]
pub struct PolicyAnswer {
    /// Its name.
    pub name: String,
    /// Whether it is kept.
    pub outcome: Outcome,
    /// If it is about the change by a file that the forge does not list: that.
    pub unlisted: Option<Hidden>,
}

impl PolicyAnswer {
    /// What breaks it in `plan`, or may, and the file that is not listed; `None` where it is kept, or not about the change.
    pub(super) fn because(&self, plan: &Plan) -> Option<String> {
        let told = self.outcome.told(plan)?;
        Some(self.unlisted.iter().fold(told, |told, file| format!("{told}; {}", file.told())))
    }

    /// `kept`, `broken`, `unclear` or `not_concerned`.
    pub(super) const fn status(&self) -> &'static str {
        match self.outcome {
            Outcome::Kept => "kept",
            Outcome::Broken(_) => "broken",
            Outcome::Unclear(_) => "unclear",
            Outcome::NotConcerned => "not_concerned",
        }
    }

    /// What a person is told after its name, where what breaks it is told elsewhere.
    #[cfg(feature = "cli")]
    pub(super) const fn told(&self) -> &'static str {
        match self.outcome {
            Outcome::Kept => "",
            Outcome::Broken(_) => ": broken",
            Outcome::Unclear(_) => ": hangs on the server",
            Outcome::NotConcerned => ": not about this change",
        }
    }

    /// Whether it is kept; `None` where it is neither kept nor broken.
    #[cfg(feature = "cli")]
    pub(super) const fn is_kept(&self) -> Option<bool> {
        match self.outcome {
            Outcome::Kept => Some(true),
            Outcome::Broken(_) => Some(false),
            Outcome::Unclear(_) | Outcome::NotConcerned => None,
        }
    }
}

/// How many of `answers` are what: `1 broken, 2 kept, 1 not about this change`.
#[cfg(feature = "cli")]
pub fn standing(answers: &[PolicyAnswer]) -> String {
    let counts =
        [("broken", "broken"), ("unclear", "not clear"), ("kept", "kept"), ("not_concerned", "not about this change")];
    super::counted(counts.map(|(status, what)| (answers.iter().filter(|it| it.status() == status).count(), what)))
}
