//! Laws that hold between the room's matchers, exhaustively over small patterns and paths.

use super::server::{self, is_well_formed};
use super::*;

/// Every concatenation of one to `most` of `tokens`.
fn texts(tokens: &[&str], most: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut longest = vec![String::new()];
    for _ in 0..most {
        longest = longest.iter().flat_map(|text| tokens.iter().map(move |token| format!("{text}{token}"))).collect();
        all.extend_from_slice(&longest);
    }
    all
}

/// Every path of up to three of `segments`, and some that git does not know.
fn paths(segments: &[&str]) -> Vec<String> {
    let slashed: Vec<String> = segments.iter().map(|segment| format!("/{segment}")).collect();
    let slashed: Vec<&str> = slashed.iter().map(String::as_str).collect();
    let mut paths: Vec<String> = texts(&slashed, 3).iter().map(|path| path[1..].to_owned()).collect();
    paths.extend(["", "/", "//", "a/", "/a", "a//b", "b/a/"].map(str::to_owned));
    paths
}

/// What `text` matches, said as simply as can be: the braces multiplied out, then all ways tried. `None` where it does
/// not read the text: where that has escapes and braces or classes both, or a class with braces or commas.
fn reference(text: &str, path: &str) -> Option<bool> {
    let path: Vec<char> = path.chars().collect();
    let readable = !(text.contains('\\') && text.contains(['{', '}', '[']));
    let classes = text.split('[').skip(1).filter_map(|class| class.split(']').next());
    let readable = readable && !classes.into_iter().any(|class| class.contains(['{', '}', ',']));
    readable.then(|| multiply(text).iter().any(|flat| try_all(flat, &path, true)))
}

/// The patterns without braces that `text`, which is well-formed, stands for.
fn multiply(text: &str) -> Vec<String> {
    let Some(close) = text.find('}') else { return vec![text.to_owned()] };
    let Some(open) = text[..close].rfind('{') else { return vec![text.to_owned()] };
    let with = |alternative: &str| multiply(&format!("{}{alternative}{}", &text[..open], &text[close + 1..]));
    text[open + 1..close].split(',').flat_map(with).collect()
}

fn try_all(pattern: &str, path: &[char], segment_start: bool) -> bool {
    let Some((&first, others)) = path.split_first() else {
        return matches!(pattern, "" | "*" | "**" | "/**" | "**/" | "/**/");
    };
    if segment_start && pattern == "**" {
        return true;
    }
    if segment_start && let Some(after) = pattern.strip_prefix("**/") {
        let starts = (0..=path.len()).filter(|&at| at == 0 || path[at - 1] == '/');
        return starts.into_iter().any(|at| try_all(after, &path[at..], true));
    }
    if let Some(after) = pattern.strip_prefix("**").or(pattern.strip_prefix('*')) {
        let most = path.iter().position(|&rune| rune == '/').unwrap_or(path.len());
        return (0..=most).any(|taken| try_all(after, &path[taken..], false));
    }
    if let Some(after) = pattern.strip_prefix('?') {
        return first != '/' && try_all(after, others, false);
    }
    if let Some((class, after)) = pattern.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        let held = class.strip_prefix('!').map_or_else(|| class.contains(first), |class| !class.contains(first));
        return held && try_all(after, others, false);
    }
    let pattern = pattern.strip_prefix('\\').unwrap_or(pattern);
    pattern.strip_prefix(first).is_some_and(|after| try_all(after, others, first == '/'))
}

/// Holds every matcher against the server's way, and against [`reference`] where the pattern is not odd.
fn check(patterns: &[String], paths: &[String]) {
    let set: PatternSet = patterns.iter().map(String::as_str).collect();
    let mut matches = Vec::new();
    let nfas: Vec<Option<Nfa>> = set.patterns().iter().map(Pattern::nfa).collect();
    for path in paths {
        let bytes = path.as_bytes();
        set.matches_into(bytes, &mut matches);
        assert_eq!(set.first_match(bytes), matches.first().copied(), "{path:?}");
        let mut in_set = matches.iter().copied().peekable();
        for (index, (pattern, nfa)) in set.patterns().iter().zip(&nfas).enumerate() {
            let answer = pattern.try_match(bytes);
            assert_eq!(answer, server::run(pattern.text(), bytes), "{pattern} for {path:?}");
            assert_eq!(in_set.next_if_eq(&index).is_some(), answer == Ok(true), "the set: {pattern} for {path:?}");
            if let Some(nfa) = nfa {
                let simply = reference(pattern.text(), path);
                assert!(simply.is_none_or(|simply| answer == Ok(simply)), "the reference: {pattern} for {path:?}");
                assert_eq!(answer, Ok(nfa.is_match(bytes)), "the automaton: {pattern} for {path:?}");
            }
        }
    }
}

#[test]
fn all_matchers_agree_on_short_patterns() {
    let tokens = ["a", "b", "/", "*", "**", "?", "{a,b}", "{a/,}", "[ab]", "[!a]", "\\a", "\\*"];
    check(&texts(&tokens, 3), &paths(&["a", "b", "ab"]));
    let tokens = ["a", "/", "*", "**", "?", "{a,/b}", "[!a]"];
    check(&texts(&tokens, 4), &paths(&["a", "b", "ab"]));
}

#[test]
fn all_matchers_agree_on_patterns_of_larger_parts() {
    let tokens = ["**/", "/**", "{**/,a}", "{a/**,b}", "*", "/", "{*,a{,b}}", "a"];
    check(&texts(&tokens, 4), &paths(&["a", "ab"]));
}

#[test]
fn all_matchers_agree_on_malformed_patterns() {
    let tokens = ["a", "{", "}", ",", "[", "]", "!", "\\", "*", "/"];
    check(&texts(&tokens, 4), &["", "a", "]", "{a", "a/b", "}", ","].map(str::to_owned));
}

#[test]
fn an_error_is_what_the_servers_check_refuses() {
    for text in texts(&["a", "{", "}", ",", "[", "]", "!", "\\", "ü", "-"], 4) {
        let pattern = Pattern::parse(&text);
        assert_eq!(pattern.error().is_none(), is_well_formed(text.as_bytes()), "{text:?}");
        let mut end = 0;
        for token in pattern.tokens() {
            assert_eq!(token.span.start, end, "{text:?}");
            end = token.span.end;
            assert!(text.get(token.span.range()).is_some_and(|token| !token.is_empty()), "{text:?}");
        }
        assert_eq!(end as usize, text.len(), "{text:?}");
        assert!(pattern.error().is_none_or(|error| text.get(error.span.range()).is_some()), "{text:?}");
    }
}

#[test]
fn errors_point_at_the_bytes() {
    for (text, kind, at) in [
        ("ü/[ab", PatternErrorKind::UnclosedClass, "[ab"),
        ("a[!]b]", PatternErrorKind::EmptyClass, "[!]"),
        ("a/{b,{c}", PatternErrorKind::UnclosedBrace, "{"),
        ("a}b", PatternErrorKind::UnopenedBrace, "}"),
        ("a\\", PatternErrorKind::TrailingBackslash, "\\"),
    ] {
        let pattern = Pattern::parse(text);
        let error = pattern.error().expect("malformed");
        assert_eq!((error.kind, &text[error.span.range()]), (kind, at), "{text}");
        assert_eq!(pattern.oddity().map(|oddity| oddity.kind), Some(OddityKind::Malformed));
    }
}

#[test]
fn double_stars_are_told_apart() {
    use DoubleStar::{Segments, Star, Unclear};

    let roles = |text: &str| -> Vec<DoubleStar> {
        let tokens = Pattern::parse(text).tokens().to_vec();
        tokens
            .iter()
            .filter_map(|token| if let TokenKind::DoubleStar(role) = token.kind { Some(role) } else { None })
            .collect()
    };
    assert_eq!(roles("**/a/**"), [Segments, Segments]);
    assert_eq!(roles("**.md"), [Star]);
    assert_eq!(roles("a**/b"), [Star]);
    assert_eq!(roles("{a/**,b}/c"), [Segments]);
    assert_eq!(roles("{a,b}/{**,c}"), [Segments]);
    assert_eq!(roles("a{**,b}"), [Unclear]);
    assert_eq!(roles("{a/,b}**"), [Unclear]);
    assert_eq!(roles("{a,b}**"), [Star]);
}

#[test]
fn oddities_are_found() {
    let kind = |text| Pattern::parse(text).oddity().map(|oddity| (oddity.kind, oddity.span.start));
    assert_eq!(kind("apps/{web,api}/**/*.{ts,tsx}"), None);
    assert_eq!(kind("[!_]*.md"), None);
    assert_eq!(kind("file[[]1].txt"), None);
    assert_eq!(kind("a{b}[}]"), Some((OddityKind::SyntaxInClass, 4)));
    assert_eq!(kind("{*,a}*"), Some((OddityKind::StarsMeet, 5)));
    assert_eq!(kind("a{**,b}"), Some((OddityKind::UnclearDoubleStar, 2)));
    assert_eq!(kind("docs/{**,x}"), Some((OddityKind::UnclearEnd, 4)));
    assert_eq!(kind("a**/"), Some((OddityKind::FinalDoubleStarSlash, 1)));
    assert_eq!(kind("*[!x]*b"), Some((OddityKind::SlashInClass, 1)));
}

#[test]
fn alternatives_do_not_explode() {
    let many = Pattern::parse(&"{a,b,ab}".repeat(100));
    assert!(many.is_match("ab".repeat(60).as_bytes()));
    assert!(!many.is_match("ab".repeat(49).as_bytes()));
    let deep = Pattern::parse(&format!("{}c{}", "{a,b".repeat(50_000), "}".repeat(50_000)));
    assert!(deep.is_match(b"a"));
    assert!(deep.is_match(b"bba"));
    assert!(!deep.is_match(b"bc"));
    let odd = Pattern::parse(&format!("{}x{{**,y}}", "{a,b,?}".repeat(40)));
    assert_eq!(odd.try_match("a".repeat(41).as_bytes()), Err(MatchError::TooManyAlternatives));
}

#[test]
fn bytes_that_are_not_utf8_are_single_characters() {
    let bytes = [&b"\xff"[..], b"\xe6\x97", b"a\xe6", b"\xe6\x97\xa5", "\u{FFFD}".as_bytes(), b"\xf0\x9f/\xff", b"a"];
    for text in texts(&["?", "*", "\u{FFFD}", "[\u{FFFD}]", "[!a]", "日", "{a,?}", "**/"], 3) {
        let pattern = Pattern::parse(&text);
        let set: PatternSet = [text.as_str()].into_iter().collect();
        for path in bytes {
            let answer = server::run(&text, path);
            assert_eq!(pattern.try_match(path), answer, "{text} for {path:x?}");
            assert_eq!(set.is_match(path), answer == Ok(true), "{text} for {path:x?}");
            assert!(pattern.nfa().is_none_or(|nfa| Ok(nfa.is_match(path)) == answer), "{text} for {path:x?}");
        }
    }
}

#[test]
fn the_recorded_cases_hold() {
    let mut cases = 0;
    for line in include_str!("../../testdata/globs.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [pattern, path, expected, why] = line.split('\t').collect::<Vec<_>>().try_into().expect("four columns");
        let answer = match Pattern::parse(pattern).try_match(&unescape(path)) {
            Ok(true) => "yes",
            Ok(false) => "no",
            Err(_) => "bad",
        };
        assert_eq!(answer, expected, "{pattern} for {path}: {why}");
        cases += 1;
    }
    assert!(cases > 50, "{cases} cases");
}

/// `text` with each `\xNN` as that byte.
fn unescape(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two hex digits"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}
