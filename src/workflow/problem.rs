//! What the YAML room says is wrong, as problems about a file as it was written.

use crate::diag::Problem;
use crate::source::{FileId, OffsetMap, Source};
use crate::yaml::{DecodeError, DecodeErrorKind, ParseError};

/// A text that is not YAML to the server. `map` leads from the parsed text to the file as it was written.
pub fn syntax_problem(error: &ParseError, map: &OffsetMap, file: FileId) -> Problem {
    let mut problem =
        Problem::error("yaml-syntax", error.message.clone()).label(file, map.to_source(error.span), "here");
    if let Some((span, text)) = &error.related {
        problem = problem.label(file, map.to_source(*span), *text);
    }
    match &error.help {
        Some(help) => problem.help(*help),
        None => problem,
    }
}

/// A file that is not UTF-8; `None` when it is.
pub fn encoding_problem(source: &Source, file: FileId) -> Option<Problem> {
    let span = source.not_utf8()?;
    let message = format!("this is not UTF-8, from byte {} on", span.start);
    let problem = Problem::error("yaml-syntax", message).label(file, span, "here");
    Some(problem.help("save the file as UTF-8"))
}

/// A value that the server cannot decode.
pub fn decode_problem(error: &DecodeError, map: &OffsetMap, file: FileId) -> Problem {
    use DecodeErrorKind as Kind;
    let code = match error.kind {
        Kind::Mismatch { .. } | Kind::BadTag { .. } | Kind::BadBase64 | Kind::MissingName | Kind::NullInclude => {
            "wrong-type"
        }
        Kind::DuplicateKey { .. } | Kind::RepeatedField { .. } => "duplicate-key",
        Kind::InvalidKey => "invalid-key",
        Kind::BadMerge | Kind::SequenceMerge(_) => "bad-merge",
        Kind::AliasCycle => "alias-cycle",
        Kind::ExcessiveAliasing | Kind::TooDeep { .. } | Kind::TooLarge { .. } => "too-large",
    };
    let mut problem = Problem::error(code, error.kind.to_string()).label(file, map.to_source(error.span), "here");
    if let Kind::DuplicateKey { first } = error.kind {
        problem = problem.label(file, map.to_source(first), "the first");
    }
    for &alias in &error.via {
        problem = problem.label(file, map.to_source(alias), "through this alias");
    }
    match error.kind.help() {
        Some(help) => problem.help(help),
        None => problem,
    }
}
