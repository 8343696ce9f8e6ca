//! Substitution: what the server does to the raw text of a workflow file, once per matrix axis, before YAML is parsed.
//!
//! Text goes in, text comes out, with the way back: an [`OffsetMap`] from the bytes of the result to the bytes that the user wrote.
//!
//! ```text
//! text ──Template::parse──> Template ──render(env)──> Substituted { text, map, reads }
//!                              │
//!                              └── variables(), escapes(): what a lint rule asks without an environment
//! ```
//!
//! - `parse`, `template`: `${…}` and escapes, found once a file; nothing here looks at a value
//! - `env`: what the server's variables are worth: known, missing, or known to the server alone
//! - `render`, `output`: a template and an environment make a text and its map
//! - `function`, `trim`, `pattern`: the operators (`^^`, `:1:2`, `##`, `//`…), on bytes
//! - `unicode`: letters, case and quoting as Go has them
//! - `error`: why the server refuses a text, with the bytes to blame
//!
//! # Where the behaviour comes from
//!
//! Woodpecker's `pipeline/frontend/metadata/substitution.go` over the library drone/envsubst v1.0.3. The file and the library are
//! the same, byte for byte and release for release, in 2.8.3, 3.4.0, 3.13.0, 3.17.0 and on the main branch of 2026-08: **no version
//! differs**, so nothing here asks for one. What differs by version is the environment, which is the caller's.
//!
//! The dialect resembles bash and is not. What surprises:
//!
//! - `:+` and `:?` do what `:-` does: the argument is the value when the variable is empty. So do `=`, `:=`.
//! - `-`, `+` and `?` without a colon are errors. So is `${ V }`, and `${}`.
//! - Bare `$V` is text.
//! - `\\`, `\/` and `$$` lose their first byte everywhere outside `${…}`, and in both arguments of `/`, and nowhere else.
//! - An argument is either text or one `${…}`. Only defaults mix them.
//! - The pattern of `/` runs to the next `/`, across `}` and line ends. `${V/a}` thus swallows what follows.
//! - Everywhere else the argument ends at the first `}`; nothing escapes it.
//! - Lengths and offsets count bytes. `${V:1}` may cut a character in half ([`Substituted::broken`]).
//! - A length that reaches before its offset (`${V:2:-1}`) crashes the library. That is an error here.
//! - A value with a line break is put in quotes, Go's, before the operator sees it.
//! - A NUL ends the text: what follows it is dropped without a word.
//!
//! # Bounds
//!
//! A text or result longer than [`MAX_LEN`], more than [`MAX_EXPANSIONS`] expansions, deeper nesting than [`MAX_DEPTH`], or more than
//! [`MAX_WORK`] steps in one [`Template::render`] is refused with an error that says so. The library has no such bounds. Time is
//! linear in text, values and result, except for `#` and `%`, which try each start of the value.
//!
//! Names and quoting follow Unicode's letters, digits and printable characters. The server's Go has the tables of Unicode 15, ours are newer:
//! a name that holds a letter which is younger than that is a name here and an error there.

mod error;
mod function;
mod output;
mod parse;
mod pattern;
mod render;
mod template;
mod trim;
mod unicode;

#[cfg(test)]
mod tests;

pub use crate::env::{Env, Lookup};
pub use error::{SubstError, SubstErrorKind};
pub use render::{Read, ReadState, Substituted};
pub use template::{Escape, Template, Variable};

#[cfg(doc)]
use crate::source::{MAX_LEN, OffsetMap};

/// How deep `${…}` may nest: `${A:-${B:-x}}` is 2 deep.
pub const MAX_DEPTH: usize = 64;

/// How many `${…}` one text may hold.
pub const MAX_EXPANSIONS: usize = 1 << 16;

/// How many steps one render may take: about one for each byte that an operator reads or writes.
pub const MAX_WORK: u64 = 1 << 28;

/// Substitutes the variables of `text` from `env`. For several environments, parse the [`Template`] once.
///
/// # Errors
///
/// Those of [`Template::parse`] and [`Template::render`]. On any of them the server refuses the whole pipeline.
pub fn substitute<'t>(text: &'t str, env: &(impl Env + ?Sized)) -> Result<Substituted<'t>, SubstError> {
    Template::parse(text)?.render(env)
}
