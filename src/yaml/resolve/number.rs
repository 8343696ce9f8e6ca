//! Numbers: decimal, `0x`, `0o`, `0b`, 1.1's octals, floats with exponents, underscores anywhere.

use std::borrow::Cow;

use super::{Dialect, Resolved};

/// The number that `text`, which starts with a digit or a sign, stands for.
pub(super) fn number(text: &str, dialect: Dialect) -> Option<Resolved> {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Some(Resolved::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Resolved::Float(f64::NEG_INFINITY)),
        "-0" | "-0.0" if dialect == Dialect::V4 => return Some(Resolved::Float(-0.0)),
        _ => {}
    }
    let plain = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    integer(&plain)
        .or_else(|| float(&plain).map(Resolved::Float))
        .or_else(|| (dialect == Dialect::V3).then(|| signed_after_prefix(&plain)).flatten())
}

/// The number that `text`, which starts with a dot, stands for.
pub(super) fn dotted(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        _ => {}
    }
    // Here, unlike in other numbers, an underscore has to stand between two digits.
    let bytes = text.as_bytes();
    let between = |at: usize| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1))
    };
    if bytes.iter().enumerate().any(|(at, &byte)| byte == b'_' && !between(at)) {
        return None;
    }
    if text.contains('_') { float(&text.replace('_', "")) } else { float(text) }
}

/// A whole number in the notation of Go's literals; `0777` is octal.
fn integer(text: &str) -> Option<Resolved> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    let magnitude = magnitude(digits, radix)?;
    let negative = text.starts_with('-');
    match i64::try_from(magnitude) {
        Ok(value) => Some(Resolved::Int(if negative { -value } else { value })),
        Err(_) if negative => (magnitude == i64::MIN.unsigned_abs()).then_some(Resolved::Int(i64::MIN)),
        // `+` is not a digit of an unsigned number to Go: such a number becomes a float, if it can.
        Err(_) => (unsigned.len() == text.len()).then_some(Resolved::Uint(magnitude)),
    }
}

/// The digits alone: unlike `from_str_radix`, no sign.
fn magnitude(digits: &str, radix: u32) -> Option<u64> {
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// v3 reads the digits after `0b` and `0o` once more, and there takes a sign.
fn signed_after_prefix(text: &str) -> Option<Resolved> {
    let (digits, radix) = match (text.strip_prefix("0b"), text.strip_prefix("0o")) {
        (Some(digits), _) => (digits, 2),
        (_, Some(digits)) => (digits, 8),
        _ => return None,
    };
    i64::from_str_radix(digits, radix).ok().map(Resolved::Int)
}

/// A decimal number with an optional fraction and exponent. One too large for a float is none.
fn float(text: &str) -> Option<f64> {
    // Rust's own grammar is the same but for the words it knows (`inf`, `nan`).
    let numeric = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !numeric {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}
