//! Keys that are no strings, as Go prints them.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::yaml::{Dialect, Key};

/// The string that a key becomes, which is written as `written`. `None` for `.inf` and `.nan`, and before server
/// 3.16 numbers from 2^63 on, which the server cannot convert.
pub(super) fn text<'d>(key: Key<'d>, written: &str, dialect: Dialect) -> Option<Cow<'d, str>> {
    Some(match key {
        Key::Str(text) => text,
        Key::Null => Cow::Borrowed("<nil>"),
        Key::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Key::Int(value) => Cow::Owned(value.to_string()),
        Key::Uint(_) if dialect == Dialect::V3 => return None,
        Key::Uint(value) => Cow::Owned(value.to_string()),
        // Both zeros are one key, but not printed alike by go-yaml v4.
        Key::Float(0) if written.starts_with('-') && dialect == Dialect::V4 => Cow::Borrowed("-0"),
        Key::Float(bits) => Cow::Owned(float(f64::from_bits(bits))?),
        Key::Timestamp(text) => Cow::Owned(timestamp(text)),
    })
}

/// Where Go sorts a key among others that it prints alike: the kinds in the order of Go's `reflect.Kind`.
pub(super) fn rank(key: &Key<'_>) -> u8 {
    match key {
        Key::Bool(_) => 1,
        Key::Int(_) => 2,
        Key::Uint(_) => 3,
        Key::Float(_) => 4,
        Key::Null => 5,
        Key::Str(_) => 6,
        Key::Timestamp(_) => 7,
    }
}

/// A float as `%v` prints it: the shortest digits, with an exponent below 1e-4 and from 1e6 on.
fn float(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    // Rust's `{:e}` has the same digits: `-1.25e-7`.
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if (-4..6).contains(&exponent) {
        return Some(value.to_string());
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    Some(format!("{digits}e{sign}{:02}", exponent.unsigned_abs()))
}

/// A YAML 1.1 timestamp in RFC 3339: `2001-1-2 3:4:5.60` is `2001-01-02T03:04:05.6Z`. Go sets a time without a zone in UTC.
fn timestamp(text: &str) -> String {
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "0:0:0"));
    let mut out = String::with_capacity(35);
    for (at, field) in date.split('-').enumerate() {
        let dash = if at == 0 { "" } else { "-" };
        let _ = write!(out, "{dash}{field:0>2}");
    }
    out.push('T');
    let time = time.trim_start_matches(' ');
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    for (at, field) in clock.split(':').enumerate() {
        let colon = if at == 0 { "" } else { ":" };
        let _ = write!(out, "{colon}{field:0>2}");
    }
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    if !fraction.is_empty() {
        let _ = write!(out, ".{fraction}");
    }
    match offset(zone) {
        0 => out.push('Z'),
        minutes => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let _ = write!(out, "{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
        }
    }
    out
}

/// The minutes that a zone (`Z`, `+01:30`) is ahead of UTC.
fn offset(zone: &str) -> i32 {
    let Some((hours, minutes)) = zone.get(1..).and_then(|zone| zone.split_once(':')) else { return 0 };
    let number = |text: &str| text.parse::<i32>().unwrap_or(0);
    let minutes = number(hours) * 60 + number(minutes);
    if zone.starts_with('-') { -minutes } else { minutes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_printed_as_go_does() {
        let cases = [
            (1.2, "1.2"),
            (1.0, "1"),
            (1e6, "1e+06"),
            (1e20, "1e+20"),
            (1e21, "1e+21"),
            (123_456_789.0, "1.23456789e+08"),
            (123_456.5, "123456.5"),
            (1e-4, "0.0001"),
            (1.5e-5, "1.5e-05"),
            (-2.5, "-2.5"),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value).as_deref(), Some(expected));
        }
        assert_eq!(float(f64::NAN), None);
    }

    #[test]
    fn dates_are_printed_in_rfc_3339() {
        let cases = [
            ("2001-12-14", "2001-12-14T00:00:00Z"),
            ("2001-1-2 3:4:5.60", "2001-01-02T03:04:05.6Z"),
            ("2001-01-02t03:04:05.000Z", "2001-01-02T03:04:05Z"),
            ("2001-01-02T03:04:05,1234567899-01:30", "2001-01-02T03:04:05.123456789-01:30"),
            ("2001-01-02T03:04:05+00:00", "2001-01-02T03:04:05Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(timestamp(text), expected);
        }
    }
}
