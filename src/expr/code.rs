//! What a checked expression runs as: the tree with names resolved and the engine's own shortcuts taken.

use super::builtin::Builtin;
use super::method::Method;
use super::tree::Binary;
use crate::source::Span;
use regex::bytes::Regex;
use std::collections::BTreeSet;
use std::sync::Arc;

/// An instruction's place in its [`Program`].
pub(super) type At = u32;

/// A program: instructions, operands before what uses them.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) code: Vec<(Op, Span)>,
    pub(super) root: At,
    /// How many `let` variables there are.
    pub(super) variables: usize,
}

/// An instruction. Each gives one value.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Nil,
    Bool(bool),
    Int(i64),
    /// A sum that was worked out when compiling, too late to be a constant for anything else.
    Total(i64),
    Float(f64),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
    /// An array of literals, which is made when compiling and costs nothing when it runs.
    Constants(Vec<At>),
    Name(Arc<str>),
    Environment,
    Variable(usize),
    Not(At),
    Negate(At),
    Equal(Equality, At, At),
    And(At, At),
    Or(At, At),
    Coalesce(At, At),
    /// An order comparison.
    Order(Binary, At, At),
    Arithmetic(Binary, At, At),
    Contains(Binary, At, At),
    Matches(At, At),
    /// A pattern that is known: compiled, and as it is written.
    MatchesPattern(At, Regex, Arc<str>),
    Range(At, At),
    In(At, At),
    /// Membership in an array of literals, which the engine turns into the keys of a map: a value of another type is an error, and
    /// `nil` is the empty string or zero.
    InTexts(At, BTreeSet<Arc<str>>),
    InInts(At, BTreeSet<i64>),
    Chain(At),
    Member {
        base: At,
        key: At,
        optional: bool,
    },
    Method {
        base: At,
        method: &'static Method,
    },
    Slice {
        base: At,
        from: Option<At>,
        to: Option<At>,
    },
    Call {
        callee: At,
        arguments: Vec<At>,
    },
    Builtin {
        builtin: Builtin,
        arguments: Vec<At>,
    },
    Loop(Box<Loop>),
    Item,
    Index,
    Accumulator,
    Let {
        variable: usize,
        value: At,
        body: At,
    },
    Sequence(Vec<At>),
    Conditional {
        condition: At,
        yes: At,
        no: At,
    },
    Array(Vec<At>),
    Map(Vec<(At, At)>),
}

/// How `==` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equality {
    /// Any two values.
    Any,
    /// Both sides are known to be `int` when compiling; a value that is not stops the program.
    Int,
    /// Both sides are known to be strings when compiling; a value that is not stops the program.
    Text,
}

/// A builtin that runs a predicate for each item of an array.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    pub(super) builtin: Builtin,
    pub(super) list: At,
    pub(super) predicate: Option<At>,
    /// The order of `sortBy`, the first value of `reduce`.
    pub(super) more: Option<At>,
    /// What to give for an item that was found, instead of the item.
    pub(super) map: Option<At>,
    /// Whether finding nothing is an error.
    pub(super) must_find: bool,
    /// A count that is enough.
    pub(super) enough: Option<i64>,
}
