//! Which answers go together: whether there is a change of which they are all true.
//!
//! Each answer is that some text (a file's path, the branch, …) is in a language or is not, so this comes down to whether a few languages
//! have a text in common, one for each file that is needed. Of the languages that a text may have to keep out of only those are looked at
//! that the texts found so far run into: mostly very few.
//!
//! | file | finds |
//! | --- | --- |
//! | `mod` | a change, of all facts |
//! | `value` | its message, and the values that conditions ask for: branch, ref, … |
//! | `files` | its files |
//! | `text` | one text that is in languages and out of others |

mod files;
mod text;
mod value;

use text::{Wanted, wanted_of};

use super::change::Change;
use super::domain::Domain;
use super::formula::Atom;
use super::lexicon::Lexicon;
use super::limit::{Budget, TooLarge};
use super::word::Membership;
use crate::change::Event;
use crate::glob::{AnyOf, Selection};
use crate::plan::{Key, Question};

/// An atom and whether it is true.
pub(super) type Fact = (Atom, bool);

/// Whether facts go together.
#[derive(Debug)]
pub(super) enum Check {
    /// They are true of this change.
    Change(Change),
    /// These contradict each other.
    Conflict(Vec<Fact>),
    /// These may contradict each other: that hangs on a glob without automaton.
    Unclear(Vec<Fact>, String),
}

/// Texts to use where they do, best first.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints<'a> {
    /// Paths of files.
    pub files: &'a [String],
    pub branches: Vec<String>,
}

/// What changes of one event can be.
#[derive(Debug)]
pub(super) struct Theory<'a> {
    event: Event,
    has_files: bool,
    hints: Hints<'a>,
    lexicon: Lexicon,
}

impl<'a> Theory<'a> {
    pub(super) fn new(event: Event, has_files: bool, hints: Hints<'a>, lexicon: Lexicon) -> Self {
        Self { event, has_files, hints, lexicon }
    }

    /// Whether there is a change of which all of `facts` are true. What is said of the server is taken as it is.
    pub(super) fn check(&self, facts: &[Fact], budget: &mut Budget) -> Result<Check, TooLarge> {
        let mut change = Change::default();
        match self.message(facts) {
            Ok(message) => change.message = message,
            Err(conflict) => return Ok(conflict),
        }
        for key in [Key::Branch, Key::Ref, Key::Cron, Key::DeployTarget, Key::Repo, Key::Instance] {
            match self.value(key, facts, budget)? {
                Ok(Some(value)) => drop(change.values.insert(key, value)),
                Ok(None) => {}
                Err(conflict) => return Ok(conflict),
            }
        }
        if let Some(branch) = change.values.get(&Key::Branch).filter(|_| self.ref_is_of_branch()) {
            let git_ref = format!("refs/heads/{branch}");
            change.values.insert(Key::Ref, git_ref);
        }
        let few = facts.iter().any(|(atom, _)| matches!(atom, Atom::File(..) | Atom::FileAmong(..)));
        let files = if few { self.few_files(facts, budget)? } else { self.files(facts, budget)? };
        Ok(match files {
            Ok(files) => {
                change.files = files;
                change.files.sort_unstable();
                change.files.dedup();
                Check::Change(change)
            }
            Err(conflict) => conflict,
        })
    }

    /// Whether `atom` is true of `change`; `None` where only the server knows.
    pub(super) fn is_true(&self, atom: &Atom, change: &Change) -> Option<bool> {
        let matches = |globs: &AnyOf, text: &str| self.lexicon.language(globs).1.is_match(text.as_bytes());
        Some(match atom {
            Atom::File(at, globs) => change.files.get(*at).is_some_and(|file| matches(globs, file)),
            Atom::FileAmong(at, selection) => {
                change.files.get(*at).is_some_and(|file| selection.is_match(file.as_bytes()))
            }
            Atom::Among(selection) => change.files.iter().any(|file| selection.is_match(file.as_bytes())),
            Atom::Asked(Question::NoFiles) => change.files.is_empty(),
            Atom::Asked(Question::FileMatched(globs)) => change.files.iter().any(|file| matches(globs, file)),
            Atom::Asked(Question::FileUnmatched(globs)) => change.files.iter().any(|file| !matches(globs, file)),
            Atom::Asked(Question::MessageHolds(text)) => crate::text::to_lower(&change.message).contains(text),
            Atom::Asked(Question::Value(key, globs)) => matches(globs, change.known(*key, &self.event)?),
            Atom::Asked(Question::Server(_) | Question::Fails(_)) => return None,
        })
    }

    /// A file's path that is in and out of the same of `lists` and `selections` as `path`, but nicer.
    pub(super) fn nicer(
        &self,
        path: &str,
        lists: &[AnyOf],
        selections: &[Selection],
        budget: &mut Budget,
    ) -> Result<String, TooLarge> {
        let languages = lists.iter().map(|globs| self.lexicon.language(globs));
        let selected = selections.iter().map(|selection| self.lexicon.selected(selection));
        let wanted: Vec<Wanted> = languages
            .chain(selected)
            .map(|(id, language)| {
                let is_in = language.is_match(path.as_bytes());
                wanted_of((id, language), "", is_in, None)
            })
            .collect();
        if let Some(hint) = self.hint(Domain::Path, &wanted) {
            return Ok(hint);
        }
        let memberships: Vec<Membership> = wanted.iter().map(|it| it.membership.clone()).collect();
        let Ok(path) = self.text(Domain::PlainPath, &[], wanted, budget)? else { return Ok(path.to_owned()) };
        // `docs/**` matches `docs`, too, but people expect a file of that folder.
        let inside = format!("{path}/x");
        let names_folder = path.rsplit('/').next() != Some("x") && memberships.iter().all(|it| it.holds(&inside));
        Ok(if names_folder { inside } else { path })
    }

    fn ref_is_of_branch(&self) -> bool {
        matches!(self.event, Event::Push | Event::Cron | Event::Manual | Event::Deployment)
    }
}
