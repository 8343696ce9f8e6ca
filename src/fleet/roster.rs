//! What a roster says, typed.

use crate::source::Span;
use crate::workflow::Placed;
use crate::yaml::Document;

/// A roster.
#[derive(Debug)]
pub struct Roster<'t> {
    /// The document that it was read from.
    pub document: Document<'t>,
    /// `version`; the value is `None` when it is no whole number.
    pub version: Slot<Option<i64>>,
    /// `transport`
    pub transport: Slot<String>,
    /// `profile`
    pub profile: Slot<String>,
    /// `agents`
    pub agents: Agents,
    /// Keys, of the roster and of its agents, that are not known.
    pub unknown: Vec<Key>,
}

/// What is written under a key.
#[derive(Clone, Debug, Default)]
pub enum Slot<T> {
    /// Nothing: there is no such key, or its value is null.
    #[default]
    Missing,
    /// Something of the wrong type, which has been said.
    Unreadable,
    /// A value.
    Given(Placed<T>),
}

impl<T> Slot<T> {
    /// The value, if there is one.
    pub fn given(&self) -> Option<&Placed<T>> {
        match self {
            Self::Given(value) => Some(value),
            Self::Missing | Self::Unreadable => None,
        }
    }

    /// Whether there is nothing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Whether there is something that cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }
}

/// The agents of a roster.
#[derive(Clone, Debug, Default)]
pub struct Agents {
    /// The bytes of the key `agents`; `None` when there is none.
    pub key: Option<Span>,
    /// The agents that could be read, in order.
    pub list: Vec<Agent>,
    /// Whether there may be more, or agents of another class: something there could not be read.
    pub uncertain: bool,
}

/// An agent.
#[derive(Clone, Debug, Default)]
pub struct Agent {
    /// What a person knows the agent by: its name, else its first key, else all of it.
    pub grip: Span,
    /// `name`
    pub name: Slot<String>,
    /// `runtime`
    pub runtime: Slot<String>,
    /// `class`
    pub class: Slot<String>,
}

/// A key that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub span: Span,
    /// Whether it is an agent's, not the roster's.
    pub of_agent: bool,
}

impl Agents {
    /// The agents of the class `class`.
    pub fn of_class(&self, class: &str) -> impl Iterator<Item = &Agent> {
        self.list.iter().filter(move |agent| agent.class.given().is_some_and(|its| its.value == class))
    }
}
