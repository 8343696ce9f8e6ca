//! Trees, refusals, maps and laws of whole documents.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use super::*;
use crate::yaml::ScalarStyle;

const BOTH: [Dialect; 2] = [Dialect::V3, Dialect::V4];

/// A document on one line: `[a, 'b']` as written in flow, `(a, b)` and `<a: b>` in block; `!tag`, `&anchor`, `*target` before.
fn tree(text: &str, dialect: Dialect) -> String {
    match Document::parse(text, dialect) {
        Ok(document) => document.root().map_or("nothing".to_owned(), |root| {
            let mut out = String::new();
            write(&document, root, &mut out);
            out
        }),
        Err(error) => format!("error: {error}"),
    }
}

/// Recursive: tests write no deep trees with it.
fn write(document: &Document<'_>, id: NodeId, out: &mut String) {
    let node = document.node(id);
    if let Some(anchor) = node.anchor {
        write!(out, "{} ", &document.text()[anchor.range()]).unwrap();
    }
    if let Some(tag) = &node.tag {
        write!(out, "!{} ", tag.0).unwrap();
    }
    match &node.data {
        Data::Scalar { value, style } => {
            let quote = match style {
                ScalarStyle::Plain => "",
                ScalarStyle::SingleQuoted => "'",
                ScalarStyle::DoubleQuoted => "\"",
                ScalarStyle::Literal => "|",
                ScalarStyle::Folded => ">",
            };
            write!(out, "{quote}{}{quote}", value.escape_debug()).unwrap();
        }
        Data::Alias(target) => write!(out, "*{}", target.0).unwrap(),
        Data::Sequence { items, flow } => {
            out.push(if *flow { '[' } else { '(' });
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(document, *item, out);
            }
            out.push(if *flow { ']' } else { ')' });
        }
        Data::Mapping { pairs, flow } => {
            out.push(if *flow { '{' } else { '<' });
            for (index, (key, value)) in pairs.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(document, *key, out);
                out.push_str(": ");
                write(document, *value, out);
            }
            out.push(if *flow { '}' } else { '>' });
        }
    }
}

#[test]
fn trees() {
    for (text, expected) in [
        ("", "nothing"),
        ("\n# only a comment\n", "nothing"),
        ("---\n", ""),
        ("a", "a"),
        ("\u{FEFF}a: b", "<a: b>"),
        ("a: b\nc:\n- d\n-\n- e: f\n  g: h\ni:", "<a: b, c: (d, , <e: f, g: h>), i: >"),
        ("- - a\n  - b\n-\n  c\n", "((a, b), c)"),
        ("? a\n: b\n? [c, d]\n: - e\n? f\n", "<a: b, [c, d]: (e), f: >"),
        ("a: {b: [c, 'd', \"e\"], f, g: }\nh: []", "<a: {b: [c, 'd', \"e\"], f: , g: }, h: []>"),
        ("[a: b, ? c : d, {}]", "[{a: b}, {c: d}, {}]"),
        ("{\"a\":b, 'c':[d]}", "{\"a\": b, 'c': [d]}"),
        ("a: b c\n  d\n\n\n  e  # f\n", "<a: b c d\\n\\ne>"),
        (
            "a: 'b''c\n\n  d '\nb: \"\\x41\\u00e9\\U0001F600\\n\\\n   \\  e\\\\\"",
            "<a: 'b\\'c\\nd ', b: \"Aé😀\\n  e\\\\\">",
        ),
        (
            "- |\n a\n  b\n\n- >\n a\n b\n\n c\n  d\n e\n- |-\n a\n- |+\n a\n\n- |2\n   a\n",
            "(|a\\n b\\n|, >a b\\nc\\n d\\ne\\n>, |a|, |a\\n\\n|, | a\\n|)",
        ),
        ("a: &x b\nc: *x\n<<: *x\nd: &x e\nf: *x", "<a: &x b, c: *2, <<: *2, d: &x e, f: *8>"),
        ("&a [*a]", "&a [*0]"),
        ("!!str a", "!tag:yaml.org,2002:str a"),
        (
            "- !x a\n- ! b\n- !<y> c\n- &z !!map {}\n- !w &v\n",
            "(!!x a, !! b, !y c, &z !tag:yaml.org,2002:map {}, &v !!w )",
        ),
        ("%YAML 1.1\n%TAG !e! tag:e,2000:\n--- !e!f%20g h\n", "!tag:e,2000:f g h"),
        ("a: b\r\nc: |\r\n  d\r\n", "<a: b, c: |d\\n|>"),
        ("a: 'b\u{85}c\u{2028}d'", "<a: 'b c\\u{2028}d'>"),
        ("a\n---\nb\n", "a"),
        ("a\n...\n@\n", "error: a plain scalar cannot start with `@`"),
        ("a: b\n---\n- c\n- d: e\n- @\n", "<a: b>"),
        ("a: http://x:80/#y z#\n", "<a: http://x:80/#y z#>"),
        ("{a: b}}\n", "{a: b}"),
    ] {
        for dialect in BOTH {
            assert_eq!(tree(text, dialect), expected, "{text:?} in {dialect:?}");
        }
    }
}

#[test]
fn dialects_differ() {
    let long = format!("{}: b", "ä".repeat(1024));
    for (text, v3, v4) in [
        ("a: \u{80}", "error: control characters are not allowed", "<a: \\u{80}>"),
        ("&a.b c", "error: this character cannot be in a name", "&a.b c"),
        ("!a,b c", "!!a,b c", "error: this character cannot be in a tag"),
        ("[a?b]", "error: expected `,` or `]`, found a key", "[a?b]"),
        ("[:a]", "error: expected a value, found `:`", "[:a]"),
        ("[a:, b:]", "[a:, b:]", "[{a: }, {b: }]"),
        (long.as_str(), "<", "<"),
        ("...\na", "error: expected a value, found the document marker `...`", "a"),
        ("--- |\na\n", "||", "|a\\n|"),
        ("[] a: b", "[]", "error: expected the next key, found text"),
    ] {
        for (dialect, expected) in [(Dialect::V3, v3), (Dialect::V4, v4)] {
            let found = tree(text, dialect);
            assert!(found.starts_with(expected), "{text:?} in {dialect:?}: {found}");
        }
    }
    let longer = format!("ä{long}");
    assert!(tree(&longer, Dialect::V3).starts_with("error: a `: ` cannot stand here"));
    assert!(tree(&longer, Dialect::V4).starts_with('<'));
}

#[test]
fn refusals_name_the_bytes() {
    for (text, at, message, related) in [
        ("a: [b, c\nd: e\n", ":", "expected `,` or `]`, found `:`", Some("[")),
        ("a: {b: c", "", "expected `,` or `}`, found the end of the text", Some("{")),
        ("a: [b, c}", "}", "expected `,` or `]`, found `}`", Some("[")),
        ("a: \"b\n", "\"", "this quote is never closed", None),
        ("a: 'b\n--- c'\n", "---", "found a document marker inside quotes", Some("'")),
        ("a: \"\\d\"", "\\d", "this is no escape that YAML knows", Some("\"")),
        ("a: \"\\xz\"", "\\x", "did not find enough hexadecimal digits", Some("\"")),
        ("a: \"\\uD800\"", "\\uD800", "this is no Unicode character", Some("\"")),
        ("a:\n  - b\n c: d\n", "c:", "expected the next key, found a mapping that is indented deeper", Some("a")),
        ("- a\nb: c\n", "b:", "expected the `- ` of the next item, found a key", Some("-")),
        ("a: b: c\n", ":", "a `: ` cannot stand here: no key can end before it", None),
        ("a: b\nc\nd: e\n", "c", "could not find the `:` of this key", None),
        ("a:\n\tb: c\n", "\t", "found a tab where only spaces may indent", None),
        ("a: b\n\tc\n", "\t", "found a tab where only spaces may indent", Some("b")),
        ("a: |x\n", "x", "only a comment can follow the header of a block scalar", Some("|")),
        ("a: |0\n", "0", "a block scalar cannot be indented by 0", Some("|")),
        ("a: *b\n", "*b", "no anchor `&b` stands before this alias", None),
        ("a: - b\n", "-", "a list item cannot start here", None),
        ("a: ? b\n", "?", "a `? ` key cannot start here", None),
        ("a: & b\n", " ", "did not find the name of an anchor", None),
        ("!e!a b\n", "!e!a", "no `%TAG` directive says what `!e!` stands for", None),
        ("%YAML 1.2\n---\n", "%YAML 1.2", "YAML 1.2 is not supported", None),
        ("%FOO x\n---\n", "%FOO x", "only `%YAML` and `%TAG` are known directives", None),
        ("%TAG ! a\n%TAG ! b\n---\n", "%TAG ! b", "a second `%TAG` directive for `!`", None),
        ("a: b\u{1}c", "\u{1}", "control characters are not allowed", None),
    ] {
        for dialect in BOTH {
            let error = Document::parse(text, dialect).unwrap_err();
            assert_eq!(error.message, message, "{text:?} in {dialect:?}");
            assert_eq!(&text[error.span.range()], at, "{text:?}: {error:?}");
            assert_eq!(error.related.map(|(span, _)| &text[span.range()]), related, "{text:?}: {error:?}");
        }
    }
}

#[test]
fn control_characters_matter_as_far_as_the_library_reads() {
    let tail = "- x\n".repeat(200);
    for dialect in BOTH {
        assert!(Document::parse(&format!("a\n---\n{tail}\u{1}"), dialect).is_ok());
        assert!(Document::parse("a\n---\n- x\n- x\n\u{1}", dialect).is_err());
    }
}

#[test]
fn spans_are_the_bytes_of_the_content() {
    let text = "a: &x !t 'b'  # c\nd:\n  - e f\n  - [g, {h: i}]\nj: |+\n  k\n\n\nl: >-\n  m\n\nn:\n";
    let document = Document::parse(text, Dialect::V4).unwrap();
    let spans: Vec<&str> = document.nodes().map(|(_, node)| &text[node.span.range()]).collect();
    let expected = [
        text.trim_end(),
        "a",
        "'b'",
        "d",
        "- e f\n  - [g, {h: i}]",
        "e f",
        "[g, {h: i}]",
        "g",
        "{h: i}",
        "h",
        "i",
        "j",
        "|+\n  k\n\n\n",
        "l",
        ">-\n  m",
        "n",
        "",
    ];
    assert_eq!(spans, expected);
    let tagged = document.node(NodeId(2));
    assert_eq!(tagged.anchor.map(|span| &text[span.range()]), Some("&x"));
    assert_eq!(tagged.tag.as_ref().map(|tag| (&*tag.0, &text[tag.1.range()])), Some(("!t", "!t")));
}

#[test]
fn comments_are_those_of_the_document() {
    let text =
        "# a\nb: 'c # no' # d\n- # e\n".replace("- # e", "f: | # g\n  # no\n  #no\n# h\t\n\t# i") + "...\n# after\n";
    let document = Document::parse(&text, Dialect::V4).unwrap();
    let comments: Vec<&str> = document.comments().iter().map(|span| &text[span.range()]).collect();
    assert_eq!(comments, ["# a", "# d", "# g", "# h\t", "# i"]);
}

#[test]
fn values_map_to_their_bytes() {
    // The value, a part of it, and the bytes that part came from.
    for (text, value, part, source) in [
        ("abc", "abc", "b", "b"),
        ("'a''b'", "a'b", "'", "''"),
        ("\"a\\tb\"", "a\tb", "\t", "\\t"),
        ("\"a\\u00e9b\"", "aéb", "éb", "\\u00e9b"),
        ("a\n  b", "a b", " b", "\n  b"),
        ("a\n\n  b", "a\nb", "\n", "\n"),
        ("'a\\\n b'", "a\\ b", "b", "b"),
        ("\"a\\\n  b\"", "ab", "b", "b"),
        ("|\n  a\n  b\n", "a\nb\n", "b\n", "b\n"),
        ("|\n  a\n  b\n", "a\nb\n", "a\nb", "a\n  b"),
        (">\n  a\n  b\n", "a b\n", " ", "\n"),
        ("|\r\n  a\r\n", "a\n", "\n", "\r\n"),
    ] {
        let document = Document::parse(text, Dialect::V4).unwrap();
        let root = document.root().unwrap();
        let Data::Scalar { value: found, .. } = &document.node(root).data else { panic!("{text:?} is no scalar") };
        assert_eq!(found, value, "{text:?}");
        let start = value.find(part).unwrap();
        let span = document.value_map(root).to_source(Span::from(start..start + part.len()));
        assert_eq!(&text[span.range()], source, "{text:?}");
    }
}

#[test]
fn an_alias_maps_as_its_target() {
    let document = Document::parse("- &a 'b''c'\n- *a\n- []\n", Dialect::V4).unwrap();
    let Data::Sequence { items, .. } = &document.node(document.root().unwrap()).data else { panic!() };
    assert_eq!(document.value_map(items[1]), document.value_map(items[0]));
    assert_eq!(document.value_map(items[1]).len(), 3);
    assert!(document.value_map(items[2]).is_empty());
}

/// What holds of every document: spans nest and are ordered, a value's map has its length and stays inside the scalar.
fn assert_laws(document: &Document<'_>) {
    let text = document.text();
    let start = |id: NodeId| {
        let node = document.node(id);
        let properties = node.anchor.into_iter().chain(node.tag.as_ref().map(|tag| tag.1));
        properties.fold(node.span.start, |start, span| start.min(span.start))
    };
    for (id, node) in document.nodes() {
        assert!(text.get(node.span.range()).is_some(), "{node:?} in {text:?}");
        let children: Vec<NodeId> = match &node.data {
            Data::Sequence { items, .. } => items.clone(),
            Data::Mapping { pairs, .. } => pairs.iter().flat_map(|&(key, value)| [key, value]).collect(),
            Data::Alias(target) => {
                assert!(document.node(*target).anchor.is_some());
                continue;
            }
            Data::Scalar { value, .. } => {
                let map = document.value_map(id);
                assert_eq!(map.len() as usize, value.len(), "{node:?} in {text:?}");
                assert!(node.span.contains(map.to_source(Span::new(0, map.len()))), "{node:?} in {text:?}");
                continue;
            }
        };
        let mut end = node.span.start;
        for child in children {
            assert!(child > id && end <= start(child), "{child:?} of {node:?} in {text:?}");
            end = document.node(child).span.end;
        }
        assert!(end <= node.span.end, "{node:?} in {text:?}");
    }
    assert!(document.comments().is_sorted_by_key(|comment| comment.start));
    assert!(document.comments().iter().all(|comment| text[comment.range()].starts_with('#')));
}

fn assert_laws_of(text: &str) {
    for dialect in BOTH {
        match Document::parse(text, dialect) {
            Ok(document) => assert_laws(&document),
            Err(error) => {
                assert!(text.get(error.span.range()).is_some(), "{error:?} of {text:?}");
                assert!(
                    error.related.is_none_or(|(span, _)| text.get(span.range()).is_some()),
                    "{error:?} of {text:?}"
                );
            }
        }
    }
}

#[test]
fn laws_hold_of_samples_cut_anywhere() {
    let workflow = "# build\nwhen: &w\n  - event: [push, {x: \"y\\n\\\n  z\"}]\n    path: 'a''b\n\n      c'\nsteps:\n- name: ü!\n  image: !!str >-2\n     \
                    folded\n\n    text\n\n  commands: |+\n    a: b # no\n\n\n    c\n\n  ? [k, {l: m}]\n  : *w\n  <<: &x.y {a: , b: [c: d]}\n...\n";
    let directives = "%YAML 1.1 # c\n%TAG !e! tag:e,%41:\n--- !e!a%20b &a\n- !<x,y> plain\n  goes on\t# c\n- \"\\U0001F600\u{85} \u{2028}\"\r\n- \
                      \u{FEFF}x\r- '\t'\n--- |\nb\u{1}\n";
    for sample in [workflow, directives] {
        assert!(Document::parse(workflow, Dialect::V4).is_ok());
        for cut in (0..=sample.len()).filter(|&cut| sample.is_char_boundary(cut)) {
            assert_laws_of(&sample[..cut]);
            assert_laws_of(&sample[cut..]);
        }
    }
}

#[test]
fn laws_hold_of_all_short_texts() {
    const TOKENS: [&str; 18] =
        ["a", " ", "\n", ":", "- ", "? ", ",", "[", "]", "{", "}", "'", "\"", "#", "&x ", "*x", "!", "|"];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        texts = texts.iter().flat_map(|text| TOKENS.map(|token| format!("{text}{token}"))).collect();
        for text in &texts {
            assert_laws_of(text);
        }
    }
}

#[test]
fn depth_costs_no_stack() {
    let parse = |text: &str| {
        Document::parse(text, Dialect::V4).map(|document| document.nodes().len()).map_err(|error| error.message)
    };
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let small = std::thread::Builder::new().stack_size(256 << 10);
    let run = move || {
        assert_eq!(parse(&deep(10_000)), Ok(10_000));
        assert_eq!(parse(&deep(10_001)), Err("brackets are nested deeper than 10000 levels".into()));
        assert_eq!(parse(&"- ".repeat(10_000)), Ok(10_001));
        assert_eq!(parse(&"- ".repeat(10_001)), Err("blocks are nested deeper than 10000 levels".into()));
        assert_eq!(parse(&"[a: ".repeat(10_001)), Err("brackets are nested deeper than 10000 levels".into()));
    };
    small.spawn(run).unwrap().join().unwrap();
}

#[test]
fn size_is_bounded() {
    let refused = |text: &str| Document::parse(text, Dialect::V4).unwrap_err().message;
    assert_eq!(refused(&" ".repeat(crate::source::MAX_LEN + 1)), "the text is longer than 16777216 bytes");
    assert_eq!(refused(&"-\n".repeat((1 << 20) + 1)), "the document has more than 1048576 nodes");
    let long = format!("%TAG ! {}\n---\n{}", "x".repeat(1 << 20), "- !a b\n".repeat(16));
    assert_eq!(refused(&long), "the tags stand for more than 16777216 bytes");
}

/// Each of these takes quadratic time in a parser that looks back, or ahead, once too often: at this size, minutes.
#[test]
fn hostile_texts_take_linear_time() {
    let many = 200_000;
    let lines = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<Vec<_>>().concat();
    for text in [
        format!("a: [{}", "[],".repeat(many)),
        format!("{}{}", "{a: ".repeat(9_000), "}".repeat(9_000)),
        format!("{}{}", "[".repeat(9_000), "]: b}".repeat(9_000)),
        format!("- {}", "a b ".repeat(many)),
        "# c\n".repeat(many),
        "\t\n".repeat(many),
        format!("a: |\n{}", " \n".repeat(many)),
        format!("a: '{}'", "\n".repeat(many)),
        lines(many / 2, |name| format!("- &a{name} *a{name}\n")),
        lines(many / 2, |name| format!("- &a{name} b\n- *a{name}\n")),
        lines(many / 4, |name| format!("%TAG !a{name}! b\n")),
        "\u{1}".repeat(many),
        "é ? ".repeat(many),
    ] {
        for dialect in BOTH {
            let _ = Document::parse(&text, dialect);
        }
    }
}
