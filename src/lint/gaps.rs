//! What a step's build reads and its filters miss.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use bstr::{BString, ByteSlice as _};

use super::builds::Build;
use super::trigger::{Found, Missed};
use crate::closure::{Because, Extent, Inputs, not_aside};
use crate::glob::{PatternSet, Selection};
use crate::source::Span;

/// Files that a build reads and one filter misses.
pub(super) struct Gap {
    /// The one that is shown.
    pub path: BString,
    /// Whether git tracks it; else it is a name for a file that may come.
    pub is_tracked: bool,
    /// Whether the build is about it.
    pub firm: bool,
    /// What leads there.
    pub because: Vec<Because>,
    /// The change that is missed: of this file, and of others if that takes them.
    pub missed: Rc<Missed>,
    /// The other files that take part in that.
    pub beside: Vec<String>,
    /// How many tracked files there are, each of which is missed alone.
    pub count: usize,
    rank: u8,
}

/// What was found for one step.
#[derive(Default)]
pub(super) struct Gaps {
    gaps: BTreeMap<(bool, Option<Span>), Gap>,
    /// Why there may be others.
    pub unclear: Option<String>,
}

impl Gaps {
    /// Whether every change that touches what the build reads runs the step; if not, for each filter which ones do not.
    ///
    /// It is proved first. Only where there is a gap, tracked files are tried one by one, since these show it best.
    pub(super) fn of(build: &Build<'_, '_>) -> Self {
        let mut gaps = Self::default();
        for inputs in build.inputs.iter().filter(|inputs| !inputs.reads.is_empty()) {
            for at in build.triggers.events(build.step) {
                let all = inputs.reads.iter().map(|reads| reads.all.clone());
                match search(build, at, all) {
                    Found::Nothing => continue,
                    Found::Unclear(why) => drop(gaps.unclear.get_or_insert(why)),
                    Found::Missed(_) => {}
                }
                if !gaps.tracked(build, inputs, at) {
                    gaps.untracked(build, inputs, at);
                }
            }
        }
        if !gaps.gaps.is_empty() {
            gaps.unclear = None;
        }
        gaps
    }

    /// The gaps, those first that the build is about.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Gap> {
        self.gaps.values()
    }

    /// Adds the tracked files that are missed alone; whether the build is about some of them.
    fn tracked(&mut self, build: &Build<'_, '_>, inputs: &Inputs, at: usize) -> bool {
        let mut is_firm = false;
        for (file, path) in build.tracked.iter().enumerate() {
            let Some(missed) = build.triggers.alone(build.step, at, file) else { continue };
            let Some((read, firm)) = inputs.of(path) else { continue };
            is_firm |= firm;
            let gap = Gap {
                path: path.clone(),
                is_tracked: true,
                firm,
                because: Vec::new(),
                missed,
                beside: Vec::new(),
                count: 1,
                rank: rank(path),
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
        let all = inputs.reads.iter().map(|reads| reads.all.clone().and(likely));
        let tries: [(Vec<Selection>, bool); 3] =
            [(firm(false).collect(), true), (firm(true).collect(), false), (all.collect(), false)];
        for (selections, counts) in tries {
            let Found::Missed(missed) = search(build, at, selections.into_iter()) else { continue };
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
                because: Vec::new(),
                missed: Rc::clone(&missed),
                beside: missed.change.files.iter().filter(|other| *other != file).cloned().collect(),
                count: 1,
                rank: u8::MAX,
            };
            let filter = gap.filter();
            if !self.gaps.keys().any(|(_, known)| *known == filter) {
                self.add(gap, inputs, read);
            }
        }
    }

    fn add(&mut self, mut gap: Gap, inputs: &Inputs, read: usize) {
        let key = (!gap.firm, gap.filter());
        let count = self.gaps.get(&key).map_or(0, |known| known.count);
        match self.gaps.get_mut(&key) {
            Some(known) if known.rank <= gap.rank => known.count += 1,
            _ => {
                gap.because = inputs.because(read, &gap.path);
                gap.count += count;
                self.gaps.insert(key, gap);
            }
        }
    }
}

impl Gap {
    fn filter(&self) -> Option<Span> {
        self.missed.by.first().and_then(|reason| reason.span)
    }
}

/// A change that shows the same with a file in a folder, where it has one of the folder's name: `test/**` matches `test`, too, but that is not
/// what anybody thinks of.
fn deeper(build: &Build<'_, '_>, inputs: &Inputs, at: usize, missed: &Missed) -> Option<Missed> {
    let globs = missed.by.iter().filter_map(|reason| reason.pattern.as_deref()?.strip_suffix("/**"));
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

/// A change that touches one of the files, as far as git can have them, and that the step misses.
fn search(build: &Build<'_, '_>, at: usize, of: impl Iterator<Item = Selection>) -> Found {
    let selections: Vec<Selection> = of.map(|selection| selection.and(build.trackable)).collect();
    if selections.is_empty() { Found::Nothing } else { build.triggers.search(build.step, at, &selections) }
}

/// How little a file says of what is built: a lock file, settings.
fn rank(path: &[u8]) -> u8 {
    let name = path.rsplit_str("/").next().unwrap_or(path);
    if name.starts_with(b".") {
        3
    } else if name.contains_str("ockerfile") {
        2
    } else {
        u8::from(name.contains_str("lock") || name.ends_with(b".sum"))
    }
}
