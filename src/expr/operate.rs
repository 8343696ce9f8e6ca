//! The operators of a running program, where an operand may be unknown or of the wrong type.

use super::code::At;
use super::eval::{Machine, Result, Stop};
use super::function;
use super::ops;
use super::pattern;
use super::tree::Binary;
use super::ty::MapTy;
use super::value::{Shape, Text, Value};
use crate::env::Lookup;
use std::borrow::Cow;
use std::rc::Rc;

impl<'v> Machine<'v> {
    pub(super) fn order(&mut self, at: At, operator: Binary, a: &Value<'v>, b: &Value<'v>) -> Result<'v> {
        if let Some(name) = doubt_between(a, b, ordered_class) {
            return Ok(Value::Unknown(Shape::Bool, name));
        }
        match ops::order(a, b) {
            Ok(order) => Ok(Value::Bool(ops::holds(operator, order))),
            Err(()) => self.mismatch(at, operator, a, b),
        }
    }

    fn mismatch<T>(&self, at: At, operator: Binary, a: &Value<'v>, b: &Value<'v>) -> Result<'v, T> {
        let (symbol, a, b) = (operator.symbol(), a.type_name(), b.type_name());
        self.fail(at, format!("`{symbol}` cannot stand between values of types {a} and {b}"))
    }

    pub(super) fn arithmetic(&mut self, at: At, operator: Binary, a: &Value<'v>, b: &Value<'v>) -> Result<'v> {
        if let (Binary::Add, Value::Text(a), Value::Text(b)) = (operator, a, b) {
            let (a, b) = (a.bytes(), b.bytes());
            self.work(at, a.len() + b.len())?;
            return Ok(Value::text([a, b].concat()));
        }
        if let Some(name) = doubt_between(a, b, ordered_class) {
            return match (class(a), operator) {
                (Some(Class::Text), Binary::Add) => Ok(Value::Unknown(Shape::Text, name)),
                (Some(Class::Number), Binary::Modulo) | (Some(Class::Time), _) => Err(Stop::Unknown(name)),
                (Some(Class::Number), _) => {
                    let is_float =
                        |value: &Value<'_>| matches!(value, Value::Float(_) | Value::Unknown(Shape::Float, _));
                    let shape = if is_float(a) || is_float(b) { Shape::Float } else { Self::doubt(operator) };
                    Ok(Value::Unknown(shape, name))
                }
                _ => self.mismatch(at, operator, a, b),
            };
        }
        if let (Value::Unknown(Shape::Time, name), _) | (_, Value::Unknown(Shape::Time, name)) = (a, b) {
            return Err(Stop::Unknown(name.clone()));
        }
        match ops::arithmetic(operator, a, b) {
            Some(value) => Ok(value),
            None => self.mismatch(at, operator, a, b),
        }
    }

    pub(super) fn contains(&mut self, at: At, operator: Binary, a: &Value<'v>, b: &Value<'v>) -> Result<'v> {
        if a.is_nil() || b.is_nil() {
            return Ok(Value::Bool(false));
        }
        if let Some(name) = doubt_between(a, b, |class| class == Class::Text) {
            return Ok(Value::Unknown(Shape::Bool, name));
        }
        let (Value::Text(a_text), Value::Text(b_text)) = (a, b) else { return self.mismatch(at, operator, a, b) };
        let (a, b) = (a_text.bytes(), b_text.bytes());
        self.work(at, a.len())?;
        Ok(Value::Bool(match operator {
            Binary::StartsWith => a.starts_with(b),
            Binary::EndsWith => a.ends_with(b),
            _ => memchr::memmem::find(a, b).is_some(),
        }))
    }

    pub(super) fn matches(&mut self, at: At, a: &Value<'v>, b: &Value<'v>) -> Result<'v> {
        if a.is_nil() || b.is_nil() {
            return Ok(Value::Bool(false));
        }
        let subject = match a {
            Value::Unknown(..) => return self.fail_on(at, &[a], ""),
            a => subject(a),
        };
        let (Some(subject), Value::Text(text)) = (subject, b) else {
            return if matches!(b, Value::Unknown(..)) {
                self.fail_on(at, &[b], "")
            } else {
                self.mismatch(at, Binary::Matches, a, b)
            };
        };
        let Ok(text) = std::str::from_utf8(text.bytes()) else {
            return self.fail(at, "the pattern is not valid UTF-8");
        };
        self.work(at, subject.len() + text.len() * 64)?;
        match pattern::compile(text) {
            Ok(regex) => Ok(Value::Bool(pattern::is_match(&regex, &subject))),
            Err(message) => self.fail(at, message),
        }
    }

    pub(super) fn membership(&mut self, at: At, needle: &Value<'v>, hay: &Value<'v>) -> Result<'v> {
        self.work(at, function::weight(hay))?;
        match (needle, hay) {
            (_, Value::Nil) => Ok(Value::Bool(false)),
            (needle, Value::List(list)) => Ok(ops::list_has(list, needle).value()),
            (Value::Unknown(shape, name), Value::Map(map)) => {
                let possible = map.ty != MapTy::Text || *shape == Shape::Text;
                if possible {
                    Ok(Value::Unknown(Shape::Bool, name.clone()))
                } else {
                    self.mismatch(at, Binary::In, needle, hay)
                }
            }
            (needle, Value::Map(map)) => match ops::map_get(map, needle) {
                Ok(found) => Ok(Value::Bool(found.is_some())),
                Err(()) => self.mismatch(at, Binary::In, needle, hay),
            },
            (Value::Text(name), Value::Environment) => {
                let name = String::from_utf8_lossy(name.bytes());
                Ok(Value::Bool(self.env.lookup(&name) != Lookup::Missing))
            }
            (Value::Nil, Value::Environment) => Ok(Value::Bool(self.env.lookup("") != Lookup::Missing)),
            (Value::Text(name), Value::Time(_) | Value::Unknown(Shape::Time, _)) => {
                Ok(Value::Bool(self.has_hidden_field(name.bytes(), &[b"wall", b"ext", b"loc"])))
            }
            (Value::Text(name), Value::Location(..)) => {
                let fields: [&[u8]; 7] = [b"name", b"zone", b"tx", b"extend", b"cacheStart", b"cacheEnd", b"cacheZone"];
                Ok(Value::Bool(self.has_hidden_field(name.bytes(), &fields)))
            }
            (needle, hay) => {
                let unknown = matches!(needle, Value::Unknown(..)) && matches!(hay, Value::Environment);
                if unknown { self.fail_on(at, &[needle], "") } else { self.mismatch(at, Binary::In, needle, hay) }
            }
        }
    }

    /// Whether `in` finds a field of a Go struct, none of which is exported here.
    fn has_hidden_field(&self, name: &[u8], fields: &[&[u8]]) -> bool {
        self.dialect.sees_hidden_fields() && fields.contains(&name)
    }

    pub(super) fn member(&mut self, at: At, base: &Value<'v>, key: &Value<'v>) -> Result<'v> {
        let no_item = || format!("a value of type {} has no such item", base.type_name());
        if let Value::Text(name) = key
            && let Ok(name) = std::str::from_utf8(name.bytes())
            && let Some(method) = super::method::find(&function::static_type(base), name)
        {
            return Ok(Value::Method(Rc::new(base.clone()), method));
        }
        match base {
            Value::Unknown(..) => self.fail_on(at, &[base], ""),
            Value::List(_) | Value::Text(_) => {
                let Some(index) = key.index() else {
                    return self.fail_on(
                        at,
                        &[key],
                        format!("an index must be an integer, not of type {}", key.type_name()),
                    );
                };
                match ops::at(base, index) {
                    Some(_) if matches!(base, Value::List(list) if list.is_shuffled()) => {
                        Err(Stop::Unknown("keys".into()))
                    }
                    Some(item) => Ok(item),
                    None => self.fail(at, format!("index {index} is out of range")),
                }
            }
            Value::Map(map) => match (ops::map_get(map, key), map.ty) {
                (Ok(Some(value)), _) => Ok(value.clone()),
                (Ok(None), MapTy::Groups) => Ok(function::nil_list()),
                (Ok(None), _) => Ok(Value::Nil),
                (Err(()), _) => self.fail_on(at, &[key], format!("a key cannot be of type {}", key.type_name())),
            },
            Value::Environment => match key {
                Value::Text(name) => Ok(self.environment(name)),
                Value::Nil => Ok(self.environment(&Text::Borrowed(b""))),
                key => self.fail_on(at, &[key], "a variable's name must be a string"),
            },
            _ => self.fail_on(at, &[key], no_item()),
        }
    }

    pub(super) fn environment(&self, name: &Text<'v>) -> Value<'v> {
        let name = String::from_utf8_lossy(name.bytes());
        match self.env.lookup(&name) {
            Lookup::Known(value) => Value::text(value.as_bytes()),
            Lookup::Missing => Value::Text(Text::Borrowed(b"")),
            Lookup::Unknown(_) => Value::Unknown(Shape::Text, Rc::from(&*name)),
        }
    }

    pub(super) fn slice(
        &mut self,
        at: At,
        base: &Value<'v>,
        from: Option<&Value<'v>>,
        to: Option<&Value<'v>>,
    ) -> Result<'v> {
        let operands: Vec<_> = [Some(base), from, to].into_iter().flatten().collect();
        let bound = |value: Option<&Value<'v>>, open| value.map_or(Some(open), Value::index);
        let (Some(from), Some(to)) = (bound(from, 0), bound(to, i64::MAX)) else {
            return self.fail_on(at, &operands, "an index must be an integer");
        };
        if matches!(base, Value::List(list) if list.is_shuffled()) {
            return Err(Stop::Unknown("keys".into()));
        }
        self.work(at, function::weight(base))?;
        match ops::slice(base, from, to) {
            Some(value) => Ok(value),
            None => self.fail_on(at, &operands, format!("a value of type {} cannot be sliced", base.type_name())),
        }
    }
}

/// The classes of values between which there is an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Text,
    Number,
    Time,
}

fn class(value: &Value<'_>) -> Option<Class> {
    match value {
        Value::Text(_) | Value::Unknown(Shape::Text, _) => Some(Class::Text),
        Value::Time(_) | Value::Unknown(Shape::Time, _) => Some(Class::Time),
        Value::Int(_) | Value::Sized(..) | Value::Float(_) | Value::Unknown(Shape::Int | Shape::Float, _) => {
            Some(Class::Number)
        }
        _ => None,
    }
}

fn ordered_class(_: Class) -> bool {
    true
}

/// What is not known of two values of one class.
fn doubt_between(a: &Value<'_>, b: &Value<'_>, wanted: impl Fn(Class) -> bool) -> Option<Rc<str>> {
    let ((Value::Unknown(_, name), _) | (_, Value::Unknown(_, name))) = (a, b) else { return None };
    (class(a) == class(b) && class(a).is_some_and(wanted)).then(|| name.clone())
}

/// The bytes that a pattern looks at: a string's, or those of a bytes literal.
pub(super) fn subject<'a>(value: &'a Value<'_>) -> Option<Cow<'a, [u8]>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text.bytes())),
        Value::List(list) if list.ty == super::value::ListTy::Byte => {
            Some(list.items.iter().map(|byte| byte.integer().unwrap_or(0) as u8).collect())
        }
        _ => None,
    }
}
