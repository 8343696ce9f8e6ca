//! Declarations: `# wp-gate: inputs(apps/web/**, packages/ui/**)`, at the step that reads these files.
//!
//! It stands where a suppression may stand, and speaks of the same bytes.

use super::allow::{addressed, scope};
use crate::source::{Source, Span};
use crate::yaml::Document;

/// What a step is declared to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared {
    /// The globs, each with its bytes in the file.
    pub globs: Vec<(String, Span)>,
    /// The bytes that it speaks of.
    pub scope: Span,
    /// The comment.
    pub span: Span,
}

/// Whether a comment is a declaration.
pub(super) fn is_declaration(comment: &str) -> bool {
    inner(comment).is_some()
}

/// What stands between the parentheses: commas inside of braces part no globs, and the last parenthesis ends it.
fn inner(comment: &str) -> Option<&str> {
    addressed(comment)?.strip_prefix("inputs(")?.rsplit_once(')').map(|(inner, _)| inner)
}

/// The declarations in `source`, which reads as `document`.
pub(crate) fn declared(source: &Source, document: &Document<'_>) -> Vec<Declared> {
    let read = |&comment: &Span| {
        let text = source.slice(comment);
        let inner = inner(text)?;
        let start = comment.start + text.find("inputs(").map_or(0, |at| at + "inputs(".len()) as u32;
        Some(Declared { globs: globs(inner, start), scope: scope(comment, document, source), span: comment })
    };
    document.comments().iter().filter_map(read).collect()
}

fn globs(inner: &str, start: u32) -> Vec<(String, Span)> {
    let mut globs = Vec::new();
    let (mut from, mut depth) = (0, 0_u32);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 || at == inner.len() => {
                let glob = inner[from..at].trim();
                let skipped = inner[from..at].len() - inner[from..at].trim_start().len();
                let begin = start + (from + skipped) as u32;
                if !glob.is_empty() {
                    globs.push((glob.to_owned(), Span::new(begin, begin + glob.len() as u32)));
                }
                from = at + 1;
            }
            _ => {}
        }
    }
    globs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Dialect;

    #[test]
    fn globs_are_read_with_their_bytes_and_what_they_speak_of() {
        let text = "steps:\n  # wp-gate: inputs(a/**, {b,c}/x , 'é')\n  - name: build\n    image: x\n  - name: test # wp-gate: inputs()\n";
        let source = Source::new("x", text);
        let document = Document::parse(text, Dialect::V4).expect("it is YAML");
        let [build, second] = &declared(&source, &document)[..] else { unreachable!("two declarations") };
        let globs: Vec<(&str, &str)> = build.globs.iter().map(|(glob, span)| (&**glob, source.slice(*span))).collect();
        assert_eq!(globs, [("a/**", "a/**"), ("{b,c}/x", "{b,c}/x"), ("'é'", "'é'")]);
        assert!(source.slice(build.scope).starts_with("name: build"));
        assert_eq!((second.globs.len(), source.slice(second.span)), (0, "# wp-gate: inputs()"));
        assert!(!is_declaration("# wp-gate: inputs(a"));
    }
}
