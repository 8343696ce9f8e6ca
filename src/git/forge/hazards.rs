//! What a person should know of a forge's list: each note a whole phrase, safe to print, and only where it is about the change at hand.

use std::collections::BTreeMap;

use bstr::BString;
use git2::Oid;

use super::ends::Ends;
use super::hidden::Why;
use super::lists::{LeftOut, List};
use super::{Reported, Repository};
use crate::change::{Forge, asks_to_skip_ci};
use crate::forge::{self, BranchIs, MessageIs, Rule};
use crate::git::Error;
use crate::text::{escape, to_server_string};

/// Of how many commits of a push, the last one apart, message and parents are looked at.
const COMMITS_READ: usize = 100;

pub(super) fn notes(
    repository: &Repository,
    reported: &Reported,
    rule: &Rule,
    (ends, pushed): (&Ends, &[Oid]),
    list: &List,
    hidden: &[(&BString, Why)],
) -> Result<Vec<String>, Error> {
    let mut notes = list.notes.clone();
    let forge = rule.forge;
    if let Some(why) = list.no_pipeline {
        notes.push(format!("with {forge}, the server makes no pipeline of it: {why}"));
    }
    notes.extend(of_hidden(forge, hidden));
    notes.extend(of_unchanged(forge, reported));
    if reported.set.files.is_empty() && list.no_pipeline.is_none() {
        notes.push(format!("{forge} lists no file: what is gated by path runs, unless it says `on_empty: false`"));
    }
    if ends.event.is_of_pull_request() {
        notes.extend(of_request(rule));
    } else if list.no_pipeline.is_none() {
        notes.extend(skip_ci_unheard(repository, ends, pushed)?);
        // The commits whose files are listed one way or another.
        let heard = match (rule.list, list.commits) {
            (forge::List::Nothing | forge::List::BackToMergeBase, _) => &[],
            (forge::List::Tip, _) => pushed.get(..1).unwrap_or_default(),
            (_, Some((taken, _))) => pushed.get(..taken).unwrap_or(pushed),
            _ => pushed,
        };
        notes.extend(merge_of_default(repository, ends, heard)?);
    }
    Ok(notes)
}

/// One note for each reason why files are hidden.
fn of_hidden(forge: Forge, hidden: &[(&BString, Why)]) -> Vec<String> {
    let mut kinds: BTreeMap<String, (usize, &BString)> = BTreeMap::new();
    for (path, why) in hidden {
        let kind = match why {
            Why::LeftOut(LeftOut::TypeChange, _) => {
                format!("{forge} does not list a file that becomes a symlink or a submodule, or was one")
            }
            Why::LeftOut(LeftOut::Renamed(_), _) => format!("{forge} lists a renamed file by its new name only"),
            Why::LeftOut(LeftOut::Beyond(most), _) => format!("{forge} lists {most} files at most"),
            Why::OlderCommits(taken, all) => {
                let plural = if *taken == 1 { "commit" } else { "commits" };
                format!("{forge} lists the files of the newest {taken} {plural} of a push only, which has {all}")
            }
            Why::NotTheLast => format!("{forge} lists the files of the last commit only"),
            Why::TakenAway => format!("{forge} lists what the new commits change, not what a forced push takes away"),
            Why::NotSinceParted => format!("{forge} compares with where the new commits left the old ones"),
            Why::Driver(..) => why.to_string(),
            // Said already.
            Why::NoPipeline => continue,
        };
        kinds.entry(kind).or_insert((0, path)).0 += 1;
    }
    let say = |(kind, (count, example)): (String, (usize, &BString))| {
        let files = if count == 1 { "1 changed file is".to_owned() } else { format!("{count} changed files are") };
        let such = if count == 1 { "" } else { "such as " };
        format!("{kind}: {files} not listed, {such}`{}`", escape(example.as_slice()))
    };
    kinds.into_iter().map(say).collect()
}

/// Files that are listed though they are as they were.
fn of_unchanged(forge: Forge, reported: &Reported) -> Option<String> {
    let mut unchanged = reported.set.files.iter().filter(|path| !reported.changed.contains_path(path));
    let example = escape(unchanged.next()?.as_slice()).to_string();
    Some(match unchanged.count() {
        0 => format!("{forge} lists a file that is as it was before: `{example}`"),
        more => format!("{forge} lists {} files that are as they were before, such as `{example}`", more + 1),
    })
}

fn of_request(rule: &Rule) -> Vec<String> {
    let mut notes = Vec::new();
    if matches!(rule.branch, BranchIs::Source | BranchIs::TargetIfMerged) {
        notes.push(format!(
            "`when.branch` sees the source branch of a pull request with {}, not its target",
            rule.forge
        ));
    }
    if rule.message == MessageIs::LastCommit {
        notes.push(format!(
            "`ignore_message` and skip-CI see the message of the pull request's last commit with {}, not its title",
            rule.forge
        ));
    }
    notes
}

/// An older commit of a push that asks to skip CI, which nobody hears.
fn skip_ci_unheard(repository: &Repository, ends: &Ends, pushed: &[Oid]) -> Result<Option<String>, Error> {
    let objects = repository.objects();
    let asks = |id| -> Result<bool, Error> {
        let commit = objects.commit(id, "the commit")?;
        Ok(asks_to_skip_ci(&to_server_string(commit.message_raw_bytes())))
    };
    if asks(ends.new)? {
        return Ok(None);
    }
    for &id in pushed.iter().take(COMMITS_READ) {
        if id != ends.new && asks(id)? {
            return Ok(Some(format!(
                "commit {} asks to skip CI, but of a push only the last commit's message is looked at",
                short(id)
            )));
        }
    }
    Ok(None)
}

/// A merge that brings the default branch's changes into another branch.
fn merge_of_default(repository: &Repository, ends: &Ends, heard: &[Oid]) -> Result<Option<String>, Error> {
    let (Some(tip), Some((name, _))) = (ends.other_default(), &ends.default) else { return Ok(None) };
    let objects = repository.objects();
    for &id in heard.iter().take(COMMITS_READ) {
        let commit = objects.commit(id, "the commit")?;
        if commit.parent_ids().skip(1).any(|parent| parent == tip || repository.descends(tip, parent)) {
            return Ok(Some(format!(
                "commit {} merges `{}` into the branch: all that changed there counts as changed",
                short(id),
                escape(name)
            )));
        }
    }
    Ok(None)
}

fn short(id: Oid) -> String {
    let mut id = id.to_string();
    id.truncate(10);
    id
}
