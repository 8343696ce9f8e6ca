//! The files of a change: one for each list that some file has to match or not to, or as many as the facts speak of.

use super::super::domain::Domain;
use super::super::formula::Atom;
use super::super::limit::{Budget, TooLarge};
use super::text::{Numbered, Wanted, wanted_of};
use super::{Check, Fact, Theory};
use crate::plan::Question;

impl Theory<'_> {
    /// A file for each list that some file has to match, or not to.
    pub(super) fn files(&self, facts: &[Fact], budget: &mut Budget) -> Result<Result<Vec<String>, Check>, TooLarge> {
        let no_files = |wanted: bool| facts.contains(&(Atom::Asked(Question::NoFiles), wanted));
        // Each with its languages, and whether the file has to be in them.
        let mut needed: Vec<(Vec<Numbered>, bool, &Fact)> = Vec::new();
        let mut shared: Vec<(Numbered, bool, &Fact)> = Vec::new();
        for fact in facts {
            let (language, is_in) = match &fact.0 {
                Atom::Asked(Question::FileMatched(globs)) => (self.lexicon.language(globs), true),
                Atom::Asked(Question::FileUnmatched(globs)) => (self.lexicon.language(globs), false),
                Atom::Among(selection) if fact.1 => {
                    needed.push((self.lexicon.each_list(selection), true, fact));
                    continue;
                }
                Atom::Among(selection) => (self.lexicon.selected(selection), true),
                _ => continue,
            };
            if fact.1 { needed.push((vec![language], is_in, fact)) } else { shared.push((language, !is_in, fact)) }
        }
        if no_files(true) {
            let none = (Atom::Asked(Question::NoFiles), true);
            return Ok(match needed.first() {
                Some((_, _, fact)) => Err(Check::Conflict(vec![none, (*fact).clone()])),
                None => Ok(Vec::new()),
            });
        }
        let mut files = Vec::new();
        let is_any = needed.is_empty();
        for (languages, is_in, fact) in needed {
            let own: Vec<Wanted> =
                languages.into_iter().map(|it| wanted_of(it, "", is_in, Some(fact.clone()))).collect();
            if files.iter().any(|file: &String| own.iter().all(|it| it.membership.holds(file))) {
                continue;
            }
            match self.path(own, &shared, budget)? {
                Ok(file) => files.push(file),
                Err(conflict) => return Ok(Err(conflict)),
            }
        }
        if is_any && self.has_files {
            let some = no_files(false).then_some((Atom::Asked(Question::NoFiles), false));
            let must = some.is_some();
            let any = self.wanted(&["**"].into_iter().collect(), "", true, some);
            match self.path(vec![any], &shared, budget)? {
                Ok(file) => files.push(file),
                Err(conflict) if must => return Ok(Err(conflict)),
                Err(_) => {}
            }
        }
        Ok(Ok(files))
    }

    fn path(
        &self,
        mut wanted: Vec<Wanted>,
        shared: &[(Numbered, bool, &Fact)],
        budget: &mut Budget,
    ) -> Result<Result<String, Check>, TooLarge> {
        for (language, is_in, fact) in shared {
            wanted.push(wanted_of(language.clone(), "", *is_in, Some((*fact).clone())));
        }
        self.text(Domain::Path, &[], wanted, budget)
    }

    /// The files of a change that has as many as the facts speak of.
    pub(super) fn few_files(
        &self,
        facts: &[Fact],
        budget: &mut Budget,
    ) -> Result<Result<Vec<String>, Check>, TooLarge> {
        let count = facts.iter().filter_map(|(atom, _)| match atom {
            Atom::File(at, _) | Atom::FileAmong(at, _) => Some(at + 1),
            Atom::Asked(_) | Atom::Among(_) => None,
        });
        let mut files = Vec::new();
        for file in 0..count.max().unwrap_or(0) {
            let mut wanted = Vec::new();
            for (atom, is_in) in facts {
                let languages = match atom {
                    Atom::File(at, globs) if *at == file => vec![self.lexicon.language(globs)],
                    Atom::FileAmong(at, selection) if *at == file && *is_in => self.lexicon.each_list(selection),
                    Atom::FileAmong(at, selection) if *at == file => vec![self.lexicon.selected(selection)],
                    _ => continue,
                };
                let told = languages.into_iter().map(|it| wanted_of(it, "", *is_in, Some((atom.clone(), *is_in))));
                wanted.extend(told);
            }
            match self.text(Domain::Path, &[], wanted, budget)? {
                Ok(path) => files.push(path),
                Err(conflict) => return Ok(Err(conflict)),
            }
        }
        Ok(Ok(files))
    }
}
