//! A pattern as a finite automaton over characters.
//!
//! It is the engine for patterns with more alternatives than are worth multiplying out, for it needs only time proportional to the
//! pattern's length times the path's; and it is what other rooms build byte automata from.

use std::sync::Arc;

use super::class::Class;
use super::rune::decode;
use super::shape::{Shape, alternatives};
use super::token::{DoubleStar, Token, TokenKind};

/// A nondeterministic finite automaton over the characters of a path. A byte of the path that is not UTF-8 counts as the character
/// U+FFFD.
///
/// To run it, begin with the set of the start state alone. As long as there are characters, replace the set by where its states go
/// with the next one, first having added to it where they go without one. The pattern matches if, after the last character, the set has a
/// state that accepts. Note the order: after the *last* character no state is added, which is why `a/**/*` does not match `a/`.
#[derive(Clone, Debug)]
pub struct Nfa {
    states: Vec<State>,
}

/// A state of an [`Nfa`]. Every move goes to a state with a smaller index, or to the state itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Where it goes.
    pub moves: Moves,
    /// Whether the path may end here.
    pub accepts: bool,
}

/// Where a state of an [`Nfa`] goes. States are named by their index, which a text's length bounds to 32 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Nowhere: the end of the pattern.
    End,
    /// With this character, to `next`.
    Char {
        /// The character.
        rune: char,
        /// Where to.
        next: u32,
    },
    /// With any character but `/`, to `next`: `?`.
    AnyChar {
        /// Where to.
        next: u32,
    },
    /// With a character of the class (which may hold `/`), to `next`.
    Class {
        /// The class.
        class: Arc<Class>,
        /// Where to.
        next: u32,
    },
    /// With any character but `/`, to itself; without one, to `next`: `*`.
    Star {
        /// Where to.
        next: u32,
    },
    /// With any character, to itself; with a `/`, also to `next`: the inside of `**/`.
    Segments {
        /// Where to.
        next: u32,
    },
    /// With any character, to itself: `**` at the end.
    Rest,
    /// Without a character, to each of these.
    Split {
        /// Where to.
        next: Box<[u32]>,
    },
}

impl Nfa {
    /// The automaton of a pattern without oddities.
    pub(super) fn new(tokens: &[Token], shape: &Shape) -> Self {
        let mut nfa = Self { states: vec![State { moves: Moves::End, accepts: true }] };
        let mut state_of: Vec<u32> = vec![0; tokens.len() + 1];
        for (index, token) in tokens.iter().enumerate().rev() {
            let accepts = shape.may_end[index];
            if shape.resume[index] != index {
                state_of[index] = state_of[shape.resume[index]];
                continue;
            }
            let after = shape.resume[index + 1];
            let next = state_of[after];
            let moves = match &token.kind {
                TokenKind::Literal(rune) | TokenKind::Escaped(rune) => Moves::Char { rune: *rune, next },
                TokenKind::Separator => Moves::Char { rune: '/', next },
                TokenKind::AnyChar => Moves::AnyChar { next },
                TokenKind::Class(class) => Moves::Class { class: Arc::new(class.clone()), next },
                TokenKind::DoubleStar(DoubleStar::Segments) if after == tokens.len() => Moves::Rest,
                TokenKind::DoubleStar(DoubleStar::Segments) => {
                    // The token after is the `/` that belongs to the `**`.
                    let next = state_of[shape.resume[after + 1]];
                    let inside = nfa.push(Moves::Segments { next }, false);
                    Moves::Split { next: Box::new([next, inside]) }
                }
                TokenKind::Star | TokenKind::DoubleStar(_) if nfa.accepts(next) == accepts => Moves::Star { next },
                TokenKind::Star | TokenKind::DoubleStar(_) => {
                    let inside = nfa.push(Moves::Star { next }, nfa.accepts(next));
                    Moves::Split { next: Box::new([inside]) }
                }
                TokenKind::Open { commas, .. } => {
                    Moves::Split { next: alternatives(index, commas).map(|start| state_of[start]).collect() }
                }
                // A pattern without oddities is well-formed; these were left out above.
                TokenKind::Comma { .. } | TokenKind::Close { .. } | TokenKind::Malformed(_) => Moves::End,
            };
            state_of[index] = nfa.push(moves, accepts);
        }
        let start = state_of[0];
        nfa.push(Moves::Split { next: Box::new([start]) }, shape.may_end[0]);
        nfa
    }

    /// The states.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The state to start in: the last one.
    pub fn start(&self) -> usize {
        self.states.len() - 1
    }

    /// Whether the automaton accepts `path`.
    pub fn is_match(&self, path: &[u8]) -> bool {
        const ON_STACK: usize = 8;
        let words = self.states.len().div_ceil(64);
        if words <= ON_STACK {
            self.run(path, &mut [0; ON_STACK][..words], &mut [0; ON_STACK][..words])
        } else {
            self.run(path, &mut vec![0; words], &mut vec![0; words])
        }
    }

    /// Runs with `now` and `then`, two empty sets of states.
    fn run<'s>(&self, mut path: &[u8], mut now: &'s mut [u64], mut then: &'s mut [u64]) -> bool {
        insert(now, self.start());
        while !path.is_empty() {
            let (rune, len) = decode(path);
            path = &path[len..];
            self.step(rune, now, then);
            std::mem::swap(&mut now, &mut then);
            then.fill(0);
            if now.iter().all(|&word| word == 0) {
                return false;
            }
        }
        self.states
            .iter()
            .enumerate()
            .any(|(state, State { accepts, .. })| *accepts && now[state / 64] >> (state % 64) & 1 == 1)
    }

    /// Moves with `rune` from the states of `now` to those of `then`. Moves without a character go down, to states not yet visited.
    fn step(&self, rune: char, now: &mut [u64], then: &mut [u64]) {
        for word in (0..now.len()).rev() {
            let mut unseen = u64::MAX;
            while now[word] & unseen != 0 {
                let bit = (now[word] & unseen).ilog2();
                unseen = (1 << bit) - 1;
                let state = word * 64 + bit as usize;
                match &self.states[state].moves {
                    Moves::Char { rune: wanted, next } if rune == *wanted => insert(then, *next as usize),
                    Moves::AnyChar { next } if rune != '/' => insert(then, *next as usize),
                    Moves::Class { class, next } if class.matches(rune) => insert(then, *next as usize),
                    Moves::Star { next } => {
                        insert(now, *next as usize);
                        if rune != '/' {
                            insert(then, state);
                        }
                    }
                    Moves::Segments { next } => {
                        insert(then, state);
                        if rune == '/' {
                            insert(then, *next as usize);
                        }
                    }
                    Moves::Rest => insert(then, state),
                    Moves::Split { next } => next.iter().for_each(|&next| insert(now, next as usize)),
                    _ => {}
                }
            }
        }
    }

    fn accepts(&self, state: u32) -> bool {
        self.states[state as usize].accepts
    }

    fn push(&mut self, moves: Moves, accepts: bool) -> u32 {
        self.states.push(State { moves, accepts });
        self.states.len() as u32 - 1
    }
}

fn insert(set: &mut [u64], state: usize) {
    set[state / 64] |= 1 << (state % 64);
}
