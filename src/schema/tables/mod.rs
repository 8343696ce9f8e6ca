//! The schema of a workflow file: what each key holds, as constant [`Rule`]s.
//!
//! The order of alternatives matters: of two that fit a wrong value equally badly, the first is reported on.

mod backend;
mod step;
mod when;
mod workflow;

use super::rule::{Kinds, Rule};

pub use workflow::WORKFLOW;

const BOOL: Rule = Rule::Type(Kinds::BOOL);
const NUMBER: Rule = Rule::Type(Kinds::NUMBER);
const STRING: Rule = Rule::Type(Kinds::STRING);
const STRINGS: Rule = Rule::Items(&STRING);
const STRING_OR_LIST: Rule = Rule::OneOf(&[STRINGS, STRING]);
const SCALAR: Rule = Rule::Type(Kinds::SCALAR);
const SOME: Rule = Rule::Type(Kinds::SOME);

/// A string out of `words`.
const fn word(words: &'static [&'static str]) -> Rule {
    Rule::Enum { words, kinds: Kinds::STRING }
}
