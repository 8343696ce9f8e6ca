//! The operators that read no more operands than they need. What is unknown decides how much that is.

use super::code::{At, Op};
use super::eval::{Machine, Result, Stop};
use super::value::{Shape, Value};

impl<'v> Machine<'v> {
    /// A chain of `&&`, `||` and `??`, from the left, each only as far as it must be read.
    pub(super) fn chain(&mut self, at: At) -> Result<'v> {
        let mut links = Vec::new();
        let mut first = at;
        let program = self.program;
        while let Some((op @ (Op::And(left, right) | Op::Or(left, right) | Op::Coalesce(left, right)), _)) =
            program.code.get(first as usize)
        {
            links.push((op, *left, *right));
            first = *left;
        }
        let mut value = self.eval(first)?;
        for (op, left, right) in links.into_iter().rev() {
            let decides = matches!(op, Op::Or(..));
            value = match (op, value) {
                (Op::Coalesce(..), value) => {
                    if value.is_nil() {
                        self.eval(right)?
                    } else {
                        value
                    }
                }
                (_, Value::Bool(value)) if value == decides => Value::Bool(value),
                (_, Value::Bool(_)) => self.eval(right)?,
                // Whatever the left side is, a right side that decides on its own decides. One that fails might not be reached.
                (_, Value::Unknown(Shape::Bool, name)) => match self.eval(right) {
                    Ok(Value::Bool(value)) if value == decides => Value::Bool(value),
                    Ok(Value::Bool(_) | Value::Unknown(Shape::Bool, _)) => Value::Unknown(Shape::Bool, name),
                    _ => return Err(Stop::Unknown(name)),
                },
                (_, value) => {
                    let message =
                        format!("only true or false can stand here, not a value of type {}", value.type_name());
                    return self.fail_on(left, &[&value], message);
                }
            };
        }
        Ok(value)
    }

    pub(super) fn conditional(&mut self, condition: At, yes: At, no: At) -> Result<'v> {
        match self.eval(condition)? {
            Value::Bool(true) => self.eval(yes),
            Value::Bool(false) => self.eval(no),
            Value::Unknown(Shape::Bool, name) => match (self.eval(yes), self.eval(no)) {
                (Ok(Value::Bool(a)), Ok(Value::Bool(b))) if a == b => Ok(Value::Bool(a)),
                (
                    Ok(Value::Bool(_) | Value::Unknown(Shape::Bool, _)),
                    Ok(Value::Bool(_) | Value::Unknown(Shape::Bool, _)),
                ) => Ok(Value::Unknown(Shape::Bool, name)),
                _ => Err(Stop::Unknown(name)),
            },
            value => {
                let message = format!("a condition must be true or false, and this is of type {}", value.type_name());
                self.fail_on(condition, &[&value], message)
            }
        }
    }
}
