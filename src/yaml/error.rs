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

impl ParseError {
    pub(super) fn new(span: impl Into<Span>, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { span: span.into(), message: message.into(), related: None, help: None })
    }

    pub(super) fn related(mut self: Box<Self>, span: impl Into<Span>, message: &'static str) -> Box<Self> {
        self.related = Some((span.into(), message));
        self
    }

    pub(super) fn help(mut self: Box<Self>, help: &'static str) -> Box<Self> {
        self.help = Some(help);
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// The error as it travels inside the parser: boxed, so that results stay small.
pub(super) type Fault = Box<ParseError>;
