//! What a step's build reads and its filters miss.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use bstr::BString;

use super::builds::Build;
use super::trigger::{Filter, Found, Missed};
use super::witness::plainness;
use crate::closure::{Because, Extent, Inputs, not_aside};
use crate::glob::{PatternSet, Selection};
use crate::source::{FileId, Span};

/// Files that a build reads and one filter misses; those that are only copied along, whatever filter misses them.
pub(super) struct Gap {
    /// The one that is shown.
    pub path: BString,
    /// Whether git tracks it; else it is a name for a file that may come.
    pub is_tracked: bool,
    /// Whether the build is about it.
    pub firm: bool,
    /// How much the line names that reads it.
    pub extent: Extent,
    /// What leads there.
    pub because: Vec<Because>,
    /// The change that is missed: of this file, and of others if that takes them.
    pub missed: Rc<Missed>,
    /// The other files that take part in that.
    pub beside: Vec<String>,
    /// Filters that miss the same files, on other events.
    pub too: Vec<Filter>,
    /// Filters that miss more of these files.
    pub others: Vec<Filter>,
    /// The tracked files, by number, each of which is missed alone.
    files: BTreeSet<usize>,
    rank: u8,
}

/// Where the filter stands that misses a file.
type Place = Option<(FileId, Span)>;

/// How much a gap says, most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// The build is about the file, which is missed alone.
    Alone,
    /// It is about the file, which is missed beside others.
    Beside,
    /// The file is only copied along.
    Copied,
}

/// What was found for one step.
#[derive(Default)]
pub(super) struct Gaps {
    gaps: BTreeMap<(Weight, Place), Gap>,
    /// The filters that miss something.
    filters: BTreeSet<Place>,
    /// Why there may be others, in what no gap is of.
    pub unclear: Option<String>,
}

impl Gaps {
    /// Whether every change that touches what the build reads runs the step; if not, for each filter which ones do not.
    ///
    /// It is proved first. Only where there is a gap, tracked files are tried one by one, since these show it best.
    pub(super) fn of(build: &Build<'_, '_>) -> Self {
        let mut gaps = Self::default();
        let mut open = Vec::new();
        for inputs in build.inputs.iter().filter(|inputs| !inputs.reads.is_empty()) {
            for at in build.triggers.events(build.step) {
                let all = inputs.reads.iter().map(|reads| reads.used.clone());
                let known = open.len();
                if search(build, at, all, &mut open).is_none() && open.len() == known {
                    continue;
                }
                if !gaps.tracked(build, inputs, at) {
                    gaps.untracked(build, inputs, at);
                }
            }
        }
        open.retain(|(selection, _)| !gaps.are_some_of(selection, build));
        gaps.unclear = open.into_iter().next().map(|(_, why)| why);
        gaps
    }

    /// Whether a file of `selection` is one that is missed.
    fn are_some_of(&self, selection: &Selection, build: &Build<'_, '_>) -> bool {
        let tracked = |gap: &Gap| gap.files.iter().any(|&file| selection.is_match(&build.tracked[file]));
        self.gaps.values().any(|gap| selection.is_match(&gap.path) || tracked(gap))
    }

    /// The gaps, those first that the build is about. Where filters of different events miss the same files, they are one.
    pub(super) fn into_iter(self) -> impl Iterator<Item = Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        for gap in self.gaps.into_values() {
            let same = |known: &&mut Gap| (&known.path, known.firm, &known.files) == (&gap.path, gap.firm, &gap.files);
            match gaps.iter_mut().find(same) {
                Some(known) => known.too.extend(gap.missed.by.iter().cloned()),
                None => gaps.push(gap),
            }
        }
        gaps.into_iter()
    }

    /// Adds the tracked files that are missed alone; whether the build is about some of them.
    fn tracked(&mut self, build: &Build<'_, '_>, inputs: &Inputs, at: usize) -> bool {
        let mut is_firm = false;
        for (file, path) in build.tracked.iter().enumerate() {
            let Some(missed) = build.triggers.alone(build.step, at, file) else { continue };
            let Some((read, firm)) = inputs.of(path).filter(|_| inputs.is_used(path)) else { continue };
            is_firm |= firm;
            let gap = Gap {
                path: path.clone(),
                is_tracked: true,
                firm,
                extent: inputs.reads[read].extent,
                because: Vec::new(),
                missed,
                beside: Vec::new(),
                too: Vec::new(),
                others: Vec::new(),
                files: BTreeSet::from([file]),
                rank: plainness(path),
            };
            self.add(gap, inputs, read);
        }
        is_firm
    }

    /// Adds a file that may come, or one that is missed only beside others.
    fn untracked(&mut self, build: &Build<'_, '_>, inputs: &Inputs, at: usize) {
        // Names that hardly any build is about say nothing as long as no such file is there.
        let likely = &Arc::new(not_aside());
        let firm = |pattern: bool| {
            let of = inputs.reads.iter().filter(move |reads| (reads.extent == Extent::Pattern) == pattern);
            of.filter_map(|reads| Some(reads.firm.clone()?.and(likely)))
        };
        let all = inputs.reads.iter().map(|reads| reads.used.clone().and(likely));
        let tries: [(Vec<Selection>, bool); 3] =
            [(firm(false).collect(), true), (firm(true).collect(), false), (all.collect(), false)];
        for (selections, counts) in tries {
            let Some(missed) = search(build, at, selections.into_iter(), &mut Vec::new()) else { continue };
            let missed = Rc::new(deeper(build, inputs, at, &missed).unwrap_or(missed));
            let read = missed.change.files.iter().filter_map(|file| Some((inputs.of(file.as_bytes())?, file)));
            let ranked = read.map(|(of, file)| (of, build.tracked.contains_path(file.as_bytes()), file));
            let best = ranked.max_by_key(|&((_, firm), is_tracked, _)| (firm, is_tracked));
            let Some(((read, firm), is_tracked, file)) = best else { continue };
            // A name that a pattern for names would match is one that hardly comes.
            let firm = firm && (counts || is_tracked);
            let gap = Gap {
                path: file.as_str().into(),
                is_tracked,
                firm,
                extent: inputs.reads[read].extent,
                because: Vec::new(),
                missed: Rc::clone(&missed),
                beside: missed.change.files.iter().filter(|other| *other != file).cloned().collect(),
                too: Vec::new(),
                others: Vec::new(),
                files: BTreeSet::new(),
                rank: u8::MAX,
            };
            if !self.filters.contains(&gap.place()) {
                self.add(gap, inputs, read);
            }
        }
    }

    fn add(&mut self, mut gap: Gap, inputs: &Inputs, read: usize) {
        let place = gap.place();
        let is_new = self.filters.insert(place);
        // What is only copied is told together, whatever the filters.
        let weight = gap.weight();
        let key = (weight, place.filter(|_| weight != Weight::Copied));
        match self.gaps.get_mut(&key) {
            Some(known) if known.rank <= gap.rank => {
                if is_new && !gap.files.is_subset(&known.files) {
                    known.others.extend(gap.missed.by.first().cloned());
                }
                known.files.append(&mut gap.files);
            }
            known => {
                gap.because = inputs.because(read, &gap.path);
                if let Some(known) = known {
                    gap.files.append(&mut known.files);
                    gap.others.append(&mut known.others);
                    gap.others.extend(known.missed.by.first().cloned());
                    gap.others.retain(|other| other.place() != place);
                }
                self.gaps.insert(key, gap);
            }
        }
    }
}

impl Gap {
    fn place(&self) -> Place {
        self.missed.by.first().and_then(Filter::place)
    }

    /// How much it says.
    pub(super) fn weight(&self) -> Weight {
        match (self.firm, self.beside.is_empty()) {
            (true, true) => Weight::Alone,
            (true, false) => Weight::Beside,
            (false, _) => Weight::Copied,
        }
    }

    /// How many other tracked files there are, each of which is missed alone.
    pub(super) fn more(&self) -> usize {
        self.files.len() - usize::from(self.is_tracked && !self.files.is_empty())
    }

    /// Whether nothing but the name of the step tells them apart: the same files and filters. An ignore file is said once, whatever the
    /// filters: it says the same of all builds. Of files that are missed beside others, each stands for all.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let filters = |gap: &Self| -> Vec<Place> {
            gap.missed.by.iter().chain(&gap.too).chain(&gap.others).map(Filter::place).collect()
        };
        let change = |gap: &Self| (gap.missed.event.clone(), gap.missed.change.clone());
        let has_same_filters = || filters(self) == filters(other);
        if self.weight() == Weight::Beside && other.weight() == Weight::Beside {
            return self.beside == other.beside && has_same_filters();
        }
        (&self.path, self.firm, self.extent, &self.files) == (&other.path, other.firm, other.extent, &other.files)
            && (self.extent == Extent::Ignore || has_same_filters() && change(self) == change(other))
    }
}

/// A change that shows the same with a file in a folder, where it has one of the folder's name: `test/**` matches `test`, too, but that is not
/// what anybody thinks of.
fn deeper(build: &Build<'_, '_>, inputs: &Inputs, at: usize, missed: &Missed) -> Option<Missed> {
    let globs = missed.by.iter().filter_map(|filter| filter.reason.pattern.as_deref()?.strip_suffix("/**"));
    let folders: PatternSet = globs.collect();
    let mut change = missed.change.clone();
    for file in &mut change.files {
        let inside = format!("{file}/x");
        let alike = || {
            inputs.of(file.as_bytes()) == inputs.of(inside.as_bytes()) && build.trackable.is_match(inside.as_bytes())
        };
        if folders.is_match(file.as_bytes()) && !build.tracked.contains_path(file.as_bytes()) && alike() {
            *file = inside;
        }
    }
    if change == missed.change { None } else { build.triggers.missed(build.step, at, change) }
}

/// A change that touches one of the files, as far as git can have them, and that the step misses. Each selection is asked about by itself: together
/// they would be as much work as their product. Those of which that is not known come to `open`, with why.
fn search(
    build: &Build<'_, '_>,
    at: usize,
    of: impl Iterator<Item = Selection>,
    open: &mut Vec<(Selection, String)>,
) -> Option<Missed> {
    for selection in of {
        match build.triggers.search(build.step, at, selection.clone().and(build.trackable)) {
            Found::Nothing => {}
            Found::Unclear(why) => open.push((selection, why)),
            Found::Missed(missed) => return Some(missed),
        }
    }
    None
}
