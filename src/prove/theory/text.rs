//! A text that is in some languages and out of others, or which of the facts that ask for that contradict each other.

use std::rc::Rc;

use super::super::domain::Domain;
use super::super::language::Language;
use super::super::limit::{Budget, TooLarge};
use super::super::word::{Found, Membership};
use super::{Check, Fact, Theory};
use crate::glob::AnyOf;

/// A membership, the number of its language, and the fact that asks for it.
pub(super) struct Wanted {
    pub id: usize,
    pub membership: Membership,
    pub fact: Option<Fact>,
}

/// A language, with its number.
pub(super) type Numbered = (usize, Rc<Language>);

impl Theory<'_> {
    /// A text of `domain` of which all of `wanted` is true, `usual` ones first.
    pub(super) fn text(
        &self,
        domain: Domain,
        usual: &[String],
        wanted: Vec<Wanted>,
        budget: &mut Budget,
    ) -> Result<Result<String, Check>, TooLarge> {
        let fits = |text: &&String| wanted.iter().all(|it| it.membership.holds(text));
        if let Some(text) = usual.iter().find(fits) {
            return Ok(Ok(text.clone()));
        }
        let mut rest = wanted;
        let mut looked_at: Vec<Wanted> = Vec::new();
        if !rest.is_empty() {
            looked_at.push(rest.remove(0));
        }
        loop {
            let unclear = match self.find(domain, &looked_at, budget)? {
                Found::Text(text) => match rest.iter().position(|it| !it.membership.holds(&text)) {
                    None => return Ok(Ok(text)),
                    Some(at) => {
                        looked_at.push(rest.swap_remove(at));
                        continue;
                    }
                },
                Found::Unclear(glob) => Some(glob),
                Found::Nothing => None,
            };
            let mut facts: Vec<Fact> = Vec::new();
            for fact in looked_at.iter().filter_map(|it| it.fact.as_ref()) {
                // Of a selection, each list is looked at for itself.
                if !facts.contains(fact) {
                    facts.push(fact.clone());
                }
            }
            return Ok(Err(match unclear {
                None => Check::Conflict(facts),
                Some(glob) => {
                    looked_at.append(&mut rest);
                    match self.hint(domain, &looked_at) {
                        Some(hint) => return Ok(Ok(hint)),
                        None => Check::Unclear(facts, glob),
                    }
                }
            }));
        }
    }

    /// A text that is at hand.
    pub(super) fn hint(&self, domain: Domain, wanted: &[Wanted]) -> Option<String> {
        let hints = match domain {
            Domain::Path | Domain::PlainPath => self.hints.files,
            Domain::RefName => self.hints.branches.as_slice(),
            Domain::Text => return None,
        };
        hints.iter().find(|hint| wanted.iter().all(|it| it.membership.holds(hint))).cloned()
    }

    fn find(&self, domain: Domain, wanted: &[Wanted], budget: &mut Budget) -> Result<Found, TooLarge> {
        let wanted: Vec<(usize, &Membership)> = wanted.iter().map(|it| (it.id, &it.membership)).collect();
        self.lexicon.find(domain, &wanted, budget)
    }

    pub(super) fn wanted(&self, globs: &AnyOf, prefix: &'static str, is_in: bool, fact: Option<Fact>) -> Wanted {
        wanted_of(self.lexicon.language(globs), prefix, is_in, fact)
    }
}

/// That a text has to be in a language or out of it.
pub(super) fn wanted_of((id, language): Numbered, prefix: &'static str, is_in: bool, fact: Option<Fact>) -> Wanted {
    Wanted { id, membership: Membership { language, prefix, is_in }, fact }
}
