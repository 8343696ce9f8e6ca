//! Runs a program: every instruction gives a value, an error, or word that it hangs on something only the server knows.

use super::Outcome;
use super::code::{At, Equality, Op, Program};
use super::dialect::Dialect;
use super::error::ExprError;
use super::function;
use super::operate;
use super::ops::{self, Truth};
use super::pattern;
use super::stack::Stack;
use super::tree::Binary;
use super::ty::{MapTy, Width};
use super::value::{List, ListTy, Map, Shape, Text, Value};
use crate::env::{Env, Lookup};
use crate::source::Span;
use std::borrow::Cow;
use std::rc::Rc;

/// The engine's own bound: items of arrays, ranges and maps, and bytes of `repeat`, over the whole run.
const MEMORY: usize = 1_000_000;
/// Our bound on work: instructions run and bytes copied. The engine has none.
const FUEL: usize = 20_000_000;

/// Why a value is missing.
#[derive(Debug)]
pub(super) enum Stop {
    Error(Box<ExprError>),
    /// The answer hangs on this.
    Unknown(Rc<str>),
    /// A `?.` met nil: the chain around it is nil.
    Chain,
}

impl From<ExprError> for Stop {
    fn from(error: ExprError) -> Self {
        Self::Error(Box::new(error))
    }
}

/// A value or why there is none.
pub(super) type Result<'v, T = Value<'v>> = std::result::Result<T, Stop>;

/// What a loop has at one moment.
pub(super) struct Frame<'v> {
    pub(super) items: Items<'v>,
    pub(super) index: usize,
    pub(super) accumulator: Value<'v>,
}

/// What a loop runs over.
pub(super) enum Items<'v> {
    List(Rc<[Value<'v>]>),
    /// A string runs as its bytes.
    Bytes(Text<'v>),
    /// A map has a length but no items.
    Opaque,
}

/// A run of a program.
pub(super) struct Machine<'v> {
    pub(super) program: &'v Program,
    pub(super) env: &'v dyn Env,
    pub(super) dialect: Dialect,
    memory: usize,
    fuel: usize,
    variables: Vec<Value<'v>>,
    pub(super) frames: Vec<Frame<'v>>,
    /// What lies on the engine's stack under the last value, though nothing will ask for it. Its `findLast` and `findLastIndex` leave
    /// a `true` for each item they looked at, and an operator takes what lies on top: `1 == findLastIndex([1], true)` compares `true`.
    pub(super) litter: Vec<Value<'v>>,
}

/// Runs `program` as a condition over `env`.
pub(super) fn run(program: &Program, dialect: Dialect, env: &dyn Env) -> std::result::Result<Outcome, ExprError> {
    let variables = vec![Value::Nil; program.variables];
    let mut machine =
        Machine { program, env, dialect, memory: 0, fuel: FUEL, variables, frames: Vec::new(), litter: Vec::new() };
    let unknown = |name: &str| Ok(Outcome::Unknown { name: name.to_owned() });
    match machine.eval(program.root) {
        Ok(Value::Bool(answer)) => Ok(Outcome::Bool(answer)),
        Ok(Value::Nil) if dialect.nil_is_false() => Ok(Outcome::Bool(false)),
        Ok(Value::Unknown(Shape::Bool, name)) | Err(Stop::Unknown(name)) => unknown(&name),
        Ok(value) => {
            let message = format!("a condition must be true or false, and this is of type {}", value.type_name());
            Err(ExprError::run(machine.span(program.root), message))
        }
        Err(Stop::Error(error)) => Err(*error),
        Err(Stop::Chain) => Ok(Outcome::Bool(false)),
    }
}

impl<'v> Machine<'v> {
    pub(super) fn span(&self, at: At) -> Span {
        self.program.code.get(at as usize).map_or_else(Span::default, |&(_, span)| span)
    }

    pub(super) fn fail<T>(&self, at: At, message: impl Into<String>) -> Result<'v, T> {
        Err(ExprError::run(self.span(at), message).into())
    }

    /// Counts `size` against the engine's memory bound.
    pub(super) fn grow(&mut self, at: At, size: usize) -> Result<'v, ()> {
        self.memory = self.memory.saturating_add(size);
        if self.memory >= MEMORY { self.fail(at, "the expression makes too many items") } else { Ok(()) }
    }

    /// Counts `work` against our own bound.
    pub(super) fn work(&mut self, at: At, work: usize) -> Result<'v, ()> {
        match self.fuel.checked_sub(work) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(ExprError::limit(self.span(at), "the expression is too much work to run here").into()),
        }
    }

    /// The value of the instruction at `at`.
    pub(super) fn eval(&mut self, at: At) -> Result<'v> {
        self.work(at, 1)?;
        let program = self.program;
        let Some((op, _)) = program.code.get(at as usize) else { return Ok(Value::Nil) };
        match op {
            Op::Nil => Ok(Value::Nil),
            Op::Bool(value) => Ok(Value::Bool(*value)),
            Op::Int(value) | Op::Total(value) => Ok(Value::Int(*value)),
            Op::Float(value) => Ok(Value::Float(*value)),
            Op::Text(text) => Ok(Value::Text(Text::Borrowed(text.as_bytes()))),
            Op::Bytes(bytes) => {
                let items = bytes.iter().map(|&byte| Value::Sized(Width::Uint8, byte.into())).collect();
                Ok(Value::List(List::new(ListTy::Byte, items)))
            }
            Op::Name(name) => Ok(self.variable(name)),
            Op::Environment => Ok(Value::Environment),
            Op::Variable(variable) => Ok(self.variables.get(*variable).cloned().unwrap_or(Value::Nil)),
            Op::Equal(equality, left, right) => {
                let (a, b) = self.pair(*left, *right)?;
                match self.asked_equal([*left, *right], [&a, &b]) {
                    Some(answer) => Ok(Value::Bool(answer)),
                    None => self.equal(at, *equality, &a, &b),
                }
            }
            Op::And(..) | Op::Or(..) | Op::Coalesce(..) => self.chain(at),
            Op::Not(operand) => match self.eval(*operand)? {
                Value::Bool(value) => Ok(Value::Bool(!value)),
                Value::Unknown(Shape::Bool, name) => Ok(Value::Unknown(Shape::Bool, name)),
                value => self.fail(
                    *operand,
                    format!("only true or false can be negated, not a value of type {}", value.type_name()),
                ),
            },
            Op::Conditional { condition, yes, no } => self.conditional(*condition, *yes, *no),
            Op::Loop(looped) => self.run_loop(at, looped),
            Op::Item | Op::Index | Op::Accumulator => self.pointer(at, op),
            Op::Chain(inner) => match self.eval(*inner) {
                Err(Stop::Chain) => Ok(Value::Nil),
                Ok(value) if value.is_nil() => Ok(Value::Nil),
                other => other,
            },
            Op::Let { variable, value, body } => {
                let value = self.eval(*value)?;
                if let Some(slot) = self.variables.get_mut(*variable) {
                    *slot = value;
                }
                self.eval(*body)
            }
            Op::Sequence(nodes) => {
                let mut last = Value::Nil;
                for &node in nodes {
                    last = self.eval(node)?;
                }
                Ok(last)
            }
            _ => self.operate(at, op),
        }
    }

    /// The instructions that compute with plain operands. A function of its own, which keeps the frames of nested ones small.
    #[inline(never)]
    fn operate(&mut self, at: At, op: &'v Op) -> Result<'v> {
        match op {
            Op::Negate(operand) => match self.eval(*operand)? {
                Value::Int(value) => Ok(Value::Int(value.wrapping_neg())),
                Value::Sized(width, value) => Ok(Value::Sized(width, value.wrapping_neg())),
                Value::Float(value) => Ok(Value::Float(-value)),
                Value::Unknown(shape @ (Shape::Int | Shape::Float), name) => Ok(Value::Unknown(shape, name)),
                value => self.fail(at, format!("a value of type {} has no negative", value.type_name())),
            },
            Op::Order(operator, left, right) => {
                let (a, b) = self.pair(*left, *right)?;
                self.order(at, *operator, &a, &b)
            }
            Op::Arithmetic(operator, left, right) => {
                let (a, b) = self.pair(*left, *right)?;
                self.arithmetic(at, *operator, &a, &b)
            }
            Op::Contains(operator, left, right) => {
                let (a, b) = self.pair(*left, *right)?;
                match self.asked_contains(*operator, *left, [&a, &b]) {
                    Some(answer) => Ok(Value::Bool(answer)),
                    None => self.contains(at, *operator, &a, &b),
                }
            }
            Op::Matches(left, right) => {
                let (a, b) = self.pair(*left, *right)?;
                self.matches(at, &a, &b)
            }
            Op::MatchesPattern(subject, pattern, text) => match self.eval(*subject)? {
                value if value.is_nil() => Ok(Value::Bool(false)),
                value @ Value::Unknown(Shape::Text, _) => Ok(self.asked_matches(*subject, value, text)),
                value => {
                    let Some(bytes) = operate::subject(&value) else {
                        return self.fail(
                            *subject,
                            format!("only a string can match, not a value of type {}", value.type_name()),
                        );
                    };
                    self.work(at, bytes.len())?;
                    Ok(Value::Bool(pattern::is_match(pattern, &bytes)))
                }
            },
            Op::Range(from, to) => {
                let (from_value, to_value) = self.pair(*from, *to)?;
                let (Some(from), Some(to)) = (from_value.index(), to_value.index()) else {
                    return self.fail_on(at, &[&from_value, &to_value], "a range runs between integers");
                };
                let size = usize::try_from(to.wrapping_sub(from).wrapping_add(1)).unwrap_or(0);
                self.grow(at, size)?;
                let items = (0..size as i64).map(|step| Value::Int(from.wrapping_add(step))).collect();
                Ok(Value::List(List::new(ListTy::Int, items)))
            }
            Op::In(left, right) => {
                let (needle, hay) = self.pair(*left, *right)?;
                match self.asked_in(*left, [&needle, &hay]) {
                    Some(answer) => Ok(Value::Bool(answer)),
                    None => self.membership(at, &needle, &hay),
                }
            }
            Op::InTexts(left, set) => match self.eval(*left)? {
                Value::Nil => Ok(Value::Bool(set.contains(""))),
                Value::Text(text) => {
                    let text = std::str::from_utf8(text.bytes());
                    Ok(Value::Bool(text.is_ok_and(|text| set.contains(text))))
                }
                value @ Value::Unknown(Shape::Text, _) => Ok(self.asked_among(*left, value, set)),
                value => self.fail_on(at, &[&value], "only a string can be in this array"),
            },
            Op::InInts(left, set) => match self.eval(*left)? {
                Value::Nil => Ok(Value::Bool(set.contains(&0))),
                Value::Int(value) => Ok(Value::Bool(set.contains(&value))),
                Value::Unknown(Shape::Int, name) => Ok(Value::Unknown(Shape::Bool, name)),
                value => self.fail_on(at, &[&value], "only an integer can be in this array"),
            },
            Op::Member { base, key, optional } => {
                let mut stack = Stack::new(self);
                let value = self.eval(*base)?;
                if *optional && value.is_nil() {
                    return Err(Stop::Chain);
                }
                stack.push(self, value);
                let key = self.eval(*key)?;
                stack.push(self, key);
                let [base, key] = stack.pop(self);
                self.member(at, &base, &key)
            }
            Op::Method { base, method } => {
                let base = self.eval(*base)?;
                let own = super::method::find(&function::static_type(&base), method.name);
                match own {
                    Some(own) => Ok(Value::Method(Rc::new(base), own)),
                    None => self.fail_on(at, &[&base], format!("this has no method `{}`", method.name)),
                }
            }
            Op::Slice { base, from, to } => {
                let operands: Vec<_> = [Some(*base), *to, *from].into_iter().flatten().collect();
                let mut values = self.eval_all(&operands)?.into_iter();
                let base = values.next().unwrap_or(Value::Nil);
                let to = to.and_then(|_| values.next());
                self.slice(at, &base, values.next().as_ref(), to.as_ref())
            }
            Op::Call { callee, arguments } => {
                let operands: Vec<_> = arguments.iter().copied().chain([*callee]).collect();
                let mut values = self.eval_all(&operands)?;
                let callee = values.pop().unwrap_or(Value::Nil);
                self.call(at, &callee, &values)
            }
            Op::Builtin { builtin, arguments } => {
                let arguments = self.eval_all(arguments)?;
                self.builtin(at, *builtin, &arguments)
            }
            Op::Constants(items) => Ok(Value::list(self.eval_all(items)?)),
            Op::Array(items) => {
                let values = self.eval_all(items)?;
                self.grow(at, values.len())?;
                Ok(Value::list(values))
            }
            Op::Map(pairs) => {
                let operands: Vec<_> = pairs.iter().flat_map(|&(key, value)| [key, value]).collect();
                let mut values = self.eval_all(&operands)?;
                self.grow(at, pairs.len())?;
                let mut map = Map::new(MapTy::Text);
                // From the last pair: of equal keys, the first one's value stays.
                for &(place, _) in pairs.iter().rev() {
                    let (Some(value), Some(key)) = (values.pop(), values.pop()) else { break };
                    if !matches!(key, Value::Text(_)) {
                        return self.fail_on(place, &[&key], "a key of a map must be a string");
                    }
                    map.insert(key, value);
                }
                Ok(Value::Map(Rc::new(map)))
            }
            _ => Ok(Value::Nil),
        }
    }

    /// Fails, or stops at the first of `values` that is not known: what it is could matter.
    pub(super) fn fail_on<T>(&self, at: At, values: &[&Value<'v>], message: impl Into<String>) -> Result<'v, T> {
        for value in values {
            if let Value::Unknown(_, name) = value {
                return Err(Stop::Unknown(name.clone()));
            }
        }
        self.fail(at, message)
    }

    /// A variable of the environment: empty if it is not set.
    fn variable(&self, name: &str) -> Value<'v> {
        match self.env.lookup(name) {
            Lookup::Known(Cow::Borrowed(value)) => Value::Text(Text::Borrowed(value.as_bytes())),
            Lookup::Known(Cow::Owned(value)) => Value::text(value.as_bytes()),
            Lookup::Missing => Value::Text(Text::Borrowed(b"")),
            Lookup::Unknown(_) => Value::Unknown(Shape::Text, name.into()),
        }
    }

    fn equal(&mut self, at: At, equality: Equality, a: &Value<'v>, b: &Value<'v>) -> Result<'v> {
        let fits = |value: &Value<'_>| match equality {
            Equality::Any => true,
            Equality::Int => matches!(value, Value::Int(_) | Value::Unknown(Shape::Int, _)),
            Equality::Text => matches!(value, Value::Text(_) | Value::Unknown(Shape::Text, _)),
        };
        if !(fits(a) && fits(b)) {
            return self
                .fail(at, format!("a value turned out to be of type {} or {} here", a.type_name(), b.type_name()));
        }
        self.work(at, function::weight(a).min(function::weight(b)))?;
        match ops::equal(a, b) {
            Truth::Known(answer) => Ok(Value::Bool(answer)),
            unknown @ Truth::Unknown(_) => Ok(unknown.value()),
        }
    }

    fn pointer(&mut self, at: At, op: &Op) -> Result<'v> {
        let Some(frame) = self.frames.last() else { return Ok(Value::Nil) };
        match op {
            Op::Index => Ok(Value::Int(frame.index as i64)),
            Op::Accumulator => Ok(frame.accumulator.clone()),
            _ => self.item(at),
        }
    }

    /// The item that the innermost loop is at.
    pub(super) fn item(&self, at: At) -> Result<'v> {
        let found = self.frames.last().and_then(|frame| match &frame.items {
            Items::List(items) => items.get(frame.index).cloned(),
            Items::Bytes(text) => ops::at(&Value::Text(text.clone()), frame.index as i64),
            Items::Opaque => None,
        });
        match found {
            Some(item) => Ok(item),
            None => self.fail(at, "there is no such item"),
        }
    }

    /// The operators' operands, where one of them is not known.
    pub(super) fn doubt(operator: Binary) -> Shape {
        match operator {
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Modulo => Shape::Int,
            Binary::Divide | Binary::Power => Shape::Float,
            _ => Shape::Bool,
        }
    }
}
