//! Settings and environment values that decode but that the server cannot turn into variables.
//!
//! The model is the server's `compiler/settings/params.go`: plain values and lists of them become text, everything else becomes JSON,
//! with secrets put in where a map says `from_secret`.

use crate::server::{Difference, Version};
use crate::yaml::{Map, Value, ValueData};

/// Calls `report` with each value under `value` that the server cannot use, and why. Of texts only those of keys count, and whether one is
/// empty.
pub(super) fn check(value: &Value<'_>, server: Version, report: &mut dyn FnMut(&Value<'_>, &str)) {
    match &value.data {
        ValueData::Map(map) => nested_map(value, map, server, report),
        // A list of plain values is joined; nulls in it are left out.
        ValueData::List(items) if items.iter().all(is_plain_or_null) => {}
        ValueData::List(items) => items.iter().for_each(|item| nested(item, server, report)),
        _ => {}
    }
}

fn is_plain_or_null(value: &Value<'_>) -> bool {
    matches!(
        value.data,
        ValueData::Null | ValueData::Bool(_) | ValueData::Int(_) | ValueData::Float(_) | ValueData::Str(_)
    )
}

/// A value inside of one that becomes JSON.
fn nested(value: &Value<'_>, server: Version, report: &mut dyn FnMut(&Value<'_>, &str)) {
    match &value.data {
        ValueData::Null if !server.has(Difference::NullSettings) => {
            report(value, "a null inside of a setting crashes servers before 3.12");
        }
        ValueData::Float(number) if !number.is_finite() => report(value, "JSON has no such number"),
        ValueData::Map(map) => nested_map(value, map, server, report),
        ValueData::List(items) => items.iter().for_each(|item| nested(item, server, report)),
        _ => {}
    }
}

fn nested_map(value: &Value<'_>, map: &Map<'_>, server: Version, report: &mut dyn FnMut(&Value<'_>, &str)) {
    if !map.strings {
        return report(value, "the keys of this map are not all strings, which the server cannot handle");
    }
    match map.get("from_secret") {
        // No secret that the server stores has an empty name.
        Some(name @ Value { data: ValueData::Str(secret), .. }) if secret.is_empty() => {
            report(name, "`from_secret` names no secret");
        }
        Some(Value { data: ValueData::Str(_), .. }) => {}
        Some(name) => report(name, "`from_secret` takes the name of a secret, which is a string"),
        None => map.entries.iter().for_each(|entry| nested(&entry.value, server, report)),
    }
}
