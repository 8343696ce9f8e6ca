//! All changes of one event, and what can be asked of them.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::formula::{Atom, Formula, Formulas};
use super::lexicon::Lexicon;
use super::limit::{Budget, TooLarge};
use super::pipeline::{Pipeline, formula};
use super::solver::Solver;
use super::theory::{Check, Fact, Hints, Theory};
use crate::admission;
use crate::change::{Event, Metadata};
use crate::glob::{AnyOf, Selection};
use crate::plan::{self, Context, Plan, Question, Terms};
use crate::server::Version;
use crate::source::Sources;
use crate::workflow::PathFilter;

/// How much work one question may be.
pub(super) const BUDGET: usize = 1 << 25;

/// With how many files a change is looked for, before it is taken as it was found.
const FEW_FILES: usize = 3;

/// What is the same for all changes.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The server.
    pub server: Version,
    /// What is known of server and repository; what it says of a change is not looked at.
    pub metadata: &'a Metadata,
    /// Values of variables that were given by hand.
    pub given: &'a BTreeMap<String, String>,
    /// Variables that the server's administrator set.
    pub variables: &'a BTreeMap<String, String>,
    /// What the administrator allows.
    pub policy: &'a admission::Policy,
    /// The repository's files, those first that people know best: where one of them will do, an example has it.
    pub tracked: &'a [String],
}

impl<'a> Setting<'a> {
    /// The same for plans.
    pub fn terms(&self) -> Terms<'a> {
        let Self { server, variables, policy, .. } = *self;
        Terms { server, variables, policy, findings: false }
    }
}

/// All changes of one event: formulas about them, and what of these can be.
#[derive(Debug)]
pub struct Case<'a> {
    event: Event,
    setting: Setting<'a>,
    open: Context,
    /// The formulas.
    pub formulas: Formulas,
    theory: Theory<'a>,
}

/// Whether there is a change of which a formula is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is none.
    Never,
    /// There is: this one, with as few files as can be, whatever the values are that only the server has.
    Change(Change),
    /// There is one, with some of these values that only the server has.
    Hangs(Change, Vec<String>),
    /// It is not clear whether there is one, because of this glob, which the server does not match by rules that an automaton follows.
    Odd(String),
    /// The question is too large.
    TooLarge,
}

impl<'a> Case<'a> {
    /// The changes of `event`.
    pub fn new(event: Event, setting: Setting<'a>) -> Self {
        Self::with(event, setting, &Lexicon::default())
    }

    /// The same, where what is found out about globs is shared with other cases of this lexicon.
    pub fn with(event: Event, setting: Setting<'a>, lexicon: &Lexicon) -> Self {
        let mut metadata = setting.metadata.clone();
        metadata.current = crate::change::Pipeline { event: event.clone(), ..Default::default() };
        let usual = ["main", "master", "develop", "feature"].map(str::to_owned);
        let default = Some(metadata.repo.default_branch.clone()).filter(|branch| !branch.is_empty());
        let hints = Hints { files: setting.tracked, branches: default.into_iter().chain(usual).collect() };
        let theory = Theory::new(event.clone(), event.has_changed_files(setting.server), hints, lexicon.clone());
        let open = Context::open(metadata, setting.given.clone());
        Self { event, setting, open, formulas: Formulas::default(), theory }
    }

    /// The event.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The pipeline of `files`, of which questions can be asked then.
    pub fn pipeline(&mut self, files: &Sources) -> Pipeline {
        self.pipeline_read(&plan::Pipeline::read(files, self.setting.terms()))
    }

    /// The same of files that were read already, on the terms of this case.
    pub fn pipeline_read(&mut self, files: &plan::Pipeline<'_>) -> Pipeline {
        Pipeline::of_files(files, &self.open, self.setting.server, &mut self.formulas)
    }

    /// When `filter`, of which no glob may hang on the change, lets through a change whose files are looked at: on `server`, which may be
    /// another one. `None` when it asks too much.
    pub fn path_filter(&mut self, filter: &PathFilter, server: Version) -> Option<Formula> {
        let asked = plan::path_gate(filter, server)?;
        Some(formula(&asked, plan::Answer::Yes, &mut self.formulas))
    }

    /// The context of `change`.
    pub fn context(&self, change: &Change) -> Context {
        change.context(&self.event, self.open.metadata(), self.setting.given)
    }

    /// What the server would do with `change`.
    pub fn plan(&self, files: &Sources, context: &Context) -> Plan {
        plan::Pipeline::read(files, self.setting.terms()).plan(context).obey_skip_ci()
    }

    /// Whether there is a change of which `formula` is true.
    pub fn find(&mut self, formula: Formula) -> Answer {
        self.find_within(formula, &mut Budget::new(BUDGET))
    }

    /// The same, with no more work than is left of `budget`, which several questions may share.
    pub fn find_within(&mut self, formula: Formula, budget: &mut Budget) -> Answer {
        self.look(formula, budget).unwrap_or(Answer::TooLarge)
    }

    /// Whether there is a change of which `formula` is true, whatever it has to be on the server; `None` when that is not clear.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if it is more work than is left.
    pub fn can_be(&mut self, formula: Formula, budget: &mut Budget) -> Result<Option<bool>, TooLarge> {
        budget.spend(1)?;
        Ok(match self.search(formula, budget)? {
            Search::Nothing => Some(false),
            Search::Found(..) => Some(true),
            Search::Unclear(_) => None,
        })
    }

    /// How large `formula` is, as a phrase: ``4 different path lists with 40 globs take part``.
    pub fn size(&self, formula: Formula) -> String {
        let lists = self.path_lists(formula);
        let selections = self.formulas.selections(formula);
        let read: BTreeSet<_> = selections.iter().flat_map(Selection::lists).map(|rules| rules.texts()).collect();
        let globs = lists.iter().map(|globs| globs.len()).chain(read.iter().map(|texts| texts.len()));
        let (count, globs) = (lists.len() + read.len(), globs.sum::<usize>());
        format!("{count} different path lists with {globs} globs take part")
    }

    /// What `formula` asks about that only the server knows, by name.
    pub(super) fn doubts(&self, formula: Formula) -> Vec<String> {
        let facts = self.formulas.questions(formula).into_iter().map(|question| (Atom::Asked(question), true));
        let names: BTreeSet<String> = facts.filter_map(|fact| doubtful(&fact)).collect();
        names.into_iter().collect()
    }

    /// The lists of path globs that `formula` asks about.
    fn path_lists(&self, formula: Formula) -> BTreeSet<AnyOf> {
        let questions = self.formulas.questions(formula).into_iter();
        let lists = questions.filter_map(|question| match question {
            Question::FileMatched(globs) | Question::FileUnmatched(globs) => Some(globs),
            _ => None,
        });
        lists.collect()
    }

    /// Whether `formula` is true of no change, whatever only the server knows. False, too, where that is not clear.
    pub(super) fn is_never(&mut self, formula: Formula, budget: &mut Budget) -> bool {
        self.can_be(formula, budget) == Ok(Some(false))
    }

    fn look(&mut self, formula: Formula, budget: &mut Budget) -> Result<Answer, TooLarge> {
        // Where this is too much already, nothing is to be made of it.
        budget.spend(self.formulas.cone(formula).len())?;
        let certain = self.formulas.surely(formula, hangs);
        if let Search::Found(change, _) = self.search(certain, budget)? {
            return Ok(Answer::Change(self.shrink(certain, change, &[], budget)?));
        }
        Ok(match self.search(formula, budget)? {
            Search::Nothing => Answer::Never,
            Search::Unclear(glob) => Answer::Odd(glob),
            Search::Found(change, facts) => {
                let names: BTreeSet<String> = facts.iter().filter_map(doubtful).collect();
                let change = self.shrink(formula, change, &facts, budget)?;
                Answer::Hangs(change, names.into_iter().collect())
            }
        })
    }

    fn search(&mut self, formula: Formula, budget: &mut Budget) -> Result<Search, TooLarge> {
        if formula == Formula::FALSE {
            return Ok(Search::Nothing);
        }
        let mut solver = Solver::new(&self.formulas, formula);
        budget.spend(solver.size())?;
        self.rule_out(formula, &mut solver, budget)?;
        let mut unclear = None;
        while solver.solve(budget)? {
            let facts = self.formulas.reasons(formula, |formula| solver.value(formula));
            let conflict = match self.theory.check(&facts, budget)? {
                Check::Change(change) => return Ok(Search::Found(change, facts)),
                Check::Conflict(conflict) => conflict,
                Check::Unclear(conflict, glob) => {
                    unclear = Some(glob);
                    conflict
                }
            };
            let clause: Vec<Formula> = conflict.into_iter().map(|fact| !self.formulas.fact(fact)).collect();
            solver.require(&clause);
        }
        Ok(unclear.map_or(Search::Nothing, Search::Unclear))
    }

    /// Tells the solver which answers contradict what is certain: of the many lists of a pipeline few can match where all files are known to be
    /// in one folder.
    fn rule_out(&mut self, formula: Formula, solver: &mut Solver, budget: &mut Budget) -> Result<(), TooLarge> {
        solver.certain(budget)?;
        let mut certain = Vec::new();
        let mut open = Vec::new();
        for question in self.formulas.questions(formula) {
            let asked = self.formulas.atom(question.clone());
            match (solver.known(asked), &question) {
                (Some(answer), _) => certain.push((Atom::Asked(question), answer)),
                (None, Question::FileMatched(_) | Question::FileUnmatched(_)) => open.push(question),
                (None, _) => {}
            }
        }
        let bounds_files = |(atom, answer): &Fact| match atom {
            Atom::Asked(Question::FileMatched(_) | Question::FileUnmatched(_)) => !answer,
            _ => false,
        };
        if !certain.iter().any(bounds_files) {
            return Ok(());
        }
        // It helps, but is not needed.
        let mut part = budget.part(2);
        for question in open {
            certain.push((Atom::Asked(question), true));
            match self.theory.check(&certain, &mut part) {
                Ok(Check::Conflict(conflict)) => {
                    let clause: Vec<Formula> = conflict.into_iter().map(|fact| !self.formulas.fact(fact)).collect();
                    solver.require(&clause);
                    solver.certain(budget)?;
                }
                Ok(Check::Change(_) | Check::Unclear(..)) => {}
                // The solver may still come to an answer that needs few of them.
                Err(TooLarge) => break,
            }
            certain.pop();
        }
        budget.give_back(part);
        Ok(())
    }

    /// A change of which `formula` is true, too, with as few files as can be, and real ones if that is possible. What `formula` asks of
    /// the server is answered by `facts`.
    fn shrink(
        &mut self,
        formula: Formula,
        found: Change,
        facts: &[Fact],
        budget: &mut Budget,
    ) -> Result<Change, TooLarge> {
        let mut best = found;
        let mut at = 0;
        while at < best.files.len() {
            let mut fewer = best.clone();
            fewer.files.remove(at);
            if self.is_true(formula, &fewer, facts) { best = fewer } else { at += 1 }
        }
        // Of other files other things might be asked of the server.
        let most = if facts.is_empty() { best.files.len().min(FEW_FILES + 1) } else { 0 };
        for count in 1..most {
            if let Search::Found(change, _) = self.with_files(formula, count, budget)? {
                best = change;
                break;
            }
        }
        if best.files.len() > 1 {
            let none = Change { files: Vec::new(), ..best.clone() };
            if self.is_true(formula, &none, facts) {
                best = none;
            }
        }
        let lists: Vec<AnyOf> = self.path_lists(formula).into_iter().collect();
        let selections = self.formulas.selections(formula);
        for at in 0..best.files.len() {
            let mut nicer = best.clone();
            nicer.files[at] = self.theory.nicer(&best.files[at], &lists, &selections, budget)?;
            if !best.files.contains(&nicer.files[at]) && self.is_true(formula, &nicer, facts) {
                best = nicer;
            }
        }
        best.files.sort_unstable();
        Ok(best)
    }

    /// A change with just so many files.
    fn with_files(&mut self, formula: Formula, count: usize, budget: &mut Budget) -> Result<Search, TooLarge> {
        let few = self.formulas.replace_atoms(formula, |formulas, atom| {
            let files = |globs: &AnyOf, formulas: &mut Formulas| -> Vec<Formula> {
                (0..count).map(|at| formulas.file(at, globs.clone())).collect()
            };
            match atom {
                Atom::Asked(Question::NoFiles) => Some(Formula::FALSE),
                Atom::Asked(Question::FileMatched(globs)) => {
                    let files = files(globs, formulas);
                    Some(formulas.any(files))
                }
                Atom::Asked(Question::FileUnmatched(globs)) => {
                    let files = files(globs, formulas);
                    Some(!formulas.all(files))
                }
                Atom::Among(selection) => {
                    let files: Vec<Formula> = (0..count).map(|at| formulas.file_among(at, selection.clone())).collect();
                    Some(formulas.any(files))
                }
                _ => None,
            }
        });
        self.search(few, budget)
    }

    /// What `change` answers to `question`; `None` where that is the server's to know.
    pub fn answer(&mut self, question: &Question, change: &Change) -> Option<bool> {
        self.theory.is_true(&Atom::Asked(question.clone()), change)
    }

    /// Answers of `change` that are enough to make `formula` true, but for the server's.
    pub(super) fn reasons(&mut self, formula: Formula, change: &Change) -> Vec<(Question, bool)> {
        let theory = &self.theory;
        let facts = self.formulas.reasons_given(formula, |atom| theory.is_true(atom, change).unwrap_or(false));
        let asked = |fact: Fact| match fact {
            (Atom::Asked(question), answer) => Some((question, answer)),
            _ => None,
        };
        let of_change =
            |(question, _): &(Question, bool)| !matches!(question, Question::Server(_) | Question::Fails(_));
        facts.into_iter().filter_map(asked).filter(of_change).collect()
    }

    /// Whether `formula` is true of `change`, where the server's part is as in `facts`.
    pub(super) fn is_true(&mut self, formula: Formula, change: &Change, facts: &[Fact]) -> bool {
        let theory = &self.theory;
        let told = |atom: &Atom| facts.iter().any(|(told, holds)| told == atom && *holds);
        self.formulas.holds(formula, |atom| theory.is_true(atom, change).unwrap_or_else(|| told(atom)))
    }
}

enum Search {
    Nothing,
    /// A change, and the facts that make the formula true.
    Found(Change, Vec<Fact>),
    Unclear(String),
}

/// Whether the answer to `question` is the server's to know, not the change's.
pub(super) fn hangs(question: &Question) -> bool {
    match question {
        Question::Server(_) | Question::Fails(_) => true,
        Question::Value(key, _) => !key.varies(),
        _ => false,
    }
}

/// The name of what only the server knows in `fact`.
fn doubtful((atom, _): &Fact) -> Option<String> {
    match atom {
        Atom::Asked(Question::Server(doubt) | Question::Fails(doubt)) => Some(doubt.name.clone()),
        Atom::Asked(Question::Value(key, _)) if !key.varies() => Some(key.variable().to_owned()),
        _ => None,
    }
}
