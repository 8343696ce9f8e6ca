//! The values an expression computes with: Go's, so texts are bytes (an index or a slice may cut a character) and integers have
//! types.

use super::method::Method;
use super::time::Moment;
use super::ty::{MapTy, Width};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value<'v> {
    Nil,
    Bool(bool),
    Int(i64),
    /// An integer of another Go type, equal to an `int` of the same value but not the same key of a map.
    Sized(Width, i64),
    Float(f64),
    Text(Text<'v>),
    List(List<'v>),
    Map(Rc<Map<'v>>),
    /// The whole environment, `$env`.
    Environment,
    Time(Moment),
    /// Nanoseconds.
    Duration(i64),
    /// From 1.
    Month(u8),
    /// From Sunday, 0.
    Weekday(u8),
    /// UTC or a fixed offset in seconds, and the name.
    Location(Rc<str>, i32),
    /// A method and its receiver.
    Method(Rc<Value<'v>>, &'static Method),
    /// A value that only the server knows, never nil: of what shape, and because of what.
    Unknown(Shape, Rc<str>),
}

/// What is known of a value that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Bool,
    Int,
    Float,
    Text,
    Time,
}

/// A string's bytes.
#[derive(Clone, Debug)]
pub(super) enum Text<'v> {
    Borrowed(&'v [u8]),
    Shared(Rc<[u8]>),
}

impl Text<'_> {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// A Go slice or array.
#[derive(Clone, Debug)]
pub(super) struct List<'v> {
    pub(super) ty: ListTy,
    pub(super) items: Rc<[Value<'v>]>,
    /// A slice that was never made: empty, and equal to nil.
    pub(super) nil: bool,
    /// Go walks a map in a new order each time: the items are known, their order is not.
    pub(super) unordered: bool,
}

/// The Go type of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListTy {
    Any,
    Text,
    Int,
    Byte,
    /// `[2]any`.
    Pair,
    /// `[][2]any`.
    Pairs,
}

impl<'v> List<'v> {
    pub(super) fn new(ty: ListTy, items: Vec<Value<'v>>) -> Self {
        Self { ty, items: items.into(), nil: false, unordered: false }
    }

    /// Whether an order that is not known can matter.
    pub(super) fn is_shuffled(&self) -> bool {
        self.unordered && self.items.len() > 1
    }
}

/// A Go map.
#[derive(Clone, Debug)]
pub(super) struct Map<'v> {
    pub(super) ty: MapTy,
    pub(super) entries: BTreeMap<Key, (Value<'v>, Value<'v>)>,
}

impl<'v> Map<'v> {
    pub(super) fn new(ty: MapTy) -> Self {
        Self { ty, entries: BTreeMap::new() }
    }

    /// Sets `key`, which must be hashable.
    pub(super) fn insert(&mut self, key: Value<'v>, value: Value<'v>) -> bool {
        let Some(hash) = Key::of(&key) else { return false };
        self.entries.insert(hash, (key, value));
        true
    }
}

/// A value as a key: equal where Go's `==` says so, type included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Nil,
    Bool(bool),
    Int(i64),
    Sized(u8, i64),
    Float(u64),
    Text(Box<[u8]>),
    Time(Moment),
    Duration(i64),
    Month(u8),
    Weekday(u8),
    Location(Box<str>),
    Pair(Box<[Key]>),
}

impl Key {
    /// The key that `value` is, if Go can hash it.
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Nil => Self::Nil,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Sized(width, value) => Self::Sized(*width as u8, *value),
            Value::Float(value) => Self::Float((value + 0.0).to_bits()),
            Value::Text(text) => Self::Text(text.bytes().into()),
            Value::Time(moment) => Self::Time(moment.clone()),
            Value::Duration(value) => Self::Duration(*value),
            Value::Month(value) => Self::Month(*value),
            Value::Weekday(value) => Self::Weekday(*value),
            Value::Location(name, _) => Self::Location((**name).into()),
            Value::List(list) if list.ty == ListTy::Pair => {
                Self::Pair(list.items.iter().map(Self::of).collect::<Option<_>>()?)
            }
            Value::List(_) | Value::Map(_) | Value::Environment | Value::Method(..) | Value::Unknown(..) => {
                return None;
            }
        })
    }
}

impl Value<'_> {
    pub(super) fn text(text: impl Into<Rc<[u8]>>) -> Self {
        Self::Text(Text::Shared(text.into()))
    }

    pub(super) fn string(text: String) -> Self {
        Self::text(text.into_bytes())
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(List::new(ListTy::Any, items))
    }

    /// The integer, of any of Go's own integer types.
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Sized(_, value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a float.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            _ => self.integer().map(|value| value as f64),
        }
    }

    /// The number as an index: floats lose their fraction, as in Go on amd64.
    pub(super) fn index(&self) -> Option<i64> {
        match self {
            Self::Float(value) => Some(truncate(*value)),
            _ => self.integer(),
        }
    }

    /// Whether it is nil, typed or not.
    pub(super) fn is_nil(&self) -> bool {
        matches!(self, Self::Nil) || matches!(self, Self::List(list) if list.nil)
    }

    /// The name of its type, for messages.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) | Self::Unknown(Shape::Bool, _) => "bool",
            Self::Int(_) | Self::Unknown(Shape::Int, _) => "int",
            Self::Sized(Width::Int64, _) => "int64",
            Self::Sized(Width::Uint8, _) => "byte",
            Self::Float(_) | Self::Unknown(Shape::Float, _) => "float",
            Self::Text(_) | Self::Unknown(Shape::Text, _) => "string",
            Self::List(_) => "array",
            Self::Map(_) | Self::Environment => "map",
            Self::Time(_) | Self::Unknown(Shape::Time, _) => "time",
            Self::Duration(_) => "duration",
            Self::Month(_) => "month",
            Self::Weekday(_) => "weekday",
            Self::Location(..) => "time zone",
            Self::Method(..) => "function",
        }
    }
}

/// A float as an integer, as Go converts it on amd64: what does not fit is the least integer.
pub(super) fn truncate(value: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) { value as i64 } else { i64::MIN }
}
