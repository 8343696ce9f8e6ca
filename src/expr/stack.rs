//! The operands of operators, and the litter between them: the engine is a stack machine, and two of its builtins leave values behind.

use super::code::At;
use super::eval::{Machine, Result};
use super::value::Value;

/// The operands of one operator while they are read, with what lies between them.
pub(super) struct Stack<'v> {
    values: Vec<Value<'v>>,
    /// How much litter there was before.
    clean: usize,
}

impl<'v> Stack<'v> {
    pub(super) fn new(machine: &Machine<'v>) -> Self {
        Self { values: Vec::new(), clean: machine.litter.len() }
    }

    /// Takes in the litter that was left since the last call.
    pub(super) fn sweep(&mut self, machine: &mut Machine<'v>) {
        let clean = self.clean.min(machine.litter.len());
        self.values.extend(machine.litter.drain(clean..));
    }

    pub(super) fn push(&mut self, machine: &mut Machine<'v>, value: Value<'v>) {
        self.sweep(machine);
        self.values.push(value);
    }

    /// The topmost `count` values; what is under them stays as litter.
    pub(super) fn pop_many(mut self, machine: &mut Machine<'v>, count: usize) -> Vec<Value<'v>> {
        self.sweep(machine);
        let taken = self.values.split_off(self.values.len().saturating_sub(count));
        machine.litter.append(&mut self.values);
        taken
    }

    pub(super) fn pop<const N: usize>(self, machine: &mut Machine<'v>) -> [Value<'v>; N] {
        let mut taken = self.pop_many(machine, N).into_iter();
        std::array::from_fn(|_| taken.next().unwrap_or(Value::Nil))
    }
}

impl<'v> Machine<'v> {
    /// The values of operands, in order.
    pub(super) fn eval_all(&mut self, at: &[At]) -> Result<'v, Vec<Value<'v>>> {
        let mut stack = Stack::new(self);
        for &at in at {
            let value = self.eval(at)?;
            stack.push(self, value);
        }
        Ok(stack.pop_many(self, at.len()))
    }

    /// The values of two operands.
    pub(super) fn pair(&mut self, left: At, right: At) -> Result<'v, (Value<'v>, Value<'v>)> {
        let clean = self.litter.len();
        let left = self.eval(left)?;
        let between = self.litter.len();
        let right = self.eval(right)?;
        if self.litter.len() == between {
            return Ok((left, right));
        }
        // The top of the litter lies where the left operand should, and the left operand is litter.
        let taken = self.litter.pop().unwrap_or(Value::Nil);
        self.litter.insert(between.max(clean), left);
        Ok((taken, right))
    }
}
