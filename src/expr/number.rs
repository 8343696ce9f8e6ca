//! The builtins over numbers.

use super::builtin::Builtin;
use super::code::At;
use super::eval::{Machine, Result, Stop};
use super::ops;
use super::value::{ListTy, Value, truncate};
use std::cmp::Ordering;

/// How deep arrays in arrays are followed.
const MAX_DEPTH: usize = 300;

impl<'v> Machine<'v> {
    /// The builtins over numbers; `None` if it is another one or the arguments are of the wrong types.
    pub(super) fn number_function(
        &mut self,
        at: At,
        builtin: Builtin,
        arguments: &[Value<'v>],
    ) -> Result<'v, Option<Value<'v>>> {
        let bits = |operate: fn(i64, i64) -> i64| match arguments {
            [a, b] => Some(Value::Int(operate(a.integer()?, b.integer()?))),
            _ => None,
        };
        Ok(match (builtin, arguments) {
            (Builtin::Abs, [Value::Int(value)]) => Some(Value::Int(value.wrapping_abs())),
            (Builtin::Abs, [Value::Sized(width, value)]) => Some(Value::Sized(*width, value.wrapping_abs())),
            (Builtin::Abs, [Value::Float(value)]) => Some(Value::Float(if *value < 0.0 { -value } else { *value })),
            (Builtin::Ceil, [value]) => value.number().map(|value| Value::Float(value.ceil())),
            (Builtin::Floor, [value]) => value.number().map(|value| Value::Float(value.floor())),
            (Builtin::Round, [value]) => value.number().map(|value| Value::Float(value.round())),
            (Builtin::Int, [value]) => return self.int(at, value),
            (Builtin::Float, [Value::Text(text)]) => match parse_float(text.bytes()) {
                Some(value) => Some(Value::Float(value)),
                None => return self.fail(at, "the string is not a number"),
            },
            (Builtin::Float, [value]) => value.number().map(Value::Float),
            (Builtin::Max, [_, ..]) => return self.extreme(at, arguments, Ordering::Less, 0).map(Some),
            (Builtin::Min, [_, ..]) => return self.extreme(at, arguments, Ordering::Greater, 0).map(Some),
            (Builtin::Mean, [_, ..]) => {
                let mut values = Vec::new();
                self.numbers(at, arguments, &mut values, 0)?;
                let sum: f64 = values.iter().fold(0.0, |sum, value| sum + value);
                Some(Value::Float(if values.is_empty() { 0.0 } else { sum / values.len() as f64 }))
            }
            (Builtin::Median, [_, ..]) => {
                let mut values = Vec::new();
                self.numbers(at, arguments, &mut values, 0)?;
                values.sort_by(|a, b| a.partial_cmp(b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan())));
                let middle = values.len() / 2;
                let value = |index: usize| values.get(index).copied().unwrap_or(0.0);
                Some(Value::Float(match values.len() {
                    0 => 0.0,
                    odd if odd % 2 == 1 => value(middle),
                    _ => f64::midpoint(value(middle - 1), value(middle)),
                }))
            }
            (Builtin::BitAnd, _) => bits(|a, b| a & b),
            (Builtin::BitOr, _) => bits(|a, b| a | b),
            (Builtin::BitXor, _) => bits(|a, b| a ^ b),
            (Builtin::BitNand, _) => bits(|a, b| a & !b),
            (Builtin::BitShl | Builtin::BitShr | Builtin::BitUshr, [a, b]) => {
                let (Some(a), Some(b)) = (a.integer(), b.integer()) else { return Ok(None) };
                let Ok(count) = u32::try_from(b.clamp(-1, 64)) else {
                    return self.fail(at, "a shift cannot be negative");
                };
                Some(Value::Int(match builtin {
                    Builtin::BitShl => a.checked_shl(count).unwrap_or(0),
                    Builtin::BitShr => a.checked_shr(count).unwrap_or(if a < 0 { -1 } else { 0 }),
                    _ => (a as u64).checked_shr(count).unwrap_or(0) as i64,
                }))
            }
            (Builtin::BitNot, [value]) => value.integer().map(|value| Value::Int(!value)),
            _ => None,
        })
    }

    fn int(&self, at: At, value: &Value<'v>) -> Result<'v, Option<Value<'v>>> {
        Ok(match value {
            Value::Float(value) => Some(Value::Int(truncate(*value))),
            Value::Text(text) => {
                let text = std::str::from_utf8(text.bytes()).ok();
                let plain = text.filter(|text| !text.is_empty());
                match plain.and_then(|text| text.parse::<i64>().ok()) {
                    Some(value) => Some(Value::Int(value)),
                    None => return self.fail(at, "the string is not an integer").map_err(with_help),
                }
            }
            Value::Duration(value) => Some(Value::Int(*value)),
            Value::Month(value) | Value::Weekday(value) => Some(Value::Int(i64::from(*value))),
            value => value.integer().map(Value::Int),
        })
    }

    /// The number that is furthest to the side; other values are an error, unless one stands alone.
    fn extreme(&mut self, at: At, values: &[Value<'v>], side: Ordering, depth: usize) -> Result<'v> {
        self.work(at, values.len())?;
        if depth > MAX_DEPTH {
            return self.fail(at, "arrays nest too deep");
        }
        let mut best: Option<Value<'v>> = None;
        for value in values {
            let candidate = match value {
                Value::List(list) => {
                    let mut inner = None;
                    for item in list.items.iter() {
                        let item = match item {
                            Value::List(_) => match self.extreme(at, std::slice::from_ref(item), side, depth + 1)? {
                                // An empty array says nothing; up to v1.17.7 it is an error in another array.
                                Value::Nil if self.dialect.skips_empty_arrays() && list.ty == ListTy::Any => continue,
                                item => item,
                            },
                            item => item.clone(),
                        };
                        if item.number().is_none() {
                            return self.fail_on(
                                at,
                                &[&item],
                                format!("a value of type {} is no number", item.type_name()),
                            );
                        }
                        inner = Some(better(inner, item, side));
                    }
                    match inner {
                        Some(inner) => inner,
                        None => continue,
                    }
                }
                value if value.number().is_some() => value.clone(),
                Value::Month(_) | Value::Weekday(_) | Value::Duration(_) if values.len() == 1 => value.clone(),
                value if values.len() == 1 => return Ok(value.clone()),
                value => {
                    return self.fail_on(at, &[value], format!("a value of type {} is no number", value.type_name()));
                }
            };
            best = Some(better(best, candidate, side));
        }
        Ok(best.unwrap_or(Value::Nil))
    }

    fn numbers(&mut self, at: At, values: &[Value<'v>], out: &mut Vec<f64>, depth: usize) -> Result<'v, ()> {
        self.work(at, values.len())?;
        if depth > MAX_DEPTH {
            return self.fail(at, "arrays nest too deep");
        }
        for value in values {
            match value {
                Value::List(list)
                    if list.is_shuffled() && list.items.iter().any(|item| matches!(item, Value::Float(_))) =>
                {
                    return Err(Stop::Unknown("keys".into()));
                }
                Value::List(list) => self.numbers(at, &list.items, out, depth + 1)?,
                Value::Duration(value) => out.push(*value as f64),
                Value::Month(value) | Value::Weekday(value) => out.push(f64::from(*value)),
                value => match value.number() {
                    Some(number) => out.push(number),
                    None => {
                        return self.fail_on(
                            at,
                            &[value],
                            format!("a value of type {} is no number", value.type_name()),
                        );
                    }
                },
            }
        }
        Ok(())
    }
}

fn with_help(stop: Stop) -> Stop {
    match stop {
        Stop::Error(error) => {
            Stop::Error(Box::new(error.help("an unset variable reads as the empty string, which is no number")))
        }
        other => other,
    }
}

fn better<'v>(best: Option<Value<'v>>, value: Value<'v>, side: Ordering) -> Value<'v> {
    match best {
        Some(best) if ops::order(&best, &value).ok().flatten() != Some(side) => best,
        _ => value,
    }
}

/// A float of Go's syntax: decimal or hexadecimal, with `_` between digits, `inf`, `nan`.
pub(super) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?.to_ascii_lowercase();
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text.as_str()),
    };
    let signed = |value: f64| if negative { -value } else { value };
    match body {
        "inf" | "infinity" => return Some(signed(f64::INFINITY)),
        "nan" => return (body.len() == text.len()).then_some(f64::NAN),
        _ => {}
    }
    if let Some(hex) = body.strip_prefix("0x") {
        return parse_hex_float(hex).map(signed);
    }
    if body.contains('_') && !underscores_fit(body) {
        return None;
    }
    let plain: String = body.chars().filter(|&c| c != '_').collect();
    let valid = plain.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let value = plain.parse::<f64>().ok().filter(|value| valid && value.is_finite())?;
    Some(signed(value))
}

/// Whether each `_` stands between digits.
fn underscores_fit(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_hexdigit);
    (0..bytes.len()).all(|at| bytes.get(at) != Some(&b'_') || digit(at.checked_sub(1)) && digit(Some(at + 1)))
}

fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let exponent: i32 = exponent.chars().filter(|&c| c != '_').collect::<String>().parse().ok()?;
    let mantissa: String = mantissa.chars().filter(|&c| c != '_').collect();
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || digits.len() > 13 {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let value = value * 2f64.powi(exponent.clamp(-2000, 2000) - 4 * fraction.len() as i32);
    value.is_finite().then_some(value)
}
