//! Operators on values, without unknown ones: equality, order, arithmetic, membership.

use super::tree::Binary;
use super::ty::{MapTy, Width};
use super::value::{Key, List, ListTy, Map, Shape, Text, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// How deep two values are compared. Nothing in the language nests deeper: its own nesting is bounded, and so is JSON's.
const MAX_DEPTH: usize = 500;

/// Three answers: yes, no, or that hangs on something only the server knows.
#[derive(Clone, Debug)]
pub(super) enum Truth {
    Known(bool),
    Unknown(Rc<str>),
}

impl Truth {
    pub(super) fn value<'v>(self) -> Value<'v> {
        match self {
            Self::Known(known) => Value::Bool(known),
            Self::Unknown(name) => Value::Unknown(Shape::Bool, name),
        }
    }

    /// `self && other()`.
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Known(true) => other(),
            Self::Known(false) => Self::Known(false),
            Self::Unknown(name) => match other() {
                Self::Known(false) => Self::Known(false),
                _ => Self::Unknown(name),
            },
        }
    }
}

/// `a == b`. Values of types that have no common equality are different, never an error.
pub(super) fn equal(a: &Value<'_>, b: &Value<'_>) -> Truth {
    equal_at(a, b, 0, false)
}

fn equal_at(a: &Value<'_>, b: &Value<'_>, depth: usize, strict: bool) -> Truth {
    if depth > MAX_DEPTH {
        return Truth::Known(false);
    }
    let known = Truth::Known;
    match (a, b) {
        (Value::Unknown(shape, name), other) | (other, Value::Unknown(shape, name)) => {
            if could_equal(*shape, other) {
                Truth::Unknown(name.clone())
            } else {
                known(false)
            }
        }
        (Value::Nil, Value::Nil) => known(true),
        (Value::Bool(a), Value::Bool(b)) => known(a == b),
        (Value::Text(a), Value::Text(b)) => known(a.bytes() == b.bytes()),
        (Value::Time(a), Value::Time(b)) => known(a.same_instant(b)),
        (Value::Duration(a), Value::Duration(b)) => known(a == b),
        (Value::Month(a), Value::Month(b)) | (Value::Weekday(a), Value::Weekday(b)) => known(a == b),
        (Value::Location(a, _), Value::Location(b, _)) => known(a == b),
        (Value::Environment, Value::Environment) => known(true),
        (Value::List(a), Value::List(b)) => {
            // `[]any` compares with any slice item by item; other pairs of types only with themselves.
            let loose = !strict && (a.ty == ListTy::Any && b.ty.is_slice() || b.ty == ListTy::Any && a.ty.is_slice());
            if !(loose || a.ty == b.ty) || a.items.len() != b.items.len() || !loose && a.nil != b.nil {
                return known(false);
            }
            if a.is_shuffled() || b.is_shuffled() {
                return Truth::Unknown("keys".into());
            }
            let pairs = a.items.iter().zip(b.items.iter());
            pairs.fold(known(true), |so_far, (a, b)| so_far.and(|| equal_at(a, b, depth + 1, strict || !loose)))
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.ty != b.ty || a.entries.len() != b.entries.len() {
                return known(false);
            }
            a.entries.iter().fold(known(true), |so_far, (key, (_, value))| {
                so_far.and(|| match b.entries.get(key) {
                    Some((_, other)) => equal_at(value, other, depth + 1, true),
                    None => known(false),
                })
            })
        }
        (a, b) if a.is_nil() && b.is_nil() => known(true),
        (Value::Int(a), Value::Int(b)) => known(a == b),
        (Value::Sized(x, _), Value::Sized(y, _)) if strict && x != y => known(false),
        (Value::Int(_), Value::Sized(..)) | (Value::Sized(..), Value::Int(_)) if strict => known(false),
        _ => match (a.integer(), b.integer()) {
            (Some(a), Some(b)) => known(a == b),
            (a_int, b_int) if strict && (a_int.is_some() || b_int.is_some()) => known(false),
            _ => known(matches!((a.number(), b.number()), (Some(a), Some(b)) if a == b)),
        },
    }
}

fn could_equal(shape: Shape, other: &Value<'_>) -> bool {
    match (shape, other) {
        (Shape::Bool, Value::Bool(_)) | (Shape::Text, Value::Text(_)) | (Shape::Time, Value::Time(_)) => true,
        (Shape::Int | Shape::Float, other) if other.number().is_some() => true,
        (a, Value::Unknown(b, _)) => {
            a == *b || matches!((a, b), (Shape::Int | Shape::Float, Shape::Int | Shape::Float))
        }
        _ => false,
    }
}

impl ListTy {
    fn is_slice(self) -> bool {
        matches!(self, Self::Any | Self::Text | Self::Int | Self::Byte)
    }
}

/// The order of two values, `None` for a float that is no number; an error where Go has no order for the types.
pub(super) fn order(a: &Value<'_>, b: &Value<'_>) -> Result<Option<Ordering>, ()> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Ok(Some(a.bytes().cmp(b.bytes()))),
        (Value::Time(a), Value::Time(b)) => Ok(Some(a.instant().cmp(&b.instant()))),
        (Value::Duration(a), Value::Duration(b)) => Ok(Some(a.cmp(b))),
        _ => match (a.integer(), b.integer()) {
            (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
            _ => match (a.number(), b.number()) {
                (Some(a), Some(b)) => Ok(a.partial_cmp(&b)),
                _ => Err(()),
            },
        },
    }
}

/// Whether an order comparison holds.
pub(super) fn holds(operator: Binary, order: Option<Ordering>) -> bool {
    match (operator, order) {
        (_, None) => false,
        (Binary::Less, Some(order)) => order.is_lt(),
        (Binary::LessOrEqual, Some(order)) => order.is_le(),
        (Binary::Greater, Some(order)) => order.is_gt(),
        (_, Some(order)) => order.is_ge(),
    }
}

/// `a + b`, `a - b` and so on; `None` where Go has no such operation. Texts are the caller's.
pub(super) fn arithmetic<'v>(operator: Binary, a: &Value<'v>, b: &Value<'v>) -> Option<Value<'v>> {
    match (operator, a, b) {
        (Binary::Add, Value::Time(time), Value::Duration(span))
        | (Binary::Add, Value::Duration(span), Value::Time(time)) => {
            return Some(Value::Time(time.plus(*span)));
        }
        (Binary::Subtract, Value::Time(time), Value::Duration(span)) => {
            return Some(Value::Time(time.plus(span.wrapping_neg())));
        }
        (Binary::Subtract, Value::Time(a), Value::Time(b)) => return Some(Value::Duration(a.minus(b))),
        (Binary::Add, Value::Duration(a), Value::Duration(b)) => return Some(Value::Duration(a.wrapping_add(*b))),
        (Binary::Subtract, Value::Duration(a), Value::Duration(b)) => return Some(Value::Duration(a.wrapping_sub(*b))),
        (Binary::Multiply, Value::Duration(a), Value::Duration(b)) => return Some(Value::Duration(a.wrapping_mul(*b))),
        (Binary::Multiply, Value::Duration(span), number) | (Binary::Multiply, number, Value::Duration(span)) => {
            return Some(match number {
                Value::Float(factor) => Value::Float(factor * *span as f64),
                _ => Value::Duration(span.wrapping_mul(number.integer()?)),
            });
        }
        _ => {}
    }
    match operator {
        Binary::Divide => return Some(Value::Float(a.number()? / b.number()?)),
        Binary::Power => return Some(Value::Float(power(a.number()?, b.number()?))),
        Binary::Modulo => {
            let (a, b) = (a.integer()?, b.integer()?);
            return (b != 0).then(|| Value::Int(a.wrapping_rem(b)));
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (a.integer(), b.integer()) {
        return Some(Value::Int(match operator {
            Binary::Add => a.wrapping_add(b),
            Binary::Subtract => a.wrapping_sub(b),
            _ => a.wrapping_mul(b),
        }));
    }
    let (a, b) = (a.number()?, b.number()?);
    Some(Value::Float(match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        _ => a * b,
    }))
}

/// `a ** b`.
pub(super) fn power(a: f64, b: f64) -> f64 {
    a.powf(b)
}

/// Whether a list holds an item equal to `needle`.
pub(super) fn list_has(list: &List<'_>, needle: &Value<'_>) -> Truth {
    let mut doubt = None;
    for item in list.items.iter() {
        match equal(item, needle) {
            Truth::Known(true) => return Truth::Known(true),
            Truth::Known(false) => {}
            Truth::Unknown(name) => doubt = doubt.or(Some(name)),
        }
    }
    doubt.map_or(Truth::Known(false), Truth::Unknown)
}

/// The value at `key`; an error for a key of a type that the map cannot have. `nil` is the zero of the key's type.
pub(super) fn map_get<'m, 'v>(map: &'m Map<'v>, key: &Value<'v>) -> Result<Option<&'m Value<'v>>, ()> {
    let key = map_key(map.ty, key)?;
    Ok(map.entries.get(&key).map(|(_, value)| value))
}

fn map_key(ty: MapTy, key: &Value<'_>) -> Result<Key, ()> {
    match (ty, key) {
        (MapTy::Text, Value::Nil) => Ok(Key::Text(Box::default())),
        (MapTy::Text, Value::Text(text)) => Ok(Key::Text(text.bytes().into())),
        (MapTy::Text, _) => Err(()),
        (_, key) => Key::of(key).ok_or(()),
    }
}

/// The item of a list or the byte of a string at `index`, which counts from the end if it is negative.
pub(super) fn at<'v>(base: &Value<'v>, index: i64) -> Option<Value<'v>> {
    let length = match base {
        Value::List(list) => list.items.len(),
        Value::Text(text) => text.bytes().len(),
        _ => return None,
    };
    let index = if index < 0 { index.checked_add(length as i64)? } else { index };
    let index = usize::try_from(index).ok()?;
    match base {
        Value::List(list) => list.items.get(index).cloned(),
        Value::Text(text) => text.bytes().get(index).map(|&byte| Value::Sized(Width::Uint8, byte.into())),
        _ => None,
    }
}

/// `base[from:to]`; `None` where `base` cannot be sliced.
pub(super) fn slice<'v>(base: &Value<'v>, from: i64, to: i64) -> Option<Value<'v>> {
    let length = match base {
        Value::List(list) => list.items.len(),
        Value::Text(text) => text.bytes().len(),
        _ => return None,
    } as i64;
    let clamp = |index: i64| if index < 0 { index.saturating_add(length).max(0) } else { index };
    let to = clamp(to).min(length);
    let from = clamp(from).min(to);
    let range = from as usize..to as usize;
    Some(match base {
        Value::Text(Text::Borrowed(bytes)) => Value::Text(Text::Borrowed(bytes.get(range)?)),
        Value::Text(text) => Value::text(text.bytes().get(range)?),
        Value::List(list) => {
            let ty = if list.ty == ListTy::Pair { ListTy::Any } else { list.ty };
            let items = Rc::from(list.items.get(range)?);
            Value::List(List { ty, items, nil: list.nil, unordered: list.unordered })
        }
        _ => return None,
    })
}
