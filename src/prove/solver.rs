//! Which answers make a formula true: a small SAT solver.
//!
//! The usual way (conflict-driven clause learning): propagate, decide, and from each conflict learn a clause that rules out more than
//! just what was tried. Decisions are first what is true of most changes: of a file that no list has.

use super::formula::{Atom, Formula, Formulas, Node};
use super::limit::{Budget, TooLarge};
use super::order::Order;
use crate::plan::Question;

/// A variable and whether it is negated: `variable << 1 | negated`.
type Literal = u32;

fn literal(variable: usize, holds: bool) -> Literal {
    (variable as u32) << 1 | u32::from(!holds)
}

const fn variable(literal: Literal) -> usize {
    (literal >> 1) as usize
}

/// What to assume of `node` where nothing speaks for either: that no list matches a file, so that one file is enough for all of them.
const fn is_likely(node: &Node) -> bool {
    matches!(node, Node::Atom(Atom::Asked(Question::FileUnmatched(_))))
}

/// The search for a model of one formula.
pub(super) struct Solver {
    /// The node of each variable; variables are in the order of nodes.
    nodes: Vec<usize>,
    /// The variable of each node, by its index, if it is part of the formula.
    variable_of: Vec<Option<u32>>,
    clauses: Vec<Vec<Literal>>,
    /// The clauses that watch a literal: their first two are watched.
    watches: Vec<Vec<usize>>,
    value: Vec<Option<bool>>,
    level: Vec<usize>,
    reason: Vec<Option<usize>>,
    trail: Vec<Literal>,
    /// Where each level starts in the trail.
    levels: Vec<usize>,
    /// How much of the trail is propagated.
    head: usize,
    /// What each variable is decided to be.
    likely: Vec<bool>,
    order: Order,
    /// No model is left.
    contradiction: bool,
}

impl Solver {
    /// A solver for the models of `formula`.
    pub(super) fn new(formulas: &Formulas, formula: Formula) -> Self {
        let nodes = formulas.cone(formula);
        let mut variable_of = vec![None; formula.node() + 1];
        for (at, &node) in nodes.iter().enumerate() {
            variable_of[node] = Some(at as u32);
        }
        let count = nodes.len();
        let is_atom = nodes.iter().map(|&node| matches!(formulas.node(node), Node::Atom(_)));
        let order = Order::new(is_atom.collect());
        let mut solver = Self {
            variable_of,
            clauses: Vec::new(),
            watches: vec![Vec::new(); 2 * count],
            value: vec![None; count],
            level: vec![0; count],
            reason: vec![None; count],
            trail: Vec::new(),
            levels: Vec::new(),
            head: 0,
            likely: nodes.iter().map(|&node| is_likely(formulas.node(node))).collect(),
            order,
            contradiction: false,
            nodes,
        };
        for (at, &node) in solver.nodes.clone().iter().enumerate() {
            match formulas.node(node) {
                Node::True => solver.add(vec![literal(at, true)]),
                Node::Atom(_) => {}
                Node::And(parts) => {
                    let mut some = vec![literal(at, true)];
                    for &part in parts {
                        let part = solver.literal_of(part);
                        solver.add(vec![literal(at, false), part]);
                        some.push(part ^ 1);
                    }
                    solver.add(some);
                }
            }
        }
        solver.add(vec![solver.literal_of(formula)]);
        solver
    }

    /// How many formulas it is made of.
    pub(super) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// The variable of `formula`, if it is part of the solver's.
    fn variable_of(&self, formula: Formula) -> Option<usize> {
        self.variable_of.get(formula.node()).copied().flatten().map(|variable| variable as usize)
    }

    fn literal_of(&self, formula: Formula) -> Literal {
        let variable = self.variable_of(formula).expect("internal: it is part of the formula");
        literal(variable, !formula.is_negated())
    }

    /// From now on one of `clause` has to hold, if all of it is part of this formula.
    pub(super) fn require(&mut self, clause: &[Formula]) {
        if clause.iter().all(|&part| self.variable_of(part).is_some()) {
            let clause = clause.iter().map(|&part| self.literal_of(part)).collect();
            self.refute(clause);
        }
    }

    /// What is certain of `formula`, if anything is, before any decision.
    pub(super) fn certain(&mut self, budget: &mut Budget) -> Result<(), TooLarge> {
        self.back_to(0);
        self.contradiction |= self.propagate(budget)?.is_some();
        Ok(())
    }

    /// The value that `formula` has by now, if it has one.
    pub(super) fn known(&self, formula: Formula) -> Option<bool> {
        self.value[self.variable_of(formula)?].map(|value| value != formula.is_negated())
    }

    /// Adds a clause, and takes back no more decisions than are in its way.
    fn refute(&mut self, mut clause: Vec<Literal>) {
        clause.sort_unstable();
        clause.dedup();
        for &literal in &clause {
            self.order.raise(variable(literal));
        }
        let level = |solver: &Self, literal: Literal| {
            if solver.value[variable(literal)].is_some() { solver.level[variable(literal)] } else { usize::MAX }
        };
        let wrong = clause.iter().all(|&literal| self.holds(literal) == Some(false));
        if wrong {
            let last = clause.iter().map(|&literal| level(self, literal)).max().unwrap_or(0);
            if last == 0 {
                self.contradiction = true;
                return;
            }
            self.back_to(last - 1);
        } else {
            self.back_to(0);
        }
        if self.levels.is_empty() {
            self.add(clause);
            return;
        }
        // Watched are those that are open, and then those that were decided last.
        clause.sort_by_key(|&literal| std::cmp::Reverse(level(self, literal)));
        let unit = clause.get(1).is_none_or(|&second| self.holds(second).is_some());
        if unit {
            self.learn(clause);
        } else {
            self.watch(clause);
        }
    }

    /// Finds a model: then [`value`](Self::value) has one for every node. False: there is none.
    pub(super) fn solve(&mut self, budget: &mut Budget) -> Result<bool, TooLarge> {
        if self.contradiction {
            return Ok(false);
        }
        loop {
            budget.spend(1)?;
            if let Some(conflict) = self.propagate(budget)? {
                if self.levels.is_empty() {
                    self.contradiction = true;
                    return Ok(false);
                }
                let (learned, level) = self.analyse(conflict);
                self.back_to(level);
                self.learn(learned);
                continue;
            }
            match self.next_decision() {
                Some(variable) => {
                    self.levels.push(self.trail.len());
                    self.assign(literal(variable, self.likely[variable]), None);
                }
                None => return Ok(true),
            }
        }
    }

    /// The value of `formula` in the model.
    pub(super) fn value(&self, formula: Formula) -> bool {
        let value = self.variable_of(formula).and_then(|variable| self.value[variable]);
        value.unwrap_or(false) != formula.is_negated()
    }

    fn next_decision(&mut self) -> Option<usize> {
        std::iter::from_fn(|| self.order.pop()).find(|&variable| self.value[variable].is_none())
    }

    /// Adds a clause while no decision stands.
    fn add(&mut self, mut clause: Vec<Literal>) {
        clause.sort_unstable();
        clause.dedup();
        if clause.windows(2).any(|pair| pair[0] ^ 1 == pair[1]) {
            return;
        }
        clause.retain(|&literal| self.holds(literal) != Some(false));
        if clause.iter().any(|&literal| self.holds(literal) == Some(true)) {
            return;
        }
        match clause.as_slice() {
            [] => self.contradiction = true,
            [unit] => self.assign(*unit, None),
            _ => {
                self.watch(clause);
            }
        }
    }

    fn watch(&mut self, clause: Vec<Literal>) -> usize {
        let index = self.clauses.len();
        self.watches[clause[0] as usize].push(index);
        self.watches[clause[1] as usize].push(index);
        self.clauses.push(clause);
        index
    }

    /// Adds what a conflict taught: its first literal follows from the others.
    fn learn(&mut self, clause: Vec<Literal>) {
        let first = clause[0];
        let reason = (clause.len() > 1).then(|| self.watch(clause));
        self.assign(first, reason);
    }

    fn holds(&self, literal: Literal) -> Option<bool> {
        self.value[variable(literal)].map(|value| value == (literal & 1 == 0))
    }

    fn assign(&mut self, literal: Literal, reason: Option<usize>) {
        let at = variable(literal);
        self.value[at] = Some(literal & 1 == 0);
        self.level[at] = self.levels.len();
        self.reason[at] = reason;
        self.trail.push(literal);
    }

    /// Draws all conclusions; the clause that fails, if one does.
    fn propagate(&mut self, budget: &mut Budget) -> Result<Option<usize>, TooLarge> {
        while let Some(&literal) = self.trail.get(self.head) {
            self.head += 1;
            let wrong = literal ^ 1;
            let watching = std::mem::take(&mut self.watches[wrong as usize]);
            budget.spend(watching.len())?;
            for (at, &index) in watching.iter().enumerate() {
                if let Some(conflict) = self.visit(index, wrong) {
                    self.watches[wrong as usize].extend_from_slice(&watching[at + 1..]);
                    return Ok(Some(conflict));
                }
            }
        }
        Ok(None)
    }

    /// Looks at a clause one of whose watched literals turned out wrong: the clause itself if all of it is.
    fn visit(&mut self, index: usize, wrong: Literal) -> Option<usize> {
        let clause = &mut self.clauses[index];
        if clause[0] == wrong {
            clause.swap(0, 1);
        }
        let other = clause[0];
        let value = &self.value;
        let is_wrong = |literal: Literal| value[variable(literal)].is_some_and(|value| value != (literal & 1 == 0));
        let replacement = (2..clause.len()).find(|&at| !is_wrong(clause[at]));
        if let Some(at) = replacement {
            clause.swap(1, at);
            let watched = clause[1];
            self.watches[watched as usize].push(index);
            return None;
        }
        self.watches[wrong as usize].push(index);
        match self.holds(other) {
            Some(true) => None,
            Some(false) => Some(index),
            None => {
                self.assign(other, Some(index));
                None
            }
        }
    }

    /// The clause that follows from the conflict, its first literal the one to turn, and the level to go back to.
    fn analyse(&mut self, conflict: usize) -> (Vec<Literal>, usize) {
        let current = self.levels.len();
        let mut seen = vec![false; self.nodes.len()];
        let mut learned = vec![0];
        let mut open = 0;
        let mut at = self.trail.len();
        let mut reason = Some(conflict);
        loop {
            if let Some(clause) = reason {
                for literal in self.clauses[clause].clone() {
                    let about = variable(literal);
                    if seen[about] || self.level[about] == 0 {
                        continue;
                    }
                    seen[about] = true;
                    self.order.raise(about);
                    if self.level[about] == current {
                        open += 1;
                    } else {
                        learned.push(literal);
                    }
                }
            }
            loop {
                at -= 1;
                if seen[variable(self.trail[at])] {
                    break;
                }
            }
            let literal = self.trail[at];
            open -= 1;
            if open == 0 {
                learned[0] = literal ^ 1;
                break;
            }
            reason = self.reason[variable(literal)];
        }
        // The second literal is watched as well: the one that is turned back last.
        let last = (1..learned.len()).max_by_key(|&at| self.level[variable(learned[at])]);
        let level = last.map_or(0, |at| {
            learned.swap(1, at);
            self.level[variable(learned[1])]
        });
        self.order.age();
        (learned, level)
    }

    fn back_to(&mut self, level: usize) {
        let Some(&start) = self.levels.get(level) else { return };
        for literal in self.trail.drain(start..) {
            let at = variable(literal);
            self.value[at] = None;
            self.order.put_back(at);
        }
        self.levels.truncate(level);
        self.head = start.min(self.head);
    }
}
