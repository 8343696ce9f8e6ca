//! What a forge reports of a change: [`Repository::reported`], after the table of [`crate::forge`].
//!
//! `lists` makes the list, `ends` finds the commits that it is made from, `hidden` holds it against what really changed, `hazards` says
//! what a person should know, `guess` finds out which forge it is, `landed` makes the lists of a
//! whole history. A difference between trees is read once for each commit that a list is made of; renames are
//! looked for only where they show.

mod ends;
mod guess;
mod hazards;
mod hidden;
mod landed;
mod lists;

use super::{Change, Error, Repository};
use crate::change::{ChangeSet, ChangedFiles, Event, Forge};
use crate::forge::{BranchIs, ForgeLimits, List, Rule, Situation, rule};
use crate::server::Version;

pub use guess::Guess;
pub use landed::ByGit;

use ends::Ends;

/// Whose report is asked for, and what git cannot know of the change.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The forge.
    pub forge: Forge,
    /// What its administrator has changed.
    pub limits: ForgeLimits,
    /// The server, whose driver takes part.
    pub server: Version,
    /// The event; `None`: `pull_request` for `A...B`, else `push`.
    pub event: Option<Event>,
    /// The branch that is pushed, or that a pull request comes from; `None`: the one that the revision names, else the one checked out.
    pub branch: Option<String>,
    /// Whether the push makes a new branch.
    pub new_branch: bool,
    /// Whether the push was forced. It is seen anyway where the old commit is named and is none of the new one's ancestors.
    pub forced: bool,
}

/// A change as a forge reports it.
#[derive(Clone, Debug)]
pub struct Reported {
    /// What the server gets to know.
    pub set: ChangeSet,
    /// What changed, by git's own rules: [`ChangeSet::files`] of [`Repository::change_set`], and for a new branch, all that it brings.
    pub changed: ChangedFiles,
    /// The rule that was followed; `None`: no list is sent with the event, or none can be made of what is not committed.
    pub rule: Option<Rule>,
    /// Whether the server makes a pipeline at all.
    pub pipeline: bool,
    /// Of a pull request, the branch that it is to be merged into, as far as the revision names it.
    pub target: Option<String>,
    /// And the one that it comes from.
    pub source: Option<String>,
}

impl Reported {
    fn as_git_sees_it(set: ChangeSet) -> Self {
        Self { changed: set.files.clone(), set, rule: None, pipeline: true, target: None, source: None }
    }
}

impl Repository {
    /// What a forge reports of `change`, what it leaves out, and why. What is not committed, and files that are just named, are listed as
    /// git lists them.
    ///
    /// # Errors
    /// [`Error`]: unknown revision, missing object (shallow and partial clones), no merge base, limits, IO.
    pub fn reported(&self, change: &Change, asked: &Asked) -> Result<Reported, Error> {
        let Change::Revision(revision) = change else {
            return Ok(Reported::as_git_sees_it(self.change_set(change)?));
        };
        let mut set = self.change_set(change)?;
        let ends = Ends::find(self, revision, asked)?;
        let Some(situation) = Situation::of(&ends.event, ends.new_branch, ends.forced) else {
            set.forge = asked.forge;
            let mut reported = Reported::as_git_sees_it(set);
            if asked.forge != Forge::Git {
                // The server is sent no list, but nothing looks at it either.
                reported.set.files = ChangedFiles::none();
                reported.set.notes.push(format!(
                    "no list of files is sent with event `{}`, and none is looked at",
                    ends.event.as_str()
                ));
            }
            return Ok(reported);
        };
        let rule = rule(asked.forge, situation, asked.server).limited(asked.limits);
        set.branch = match rule.branch {
            BranchIs::Pushed => ends.branch.clone().or(set.branch),
            BranchIs::Target => ends.target.clone().or(set.branch),
            BranchIs::Source => ends.source.clone(),
            BranchIs::TargetIfMerged => {
                if ends.merged(self) {
                    ends.target.clone()
                } else {
                    ends.source.clone()
                }
            }
        };
        if situation == Situation::NewBranch
            && let Some(brought) = ends.brought_by_branch(self)?
        {
            set.files = brought;
        }
        if rule.list == List::Git {
            let Ends { target, source, .. } = ends;
            return Ok(Reported { rule: Some(rule), target, source, ..Reported::as_git_sees_it(set) });
        }
        let pushed = if ends.event.is_of_pull_request() { Vec::new() } else { ends.pushed(self)? };
        let mut list = lists::List::make(self, &ends, &pushed, &rule)?;
        let changed = std::mem::replace(&mut set.files, std::mem::take(&mut list.files).into());
        set.forge = asked.forge;
        let (target, source) = (ends.target.clone(), ends.source.clone());
        let pipeline = list.no_pipeline.is_none();
        let mut reported = Reported { set, changed, rule: Some(rule), pipeline, target, source };
        let hidden: Vec<_> =
            hidden::hidden(&reported.changed, &reported.set.files, &list, &rule, asked.server).collect();
        let notes = hazards::notes(self, &reported, &rule, (&ends, &pushed), &list, &hidden)?;
        let hidden = hidden.into_iter().map(hidden::to_hidden).collect();
        (reported.set.hidden, reported.set.notes) = (hidden, [reported.set.notes, notes].concat());
        Ok(reported)
    }
}
