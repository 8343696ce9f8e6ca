//! What a forge reported of the commits of a history, each as the change that it was.
//!
//! The same lists as those of [`Repository::reported`], without what is said about them. The difference from the first parent is read
//! already, and most lists are just that.

use bstr::BStr;
use git2::Oid;

use super::ends::Ends;
use super::hidden::Why;
use super::lists::{List, Maker};
use super::{Asked, Repository};
use crate::change::{ChangedFiles, Event};
use crate::forge::{self, Commits, Rule, Situation};
use crate::git::diff::Difference;
use crate::git::{Error, Landed};
use crate::server::Version;

/// What the server gets to know of a change.
pub(in crate::git) struct Listed {
    pub(in crate::git) files: ChangedFiles,
    /// What it is by git's own rules, if they list other files.
    pub(in crate::git) by_git: Option<ByGit>,
    /// Whether it makes a pipeline.
    pub(in crate::git) pipeline: bool,
}

/// All that changed, where a forge does not list just that.
#[derive(Clone, Debug)]
pub struct ByGit {
    /// The files by git's own rules ([`Forge::Git`](crate::change::Forge::Git)).
    pub files: ChangedFiles,
    /// What the list was made of, without the list; `None`: nothing is sent with the event.
    from: Option<(List, Rule, Version)>,
}

impl ByGit {
    /// Why the changed file `path` is not listed, as a phrase that is safe to print.
    pub fn why(&self, path: &BStr) -> String {
        match &self.from {
            Some((list, rule, server)) => Why::of(path, list, rule, *server).to_string(),
            None => "no list of files is sent with the event".to_owned(),
        }
    }
}

impl Listed {
    /// All that changed.
    fn all(differences: Vec<Difference>) -> Self {
        Self { files: paths(differences), by_git: None, pipeline: true }
    }

    fn new(mut list: List, changed: ChangedFiles, (rule, asked): (Rule, &Asked)) -> Self {
        let pipeline = list.no_pipeline.is_none();
        let files = ChangedFiles::from(std::mem::take(&mut list.files));
        let differs = files != changed;
        Self {
            files,
            by_git: differs.then_some(ByGit { files: changed, from: Some((list, rule, asked.server)) }),
            pipeline,
        }
    }
}

fn paths(differences: Vec<Difference>) -> ChangedFiles {
    differences.into_iter().map(|difference| difference.path).collect()
}

impl Repository {
    /// `landed` as a push from its first parent, from which it differs by `differences`.
    pub(in crate::git) fn listed_of_push(
        &self,
        landed: &Landed,
        differences: Vec<Difference>,
        asked: &Asked,
    ) -> Result<Listed, Error> {
        let event = asked.event.clone().unwrap_or(Event::Push);
        let first_parent = landed.parents.first().copied();
        let Some(rule) = rule(&event, first_parent.is_none(), asked) else { return Ok(not_sent(differences, asked)) };
        let maker = Maker { repository: self, rule: &rule };
        // How many commits are listed beside the last one.
        let others = match (rule.list, first_parent) {
            (forge::List::Git, _) => return Ok(Listed::all(differences)),
            // The first parent is all that these compare with.
            (forge::List::Tip | forge::List::SinceMergeBase | forge::List::Difference, Some(_)) => 0,
            (forge::List::Commits { of: Commits::Pushed(_), newest: newest @ 1.. }, Some(_)) => newest - 1,
            _ => {
                let ends = Ends {
                    old: first_parent,
                    new: landed.id,
                    branch: asked.branch.clone(),
                    target: None,
                    source: None,
                    new_branch: first_parent.is_none(),
                    forced: false,
                    default: self.default_tip(),
                    event,
                };
                let pushed = ends.pushed(self)?;
                return Ok(Listed::new(List::make(self, &ends, &pushed, &rule)?, paths(differences), (rule, asked)));
            }
        };
        // What a commit with one parent brings is itself.
        let others = if landed.is_merge() { others as usize } else { 0 };
        if others == 0 && maker.lists_all(&differences) {
            return Ok(Listed::all(differences));
        }
        let by_git = differences.iter().map(|difference| difference.path.clone()).collect();
        let mut list = List::default();
        list.take(&maker, differences)?;
        if others > 0 {
            let pushed = self.newest(first_parent, landed.id, others + 1)?;
            for commit in pushed.into_iter().filter(|id| *id != landed.id) {
                list.take(&maker, maker.of_commit(commit)?)?;
            }
        }
        Ok(Listed::new(list, by_git, (rule, asked)))
    }

    /// The pull request of these ends, target and source, which changes `differences` since the two parted.
    pub(in crate::git) fn listed_of_pull_request(
        &self,
        (target, source): (Oid, Oid),
        differences: Vec<Difference>,
        asked: &Asked,
    ) -> Result<Listed, Error> {
        let event = asked.event.clone().unwrap_or(Event::PullRequest);
        let Some(rule) = rule(&event, false, asked) else { return Ok(not_sent(differences, asked)) };
        let maker = Maker { repository: self, rule: &rule };
        let is_difference = rule.list == forge::List::SinceMergeBase;
        if rule.list == forge::List::Git || is_difference && maker.lists_all(&differences) {
            return Ok(Listed::all(differences));
        }
        let by_git = differences.iter().map(|difference| difference.path.clone()).collect();
        let list = if is_difference {
            let mut list = List::default();
            list.take(&maker, differences)?;
            list
        } else {
            let ends = Ends {
                old: Some(target),
                new: source,
                branch: None,
                target: None,
                source: None,
                new_branch: false,
                forced: false,
                default: None,
                event,
            };
            List::make(self, &ends, &[], &rule)?
        };
        Ok(Listed::new(list, by_git, (rule, asked)))
    }
}

/// The rule that is followed; `None`: no list is sent with the event.
fn rule(event: &Event, new_branch: bool, asked: &Asked) -> Option<Rule> {
    let situation = Situation::of(event, new_branch, false)?;
    Some(forge::rule(asked.forge, situation, asked.server).limited(asked.limits))
}

/// An event that no list is sent with, and that none is looked at for.
fn not_sent(differences: Vec<Difference>, asked: &Asked) -> Listed {
    if asked.forge == crate::change::Forge::Git {
        return Listed::all(differences);
    }
    let by_git = ByGit { files: paths(differences), from: None };
    Listed { files: ChangedFiles::none(), by_git: Some(by_git), pipeline: true }
}
