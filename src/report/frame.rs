//! A problem as people see it: the message, the bytes at fault underlined in their lines, what to do.

mod clip;

use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

use clip::Clipped;

use super::Style;
use crate::diag::{Label, Problem, Severity};
use crate::source::{FileId, Source, Sources, Span};
use crate::text::{escape, mask, shorten};

/// The longest message, label or help that is shown whole, in characters.
const MAX_TEXT: usize = 600;

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
    source: Option<Excerpt>,
    /// The labels, and where they are in the excerpt.
    labels: Vec<(&'a Label, Span)>,
    /// It goes on in another file: what was said is not said again.
    follows: bool,
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
            let len = source.text().len() as u32;
            let labels: Vec<&Label> =
                problem.labels.iter().filter(|label| label.file == id && label.span.end <= len).collect();
            let marks: Vec<Span> = labels.iter().map(|label| label.span).collect();
            let excerpt = Excerpt::new(source, &marks);
            let labels = labels.into_iter().map(|label| (label, excerpt.span(label.span))).collect();
            Self { problem, source: Some(excerpt), labels, follows: false, others: Vec::new() }
        });
        match frames.next() {
            Some(first) => Self { others: frames.map(|other| Self { follows: true, ..other }).collect(), ..first },
            None => Self { problem, source: None, labels: Vec::new(), follows: false, others: Vec::new() },
        }
    }
}

/// How many lines are kept around marks: more than miette shows.
const LINES_AROUND: usize = 3;

/// The part of a file around some marks, as miette reads it: a file with many problems is not gone through for each of them.
#[derive(Debug)]
struct Excerpt {
    name: String,
    /// Where the part begins in the file, and how many lines are before it.
    start: u32,
    lines_before: usize,
    clipped: Clipped,
    /// The offsets at which marks start in the excerpt, and their columns in the file, from 0.
    columns: Vec<(usize, usize)>,
}

impl Excerpt {
    fn new(source: &Source, marks: &[Span]) -> Self {
        let shown = lines_around(source, marks);
        let start = shown.start;
        let lines_before = source.position(start).line as usize - 1;
        let marks_here: Vec<Span> = marks.iter().map(|mark| Span::new(mark.start - start, mark.end - start)).collect();
        let clipped = Clipped::new(mask(source.slice(shown)), &marks_here);
        let column = |(mark, here): (&Span, &Span)| {
            (clipped.span(*here).start as usize, source.position(mark.start).column as usize - 1)
        };
        let columns = marks.iter().zip(&marks_here).map(column).collect();
        Self { name: escape(source.name()).to_string(), start, lines_before, clipped, columns }
    }

    /// Where `mark` of the file, one of those that this was made for, is in it.
    fn span(&self, mark: Span) -> Span {
        self.clipped.span(Span::new(mark.start - self.start, mark.end - self.start))
    }
}

/// The lines of `marks`, and some before and after them.
fn lines_around(source: &Source, marks: &[Span]) -> Span {
    let Some(marked) = marks.iter().copied().reduce(Span::join) else { return Span::default() };
    let (before, after) = source.text().as_bytes().split_at(marked.end as usize);
    let start = memchr::memrchr_iter(b'\n', &before[..marked.start as usize]).nth(LINES_AROUND);
    let end = memchr::memchr_iter(b'\n', after).nth(LINES_AROUND);
    Span::from(start.map_or(0, |at| at + 1)..end.map_or(source.text().len(), |at| before.len() + at))
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let read = self.clipped.text.read_span(span, before, after)?;
        // Columns are those of the file, whatever is cut before them.
        let at_mark = self.columns.iter().find(|(start, _)| before == 0 && *start == read.span().offset());
        let column = at_mark.map_or(read.column(), |(_, column)| *column);
        let (name, data, lines) = (self.name.clone(), read.data(), read.line_count());
        let contents =
            MietteSpanContents::new_named(name, data, *read.span(), self.lines_before + read.line(), column, lines);
        Ok(Box::new(contents.with_language("yaml")))
    }
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.follows {
            return f.write_str("and here");
        }
        f.write_str(&shorten(&self.problem.message, MAX_TEXT))
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
        self.problem
            .help
            .as_ref()
            .filter(|_| !self.follows)
            .map(|help| Box::new(shorten(help, MAX_TEXT)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter().enumerate().map(|(at, (label, span))| {
            let text = (!label.text.is_empty()).then(|| shorten(&label.text, MAX_TEXT).into_owned());
            let span = span.range();
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
