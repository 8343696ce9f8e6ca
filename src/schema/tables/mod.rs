//! The schema of a workflow file: what each key holds, as constant [`Rule`]s.
//!
//! The order of alternatives matters: of two that fit a wrong value equally badly, the first is reported on. What not every release has says
//! so, key by key and rule by rule; what only 2.8 has is in `legacy`.

mod backend;
mod legacy;
mod step;
mod when;
mod workflow;

use super::rule::{Kinds, Rule};
use crate::server::Version;

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

/// `new` since `release`, `old` before.
const fn since(release: Version, new: &'static Rule, old: &'static Rule) -> Rule {
    Rule::Since { release, new, old }
}
