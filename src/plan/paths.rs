//! `when.path`: the filter over the changed files.

use super::facts::Facts;
use super::inquiry::Subject;
use super::reason::{Clause, Kind, Reason};
use super::truth::Truth;
use crate::server::Difference;
use crate::source::OffsetMap;
use crate::workflow::{Glob, PathFilter};

/// Decides a path filter, in the server's order: `ignore_message`, no files at all, exclude, include.
pub(super) fn path(filter: &PathFilter, facts: &Facts<'_>) -> (Truth, Reason) {
    let ignore = &filter.ignore_message;
    let ignored = match facts.hole_in(ignore.place.span) {
        Some(name) => {
            let named = || facts.named(&ignore.value, &OffsetMap::new(), ignore.place.span);
            match facts.doubt(name, || Subject::MessageHolds(named())) {
                Truth::Yes => true,
                Truth::No => false,
                // What the files let through runs whatever the message holds.
                Truth::Unknown => match of_files(filter, facts) {
                    (Truth::Yes, reason) => return (Truth::Yes, reason),
                    _ => return (Truth::Unknown, Reason::needs_server(Clause::Path, name).at(&ignore.place)),
                },
            }
        }
        None => !ignore.value.is_empty() && facts.message_holds(&ignore.value),
    };
    if ignored {
        let reason = Reason::of(Kind::MessageIgnored, Clause::Path).at(&ignore.place);
        return (Truth::Yes, Reason { pattern: Some(ignore.value.clone()), ..reason });
    }
    of_files(filter, facts)
}

/// The filter without its `ignore_message`.
fn of_files(filter: &PathFilter, facts: &Facts<'_>) -> (Truth, Reason) {
    let place = filter.place.as_ref();
    let reason = |kind| Reason::of(kind, Clause::Path);
    let needs_server = |name: &str| (Truth::Unknown, Reason::needs_server(Clause::Path, name));
    if facts.no_file_changed() {
        return match &filter.on_empty {
            Some(on_empty) if !on_empty.value => (Truth::No, reason(Kind::EmptyRefused).at(&on_empty.place)),
            Some(on_empty) => (Truth::Yes, reason(Kind::EmptyAllowed).at(&on_empty.place)),
            None => (Truth::Yes, reason(Kind::EmptyAllowed).at_some(place)),
        };
    }
    // With an unknown pattern in the list, more may be excluded than is seen.
    let mut unknown = None;
    let mut kept = reason(Kind::NotExcluded).at_some(place);
    if !filter.exclude.is_empty() {
        match excluded(&filter.exclude, facts) {
            Excluded::Yes(decisive) => return (Truth::No, decisive),
            Excluded::No(decisive) => kept = decisive.at_some(place),
            Excluded::Unknown(name) => unknown = Some(name),
        }
    }
    let included =
        if filter.include.is_empty() { Hit::Yes(kept) } else { hit(Kind::FileIncluded, &filter.include, facts) };
    let (truth, reason) = match (included, unknown) {
        (Hit::No, _) => (Truth::No, reason(Kind::NoFileIncluded)),
        (_, Some(name)) | (Hit::Unknown(name), None) => needs_server(name),
        (Hit::Yes(reason), None) => return (Truth::Yes, reason),
    };
    (truth, reason.at_some(place))
}

enum Excluded<'g> {
    Yes(Reason),
    No(Reason),
    /// It hangs on this variable.
    Unknown(&'g str),
}

/// Whether some changed file matches a list.
enum Hit<'g> {
    Yes(Reason),
    No,
    /// It hangs on this variable.
    Unknown(&'g str),
}

fn hit<'g>(kind: Kind, globs: &'g [Glob], facts: &'g Facts<'_>) -> Hit<'g> {
    let of = |file, glob| Hit::Yes(Reason::of(kind, Clause::Path).file(file).by(glob));
    if let Some((file, glob)) = facts.first_matched(&known(globs, facts)) {
        return of(file, glob);
    }
    let mut unknown = None;
    for (glob, name) in globs.iter().filter_map(|glob| Some((glob, facts.hole_in(glob.place.span)?))) {
        match facts.doubt(name, || Subject::FileMatched(facts.named_glob(glob))) {
            Truth::Yes => return of(&[], glob),
            Truth::No => {}
            Truth::Unknown => unknown = unknown.or(Some(name)),
        }
    }
    unknown.map_or(Hit::No, Hit::Unknown)
}

/// Whether the exclude list skips: since server 3.5.0 when every file matches it, before when any does.
fn excluded<'g>(exclude: &'g [Glob], facts: &'g Facts<'_>) -> Excluded<'g> {
    let reason = |kind| Reason::of(kind, Clause::Path);
    if !facts.server.has(Difference::ExcludeNeedsEveryFile) {
        return match hit(Kind::AnyFileExcluded, exclude, facts) {
            Hit::Yes(reason) => Excluded::Yes(reason),
            Hit::No => Excluded::No(reason(Kind::NotExcluded)),
            Hit::Unknown(name) => Excluded::Unknown(name),
        };
    }
    let known = known(exclude, facts);
    let all = |file, glob| Excluded::Yes(reason(Kind::AllFilesExcluded).file(file).by(glob));
    if let Some(file) = facts.first_unmatched(&known) {
        let hole = exclude.iter().find_map(|glob| Some((glob, facts.hole_in(glob.place.span)?)));
        let Some((glob, name)) = hole else { return Excluded::No(reason(Kind::FileCounts).file(file)) };
        return match facts.doubt(name, || Subject::FileUnmatched(facts.named_globs(exclude))) {
            Truth::Yes => Excluded::No(reason(Kind::FileCounts).file(file)),
            Truth::No => all(&[], glob),
            Truth::Unknown => Excluded::Unknown(name),
        };
    }
    match facts.first_matched(&known) {
        Some((file, glob)) => all(file, glob),
        None => Excluded::No(reason(Kind::NotExcluded)),
    }
}

/// The patterns of a list that hold no unknown variable.
fn known<'g>(globs: &'g [Glob], facts: &Facts<'_>) -> Vec<&'g Glob> {
    globs.iter().filter(|glob| facts.hole_in(glob.place.span).is_none()).collect()
}
