#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use super::*;
use crate::yaml::{Decoder, ValueData};

/// The strings of the list `x` of a map, or what is wrong.
fn merged(text: &str, dialect: Dialect) -> Result<Vec<String>, DecodeErrorKind> {
    let document = Document::parse(text, dialect).unwrap();
    let mut decoder = Decoder::new(&document, dialect).map_err(|error| error.kind)?;
    let value = decoder.value(document.root().unwrap()).unwrap().unwrap();
    let ValueData::Map(map) = value.data else { unreachable!("`{text}` is no map") };
    let Some(ValueData::List(items)) = map.get("x").map(|value| &value.data) else { unreachable!("`x` is no list") };
    Ok(items.iter().map(|item| item.as_str().unwrap_or("?").to_owned()).collect())
}

fn fault(text: &str) -> DecodeErrorKind {
    merged(text, Dialect::V4).unwrap_err()
}

#[test]
fn lists_are_merged_in_place() {
    for (text, expected) in [
        ("l: &l [a, b]\nx: [<<: *l, c]", vec!["a", "b", "c"]),
        ("l: &l [a, b]\nx: [c, <<: *l]", vec!["c", "a", "b"]),
        ("l: &l [a]\nm: &m [b]\nx: [<<: [*l, *m], c, <<: *l]", vec!["a", "b", "c", "a"]),
        ("l: &l []\nx: [c, <<: *l, d]", vec!["c", "d"]),
    ] {
        for dialect in [Dialect::V3, Dialect::V4] {
            assert_eq!(merged(text, dialect).unwrap(), expected, "{text}");
        }
    }
}

#[test]
fn merged_items_know_their_alias() {
    let text = "l: &l [a]\nx: [<<: *l, b]";
    let document = Document::parse(text, Dialect::V4).unwrap();
    let merges = SequenceMerges::of(&document, Dialect::V4).unwrap();
    let decoder = Decoder::new(&document, Dialect::V4).unwrap();
    let (_, list) = *decoder.pairs(document.root().unwrap()).unwrap().last().unwrap();
    let [first, second] = merges.get(list).unwrap() else { unreachable!("two items") };
    assert_eq!(first.via.map(|alias| &text[document.node(alias).span.range()]), Some("*l"));
    assert_eq!(second.via, None);
    assert_eq!(decoder.elements(list).unwrap().collect::<Vec<_>>(), [(first.node, first.via), (second.node, None)]);
}

#[test]
fn what_is_no_list_of_aliases_is_refused() {
    use SequenceMergeFault::*;
    for (text, expected) in [
        ("m: &m {a: b}\nx: [<<: *m]", NotAList),
        ("x: [<<: {a: b}]", NotAnAlias),
        ("x: [<<: a]", NotAnAlias),
        ("x: [<<: [a]]", NotAnAliasInList),
        ("m: &m {a: b}\nx: [<<: [*m]]", NotAListInList),
    ] {
        assert_eq!(fault(text), DecodeErrorKind::SequenceMerge(expected), "{text}");
    }
}

#[test]
fn a_marker_is_a_map_with_a_single_plain_key() {
    for text in ["l: &l {a: b}\nx: [{<<: *l, c: d}]", "x: ['<<': [a]]"] {
        assert_eq!(merged(text, Dialect::V4).unwrap(), ["?"], "{text}");
    }
}

#[test]
fn markers_of_a_list_merged_further_down_stay() {
    // `x` comes first in the walk, with the items of `m` as they are written.
    let text = "l: &l [a]\nm: &m [<<: *l]\nx: [<<: *m]";
    let document = Document::parse(text, Dialect::V3).unwrap();
    let mut decoder = Decoder::new(&document, Dialect::V3).unwrap();
    assert!(decoder.value(document.root().unwrap()).is_err());
    assert_eq!(decoder.take_errors().pop().unwrap().kind, DecodeErrorKind::BadMerge);
    // In a list, the first comes first.
    let text = "x: [&l [a], &m [<<: *l], <<: *m]";
    assert_eq!(merged(text, Dialect::V3).unwrap(), ["?", "?", "a"]);
}

#[test]
fn an_empty_list_in_the_first_place_leaves_the_marker() {
    let text = "l: &l []\nx: [<<: *l, a]";
    let document = Document::parse(text, Dialect::V4).unwrap();
    assert_eq!(SequenceMerges::of(&document, Dialect::V4).unwrap().lists.len(), 0);
}

#[test]
fn depth_is_limited_everywhere_but_behind_aliases() {
    for (dialect, limit) in [(Dialect::V3, 10), (Dialect::V4, 15)] {
        let nested = |levels: usize| format!("{}a{}", "[".repeat(levels), "]".repeat(levels));
        let depth = |levels| {
            let text = nested(levels);
            let document = Document::parse(&text, dialect).unwrap();
            SequenceMerges::of(&document, dialect).map(drop).map_err(|error| error.kind)
        };
        assert_eq!(depth(limit - 2), Ok(()));
        assert_eq!(depth(limit - 1), Err(DecodeErrorKind::TooDeep { limit: limit as u32 - 1 }));
        let text = format!("a: &a {}\nx: [*a]", nested(limit - 3));
        let document = Document::parse(&text, dialect).unwrap();
        assert!(SequenceMerges::of(&document, dialect).is_ok());
    }
}

#[test]
fn lists_that_multiply_are_bounded() {
    let mut text = "- &l0 [a, a, a, a, a, a, a, a]\n".to_owned();
    for level in 1..12 {
        let markers = vec![format!("<<: *l{}", level - 1); 8].join(", ");
        writeln!(text, "- &l{level} [{markers}]").unwrap();
    }
    let document = Document::parse(&text, Dialect::V4).unwrap();
    let error = SequenceMerges::of(&document, Dialect::V4).unwrap_err();
    assert_eq!(error.kind, DecodeErrorKind::TooLarge { limit: MAX_MERGED_ITEMS });
}

#[test]
fn a_list_merged_into_its_own_item_is_no_endless_walk() {
    let text = "x: &x [a, {k: [<<: *x]}]";
    let document = Document::parse(text, Dialect::V4).unwrap();
    let mut decoder = Decoder::new(&document, Dialect::V4).unwrap();
    let root = document.root().unwrap();
    assert!(decoder.is_self_contained(root));
    assert!(decoder.value(root).is_err());
    assert!(matches!(decoder.take_errors().pop().unwrap().kind, DecodeErrorKind::TooDeep { .. }));
}
