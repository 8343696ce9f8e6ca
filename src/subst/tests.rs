use std::collections::BTreeMap;

use super::*;
use crate::source::{MAX_LEN, Span};

type Map = BTreeMap<String, String>;

fn env(pairs: &[(&str, &str)]) -> Map {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The environment of most tests.
fn usual() -> Map {
    env(&[("V", "a/b/c.tar.gz"), ("E", ""), ("U", "ünï"), ("N", "one\ntwo \"x\""), ("W", "b")])
}

#[track_caller]
fn assert_text(text: &str, expected: &str) {
    let substituted = substitute(text, &usual()).expect("substitutes");
    assert_eq!(substituted.text, expected, "{text}");
    assert_pieces(text, &substituted);
}

/// Each byte of the result that maps to one byte of the raw text is that byte, and no byte comes from nowhere.
fn assert_pieces(text: &str, substituted: &Substituted<'_>) {
    assert_eq!(substituted.map.len() as usize, substituted.text.len(), "{text}");
    for (at, byte) in substituted.text.bytes().enumerate() {
        let source = substituted.map.to_source((at..at + 1).into());
        let came_from = text.as_bytes().get(source.range()).expect("inside the text");
        assert!(came_from.len() > 1 || came_from == [byte], "byte {at} of the result of {text:?} maps to {source:?}");
    }
}

#[track_caller]
fn assert_refused(text: &str, kind: SubstErrorKind, blamed: &str) {
    let error = substitute(text, &usual()).expect_err("is refused");
    assert_eq!(error.kind, kind, "{text}");
    assert_eq!(&text[error.span.range()], blamed, "{text}");
    assert!(error.expansion.contains(error.span), "{text}");
}

#[test]
fn values_and_defaults() {
    assert_text("x-${V}-$V-${NOPE}", "x-a/b/c.tar.gz-$V-");
    for operator in ["=", ":=", ":-", ":?", ":+"] {
        assert_text(&format!("${{NOPE{operator}d}}${{E{operator}d}}${{W{operator}d}}"), "ddb");
    }
    assert_text("${NOPE:-a b${NOPE:-${W}}=$c}", "a bb=$c");
    assert_text("${NOPE:-}|${E=}", "|");
}

#[test]
fn a_default_ends_at_the_first_brace() {
    assert_text("${NOPE:-{a}}", "{a}");
    assert_text("${NOPE:-\\}}", "\\}");
}

#[test]
fn lengths_case_and_substrings() {
    assert_text("${#U} ${#NOPE}", "5 0");
    assert_text("${U^} ${U^^} ${V,} ${U^,}", "Ünï ÜNÏ a/b/c.tar.gz ünï");
    assert_text("${V:2} ${V:-2} ${V:2:3} ${V:2::3} ${V:x}", "b/c.tar.gz a/b/c.tar.gz b/c b/c a/b/c.tar.gz");
    assert_text("${V:${#W}:3}", "/b/");
}

#[test]
fn trims_and_replacements() {
    assert_text("${V#*/} ${V##*/} ${V%.*} ${V%%.*}", "b/c.tar.gz c.tar.gz a/b/c.tar a/b/c");
    assert_text("${V/\\//-} ${V//\\//} ${V/#a/z} ${V/%gz/xz}", "a-b/c.tar.gz abc.tar.gz z/b/c.tar.gz a/b/c.tar.xz");
    assert_text("${V/#a/}", "a/b/c.tar.gz");
    assert_text("${V//${W}///x$$y\\}", "a/x$y\\/c.tar.gz");
    assert_text("${V###}", "a/b/c.tar.gz");
}

#[test]
fn the_pattern_of_a_replacement_crosses_braces() {
    assert_text("${V/a} and /x}", "a/b/c.tar.gz");
    assert_text("${V/${W}/x} and }", "a/x/c.tar.gz and }");
}

#[test]
fn a_value_with_a_line_break_is_quoted_before_the_operator_sees_it() {
    assert_text("${N}", r#""one\ntwo \"x\"""#);
    assert_text("${N:0:4} ${#N}", r#""one 16"#);
}

#[test]
fn escapes_lose_their_first_byte() {
    assert_text(r"a\\b\/c\d$$e$f\\", r"a\b/c\d$e$f\");
    assert_text(r"$${V} $$${W} \${W} \\${W}", r"${V} $b \b \b");
}

#[test]
fn a_nul_ends_the_text() {
    let template = Template::parse("a${W}\0${").expect("reads no further");
    assert_eq!(template.dropped_tail(), Some(Span::new(5, 8)));
    let substituted = template.render(&usual()).expect("renders");
    assert_eq!(substituted.text, "ab");
    assert_eq!(substituted.map.to_source(Span::new(0, 2)), Span::new(0, 5));
    assert_eq!(Template::parse("\0a").expect("parses").dropped_tail(), Some(Span::new(0, 2)));
    assert_refused("${V\0}", SubstErrorKind::Unclosed, "${");
}

#[test]
fn a_character_cut_in_half_is_reported() {
    let substituted = substitute("x ${U:1:2} ${W}", &usual()).expect("substitutes");
    assert_eq!(substituted.text, "x \u{FFFD}n b");
    assert_eq!(substituted.broken, Some(Span::new(2, 10)));
    assert_eq!(substituted.map.to_source(Span::new(5, 7)), Span::new(2, 11), "`n` and a blank");
    let read = substituted.reads[1];
    assert_eq!(&substituted.text[read.output.range()], "b");

    let mended = substitute("${U:0:1}${U:1:1}", &usual()).expect("substitutes");
    assert_eq!((mended.text.as_ref(), mended.broken), ("ü", None));
}

#[test]
fn malformed_expansions_blame_their_bytes() {
    use SubstErrorKind as Kind;
    assert_refused("a ${}", Kind::NoName, "}");
    assert_refused("${ V }", Kind::NoName, " ");
    assert_refused("${#}", Kind::NoName, "}");
    assert_refused("${V-d}", Kind::UnknownOperator('-'), "-");
    assert_refused("${Vé}€${V€}", Kind::UnknownOperator('€'), "€");
    assert_refused("a ${V", Kind::Unclosed, "${");
    assert_refused("${", Kind::Unclosed, "${");
    assert_refused("${V:-${W}", Kind::Unclosed, "${");
    assert_refused("${V#}", Kind::NoArgument, "}");
    assert_refused("${V::1}", Kind::NoArgument, ":");
    assert_refused("${V///x}", Kind::NoArgument, "/");
    assert_refused("${V#a${W}}", Kind::MixedArgument, "$");
    assert_refused("${V#${W}a}", Kind::MixedArgument, "a");
    assert_refused("${V:1${W}}", Kind::MixedArgument, "$");
    assert_refused("${V/a} ${W}", Kind::NoReplacement, "$");
    assert_refused("${V/a}", Kind::NoReplacement, "");
    assert_refused("${V:é}", Kind::NotAsciiOffset, "é");
    assert_refused("${V^^^}", Kind::NotClosed, "^");
    assert_refused("${#V:1}", Kind::NotClosed, ":");
    assert_refused("a${V:2:-1}", Kind::LengthBeforeOffset, "${V:2:-1}");
}

#[test]
fn a_default_that_does_not_step_in_can_still_crash_the_server() {
    assert_refused("${W:-${V:2:-1}}", SubstErrorKind::LengthBeforeOffset, "${V:2:-1}");
    let substituted = substitute("${W:-${V:2:1}${NOPE}}", &usual()).expect("substitutes");
    assert_eq!(substituted.text, "b");
    assert_eq!(substituted.reads.len(), 1, "the default is not read");
}

#[test]
fn the_literal_text_of_a_default_maps_to_its_own_bytes() {
    let text = "branch: ${NOPE:-rel-${E:-x}*} #";
    let substituted = substitute(text, &usual()).expect("substitutes");
    assert_eq!(substituted.text, "branch: rel-x* #");
    let source = |part: &str| {
        let at = substituted.text.find(part).expect("is there");
        &text[substituted.map.to_source((at..at + part.len()).into()).range()]
    };
    assert_eq!(source("rel"), "rel");
    assert_eq!(source("x"), "x");
    assert_eq!(source("*"), "*");
    assert_eq!(source("-x*"), "-${E:-x}*");
}

#[test]
fn escapes_and_values_map_as_a_whole() {
    let text = r"p: '\\*${W}$$'";
    let substituted = substitute(text, &usual()).expect("substitutes");
    assert_eq!(substituted.text, r"p: '\*b$'");
    let source = |start, end| &text[substituted.map.to_source(Span::new(start, end)).range()];
    assert_eq!(source(4, 5), r"\\");
    assert_eq!(source(5, 6), "*");
    assert_eq!(source(6, 7), "${W}");
    assert_eq!(source(7, 8), "$$");
    assert_eq!(source(4, 6), r"\\*");
}

/// Knows `W`, has a value for `CI_PIPELINE_NUMBER` that is not known here, and nothing else.
struct Predicting;

impl Env for Predicting {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        match name {
            "W" => Lookup::Known("b".into()),
            "CI_PIPELINE_NUMBER" => Lookup::Unknown("1"),
            _ => Lookup::Missing,
        }
    }
}

#[test]
fn reads_say_what_was_known_and_what_hangs_on_it() {
    let text = "${W}-${NOPE:-n${CI_PIPELINE_NUMBER}}-${W/${NOPE}x/y}";
    assert!(Template::parse(text).is_err(), "text and `${{…}}` in a pattern");
    let text = "${W}-${NOPE:-n${CI_PIPELINE_NUMBER}}-${W/${CI_PIPELINE_NUMBER}/y}";
    let substituted = substitute(text, &Predicting).expect("substitutes");
    assert_eq!(substituted.text, "b-n1-b");
    let reads: Vec<_> =
        substituted.reads.iter().map(|read| (read.name, read.state, &substituted.text[read.output.range()])).collect();
    assert_eq!(
        reads,
        [
            ("W", ReadState::Known, "b"),
            ("NOPE", ReadState::Missing, "n1"),
            ("CI_PIPELINE_NUMBER", ReadState::Unknown, "1"),
            ("W", ReadState::Known, "b"),
            ("CI_PIPELINE_NUMBER", ReadState::Unknown, "b"),
        ]
    );
    assert!(substituted.reads.iter().all(|read| &text[read.name_span.range()] == read.name));
}

#[test]
fn a_template_tells_its_variables_and_escapes() {
    let text = r"a\/b ${A:-${B^^}} $$x \\ ${#C}";
    let template = Template::parse(text).expect("parses");
    let variables: Vec<_> = template.variables().map(|found| (found.name, found.operator, found.nested)).collect();
    assert_eq!(variables, [("A", ":-", false), ("B", "^^", true), ("C", "#", false)]);
    let spans: Vec<_> = template.variables().map(|found| &text[found.span.range()]).collect();
    assert_eq!(spans, ["${A:-${B^^}}", "${B^^}", "${#C}"]);
    assert_eq!(template.escapes().map(|escape| escape.kept).collect::<String>(), "/$\\");
    let eaten: Vec<_> = template.eaten_backslashes().map(|span| &text[span.range()]).collect();
    assert_eq!(eaten, [r"\/", r"\\"]);
}

#[test]
fn plain_text_is_borrowed() {
    for text in ["", "a $V \\d {}", "steps:\n  - image: x$\n\\"] {
        let substituted = substitute(text, &usual()).expect("substitutes");
        assert!(matches!(substituted.text, std::borrow::Cow::Borrowed(same) if same == text));
        assert_eq!(substituted.map.to_source(Span::new(0, text.len() as u32)), Span::new(0, text.len() as u32));
    }
}

#[test]
fn bounds_are_errors() {
    use SubstErrorKind as Kind;
    let refusal = |text: &str, env: &Map| substitute(text, env).expect_err("is refused").kind;
    let nested = |depth: usize| "${A:-".repeat(depth) + &"}".repeat(depth);
    assert!(substitute(&nested(MAX_DEPTH), &usual()).is_ok());
    assert_eq!(refusal(&nested(MAX_DEPTH + 1), &usual()), Kind::TooDeep);
    assert_eq!(refusal(&nested(200_000), &usual()), Kind::TooDeep);
    assert_eq!(refusal(&"${A}".repeat(MAX_EXPANSIONS + 1), &usual()), Kind::TooMany);
    assert_eq!(refusal(&" ".repeat(MAX_LEN + 1), &usual()), Kind::TextTooLong);

    let long = env(&[("L", &"x".repeat(MAX_LEN / 8)), ("A", "x")]);
    assert_eq!(refusal(&"${L}".repeat(9), &long), Kind::ResultTooLong);
    assert_eq!(refusal("${L//x/0123456789}", &long), Kind::ResultTooLong);
    assert_eq!(refusal(&"${#L}".repeat(1000), &long), Kind::TooMuchWork);
}

#[test]
fn hard_patterns_end_soon() {
    let hard = env(&[("L", &"a".repeat(5_000)), ("P", &("a*".repeat(20) + "b")), ("Q", &("*a".repeat(20) + "[b"))]);
    let len = |text: &str| substitute(text, &hard).map(|done| done.text.len());
    assert_eq!(len("${L%%*b}${L#*/}${L##b*}${L##${P}}"), Ok(20_000));
    assert_eq!(len("${L##${Q}}${L#${Q}}"), Ok(10_000));
}

/// Every text of up to four of these tokens: no panic, spans inside the text, and the law of the map.
#[test]
fn all_short_texts_keep_the_law() {
    const TOKENS: [&str; 12] = ["${", "}", "$", "\\", "/", "U", "é", ":", "-", "#", "*", "1"];
    let env = usual();
    let mut text = String::new();
    for number in 0..TOKENS.len().pow(4) {
        text.clear();
        let mut rest = number;
        while rest > 0 {
            text.push_str(TOKENS[rest % TOKENS.len()]);
            rest /= TOKENS.len();
        }
        match substitute(&text, &env) {
            Ok(substituted) => assert_pieces(&text, &substituted),
            Err(error) => {
                assert!(
                    text.get(error.span.range()).is_some() && text.get(error.expansion.range()).is_some(),
                    "{text}"
                );
            }
        }
    }
}
