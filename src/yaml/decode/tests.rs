#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of `Decoder` is not general over its lifetimes"
)]

use std::borrow::Cow;
use std::fmt::Write as _;

use super::*;

mod aliases;

const BOTH: [Dialect; 2] = [Dialect::V3, Dialect::V4];

/// Decodes the value of `x` in `text` with `read`; the last error's message if there is one.
fn decode<R>(
    text: &str,
    dialect: Dialect,
    read: impl for<'d, 't> Fn(&mut Decoder<'d, 't>, NodeId) -> Decode<R>,
) -> Result<Option<R>, String> {
    let document = Document::parse(text, dialect).unwrap();
    let mut decoder = Decoder::new(&document, dialect).map_err(|error| error.to_string())?;
    let mut result = None;
    let halted = decoder.fields(document.root().unwrap(), &["x"], |decoder, field| {
        if field.name == "x" {
            result = Some(read(decoder, field.value)?);
        }
        Ok(())
    });
    match decoder.take_errors().pop() {
        Some(error) => Err(error.to_string()),
        None => Ok(halted.map(|_| result).unwrap()),
    }
}

fn string(text: &str, dialect: Dialect) -> Result<Option<String>, String> {
    decode(text, dialect, |decoder, id| Ok(decoder.str(id)?.map(|text| text.value.into_owned()))).map(Option::flatten)
}

fn show(value: &Value<'_>) -> String {
    match &value.data {
        ValueData::Null => "~".to_owned(),
        ValueData::Bool(value) => value.to_string(),
        ValueData::Int(value) => value.to_string(),
        ValueData::Uint(value) => value.to_string(),
        ValueData::Float(value) => format!("{value:?}"),
        ValueData::Timestamp(text) => format!("<{text}>"),
        ValueData::Str(text) => format!("'{text}'"),
        ValueData::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        ValueData::Map(map) => {
            let mut out = String::from(if map.strings { "{" } else { "any{" });
            for entry in &map.entries {
                let key = match &entry.key {
                    Key::Str(text) => text.to_string(),
                    key => format!("{key:?}"),
                };
                write!(out, " {key}={}", show(&entry.value)).unwrap();
            }
            out + " }"
        }
    }
}

fn any(text: &str, dialect: Dialect) -> Result<String, String> {
    let value = decode(text, dialect, |decoder, id| Ok(decoder.value(id)?.map(|value| show(&value))));
    value.map(|value| value.flatten().unwrap_or_default())
}

fn texts(list: Option<Vec<Text<'_>>>) -> Option<Vec<String>> {
    list.map(|list| list.into_iter().map(|text| text.value.into_owned()).collect())
}

fn entries(map: &[Entry<Cow<'_, str>, Text<'_>>]) -> String {
    map.iter().map(|entry| format!("{}={}", entry.key, entry.value.value)).collect::<Vec<_>>().join(" ")
}

#[test]
fn scalars_become_strings_as_they_are_written() {
    for dialect in BOTH {
        for (text, expected) in [
            ("x: a", "a"),
            ("x: 0x1F", "0x1F"),
            ("x: 1.50", "1.50"),
            ("x: True", "True"),
            ("x: '~'", "~"),
            ("x: <<", "<<"),
            ("x: !local a", "a"),
            ("x: !!int '1'", "1"),
            ("x: !!binary YWJj", "abc"),
            ("y: &y a\nx: *y", "a"),
        ] {
            assert_eq!(string(text, dialect).unwrap().unwrap(), expected, "`{text}` in {dialect:?}");
        }
        assert_eq!(string("x: ~", dialect), Ok(None));
        assert_eq!(string("x: [a]", dialect).unwrap_err(), "expected a string, found a list");
        assert_eq!(string("x: {a: b}", dialect).unwrap_err(), "expected a string, found a map");
        assert_eq!(string("x: !!int a", dialect).unwrap_err(), "tagged `!!int`, but its text is a str");
    }
    assert_eq!(string("x: 2001-01-02", Dialect::V3).unwrap().unwrap(), "2001-01-02");
    assert_eq!(string("x: 2001-01-02", Dialect::V4).unwrap_err(), "expected a string, found a timestamp");
}

#[test]
fn bools_take_the_words_of_yaml_1_1_even_in_quotes() {
    let bool = |text: &str, dialect| decode(text, dialect, |decoder, id| decoder.bool(id)).map(Option::flatten);
    for dialect in BOTH {
        for (text, expected) in
            [("x: true", true), ("x: yes", true), ("x: 'on'", true), ("x: N", false), ("x: OFF", false)]
        {
            assert_eq!(bool(text, dialect), Ok(Some(expected)), "`{text}` in {dialect:?}");
        }
        assert_eq!(bool("x: ~", dialect), Ok(None));
        assert_eq!(bool("x: 'true'", dialect).unwrap_err(), "expected a bool, found a string");
        assert_eq!(bool("x: 1", dialect).unwrap_err(), "expected a bool, found an int");
    }
    assert_eq!(bool("x: !local yes", Dialect::V3), Ok(Some(true)));
    assert!(bool("x: !local yes", Dialect::V4).is_err());
    assert!(bool("x: <<", Dialect::V3).is_err());
    assert_eq!(bool("x: <<", Dialect::V4), Ok(None), "v4 skips a merge key that stands as a value");
}

#[test]
fn ints_take_floats_and_only_v4_minds_the_fraction() {
    let int = |text: &str, dialect| decode(text, dialect, |decoder, id| decoder.int(id)).map(Option::flatten);
    for dialect in BOTH {
        assert_eq!(int("x: 0x10", dialect), Ok(Some(16)));
        assert_eq!(int("x: 1e3", dialect), Ok(Some(1000)));
        assert_eq!(int("x: ~", dialect), Ok(None));
        assert!(int("x: '1'", dialect).is_err());
        assert!(int("x: .nan", dialect).is_err());
        assert!(int("x: 9223372036854775808", dialect).is_err());
    }
    assert_eq!(int("x: -1.7", Dialect::V3), Ok(Some(-1)));
    assert_eq!(int("x: -.inf", Dialect::V3), Ok(Some(i64::MIN)));
    assert!(int("x: -1.7", Dialect::V4).is_err());
    assert!(int("x: 1e19", Dialect::V4).is_err());
}

#[test]
fn lists_of_strings_lose_null_and_maps_of_strings_keep_it() {
    for dialect in BOTH {
        let list = decode("x: [a, ~, 1, true]", dialect, |decoder, id| Ok(texts(decoder.strings(id)?))).unwrap();
        assert_eq!(list.flatten().unwrap(), ["a", "1", "true"]);
        let map = decode("x: {a: ~, 1: b, ~: c}", dialect, |decoder, id| {
            Ok(decoder.string_map(id)?.map(|map| entries(&map)))
        });
        assert_eq!(map.unwrap().flatten().unwrap(), "a= 1=b");
        let empty = decode("x: ~", dialect, |decoder, id| Ok(texts(decoder.strings(id)?))).unwrap();
        assert_eq!(empty.flatten().unwrap(), [""; 0]);
    }
}

#[test]
fn any_takes_types_from_the_text() {
    for dialect in BOTH {
        for (text, expected) in [
            ("x: [a, 1, 1.5, true, ~, 2001-01-02, '1']", "['a' 1 1.5 true ~ <2001-01-02> '1']"),
            ("x: {a: b, 'c': ~}", "{ a='b' c=~ }"),
            ("x: {a: b, 1: c}", "any{ a='b' Int(1)='c' }"),
            ("x: {1: a, 0x1: b}", "any{ Int(1)='b' }"),
            ("x: {~: a}", "any{ Null='a' }"),
        ] {
            assert_eq!(any(text, dialect).unwrap(), expected, "`{text}` in {dialect:?}");
        }
        for text in ["x: {[a]: b}", "x: {? {a: b} : c}"] {
            assert_eq!(any(text, dialect).unwrap_err(), "a list or a map cannot be a key", "`{text}` in {dialect:?}");
        }
    }
    assert_eq!(any("x: [a, <<, b]", Dialect::V3).unwrap(), "['a' '<<' 'b']");
    assert_eq!(any("x: [a, <<, b]", Dialect::V4).unwrap(), "['a' 'b']");
}

#[test]
fn own_keys_win_over_merged_ones_wherever_they_stand() {
    for dialect in BOTH {
        for (text, expected) in [
            ("m: &m {a: 1, b: 2}\nx: {<<: *m, a: 3}", "{ a=3 b=2 }"),
            ("m: &m {a: 1, b: 2}\nx: {a: ~, <<: *m}", "{ a=~ b=2 }"),
            ("x: {a: 1, <<: {b: 2}}", "{ a=1 b=2 }"),
            ("x: {<<: [{a: 1, b: 2}, {b: 3, c: 4}]}", "{ a=1 b=2 c=4 }"),
            ("m: &m {c: 5}\nx: {<<: [{a: 1, <<: *m}, {a: 2, c: 3}]}", "{ a=1 c=5 }"),
            ("x: {<<: {<<: {a: 1}, b: 2}}", "{ b=2 a=1 }"),
            ("x: {'<<': {a: 1}}", "{ <<={ a=1 } }"),
            ("x: {!!merge <<: {a: 1}}", "{ a=1 }"),
        ] {
            assert_eq!(any(text, dialect).unwrap(), expected, "`{text}` in {dialect:?}");
        }
    }
}

#[test]
fn merged_keys_are_compared_as_the_target_decodes_them() {
    let map =
        |text: &str| decode(text, Dialect::V4, |decoder, id| Ok(decoder.string_map(id)?.map(|map| entries(&map))));
    assert_eq!(map("x: {1: own, <<: {1: merged}}").unwrap().flatten().unwrap(), "1=merged");
    assert_eq!(map("x: {a: own, <<: {a: merged}}").unwrap().flatten().unwrap(), "a=own");
    assert_eq!(any("x: {1: own, <<: {1: merged}}", Dialect::V4).unwrap(), "any{ Int(1)='own' }");
}

#[test]
fn only_maps_are_merged() {
    for dialect in BOTH {
        for text in [
            "x: {a: b, <<: c}",
            "x: {a: b, <<: ~}",
            "x: {a: b, <<: [c]}",
            "l: &l [{c: d}]\nx: {a: b, <<: *l}",
            "l: &l [c]\nx: {a: b, <<: [*l]}",
        ] {
            assert_eq!(any(text, dialect).unwrap_err(), "`<<` merges maps only", "`{text}` in {dialect:?}");
        }
    }
}

#[test]
fn duplicates_are_compared_by_their_text() {
    for dialect in BOTH {
        for text in [
            "x: {a: 1, a: 2}",
            "x: {1: a, '1': b}",
            "x: {a: 1, !!str a: 2}",
            "x: {~: a, ~: b}",
            "x: {<<: {}, '<<': {}}",
            "k: &k a\nx: {*k : 1, *k : 2}",
            "x: {[a]: 1, [b]: 2}",
            "x: {a: 1, <<: {b: 1, b: 2}}",
        ] {
            assert_eq!(any(text, dialect).unwrap_err(), "duplicate key", "`{text}` in {dialect:?}");
            // It does not matter what the map is decoded into.
            assert_eq!(string(text, dialect).unwrap_err().contains("duplicate"), !text.contains("<<: {b"), "`{text}`");
        }
        assert_eq!(any("k: &k a\nx: {a: 1, *k : 2}", dialect).unwrap(), "{ a=2 }");
    }
    let many = (0..40).map(|key| format!("k{}: v", key % 39)).collect::<Vec<_>>().join(", ");
    assert_eq!(any(&format!("x: {{{many}}}"), Dialect::V4).unwrap_err(), "duplicate key");
}

#[test]
fn a_field_is_set_once_however_it_is_written() {
    let text = "k: &k x\nx: 1\n*k : 2";
    assert!(decode(text, Dialect::V4, |decoder, id| decoder.int(id)).unwrap_err().contains("another way to write `x`"));
    let text = "k: &k y\ny: 1\n*k : 2\nx: 3";
    assert_eq!(
        decode(text, Dialect::V4, |decoder, id| decoder.int(id)).unwrap(),
        Some(Some(3)),
        "other fields are not looked at"
    );
}

#[test]
fn a_string_or_a_list_of_strings() {
    let read = |text: &str, dialect| {
        decode(text, dialect, |decoder, id| Ok(texts(decoder.string_or_list(id)?))).map(Option::flatten)
    };
    for dialect in BOTH {
        assert_eq!(read("x: 1", dialect).unwrap().unwrap(), ["1"]);
        assert_eq!(read("x: [a, '1']", dialect).unwrap().unwrap(), ["a", "1"]);
        assert_eq!(read("y: &y b\nx: [a, *y]", dialect).unwrap().unwrap(), ["a", "b"]);
        assert_eq!(read("x: ~", dialect), Ok(None));
        assert_eq!(read("x: [a, 1]", dialect).unwrap_err(), "expected a string, found an int");
        assert_eq!(read("x: [a, ~]", dialect).unwrap_err(), "expected a string, found null");
        assert!(read("x: {a: b}", dialect).is_err());
    }
}

#[test]
fn dependencies_are_names_or_maps() {
    let read = |text: &str| {
        decode(text, Dialect::V4, |decoder, id| {
            let list = decoder.dependencies(id)?.unwrap_or_default();
            Ok(list.iter().map(|item| format!("{}{}", item.name.value, if item.optional { "?" } else { "" })).collect())
        })
        .map(|list: Option<Vec<String>>| list.unwrap_or_default())
    };
    assert_eq!(read("x: a").unwrap(), ["a"]);
    assert_eq!(read("x: [a, {name: b}, {name: c, optional: true}]").unwrap(), ["a", "b", "c?"]);
    assert_eq!(read("x: [{optional: true}]").unwrap_err(), "a dependency needs a `name`");
    assert_eq!(read("x: [{name: 1}]").unwrap_err(), "expected a string, found an int");
    assert_eq!(read("x: [{name: a, optional: 'true'}]").unwrap_err(), "expected a bool, found a string");
    assert_eq!(read("x: [{name: a, 1: b}]").unwrap_err(), "expected a dependency, found a map");
}

#[test]
fn a_matrix_filter_ignores_what_does_not_fit() {
    let read = |text: &str, dialect| {
        decode(text, dialect, |decoder, id| {
            Ok(decoder
                .map_filter(id)?
                .map(|filter| format!("{} / {}", entries(&filter.include), entries(&filter.exclude))))
        })
        .map(Option::flatten)
    };
    for dialect in BOTH {
        for (text, expected) in [
            ("x: {go: 1, os: linux}", "go=1 os=linux / "),
            ("x: {include: {go: 1}, exclude: {os: linux}}", "go=1 / os=linux"),
            ("x: {include: {go: 1}, go: 2, os: [a]}", "go=2 / "),
            ("x: {a: 1, a: 2}", " / "),
            ("x: text", " / "),
            ("x: {exclude: ~}", "exclude= / "),
            ("x: {l: m, <<: bad}", " / "),
        ] {
            assert_eq!(read(text, dialect).unwrap().unwrap(), expected, "`{text}` in {dialect:?}");
        }
        assert_eq!(read("x: ~", dialect), Ok(None));
        assert_eq!(read("x: {include: ~}", dialect).unwrap_err(), "`include` without a value");
    }
}

#[test]
fn the_two_bools_with_a_default() {
    let optional =
        |text: &str, dialect| decode(text, dialect, |decoder, id| decoder.optional_bool(id)).map(Option::flatten);
    assert_eq!(optional("x: yes", Dialect::V4), Ok(Some(true)));
    assert_eq!(optional("x: ~", Dialect::V4), Ok(None));
    assert_eq!(optional("x: <<", Dialect::V4), Ok(Some(false)));
    assert!(optional("x: 1", Dialect::V4).is_err());
    let text = |text: &str| decode(text, Dialect::V3, |decoder, id| decoder.bool_true(id)).map(Option::flatten);
    assert_eq!(text("x: 0"), Ok(Some(false)));
    assert_eq!(text("x: ''"), Ok(Some(true)));
    assert_eq!(text("x: ~"), Ok(None));
    assert!(text("x: no").is_err());
}

#[test]
fn raw_pairs_keep_merge_keys_and_duplicates() {
    let text = "s: &s {a: b}\n<<: *s\nx: 1\nx: 2\n*s : 3";
    let document = Document::parse(text, Dialect::V4).unwrap();
    let decoder = Decoder::new(&document, Dialect::V4).unwrap();
    let pairs = decoder.pairs(document.root().unwrap()).unwrap();
    let keys: Vec<_> = pairs.iter().map(|&(key, _)| decoder.raw_text(key)).collect();
    assert_eq!(keys, ["s", "<<", "x", "x", "s"]);
}

#[test]
fn a_decode_call_of_its_own_ends_where_v3_halts() {
    for (dialect, halts) in [(Dialect::V3, true), (Dialect::V4, false)] {
        let document = Document::parse("!!int z", dialect).unwrap();
        let mut decoder = Decoder::new(&document, dialect).unwrap();
        let root = document.root().unwrap();
        let result = decoder.separate(|decoder| decoder.str(root));
        assert_eq!(result.is_err(), halts);
        assert_eq!(decoder.take_errors().len(), 1);
        let tried = decoder.attempt(0, |decoder| decoder.str(root)).unwrap();
        assert_eq!(tried.unwrap_err().len(), 1);
        assert!(decoder.errors().is_empty());
    }
}
