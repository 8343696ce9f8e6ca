//! The shortcuts: constants, conditions that are decided, loops that are joined or stop early.

use super::builtin::Builtin;
use super::code::{At, Loop, Op};
use super::error::ExprError;
use super::lower::Lowering;
use super::ops;
use super::tree::Binary;
use super::ty::Ty;
use crate::source::{Span, Spanned};

/// What became of an operator.
pub(super) enum Folded {
    /// It is what one of its operands is.
    Same(At),
    /// It is something else.
    New(Op, Ty),
    /// It stays.
    No,
}

/// Folds `left operator right`.
pub(super) fn binary(
    lowering: &mut Lowering<'_>,
    operator: Spanned<Binary>,
    left: At,
    right: At,
) -> Result<Folded, ExprError> {
    let constant = match (operator.value, lowering.op(left), lowering.op(right)) {
        (Binary::And, Op::Bool(true), _) | (Binary::Or, Op::Bool(false), _) => return Ok(Folded::Same(right)),
        (Binary::And, _, Op::Bool(true)) | (Binary::Or, _, Op::Bool(false)) => return Ok(Folded::Same(left)),
        (Binary::And, Op::Bool(false), _) | (Binary::And, _, Op::Bool(false)) => Some((Op::Bool(false), Ty::Bool)),
        (Binary::Or, Op::Bool(true), _) | (Binary::Or, _, Op::Bool(true)) => Some((Op::Bool(true), Ty::Bool)),
        (Binary::Equal, Op::Int(a), Op::Int(b)) => Some((Op::Bool(a == b), Ty::Bool)),
        (Binary::Equal, Op::Text(a), Op::Text(b)) => Some((Op::Bool(a == b), Ty::Bool)),
        (Binary::Equal, Op::Bool(a), Op::Bool(b)) => Some((Op::Bool(a == b), Ty::Bool)),
        (Binary::Add, Op::Text(a), Op::Text(b)) => Some((Op::Text([&**a, &**b].concat().into()), Ty::Text)),
        (Binary::Modulo, Op::Int(_), Op::Int(0)) => {
            return Err(ExprError::compile(operator.span, "an integer cannot be divided by zero"));
        }
        (Binary::Modulo, Op::Int(a), Op::Int(b)) => Some((Op::Int(a.wrapping_rem(*b)), Ty::Int)),
        (Binary::Add | Binary::Subtract | Binary::Multiply, Op::Int(a), Op::Int(b)) => {
            let value = match operator.value {
                Binary::Add => a.wrapping_add(*b),
                Binary::Subtract => a.wrapping_sub(*b),
                _ => a.wrapping_mul(*b),
            };
            Some((Op::Int(value), Ty::Int))
        }
        (operator, a, b) => match (number(a), number(b)) {
            (Some(a), Some(b)) => arithmetic(operator, a, b).map(|value| (Op::Float(value), Ty::Float)),
            _ => None,
        },
    };
    if let Some((op, ty)) = constant {
        return Ok(Folded::New(op, ty));
    }
    joined(lowering, operator, left, right)
}

fn number(op: &Op) -> Option<f64> {
    match op {
        Op::Int(value) => Some(*value as f64),
        Op::Float(value) => Some(*value),
        _ => None,
    }
}

fn arithmetic(operator: Binary, a: f64, b: f64) -> Option<f64> {
    Some(match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        Binary::Power => ops::power(a, b),
        _ => return None,
    })
}

/// `any(x, p) || any(x, q)` is `any(x, p || q)`, and so for `all` and `none`.
fn joined(lowering: &mut Lowering<'_>, operator: Spanned<Binary>, left: At, right: At) -> Result<Folded, ExprError> {
    let (Op::Loop(a), Op::Loop(b)) = (lowering.op(left), lowering.op(right)) else { return Ok(Folded::No) };
    let inner = match (a.builtin, operator.value) {
        (Builtin::All, Binary::And) => Binary::And,
        (Builtin::Any, Binary::Or) | (Builtin::None, Binary::And) => Binary::Or,
        _ => return Ok(Folded::No),
    };
    let same = a.builtin == b.builtin
        && lowering.known(a.list).same(lowering.known(b.list))
        && same_code(lowering, a.list, b.list, 0);
    let (Some(p), Some(q), true) = (a.predicate, b.predicate, same) else { return Ok(Folded::No) };
    let shape = (**a).clone();
    let nested = joined(lowering, Spanned::new(inner, operator.span), p, q)?;
    let predicate = if let Folded::New(op, ty) = nested {
        lowering.push(op, ty, operator.span)?
    } else {
        let op = if inner == Binary::And { Op::And(p, q) } else { Op::Or(p, q) };
        lowering.push(op, Ty::Bool, operator.span)?
    };
    Ok(Folded::New(Op::Loop(Box::new(Loop { predicate: Some(predicate), ..shape })), Ty::Bool))
}

/// Whether two pieces of code are written alike.
fn same_code(lowering: &Lowering<'_>, a: At, b: At, depth: usize) -> bool {
    let (op_a, op_b) = (lowering.op(a), lowering.op(b));
    let (below_a, below_b) = (operands(op_a), operands(op_b));
    depth < 64
        && same_head(op_a, op_b)
        && below_a.len() == below_b.len()
        && below_a.iter().zip(&below_b).all(|(&a, &b)| same_code(lowering, a, b, depth + 1))
}

/// Whether two instructions are alike but for their operands.
fn same_head(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Bool(a), Op::Bool(b)) => a == b,
        (Op::Int(a), Op::Int(b)) | (Op::Total(a), Op::Total(b)) => a == b,
        (Op::Float(a), Op::Float(b)) => a.to_bits() == b.to_bits(),
        (Op::Text(a), Op::Text(b)) | (Op::Name(a), Op::Name(b)) => a == b,
        (Op::Bytes(a), Op::Bytes(b)) => a == b,
        (Op::Variable(a), Op::Variable(b)) => a == b,
        (Op::Order(a, ..), Op::Order(b, ..))
        | (Op::Arithmetic(a, ..), Op::Arithmetic(b, ..))
        | (Op::Contains(a, ..), Op::Contains(b, ..)) => a == b,
        (Op::MatchesPattern(_, a, _), Op::MatchesPattern(_, b, _)) => a.as_str() == b.as_str(),
        (Op::InTexts(_, a), Op::InTexts(_, b)) => a == b,
        (Op::InInts(_, a), Op::InInts(_, b)) => a == b,
        (Op::Member { optional: a, .. }, Op::Member { optional: b, .. }) => a == b,
        (Op::Method { method: a, .. }, Op::Method { method: b, .. }) => a == b,
        (Op::Builtin { builtin: a, .. }, Op::Builtin { builtin: b, .. }) => a == b,
        (Op::Slice { from: a, .. }, Op::Slice { from: b, .. }) => a.is_some() == b.is_some(),
        (Op::Loop(a), Op::Loop(b)) => a.builtin == b.builtin && a.map.is_some() == b.map.is_some(),
        // Each `let` has a variable of its own.
        (Op::Let { .. }, Op::Let { .. }) => false,
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// Folds a call of a builtin.
pub(super) fn builtin(
    lowering: &mut Lowering<'_>,
    builtin: Builtin,
    arguments: &[At],
    ty: &Ty,
    span: Span,
) -> Result<Option<(Op, Ty)>, ExprError> {
    let &[list, ref rest @ ..] = arguments else { return Ok(None) };
    let inner = match lowering.op(list) {
        Op::Loop(inner) => Some((**inner).clone()),
        _ => None,
    };
    let filter = inner.as_ref().filter(|inner| inner.builtin == Builtin::Filter);
    let made = match (builtin, rest) {
        (Builtin::Filter, &[q]) => {
            filter.filter(|inner| inner.map.is_none()).and_then(|inner| Some((inner, inner.predicate?, q)))
        }
        _ => None,
    };
    if let Some((inner, p, q)) = made {
        let (inner, both) = (inner.clone(), lowering.push(Op::And(p, q), Ty::Bool, span)?);
        return Ok(Some((Op::Loop(Box::new(Loop { predicate: Some(both), ..inner })), ty.clone())));
    }
    let looped = match (builtin, rest, filter) {
        (Builtin::Map, &[f], Some(filter)) if filter.map.is_none() && !reads_index(lowering, f, 0) => {
            Some(Loop { map: Some(f), ..filter.clone() })
        }
        (Builtin::Len, [], Some(filter)) => Some(Loop { builtin: Builtin::Count, map: None, ..filter.clone() }),
        (Builtin::First, [], Some(filter)) => Some(Loop { builtin: Builtin::Find, ..filter.clone() }),
        (Builtin::Last, [], Some(filter)) => Some(Loop { builtin: Builtin::FindLast, ..filter.clone() }),
        (Builtin::Sum, [], None) => {
            inner.filter(|inner| inner.builtin == Builtin::Map).map(|inner| Loop { builtin: Builtin::Sum, ..inner })
        }
        _ => None,
    };
    if let Some(looped) = looped {
        return Ok(Some((Op::Loop(Box::new(looped)), ty.clone())));
    }
    if lowering.dialect.shortens_counts()
        && let Some(total) = range_sum(lowering, builtin, list, rest)
    {
        return Ok(Some((Op::Total(total), Ty::Int)));
    }
    if let (Builtin::Sum, [], Op::Array(items)) = (builtin, rest, lowering.op(list))
        && let [first @ .., last] = &items.clone()[..]
        && !first.is_empty()
    {
        let mut total = *last;
        for &item in first.iter().skip(1).rev() {
            total = lowering.push(Op::Arithmetic(Binary::Add, item, total), Ty::Unknown, span)?;
        }
        let first = first.first().copied().unwrap_or(total);
        return Ok(Some((Op::Arithmetic(Binary::Add, first, total), ty.clone())));
    }
    Ok(None)
}

/// Whether `#index` is read anywhere in the code at `at`. Nested predicates count, as they do for the engine.
fn reads_index(lowering: &Lowering<'_>, at: At, depth: usize) -> bool {
    let reads = |at: &At| reads_index(lowering, *at, depth + 1);
    depth > 256 || matches!(lowering.op(at), Op::Index) || operands(lowering.op(at)).iter().any(reads)
}

/// The instructions that `op` uses.
pub(super) fn operands(op: &Op) -> Vec<At> {
    match op {
        Op::Not(a)
        | Op::Negate(a)
        | Op::Chain(a)
        | Op::MatchesPattern(a, ..)
        | Op::InTexts(a, _)
        | Op::InInts(a, _) => {
            vec![*a]
        }
        Op::Equal(_, a, b)
        | Op::And(a, b)
        | Op::Or(a, b)
        | Op::Coalesce(a, b)
        | Op::Order(_, a, b)
        | Op::Arithmetic(_, a, b)
        | Op::Contains(_, a, b)
        | Op::Matches(a, b)
        | Op::Range(a, b)
        | Op::In(a, b) => vec![*a, *b],
        Op::Member { base, key, .. } => vec![*base, *key],
        Op::Method { base, .. } => vec![*base],
        Op::Slice { base, from, to } => [Some(*base), *from, *to].into_iter().flatten().collect(),
        Op::Call { callee, arguments } => [*callee].into_iter().chain(arguments.iter().copied()).collect(),
        Op::Builtin { arguments: items, .. } | Op::Constants(items) | Op::Array(items) | Op::Sequence(items) => {
            items.clone()
        }
        Op::Loop(looped) => {
            let some = [Some(looped.list), looped.predicate, looped.more, looped.map];
            some.into_iter().flatten().collect()
        }
        Op::Let { value, body, .. } => vec![*value, *body],
        Op::Conditional { condition, yes, no } => vec![*condition, *yes, *no],
        Op::Map(pairs) => pairs.iter().flat_map(|&(key, value)| [key, value]).collect(),
        Op::Nil
        | Op::Bool(_)
        | Op::Int(_)
        | Op::Total(_)
        | Op::Float(_)
        | Op::Text(_)
        | Op::Bytes(_)
        | Op::Name(_)
        | Op::Environment
        | Op::Variable(_)
        | Op::Item
        | Op::Index
        | Op::Accumulator => Vec::new(),
    }
}

/// `sum(1..n)` and its like, with Go's overflow.
fn range_sum(lowering: &Lowering<'_>, builtin: Builtin, list: At, rest: &[At]) -> Option<i64> {
    let &Op::Range(from, to) = lowering.op(list) else { return None };
    let (&Op::Int(from), &Op::Int(to)) = (lowering.op(from), lowering.op(to)) else { return None };
    if to < from {
        return None;
    }
    let count = to.wrapping_sub(from).wrapping_add(1);
    let sum = count.wrapping_mul(from.wrapping_add(to)).wrapping_div(2);
    match (builtin, rest) {
        (Builtin::Sum, []) => Some(sum),
        (Builtin::Sum, &[predicate]) => match *lowering.op(predicate) {
            Op::Item => Some(sum),
            Op::Arithmetic(operator, a, b) => {
                let (item_first, k) = match (lowering.op(a), lowering.op(b)) {
                    (Op::Item, &Op::Int(k)) => (true, k),
                    (&Op::Int(k), Op::Item) => (false, k),
                    _ => return None,
                };
                let shift = count.wrapping_mul(k);
                match (operator, item_first) {
                    (Binary::Multiply, _) => Some(k.wrapping_mul(sum)),
                    (Binary::Add, _) => Some(sum.wrapping_add(shift)),
                    (Binary::Subtract, true) => Some(sum.wrapping_sub(shift)),
                    (Binary::Subtract, false) => Some(shift.wrapping_sub(sum)),
                    _ => None,
                }
            }
            _ => None,
        },
        (Builtin::Reduce, [predicate, more @ ..]) => {
            let &Op::Arithmetic(Binary::Add, a, b) = lowering.op(*predicate) else { return None };
            if !matches!((lowering.op(a), lowering.op(b)), (Op::Item, Op::Accumulator) | (Op::Accumulator, Op::Item)) {
                return None;
            }
            match more.first().map(|&first| lowering.op(first)) {
                None => Some(sum),
                Some(&Op::Int(first)) => Some(first.wrapping_add(sum)),
                Some(_) => None,
            }
        }
        _ => None,
    }
}

/// `count(a, p) > n` stops counting at `n + 1`. Done last, as the engine does.
pub(super) fn shorten_counts(code: &mut [(Op, Span)]) {
    for at in 0..code.len() {
        let Some(&(Op::Order(operator, left, right), _)) = code.get(at) else { continue };
        let Some(&(Op::Int(n), _)) = code.get(right as usize) else { continue };
        let Some((Op::Loop(count), _)) = code.get(left as usize) else { continue };
        if count.builtin != Builtin::Count || count.predicate.is_none() || n < 0 {
            continue;
        }
        let enough = match operator {
            Binary::Greater | Binary::LessOrEqual => n.wrapping_add(1),
            _ => n,
        };
        let at_least_one = matches!((operator, n), (Binary::Greater, 0) | (Binary::GreaterOrEqual, 1));
        let mut shorter = count.clone();
        if at_least_one {
            shorter.builtin = Builtin::Any;
            if let Some((op, _)) = code.get_mut(at) {
                *op = Op::Loop(shorter);
            }
        } else if enough > 1 {
            shorter.enough = Some(enough);
            if let Some((Op::Loop(count), _)) = code.get_mut(left as usize) {
                *count = shorter;
            }
        }
    }
}
