//! Suppressions: `# wp-gate: allow(ID): reason`.
//!
//! At the end of a line, a suppression holds for what starts on that line. On a line of its own, for the key with its value, or the
//! list item, that comes next; above the first key of the file, for the whole file. A reason has to be given, and one that
//! suppresses nothing is a finding itself, which cannot be suppressed.

use super::about::Rule;
use super::unused_allow;
use crate::diag::{Edit, Problem};
use crate::edit::without_comment;
use crate::source::{FileId, Source, Span};
use crate::yaml::{Data, Document};

/// The suppressions of one file.
#[derive(Debug)]
pub(crate) struct Allows {
    file: FileId,
    allows: Vec<Allow>,
    /// Comments that look like suppressions and are none.
    malformed: Vec<Problem>,
}

#[derive(Debug)]
struct Allow {
    rule: &'static str,
    /// Where its id stands.
    span: Span,
    /// The edits that remove its comment.
    removal: Vec<Edit>,
    /// Where the findings start that it suppresses.
    scope: Span,
    used: bool,
}

impl Allows {
    /// Reads the comments of `source`, which is `file` and reads as `document`; `None` when that is not YAML. `rules` are those that speak
    /// of such files, sorted by their names.
    pub(crate) fn read(source: &Source, file: FileId, document: Option<&Document<'_>>, rules: &[Rule]) -> Self {
        let mut out = Self { file, allows: Vec::new(), malformed: Vec::new() };
        let Some(document) = document else { return out };
        for &comment in document.comments() {
            let text = source.slice(comment);
            if super::declared::is_declaration(text) {
                continue;
            }
            let Some(written) = parse(text, comment.start) else { continue };
            match written {
                Written { id: Some((id, span)), has_reason: true } => match Rule::find(rules, id) {
                    Some(&Rule { id: rule, .. }) => {
                        let (removal, scope) = (removal(comment, source, file), scope(comment, document, source));
                        out.allows.push(Allow { rule, span, removal, scope, used: false });
                    }
                    None => out.malformed.push(unused_allow::unknown_rule(file, span, id, rules)),
                },
                Written { id: Some((id, span)), .. } => out.malformed.push(unused_allow::no_reason(file, span, id)),
                Written { id: None, .. } => out.malformed.push(unused_allow::malformed(file, comment)),
            }
        }
        out
    }

    /// Whether `problem` is suppressed.
    pub(super) fn suppress(&mut self, problem: &Problem) -> bool {
        let Some(label) = problem.labels.first() else { return false };
        let mut suppressed = false;
        for allow in &mut self.allows {
            if allow.rule == problem.code
                && allow.scope.start <= label.span.start
                && label.span.start <= allow.scope.end
            {
                allow.used = true;
                suppressed = true;
            }
        }
        suppressed
    }

    /// What is wrong with the suppressions themselves. Nothing is said of those whose rule was not looked for.
    pub(super) fn problems(self, looked_for: impl Fn(&str) -> bool) -> impl Iterator<Item = Problem> {
        // A suppression of this rule never suppresses anything.
        let can_tell = move |rule: &str| rule == unused_allow::UNUSED_ALLOW.id || looked_for(rule);
        let unused = self.allows.into_iter().filter(move |allow| !allow.used && can_tell(allow.rule));
        self.malformed
            .into_iter()
            .chain(unused.map(move |allow| unused_allow::unused(self.file, allow.span, allow.rule, allow.removal)))
    }
}

/// A comment that is addressed to us.
struct Written<'t> {
    /// What stands between the parentheses, and where; `None` when it is not understood at all.
    id: Option<(&'t str, Span)>,
    has_reason: bool,
}

/// Reads a comment that starts at the byte `start`; `None` when it is not addressed to us.
fn parse(comment: &str, start: u32) -> Option<Written<'_>> {
    let text = addressed(comment)?;
    let Some((id, rest)) = text.strip_prefix("allow(").and_then(|rest| rest.split_once(')')) else {
        return Some(Written { id: None, has_reason: false });
    };
    let id = id.trim();
    let at =
        start + comment.find("allow(").map_or(0, |at| comment[at..].find(id).map_or(at, |inner| at + inner)) as u32;
    let reason = rest.trim_start().strip_prefix(':').map(str::trim);
    let span = Span::new(at, at + id.len() as u32);
    Some(Written { id: Some((id, span)), has_reason: reason.is_some_and(|reason| !reason.is_empty()) })
}

/// The edits that remove `comment`.
fn removal(comment: Span, source: &Source, file: FileId) -> Vec<Edit> {
    let removal = without_comment(source.text(), comment).into_iter();
    removal.map(|it| Edit { file, span: it.span, text: it.text }).collect()
}

/// What a comment says that is addressed to us.
pub(super) fn addressed(comment: &str) -> Option<&str> {
    Some(comment.trim_start_matches('#').trim_start().strip_prefix("wp-gate:")?.trim())
}

/// The bytes that a comment to us speaks of.
pub(super) fn scope(comment: Span, document: &Document<'_>, source: &Source) -> Span {
    let line = source.line(comment.start);
    let own_line = source.slice(Span::new(line.start, comment.start)).trim_start_matches('\u{feff}').trim().is_empty();
    if !own_line {
        return line;
    }
    let elements = elements(document);
    let whole = Span::new(0, source.text().len() as u32);
    if elements.iter().all(|element| element.start > comment.start) {
        return whole;
    }
    let Some(next) = elements.iter().map(|element| element.start).filter(|&start| start > comment.start).min() else {
        return comment;
    };
    let starts_there = elements.iter().filter(|element| element.start == next);
    starts_there.copied().reduce(Span::join).unwrap_or(comment)
}

/// The bytes of each key with its value, and of each list item.
fn elements(document: &Document<'_>) -> Vec<Span> {
    let span = |id| document.node(id).span;
    let of = |data: &Data<'_>| match data {
        Data::Sequence { items, .. } => items.iter().map(|&item| span(item)).collect(),
        Data::Mapping { pairs, .. } => pairs.iter().map(|&(key, value)| span(key).join(span(value))).collect(),
        Data::Scalar { .. } | Data::Alias(_) => Vec::new(),
    };
    document.nodes().flat_map(|(_, node)| of(&node.data)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_for_us_is_told_from_the_others() {
        let read = |comment: &'static str| {
            parse(comment, 100).map(|it| (it.id.map(|(id, span)| (id, span.start)), it.has_reason))
        };
        assert_eq!(read("# a comment"), None);
        assert_eq!(read("# see wp-gate: allow(x)"), None);
        assert_eq!(read("# wp-gate: allow(dead-glob): soon there"), Some((Some(("dead-glob", 117)), true)));
        assert_eq!(read("#wp-gate:allow( x ) : y"), Some((Some(("x", 116)), true)));
        assert_eq!(read("# wp-gate: allow(x)"), Some((Some(("x", 117)), false)));
        assert_eq!(read("# wp-gate: allow(x): "), Some((Some(("x", 117)), false)));
        assert_eq!(read("# wp-gate: alow(x): y"), Some((None, false)));
        assert_eq!(read("# wp-gate: allow(x: y"), Some((None, false)));
    }
}
