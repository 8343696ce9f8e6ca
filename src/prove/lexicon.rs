//! The languages of lists of globs, and what was found in them: shared by all events, which ask about the same lists.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::domain::Domain;
use super::language::Language;
use super::limit::{Budget, TooLarge};
use super::word::{Found, Membership, find};
use crate::glob::{AnyOf, Selection};

/// Each list of globs as a language, and each search for a text, made once.
///
/// A clone is the same one. [Cases](super::Case) that ask about the same lists should have one together.
#[derive(Clone, Debug, Default)]
pub struct Lexicon(Rc<RefCell<Known>>);

#[derive(Debug, Default)]
struct Known {
    languages: Vec<Rc<Language>>,
    index: HashMap<AnyOf, usize>,
    selected: HashMap<Selection, usize>,
    found: HashMap<(Domain, Vec<Told>), Found>,
}

/// A membership: the number of its language, the prefix, whether the text is in it.
type Told = (usize, &'static str, bool);

impl Known {
    fn add(&mut self, language: Language) -> (usize, Rc<Language>) {
        let (id, language) = (self.languages.len(), Rc::new(language));
        self.languages.push(Rc::clone(&language));
        (id, language)
    }
}

impl Lexicon {
    /// The language of `globs`, and its number.
    pub(super) fn language(&self, globs: &AnyOf) -> (usize, Rc<Language>) {
        let mut known = self.0.borrow_mut();
        if let Some(&id) = known.index.get(globs) {
            return (id, Rc::clone(&known.languages[id]));
        }
        let (id, language) = known.add(Language::new(globs.clone()));
        known.index.insert(globs.clone(), id);
        (id, language)
    }

    /// The language of what `selection` chooses, and its number.
    pub(super) fn selected(&self, selection: &Selection) -> (usize, Rc<Language>) {
        let mut known = self.0.borrow_mut();
        if let Some(&id) = known.selected.get(selection) {
            return (id, Rc::clone(&known.languages[id]));
        }
        let (id, language) = known.add(Language::chosen_by(selection));
        known.selected.insert(selection.clone(), id);
        (id, language)
    }

    /// The languages of the lists of a selection: a text that is in all of them is among it. Mostly few of them matter.
    pub(super) fn each_list(&self, selection: &Selection) -> Vec<(usize, Rc<Language>)> {
        selection.lists().iter().map(|rules| self.selected(&Selection::default().and(rules))).collect()
    }

    /// A text of `domain` that all of `wanted` are true of; with each the number of its language.
    pub(super) fn find(
        &self,
        domain: Domain,
        wanted: &[(usize, &Membership)],
        budget: &mut Budget,
    ) -> Result<Found, TooLarge> {
        let Some(shorter) = self.without_what_is_ruled_out(wanted) else { return Ok(Found::Nothing) };
        if shorter.iter().zip(wanted).any(|((id, _), (before, _))| id != before) {
            // What is left of the lists mostly says enough.
            let lists: Vec<_> = shorter.iter().filter(|(_, it)| it.is_in).cloned().collect();
            // It helps, but is not needed.
            let mut part = budget.part(2);
            let found = self.search(domain, lists, &mut part);
            budget.give_back(part);
            match found {
                Ok(Found::Text(text)) if shorter.iter().all(|(_, it)| it.holds(&text)) => return Ok(Found::Text(text)),
                Ok(Found::Nothing) => return Ok(Found::Nothing),
                Ok(Found::Text(_) | Found::Unclear(_)) | Err(TooLarge) => {}
            }
        }
        self.search(domain, shorter, budget)
    }

    /// The same, as it is said.
    fn search(
        &self,
        domain: Domain,
        mut wanted: Vec<(usize, Membership)>,
        budget: &mut Budget,
    ) -> Result<Found, TooLarge> {
        let mut key: Vec<Told> = wanted.iter().map(|(id, it)| (*id, it.prefix, it.is_in)).collect();
        key.sort_unstable();
        key.dedup();
        let key = (domain, key);
        if let Some(found) = self.0.borrow().found.get(&key) {
            return Ok(found.clone());
        }
        // What a short list rules out need not be looked for in a long one.
        wanted.sort_by_key(|(_, it)| it.language.len());
        let memberships: Vec<Membership> = wanted.into_iter().map(|(_, membership)| membership).collect();
        let found = find(domain, &memberships, budget)?;
        self.0.borrow_mut().found.insert(key, found.clone());
        Ok(found)
    }

    /// The same with shorter lists: a text that has to be out of a list is matched by none of its globs in any other. `None` where that leaves
    /// a list none.
    fn without_what_is_ruled_out(&self, wanted: &[(usize, &Membership)]) -> Option<Vec<(usize, Membership)>> {
        let shorter = |&(id, membership): &(usize, &Membership)| {
            let ruled_out = wanted.iter().filter(|(_, it)| !it.is_in && it.prefix == membership.prefix);
            let mut ruled_out = ruled_out.filter_map(|(_, it)| it.language.globs()).peekable();
            let globs = membership.language.globs().filter(|_| membership.is_in && ruled_out.peek().is_some());
            let Some(globs) = globs else { return Some((id, membership.clone())) };
            let left = ruled_out.fold(globs.clone(), |left, out| left.minus(out));
            if left.is_empty() {
                return None;
            }
            let (id, language) = self.language(&left);
            Some((id, Membership { language, ..*membership }))
        };
        wanted.iter().map(shorter).collect()
    }
}
