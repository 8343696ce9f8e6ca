//! The `evaluate` expressions of `when`: the expr language over an environment of strings.
//!
//! Woodpecker hands them to expr-lang/expr, compiled with `Env(map[string]string)`, `AllowUndefinedVariables` and `AsBool`
//! (`pipeline/frontend/yaml/constraint/constraint.go`). An expression answers true or false, or the pipeline fails. Which version of
//! the language a server speaks is its [`Dialect`].
//!
//! # What a name is
//!
//! A name that the environment sets is a string when the types are checked. Any other name can be anything then (before v1.17: it is a
//! string, too), and reads as the empty string when the expression runs: `not NOPE` compiles and fails later. So the *names* that are
//! set decide whether an expression compiles, and [`Expr::compile`] takes the environment; a set name also hides the builtin of its name.
//!
//! A variable may be [`Lookup::Unknown`]: set, to something only the server knows. Such values flow through operators that cannot fail
//! on them, and `&&`, `||`, `?:`, `any`, `all` and `none` answer where the answer is the same whatever the value is. Else the outcome is
//! [`Outcome::Unknown`], with the first name that it hangs on. Where it is only compared with a text, or searched for one, the environment
//! may know the answer all the same ([`Env::has_any`]). What is unknown goes also for what only the server's clock, time zone or random
//! order decide: `now`, `timezone`, `date` with a zone's abbreviation, and the order of `keys`, `values` and `toPairs`.
//!
//! # The way of an expression
//!
//! | step | files |
//! | --- | --- |
//! | text to tokens | `token`, `literal` (escapes) |
//! | tokens to a [`Tree`] | `parse` (operators), `operand`; `tree` is the public syntax tree |
//! | types | `check`, `check_call` over `ty`; `builtin` and `method` hold the signatures |
//! | a program | `lower`, with the engine's shortcuts in `fold`; `code` is what they make |
//! | a run | `eval`, `stack`, `operate`, `logic`, `looping`; builtins in `function`, `text`, `number`, `clock` |
//! | what holds whatever the values are | `settled` |
//! | what an environment can be asked of a value that it does not have | `asked`, `pattern_pieces` |
//! | values | `value`, `ops` (equality, order, arithmetic), `time`, `layout`, `layout_read`, `json`, `show`, `pattern` and `pattern_class` (regular expressions) |
//!
//! The engine's shortcuts are part of the language, because they show: `foo() && false` is false though `foo()` would fail, and a run
//! error in a constant becomes a compile error. So are its quirks, such as what `findLast` leaves on the stack.
//!
//! # Bounds
//!
//! The engine's own: 10,000 nodes from v1.17 on, and 1,000,000 array items, map entries and repeated bytes a run. Ours, which end in
//! [`ErrorKind::Limit`]: 64 levels of nesting (a chain of operators is one), 20,000,000 steps of work, strings of 16 MiB, 200
//! levels of JSON. Reading, checking and running take time in proportion to the text and that work; nothing panics.
//!
//! # Where it can differ
//!
//! Sorting leaves equal keys as they were, where Go shuffles them once there are more than 12. `**` may differ in the last bit. Tables
//! of Unicode are those of Rust's release, not of the server's Go. See also `pattern`.

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "the language has Go's conversions and equality; lengths and indices are bounded far below where they could wrap"
)]
#![expect(clippy::match_same_arms, reason = "tables of operators and builtins read by line")]

mod asked;
mod builtin;
mod check;
mod check_call;
mod clock;
mod code;
mod dialect;
mod error;
mod eval;
mod fold;
mod function;
mod json;
mod layout;
mod layout_read;
mod literal;
mod logic;
mod looping;
mod lower;
mod method;
mod number;
mod operand;
mod operate;
mod ops;
mod outcome;
mod parse;
mod pattern;
mod pattern_class;
mod pattern_pieces;
mod settled;
mod show;
mod stack;
mod text;
mod time;
mod token;
mod tree;
mod ty;
mod value;

#[cfg(test)]
mod tests;

pub use builtin::Builtin;
pub use dialect::Dialect;
pub use error::{ErrorKind, ExprError};
pub use outcome::Outcome;
pub use tree::{Binary, Node, NodeId, NodeKind, Pointer, Tree, Unary};

use crate::env::{Env, Lookup};
use crate::server::Version;
use crate::source::Spanned;
use code::Program;

/// A compiled expression. It holds for every environment that sets the same names as the one it was compiled for.
#[derive(Clone, Debug)]
pub struct Expr {
    tree: Tree,
    program: Program,
    dialect: Dialect,
}

impl Expr {
    /// Reads and checks `text` over the names that `env` sets; their values are not looked at.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Compile`] where the server refuses the expression whatever the values are, [`ErrorKind::Limit`] beyond our bounds.
    /// Spans are bytes of `text`.
    pub fn compile(text: &str, dialect: Dialect, env: &dyn Env) -> Result<Self, ExprError> {
        let overridden = |name: &str| env.lookup(name) != Lookup::Missing;
        let tree = parse::parse(text, dialect, &overridden)?;
        let types = check::check(&tree, dialect, env)?;
        let program = lower::lower(&tree, &types, dialect)?;
        Ok(Self { tree, program, dialect })
    }

    /// Runs the expression over the values of `env`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Run`] where the server fails on these values, [`ErrorKind::Limit`] beyond our bounds. Never an error that hangs on a
    /// value that is not known.
    pub fn eval(&self, env: &dyn Env) -> Result<Outcome, ExprError> {
        eval::run(&self.program, self.dialect, env)
    }

    /// The expression as it is written.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The names that are read from the environment, as [`Tree::names`] has them.
    pub fn names(&self) -> Vec<Spanned<&str>> {
        self.tree.names()
    }
}

impl Tree {
    /// Reads `text` without an environment: for what needs the syntax only.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Compile`] for a syntax error, [`ErrorKind::Limit`] beyond our bounds.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, ExprError> {
        parse::parse(text, dialect, &|_| false)
    }
}

/// Compiles and runs `text` as `server` does for `when.evaluate`.
///
/// # Errors
/// What the server fails the pipeline for; see [`ErrorKind`].
pub fn evaluate(text: &str, env: &dyn Env, server: Version) -> Result<Outcome, ExprError> {
    Expr::compile(text, Dialect::from(server), env)?.eval(env)
}
