//! The forms of an answer, and which of them a command has: a type for each family of commands, so that each answers in all that it takes.

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// The form of an answer that is a list of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FindingsFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations beside the lines, of GitHub Actions and its likes
    Github,
    /// The XML that CI servers show as tests
    Junit,
    /// A table, for summaries and comments
    Markdown,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

impl Format {
    /// Every form.
    const ALL: [Self; 2] = [Self::Human, Self::Json];
    /// What a command has that answers with frames or tables.
    pub(super) const PLAIN: &[Self] = &[Self::Human, Self::Json];

    /// The name on the command line.
    pub(in crate::cli) const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
        }
    }

    const fn help(self) -> &'static str {
        match self {
            Self::Human => "For people",
            Self::Json => "For programs",
        }
    }

    /// Reads the name of one of `forms`.
    pub(super) fn parser(forms: &'static [Self]) -> impl TypedValueParser<Value = Self> {
        let values = forms.iter().map(|form| PossibleValue::new(form.name()).help(form.help()));
        PossibleValuesParser::new(values).map(|name| {
            let form = Self::ALL.into_iter().find(|form| form.name() == name);
            form.expect("internal: clap takes the names of forms only")
        })
    }
}
