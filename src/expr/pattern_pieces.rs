//! Regular expressions that only look for texts: what they look for.

use crate::env::Piece;

/// How many texts are written out.
const MOST: usize = 64;

/// What a value of one line has to have at least one of to match `pattern`, which is valid; `None` where `pattern` asks anything else.
/// It may be texts between `^` or `.*` and `$` or `.*`, alternatives of these, and of a text's parts in parentheses that do not nest.
pub(super) fn pieces(pattern: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    for alternative in alternatives(pattern)? {
        let [before, group, after] = group(alternative)?;
        for part in alternatives(group)? {
            // Anchors in it are left to themselves: in the middle of a text they are refused below, at its ends they mean the same.
            pieces.push(piece(&[before, part, after].concat())?);
        }
    }
    (pieces.len() <= MOST).then_some(pieces)
}

/// The characters of `text` with their places, and whether a backslash stands before.
fn runes(text: &str) -> impl Iterator<Item = (usize, char, bool)> {
    let mut is_escaped = false;
    text.char_indices().filter_map(move |(at, rune)| {
        if rune == '\\' && !is_escaped {
            is_escaped = true;
            return None;
        }
        Some((at, rune, std::mem::take(&mut is_escaped)))
    })
}

/// What stands between the `|` of `text` that are in no parentheses.
fn alternatives(text: &str) -> Option<Vec<&str>> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, rune, is_escaped) in runes(text) {
        match rune {
            _ if is_escaped => {}
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            '|' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    Some(found)
}

/// What stands before the parentheses in `text`, in them and after them; all of it before them if there are none.
fn group(text: &str) -> Option<[&str; 3]> {
    let at = |wanted: char| runes(text).find(|&(_, rune, is_escaped)| rune == wanted && !is_escaped).map(|(at, ..)| at);
    let (Some(open), Some(close)) = (at('('), at(')')) else { return Some([text, "", ""]) };
    let inner = text.get(open + 1..close)?;
    Some([&text[..open], inner.strip_prefix("?:").unwrap_or(inner), &text[close + 1..]])
}

/// What `text`, which has no alternatives, looks for.
fn piece(text: &str) -> Option<Piece> {
    let mut rest = text;
    let mut begins = false;
    if let Some(after) = rest.strip_prefix('^') {
        (rest, begins) = (after, true);
    }
    if let Some(after) = rest.strip_prefix(".*") {
        (rest, begins) = (after, false);
    }
    let mut piece = Piece { text: String::with_capacity(rest.len()), begins, ends: false };
    for (at, rune, is_escaped) in runes(rest) {
        match rune {
            _ if is_escaped && rune.is_ascii_punctuation() => {}
            _ if is_escaped => return None,
            '$' if at + 1 == rest.len() => {
                piece.ends = true;
                break;
            }
            '.' if matches!(&rest[at..], ".*" | ".*$") => break,
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' => return None,
            _ => {}
        }
        piece.text.push(rune);
    }
    Some(piece)
}

#[cfg(test)]
mod tests {
    use super::super::pattern;
    use super::*;

    #[test]
    fn texts_between_anchors_are_read_and_nothing_else() {
        let told = |pattern: &str| {
            let told = |piece: &Piece| {
                let sign = |is: bool, sign: &'static str| if is { sign } else { "" };
                [sign(piece.begins, "^"), &piece.text, sign(piece.ends, "$")].concat()
            };
            pieces(pattern).map(|pieces| pieces.iter().map(told).collect::<Vec<String>>().join(" "))
        };
        for (pattern, expected) in [
            ("^main$", "^main$"),
            ("^release/", "^release/"),
            ("^release/.*$", "^release/"),
            (r"^v1\.2", "^v1.2"),
            (".*-rc$", "-rc$"),
            ("^.*fix.*", "fix"),
            ("fix", "fix"),
            ("", ""),
            ("^$", "^$"),
            ("^main$|^dev$|hot", "^main$ ^dev$ hot"),
            ("^(main|dev)$", "^main$ ^dev$"),
            ("^(?:release|hotfix)/.*", "^release/ ^hotfix/"),
            ("(^a|b$)", "^a b$"),
            ("^x(a|b)y$|c", "^xay$ ^xby$ c"),
            (r"a\|b\$", "a|b$"),
            (r"\(a", "(a"),
        ] {
            assert_eq!(told(pattern).as_deref(), Some(expected), "{pattern}");
        }
        for pattern in [
            "a+",
            "v[0-9]",
            r"\d",
            r"v\d$",
            "a.b",
            "(?i)main",
            "(?i:main)",
            "(a|b)+",
            "(a|b){2}",
            "x(^a|b)",
            "(a(b|c))",
            "(a)(b)",
            "a*",
            "ab?",
            "a$b",
            "^^a",
            r"\Aa",
            "a{2}",
            ".+",
            "^.*?a",
            ".*.*a",
        ] {
            assert!(pattern::compile(pattern).is_ok(), "{pattern}");
            assert_eq!(told(pattern), None, "{pattern}");
        }
    }

    /// Every pattern of up to four tokens that is read, against the engine, on every short text.
    #[test]
    fn pieces_are_found_where_the_pattern_matches() {
        let tokens = ["a", "b", "^", "$", "|", "(", ")", ".*", r"\.", "?"];
        let mut texts = vec![String::new()];
        for at in 0..1 + 4 + 16 + 64 {
            texts.extend(["a", "b", ".", "c"].map(|rune| format!("{}{rune}", texts[at])));
        }
        let (mut longest, mut read) = (vec![String::new()], 0);
        for _ in 0..4 {
            longest =
                longest.iter().flat_map(|text| tokens.iter().map(move |token| format!("{text}{token}"))).collect();
            for pattern in &longest {
                let Some(pieces) = pieces(pattern) else { continue };
                let Ok(regex) = pattern::compile(pattern) else { continue };
                read += 1;
                for text in &texts {
                    let found = pieces.iter().any(|piece| piece.is_in(text));
                    assert_eq!(found, pattern::is_match(&regex, text.as_bytes()), "{pattern} on {text}");
                }
            }
        }
        assert!(read > 400, "{read}");
    }
}
