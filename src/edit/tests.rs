use std::fmt::Write as _;

use super::{Editor, Outline, Replacement, without_comment, written, written_list};
use crate::yaml::{Data, Dialect, Document, NodeId};

fn applied(text: &str, replacements: &[Replacement]) -> String {
    let mut out = text.to_owned();
    for replacement in replacements.iter().rev() {
        out.replace_range(replacement.span.range(), &replacement.text);
    }
    assert!(Document::parse(&out, Dialect::V4).is_ok(), "no YAML any more:\n{out}");
    out
}

/// What becomes of `text` when `edit` is made at the first scalar `at`; `None` when it cannot be.
fn edited(text: &str, at: &str, edit: impl Fn(&Editor<'_>, NodeId) -> Option<Vec<Replacement>>) -> Option<String> {
    let document = Document::parse(text, Dialect::V4).expect("it is YAML");
    let is_it = |data: &Data<'_>| matches!(data, Data::Scalar { value, .. } if value.trim_end() == at);
    let id = document.nodes().find(|(_, node)| is_it(&node.data)).expect("it is there").0;
    Some(applied(text, &edit(&Editor::new(&document, &Outline::new(&document), Dialect::V4), id)?))
}

fn rewritten(text: &str, from: &str, to: &str) -> Option<String> {
    edited(text, from, |editor, id| editor.rewrite(id, to))
}

fn removed(text: &str, at: &str) -> Option<String> {
    edited(text, at, |editor: &Editor<'_>, id| editor.remove(id))
}

/// `text` with `k: v` added to the map, or `v` to the list, that the scalar `at` is in.
fn added(text: &str, at: &str) -> Option<String> {
    edited(text, at, |editor, id| {
        let parent = editor.outline.link(id).expect("it is in something").parent;
        editor.add_entry(parent, "k", "v").or_else(|| editor.add_item(parent, "v"))
    })
}

#[test]
fn a_scalar_is_rewritten_in_its_own_style() {
    for (text, from, to, expected) in [
        ("a: ./x # c\n", "./x", "x", "a: x # c\n"),
        ("a: x", "x", "x/**", "a: x/**"),
        ("- 'src/'\n", "src/", "src/**", "- 'src/**'\n"),
        ("- \"src/\"\n", "src/", "src/**", "- \"src/**\"\n"),
        ("- [a, src/, b]\n", "src/", "src/**", "- [a, src/**, b]\n"),
        ("- &a './it''s/**' # c\n", "./it's/**", "it's/**", "- &a 'it''s/**' # c\n"),
        ("- 'x'\n", "x", "it's", "- 'it''s'\n"),
        (r#"- "\x2e/\u00e9/x""#, "./é/x", "é/x", r#"- "\u00e9/x""#),
        (r#"- "a\x2f""#, "a/", "a/**", r#"- "a\x2f**""#),
        ("- \"a\"\n", "a", "a\"\\\n", "- \"a\\\"\\\\\\n\"\n"),
        ("brach: main\n", "brach", "branch", "branch: main\n"),
        ("{brach: main}\n", "brach", "branch", "{branch: main}\n"),
        (
            "a: |\n  first\n  ./x\n  last\nb: c\n",
            "first\n./x\nlast",
            "first\nx\nlast\n",
            "a: |\n  first\n  x\n  last\nb: c\n",
        ),
        ("a: >-\n  ./x\n\nb: c\n", "./x", "x", "a: >-\n  x\n\nb: c\n"),
        ("a: >-\n  src/\n", "src/", "src/**", "a: >-\n  src/**\n"),
        ("- 'it is\n  folded'\n", "it is folded", "it was folded", "- 'it was\n  folded'\n"),
    ] {
        assert_eq!(rewritten(text, from, to).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_scalar_is_put_into_quotes_where_it_would_be_misread_plain() {
    for (text, from, to, expected) in [
        ("a: ./*.md\n", "./*.md", "*.md", "a: '*.md'\n"),
        ("a: x\n", "x", "!x", "a: '!x'\n"),
        ("a: x\n", "x", "&x", "a: '&x'\n"),
        ("a: x\n", "x", "a: b", "a: 'a: b'\n"),
        ("a: x # c\n", "x", "x #y", "a: 'x #y' # c\n"),
        ("a: x\n", "x", "x ", "a: 'x '\n"),
        ("a: x\n", "x", "", "a: ''\n"),
        ("a: x\n", "x", "true", "a: 'true'\n"),
        ("a: x\n", "x", "1.0", "a: '1.0'\n"),
        ("a: x\n", "x", "2001-01-01", "a: '2001-01-01'\n"),
        ("a: x\n", "x", "~", "a: '~'\n"),
        ("a: x\n", "x", "- y", "a: '- y'\n"),
        ("a: x\n", "x", "a,b{c}", "a: a,b{c}\n"),
        ("[x]\n", "x", "a,b{c}", "['a,b{c}']\n"),
        ("[x]\n", "x", "a\tb\nc", "[\"a\\tb\\nc\"]\n"),
        ("- 'x'\n", "x", "a\nb", "- \"a\\nb\"\n"),
        ("x: y\n", "x", "a: b", "'a: b': y\n"),
        ("a: x\n", "x", "\u{1}", "a: \"\\u0001\"\n"),
    ] {
        assert_eq!(rewritten(text, from, to).as_deref(), Some(expected), "{text} {to}");
    }
}

#[test]
fn a_scalar_that_cannot_be_rewritten_well_stays() {
    assert_eq!(rewritten("a: !!str x\n", "x", "y"), None, "the tag says how it is read");
    assert_eq!(rewritten("a: |\n  x\n", "x", "a\nb\n"), None, "a block scalar gets no new line");
    assert_eq!(rewritten("b:\n  a: |2\n      x\n", "  x", "  y\n"), None, "an indentation that is given");
}

#[test]
fn an_item_is_removed_with_its_line_or_between_its_commas() {
    for (text, at, expected) in [
        ("- a\n- b # of b\n- c\n", "b", "- a\n- c\n"),
        ("k:\n  - a # of a\n  # of b\n  - b\n", "a", "k:\n  # of b\n  - b\n"),
        ("- a\n# of b\n- b\n", "b", "- a\n# of b\n"),
        ("- a\n- b", "b", "- a"),
        ("- a\r\n- b\r\n- c\r\n", "b", "- a\r\n- c\r\n"),
        ("- a\r\n- b", "b", "- a"),
        ("- - a\n  - b\n", "a", "- - b\n"),
        ("- - a\n  - b\n", "b", "- - a\n"),
        ("- |\n  a\n- b\n", "a", "- b\n"),
        ("- b\n- |\n  a\n\n- c\n", "a", "- b\n\n- c\n"),
        ("- b\n- |-\n  a\n\n- c\n", "a", "- b\n\n- c\n"),
        ("- &x a\n- !t b\n- c\n", "b", "- &x a\n- c\n"),
        ("-\n  # about\n  a\n- b\n", "a", "- b\n"),
        ("[a, b, c]\n", "a", "[b, c]\n"),
        ("[a, b, c]\n", "b", "[a, c]\n"),
        ("[a, b, c]\n", "c", "[a, b]\n"),
        ("[ a, b, ]\n", "b", "[ a, ]\n"),
        ("[\n  a, # of a\n  b, # of b\n  c\n]\n", "b", "[\n  a, # of a\n  c\n]\n"),
        ("[\n  a,\n  b # of b\n]\n", "b", "[\n  a,\n]\n"),
        ("[a, # of a\n  b]\n", "b", "[a, # of a\n  ]\n"),
        ("[a, b,\n  c]\n", "b", "[a,\n  c]\n"),
        ("['a', \"b\"]\n", "b", "['a']\n"),
    ] {
        assert_eq!(removed(text, at).as_deref(), Some(expected), "{text}");
    }
    for text in ["- a\n", "[a]\n", "- - a\n  # of b\n  - b\n", "- - &x a\n  - b\n- *x\n", "a: {b: &x c, d: e}\nf: *x\n"]
    {
        assert_eq!(removed(text, if text.contains("&x c") { "c" } else { "a" }), None, "{text}");
    }
}

#[test]
fn an_entry_is_removed_like_an_item() {
    for (text, at, expected) in [
        ("a: 1\nb: 2 # of b\nc: 3\n", "b", "a: 1\nc: 3\n"),
        ("a: 1\nb: 2\nc: 3\n", "2", "a: 1\nc: 3\n"),
        ("a:\n  - x\n  - y\nb: 2\n", "a", "b: 2\n"),
        ("a: |\n  x\nb: 2\n", "a", "b: 2\n"),
        ("a:\nb: 2\n", "a", "b: 2\n"),
        ("- a: 1 # of a\n  b: 2\n", "a", "- b: 2\n"),
        ("- a: 1\n  b: 2\n- c\n", "b", "- a: 1\n- c\n"),
        ("{a: 1, b: 2}\n", "a", "{b: 2}\n"),
        ("{a: 1, b}\n", "b", "{a: 1}\n"),
        ("{a: , b: 2}\n", "a", "{b: 2}\n"),
        ("k:\n  a: &x 1\n  b: !t 2\n", "1", "k:\n  b: !t 2\n"),
    ] {
        assert_eq!(removed(text, at).as_deref(), Some(expected), "{text}");
    }
    for text in ["a: 1\n", "? a\n: 1\nb: 2\n", "[a: 1, b]\n"] {
        assert_eq!(removed(text, "a"), None, "{text}");
    }
}

#[test]
fn an_entry_or_item_comes_behind_the_last_one() {
    for (text, at, expected) in [
        ("a: 1\nb: 2 # of b\n", "a", "a: 1\nb: 2 # of b\nk: v\n"),
        ("a: 1", "a", "a: 1\nk: v"),
        ("a: 1\r\n", "a", "a: 1\r\nk: v\r\n"),
        ("- a: 1\n- b\n", "a", "- a: 1\n  k: v\n- b\n"),
        ("x:\n  a:\n    - b\n\ny: 1\n", "a", "x:\n  a:\n    - b\n  k: v\n\ny: 1\n"),
        ("x:\n  a: |\n    text\ny: 1\n", "a", "x:\n  a: |\n    text\n  k: v\ny: 1\n"),
        ("x:\n  a: |-\n    text\n\ny: 1\n", "a", "x:\n  a: |-\n    text\n  k: v\n\ny: 1\n"),
        ("x:\n  a:\ny: 1\n", "a", "x:\n  a:\n  k: v\ny: 1\n"),
        ("x: {a: 1}\n", "a", "x: {a: 1, k: v}\n"),
        ("x: {a: 1, }\n", "a", "x: {a: 1, k: v, }\n"),
        ("x: {a: }\n", "a", "x: {a:, k: v }\n"),
        ("x: {\n  a: 1 # c\n}\n", "a", "x: {\n  a: 1, k: v # c\n}\n"),
        ("x:\n  - a\n  - b # c\ny: 1\n", "a", "x:\n  - a\n  - b # c\n  - v\ny: 1\n"),
        ("x:\n- a\ny: 1\n", "a", "x:\n- a\n- v\ny: 1\n"),
        ("x: [a]\n", "a", "x: [a, v]\n"),
        ("x: [a,]\n", "a", "x: [a, v,]\n"),
    ] {
        assert_eq!(added(text, at).as_deref(), Some(expected), "{text}");
    }
    for text in ["a: |\n  x", "? a\n: 1\n", "[a: 1]\n"] {
        assert_eq!(added(text, "a"), None, "{text}");
    }
}

#[test]
fn a_block_list_goes_into_a_map_a_step_deeper() {
    let wrapped = |text, at| {
        edited(text, at, |editor, id| editor.wrap_block_list(editor.parent(id).expect("it is in a list"), "k", "l: m"))
    };
    let text = "x:\n  # all\n  - a # of a\n\n  # of b\n  - 'b\n    c' # of b\ny: 1\n";
    let expected = "x:\n  # all\n  k:\n    - a # of a\n\n    # of b\n    - 'b\n      c' # of b\n  l: m\ny: 1\n";
    assert_eq!(wrapped(text, "a").as_deref(), Some(expected));
    assert_eq!(wrapped("x:\r\n  - a", "a").as_deref(), Some("x:\r\n  k:\r\n    - a\r\n  l: m"));
    for text in ["x:\n- a\n", "x: [a]\n", "- - a\n", "x:\n  - |\n    a\n", "x: &y\n  - a\n"] {
        assert_eq!(wrapped(text, "a"), None, "{text}");
    }
}

#[test]
fn anchors_and_comments_come_and_go() {
    let without = |text, at| edited(text, at, |editor: &Editor<'_>, id| editor.remove_anchor(id));
    assert_eq!(without("- &x a # c\n", "a").as_deref(), Some("- a # c\n"));
    assert_eq!(without("k: &x # c\n  a\n", "a").as_deref(), Some("k: # c\n  a\n"));
    assert_eq!(without("k: &x\n  a\n", "a").as_deref(), Some("k:\n  a\n"));
    assert_eq!(without("k: a\n", "a"), None);
    let with = |text, at| {
        edited(text, at, |editor, id| {
            editor.add_anchor(editor.outline.link(id).expect("it is in something").parent, "x")
        })
    };
    assert_eq!(with("k:\n  a: 1\n", "1").as_deref(), Some("k: &x\n  a: 1\n"));
    assert_eq!(with("k: {a: 1}\n", "1").as_deref(), Some("k: &x {a: 1}\n"));
    assert_eq!(with("k: # c\n  a: 1\n", "1"), None);
    let replaced = |text: &str, at: &str| {
        edited(text, at, |editor, id| editor.replace_value(editor.parent(id).expect("it is in something"), "*x"))
    };
    let text = "y: &x {a: 2}\n";
    assert_eq!(replaced(&format!("{text}k:\n  a: 1\nz: 1\n"), "1").as_deref(), Some("y: &x {a: 2}\nk: *x\nz: 1\n"));
    assert_eq!(replaced(&format!("{text}k: {{a: 1}} # c\n"), "1").as_deref(), Some("y: &x {a: 2}\nk: *x # c\n"));
    assert_eq!(replaced(&format!("{text}k:\n  a: 1 # c\n  b: c\n"), "1"), None, "the comment would go");
    assert_eq!(replaced(&format!("{text}k:\n  a: &z 1\nl: *z\n"), "1"), None);
    let text = "# one\na: 1 # two\n  # three\nb: 2\n";
    let document = Document::parse(text, Dialect::V4).expect("it is YAML");
    let gone: Vec<String> =
        document.comments().iter().map(|&comment| applied(text, &without_comment(text, comment))).collect();
    let expected = ["a: 1 # two\n  # three\nb: 2\n", "# one\na: 1\n  # three\nb: 2\n", "# one\na: 1 # two\nb: 2\n"];
    assert_eq!(gone, expected);
}

#[test]
fn new_text_is_written_so_that_it_is_read() {
    for (value, expected) in
        [("docs/**", "docs/**"), ("**/*.md", "'**/*.md'"), ("a, b", "'a, b'"), ("1", "'1'"), ("", "''")]
    {
        assert_eq!(written(value, Dialect::V4).as_deref(), Some(expected));
    }
    assert_eq!(written_list(&["a", "*"], Dialect::V3).as_deref(), Some("[a, '*']"));
}

/// What a text says: every node in brackets, its anchor before it, but for `without`; `with` for the text of one scalar.
fn said(document: &Document<'_>, id: NodeId, without: &[NodeId], with: Option<(NodeId, &str)>, out: &mut String) {
    let node = document.node(id);
    if let Some(anchor) = node.anchor {
        out.push_str(&document.text()[anchor.range()]);
    }
    let mut children = |of: &[NodeId]| {
        for &child in of.iter().filter(|child| !without.contains(child)) {
            said(document, child, without, with, out);
        }
    };
    match &node.data {
        Data::Scalar { value, .. } => {
            let value = with.filter(|(scalar, _)| *scalar == id).map_or(value.as_ref(), |(_, value)| value);
            write!(out, "{value:?} ").expect("a string takes it");
        }
        Data::Alias(_) => out.push_str(&document.text()[node.span.range()]),
        Data::Sequence { items, .. } => {
            children(items);
            out.push(']');
        }
        Data::Mapping { pairs, .. } => {
            let flat: Vec<NodeId> = pairs.iter().flat_map(|&(key, value)| [key, value]).collect();
            children(&flat);
            out.push('}');
        }
    }
}

fn says(text: &str) -> String {
    let document = Document::parse(text, Dialect::V4).expect("it is YAML");
    let mut out = String::new();
    document.root().into_iter().for_each(|root| said(&document, root, &[], None, &mut out));
    out
}

#[test]
fn an_edit_changes_what_it_is_about_and_nothing_else() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/workflows");
    let ok = std::fs::read_dir(folder.join("ok")).expect("a folder");
    let bad = std::fs::read_dir(folder.join("bad")).expect("a folder");
    let paths = ok.chain(bad).map(|entry| entry.expect("an entry").path());
    let mut texts: Vec<String> = paths.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    texts.retain(|text| Document::parse(text, Dialect::V4).is_ok());
    texts.extend(texts.clone().iter().map(|text| text.replace('\n', "\r\n")));
    let mut made = [0; 3];
    for text in &texts {
        let document = Document::parse(text, Dialect::V4).expect("it is YAML");
        let Some(root) = document.root() else { continue };
        let outline = Outline::new(&document);
        let editor = Editor::new(&document, &outline, Dialect::V4);
        let expected = |without: &[NodeId], with| {
            let mut out = String::new();
            said(&document, root, without, with, &mut out);
            out
        };
        for (id, node) in document.nodes() {
            for value in ["x", "it's: #1", "[a]", "", " two\nlines "] {
                if let Some(edit) = editor.rewrite(id, value) {
                    made[0] += 1;
                    assert_eq!(says(&applied(text, &edit)), expected(&[], Some((id, value))), "{node:?} in\n{text}");
                }
            }
            if let Some(edit) = editor.remove(id) {
                made[1] += 1;
                let mut without = vec![id];
                if let Some(link) = editor.outline.link(id)
                    && let Data::Mapping { pairs, .. } = &document.node(link.parent).data
                {
                    without = pairs
                        .iter()
                        .filter(|(key, value)| [key, value].contains(&&id))
                        .flat_map(|&(key, value)| [key, value])
                        .collect();
                }
                assert_eq!(says(&applied(text, &edit)), expected(&without, None), "{node:?} in\n{text}");
            }
            if let Some(edit) = editor.add_item(id, "NEW").or_else(|| editor.add_entry(id, "NEW", "NEW")) {
                made[2] += 1;
                assert_eq!(says(&applied(text, &edit)).replace("\"NEW\" ", ""), says(text), "{node:?} in\n{text}");
            }
        }
    }
    assert!(made.iter().all(|&count| count > 300), "too few edits were tried: {made:?}");
}
