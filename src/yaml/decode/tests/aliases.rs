//! Aliases: errors that name them, cycles, and documents that are mostly aliases.

use super::*;

#[test]
fn errors_name_the_aliases_that_led_there() {
    let text = "a: &a {b: [1, !!int z]}\nx: {c: *a}";
    let document = Document::parse(text, Dialect::V3).unwrap();
    let mut decoder = Decoder::new(&document, Dialect::V3).unwrap();
    let (_, value) = *decoder.pairs(document.root().unwrap()).unwrap().last().unwrap();
    assert!(decoder.value(value).is_err());
    let [error] = decoder.errors() else { unreachable!("one error") };
    assert_eq!(&text[error.span.range()], "z");
    assert_eq!(error.via.iter().map(|via| &text[via.range()]).collect::<Vec<_>>(), ["*a"]);
    assert!(decoder.trail().is_empty());
}

#[test]
fn a_value_that_leaves_its_part_of_the_document_is_not_self_contained() {
    let text = "a: &a 1\nb: [*a]\nc: [&c 2, *c]";
    let document = Document::parse(text, Dialect::V3).unwrap();
    let decoder = Decoder::new(&document, Dialect::V3).unwrap();
    let values = decoder.pairs(document.root().unwrap()).unwrap().iter().map(|&(_, value)| value);
    assert_eq!(values.map(|value| decoder.is_self_contained(value)).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn cycles_end() {
    for dialect in BOTH {
        for text in ["x: &x [*x]", "x: &x {a: *x}", "x: &x {<<: *x}"] {
            assert_eq!(any(text, dialect).unwrap_err(), "this alias stands inside of what it stands for", "`{text}`");
        }
    }
}

#[test]
fn aliases_that_multiply_end() {
    let mut text = "a0: &a0 [a, a, a, a, a, a, a, a, a, a]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    text.push_str("x: *a8\n");
    for dialect in BOTH {
        assert_eq!(any(&text, dialect).unwrap_err(), "nearly all of the document comes out of aliases");
    }
}

#[test]
fn a_large_list_behind_an_alias_is_excessive() {
    // Over 99 % of what is decoded comes out of the alias, once there are more than 1,000 nodes.
    let list = |items: usize| format!("y: &y [{}]\nx: *y", vec!["a"; items].join(", "));
    assert!(any(&list(990), Dialect::V4).is_ok());
    assert_eq!(any(&list(1000), Dialect::V4).unwrap_err(), "nearly all of the document comes out of aliases");
}

#[test]
fn what_many_decode_calls_read_through_aliases_is_bounded() {
    let text = format!("- &list [{}]\n- *list\n", "a, ".repeat(1000));
    for dialect in BOTH {
        let document = Document::parse(&text, dialect).unwrap();
        let mut decoder = Decoder::new(&document, dialect).unwrap();
        let Data::Sequence { items, .. } = &document.node(document.root().unwrap()).data else {
            unreachable!("a list")
        };
        let (list, alias) = (items[0], items[1]);
        // Each call starts with enough that is no alias not to be excessive by itself.
        let mut read = || {
            decoder.separate(|decoder| {
                decoder.strings(list)?;
                decoder.strings(alias)
            })
        };
        let calls = MAX_ALIASED as usize / 1001;
        assert!((0..calls).all(|_| read().is_ok_and(|list| list.is_some())));
        assert!(!read().is_ok_and(|list| list.is_some()));
        let errors = decoder.take_errors();
        assert_eq!(errors[0].kind, DecodeErrorKind::TooLarge { limit: MAX_ALIASED as usize });
    }
}

#[test]
fn chains_of_aliases_are_bounded() {
    let mut text = "a0: &a0 [a]\n".to_owned();
    for level in 1..1000 {
        writeln!(text, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    text.push_str("x: *a999\n");
    assert_eq!(any(&text, Dialect::V4).unwrap_err(), format!("nested more than {MAX_NESTING} levels deep"));
}
