//! The builtins that run a predicate for each item.

use super::builtin::Builtin;
use super::code::{At, Loop};
use super::eval::{Frame, Items, Machine, Result, Stop};
use super::function;
use super::ops;
use super::stack::Stack;
use super::tree::Binary;
use super::ty::MapTy;
use super::value::{Map, Shape, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// What a predicate says of an item.
enum Verdict {
    Yes,
    No,
    Unknown(Rc<str>),
}

impl<'v> Machine<'v> {
    pub(super) fn run_loop(&mut self, at: At, looped: &'v Loop) -> Result<'v> {
        let list = self.eval(looped.list)?;
        let ordered = matches!(
            looped.builtin,
            Builtin::Find
                | Builtin::FindIndex
                | Builtin::FindLast
                | Builtin::FindLastIndex
                | Builtin::Reduce
                | Builtin::SortBy
        );
        let (items, length, unordered) = match &list {
            Value::List(list) if list.is_shuffled() && ordered => return Err(Stop::Unknown("keys".into())),
            Value::List(list) => (Items::List(list.items.clone()), list.items.len(), list.unordered),
            Value::Text(text) => (Items::Bytes(text.clone()), text.bytes().len(), false),
            Value::Map(map) => (Items::Opaque, map.entries.len(), false),
            Value::Environment => match self.env.names() {
                Some(names) => (Items::Opaque, names.len(), false),
                None => return Err(Stop::Unknown("$env".into())),
            },
            list => {
                let message =
                    format!("`{}` takes an array, not a value of type {}", looped.builtin.name(), list.type_name());
                return self.fail_on(looped.list, &[list], message);
            }
        };
        self.frames.push(Frame { items, index: 0, accumulator: Value::Nil });
        let value = self.each(at, looped, length, unordered);
        self.frames.pop();
        value
    }

    fn each(&mut self, at: At, looped: &'v Loop, length: usize, unordered: bool) -> Result<'v> {
        match looped.builtin {
            Builtin::All | Builtin::Any | Builtin::None => self.quantify(looped, length, unordered),
            Builtin::One => self.count(at, looped, length).map(|count| Value::Bool(count == 1)),
            Builtin::Count => self.count(at, looped, length).map(Value::Int),
            Builtin::Filter => {
                let mut stack = Stack::new(self);
                let mut kept = 0;
                for index in 0..length {
                    if self.accepts(at, looped, index)? {
                        let value = self.found(at, looped)?;
                        stack.push(self, value);
                        kept += 1;
                    }
                }
                self.grow(at, kept)?;
                Ok(function::list(stack.pop_many(self, kept), unordered))
            }
            Builtin::Map => {
                let mut stack = Stack::new(self);
                for index in 0..length {
                    self.seek(index);
                    let value = self.apply(at, looped)?;
                    stack.push(self, value);
                }
                self.grow(at, length)?;
                Ok(function::list(stack.pop_many(self, length), unordered))
            }
            Builtin::Find | Builtin::FindIndex => self.find(at, looped, 0..length),
            Builtin::FindLast | Builtin::FindLastIndex => self.find(at, looped, (0..length).rev()),
            Builtin::Sum => {
                let mut sum = Value::Int(0);
                for index in 0..length {
                    self.seek(index);
                    let value = self.apply(at, looped)?;
                    sum = self.arithmetic(at, Binary::Add, &value, &sum)?;
                }
                Ok(sum)
            }
            Builtin::GroupBy => self.group(at, looped, length, unordered),
            Builtin::SortBy => self.sort_by(at, looped, length),
            _ => self.reduce(at, looped, length),
        }
    }

    fn seek(&mut self, index: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.index = index;
        }
    }

    /// The predicate's value for the item that the loop is at, or the item itself if there is no predicate.
    fn apply(&mut self, at: At, looped: &Loop) -> Result<'v> {
        if let Some(predicate) = looped.predicate {
            self.eval(predicate)
        } else {
            self.work(at, 1)?;
            self.item(at)
        }
    }

    fn verdict(&mut self, at: At, looped: &Loop, index: usize) -> Result<'v, Verdict> {
        self.seek(index);
        match self.apply(at, looped)? {
            Value::Bool(true) => Ok(Verdict::Yes),
            Value::Bool(false) => Ok(Verdict::No),
            Value::Unknown(Shape::Bool, name) => Ok(Verdict::Unknown(name)),
            value => {
                let place = looped.predicate.unwrap_or(at);
                let message = format!("a predicate must be true or false, and this is of type {}", value.type_name());
                self.fail_on(place, &[&value], message)
            }
        }
    }

    fn accepts(&mut self, at: At, looped: &Loop, index: usize) -> Result<'v, bool> {
        match self.verdict(at, looped, index)? {
            Verdict::Yes => Ok(true),
            Verdict::No => Ok(false),
            Verdict::Unknown(name) => Err(Stop::Unknown(name)),
        }
    }

    fn quantify(&mut self, looped: &Loop, length: usize, unordered: bool) -> Result<'v> {
        let stops_on = looped.builtin != Builtin::All;
        let answer = looped.builtin == Builtin::Any;
        let mut doubt: Option<Rc<str>> = None;
        for index in 0..length {
            let verdict = match (self.verdict(looped.list, looped, index), &doubt) {
                // An item that fails may come after one that decides: one that is not known, or any in no known order.
                (Err(Stop::Error(_)), Some(name)) => return Err(Stop::Unknown(Rc::clone(name))),
                (Err(Stop::Error(_)), None) if unordered && length > 1 => return Err(Stop::Unknown("keys".into())),
                (verdict, _) => verdict?,
            };
            match verdict {
                Verdict::Yes | Verdict::No if matches!(verdict, Verdict::Yes) == stops_on => {
                    // In another order, an item that fails may come first.
                    for rest in if unordered { index + 1..length } else { 0..0 } {
                        if let Err(Stop::Error(_)) = self.verdict(looped.list, looped, rest) {
                            return Err(Stop::Unknown("keys".into()));
                        }
                    }
                    return Ok(Value::Bool(answer));
                }
                Verdict::Unknown(name) => doubt = doubt.or(Some(name)),
                _ => {}
            }
        }
        Ok(doubt.map_or(Value::Bool(!answer), |name| Value::Unknown(Shape::Bool, name)))
    }

    fn count(&mut self, at: At, looped: &Loop, length: usize) -> Result<'v, i64> {
        let mut count = 0;
        for index in 0..length {
            count += i64::from(self.accepts(at, looped, index)?);
            if looped.enough.is_some_and(|enough| count >= enough) {
                break;
            }
        }
        Ok(count)
    }

    /// What a loop gives for the item it is at.
    fn found(&mut self, at: At, looped: &Loop) -> Result<'v> {
        match looped.map {
            Some(map) => self.eval(map),
            None => self.item(at),
        }
    }

    fn find(&mut self, at: At, looped: &Loop, indices: impl Iterator<Item = usize>) -> Result<'v> {
        let backwards = matches!(looped.builtin, Builtin::FindLast | Builtin::FindLastIndex);
        for index in indices {
            if backwards {
                self.litter.push(Value::Bool(true));
            }
            if self.accepts(at, looped, index)? {
                let by_index = matches!(looped.builtin, Builtin::FindIndex | Builtin::FindLastIndex);
                return if by_index { Ok(Value::Int(index as i64)) } else { self.found(at, looped) };
            }
        }
        if backwards {
            self.litter.push(Value::Bool(false));
        }
        if looped.must_find { self.fail(at, "no item was found to take") } else { Ok(Value::Nil) }
    }

    fn group(&mut self, at: At, looped: &Loop, length: usize, unordered: bool) -> Result<'v> {
        let mut groups: Vec<(Value<'v>, Vec<Value<'v>>)> = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        for index in 0..length {
            self.seek(index);
            let key = self.apply(at, looped)?;
            let Some(hash) = super::value::Key::of(&key) else {
                return self.fail_on(at, &[&key], format!("a value of type {} cannot be a key", key.type_name()));
            };
            let item = self.item(at)?;
            let place = *places.entry(hash).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, items)) => items.push(item),
                None => groups.push((key, vec![item])),
            }
        }
        let mut map = Map::new(MapTy::Groups);
        for (key, items) in groups {
            map.insert(key, function::list(items, unordered));
        }
        Ok(Value::Map(Rc::new(map)))
    }

    fn sort_by(&mut self, at: At, looped: &Loop, length: usize) -> Result<'v> {
        let order = looped.more.map(|more| self.eval(more)).transpose()?;
        let descending = self.descending(at, order.as_ref())?;
        let mut keyed = Vec::with_capacity(length);
        for index in 0..length {
            self.seek(index);
            let key = self.apply(at, looped)?;
            keyed.push((key, self.item(at)?));
        }
        let sorted = self.sorted(at, keyed, descending)?;
        self.grow(at, length)?;
        Ok(Value::list(sorted))
    }

    /// Whether an order argument says `desc`.
    pub(super) fn descending(&self, at: At, order: Option<&Value<'v>>) -> Result<'v, bool> {
        match order {
            None => Ok(false),
            Some(Value::Text(text)) if text.bytes() == b"asc" => Ok(false),
            Some(Value::Text(text)) if text.bytes() == b"desc" => Ok(true),
            Some(other) => self.fail_on(at, &[other], "the order must be `asc` or `desc`"),
        }
    }

    /// Items in the order of their keys. Go's sort leaves equal keys in an order of its own once there are more than 12 items; here
    /// they stay as they were.
    pub(super) fn sorted(
        &mut self,
        at: At,
        mut keyed: Vec<(Value<'v>, Value<'v>)>,
        descending: bool,
    ) -> Result<'v, Vec<Value<'v>>> {
        self.work(at, keyed.len().saturating_mul(16))?;
        if let [(first, _), rest @ ..] = keyed.as_slice() {
            for (key, _) in rest {
                if ops::order(first, key).is_err() {
                    let (a, b) = (first.type_name(), key.type_name());
                    return self.fail_on(at, &[first, key], format!("values of types {a} and {b} have no order"));
                }
            }
        }
        keyed.sort_by(|(a, _), (b, _)| {
            let order = ops::order(a, b).ok().flatten().unwrap_or(Ordering::Equal);
            if descending { order.reverse() } else { order }
        });
        Ok(keyed.into_iter().map(|(_, item)| item).collect())
    }

    fn reduce(&mut self, at: At, looped: &Loop, length: usize) -> Result<'v> {
        let (first, start) = match looped.more {
            Some(more) => (self.eval(more)?, 0),
            None if length == 0 => return self.fail(at, "`reduce` of an empty array needs a first value"),
            None => (self.item(at)?, 1),
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.accumulator = first;
        }
        for index in start..length {
            self.seek(index);
            let value = self.apply(at, looped)?;
            if let Some(frame) = self.frames.last_mut() {
                frame.accumulator = value;
            }
        }
        Ok(self.frames.last().map_or(Value::Nil, |frame| frame.accumulator.clone()))
    }
}
