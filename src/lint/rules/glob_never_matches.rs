use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Fix, Problem, Safety};
use crate::edit::{MAX_ENTRIES, Replacement, written, written_list};
use crate::glob::{DoubleStar, Pattern, Token, TokenKind};
use crate::plan::Clause;
use crate::source::Span;
use crate::text::escape;
use crate::yaml::{Data, NodeId};

pub(super) static RULE: Rule = Rule {
    id: "glob-never-matches",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "a path glob that no changed file can match",
    page: include_str!("glob_never_matches.md"),
    echo: None,
    checks: &[Check::Glob(check)],
};

fn check(glob: &GlobUse<'_>, out: &mut Vec<Problem>) {
    let pattern = &glob.glob.pattern;
    if glob.clause != Clause::Path || pattern.error().is_some() {
        return;
    }
    if let Some(flaw) = flaw(pattern.tokens()) {
        out.push(never(glob, &flaw));
    }
}

/// Whether no changed file can match `pattern`.
pub(super) fn never_matches(pattern: &Pattern) -> bool {
    flaw(pattern.tokens()).is_some()
}

/// Why no path matches, and the tokens' bytes that are to blame.
struct Flaw {
    span: Span,
    why: &'static str,
    help: &'static str,
    instead: Instead,
}

/// What may have been meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instead {
    /// The same with other text in the place of these bytes.
    Text(Span, &'static str),
    /// What matches the rest does not count.
    Excluded,
    /// Nobody knows.
    Unknown,
}

/// What no path has: an empty segment, also first or last; `.` and `..`; a `!` that is meant to negate.
fn flaw(tokens: &[Token]) -> Option<Flaw> {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        let help = "remove it; a filter without patterns lets every file count";
        return Some(Flaw { span: Span::at(0), why: "it is empty, and no path is", help, instead: Instead::Unknown });
    };
    if matches!(first.kind, TokenKind::Literal('!')) {
        let help = "put the pattern, without the `!`, under `exclude`";
        let why = "`!` does not negate: it stands for itself";
        return Some(Flaw { span: first.span, why, help, instead: Instead::Excluded });
    }
    if is_separator(first) {
        return Some(Flaw {
            span: first.span,
            why: "no path begins with `/`",
            help: "remove the `/`: paths start at the root",
            instead: Instead::Text(first.span, ""),
        });
    }
    let mut depth = 0_usize;
    let mut segment: Vec<&Token> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Open { .. } => depth += 1,
            TokenKind::Close { .. } => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 || !is_separator(token) {
            segment.push(token);
            continue;
        }
        let start = segment.first().map_or(token.span, |first| first.span);
        if segment.is_empty() {
            let instead = Instead::Text(token.span, "");
            return Some(Flaw { span: token.span, why: "no path has `//` in it", help: "write one `/`", instead });
        }
        if !segment.is_empty()
            && segment.iter().all(|it| matches!(it.kind, TokenKind::Literal('.')))
            && segment.len() <= 2
        {
            let help = "write the path from the repository's root";
            let span = start.join(token.span);
            let instead = if segment.len() == 1 { Instead::Text(span, "") } else { Instead::Unknown };
            return Some(Flaw { span, why: "paths have no `.` and `..` segments", help, instead });
        }
        segment.clear();
    }
    let before_last = tokens.len().checked_sub(2).and_then(|at| tokens.get(at));
    let may_end =
        |token: &Token| matches!(token.kind, TokenKind::DoubleStar(DoubleStar::Segments) | TokenKind::Close { .. });
    // The server lets a path end before a final `**/`.
    if is_separator(last) && !before_last.is_some_and(may_end) {
        let help = "add `**` for what lies in the folder";
        let instead = Instead::Text(Span::at(last.span.end), "**");
        return Some(Flaw { span: last.span, why: "no path ends with `/`: changed files are files", help, instead });
    }
    None
}

fn is_separator(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Separator | TokenKind::Escaped('/'))
}

fn never(glob: &GlobUse<'_>, flaw: &Flaw) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let problem = RULE.problem(format!("no changed file matches `{text}`"));
    glob.label(problem, flaw.span, flaw.why).help(flaw.help).fix(mended(glob, flaw))
}

fn mended(glob: &GlobUse<'_>, flaw: &Flaw) -> Option<Fix> {
    let text = glob.glob.pattern.text();
    match flaw.instead {
        Instead::Text(span, with) => {
            let mut text = text.to_owned();
            text.replace_range(span.range(), with);
            (!text.is_empty()).then(|| glob.reading.rewrite(Safety::Unsafe, &glob.glob.place, &text))?
        }
        Instead::Excluded if !glob.excludes => {
            let rest = text.strip_prefix('!').filter(|rest| !rest.is_empty())?;
            let title = format!("put `{}` under `exclude`", escape(rest));
            glob.reading.fix(Safety::Unsafe, title, exclude(glob, rest))
        }
        Instead::Excluded | Instead::Unknown => None,
    }
}

/// Moves the glob, which is `!` and `rest`, to where it says what it was meant to say.
fn exclude(glob: &GlobUse<'_>, rest: &str) -> Option<Vec<Replacement>> {
    let (id, editor, dialect) = (glob.glob.place.node?, glob.reading.editor(), glob.reading.dialect());
    let list = editor.parent(id)?;
    let Data::Sequence { items, flow } = &editor.document().node(list).data else {
        // `path: '!x'`
        editor.key(id).filter(|&key| editor.scalar(key) == Some("path"))?;
        let text = format!("{{exclude: {}}}", written_list(&[rest], dialect)?);
        return Some(vec![Replacement::new(editor.document().node(id).span, text)]);
    };
    let key = editor.key(list)?;
    let is_negated = |&id: &NodeId| editor.scalar(id).is_some_and(|text| text.starts_with('!'));
    let negated = || items.iter().map(|&item| editor.rewrite(item, editor.scalar(item)?.strip_prefix('!')?));
    match (editor.scalar(key)?, editor.value(editor.parent(list)?, "exclude")) {
        ("include" | "path", _) if items.len() > MAX_ENTRIES => None,
        ("include", None) if items.iter().all(is_negated) => {
            let edits: Option<Vec<_>> = negated().chain([editor.rewrite(key, "exclude")]).collect();
            Some(edits?.concat())
        }
        ("include", None) => {
            let add = editor.add_entry(editor.parent(list)?, "exclude", &written_list(&[rest], dialect)?)?;
            Some([editor.remove(id)?, add].concat())
        }
        ("include", Some(excluded)) => {
            let add = editor.add_item(excluded, &written(rest, dialect)?)?;
            Some([editor.remove(id).or_else(|| editor.remove(list))?, add].concat())
        }
        ("path", _) if *flow && items.iter().all(is_negated) => {
            let span = editor.document().node(list).span;
            let (open, close) = (Span::at(span.start), Span::at(span.end));
            let around = [Replacement::new(open, "{exclude: "), Replacement::new(close, "}")];
            let edits: Option<Vec<_>> = negated().collect();
            Some(edits?.into_iter().flatten().chain(around).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_never_to_match_matches_none_of_many_paths() {
        let parts = ["a", "b.c", ".", "..", "!a"];
        let mut paths: Vec<String> =
            parts.iter().filter(|part| !part.starts_with('.')).map(|&part| part.to_owned()).collect();
        for (x, y) in [("a", "a"), ("a", "b.c"), (".a", "a"), ("a", "..b")] {
            paths.push(format!("{x}/{y}"));
        }
        for text in ["/a", "./a", "a/", "a//b", "../a", "a/./b", "", "**/../a", "/**", r"\/a"] {
            let pattern = Pattern::parse(text);
            assert!(flaw(pattern.tokens()).is_some(), "{text}");
            assert!(!paths.iter().any(|path| pattern.is_match(path.as_bytes())), "{text}");
        }
        for text in ["a", "a/**", "**/a", ".a/b", "a/..b", "{a/,b}c", "a/**/", "[/]a", "..."] {
            assert!(flaw(Pattern::parse(text).tokens()).is_none(), "{text}");
        }
    }
}
