//! The glob dialect of the Woodpecker server: doublestar v4, `Match`.
mod class;
mod error;
mod expand;
mod nfa;
mod pattern;
mod rune;
mod scan;
mod server;
mod shape;
mod set;
mod token;
mod trie;

pub use class::{Class, ClassItem};
pub use error::{MatchError, PatternError, PatternErrorKind};
pub use nfa::{Moves, Nfa, State};
pub use pattern::Pattern;
pub use set::PatternSet;
pub use server::MAX_EXPANSIONS;
pub use shape::{Oddity, OddityKind};
pub use token::{DoubleStar, Token, TokenKind};

#[doc(hidden)]
pub fn server_answer(p: &str, n: &[u8]) -> Result<bool, MatchError> { server::run(p, n) }
