//! Why a text is refused.

use std::fmt;

use crate::source::Span;

/// Why a text is not a YAML document, as the server's library decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The bytes that are at fault.
    pub span: Span,
    /// What is wrong there: a phrase, lower case.
    pub message: String,
    /// Other bytes that explain it (where the open bracket is, where the key started), with a phrase for them.
    pub related: Option<(Span, &'static str)>,
    /// What to do about it, in the imperative.
    pub help: Option<&'static str>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// The error as it travels inside the parser: boxed, so that results stay small.
#[derive(Debug)]
pub(super) struct Fault(Box<ParseError>);

impl Fault {
    pub(super) fn new(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Self(Box::new(ParseError { span: span.into(), message: message.into(), related: None, help: None }))
    }

    pub(super) fn related(mut self, span: impl Into<Span>, message: &'static str) -> Self {
        self.0.related = Some((span.into(), message));
        self
    }

    pub(super) fn help(mut self, help: &'static str) -> Self {
        self.0.help = Some(help);
        self
    }
}

impl From<Fault> for ParseError {
    fn from(fault: Fault) -> Self {
        *fault.0
    }
}
