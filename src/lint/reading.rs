//! A workflow file as rules look at it.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::context::Context;
use super::mend;
use super::variables::AnyChange;
use crate::change::Event;
use crate::diag::{Edit, Fix, Problem, Safety};
use crate::edit::{Editor, Outline, Replacement};
use crate::plan::Clause;
use crate::server::{Difference, Version};
use crate::source::{FileId, OffsetMap, Span};
use crate::subst::{ReadState, Substituted};
use crate::text::escape;
use crate::workflow::{
    Axis, Content, Dependency, Entry, File, Filter, Glob, Lowered, Place, Step, When, Workflow, contents,
};
use crate::yaml::{Dialect, Document, NodeId};

/// One substituted text of a file.
pub(super) struct Reading<'r> {
    pub file: &'r File<'r>,
    pub context: &'r Context<'r>,
    pub workflow: &'r Workflow,
    /// The values of the matrix axis. Other axes may have made the same text.
    pub axis: &'r Axis,
    /// The substituted text's YAML.
    document: &'r Document<'r>,
    /// From the substituted text to the file as it was written.
    map: &'r OffsetMap,
    stand_ins: Vec<Span>,
    outline: OnceCell<Outline>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(
        file: &'r File<'r>,
        context: &'r Context<'r>,
        axis: &'r Axis,
        rendered: &'r Substituted<'_>,
        lowered: &'r Lowered<'r>,
    ) -> Self {
        let (document, workflow) = (&*lowered.document, &*lowered.workflow);
        let (map, stand_ins) = (&rendered.map, stand_ins(rendered));
        Self { file, context, workflow, axis, document, map, stand_ins, outline: OnceCell::new() }
    }

    /// Which file it is.
    pub(super) fn id(&self) -> FileId {
        self.file.id()
    }

    /// Whether some of the bytes at `span`, in the file as it was written, have a value that hangs on the change.
    pub(super) fn hangs_on_change(&self, span: Span) -> bool {
        touches(&self.stand_ins, span)
    }

    /// The bytes, in the file as it was written, whose values hang on the change.
    pub(super) fn stand_ins(&self) -> &[Span] {
        &self.stand_ins
    }

    /// What each of the workflow's steps does.
    pub(super) fn contents(&self) -> Vec<Content> {
        contents(self.document, self.map, self.context.server, &self.workflow.steps)
    }

    /// Where the bytes `part` of the text at `place` stand in the file as it was written.
    pub(super) fn part(&self, place: &Place, part: Span) -> Span {
        let Some(node) = place.node else { return place.span };
        self.map.to_source(self.document.value_map(node).to_source(part))
    }

    /// `problem` with a label at `span`, which lies at `place`, and one for each alias that leads there.
    pub(super) fn label(&self, problem: Problem, place: &Place, span: Span, text: impl Into<String>) -> Problem {
        let problem = problem.label(self.id(), span, text);
        place.via.iter().fold(problem, |problem, &alias| problem.label(self.id(), alias, "through this alias"))
    }

    /// The substituted text, to be edited.
    pub(super) fn editor(&self) -> Editor<'_> {
        let outline = self.outline.get_or_init(|| Outline::new(self.document));
        Editor::new(self.document, outline, self.dialect())
    }

    /// How the server reads YAML.
    pub(super) fn dialect(&self) -> Dialect {
        Dialect::from(self.context.server)
    }

    /// A fix that makes `replacements` in the substituted text; `None` when there are none, or they cannot be made in the file as it was
    /// written.
    pub(super) fn fix(
        &self,
        safety: Safety,
        title: impl Into<String>,
        replacements: Option<Vec<Replacement>>,
    ) -> Option<Fix> {
        let edits: Vec<Edit> = mend::edits(self.file, self.map, replacements?)?;
        Fix::new(safety, title, edits)
    }

    /// A fix that makes the text at `place` `value`.
    pub(super) fn rewrite(&self, safety: Safety, place: &Place, value: &str) -> Option<Fix> {
        let title = format!("write `{}`", escape(value));
        self.fix(safety, title, self.editor().rewrite(place.node?, value))
    }

    /// A fix that takes the list item or the value at `node` away.
    pub(super) fn remove(&self, safety: Safety, title: impl Into<String>, node: Option<NodeId>) -> Option<Fix> {
        self.fix(safety, title, self.editor().remove(node?))
    }

    /// The variables of this axis, for any change.
    pub(super) fn variables(&self) -> AnyChange<'r> {
        AnyChange { axis: self.axis, context: self.context }
    }

    /// Every step: of `clone`, of `services`, of `steps`.
    pub(super) fn steps(&self) -> impl Iterator<Item = &'r Step> {
        let Workflow { clone, services, steps, .. } = self.workflow;
        clone.iter().chain(services).chain(steps)
    }

    /// Every `when` that is there.
    pub(super) fn gates(&self) -> impl Iterator<Item = Gate<'_>> {
        let whens = std::iter::once(&self.workflow.when).chain(self.steps().map(|step| &step.when));
        whens.filter(|when| when.place.is_some()).map(|when| Gate { reading: self, when })
    }
}

/// The `${…}` of a rendered text that have no value without a change, in the file as it was written.
pub(super) fn stand_ins(rendered: &Substituted<'_>) -> Vec<Span> {
    let unknown = rendered.reads.iter().filter(|read| read.state == ReadState::Unknown);
    unknown.map(|read| read.expansion).collect()
}

/// Whether `span` has bytes in common with one of `spans`.
pub(super) fn touches(spans: &[Span], span: Span) -> bool {
    spans.iter().any(|other| other.start < span.end && span.start < other.end)
}

/// A `when`.
#[derive(Clone, Copy)]
pub(super) struct Gate<'r> {
    pub reading: &'r Reading<'r>,
    pub when: &'r When,
}

impl<'r> Gate<'r> {
    /// Whether the workflow's own `when` lists the events that get as far as this gate.
    pub(super) fn names_its_events(self) -> bool {
        let entries = &self.reading.workflow.when.entries;
        !entries.is_empty() && entries.iter().all(|entry| !entry.event.include.is_empty())
    }

    /// Whether `event` gets as far as this gate, for what the events in the workflow's own `when` say.
    pub(super) fn is_reached_on(self, event: &Event) -> bool {
        let entries = &self.reading.workflow.when.entries;
        let server = self.reading.context.server;
        entries.is_empty() || entries.iter().any(|entry| admits(&entry.event, event, server))
    }

    /// Every glob of the gate that does not hang on the change.
    pub(super) fn globs(self) -> impl Iterator<Item = GlobUse<'r>> {
        let uses = self.when.entries.iter().flat_map(move |entry| {
            let Entry { branch, cron, instance, platform, repo, git_ref, event, path, matrix, .. } = entry;
            let filters = [
                (Clause::Branch, branch),
                (Clause::Cron, cron),
                (Clause::Instance, instance),
                (Clause::Platform, platform),
                (Clause::Repo, repo),
                (Clause::Ref, git_ref),
                (Clause::Event, event),
            ];
            // The names of events are patterns on old servers only.
            let exact = self.reading.context.server.has(Difference::ExactEvents);
            let filters = filters.into_iter().filter(move |(clause, _)| !(exact && *clause == Clause::Event));
            let use_of = move |clause, glob, excludes| GlobUse { reading: self.reading, clause, glob, excludes };
            let plain = filters.flat_map(move |(clause, filter)| {
                let include = filter.include.iter().map(move |glob| use_of(clause, glob, false));
                include.chain(filter.exclude.iter().map(move |glob| use_of(clause, glob, true)))
            });
            let include = path.include.iter().map(move |glob| use_of(Clause::Path, glob, false));
            let exclude = path.exclude.iter().map(move |glob| use_of(Clause::Path, glob, true));
            let axes = matrix.include.iter().map(move |(_, glob)| use_of(Clause::Matrix, glob, false));
            let not_axes = matrix.exclude.iter().map(move |(_, glob)| use_of(Clause::Matrix, glob, true));
            plain.chain(include).chain(exclude).chain(axes).chain(not_axes)
        });
        uses.filter(|it| !it.reading.hangs_on_change(it.glob.place.span))
    }
}

/// The keys of `entry` that hold something back, in no order that matters.
pub(super) fn clauses(entry: &Entry) -> impl Iterator<Item = Clause> {
    let Entry { branch, cron, instance, platform, environment, repo, git_ref, event, path, matrix, evaluate, .. } =
        entry;
    let there = [
        (Clause::Branch, branch.place.is_some()),
        (Clause::Cron, cron.place.is_some()),
        (Clause::Instance, instance.place.is_some()),
        (Clause::Platform, platform.place.is_some()),
        (Clause::Environment, environment.place.is_some()),
        (Clause::Repo, repo.place.is_some()),
        (Clause::Ref, git_ref.place.is_some()),
        (Clause::Event, event.place.is_some()),
        (Clause::Path, path.place.is_some()),
        (Clause::Matrix, matrix.place.is_some()),
        (Clause::Evaluate, evaluate.is_some()),
    ];
    there.into_iter().filter_map(|(clause, there)| there.then_some(clause))
}

/// Whether the `event` filter of an entry lets `event` through.
pub(super) fn admits(filter: &Filter, event: &Event, server: Version) -> bool {
    let name = event.as_str();
    let exact = server.has(Difference::ExactEvents);
    let matches =
        |glob: &Glob| if exact { glob.pattern.text() == name } else { glob.pattern.is_match(name.as_bytes()) };
    !filter.exclude.iter().any(matches) && (filter.include.is_empty() || filter.include.iter().any(matches))
}

/// A glob in a `when`.
#[derive(Clone, Copy)]
pub(super) struct GlobUse<'r> {
    pub reading: &'r Reading<'r>,
    /// What it is held against.
    pub clause: Clause,
    pub glob: &'r Glob,
    /// It stands under `exclude`.
    pub excludes: bool,
}

impl GlobUse<'_> {
    /// `problem` with its primary label on the bytes `part` of the glob's text.
    pub(super) fn label(&self, problem: Problem, part: Span, text: impl Into<String>) -> Problem {
        let place = &self.glob.place;
        self.reading.label(problem, place, self.reading.part(place, part), text)
    }

    /// The whole text, as a part of itself.
    pub(super) fn whole(&self) -> Span {
        Span::new(0, self.glob.pattern.text().len() as u32)
    }
}

/// The workflow files of one folder.
pub(super) struct Pipeline<'p> {
    pub workflows: &'p [Member],
}

impl Pipeline<'_> {
    /// Whether some workflow requires one that conditions may filter.
    pub(super) fn needs_gated(&self) -> bool {
        let gated: HashSet<&str> =
            self.workflows.iter().filter(|it| it.gate.is_some()).map(|workflow| workflow.name.as_str()).collect();
        let mut needed = self.workflows.iter().flat_map(|workflow| &workflow.depends_on);
        needed.any(|needed| !needed.optional && gated.contains(needed.name.as_str()))
    }
}

/// What the other files of a folder need to know of one.
#[derive(Debug)]
pub(super) struct Member {
    pub file: FileId,
    pub name: String,
    pub depends_on: Vec<Dependency>,
    /// The first conditions that it or a step of it has.
    pub gate: Option<Span>,
    /// It was said already that these conditions are too large to be decided.
    pub is_too_large: bool,
}
