//! The builtins that take plain values: which one, and the ones over arrays and maps. Texts, numbers and times have files of their own.

use super::builtin::Builtin;
use super::code::At;
use super::eval::{Machine, Result, Stop};
use super::ops::{self, Truth};
use super::text;
use super::ty::{Item, MapTy, Ty, Width};
use super::value::{Key, List, ListTy, Map, Shape, Text, Value};
use crate::env::Lookup;
use std::rc::Rc;

/// How deep arrays in arrays are followed.
const MAX_DEPTH: usize = 300;

/// A list of any items.
pub(super) fn list(items: Vec<Value<'_>>, unordered: bool) -> Value<'_> {
    Value::List(List { unordered, ..List::new(ListTy::Any, items) })
}

/// A slice that was never made.
pub(super) fn nil_list<'v>() -> Value<'v> {
    Value::List(List { nil: true, ..List::new(ListTy::Any, Vec::new()) })
}

/// About how much work it is to read all of a value.
pub(super) fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.bytes().len() / 8,
        Value::List(list) => list.items.len(),
        _ => 1,
    }
}

/// The static type that a value would have, as far as methods go by it.
pub(super) fn static_type(value: &Value<'_>) -> Ty {
    match value {
        Value::Time(_) | Value::Unknown(Shape::Time, _) => Ty::Time,
        Value::Duration(_) => Ty::Duration,
        Value::Month(_) => Ty::Month,
        Value::Weekday(_) => Ty::Weekday,
        Value::Location(..) => Ty::Location,
        Value::Nil => Ty::Nil,
        Value::Bool(_) => Ty::Bool,
        Value::Int(_) => Ty::Int,
        Value::Sized(width, _) => Ty::Sized(*width),
        Value::Float(_) => Ty::Float,
        Value::Text(_) => Ty::Text,
        Value::List(list) if list.ty == ListTy::Byte => Ty::List(Item::Byte, None),
        _ => Ty::Any,
    }
}

impl<'v> Machine<'v> {
    /// Calls `builtin` on `arguments`.
    pub(super) fn builtin(&mut self, at: At, builtin: Builtin, arguments: &[Value<'v>]) -> Result<'v> {
        self.work(at, arguments.iter().map(weight).sum())?;
        if let Some(result) = on_unknown(builtin, arguments) {
            return result;
        }
        let given = match (builtin, arguments) {
            (
                Builtin::Trim
                | Builtin::TrimPrefix
                | Builtin::TrimSuffix
                | Builtin::Upper
                | Builtin::Lower
                | Builtin::Split
                | Builtin::SplitAfter
                | Builtin::Replace
                | Builtin::Repeat
                | Builtin::IndexOf
                | Builtin::LastIndexOf
                | Builtin::HasPrefix
                | Builtin::HasSuffix
                | Builtin::ToBase64
                | Builtin::FromBase64
                | Builtin::FromJson,
                [Value::Text(_), ..],
            )
            | (Builtin::Join | Builtin::String | Builtin::ToJson, [_, ..]) => {
                self.text_function(at, builtin, arguments)?
            }
            (Builtin::Now | Builtin::Date | Builtin::Duration | Builtin::Timezone, _) => {
                self.time_function(at, builtin, arguments)?
            }
            _ => match self.number_function(at, builtin, arguments)? {
                Some(value) => Some(value),
                None => self.collection_function(at, builtin, arguments)?,
            },
        };
        if let Some(value) = given {
            Ok(value)
        } else {
            let types: Vec<_> = arguments.iter().map(Value::type_name).collect();
            let operands: Vec<_> = arguments.iter().collect();
            let message = format!("`{}` cannot take values of types {}", builtin.name(), types.join(", "));
            self.fail_on(at, &operands, message)
        }
    }

    fn collection_function(
        &mut self,
        at: At,
        builtin: Builtin,
        arguments: &[Value<'v>],
    ) -> Result<'v, Option<Value<'v>>> {
        Ok(Some(match (builtin, arguments) {
            (Builtin::Len, [value]) => match value {
                Value::Text(text) if self.dialect.counts_bytes() => Value::Int(text.bytes().len() as i64),
                Value::Text(text) => Value::Int(text::count(text.bytes()) as i64),
                Value::List(list) => Value::Int(list.items.len() as i64),
                Value::Map(map) => Value::Int(map.entries.len() as i64),
                Value::Environment => Value::Int(self.names()?.len() as i64),
                _ => return Ok(None),
            },
            (Builtin::Type, [value]) => Value::string(type_word(value).to_owned()),
            (Builtin::First | Builtin::Last, [base]) => {
                let index = if builtin == Builtin::First { 0 } else { -1 };
                return Ok(Some(first_or_last(base, index)?));
            }
            (Builtin::Get, [base, key, ..]) => return self.get(at, base, key).map(Some),
            (Builtin::Take, [Value::List(list), count]) => {
                let Some(count) = go_integer(count) else { return Ok(None) };
                let Ok(count) = usize::try_from(count) else { return self.fail(at, "cannot take fewer than no items") };
                if list.is_shuffled() && count < list.items.len() {
                    return Err(Stop::Unknown("keys".into()));
                }
                let items = list.items.get(..count.min(list.items.len())).unwrap_or(&[]).to_vec();
                Value::List(List { ty: list.ty, items: items.into(), nil: list.nil, unordered: list.unordered })
            }
            (Builtin::Keys | Builtin::Values | Builtin::ToPairs, [Value::Environment]) => {
                return self.environment_list(builtin).map(Some);
            }
            (Builtin::Keys, [Value::Map(map)]) => {
                list(map.entries.values().map(|(key, _)| key.clone()).collect(), true)
            }
            (Builtin::Values, [Value::Map(map)]) => {
                list(map.entries.values().map(|(_, value)| value.clone()).collect(), true)
            }
            (Builtin::ToPairs, [Value::Map(map)]) => {
                let pair = |(key, value): &(Value<'v>, Value<'v>)| {
                    Value::List(List::new(ListTy::Pair, vec![key.clone(), value.clone()]))
                };
                let pairs = map.entries.values().map(pair).collect();
                Value::List(List { unordered: true, ..List::new(ListTy::Pairs, pairs) })
            }
            (Builtin::FromPairs, [Value::List(pairs)]) => return self.pairs_to_map(at, pairs).map(Some),
            (Builtin::Reverse, [Value::List(original)]) => {
                self.grow(at, original.items.len())?;
                list(original.items.iter().rev().cloned().collect(), original.unordered)
            }
            (Builtin::Uniq, [Value::List(original)]) => return self.uniq(at, original).map(Some),
            (Builtin::Concat, [_, ..]) => {
                let mut items = Vec::new();
                let mut unordered = false;
                for argument in arguments {
                    let Value::List(more) = argument else { return Ok(None) };
                    items.extend(more.items.iter().cloned());
                    unordered |= more.is_shuffled();
                }
                self.grow(at, items.len())?;
                if items.is_empty() { nil_list() } else { list(items, unordered) }
            }
            (Builtin::Flatten, [Value::List(original)]) => {
                let mut items = Vec::new();
                let mut unordered = false;
                flatten(original, &mut items, &mut unordered, 0);
                self.grow(at, items.len())?;
                list(items, unordered)
            }
            (Builtin::Sort, [values, order @ ..]) if order.len() < 2 => {
                let descending = self.descending(at, order.first())?;
                // Whatever else comes here, no array at all included, gives a slice that was never made.
                let items = match values {
                    Value::List(list) if matches!(list.ty, ListTy::Any | ListTy::Int | ListTy::Text) => {
                        list.items.to_vec()
                    }
                    _ => return Ok(Some(nil_list())),
                };
                let length = items.len();
                let keyed = items.into_iter().map(|item| (item.clone(), item)).collect();
                let sorted = self.sorted(at, keyed, descending)?;
                self.grow(at, length)?;
                list(sorted, false)
            }
            _ => return Ok(None),
        }))
    }

    fn names(&self) -> Result<'v, Vec<&'v str>> {
        self.env.names().ok_or_else(|| Stop::Unknown("$env".into()))
    }

    /// The whole environment as a map.
    pub(super) fn environment_map(&self) -> Result<'v> {
        let mut map = Map::new(MapTy::Text);
        for name in self.names()? {
            let text = Text::Shared(name.as_bytes().into());
            let value = self.environment(&text);
            map.insert(Value::Text(text), value);
        }
        Ok(Value::Map(Rc::new(map)))
    }

    fn environment_list(&self, builtin: Builtin) -> Result<'v> {
        let names = self.names()?;
        let name = |name: &str| Value::text(name.as_bytes());
        let value = |name: &str| self.environment(&Text::Shared(name.as_bytes().into()));
        let make = |key: &&str| match builtin {
            Builtin::Keys => name(key),
            Builtin::Values => value(key),
            _ => Value::List(List::new(ListTy::Pair, vec![name(key), value(key)])),
        };
        let ty = if builtin == Builtin::ToPairs { ListTy::Pairs } else { ListTy::Any };
        Ok(Value::List(List { unordered: true, ..List::new(ty, names.iter().map(make).collect()) }))
    }

    /// As an index, but `nil` where there is no such item.
    fn get(&mut self, at: At, base: &Value<'v>, key: &Value<'v>) -> Result<'v> {
        let lenient = self.dialect.gets_anything();
        match base {
            Value::Nil if self.dialect.gets_nothing_from_nil() => self.fail_on(at, &[key], "nil has no items"),
            Value::Nil => Ok(Value::Nil),
            Value::List(list) if list.is_shuffled() => Err(Stop::Unknown("keys".into())),
            Value::List(_) | Value::Text(_) => match key.index() {
                Some(index) => Ok(ops::at(base, index).unwrap_or(Value::Nil)),
                None if lenient => Ok(Value::Nil),
                None => {
                    self.fail_on(at, &[key], format!("an index must be an integer, not of type {}", key.type_name()))
                }
            },
            Value::Map(map) => match ops::map_get(map, key) {
                Ok(found) => Ok(found.cloned().unwrap_or(Value::Nil)),
                Err(()) if lenient => Ok(Value::Nil),
                Err(()) => self.fail_on(at, &[key], format!("a key cannot be of type {}", key.type_name())),
            },
            Value::Environment => match key {
                Value::Text(name) => {
                    let known = String::from_utf8_lossy(name.bytes());
                    let missing = self.env.lookup(&known) == Lookup::Missing;
                    Ok(if missing && !lenient { Value::Nil } else { self.environment(name) })
                }
                Value::Nil => self.get(at, base, &Value::Text(Text::Borrowed(b""))),
                _ if lenient => Ok(Value::Nil),
                key => self.fail_on(at, &[key], "a variable's name must be a string"),
            },
            Value::Time(_) | Value::Duration(_) | Value::Month(_) | Value::Weekday(_) | Value::Location(..) => {
                match self.member(at, base, key) {
                    Ok(value) => Ok(value),
                    Err(Stop::Error(_)) if matches!(key, Value::Text(_)) || lenient => Ok(Value::Nil),
                    Err(Stop::Error(_)) if !matches!(base, Value::Time(_)) => Ok(Value::Nil),
                    error => error,
                }
            }
            _ => Ok(Value::Nil),
        }
    }

    fn pairs_to_map(&self, at: At, pairs: &List<'v>) -> Result<'v> {
        if pairs.is_shuffled() && pairs.ty != ListTy::Pairs {
            return Err(Stop::Unknown("keys".into()));
        }
        let mut map = Map::new(MapTy::Any);
        for pair in pairs.items.iter() {
            let Value::List(items) = pair else {
                return self.fail_on(at, &[pair], "a pair must be an array of two items");
            };
            let [key, value] = &*items.items else { return self.fail(at, "a pair must be an array of two items") };
            if items.is_shuffled() {
                return Err(Stop::Unknown("keys".into()));
            }
            if !map.insert(key.clone(), value.clone()) {
                return self.fail_on(at, &[key], format!("a value of type {} cannot be a key", key.type_name()));
            }
        }
        Ok(Value::Map(Rc::new(map)))
    }

    fn uniq(&mut self, at: At, original: &List<'v>) -> Result<'v> {
        let mut kept: Vec<Value<'v>> = Vec::new();
        for item in original.items.iter() {
            self.work(at, kept.len())?;
            let mut new = true;
            for other in &kept {
                match ops::equal(item, other) {
                    Truth::Known(true) => new = false,
                    Truth::Known(false) => {}
                    Truth::Unknown(name) => return Err(Stop::Unknown(name)),
                }
            }
            if new {
                kept.push(item.clone());
            }
        }
        Ok(list(kept, original.unordered))
    }
}

/// What is known of a call with an unknown argument: something only where it cannot fail.
fn on_unknown<'v>(builtin: Builtin, arguments: &[Value<'v>]) -> Option<Result<'v>> {
    let name = arguments.iter().find_map(|argument| match argument {
        Value::Unknown(_, name) => Some(name.clone()),
        _ => None,
    })?;
    let texts = arguments.iter().all(|value| matches!(value, Value::Text(_) | Value::Unknown(Shape::Text, _)));
    let number = matches!(arguments, [Value::Unknown(Shape::Int | Shape::Float, _)]);
    let shape = match builtin {
        Builtin::Type => {
            return Some(Ok(Value::string(arguments.first().map_or("nil", type_word).to_owned())));
        }
        Builtin::Upper | Builtin::Lower | Builtin::Trim | Builtin::TrimPrefix | Builtin::TrimSuffix if texts => {
            Shape::Text
        }
        Builtin::Replace | Builtin::ToBase64 | Builtin::ToJson | Builtin::String if texts => Shape::Text,
        Builtin::Len | Builtin::IndexOf | Builtin::LastIndexOf if texts => Shape::Int,
        Builtin::HasPrefix | Builtin::HasSuffix if texts => Shape::Bool,
        Builtin::Ceil | Builtin::Floor | Builtin::Round | Builtin::Float if number => Shape::Float,
        Builtin::Int if number => Shape::Int,
        _ => return Some(Err(Stop::Unknown(name))),
    };
    let count = match builtin {
        Builtin::Trim | Builtin::TrimPrefix | Builtin::TrimSuffix => 1..=2,
        Builtin::IndexOf | Builtin::LastIndexOf | Builtin::HasPrefix | Builtin::HasSuffix => 2..=2,
        Builtin::Replace => 3..=3,
        _ => 1..=1,
    };
    if !count.contains(&arguments.len()) {
        return Some(Err(Stop::Unknown(name)));
    }
    Some(Ok(Value::Unknown(shape, name)))
}

/// `nil` where there is no such item, whatever the value is.
fn first_or_last<'v>(base: &Value<'v>, index: i64) -> Result<'v> {
    match base {
        Value::List(list) if list.is_shuffled() => Err(Stop::Unknown("keys".into())),
        Value::List(_) | Value::Text(_) => Ok(ops::at(base, index).unwrap_or(Value::Nil)),
        Value::Map(map) if map.ty == MapTy::Any => {
            Ok(map.entries.get(&Key::Int(index)).map_or(Value::Nil, |(_, value)| value.clone()))
        }
        Value::Map(map) if map.ty == MapTy::Groups => {
            Ok(map.entries.get(&Key::Int(index)).map_or_else(nil_list, |(_, value)| value.clone()))
        }
        _ => Ok(Value::Nil),
    }
}

fn flatten<'v>(original: &List<'v>, items: &mut Vec<Value<'v>>, unordered: &mut bool, depth: usize) {
    *unordered |= original.is_shuffled();
    for item in original.items.iter() {
        match item {
            Value::List(inner) if depth < MAX_DEPTH => flatten(inner, items, unordered, depth + 1),
            other => items.push(other.clone()),
        }
    }
}

/// The integer of a value of any Go type that is built on a signed one.
fn go_integer(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(value) | Value::Sized(Width::Int64, value) | Value::Duration(value) => Some(*value),
        Value::Month(value) | Value::Weekday(value) => Some(i64::from(*value)),
        _ => None,
    }
}

/// What `type` says of a value.
fn type_word(value: &Value<'_>) -> &'static str {
    match value {
        Value::Nil => "nil",
        Value::Bool(_) | Value::Unknown(Shape::Bool, _) => "bool",
        Value::Int(_) | Value::Sized(Width::Int64, _) | Value::Unknown(Shape::Int, _) => "int",
        Value::Sized(Width::Uint8, _) => "uint",
        Value::Float(_) | Value::Unknown(Shape::Float, _) => "float",
        Value::Text(_) | Value::Unknown(Shape::Text, _) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Environment => "map",
        Value::Time(_) | Value::Unknown(Shape::Time, _) => "time.Time",
        Value::Duration(_) => "time.Duration",
        Value::Month(_) => "time.Month",
        Value::Weekday(_) => "time.Weekday",
        Value::Location(..) => "time.Location",
        Value::Method(..) => "func",
    }
}
