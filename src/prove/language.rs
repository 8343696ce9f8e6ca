//! The texts that a list of globs matches, or a selection chooses, as a deterministic automaton that is built as far as it is walked.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use super::limit::{Budget, TooLarge};
use crate::glob::{AnyOf, Moves, Nfa, Pattern, Selection, State};

/// How many numbers the states of one automaton may hold together.
const MAX_SIZE: usize = 1 << 22;

/// The texts that at least one glob of a list matches, or those that a selection chooses.
#[derive(Debug)]
pub(super) struct Language {
    of: Of,
    /// The first glob that has no automaton: then the automaton accepts no more than the list matches, and perhaps less. A selection has
    /// none.
    odd: OnceCell<Option<usize>>,
    /// Made when it is first walked: most lists only ever match texts that were found for others.
    automaton: OnceCell<RefCell<Automaton>>,
}

#[derive(Debug)]
enum Of {
    Globs(AnyOf),
    Selection(Selection),
}

/// A state of a [`Language`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct At(u32);

impl At {
    /// Of the empty text.
    pub(super) const START: Self = Self(0);
}

impl From<u32> for At {
    fn from(state: u32) -> Self {
        Self(state)
    }
}

impl From<At> for u32 {
    fn from(at: At) -> Self {
        at.0
    }
}

/// What can be said of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outlook {
    /// A text that ends here is matched.
    pub accepts: bool,
    /// No text that goes on from here is matched.
    pub never: bool,
    /// Every text that goes on from here is matched.
    pub always: bool,
}

impl Language {
    pub(super) fn new(globs: AnyOf) -> Self {
        Self { of: Of::Globs(globs), odd: OnceCell::new(), automaton: OnceCell::new() }
    }

    /// What `selection` chooses.
    pub(super) fn chosen_by(selection: &Selection) -> Self {
        Self { of: Of::Selection(selection.clone()), odd: OnceCell::new(), automaton: OnceCell::new() }
    }

    fn automaton(&self) -> &RefCell<Automaton> {
        let make = || match &self.of {
            Of::Globs(globs) => {
                let any = globs.iter().filter_map(Pattern::nfa).map(|nfa| (nfa, Rule { list: 0, is_in: true }));
                Automaton::new(1, any)
            }
            Of::Selection(selection) => {
                let lists = selection.lists().iter().enumerate();
                let rules = lists.flat_map(|(list, rules)| {
                    let nfa =
                        |text: &str| Pattern::parse(text).nfa().expect("internal: no pattern of a selection is odd");
                    rules.texts().iter().map(move |(text, is_in)| (nfa(text), Rule { list, is_in: *is_in }))
                });
                Automaton::new(selection.lists().len(), rules)
            }
        };
        self.automaton.get_or_init(|| RefCell::new(make()))
    }

    /// The globs; `None` where it is a selection.
    pub(super) const fn globs(&self) -> Option<&AnyOf> {
        match &self.of {
            Of::Globs(globs) => Some(globs),
            Of::Selection(_) => None,
        }
    }

    /// How many globs it has.
    pub(super) fn len(&self) -> usize {
        match &self.of {
            Of::Globs(globs) => globs.len(),
            Of::Selection(selection) => selection.lists().iter().map(|rules| rules.texts().len()).sum(),
        }
    }

    /// Whether `text` is in it, by the server's own rules.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        match &self.of {
            Of::Globs(globs) => globs.is_match(text),
            Of::Selection(selection) => selection.is_match(text),
        }
    }

    /// The first glob that the automaton leaves out.
    pub(super) fn odd(&self) -> Option<&Pattern> {
        match &self.of {
            Of::Globs(globs) => {
                let odd = self.odd.get_or_init(|| globs.iter().position(|glob| glob.oddity().is_some()));
                odd.map(|at| &globs[at])
            }
            Of::Selection(_) => None,
        }
    }

    pub(super) fn outlook(&self, at: At) -> Outlook {
        self.automaton().borrow().states[at.0 as usize].outlook
    }

    /// Where `rune` leads.
    pub(super) fn step(&self, at: At, rune: char, budget: &mut Budget) -> Result<At, TooLarge> {
        self.automaton().borrow_mut().step(at, rune, budget)
    }

    /// The characters that begin a range whose characters lead to the same state, as numbers.
    pub(super) fn ranges_into(&self, at: At, ranges: &mut Vec<u32>) {
        ranges.extend_from_slice(&self.automaton().borrow().states[at.0 as usize].ranges);
    }
}

/// A glob of a list: whether what it matches is in, if no later one of the list matches.
#[derive(Clone, Copy, Debug)]
struct Rule {
    list: usize,
    is_in: bool,
}

#[derive(Debug)]
struct Automaton {
    nfa: Vec<State>,
    /// The rule that each state is of.
    rule_of: Vec<u32>,
    rules: Vec<Rule>,
    /// How many lists there are, all of which have to take a text in.
    lists: usize,
    states: Vec<Deterministic>,
    index: HashMap<Box<[u32]>, At>,
    /// For each state of the patterns' automata, whether it is in the closure that is being made.
    seen: Vec<bool>,
    size: usize,
}

#[derive(Debug)]
struct Deterministic {
    /// The states of the patterns' automata, with those that no character is needed to get to, ascending.
    closure: Box<[u32]>,
    outlook: Outlook,
    /// The characters that begin a range whose characters lead to the same state, ascending.
    ranges: Box<[u32]>,
    /// Where what is before the first of `ranges` leads, and where each of them does, as far as that is known; nothing until a step is made.
    next: Box<[u32]>,
}

/// A step that was not made yet.
const UNKNOWN: u32 = u32::MAX;

impl Automaton {
    fn new(lists: usize, of: impl Iterator<Item = (Nfa, Rule)>) -> Self {
        let (mut nfa, mut rule_of, mut rules): (Vec<State>, Vec<u32>, Vec<Rule>) = Default::default();
        let mut start = Vec::new();
        for (part, rule) in of {
            let offset = nfa.len();
            start.push((offset + part.start()) as u32);
            nfa.extend(part.states().iter().map(|state| shifted(state, offset as u32)));
            rule_of.resize(nfa.len(), rules.len() as u32);
            rules.push(rule);
        }
        let (states, index, seen) = (Vec::new(), HashMap::new(), vec![false; nfa.len()]);
        let mut automaton = Self { nfa, rule_of, rules, lists, states, index, seen, size: 0 };
        automaton.intern(start.into());
        automaton
    }

    fn step(&mut self, at: At, rune: char, budget: &mut Budget) -> Result<At, TooLarge> {
        let Deterministic { closure, ranges, next, .. } = &mut self.states[at.0 as usize];
        let range = ranges.partition_point(|&start| start <= rune as u32);
        if let Some(&known) = next.get(range).filter(|&&known| known != UNKNOWN) {
            budget.spend(1)?;
            return Ok(At(known));
        }
        if next.is_empty() {
            *next = vec![UNKNOWN; ranges.len() + 1].into();
            self.size += next.len();
        }
        budget.spend(1 + closure.len())?;
        let mut next: Vec<u32> = Vec::new();
        for &state in &*closure {
            match &self.nfa[state as usize].moves {
                Moves::Char { rune: wanted, next: to } if rune == *wanted => next.push(*to),
                Moves::AnyChar { next: to } if rune != '/' => next.push(*to),
                Moves::Class { class, next: to } if class.matches(rune) => next.push(*to),
                Moves::Star { .. } if rune != '/' => next.push(state),
                Moves::Segments { next: to } => {
                    next.push(state);
                    if rune == '/' {
                        next.push(*to);
                    }
                }
                Moves::Rest => next.push(state),
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        let to = match self.index.get(next.as_slice()) {
            Some(&known) => known,
            None if self.size >= MAX_SIZE => return Err(TooLarge),
            None => self.intern(next.into()),
        };
        self.states[at.0 as usize].next[range] = to.0;
        Ok(to)
    }

    /// The state for a set of states of the patterns' automata.
    fn intern(&mut self, set: Box<[u32]>) -> At {
        let closure = self.close(&set);
        let outlook = self.outlook(&set, &closure);
        let ranges = self.ranges(&closure);
        self.size += set.len() + closure.len() + ranges.len() + 8;
        let at = At(self.states.len() as u32);
        self.states.push(Deterministic { closure, outlook, ranges, next: Box::default() });
        self.index.insert(set, at);
        at
    }

    /// What can be said where `set` are the states, with those of `closure` that no character is needed to get to.
    fn outlook(&self, set: &[u32], closure: &[u32]) -> Outlook {
        let mut lists = vec![OfList::default(); self.lists];
        // States stand in the order of the rules, so that the last one that says something is of the last rule.
        for &state in closure {
            let rule = self.rule_of[state as usize];
            let Rule { list, is_in } = self.rules[rule as usize];
            let of = &mut lists[list];
            let side = usize::from(is_in);
            of.alive[side] = Some(rule);
            if matches!(self.nfa[state as usize], State { moves: Moves::Rest, accepts: true }) {
                of.stays[side] = Some(rule);
            }
        }
        for &state in set.iter().filter(|&&state| self.nfa[state as usize].accepts) {
            let Rule { list, is_in } = self.rules[self.rule_of[state as usize] as usize];
            lists[list].accepts = is_in;
        }
        let accepts = lists.iter().all(|of| of.accepts);
        Outlook {
            accepts,
            never: lists.iter().any(|of| of.alive[1].is_none() || of.stays[0] > of.alive[1]),
            always: accepts && lists.iter().all(|of| of.stays[1] > of.alive[0]),
        }
    }

    fn close(&mut self, set: &[u32]) -> Box<[u32]> {
        let Self { nfa, seen, .. } = self;
        let mut closure: Vec<u32> = set.to_vec();
        for &state in set {
            seen[state as usize] = true;
        }
        let mut at = 0;
        while let Some(&state) = closure.get(at) {
            at += 1;
            let more: &[u32] = match &nfa[state as usize].moves {
                Moves::Star { next } => std::slice::from_ref(next),
                Moves::Split { next } => next,
                _ => &[],
            };
            closure.extend(more.iter().filter(|&&next| !std::mem::replace(&mut seen[next as usize], true)));
        }
        for &state in &closure {
            seen[state as usize] = false;
        }
        closure.sort_unstable();
        closure.into()
    }

    fn ranges(&self, closure: &[u32]) -> Box<[u32]> {
        let mut ranges = Vec::new();
        let mut add = |first: char, last: char| ranges.extend([first as u32, last as u32 + 1]);
        for &state in closure {
            match &self.nfa[state as usize].moves {
                Moves::Char { rune, .. } => add(*rune, *rune),
                Moves::Class { class, .. } => {
                    for item in class.items() {
                        add(item.first, item.first.max(item.last));
                        // A range that runs backwards holds its first character only.
                        add(item.first, item.first);
                    }
                }
                Moves::AnyChar { .. } | Moves::Star { .. } | Moves::Segments { .. } => add('/', '/'),
                Moves::End | Moves::Rest | Moves::Split { .. } => {}
            }
        }
        ranges.sort_unstable();
        ranges.dedup();
        ranges.into()
    }
}

/// What the states say of one list.
#[derive(Clone, Copy, Debug, Default)]
struct OfList {
    /// The last rule that may still match: of those that leave out, and of those that take in.
    alive: [Option<u32>; 2],
    /// The last rule that matches whatever follows, of both.
    stays: [Option<u32>; 2],
    /// A text that ends here is taken in.
    accepts: bool,
}

/// The state, in an automaton where `offset` states are before it.
fn shifted(state: &State, offset: u32) -> State {
    let mut moves = state.moves.clone();
    match &mut moves {
        Moves::End | Moves::Rest => {}
        Moves::Char { next, .. }
        | Moves::AnyChar { next }
        | Moves::Class { next, .. }
        | Moves::Star { next }
        | Moves::Segments { next } => *next += offset,
        Moves::Split { next } => next.iter_mut().for_each(|next| *next += offset),
    }
    State { moves, accepts: state.accepts }
}
