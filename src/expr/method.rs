//! The methods of times, durations and their parts: the only values in the language that have any.

use super::ty::{Item, Ty, Width};

/// A method: its name and the types it takes and gives.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) takes: &'static [Ty],
    pub(super) gives: &'static [Ty],
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Method {}

const fn method(name: &'static str, takes: &'static [Ty], gives: &'static [Ty]) -> Method {
    Method { name, takes, gives }
}

const INT64: Ty = Ty::Sized(Width::Int64);
const BYTES: Ty = Ty::List(Item::Byte, None);

/// A Go error, which is nothing that an expression can work with.
const ERROR: Ty = Ty::Nil;

static TIME: &[Method] = &[
    method("Add", &[Ty::Duration], &[Ty::Time]),
    method("AddDate", &[Ty::Int, Ty::Int, Ty::Int], &[Ty::Time]),
    method("After", &[Ty::Time], &[Ty::Bool]),
    method("AppendBinary", &[BYTES], &[BYTES, ERROR]),
    method("AppendFormat", &[BYTES, Ty::Text], &[BYTES]),
    method("AppendText", &[BYTES], &[BYTES, ERROR]),
    method("Before", &[Ty::Time], &[Ty::Bool]),
    method("Clock", &[], &[Ty::Int, Ty::Int, Ty::Int]),
    method("Compare", &[Ty::Time], &[Ty::Int]),
    method("Date", &[], &[Ty::Int, Ty::Month, Ty::Int]),
    method("Day", &[], &[Ty::Int]),
    method("Equal", &[Ty::Time], &[Ty::Bool]),
    method("Format", &[Ty::Text], &[Ty::Text]),
    method("GoString", &[], &[Ty::Text]),
    method("GobEncode", &[], &[BYTES, ERROR]),
    method("Hour", &[], &[Ty::Int]),
    method("ISOWeek", &[], &[Ty::Int, Ty::Int]),
    method("In", &[Ty::Location], &[Ty::Time]),
    method("IsDST", &[], &[Ty::Bool]),
    method("IsZero", &[], &[Ty::Bool]),
    method("Local", &[], &[Ty::Time]),
    method("Location", &[], &[Ty::Location]),
    method("MarshalBinary", &[], &[BYTES, ERROR]),
    method("MarshalJSON", &[], &[BYTES, ERROR]),
    method("MarshalText", &[], &[BYTES, ERROR]),
    method("Minute", &[], &[Ty::Int]),
    method("Month", &[], &[Ty::Month]),
    method("Nanosecond", &[], &[Ty::Int]),
    method("Round", &[Ty::Duration], &[Ty::Time]),
    method("Second", &[], &[Ty::Int]),
    method("String", &[], &[Ty::Text]),
    method("Sub", &[Ty::Time], &[Ty::Duration]),
    method("Truncate", &[Ty::Duration], &[Ty::Time]),
    method("UTC", &[], &[Ty::Time]),
    method("Unix", &[], &[INT64]),
    method("UnixMicro", &[], &[INT64]),
    method("UnixMilli", &[], &[INT64]),
    method("UnixNano", &[], &[INT64]),
    method("Weekday", &[], &[Ty::Weekday]),
    method("Year", &[], &[Ty::Int]),
    method("YearDay", &[], &[Ty::Int]),
    method("Zone", &[], &[Ty::Text, Ty::Int]),
    method("ZoneBounds", &[], &[Ty::Time, Ty::Time]),
];

static DURATION: &[Method] = &[
    method("Abs", &[], &[Ty::Duration]),
    method("Hours", &[], &[Ty::Float]),
    method("Microseconds", &[], &[INT64]),
    method("Milliseconds", &[], &[INT64]),
    method("Minutes", &[], &[Ty::Float]),
    method("Nanoseconds", &[], &[INT64]),
    method("Round", &[Ty::Duration], &[Ty::Duration]),
    method("Seconds", &[], &[Ty::Float]),
    method("String", &[], &[Ty::Text]),
    method("Truncate", &[Ty::Duration], &[Ty::Duration]),
];

static NAMED: &[Method] = &[method("String", &[], &[Ty::Text])];

/// The method `name` of a value of type `ty`.
pub(super) fn find(ty: &Ty, name: &str) -> Option<&'static Method> {
    let methods = match ty {
        Ty::Time => TIME,
        Ty::Duration => DURATION,
        Ty::Month | Ty::Weekday | Ty::Location => NAMED,
        _ => return None,
    };
    methods.iter().find(|method| method.name == name)
}
