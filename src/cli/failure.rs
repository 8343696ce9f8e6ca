use std::fmt;
use std::io;

/// Why a command could not do its job: a phrase for people.
pub(super) enum Failure {
    /// A message, and what to do.
    Message { message: String, help: Option<String> },
    /// The output could not be written to.
    Output(io::Error),
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self::Message { message: message.into(), help: None }
    }

    pub(super) fn help(self, text: impl Into<String>) -> Self {
        match self {
            Self::Message { message, .. } => Self::Message { message, help: Some(text.into()) },
            Self::Output(error) => Self::Output(error),
        }
    }

    /// The same with this help, if it has none.
    pub(super) fn or_help(self, text: &str) -> Self {
        match self {
            Self::Message { help: None, .. } => self.help(text),
            other => other,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { message, .. } => f.write_str(message),
            Self::Output(error) => write!(f, "cannot write the answer: {error}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
