use std::io::{Read, Write};

use crate::ci::Variables;
use crate::report::Style;

/// What a run reads from and writes to, besides files.
pub struct Streams<'s> {
    /// Standard input.
    pub input: &'s mut dyn Read,
    /// Standard output: the answer.
    pub out: &'s mut dyn Write,
    /// Standard error: what went wrong.
    pub err: &'s mut dyn Write,
    /// Whether `err` is a terminal, where somebody watches the progress of long work.
    pub progress: bool,
    /// The environment variables that CI systems tell a change by.
    pub variables: &'s Variables,
    /// How text for people is dressed on `out`, unless `--color` says otherwise.
    pub style: Style,
}
