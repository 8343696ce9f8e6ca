//! A shell script, as far as it says which programs run with which words.
//!
//! Quotes, escapes, line continuations, comments, here-documents, lists and pipes are read as POSIX says; so are assignments, whose
//! values later words may use. What only running it would tell (substituted commands, variables from outside, patterns, arithmetic) makes
//! a word unknown, and it says so. Control structures are looked through: each command in them may run.
//!
//! `reader` finds the commands, `word` reads one word of them.
//!
//! Linear in the script's length. At most [`MAX_COMMANDS`] commands are read.

mod reader;
mod word;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use reader::Reader;

use crate::source::Span;

/// Most commands of one script.
pub(super) const MAX_COMMANDS: usize = 4096;

/// Values of variables; `None`: there is one, but its value is not known.
pub(super) type Variables = BTreeMap<String, Option<String>>;

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Its text; where it hangs on something unknown, what comes before that.
    pub text: String,
    /// What it hangs on, as it is written: `$TAG`, `$(date)`.
    pub unknown: Option<String>,
    /// Its bytes in the script.
    pub span: Span,
}

impl Word {
    /// The word, if it is known.
    pub(super) fn known(&self) -> Option<&str> {
        self.unknown.is_none().then_some(&self.text)
    }
}

/// A program with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Simple {
    /// The words; the first is the program.
    pub words: Vec<Word>,
    /// It stands in a subshell or on one side of a pipe: its `cd` does not last.
    pub nested: bool,
}

/// The commands of a script, in order; and whether it was read to its end.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub commands: Vec<Simple>,
    pub complete: bool,
}

/// Reads `script`. `variables` are those whose values are known from outside; what the script assigns is added to them.
pub(super) fn read(script: &str, variables: &mut Variables) -> Script {
    Reader::new(script, variables).read()
}
