//! Values as Go prints them (`%v`), for `string`.

use super::layout::{MONTHS, WEEKDAYS};
use super::time::{Moment, format_duration};
use super::value::{Shape, Value};
use std::rc::Rc;

/// Why a value cannot be written.
pub(super) enum Cannot {
    /// The server's engine cannot, either.
    Never,
    /// It hangs on this.
    Unknown(Rc<str>),
}

/// A float as Go prints it: the shortest digits, with an exponent outside 1e-4..1e6, or 1e-6..1e21 in JSON.
pub(super) fn float(value: f64, json: bool) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    let (least, most) = if json { (1e-6, 1e21) } else { (1e-4, 1e6) };
    if size != 0.0 && (size < least || size >= most) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
        // JSON drops the zero of a small negative exponent.
        return if json && sign == '-' {
            format!("{digits}e-{exponent}")
        } else {
            format!("{digits}e{sign}{exponent:0>2}")
        };
    }
    format!("{value}")
}

/// A moment as Go prints it.
pub(super) fn moment(moment: &Moment) -> Option<String> {
    super::layout::format("2006-01-02 15:04:05.999999999 -0700 MST", moment).or_else(|| {
        let offset = super::layout::format("-0700", moment)?;
        let start = super::layout::format("2006-01-02 15:04:05.999999999", moment)?;
        Some(format!("{start} {offset} {offset}"))
    })
}

/// Writes `value` plainly.
pub(super) fn plain(value: &Value<'_>, out: &mut Vec<u8>) -> Result<(), Cannot> {
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(value) | Value::Sized(_, value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Float(value) => out.extend_from_slice(float(*value, false).as_bytes()),
        Value::Text(text) => out.extend_from_slice(text.bytes()),
        Value::List(list) => {
            if list.is_shuffled() {
                return Err(Cannot::Unknown("keys".into()));
            }
            out.push(b'[');
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                plain(item, out)?;
            }
            out.push(b']');
        }
        Value::Map(map) => {
            out.extend_from_slice(b"map[");
            for (index, (key, value)) in map.entries.values().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                plain(key, out)?;
                out.push(b':');
                plain(value, out)?;
            }
            out.push(b']');
        }
        Value::Time(time) => match moment(time) {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => return Err(Cannot::Unknown("date".into())),
        },
        Value::Duration(span) => out.extend_from_slice(format_duration(*span).as_bytes()),
        Value::Month(month) => out.extend_from_slice(month_name(*month).as_bytes()),
        Value::Weekday(day) => out.extend_from_slice(weekday_name(*day).as_bytes()),
        Value::Location(name, _) => out.extend_from_slice(name.as_bytes()),
        Value::Environment => return Err(Cannot::Unknown("$env".into())),
        // Go prints an address.
        Value::Method(..) => return Err(Cannot::Unknown("string".into())),
        Value::Unknown(Shape::Bool | Shape::Int | Shape::Float | Shape::Text | Shape::Time, name) => {
            return Err(Cannot::Unknown(name.clone()));
        }
    }
    Ok(())
}

/// The English name of a month.
pub(super) fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("%!Month(0)")
}

/// The English name of a day of the week.
pub(super) fn weekday_name(day: u8) -> &'static str {
    WEEKDAYS.get(usize::from(day)).copied().unwrap_or("%!Weekday(7)")
}
