//! The message of a change, and the values that conditions ask for by their keys.

use super::super::change::PULL_REF;
use super::super::domain::Domain;
use super::super::formula::Atom;
use super::super::limit::{Budget, TooLarge};
use super::{Check, Fact, Theory};
use crate::change::{Event, asks_to_skip_ci};
use crate::plan::{Key, Question};

/// Refs of pull requests, by forge.
const PULL_REFS: [&str; 4] =
    ["refs/pull/?*/head", "refs/pull/?*/merge", "refs/merge-requests/?*/head", "refs/pull-requests/?*/from"];

impl Theory<'_> {
    /// A message that holds the texts it has to, and none of those it has not.
    pub(super) fn message(&self, facts: &[Fact]) -> Result<String, Check> {
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
    pub(super) fn value(
        &self,
        key: Key,
        facts: &[Fact],
        budget: &mut Budget,
    ) -> Result<Result<Option<String>, Check>, TooLarge> {
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
            Key::Ref if self.event.is_of_pull_request() => (Domain::Text, PULL_REF),
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
            wanted.insert(0, self.wanted(&forms.iter().copied().collect(), "", true, None));
        }
        let prefix = if key == Key::Ref && is_tag { "refs/tags/" } else { "" };
        Ok(self.text(domain, &usual, wanted, budget)?.map(|text| Some(format!("{prefix}{text}"))))
    }
}
