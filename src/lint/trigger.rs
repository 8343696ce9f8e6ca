//! Which changes of a single file run which steps: the plan itself is asked, once for each kind of file.
//!
//! To the path filters of a workflow, two files are of one kind when the same globs match them. Since server 3.5, what a change of one
//! file does not run, a larger one of such files does not run either; before, one excluded file can stop what others start, which is the
//! subject of `old-exclude-semantics`.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use bstr::{BString, ByteSlice as _};

use super::reading::Reading;
use super::sample::sample;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::glob::PatternSet;
use crate::plan::{self, Clause, Reason, Request, Verdict, WorkflowPlan};
use crate::source::{Source, Sources};
use crate::workflow::{Glob, Step, When};

/// Most kinds of files that are told apart in one workflow.
const MAX_KINDS: usize = 1024;

/// Most branches that are tried.
const MAX_BRANCHES: usize = 8;

/// The changes of single files, as a workflow sees them.
pub(super) struct Triggers<'r> {
    reading: &'r Reading<'r>,
    tracked: &'r ChangedFiles,
    /// The workflow's file, and those that it waits for.
    files: Sources,
    situations: Vec<Situation>,
    /// A file of each kind.
    kinds: Vec<&'r BString>,
    /// The kind of each tracked file.
    kind_of: Vec<usize>,
    /// By situation and kind.
    plans: RefCell<HashMap<(usize, usize), Planned>>,
}

/// What became of the workflow, if it is in the plan.
type Planned = Option<Rc<WorkflowPlan>>;

/// A change, but for its files.
#[derive(Debug)]
pub(super) struct Situation {
    metadata: Metadata,
    /// In words: a push to `main`.
    pub words: String,
}

/// Why a step does not run.
pub(super) struct Skipped {
    /// The path filters that say so.
    pub by: Vec<Reason>,
}

impl<'r> Triggers<'r> {
    /// The triggers of the workflow in `reading`, one of `files`. `None` when its globs tell too many kinds of files apart, or an expression
    /// reads the list of files itself.
    pub(super) fn new(reading: &'r Reading<'r>, tracked: &'r ChangedFiles, files: &Sources) -> Option<Self> {
        let workflow = reading.workflow;
        let whens = || std::iter::once(&workflow.when).chain(workflow.steps.iter().map(|step| &step.when));
        let entries = || whens().flat_map(|when| &when.entries);
        let reads_files = |text: &str| text.contains("CI_PIPELINE_FILES");
        if entries().any(|entry| entry.evaluate.as_ref().is_some_and(|expression| reads_files(&expression.value))) {
            return None;
        }
        let globs = entries().flat_map(|entry| entry.path.include.iter().chain(&entry.path.exclude));
        let set: PatternSet = globs.map(|glob| glob.pattern.clone()).collect();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let (mut kinds, mut kind_of, mut matches) = (Vec::new(), Vec::new(), Vec::new());
        for path in tracked.iter() {
            set.matches_into(path, &mut matches);
            let kind = *known.entry(matches.clone()).or_insert_with(|| {
                kinds.push(path);
                kinds.len() - 1
            });
            kind_of.push(kind);
        }
        if kinds.len() > MAX_KINDS {
            return None;
        }
        let situations = situations(reading, whens());
        let files = own(reading, files);
        Some(Self { reading, tracked, files, situations, kinds, kind_of, plans: RefCell::default() })
    }

    /// The situations in which some change of one file runs `step`, or may.
    pub(super) fn situations(&self, step: &Step) -> impl Iterator<Item = usize> {
        let runs = |at: &usize| (0..self.kinds.len()).any(|kind| self.runs_kind(step, *at, kind));
        let all: Vec<usize> = (0..self.situations.len()).filter(runs).collect();
        all.into_iter()
    }

    pub(super) fn situation(&self, at: usize) -> &Situation {
        &self.situations[at]
    }

    /// Whether a change of the file at `path`, which git tracks, runs `step` in a situation, or may.
    pub(super) fn runs(&self, step: &Step, situation: usize, path: &[u8]) -> bool {
        self.kind(path).is_some_and(|kind| self.runs_kind(step, situation, kind))
    }

    /// Why a change of the file at `path` does not run `step`; `None` when it does, or may.
    pub(super) fn skipped(&self, step: &Step, situation: usize, path: &[u8]) -> Option<Skipped> {
        let plan = self.plan(situation, self.kind(path)?)?;
        let skipped = |verdict| verdict == Verdict::Skip;
        let planned = plan.steps.iter().find(|planned| planned.span == Some(step.name.place.span))?;
        let reasons = match (skipped(plan.verdict), skipped(planned.verdict)) {
            (true, _) => &plan.reasons,
            (_, true) => &planned.reasons,
            _ => return None,
        };
        let by = reasons.iter().filter(|reason| reason.clause == Some(Clause::Path)).cloned().collect();
        Some(Skipped { by })
    }

    fn kind(&self, path: &[u8]) -> Option<usize> {
        let at = self.tracked.binary_search_by(|own| own.as_bytes().cmp(path)).ok()?;
        self.kind_of.get(at).copied()
    }

    fn runs_kind(&self, step: &Step, situation: usize, kind: usize) -> bool {
        let Some(plan) = self.plan(situation, kind) else { return false };
        let planned = plan.steps.iter().find(|planned| planned.span == Some(step.name.place.span));
        let may = |verdict| matches!(verdict, Verdict::Run | Verdict::Unknown);
        may(plan.verdict) && planned.is_some_and(|planned| may(planned.verdict))
    }

    /// What a change of one file of `kind` comes to.
    fn plan(&self, situation: usize, kind: usize) -> Planned {
        let make = || {
            let context = self.reading.context;
            let changed = std::iter::once(self.kinds.get(kind)?.to_vec()).collect();
            let metadata = self.situations.get(situation)?.metadata.clone();
            let change = plan::Context::predicted(metadata, changed, Forge::Git, BTreeMap::new());
            let request = Request {
                server: context.server,
                context: &change,
                variables: context.variables,
                policy: context.policy,
                findings: false,
            };
            let plan = plan::plan(&self.files, &request);
            let name = self.reading.file.name();
            plan.workflows.into_iter().find(|it| it.name == name && it.axis == *self.reading.axis).map(Rc::new)
        };
        self.plans.borrow_mut().entry((situation, kind)).or_insert_with(make).clone()
    }
}

/// The workflow's own file; and when it waits for others, all of its folder, without which it would be dropped.
fn own(reading: &Reading<'_>, files: &Sources) -> Sources {
    let name = reading.file.source().name();
    let folder = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let waits = !reading.workflow.depends_on.is_empty();
    let mut own = Sources::new();
    for (id, source) in files.iter() {
        if id == reading.id() || (waits && folder(source.name()) == folder(name)) {
            own.add(Source::new(source.name(), source.text()));
        }
    }
    own
}

/// Pushes, and pull requests, for each branch that the conditions name, and one more.
fn situations<'w>(reading: &Reading<'_>, whens: impl Iterator<Item = &'w When>) -> Vec<Situation> {
    let mut branches: Vec<String> = Vec::new();
    for entry in whens.flat_map(|when| &when.entries) {
        // Of a pattern that hangs on the change, whether it matches is unknown, and the step may run.
        let known = |glob: &&Glob| !reading.hangs_on_change(glob.place.span);
        let refs = entry.git_ref.include.iter().filter(known).filter_map(|glob| sample(&glob.pattern));
        let heads = refs.filter_map(|name| name.strip_prefix("refs/heads/").map(str::to_owned));
        let named = entry.branch.include.iter().filter(known).filter_map(|glob| sample(&glob.pattern));
        branches.extend(named.chain(heads));
    }
    branches.push("main".to_owned());
    let mut seen = std::collections::HashSet::new();
    branches.retain(|branch| seen.insert(branch.clone()));
    branches.truncate(MAX_BRANCHES);
    let of_event = |event: Event| {
        branches.iter().map(move |branch| {
            let mut metadata = Metadata::default();
            metadata.current.event = event.clone();
            metadata.current.commit.branch.clone_from(branch);
            let push = event == Event::Push;
            metadata.current.commit.git_ref = if push { format!("refs/heads/{branch}") } else { String::new() };
            let shown = crate::text::escape(branch);
            let words = if push { format!("a push to `{shown}`") } else { format!("a pull request onto `{shown}`") };
            Situation { metadata, words }
        })
    };
    of_event(Event::Push).chain(of_event(Event::PullRequest)).collect()
}
