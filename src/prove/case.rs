//! All changes of one event, and what can be asked of them.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::formula::{Atom, Formula, Formulas};
use super::limit::{Budget, TooLarge};
use super::pipeline::Pipeline;
use super::solver::Solver;
use super::theory::{Check, Fact, Hints, Theory};
use crate::admission;
use crate::change::{Event, Metadata};
use crate::plan::{Context, Plan, Question, Request, plan};
use crate::server::Version;
use crate::source::Sources;

/// How much work one question may be.
const BUDGET: usize = 1 << 24;

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
    /// The repository's files, sorted: where one of them will do, an example has it.
    pub tracked: &'a [String],
}

/// All changes of one event: formulas about them, and what of these can be.
#[derive(Debug)]
pub struct Case<'a> {
    event: Event,
    setting: Setting<'a>,
    open: Context,
    /// The formulas.
    pub formulas: Formulas,
    theory: Theory,
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
        let mut metadata = setting.metadata.clone();
        metadata.current = crate::change::Pipeline { event: event.clone(), ..Default::default() };
        let usual = ["main", "master", "develop", "feature"].map(str::to_owned);
        let default = Some(metadata.repo.default_branch.clone()).filter(|branch| !branch.is_empty());
        let hints = Hints { files: setting.tracked.to_vec(), branches: default.into_iter().chain(usual).collect() };
        let theory = Theory::new(event.clone(), event.has_changed_files(setting.server), hints);
        let open = Context::open(metadata, setting.given.clone());
        Self { event, setting, open, formulas: Formulas::default(), theory }
    }

    /// The event.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The pipeline of `files`, of which questions can be asked then.
    pub fn pipeline(&mut self, files: &Sources) -> Pipeline {
        let Setting { server, variables, policy, .. } = self.setting;
        let request = Request { server, context: &self.open, variables, policy, findings: false };
        Pipeline::new(files, &request, &mut self.formulas)
    }

    /// The context of `change`.
    pub fn context(&self, change: &Change) -> Context {
        change.context(&self.event, self.open.metadata(), self.setting.given)
    }

    /// What the server would do with `change`.
    pub fn plan(&self, files: &Sources, context: &Context) -> Plan {
        let Setting { server, variables, policy, .. } = self.setting;
        plan(files, &Request { server, context, variables, policy, findings: false }).obey_skip_ci()
    }

    /// Whether there is a change of which `formula` is true.
    pub fn find(&mut self, formula: Formula) -> Answer {
        self.look(formula).unwrap_or(Answer::TooLarge)
    }

    fn look(&mut self, formula: Formula) -> Result<Answer, TooLarge> {
        let mut budget = Budget::new(BUDGET);
        let certain = self.formulas.surely(formula, hangs);
        if let Search::Found(change, _) = self.search(certain, &mut budget)? {
            return Ok(Answer::Change(self.shrink(certain, change, &mut budget)?));
        }
        Ok(match self.search(formula, &mut budget)? {
            Search::Nothing => Answer::Never,
            Search::Unclear(glob) => Answer::Odd(glob),
            Search::Found(change, facts) => {
                let names: BTreeSet<String> = facts.iter().filter_map(doubtful).collect();
                Answer::Hangs(change, names.into_iter().collect())
            }
        })
    }

    fn search(&mut self, formula: Formula, budget: &mut Budget) -> Result<Search, TooLarge> {
        if formula == Formula::FALSE {
            return Ok(Search::Nothing);
        }
        let mut solver = Solver::new(&self.formulas, formula);
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

    /// A change of which `formula` is true, too, with as few files as can be, and real ones if that is possible. `formula` does not hang on
    /// the server.
    fn shrink(&mut self, formula: Formula, found: Change, budget: &mut Budget) -> Result<Change, TooLarge> {
        let mut best = found;
        let mut at = 0;
        while at < best.files.len() {
            let mut fewer = best.clone();
            fewer.files.remove(at);
            if self.is_true(formula, &fewer) { best = fewer } else { at += 1 }
        }
        for count in 1..best.files.len().min(FEW_FILES + 1) {
            if let Search::Found(change, _) = self.with_files(formula, count, budget)? {
                best = change;
                break;
            }
        }
        let lists: BTreeSet<Vec<String>> = self
            .formulas
            .questions(formula)
            .into_iter()
            .filter_map(|question| match question {
                Question::FileMatched(globs) | Question::FileUnmatched(globs) => Some(globs),
                _ => None,
            })
            .collect();
        let lists: Vec<Vec<String>> = lists.into_iter().collect();
        for at in 0..best.files.len() {
            let mut nicer = best.clone();
            nicer.files[at] = self.theory.nicer(&best.files[at], &lists, budget)?;
            nicer.files.sort_unstable();
            nicer.files.dedup();
            if nicer.files.len() == best.files.len() && self.is_true(formula, &nicer) {
                best = nicer;
            }
        }
        Ok(best)
    }

    /// A change with just so many files.
    fn with_files(&mut self, formula: Formula, count: usize, budget: &mut Budget) -> Result<Search, TooLarge> {
        let few = self.formulas.replace(formula, |formulas, atom| {
            let Atom::Asked(question) = atom else { return None };
            match question {
                Question::NoFiles => Some(Formula::FALSE),
                Question::FileMatched(globs) => {
                    let files: Vec<Formula> = (0..count).map(|at| formulas.file(at, globs.clone())).collect();
                    Some(formulas.any(files))
                }
                Question::FileUnmatched(globs) => {
                    let files: Vec<Formula> = (0..count).map(|at| formulas.file(at, globs.clone())).collect();
                    Some(!formulas.all(files))
                }
                _ => None,
            }
        });
        self.search(few, budget)
    }

    /// Whether `formula`, which does not hang on the server, is true of `change`.
    fn is_true(&mut self, formula: Formula, change: &Change) -> bool {
        let theory = &mut self.theory;
        self.formulas.holds(formula, |atom| theory.is_true(atom, change).unwrap_or(false))
    }
}

enum Search {
    Nothing,
    /// A change, and the facts that make the formula true.
    Found(Change, Vec<Fact>),
    Unclear(String),
}

/// Whether the answer to `question` is the server's to know, not the change's.
fn hangs(question: &Question) -> bool {
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
