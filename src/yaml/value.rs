//! A scalar's value, derived from its bytes: quotes and escapes undone, lines folded, indentation dropped.
//!
//! The derivation runs once while parsing, to get the value, and again when somebody asks where a part of the value came from. Both
//! are the same code with another [`Sink`], so the map cannot disagree with the value.

use std::borrow::Cow;

use super::node::ScalarStyle;
use super::scan::chars::{break_len, byte, is_blank, line_end, skip_blanks};
use super::scan::flow_scalar::escape;
use super::scan::token::Scalar;
use crate::source::{OffsetMap, Span};

/// Where the pieces of a value go, in order.
trait Sink {
    /// Bytes of the text as they are.
    fn copy(&mut self, source: Span);
    /// What the bytes `source` stand for.
    fn replace(&mut self, source: Span, value: &str);
}

struct Builder<'t> {
    text: &'t str,
    value: String,
}

impl Sink for Builder<'_> {
    fn copy(&mut self, source: Span) {
        self.value.push_str(self.text.get(source.range()).unwrap_or_default());
    }

    fn replace(&mut self, _: Span, value: &str) {
        self.value.push_str(value);
    }
}

impl Sink for OffsetMap {
    fn copy(&mut self, source: Span) {
        self.copy(source);
    }

    fn replace(&mut self, source: Span, value: &str) {
        self.replace(source, value.len() as u32);
    }
}

/// The value of the scalar at `span`.
pub(super) fn value(text: &str, span: Span, scalar: Scalar) -> Cow<'_, str> {
    if scalar.verbatim {
        return Cow::Borrowed(text.get(body(span, scalar.style).range()).unwrap_or_default());
    }
    let mut builder = Builder { text, value: String::with_capacity(span.len() as usize) };
    derive(text, span, scalar, &mut builder);
    Cow::Owned(builder.value)
}

/// Where the parts of the value of the scalar at `span` came from.
pub(super) fn value_map(text: &str, span: Span, scalar: Scalar) -> OffsetMap {
    let mut map = OffsetMap::new();
    let body = body(span, scalar.style);
    if scalar.verbatim {
        map.copy(body);
    } else {
        derive(text, span, scalar, &mut map);
    }
    if map.is_empty() {
        // An empty value has a place too.
        map.replace(body, 0);
    }
    map
}

/// The bytes of a scalar without its quotes.
fn body(span: Span, style: ScalarStyle) -> Span {
    match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Span::new(span.start + 1, span.end - 1),
        _ => span,
    }
}

fn derive(text: &str, span: Span, scalar: Scalar, sink: &mut impl Sink) {
    let bytes = text.as_bytes().get(..body(span, scalar.style).end as usize).unwrap_or_default();
    let start = body(span, scalar.style).start as usize;
    match scalar.style {
        ScalarStyle::Literal | ScalarStyle::Folded => {
            block(bytes, start, scalar.indent as usize, scalar.style == ScalarStyle::Folded, sink);
        }
        style => flow(bytes, start, style, sink),
    }
}

/// A plain or quoted scalar: `bytes` from `at` on.
fn flow(bytes: &[u8], mut at: usize, style: ScalarStyle, sink: &mut impl Sink) {
    let mut copied = at;
    while at < bytes.len() {
        let here = byte(bytes, at);
        let folded = if is_blank(here) { skip_blanks(bytes, at) } else { at };
        if break_len(bytes, folded) > 0 {
            sink.copy(Span::from(copied..at));
            at = fold(bytes, at, folded, sink);
            copied = at;
        } else if folded > at {
            at = folded;
        } else if here == b'\'' && style == ScalarStyle::SingleQuoted {
            sink.copy(Span::from(copied..at));
            sink.replace(Span::from(at..at + 2), "'");
            at += 2;
            copied = at;
        } else if here == b'\\' && style == ScalarStyle::DoubleQuoted {
            sink.copy(Span::from(copied..at));
            let joined = break_len(bytes, at + 1);
            if joined > 0 {
                at = breaks(bytes, at + 1 + joined, sink);
            } else {
                let (character, len) = escape(bytes, at).unwrap_or(('\\', 1));
                sink.replace(Span::from(at..at + len), character.encode_utf8(&mut [0; 4]));
                at += len;
            }
            copied = at;
        } else {
            at += 1;
        }
    }
    sink.copy(Span::from(copied..at));
}

/// Folds the line break at `line_end`, with the blanks from `start` to it and the empty lines and indentation after it: one break
/// becomes a space, of more the first is dropped. Gives the place after.
fn fold(bytes: &[u8], start: usize, line_end: usize, sink: &mut impl Sink) -> usize {
    let next = line_end + break_len(bytes, line_end);
    if let Some(separator) = unfoldable(bytes, line_end) {
        sink.replace(Span::from(line_end..next), separator);
    } else {
        let text = skip_blanks(bytes, next);
        if break_len(bytes, text) == 0 {
            sink.replace(Span::from(start..text), " ");
            return text;
        }
    }
    breaks(bytes, next, sink)
}

/// Keeps the line breaks from `at` on, without the blanks around them.
fn breaks(bytes: &[u8], mut at: usize, sink: &mut impl Sink) -> usize {
    loop {
        at = skip_blanks(bytes, at);
        let len = break_len(bytes, at);
        if len == 0 {
            return at;
        }
        line_break(bytes, at, sink);
        at += len;
    }
}

/// Keeps the line break at `at`, as `\n` if it is not one that stays what it is.
fn line_break(bytes: &[u8], at: usize, sink: &mut impl Sink) {
    let span = Span::from(at..at + break_len(bytes, at));
    match unfoldable(bytes, at) {
        None if !span.is_empty() && byte(bytes, at) != b'\n' => sink.replace(span, "\n"),
        _ => sink.copy(span),
    }
}

/// The line break at `at` if it is LS or PS, which YAML 1.1 never folds.
fn unfoldable(bytes: &[u8], at: usize) -> Option<&'static str> {
    match bytes.get(at..at + 3) {
        Some([0xE2, 0x80, 0xA8]) => Some("\u{2028}"),
        Some([0xE2, 0x80, 0xA9]) => Some("\u{2029}"),
        _ => None,
    }
}

/// A block scalar whose text starts at column `indent`: `bytes` from its indicator at `at` on.
fn block(bytes: &[u8], at: usize, indent: usize, folded: bool, sink: &mut impl Sink) {
    let header = line_end(bytes, at);
    let mut line = header + break_len(bytes, header);
    // The break that ended the last line of text, until it is known whether it is folded, and whether that line may be.
    let mut pending: Option<usize> = None;
    let mut foldable = false;
    let mut empty_lines: Vec<usize> = Vec::new();
    while line < bytes.len() {
        let spaces =
            bytes.get(line..).unwrap_or_default().iter().take(indent).take_while(|&&byte| byte == b' ').count();
        let start = line + spaces;
        let end = line_end(bytes, start);
        if start == end {
            empty_lines.push(end);
        } else {
            let blank = is_blank(byte(bytes, start));
            if let Some(at) = pending {
                if !(folded && foldable && !blank) || unfoldable(bytes, at).is_some() {
                    line_break(bytes, at, sink);
                } else if empty_lines.is_empty() {
                    sink.replace(Span::from(at..at + break_len(bytes, at)), " ");
                }
            }
            for at in empty_lines.drain(..) {
                line_break(bytes, at, sink);
            }
            sink.copy(Span::from(start..end));
            pending = Some(end);
            foldable = !blank;
        }
        line = end + break_len(bytes, end).max(usize::from(end >= bytes.len()));
    }
    for at in pending.into_iter().chain(empty_lines) {
        line_break(bytes, at, sink);
    }
}
