//! What rules ask over all changes: one [`Case`] for each event, made when it is first needed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::context::Context;
use super::tracked::Tracked;
use crate::change::{Event, Metadata};
use crate::closure::Common;
use crate::plan::Terms;
use crate::prove::{Answer, Budget, Case, Formula, Formulas, Lexicon, Setting};
use crate::text::to_server_string;

/// How much work all questions about all files may be, in steps of a [`Budget`]: they share it, so that many files take no longer than few.
const WORK: usize = 1 << 22;

/// How much work the questions about one file may be, however many files there are.
const LEAST_WORK: usize = 1 << 15;

/// How much work the questions about the builds of one workflow may be. Few workflows build something, and what they read takes large
/// automata: half of [`WORK`] was not enough for a workspace of three images.
const BUILD_WORK: usize = 1 << 23;

/// What proofs take as given, for all files.
pub(super) struct Ground<'c> {
    pub context: &'c Context<'c>,
    metadata: Metadata,
    nothing: BTreeMap<String, String>,
    tracked: Option<Tracked<'c>>,
    /// Their paths, as the server has them.
    paths: OnceLock<Vec<String>>,
    /// What the builds of all files have in common.
    common: Arc<Common>,
    work: usize,
}

impl<'c> Ground<'c> {
    /// The ground for so many `files`.
    pub(super) fn new(context: &'c Context<'c>, files: usize) -> Self {
        let mut metadata = Metadata::default();
        "woodpecker".clone_into(&mut metadata.system.name);
        let work = (WORK / files.max(1)).max(LEAST_WORK);
        let tracked = context.tracked().map(Tracked::new);
        Self {
            context,
            metadata,
            nothing: BTreeMap::new(),
            tracked,
            paths: OnceLock::new(),
            common: Arc::default(),
            work,
        }
    }

    /// What globs are held against, where that is known.
    pub(super) const fn tracked(&self) -> Option<&Tracked<'c>> {
        self.tracked.as_ref()
    }

    /// The same for plans.
    pub(super) fn terms(&self) -> Terms<'_> {
        let Context { server, variables, policy, .. } = *self.context;
        Terms { server, variables, policy, findings: false }
    }

    /// What was found out about builds in the files that git tracks.
    pub(super) fn common(&self) -> Arc<Common> {
        Arc::clone(&self.common)
    }

    fn setting(&self) -> Setting<'_> {
        let Context { server, variables, policy, .. } = *self.context;
        let paths = || {
            self.context
                .tracked()
                .into_iter()
                .flat_map(|files| files.iter())
                .map(|path| to_server_string(path))
                .collect()
        };
        Setting {
            server,
            metadata: &self.metadata,
            given: &self.nothing,
            variables,
            policy,
            tracked: self.paths.get_or_init(paths),
        }
    }
}

/// Answers questions about all changes, for one file or folder, as long as they are not too much work together.
pub(super) struct Decider<'g> {
    ground: &'g Ground<'g>,
    cases: BTreeMap<Event, Case<'g>>,
    lexicon: Lexicon,
    budget: Budget,
    /// Why the first question that was too much was not decided.
    too_large: Option<String>,
}

impl<'g> Decider<'g> {
    pub(super) fn new(ground: &'g Ground<'g>) -> Self {
        let (cases, lexicon, budget) = (BTreeMap::new(), Lexicon::default(), Budget::new(ground.work));
        Self { ground, cases, lexicon, budget, too_large: None }
    }

    /// One for the builds of a workflow: what they read takes larger automata than what conditions say.
    pub(super) fn of_builds(ground: &'g Ground<'g>) -> Self {
        Self { budget: Budget::new(BUILD_WORK), ..Self::new(ground) }
    }

    /// What is taken as given.
    pub(super) fn ground(&self) -> &'g Ground<'g> {
        self.ground
    }

    /// What is known besides the files.
    pub(super) fn context(&self) -> &'g Context<'g> {
        self.ground.context
    }

    /// The changes of `event`.
    pub(super) fn case(&mut self, event: &Event) -> &mut Case<'g> {
        let Self { ground, cases, lexicon, .. } = self;
        cases.entry(event.clone()).or_insert_with(|| Case::with(event.clone(), ground.setting(), lexicon))
    }

    /// The formulas about changes of `event`.
    pub(super) fn formulas(&mut self, event: &Event) -> &mut Formulas {
        &mut self.case(event).formulas
    }

    /// Whether no change of `event` makes `formula` true, whatever the server's values are. Not where that is not clear.
    pub(super) fn is_never(&mut self, event: &Event, formula: Formula) -> bool {
        self.can_be(event, formula) == Some(false)
    }

    /// Whether some change of `event` makes `formula` true; `None` where that is not clear.
    pub(super) fn can_be(&mut self, event: &Event, formula: Formula) -> Option<bool> {
        if matches!(formula, Formula::TRUE | Formula::FALSE) {
            return Some(formula == Formula::TRUE);
        }
        self.case(event);
        let Self { cases, budget, too_large, .. } = self;
        let case = cases.get_mut(event)?;
        case.can_be(formula, budget).unwrap_or_else(|_| {
            too_large.get_or_insert_with(|| too_large_to_decide(case, formula));
            None
        })
    }

    /// A small change of `event` that makes `formula` true, or that there is none.
    pub(super) fn find(&mut self, event: &Event, formula: Formula) -> Answer {
        self.case(event);
        let Self { cases, budget, too_large, .. } = self;
        let Some(case) = cases.get_mut(event) else { return Answer::Never };
        let answer = case.find_within(formula, budget);
        if answer == Answer::TooLarge {
            too_large.get_or_insert_with(|| too_large_to_decide(case, formula));
        }
        answer
    }

    /// Why the first question was not decided that was too much work, as a phrase; `None` if none was.
    pub(super) fn too_large(&self) -> Option<String> {
        self.too_large.clone()
    }
}

fn too_large_to_decide(case: &Case<'_>, formula: Formula) -> String {
    format!("{}, which is too large to be decided", case.size(formula))
}
