//! `when.path`: the filter over the changed files.

use super::facts::Facts;
use super::reason::{Clause, Kind, Reason};
use super::truth::Truth;
use crate::glob::PatternSet;
use crate::server::Difference;
use crate::text::to_lower;
use crate::workflow::{Glob, PathFilter};

/// From how many changed files on the patterns are compiled into a set first.
const COMPILE_FROM: usize = 64;

/// Decides a path filter, in the server's order: `ignore_message`, no files at all, exclude, include.
pub(super) fn path(filter: &PathFilter, facts: &Facts<'_>) -> (Truth, Reason) {
    let place = filter.place.as_ref();
    let reason = |kind| Reason::of(kind, Clause::Path);
    let hole = |globs: &[Glob]| globs.iter().find_map(|glob| facts.hole_in(glob.place.span)).map(str::to_owned);

    let ignore = &filter.ignore_message;
    if let Some(name) = facts.hole_in(ignore.place.span) {
        return (Truth::Unknown, Reason::needs_server(Clause::Path, name).at(&ignore.place));
    }
    if !ignore.value.is_empty() && to_lower(facts.message).contains(&to_lower(&ignore.value)) {
        let reason = Reason { pattern: Some(ignore.value.clone()), ..reason(Kind::MessageIgnored) };
        return (Truth::Yes, reason.at(&ignore.place));
    }
    if facts.files.is_empty() {
        return match &filter.on_empty {
            Some(on_empty) if !on_empty.value => (Truth::No, reason(Kind::EmptyRefused).at(&on_empty.place)),
            Some(on_empty) => (Truth::Yes, reason(Kind::EmptyAllowed).at(&on_empty.place)),
            None => (Truth::Yes, reason(Kind::EmptyAllowed).at_some(place)),
        };
    }
    let mut unknown = None;
    let mut kept = reason(Kind::NotExcluded).at_some(place);
    if !filter.exclude.is_empty() {
        let exclude = Matcher::new(&filter.exclude, facts);
        match excluded(&exclude, facts) {
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
    let include = Matcher::new(&filter.include, facts);
    let hit = facts.files.iter().find_map(|file| Some((file, include.first(file)?)));
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
fn excluded(exclude: &Matcher<'_>, facts: &Facts<'_>) -> Excluded {
    let reason = |kind| Reason::of(kind, Clause::Path);
    if facts.server.has(Difference::ExcludeNeedsEveryFile) {
        let mut first = None;
        for file in facts.files.iter() {
            match exclude.first(file) {
                Some(glob) => first = first.or(Some((file, glob))),
                None => return Excluded::No(reason(Kind::FileCounts).file(file)),
            }
        }
        match first {
            Some((file, glob)) => Excluded::Yes(reason(Kind::AllFilesExcluded).file(file).by(glob)),
            None => Excluded::No(reason(Kind::NotExcluded)),
        }
    } else {
        match facts.files.iter().find_map(|file| Some((file, exclude.first(file)?))) {
            Some((file, glob)) => Excluded::Yes(reason(Kind::AnyFileExcluded).file(file).by(glob)),
            None => Excluded::No(reason(Kind::NotExcluded)),
        }
    }
}

/// Finds the first pattern of a list that matches a file, leaving out those that hold an unknown variable.
struct Matcher<'g> {
    globs: Vec<&'g Glob>,
    set: Option<PatternSet>,
}

impl<'g> Matcher<'g> {
    fn new(globs: &'g [Glob], facts: &Facts<'_>) -> Self {
        let globs: Vec<&Glob> = globs.iter().filter(|glob| facts.hole_in(glob.place.span).is_none()).collect();
        let set =
            (facts.files.len() >= COMPILE_FROM).then(|| PatternSet::new(globs.iter().map(|glob| glob.pattern.clone())));
        Self { globs, set }
    }

    fn first(&self, file: &[u8]) -> Option<&'g Glob> {
        match &self.set {
            Some(set) => set.first_match(file).map(|at| self.globs[at]),
            None => self.globs.iter().find(|glob| glob.pattern.is_match(file)).copied(),
        }
    }
}
