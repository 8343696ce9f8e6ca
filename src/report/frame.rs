//! A problem as people see it: the message, the bytes at fault underlined in their lines, what to do.

use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::Style;
use crate::diag::{Label, Problem, Severity};
use crate::source::{FileId, Sources};
use crate::text::{escape, mask};

/// Writes `problem` as a code frame, with an empty line after it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_problem(out: &mut dyn Write, problem: &Problem, files: &Sources, style: Style) -> io::Result<()> {
    let theme = match (style.color, style.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (true, false) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false);
    let mut text = String::new();
    // Formatting into a string fails only if a label lies outside its file, which frames rule out.
    if handler.render_report(&mut text, &Frame::new(problem, files)).is_err() {
        text = format!("{}[{}]: {}\n", problem.severity.name(), problem.code, problem.message);
    }
    writeln!(out, "{text}")
}

/// One problem and the labels of one of its files: miette shows one file a diagnostic, and others as related ones.
#[derive(Debug)]
struct Frame<'a> {
    problem: &'a Problem,
    source: Option<NamedSource<String>>,
    labels: Vec<&'a Label>,
    others: Vec<Self>,
}

impl<'a> Frame<'a> {
    fn new(problem: &'a Problem, files: &Sources) -> Self {
        let mut ids: Vec<FileId> = Vec::new();
        for label in &problem.labels {
            if !ids.contains(&label.file) {
                ids.push(label.file);
            }
        }
        let mut frames = ids.into_iter().map(|id| {
            let source = &files[id];
            let name = format!("{}", escape(source.name()));
            let len = source.text().len() as u32;
            let labels = problem.labels.iter().filter(|label| label.file == id && label.span.end <= len);
            let source = NamedSource::new(name, mask(source.text())).with_language("yaml");
            Self { problem, source: Some(source), labels: labels.collect(), others: Vec::new() }
        });
        match frames.next() {
            Some(first) => Self { others: frames.collect(), ..first },
            None => Self { problem, source: None, labels: Vec::new(), others: Vec::new() },
        }
    }
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Frame<'_> {}

impl Diagnostic for Frame<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Note => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter().enumerate().map(|(at, label)| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = label.span.range();
            if at == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        });
        Some(Box::new(labels))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.others.iter().map(|frame| frame as &dyn Diagnostic)))
    }
}
