//! `when.path`: the filter over the changed files.

use super::facts::Facts;
use super::reason::{Clause, Kind, Reason};
use super::truth::Truth;
use crate::server::Difference;
use crate::workflow::{Glob, PathFilter};

/// Decides a path filter, in the server's order: `ignore_message`, no files at all, exclude, include.
pub(super) fn path(filter: &PathFilter, facts: &Facts<'_>) -> (Truth, Reason) {
    let place = filter.place.as_ref();
    let reason = |kind| Reason::of(kind, Clause::Path);
    let hole = |globs: &[Glob]| globs.iter().find_map(|glob| facts.hole_in(glob.place.span)).map(str::to_owned);

    let ignore = &filter.ignore_message;
    if let Some(name) = facts.hole_in(ignore.place.span) {
        return (Truth::Unknown, Reason::needs_server(Clause::Path, name).at(&ignore.place));
    }
    if !ignore.value.is_empty() && facts.message_holds(&ignore.value) {
        let reason = Reason { pattern: Some(ignore.value.clone()), ..reason(Kind::MessageIgnored) };
        return (Truth::Yes, reason.at(&ignore.place));
    }
    if facts.no_file_changed() {
        return match &filter.on_empty {
            Some(on_empty) if !on_empty.value => (Truth::No, reason(Kind::EmptyRefused).at(&on_empty.place)),
            Some(on_empty) => (Truth::Yes, reason(Kind::EmptyAllowed).at(&on_empty.place)),
            None => (Truth::Yes, reason(Kind::EmptyAllowed).at_some(place)),
        };
    }
    let mut unknown = None;
    let mut kept = reason(Kind::NotExcluded).at_some(place);
    if !filter.exclude.is_empty() {
        match excluded(&known(&filter.exclude, facts), facts) {
            Excluded::Yes(decisive) => return (Truth::No, decisive),
            // With an unknown pattern in the list, more may be excluded than is seen.
            Excluded::No(decisive) => {
                unknown = hole(&filter.exclude);
                kept = decisive.at_some(place);
            }
        }
    }
    if filter.include.is_empty() {
        return match unknown {
            Some(name) => (Truth::Unknown, Reason::needs_server(Clause::Path, &name).at_some(place)),
            None => (Truth::Yes, kept),
        };
    }
    let hit = facts.first_matched(&known(&filter.include, facts));
    let unknown = unknown.or_else(|| if hit.is_none() { hole(&filter.include) } else { None });
    match (hit, unknown) {
        (_, Some(name)) => (Truth::Unknown, Reason::needs_server(Clause::Path, &name).at_some(place)),
        (Some((file, glob)), None) => (Truth::Yes, reason(Kind::FileIncluded).file(file).by(glob)),
        (None, None) => (Truth::No, reason(Kind::NoFileIncluded).at_some(place)),
    }
}

enum Excluded {
    Yes(Reason),
    No(Reason),
}

/// Whether the exclude list skips: since server 3.5.0 when every file matches it, before when any does.
fn excluded(exclude: &[&Glob], facts: &Facts<'_>) -> Excluded {
    let reason = |kind| Reason::of(kind, Clause::Path);
    let every = facts.server.has(Difference::ExcludeNeedsEveryFile);
    if every && let Some(file) = facts.first_unmatched(exclude) {
        return Excluded::No(reason(Kind::FileCounts).file(file));
    }
    let kind = if every { Kind::AllFilesExcluded } else { Kind::AnyFileExcluded };
    match facts.first_matched(exclude) {
        Some((file, glob)) => Excluded::Yes(reason(kind).file(file).by(glob)),
        None => Excluded::No(reason(Kind::NotExcluded)),
    }
}

/// The patterns of a list that hold no unknown variable.
fn known<'g>(globs: &'g [Glob], facts: &Facts<'_>) -> Vec<&'g Glob> {
    globs.iter().filter(|glob| facts.hole_in(glob.place.span).is_none()).collect()
}
