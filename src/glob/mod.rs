//! The server's globs: parse, match, match many.
//!
//! A glob in `when` is matched with doublestar's `Match` on a whole path or name, `/` between its segments. Paths are bytes, as git has
//! them; patterns are UTF-8, as YAML has them.
//!
//! | syntax | matches |
//! | --- | --- |
//! | `*`, `?` | any characters, one character; never a `/` |
//! | `**` | as a whole segment: any segments, also none (`a/**` matches `a`); anywhere else it is a `*` |
//! | `[a-z]`, `[!a-z]`, `[^a-z]` | one character, which may be a `/` |
//! | `{a,b}` | one of the alternatives, which nest, and may hold `/` and `**` |
//! | `\c` | the character itself |
//!
//! A character is what Go reads as one: a byte that is not UTF-8 is U+FFFD. Nothing else is special: no leading `!`, `./` or `/`, no hidden
//! files, no case folding.
//!
//! # Where the behaviour comes from
//!
//! From doublestar's `match.go`, `utils.go` and `validate.go`. Between v4.6.1 (Woodpecker 2.8.3), v4.8.1 (3.4.0) and v4.9.1 no answer of `Match` or
//! `ValidatePattern` changed, so there is one dialect and no parameter for it. v4.9.2 (3.13.0) and v4.10.0 (3.17.0) were not at
//! hand and are taken to be the same. Should a version come to differ, [`Pattern::parse`] is the place for it.
//!
//! # The map
//!
//! - `token` cuts the text into [`Token`]s with their bytes, `class` reads `[…]`, `error` says what is malformed.
//! - `shape` finds out what the tokens mean together: what each `**` is, where a path may end, and whether the pattern has an [`Oddity`].
//!   Most patterns have none. Those mean what the table says, whatever the order in which things are tried.
//! - `server` plays the server's matcher step by step. It is right for every pattern, and the reference for the others, which are faster
//!   and answer the same where they are used: `scan` for a pattern whose alternatives `expand` can multiply out, `nfa` for one with too
//!   many of them. The [`Nfa`] is also what byte automata are made from.
//! - `pattern` puts that together for one [`Pattern`], `any_of` for a list of which one will do, `set` for many: a [`PatternSet`] finds the
//!   few patterns worth trying in a `trie`.
//! - `selection` puts patterns together as ignore files do: [`Rules`], of which the last that matches decides.
//!
//! # Bounds
//!
//! Nothing recurses. Parsing takes time and memory linear in the text; a pattern without alternatives, time polynomial in text and path,
//! and no memory; one with up to 64 expansions, that for each of them; one with more, the text's length times the path's. Only an odd pattern
//! with many alternatives has to have them tried one by one: at most [`MAX_EXPANSIONS`] of them and 16 MiB of text, then the answer is
//! [`MatchError::TooManyAlternatives`].

mod any_of;
mod class;
mod error;
mod expand;
mod nfa;
mod pattern;
mod rune;
mod scan;
mod selection;
mod server;
mod set;
mod shape;
mod token;
mod trie;

pub use any_of::AnyOf;
pub use class::{Class, ClassItem};
pub use error::{MatchError, PatternError, PatternErrorKind};
pub use nfa::{Moves, Nfa, State};
pub use pattern::Pattern;
pub use selection::{Rules, Selection};
pub use server::MAX_EXPANSIONS;
pub use set::PatternSet;
pub use shape::{Oddity, OddityKind};
pub use token::{DoubleStar, Token, TokenKind};

#[cfg(test)]
mod tests;
