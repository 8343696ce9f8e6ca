//! Environments: names and what they are worth, where some values are only the server's to know.
//!
//! Substitution (`${NAME}`) and expressions (`evaluate`) read variables through this.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// What a name is worth to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'e> {
    /// The value, which may be empty.
    Known(Cow<'e, str>),
    /// The server does not know the name either. It reads as the empty string.
    Missing,
    /// The server has a value, but we cannot know it (`CI_PIPELINE_NUMBER` before there is a pipeline). Where a text is needed all
    /// the same, this stand-in is used, and what is made of it is said to be unknown. A stand-in of the value's own form (`1` for a
    /// number) keeps the YAML around it in shape; an empty one would let a default (`${V:-x}`) step in.
    Unknown(&'e str),
}

/// An environment.
pub trait Env {
    /// What `name` is worth. Asked for each variable that is read, so it should be cheap.
    fn lookup(&self, name: &str) -> Lookup<'_>;

    /// Every variable that is set, in any order, or `None` where the server may set more than is known here. Asked only by
    /// expressions that read `$env` as a whole (`len($env)`).
    fn names(&self) -> Option<Vec<&str>> {
        None
    }

    /// Whether the value of `name`, which is [unknown](Lookup::Unknown), is or has one of `pieces`; `None` where that is not known either.
    fn has_any(&self, name: &str, pieces: &[Piece]) -> Option<bool> {
        let _ = (name, pieces);
        None
    }
}

/// A text that a value may have in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether the value has to begin with it.
    pub begins: bool,
    /// Whether the value has to end with it. One that does both is the whole value.
    pub ends: bool,
}

impl Piece {
    /// A value that is `text`.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { text: text.into(), begins: true, ends: true }
    }

    /// Whether `value` has it.
    pub fn is_in(&self, value: &str) -> bool {
        match (self.begins, self.ends) {
            (true, true) => value == self.text,
            (true, false) => value.starts_with(&self.text),
            (false, true) => value.ends_with(&self.text),
            (false, false) => value.contains(&self.text),
        }
    }
}

impl<E: Env + ?Sized> Env for &E {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        (**self).lookup(name)
    }

    fn names(&self) -> Option<Vec<&str>> {
        (**self).names()
    }

    fn has_any(&self, name: &str, pieces: &[Piece]) -> Option<bool> {
        (**self).has_any(name, pieces)
    }
}

/// Names that are not in the map are missing.
impl<S: BuildHasher> Env for HashMap<String, String, S> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        known_or_missing(self.get(name))
    }

    fn names(&self) -> Option<Vec<&str>> {
        Some(self.keys().map(String::as_str).collect())
    }
}

/// Names that are not in the map are missing.
impl Env for BTreeMap<String, String> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        known_or_missing(self.get(name))
    }

    fn names(&self) -> Option<Vec<&str>> {
        Some(self.keys().map(String::as_str).collect())
    }
}

fn known_or_missing(value: Option<&String>) -> Lookup<'_> {
    value.map_or(Lookup::Missing, |value| Lookup::Known(Cow::Borrowed(value)))
}
