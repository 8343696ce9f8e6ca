#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::yaml::Document;

/// What the one scalar of `text` is, as a short phrase.
fn shown(text: &str, dialect: Dialect) -> String {
    let document = Document::parse(text, dialect).unwrap();
    match resolve(document.node(document.root().unwrap()), dialect) {
        Ok(Resolved::Int(value)) => format!("int {value}"),
        Ok(Resolved::Uint(value)) => format!("uint {value}"),
        Ok(Resolved::Float(value)) => format!("float {value}"),
        Ok(Resolved::Bool(value)) => format!("bool {value}"),
        Ok(Resolved::Binary(bytes)) => format!("binary {bytes:?}"),
        Ok(other) => format!("{other:?}").to_lowercase(),
        Err(Unresolved::Tag { found, wanted }) => format!("{found} is no {wanted}"),
        Err(Unresolved::Base64) => "no base64".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    for &(text, expected) in cases {
        for dialect in [Dialect::V3, Dialect::V4] {
            assert_eq!(shown(text, dialect), expected, "`{text}` in {dialect:?}");
        }
    }
}

#[test]
fn plain_text_resolves_by_the_core_schema() {
    check(&[
        ("~", "null"),
        ("Null", "null"),
        ("nUll", "str"),
        ("True", "bool true"),
        ("FALSE", "bool false"),
        ("tRue", "str"),
        ("yes", "str"),
        ("on", "str"),
        ("<<", "merge"),
        ("a", "str"),
        ("v1", "str"),
    ]);
}

#[test]
fn whole_numbers_have_four_bases_and_underscores() {
    check(&[
        ("12", "int 12"),
        ("+12", "int 12"),
        ("-12", "int -12"),
        ("017", "int 15"),
        ("0o17", "int 15"),
        ("-0o17", "int -15"),
        ("0x1F", "int 31"),
        ("0b101", "int 5"),
        ("1_000", "int 1000"),
        ("1__0_", "int 10"),
        ("_1", "str"),
        ("08", "float 8"),
        ("0x", "str"),
        ("0b2", "str"),
        ("9223372036854775807", "int 9223372036854775807"),
        ("-9223372036854775808", "int -9223372036854775808"),
        ("9223372036854775808", "uint 9223372036854775808"),
        ("+9223372036854775808", "float 9223372036854776000"),
        ("18446744073709551616", "float 18446744073709552000"),
        ("0x1FFFFFFFFFFFFFFFF", "str"),
        ("+", "str"),
        ("12:30", "str"),
    ]);
}

#[test]
fn floats_have_exponents_and_words() {
    check(&[
        ("1.5", "float 1.5"),
        ("1.", "float 1"),
        (".5", "float 0.5"),
        ("-.5", "float -0.5"),
        ("1e3", "float 1000"),
        ("1.5E-3", "float 0.0015"),
        (".5_0", "float 0.5"),
        ("._5", "str"),
        (".e3", "str"),
        ("1e", "str"),
        ("1e999", "str"),
        (".inf", "float inf"),
        ("-.INF", "float -inf"),
        (".NaN", "float NaN"),
        (".nAn", "str"),
        ("inf", "str"),
        (".", "str"),
    ]);
}

#[test]
fn dates_are_checked_against_the_calendar() {
    check(&[
        ("2001-01-02", "timestamp"),
        ("2001-1-2", "timestamp"),
        ("2001-13-02", "str"),
        ("2001-02-29", "str"),
        ("2000-02-29", "timestamp"),
        ("1900-02-29", "str"),
        ("2001-01-00", "str"),
        ("2001-01-02T03:04:05Z", "timestamp"),
        ("2001-01-02t3:4:5.25+01:00", "timestamp"),
        ("2001-01-02T03:04:05", "str"),
        ("2001-01-02T03:04:05,5Z", "timestamp"),
        ("2001-01-02T03:04:05.Z", "str"),
        ("2001-01-02T24:00:00Z", "str"),
        ("2001-01-02T03:04:05+24:60", "timestamp"),
        ("2001-01-02T03:04:05+25:00", "str"),
        ("2001-01-02 3:4:5", "timestamp"),
        ("2001-01-02  3:4:5.5", "timestamp"),
        ("2001-01-02 3:4:5 Z", "str"),
        ("2001-01-02x", "str"),
    ]);
}

#[test]
fn quotes_make_a_string_and_tags_overrule_quotes() {
    check(&[
        ("'1'", "str"),
        ("\"~\"", "str"),
        ("'<<'", "str"),
        ("! '1'", "str"),
        ("!!int '1'", "int 1"),
        ("!!str 1", "str"),
        ("!!float 1", "float 1"),
        ("!!null ''", "null"),
        ("!!timestamp '2001-01-02'", "timestamp"),
        ("!!int x", "str is no int"),
        ("!!int 2001-01-02", "str is no int"),
        ("!!int 1.5", "float is no int"),
        ("!!float 18446744073709551615", "int is no float"),
        ("!!bool yes", "str is no bool"),
        ("!!null x", "str is no null"),
        ("!local 1", "custom"),
        ("!!seq 1", "custom"),
        ("!!merge x", "merge"),
    ]);
}

#[test]
fn binary_is_decoded() {
    check(&[
        ("!!binary YWJj", "binary [97, 98, 99]"),
        ("!!binary YWI=", "binary [97, 98]"),
        ("!!binary YQ==", "binary [97]"),
        ("!!binary \"YW\\nJj\"", "binary [97, 98, 99]"),
        ("!!binary ''", "binary []"),
        ("!!binary YQ", "no base64"),
        ("!!binary YQ==YQ==", "no base64"),
        ("!!binary Y===", "no base64"),
        ("!!binary '%%%%'", "no base64"),
    ]);
}

#[test]
fn the_dialects_differ_where_the_table_says() {
    for (text, v3, v4) in [
        ("-0", "int 0", "float -0"),
        ("-0.0", "float -0", "float -0"),
        ("0b-1", "int -1", "str"),
        ("0o+7", "int 7", "str"),
        ("! 12", "int 12", "custom"),
        ("! ~", "null", "custom"),
        ("!!int -0", "int 0", "float is no int"),
    ] {
        assert_eq!(shown(text, Dialect::V3), v3, "`{text}`");
        assert_eq!(shown(text, Dialect::V4), v4, "`{text}`");
    }
}

#[test]
fn a_merge_key_is_plain_or_tagged() {
    for (text, v3, v4) in [
        ("<<", true, true),
        ("'<<'", false, false),
        ("!!str <<", false, false),
        ("! <<", true, false),
        ("!!merge '<<'", true, true),
        ("!!merge x", false, true),
    ] {
        for (dialect, expected) in [(Dialect::V3, v3), (Dialect::V4, v4)] {
            let document = Document::parse(text, dialect).unwrap();
            assert_eq!(
                is_merge_key(document.node(document.root().unwrap()), dialect),
                expected,
                "`{text}` in {dialect:?}"
            );
        }
    }
}
