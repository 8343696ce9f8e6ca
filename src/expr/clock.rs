//! The builtins over times, and calls of methods.

use super::builtin::{Builtin, wrong_count};
use super::code::At;
use super::error::ExprError;
use super::eval::{Machine, Result, Stop};
use super::function::static_type;
use super::layout;
use super::layout_read::{self, Parsed};
use super::method::Method;
use super::show;
use super::time::{Moment, format_duration, parse_duration};
use super::ty::Width;
use super::value::{Shape, Value};

/// The layouts that `date` tries without one, in this order.
const LAYOUTS: [&str; 7] = [
    "2006-01-02",
    "15:04:05",
    "2006-01-02 15:04:05",
    "2006-01-02T15:04:05Z07:00",
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Mon, 02 Jan 2006 15:04:05 MST",
];

impl<'v> Machine<'v> {
    /// The builtins over times; `None` if the arguments are of the wrong types.
    pub(super) fn time_function(
        &mut self,
        at: At,
        builtin: Builtin,
        arguments: &[Value<'v>],
    ) -> Result<'v, Option<Value<'v>>> {
        let texts: Option<Vec<&str>> = arguments
            .iter()
            .map(|value| if let Value::Text(text) = value { std::str::from_utf8(text.bytes()).ok() } else { None })
            .collect();
        Ok(Some(match (builtin, texts.as_deref()) {
            (Builtin::Now, Some([])) => Value::Unknown(Shape::Time, "now".into()),
            (Builtin::Now, None) if matches!(arguments, [Value::Location(..)]) => {
                Value::Unknown(Shape::Time, "now".into())
            }
            (Builtin::Duration, Some([text])) => match parse_duration(text) {
                Some(span) => Value::Duration(span),
                None => return self.fail(at, "the string is not a duration"),
            },
            (Builtin::Timezone, Some([name])) => match *name {
                "" | "UTC" => Value::Location("UTC".into(), 0),
                name if name.contains("..") || name.starts_with('/') || name.contains('\\') => {
                    return self.fail(at, "there is no such time zone");
                }
                // The time zones are in files that only the server has.
                _ => return Err(Stop::Unknown("timezone".into())),
            },
            (Builtin::Date, Some([text])) => return self.date(at, text, &LAYOUTS).map(Some),
            (Builtin::Date, Some([text, layout] | [text, layout, "" | "UTC"])) => {
                return self.date(at, text, &[layout]).map(Some);
            }
            (Builtin::Date, Some([_, _, _])) => return Err(Stop::Unknown("date".into())),
            (Builtin::Date, None) => match arguments {
                [Value::Location(..), ..] => return Err(Stop::Unknown("date".into())),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    fn date(&self, at: At, text: &str, layouts: &[&str]) -> Result<'v> {
        for layout in layouts {
            match layout_read::parse(layout, text) {
                Some(Parsed::Moment(moment)) => return Ok(Value::Time(moment)),
                Some(Parsed::No) => {}
                Some(Parsed::Unknown) | None => return Err(Stop::Unknown("date".into())),
            }
        }
        self.fail(at, "the string is not a date in the layout")
    }

    /// Calls `callee`, which must be a method.
    pub(super) fn call(&mut self, at: At, callee: &Value<'v>, arguments: &[Value<'v>]) -> Result<'v> {
        let Value::Method(receiver, method) = callee else {
            let message = format!("a value of type {} cannot be called", callee.type_name());
            return Err(ExprError::run(self.span(at), message).help("only the builtin functions can be called").into());
        };
        if arguments.len() != method.takes.len() {
            return self.fail(at, wrong_count(method.name, method.takes.len(), method.takes.len(), arguments.len()));
        }
        let operands: Vec<_> = arguments.iter().collect();
        for (argument, wanted) in arguments.iter().zip(method.takes) {
            let zero = argument.is_nil();
            if !zero && !static_type(argument).same(wanted) {
                return self.fail_on(
                    at,
                    &operands,
                    format!("`{}` cannot take a value of type {}", method.name, argument.type_name()),
                );
            }
            if zero || matches!(argument, Value::Unknown(..)) {
                let name = if let Value::Unknown(_, name) = argument { name.clone() } else { method.name.into() };
                return Err(Stop::Unknown(name));
            }
        }
        let value = match &**receiver {
            Value::Unknown(_, name) => return Err(Stop::Unknown(name.clone())),
            Value::Time(moment) => time_method(moment, method, arguments),
            Value::Duration(span) => duration_method(*span, method, arguments),
            Value::Month(month) => Some(Value::string(show::month_name(*month).to_owned())),
            Value::Weekday(day) => Some(Value::string(show::weekday_name(*day).to_owned())),
            Value::Location(name, _) => Some(Value::string(name.to_string())),
            _ => None,
        };
        value.ok_or_else(|| Stop::Unknown(method.name.into()))
    }
}

/// A method of a time; `None` for what is not worked out here or only the server knows.
fn time_method<'v>(moment: &Moment, method: &Method, arguments: &[Value<'v>]) -> Option<Value<'v>> {
    let civil = moment.civil();
    let int = |value: i64| Some(Value::Int(value));
    let long = |value: i64| Some(Value::Sized(Width::Int64, value));
    Some(match (method.name, arguments) {
        ("Year" | "Date", []) => Value::Int(civil.year),
        ("ISOWeek", []) => Value::Int(moment.iso_week().0),
        ("Month", []) => Value::Month(civil.month as u8),
        ("Day", []) => Value::Int(civil.day),
        ("Hour" | "Clock", []) => Value::Int(civil.hour),
        ("Minute", []) => Value::Int(civil.minute),
        ("Second", []) => Value::Int(civil.second),
        ("Nanosecond", []) => Value::Int(i64::from(moment.nanos)),
        ("YearDay", []) => return int(moment.day_of_year()),
        ("Weekday", []) => Value::Weekday(moment.weekday()),
        ("Unix", []) => return long(moment.seconds),
        ("UnixMilli", []) => {
            return long(moment.seconds.wrapping_mul(1000).wrapping_add(i64::from(moment.nanos / 1_000_000)));
        }
        ("UnixMicro", []) => {
            return long(moment.seconds.wrapping_mul(1_000_000).wrapping_add(i64::from(moment.nanos / 1000)));
        }
        ("UnixNano", []) => {
            return long(moment.seconds.wrapping_mul(1_000_000_000).wrapping_add(i64::from(moment.nanos)));
        }
        ("IsZero", []) => Value::Bool(moment.is_zero()),
        ("IsDST", []) if &*moment.zone == "UTC" => Value::Bool(false),
        ("UTC", []) => Value::Time(Moment::utc(moment.seconds, moment.nanos)),
        ("In", [Value::Location(name, 0)]) if &**name == "UTC" => {
            Value::Time(Moment::utc(moment.seconds, moment.nanos))
        }
        ("Location", []) if &*moment.zone == "UTC" => Value::Location("UTC".into(), 0),
        ("Zone", []) if &*moment.zone == "UTC" => Value::string("UTC".to_owned()),
        ("After", [Value::Time(other)]) => Value::Bool(moment.instant() > other.instant()),
        ("Before", [Value::Time(other)]) => Value::Bool(moment.instant() < other.instant()),
        ("Equal", [Value::Time(other)]) => Value::Bool(moment.same_instant(other)),
        ("Compare", [Value::Time(other)]) => Value::Int(moment.instant().cmp(&other.instant()) as i64),
        ("Sub", [Value::Time(other)]) => Value::Duration(moment.minus(other)),
        ("Add", [Value::Duration(span)]) => Value::Time(moment.plus(*span)),
        ("AddDate", [Value::Int(years), Value::Int(months), Value::Int(days)]) => {
            Value::Time(moment.add_date(*years, *months, *days)?)
        }
        ("Format", [Value::Text(text)]) => {
            Value::string(layout::format(std::str::from_utf8(text.bytes()).ok()?, moment)?)
        }
        ("String", []) => Value::string(show::moment(moment)?),
        _ => return None,
    })
}

fn duration_method<'v>(span: i64, method: &Method, arguments: &[Value<'v>]) -> Option<Value<'v>> {
    let float = |unit: i64| Value::Float((span / unit) as f64 + (span % unit) as f64 / unit as f64);
    Some(match (method.name, arguments) {
        ("Hours", []) => float(3_600_000_000_000),
        ("Minutes", []) => float(60_000_000_000),
        ("Seconds", []) => float(1_000_000_000),
        ("Milliseconds", []) => Value::Sized(Width::Int64, span / 1_000_000),
        ("Microseconds", []) => Value::Sized(Width::Int64, span / 1000),
        ("Nanoseconds", []) => Value::Sized(Width::Int64, span),
        ("Abs", []) => Value::Duration(span.checked_abs().unwrap_or(i64::MAX)),
        ("String", []) => Value::string(format_duration(span)),
        ("Truncate", [Value::Duration(unit)]) => Value::Duration(if *unit <= 0 { span } else { span - span % unit }),
        ("Round", [Value::Duration(unit)]) => Value::Duration(round(span, *unit)),
        _ => return None,
    })
}

/// The nearest multiple of `unit`, halves away from zero.
fn round(span: i64, unit: i64) -> i64 {
    if unit <= 0 {
        return span;
    }
    let rest = i128::from(span % unit).abs();
    let down = i128::from(span) - i128::from(span % unit);
    let step = if span < 0 { -i128::from(unit) } else { i128::from(unit) };
    let near = if rest * 2 < i128::from(unit) { down } else { down + step };
    near.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}
