//! A path that a glob matches, to show people.

use crate::glob::{Class, Pattern, TokenKind};

/// A path that `pattern` matches, as plain as can be: the first alternatives, `x` for what may be anything. `None` when that does not
/// match, because the pattern is malformed or odd.
pub(super) fn sample(pattern: &Pattern) -> Option<String> {
    let tokens = pattern.tokens();
    let mut path = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match &token.kind {
            TokenKind::Literal(c) | TokenKind::Escaped(c) => path.push(*c),
            TokenKind::Separator => path.push('/'),
            TokenKind::AnyChar | TokenKind::Star | TokenKind::DoubleStar(_) => path.push('x'),
            TokenKind::Class(class) => path.push(member(class)?),
            // The first alternative; the others are jumped over.
            TokenKind::Open { .. } | TokenKind::Close { .. } => {}
            TokenKind::Comma { open } => match tokens.get(*open).map(|token| &token.kind) {
                Some(TokenKind::Open { close: Some(close), .. }) => at = close + 1,
                _ => return None,
            },
            TokenKind::Malformed(_) => return None,
        }
    }
    pattern.is_match(path.as_bytes()).then_some(path)
}

/// A character that `class` matches.
fn member(class: &Class) -> Option<char> {
    ('a'..='z').chain('0'..='9').chain('A'..='Z').find(|&c| class.matches(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_plain_and_matches() {
        for (pattern, path) in [
            ("docs/**", Some("docs/x")),
            ("**/*.md", Some("x/x.md")),
            ("{a,b}/?.[b-d]", Some("a/x.b")),
            ("a{b,{c,d}}e", Some("abe")),
            (r"\*", Some("*")),
            ("[", None),
        ] {
            assert_eq!(sample(&Pattern::parse(pattern)).as_deref(), path, "{pattern}");
        }
    }
}
