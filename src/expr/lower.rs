//! From the checked tree to a program, with the shortcuts that the engine takes when it compiles: they show. `foo() && false` is
//! `false` though `foo()` would fail, `1 % 0` never compiles, and `filter(a, p)[0]` stops at the first item.

use super::builtin::{Builtin, Shape};
use super::check::Types;
use super::code::{At, Equality, Loop, Op, Program};
use super::dialect::Dialect;
use super::error::ExprError;
use super::fold;
use super::method;
use super::pattern;
use super::tree::{Binary, NodeId, NodeKind, Pointer, Tree, Unary};
use super::ty::{Kind, Ty};
use crate::source::Span;

/// The most instructions; a chained comparison repeats its middle operand, so nesting them could double the program over and over.
const MAX_CODE: usize = 100_000;

/// Lowers one tree.
pub(super) struct Lowering<'t> {
    tree: &'t Tree,
    types: &'t Types,
    pub(super) dialect: Dialect,
    pub(super) code: Vec<(Op, Span)>,
    /// The static type of each instruction.
    pub(super) known: Vec<Ty>,
    scopes: Vec<(&'t str, usize)>,
    variables: usize,
}

/// Lowers `tree`, whose nodes have these `types`.
pub(super) fn lower(tree: &Tree, types: &Types, dialect: Dialect) -> Result<Program, ExprError> {
    let code = Vec::with_capacity(tree.nodes.len());
    let mut lowering = Lowering {
        tree,
        types,
        dialect,
        code,
        known: Vec::with_capacity(tree.nodes.len()),
        scopes: Vec::new(),
        variables: 0,
    };
    let root = lowering.visit(tree.root)?;
    if dialect.shortens_counts() {
        fold::shorten_counts(&mut lowering.code);
    }
    if lowering.code.iter().any(|(op, _)| matches!(op, Op::Matches(..))) {
        compile_patterns(&mut lowering.code, root)?;
    }
    Ok(Program { code: lowering.code, root, variables: lowering.variables })
}

/// Compiles the patterns that are known. Those of code that was folded away are not looked at; one that is written whole was checked
/// before, wherever it stands.
fn compile_patterns(code: &mut [(Op, Span)], root: At) -> Result<(), ExprError> {
    let mut open = vec![root];
    let mut seen = vec![false; code.len()];
    while let Some(at) = open.pop() {
        match seen.get_mut(at as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let Some((op, _)) = code.get(at as usize) else { continue };
        open.extend(fold::operands(op));
        if let &Op::Matches(left, right) = op
            && let Some((Op::Text(text), span)) = code.get(right as usize)
        {
            let pattern = pattern::compile(text).map_err(|message| ExprError::compile(*span, message))?;
            let text = text.clone();
            if let Some((op, _)) = code.get_mut(at as usize) {
                *op = Op::MatchesPattern(left, pattern, text);
            }
        }
    }
    Ok(())
}

impl Lowering<'_> {
    fn ty(&self, id: NodeId) -> Ty {
        self.types.get(id.0 as usize).and_then(Clone::clone).unwrap_or(Ty::Unknown)
    }

    pub(super) fn op(&self, at: At) -> &Op {
        self.code.get(at as usize).map_or(&Op::Nil, |(op, _)| op)
    }

    pub(super) fn known(&self, at: At) -> &Ty {
        self.known.get(at as usize).unwrap_or(&Ty::Unknown)
    }

    pub(super) fn push(&mut self, op: Op, ty: Ty, span: Span) -> Result<At, ExprError> {
        if self.code.len() >= MAX_CODE {
            return Err(ExprError::limit(span, "expression is too large once chained comparisons are spelled out"));
        }
        self.code.push((op, span));
        self.known.push(ty);
        Ok(self.code.len() as At - 1)
    }

    fn visit_all(&mut self, nodes: &[NodeId]) -> Result<Vec<At>, ExprError> {
        nodes.iter().map(|&node| self.visit(node)).collect()
    }

    fn visit_some(&mut self, node: Option<NodeId>) -> Result<Option<At>, ExprError> {
        node.map(|node| self.visit(node)).transpose()
    }

    fn visit(&mut self, id: NodeId) -> Result<At, ExprError> {
        let tree = self.tree;
        let span = tree.node(id).span;
        let ty = self.ty(id);
        let op = match tree.kind(id) {
            NodeKind::Nil => Op::Nil,
            NodeKind::Bool(value) => Op::Bool(*value),
            NodeKind::Int(value) => Op::Int(*value),
            NodeKind::Float(value) => Op::Float(*value),
            NodeKind::Text(text) => Op::Text(text.clone()),
            NodeKind::Bytes(bytes) => Op::Bytes(bytes.clone()),
            NodeKind::Name(name) => match self.scopes.iter().rev().find(|(variable, _)| **variable == **name) {
                Some(&(_, variable)) => Op::Variable(variable),
                None if &**name == "$env" => Op::Environment,
                None => Op::Name(name.clone()),
            },
            NodeKind::Unary { operator, operand } => {
                let operand = self.visit(*operand)?;
                return self.unary(*operator, operand, ty, span);
            }
            NodeKind::Binary { .. } => return self.chain(id),
            NodeKind::Chain(inner) => Op::Chain(self.visit(*inner)?),
            NodeKind::Member { base, property, optional } => return self.member(*base, *property, *optional, ty, span),
            NodeKind::Slice { base, from, to } => {
                let base = self.visit(*base)?;
                let to = self.visit_some(*to)?;
                Op::Slice { base, from: self.visit_some(*from)?, to }
            }
            NodeKind::Call { callee, arguments } => {
                let arguments = self.visit_all(arguments)?;
                Op::Call { callee: self.visit(*callee)?, arguments }
            }
            NodeKind::Builtin { builtin, arguments } => {
                let arguments = self.visit_all(arguments)?;
                return self.builtin(*builtin, arguments, ty, span);
            }
            NodeKind::Predicate(body) => return self.visit(*body),
            NodeKind::Pointer(Pointer::Item | Pointer::Other(_)) => Op::Item,
            NodeKind::Pointer(Pointer::Index) => Op::Index,
            NodeKind::Pointer(Pointer::Accumulator) => Op::Accumulator,
            NodeKind::Let { name, value, body } => {
                let value = self.visit(*value)?;
                let variable = self.variables;
                self.variables += 1;
                self.scopes.push((&name.value, variable));
                let body = self.visit(*body)?;
                self.scopes.pop();
                Op::Let { variable, value, body }
            }
            NodeKind::Sequence(nodes) => Op::Sequence(self.visit_all(nodes)?),
            NodeKind::Conditional { condition, yes, no } => {
                let condition = self.visit(*condition)?;
                let yes = self.visit(*yes)?;
                Op::Conditional { condition, yes, no: self.visit(*no)? }
            }
            NodeKind::Array(nodes) => {
                let items = self.visit_all(nodes)?;
                let literal = |&at: &At| matches!(self.op(at), Op::Int(_) | Op::Float(_) | Op::Text(_) | Op::Bool(_));
                if !items.is_empty() && items.iter().all(literal) {
                    return self.push(Op::Constants(items), Ty::LIST, span);
                }
                Op::Array(items)
            }
            NodeKind::Map(pairs) => {
                let mut lowered = Vec::with_capacity(pairs.len());
                for &(key, value) in pairs {
                    lowered.push((self.visit(key)?, self.visit(value)?));
                }
                Op::Map(lowered)
            }
        };
        self.push(op, ty, span)
    }

    fn unary(&mut self, operator: Unary, operand: At, ty: Ty, span: Span) -> Result<At, ExprError> {
        let op = match (operator, self.op(operand)) {
            (Unary::Not, Op::Bool(value)) => Op::Bool(!value),
            (Unary::Minus, Op::Int(value)) => Op::Int(value.wrapping_neg()),
            (Unary::Minus, Op::Float(value)) => Op::Float(-value),
            // A plus sign does nothing, whatever it stands before.
            (Unary::Plus, _) => return Ok(operand),
            (Unary::Not, _) => Op::Not(operand),
            (Unary::Minus, _) => Op::Negate(operand),
        };
        self.push(op, ty, span)
    }

    /// A chain of operators, from the left.
    fn chain(&mut self, id: NodeId) -> Result<At, ExprError> {
        let tree = self.tree;
        let mut links = Vec::new();
        let mut first = id;
        while let NodeKind::Binary { operator, left, right } = tree.kind(first) {
            links.push((first, *operator, *left, *right));
            first = *left;
        }
        let mut left_at = self.visit(first)?;
        for (id, operator, left, right) in links.into_iter().rev() {
            let right_at = self.visit(right)?;
            let (ty, span) = (self.ty(id), tree.node(id).span);
            left_at = match operator.value {
                Binary::In => self.membership(left, right, (left_at, right_at), span)?,
                Binary::Matches => self.push(Op::Matches(left_at, right_at), ty, span)?,
                _ => match fold::binary(self, operator, left_at, right_at)? {
                    fold::Folded::Same(at) => at,
                    fold::Folded::New(op, ty) => self.push(op, ty, span)?,
                    fold::Folded::No => {
                        let op = self.operator(operator.value, left_at, right_at);
                        let at = self.push(op, ty.clone(), span)?;
                        if operator.value == Binary::NotEqual { self.push(Op::Not(at), ty, span)? } else { at }
                    }
                },
            };
        }
        Ok(left_at)
    }

    fn operator(&self, operator: Binary, left: At, right: At) -> Op {
        match operator {
            Binary::Equal | Binary::NotEqual => {
                let both = |ty: &Ty| self.known(left).same(ty) && self.known(right).same(ty);
                let equality = if both(&Ty::Int) {
                    Equality::Int
                } else if both(&Ty::Text) {
                    Equality::Text
                } else {
                    Equality::Any
                };
                Op::Equal(equality, left, right)
            }
            Binary::And => Op::And(left, right),
            Binary::Or => Op::Or(left, right),
            Binary::Coalesce => Op::Coalesce(left, right),
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
                Op::Order(operator, left, right)
            }
            Binary::Contains | Binary::StartsWith | Binary::EndsWith => Op::Contains(operator, left, right),
            Binary::Matches => Op::Matches(left, right),
            Binary::Range => Op::Range(left, right),
            Binary::In => Op::In(left, right),
            _ => Op::Arithmetic(operator, left, right),
        }
    }

    fn membership(&mut self, left: NodeId, right: NodeId, at: (At, At), span: Span) -> Result<At, ExprError> {
        let tree = self.tree;
        let is_int = self.ty(left).kind() == Kind::Int;
        if let NodeKind::Array(items) = tree.kind(right)
            && !items.is_empty()
        {
            let int = |&id: &NodeId| if let NodeKind::Int(value) = tree.kind(id) { Some(*value) } else { None };
            let text = |&id: &NodeId| if let NodeKind::Text(text) = tree.kind(id) { Some(text.clone()) } else { None };
            if let Some(set) = items.iter().map(int).collect::<Option<_>>()
                && is_int
            {
                return self.push(Op::InInts(at.0, set), Ty::Bool, span);
            }
            if let Some(set) = items.iter().map(text).collect::<Option<_>>() {
                return self.push(Op::InTexts(at.0, set), Ty::Bool, span);
            }
        }
        if is_int
            && let &Op::Range(from, to) = self.op(at.1)
            && matches!((self.op(from), self.op(to)), (Op::Int(_), Op::Int(_)))
        {
            let least = self.push(Op::Order(Binary::GreaterOrEqual, at.0, from), Ty::Bool, span)?;
            let most = self.push(Op::Order(Binary::LessOrEqual, at.0, to), Ty::Bool, span)?;
            return self.push(Op::And(least, most), Ty::Bool, span);
        }
        self.push(Op::In(at.0, at.1), Ty::Bool, span)
    }

    fn member(&mut self, base: NodeId, property: NodeId, optional: bool, ty: Ty, span: Span) -> Result<At, ExprError> {
        let base_ty = self.ty(base);
        let base = self.visit(base)?;
        if let NodeKind::Text(name) = self.tree.kind(property)
            && let Some(method) = method::find(&base_ty, name)
        {
            return self.push(Op::Method { base, method }, ty, span);
        }
        let key = self.visit(property)?;
        let found = match (self.op(key), self.op(base)) {
            (Op::Int(index @ (0 | -1)), Op::Loop(filter)) if !optional && filter.builtin == Builtin::Filter => {
                let builtin = if *index == 0 { Builtin::Find } else { Builtin::FindLast };
                Some(Op::Loop(Box::new(Loop { builtin, must_find: true, ..(**filter).clone() })))
            }
            _ => None,
        };
        self.push(found.unwrap_or(Op::Member { base, key, optional }), ty, span)
    }

    fn builtin(&mut self, builtin: Builtin, arguments: Vec<At>, ty: Ty, span: Span) -> Result<At, ExprError> {
        if let Some((op, ty)) = fold::builtin(self, builtin, &arguments, &ty, span)? {
            return self.push(op, ty, span);
        }
        let op = match (builtin.shape(), arguments.as_slice()) {
            (Shape::Function, _) | (_, []) => Op::Builtin { builtin, arguments },
            (_, [list, rest @ ..]) => Op::Loop(Box::new(Loop {
                builtin,
                list: *list,
                predicate: rest.first().copied(),
                more: rest.get(1).copied(),
                map: None,
                must_find: false,
                enough: None,
            })),
        };
        self.push(op, ty, span)
    }
}
