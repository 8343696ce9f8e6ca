//! Which answers go together: whether there is a change of which they are all true.
//!
//! Each answer is that some text (a file's path, the branch, …) is in a language or is not, so this comes down to whether a few languages
//! have a text in common, one for each file that is needed. Of the languages that a text may have to keep out of only those are looked at
//! that the texts found so far run into: mostly very few.

use std::rc::Rc;

use super::change::Change;
use super::domain::Domain;
use super::formula::Atom;
use super::language::Language;
use super::lexicon::Lexicon;
use super::limit::{Budget, TooLarge};
use super::word::{Found, Membership};
use crate::change::{Event, asks_to_skip_ci};
use crate::glob::Selection;
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

/// A membership, the number of its language, and the fact that asks for it.
struct Wanted {
    id: usize,
    membership: Membership,
    fact: Option<Fact>,
}

/// A language, with its number.
type Numbered = (usize, Rc<Language>);

/// Refs of pull requests, by forge.
const PULL_REFS: [&str; 4] =
    ["refs/pull/?*/head", "refs/pull/?*/merge", "refs/merge-requests/?*/head", "refs/pull-requests/?*/from"];

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
        let matches = |globs: &[String], text: &str| self.lexicon.language(globs).1.is_match(text.as_bytes());
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
            Atom::Asked(Question::Value(key, globs)) => matches(globs, change.values.get(key)?),
            Atom::Asked(Question::Server(_) | Question::Fails(_)) => return None,
        })
    }

    /// A file's path that is in and out of the same of `lists` and `selections` as `path`, but nicer.
    pub(super) fn nicer(
        &self,
        path: &str,
        lists: &[Vec<String>],
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
        Ok(match self.text(Domain::PlainPath, &[], wanted, budget)? {
            Ok(text) => text,
            Err(_) => path.to_owned(),
        })
    }

    fn ref_is_of_branch(&self) -> bool {
        matches!(self.event, Event::Push | Event::Cron | Event::Manual | Event::Deployment)
    }

    fn message(&self, facts: &[Fact]) -> Result<String, Check> {
        let texts = |wanted: bool| {
            facts.iter().filter_map(move |(atom, holds)| match atom {
                Atom::Asked(Question::MessageHolds(text)) if *holds == wanted => Some(text),
                _ => None,
            })
        };
        let fact = |text: &String, holds| (Atom::Asked(Question::MessageHolds(text.clone())), holds);
        for text in texts(true) {
            if self.event.can_skip_ci() && asks_to_skip_ci(text) {
                return Err(Check::Conflict(vec![fact(text, true)]));
            }
            if let Some(held) = texts(false).find(|held| text.contains(held.as_str())) {
                return Err(Check::Conflict(vec![fact(text, true), fact(held, false)]));
            }
        }
        let all: Vec<&str> = texts(true).map(String::as_str).collect();
        let message = all.join("\n");
        match texts(false).find(|held| message.contains(held.as_str())) {
            None => Ok(message),
            Some(held) => {
                let together: Vec<Fact> = texts(true).map(|text| fact(text, true)).chain([fact(held, false)]).collect();
                Err(Check::Unclear(together, held.clone()))
            }
        }
    }

    /// A value for `key`; `None` where nothing is asked of it that changes on this event.
    fn value(&self, key: Key, facts: &[Fact], budget: &mut Budget) -> Result<Result<Option<String>, Check>, TooLarge> {
        if key == Key::Ref && self.ref_is_of_branch() {
            return Ok(Ok(None));
        }
        let is_tag = matches!(self.event, Event::Tag | Event::Release);
        let mut wanted = Vec::new();
        for (atom, is_in) in facts {
            let Atom::Asked(Question::Value(of, globs)) = atom else { continue };
            let prefix = match of {
                Key::Ref if key == Key::Branch && self.ref_is_of_branch() => "refs/heads/",
                Key::Ref if key == Key::Ref && is_tag => "refs/tags/",
                of if *of == key => "",
                _ => continue,
            };
            wanted.push(self.wanted(globs, prefix, *is_in, Some((atom.clone(), *is_in))));
        }
        let (domain, usual) = match key {
            Key::Branch => (Domain::RefName, "main"),
            Key::Ref if is_tag => (Domain::RefName, "v1.0.0"),
            Key::Cron => (Domain::Text, "nightly"),
            Key::DeployTarget => (Domain::Text, "production"),
            Key::Ref | Key::Repo | Key::Instance => (Domain::Text, ""),
        };
        // Whether there is a value at all, though nothing was asked of it.
        let is_there = match key {
            Key::Branch => !is_tag,
            Key::Ref => is_tag,
            Key::Cron => self.event == Event::Cron,
            Key::DeployTarget => self.event == Event::Deployment,
            Key::Repo | Key::Instance => false,
        };
        if wanted.is_empty() && !is_there {
            return Ok(Ok(None));
        }
        let mut usual = vec![usual.to_owned()];
        if key == Key::Branch {
            usual.splice(0..0, self.hints.branches.iter().cloned());
        }
        let forms: &[&str] = match key {
            Key::Ref if self.event.is_of_pull_request() => &PULL_REFS,
            Key::Repo => &["?*/**/?*"],
            _ => &[],
        };
        if !forms.is_empty() {
            let globs: Vec<String> = forms.iter().map(|&form| form.to_owned()).collect();
            wanted.insert(0, self.wanted(&globs, "", true, None));
        }
        let prefix = if key == Key::Ref && is_tag { "refs/tags/" } else { "" };
        Ok(self.text(domain, &usual, wanted, budget)?.map(|text| Some(format!("{prefix}{text}"))))
    }

    /// A file for each list that some file has to match, or not to.
    fn files(&self, facts: &[Fact], budget: &mut Budget) -> Result<Result<Vec<String>, Check>, TooLarge> {
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
            let own = languages.into_iter().map(|it| wanted_of(it, "", is_in, Some(fact.clone()))).collect();
            match self.path(own, &shared, budget)? {
                Ok(file) => files.push(file),
                Err(conflict) => return Ok(Err(conflict)),
            }
        }
        if is_any && self.has_files {
            let some = no_files(false).then_some((Atom::Asked(Question::NoFiles), false));
            let must = some.is_some();
            let any = self.wanted(&["**".to_owned()], "", true, some);
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
    fn few_files(&self, facts: &[Fact], budget: &mut Budget) -> Result<Result<Vec<String>, Check>, TooLarge> {
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

    /// A text of `domain` of which all of `wanted` is true, `usual` ones first.
    fn text(
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
    fn hint(&self, domain: Domain, wanted: &[Wanted]) -> Option<String> {
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

    fn wanted(&self, globs: &[String], prefix: &'static str, is_in: bool, fact: Option<Fact>) -> Wanted {
        wanted_of(self.lexicon.language(globs), prefix, is_in, fact)
    }
}

fn wanted_of((id, language): Numbered, prefix: &'static str, is_in: bool, fact: Option<Fact>) -> Wanted {
    Wanted { id, membership: Membership { language, prefix, is_in }, fact }
}
