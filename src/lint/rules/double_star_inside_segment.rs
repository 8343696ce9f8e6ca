use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Problem, Safety};
use crate::glob::{DoubleStar, Pattern, Token, TokenKind};
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "double-star-inside-segment",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "`**` inside of a segment, where it is a `*`",
    page: include_str!("double_star_inside_segment.md"),
    echo: None,
    checks: &[Check::Glob(check)],
};

fn check(glob: &GlobUse<'_>, out: &mut Vec<Problem>) {
    let pattern = &glob.glob.pattern;
    let is_star = |token: &&Token| matches!(token.kind, TokenKind::DoubleStar(DoubleStar::Star));
    if let Some(star) = pattern.tokens().iter().find(is_star).filter(|_| pattern.error().is_none()) {
        out.push(a_star(glob, star));
    }
}

fn a_star(glob: &GlobUse<'_>, star: &Token) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let problem = RULE.problem(format!("`**` in `{text}` is no more than `*`: it does not cross `/`"));
    let problem = glob.label(problem, star.span, "not a segment of its own");
    let problem = problem.help("write `**/*` for anything at any depth, or `*` if one level is meant");
    let rewrite = |safety, text: String| glob.reading.rewrite(safety, &glob.glob.place, &text);
    let any_depth = at_any_depth(glob.glob.pattern.text(), star);
    let problem = problem.fix(any_depth.and_then(|text| rewrite(Safety::Unsafe, text)));
    problem.fix(as_read(&glob.glob.pattern).and_then(|text| rewrite(Safety::Safe, text)))
}

/// `text` with `**/*` for `star`, if a segment begins with it.
fn at_any_depth(text: &str, star: &Token) -> Option<String> {
    let (before, after) = (text.get(..star.span.start as usize)?, text.get(star.span.end as usize..)?);
    let begins = before.is_empty() || before.ends_with('/');
    (begins && !after.starts_with('*')).then(|| format!("{before}**/*{after}"))
}

/// The pattern with `*` for each `**` that is one. `None` where the server's matcher makes something else of it: of three stars in a row, and of
/// whatever is [odd](Pattern::oddity).
fn as_read(pattern: &Pattern) -> Option<String> {
    let is_star = |token: &Token| matches!(token.kind, TokenKind::Star | TokenKind::DoubleStar(DoubleStar::Star));
    if pattern.oddity().is_some() || pattern.tokens().windows(2).any(|pair| pair.iter().all(is_star)) {
        return None;
    }
    let text = |token: &Token| if is_star(token) { Some("*") } else { pattern.text().get(token.span.range()) };
    pattern.tokens().iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_instead_means_the_same() {
        for (text, expected) in [
            ("**.md", Some("*.md")),
            ("***", None),
            ("a**/b**", Some("a*/b*")),
            ("a**/b***", None),
            ("**/a**", Some("**/a*")),
            (r"\***", Some(r"\**")),
            ("a{**,b}", None),
        ] {
            let pattern = Pattern::parse(text);
            assert_eq!(as_read(&pattern).as_deref(), expected, "{text}");
            let Some(read) = expected.map(Pattern::parse) else { continue };
            for path in ["a", "a/b", "x.md", "x/y.md", "ab/bc", "x/a", "x/ab/c", "*", "*b", "*/b"] {
                assert_eq!(pattern.is_match(path.as_bytes()), read.is_match(path.as_bytes()), "{text} on {path}");
            }
        }
    }
}
