use crate::source::Span;
use std::fmt;

/// Why an expression has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The server refuses the expression before it runs it: its syntax, its types, a bad regular expression. Every pipeline that
    /// reaches it fails, whatever the values are.
    Compile,
    /// The server stops while it runs the expression with these values: a wrong kind of value, an index out of range.
    Run,
    /// The expression is beyond the bounds of this crate (see the [room's page](super)); the server has no such bound, or a higher one.
    Limit,
}

impl ErrorKind {
    /// `compile`, `run` or `limit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Run => "run",
            Self::Limit => "limit",
        }
    }
}

/// An expression that cannot be compiled or run, and the bytes that are to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// Whose fault, and when.
    pub kind: ErrorKind,
    /// The bytes at fault, counted from the start of the expression.
    pub span: Span,
    /// What is wrong: a phrase, lower case, code in backticks.
    pub message: String,
    /// What to do about it, in the imperative, where there is something to say.
    pub help: Option<&'static str>,
}

impl ExprError {
    pub(super) fn compile(span: Span, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Compile, span, message: message.into(), help: None }
    }

    pub(super) fn run(span: Span, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Run, span, message: message.into(), help: None }
    }

    pub(super) fn limit(span: Span, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Limit, span, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExprError {}
