//! The type checker: as lenient as the engine's. A variable that the environment sets is a string; any other name can be anything
//! until the expression runs. What this refuses, the server refuses before it looks at a value.

use super::builtin::{Builtin, go_type};
use super::dialect::Dialect;
use super::error::ExprError;
use super::method;
use super::pattern;
use super::tree::{Binary, NodeId, NodeKind, Pointer, Tree, Unary};
use super::ty::{Function, Item, MapTy, Ty};
use crate::env::{Env, Lookup};
use crate::source::Spanned;
use std::sync::Arc;

/// What `#` and its kin mean in a predicate.
pub(super) struct Scope {
    pub(super) collection: Ty,
    pub(super) index: bool,
    pub(super) accumulator: bool,
}

/// Checks one tree.
pub(super) struct Checker<'t> {
    pub(super) tree: &'t Tree,
    pub(super) env: &'t dyn Env,
    pub(super) dialect: Dialect,
    /// The type of each node that was checked. The engine leaves some out: arguments of a call of it knows not what.
    types: Vec<Option<Ty>>,
    pub(super) scopes: Vec<Scope>,
    variables: Vec<(&'t str, Ty)>,
}

/// The types of a tree's nodes, by node.
pub(super) type Types = Vec<Option<Ty>>;

/// Checks `tree` as a condition over `env`.
pub(super) fn check(tree: &Tree, dialect: Dialect, env: &dyn Env) -> Result<Types, ExprError> {
    let types = vec![None; tree.nodes.len()];
    let mut checker = Checker { tree, env, dialect, types, scopes: Vec::new(), variables: Vec::new() };
    let ty = checker.visit(tree.root)?;
    if ty.is_unknown() || ty.is_bool() {
        return Ok(checker.types);
    }
    let span = tree.node(tree.root).span;
    Err(ExprError::compile(span, format!("a condition must be true or false, and this is of type {ty}")))
}

impl<'t> Checker<'t> {
    pub(super) fn error(&self, id: NodeId, message: impl Into<String>) -> ExprError {
        ExprError::compile(self.tree.node(id).span, message)
    }

    /// The type of the node at `id`.
    pub(super) fn visit(&mut self, id: NodeId) -> Result<Ty, ExprError> {
        if let Some(ty) = self.types.get(id.0 as usize).and_then(Option::as_ref) {
            return Ok(ty.clone());
        }
        let ty = if matches!(self.tree.kind(id), NodeKind::Binary { .. }) { self.chain(id)? } else { self.node(id)? };
        self.set(id, &ty);
        Ok(ty)
    }

    fn set(&mut self, id: NodeId, ty: &Ty) {
        if let Some(slot) = self.types.get_mut(id.0 as usize) {
            *slot = Some(ty.clone());
        }
    }

    /// A chain of operators, from the left.
    fn chain(&mut self, id: NodeId) -> Result<Ty, ExprError> {
        let tree = self.tree;
        let mut links = Vec::new();
        let mut first = id;
        while let NodeKind::Binary { operator, left, right } = tree.kind(first) {
            links.push((first, *operator, *left, *right));
            first = *left;
        }
        let mut ty = self.visit(first)?;
        for (id, operator, left, right) in links.into_iter().rev() {
            let right_ty = self.visit(right)?;
            ty = self.binary(operator, (left, &ty), (right, &right_ty))?;
            self.set(id, &ty);
        }
        Ok(ty)
    }

    fn node(&mut self, id: NodeId) -> Result<Ty, ExprError> {
        let tree = self.tree;
        match tree.kind(id) {
            NodeKind::Nil => Ok(Ty::Nil),
            NodeKind::Bool(_) => Ok(Ty::Bool),
            NodeKind::Int(_) => Ok(Ty::Int),
            NodeKind::Float(_) => Ok(Ty::Float),
            NodeKind::Text(_) => Ok(Ty::Text),
            NodeKind::Bytes(_) => Ok(Ty::List(Item::Byte, None)),
            NodeKind::Name(name) => Ok(self.name(name)),
            NodeKind::Unary { operator, operand } => self.unary(id, *operator, *operand),
            NodeKind::Binary { .. } => self.chain(id),
            NodeKind::Chain(inner) => self.visit(*inner),
            NodeKind::Member { base, property, .. } => self.member(id, *base, *property),
            NodeKind::Slice { base, from, to } => self.slice(*base, [*from, *to]),
            NodeKind::Call { callee, arguments } => self.call(id, *callee, arguments),
            NodeKind::Builtin { builtin, arguments } => self.builtin(id, *builtin, arguments),
            NodeKind::Predicate(body) => self.visit(*body),
            NodeKind::Pointer(pointer) => self.pointer(id, pointer),
            NodeKind::Let { name, value, body } => self.variable(name, *value, *body),
            NodeKind::Sequence(nodes) => {
                let mut last = Ty::Unknown;
                for &node in nodes {
                    last = self.visit(node)?;
                }
                Ok(last)
            }
            NodeKind::Conditional { condition, yes, no } => self.conditional(*condition, *yes, *no),
            NodeKind::Array(nodes) => self.array(nodes),
            NodeKind::Map(pairs) => {
                for &(key, value) in pairs {
                    self.visit(key)?;
                    self.visit(value)?;
                }
                Ok(Ty::Map(MapTy::Text))
            }
        }
    }

    /// The type of a variable of the environment.
    fn environment(&self, name: &str) -> Option<Ty> {
        (self.env.lookup(name) != Lookup::Missing).then_some(Ty::Text)
    }

    fn undefined(&self) -> Ty {
        if self.dialect.undefined_is_string() { Ty::Text } else { Ty::Unknown }
    }

    fn name(&self, name: &str) -> Ty {
        if let Some((_, ty)) = self.variables.iter().rev().find(|(variable, _)| *variable == name) {
            return ty.clone();
        }
        if name == "$env" {
            return if self.dialect == Dialect::V1_16 { Ty::Map(MapTy::Text) } else { Ty::Unknown };
        }
        if let Some(ty) = self.environment(name) {
            return ty;
        }
        match Builtin::from_name(name, self.dialect) {
            Some(builtin) => Ty::Function(Function::Builtin(builtin)),
            None => self.undefined(),
        }
    }

    fn unary(&mut self, id: NodeId, operator: Unary, operand: NodeId) -> Result<Ty, ExprError> {
        let ty = self.visit(operand)?;
        match operator {
            Unary::Not if ty.is_bool() || ty.is_unknown() => return Ok(Ty::Bool),
            Unary::Plus | Unary::Minus if ty.is_number(self.dialect) => return Ok(ty),
            Unary::Plus | Unary::Minus if ty.is_unknown() => return Ok(Ty::Unknown),
            _ => {}
        }
        let symbol = match operator {
            Unary::Not => "not",
            Unary::Plus => "+",
            Unary::Minus => "-",
        };
        Err(self.error(id, format!("`{symbol}` cannot take a value of type {ty}")))
    }

    fn binary(
        &mut self,
        operator: Spanned<Binary>,
        left: (NodeId, &Ty),
        right: (NodeId, &Ty),
    ) -> Result<Ty, ExprError> {
        let dialect = self.dialect;
        let ((_, l), (right, r)) = (left, right);
        let number = |ty: &Ty| ty.is_number(dialect);
        let integer = |ty: &Ty| ty.is_integer(dialect);
        let time = |ty: &Ty| matches!(ty, Ty::Time);
        let duration = |ty: &Ty| matches!(ty, Ty::Duration);
        let both = |check: &dyn Fn(&Ty) -> bool| check(l) && check(r);
        let text = Ty::is_text;
        let spans = dialect != Dialect::V1_16;
        let promoted = || if matches!(l, Ty::Float) || matches!(r, Ty::Float) { Ty::Float } else { Ty::Int };
        let found = match operator.value {
            Binary::Equal | Binary::NotEqual => l.comparable_to(r, dialect).then_some(Ty::Bool),
            Binary::And | Binary::Or => (both(&Ty::is_bool) || l.maybe(r, Ty::is_bool)).then_some(Ty::Bool),
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
                let order = |ty: &Ty| number(ty) || text(ty) || time(ty) || spans && duration(ty);
                let same = both(&number) || both(&text) || both(&time) || spans && both(&duration);
                (same || l.maybe(r, order)).then_some(Ty::Bool)
            }
            Binary::Add => match (l, r) {
                _ if both(&number) => Some(promoted()),
                _ if both(&text) => Some(Ty::Text),
                (Ty::Time, Ty::Duration) | (Ty::Duration, Ty::Time) => Some(Ty::Time),
                (Ty::Duration, Ty::Duration) if spans => Some(Ty::Duration),
                _ => l.maybe(r, |ty| number(ty) || text(ty) || time(ty) || duration(ty)).then_some(Ty::Unknown),
            },
            Binary::Subtract => match (l, r) {
                _ if both(&number) => Some(promoted()),
                (Ty::Time, Ty::Time) => Some(Ty::Duration),
                (Ty::Time, Ty::Duration) => Some(Ty::Time),
                (Ty::Duration, Ty::Duration) if spans => Some(Ty::Duration),
                _ => l.maybe(r, |ty| number(ty) || time(ty) || spans && duration(ty)).then_some(Ty::Unknown),
            },
            Binary::Multiply => match (l, r) {
                _ if both(&number) => Some(promoted()),
                (Ty::Duration, ty) | (ty, Ty::Duration) if spans && (number(ty) || duration(ty)) => Some(Ty::Duration),
                _ => l.maybe(r, |ty| number(ty) || spans && duration(ty)).then_some(Ty::Unknown),
            },
            Binary::Divide | Binary::Power => (both(&number) || l.maybe(r, number)).then_some(Ty::Float),
            Binary::Modulo if both(&integer) => Some(Ty::Int),
            Binary::Modulo => l.maybe(r, integer).then_some(if spans { Ty::Int } else { Ty::Unknown }),
            Binary::Range => (both(&integer) || l.maybe(r, integer))
                .then(|| if spans { Ty::list_of(Ty::Int) } else { Ty::List(Item::Int, None) }),
            Binary::In => self.membership(l, r),
            Binary::Matches => {
                if let NodeKind::Text(pattern) = self.tree.kind(right) {
                    pattern::translate(pattern).map_err(|message| self.error(right, message))?;
                }
                let subject = text(l) || l.is_bytes() && dialect >= Dialect::V1_17_7;
                (subject && text(r) || l.maybe(r, text)).then_some(Ty::Bool)
            }
            Binary::Contains | Binary::StartsWith | Binary::EndsWith => {
                (both(&text) || l.maybe(r, text)).then_some(Ty::Bool)
            }
            Binary::Coalesce => Some(match (l, r) {
                (Ty::Nil, other) | (other, Ty::Nil) => other.clone(),
                _ if r.assignable_to(l, dialect) => l.clone(),
                _ => Ty::Unknown,
            }),
        };
        found.ok_or_else(|| {
            let symbol = operator.value.symbol();
            ExprError::compile(operator.span, format!("`{symbol}` cannot stand between types {l} and {r}"))
        })
    }

    fn membership(&self, l: &Ty, r: &Ty) -> Option<Ty> {
        let dialect = self.dialect;
        let fits = match r {
            Ty::Time | Ty::Location => l.is_text() || l.is_unknown(),
            Ty::Map(map) => {
                let key = if *map == MapTy::Text { Ty::Text } else { Ty::Any };
                l.is_unknown() || l.is_nil() && dialect == Dialect::V1_16 || l.assignable_to(&key, dialect)
            }
            // Here alone v1.16 knows what the items of an array literal are.
            Ty::List(_, Some(item)) => l.comparable_to(item, dialect),
            Ty::List(..) => l.comparable_to(&r.item(dialect), dialect),
            Ty::Text => l.is_unknown(),
            r => r.is_unknown(),
        };
        fits.then_some(Ty::Bool)
    }

    fn member(&mut self, id: NodeId, base: NodeId, property: NodeId) -> Result<Ty, ExprError> {
        let tree = self.tree;
        let key = match tree.kind(property) {
            NodeKind::Text(key) => Some(&**key),
            _ => None,
        };
        if matches!(tree.kind(base), NodeKind::Name(name) if &**name == "$env") {
            return Ok(key.map_or(Ty::Unknown, |key| self.environment(key).unwrap_or_else(|| self.undefined())));
        }
        let base = self.visit(base)?;
        let property_ty = self.visit(property)?;
        if base.is_unknown() {
            return Ok(Ty::Unknown);
        }
        if let Some(key) = key {
            if base.is_nil() {
                return Err(self.error(property, format!("nil has no field `{key}`")));
            }
            if let Some(method) = method::find(&base, key) {
                return Ok(Ty::Function(Function::Method(method)));
            }
        }
        let fits = match &base {
            Ty::Map(map) => {
                let key = if *map == MapTy::Text { Ty::Text } else { Ty::Any };
                let nil = property_ty.is_nil() && self.dialect == Dialect::V1_16;
                nil || property_ty.is_unknown() || property_ty.assignable_to(&key, self.dialect)
            }
            Ty::List(..) => property_ty.is_unknown() || property_ty.is_integer(self.dialect),
            _ => false,
        };
        if fits {
            return Ok(base.item(self.dialect));
        }
        Err(match (key, &base) {
            (Some(key), base) if !base.is_list() => {
                self.error(property, format!("a value of type {base} has no field `{key}`"))
            }
            _ => self
                .error(id, format!("a value of type {base} has no items that a value of type {property_ty} selects")),
        })
    }

    fn slice(&mut self, base: NodeId, bounds: [Option<NodeId>; 2]) -> Result<Ty, ExprError> {
        let ty = self.visit(base)?;
        if ty.is_unknown() && self.dialect != Dialect::V1_16 {
            return Ok(Ty::Unknown);
        }
        if !(ty.is_unknown() || ty.is_text() || ty.is_list()) {
            return Err(self.error(base, format!("a value of type {ty} cannot be sliced")));
        }
        for bound in bounds.into_iter().flatten() {
            let bound_ty = self.visit(bound)?;
            if !(bound_ty.is_integer(self.dialect) || bound_ty.is_unknown()) {
                return Err(self.error(bound, format!("an index must be an integer, and this is of type {bound_ty}")));
            }
        }
        Ok(if self.dialect == Dialect::V1_16 { go_type(&ty) } else { ty })
    }

    fn pointer(&mut self, id: NodeId, pointer: &Pointer) -> Result<Ty, ExprError> {
        let Some(scope) = self.scopes.last() else {
            return Err(self.error(id, "`#` stands outside a predicate"));
        };
        match pointer {
            Pointer::Item if scope.collection.is_unknown() => Ok(Ty::Unknown),
            Pointer::Item if scope.collection.is_list() => Ok(scope.collection.item(self.dialect)),
            Pointer::Index if scope.index => Ok(Ty::Int),
            Pointer::Accumulator if scope.accumulator => Ok(Ty::Unknown),
            Pointer::Item => Err(self.error(id, "this has no items")),
            Pointer::Index => Err(self.error(id, "`#index` is known in `map` and `reduce` only")),
            Pointer::Accumulator => Err(self.error(id, "`#acc` is known in `reduce` only")),
            Pointer::Other(name) => Err(self.error(id, format!("`#{name}` is not known"))),
        }
    }

    fn variable(&mut self, name: &'t Spanned<Arc<str>>, value: NodeId, body: NodeId) -> Result<Ty, ExprError> {
        let taken = if self.environment(&name.value).is_some() {
            Some("is a variable of the environment")
        } else if Builtin::from_name(&name.value, self.dialect).is_some() {
            Some("is a builtin function")
        } else if self.variables.iter().any(|(variable, _)| **variable == *name.value) {
            Some("is declared already")
        } else {
            None
        };
        if let Some(taken) = taken {
            return Err(ExprError::compile(name.span, format!("`{}` {taken}", name.value)).help("give it another name"));
        }
        let ty = self.visit(value)?;
        self.variables.push((&name.value, ty));
        let body = self.visit(body)?;
        self.variables.pop();
        Ok(body)
    }

    fn conditional(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> Result<Ty, ExprError> {
        let ty = self.visit(condition)?;
        if !(ty.is_bool() || ty.is_unknown()) {
            return Err(self.error(condition, format!("a condition must be true or false, and this is of type {ty}")));
        }
        let yes = self.visit(yes)?;
        let no = self.visit(no)?;
        Ok(match (&yes, &no) {
            (Ty::Nil, other) | (other, Ty::Nil) => other.clone(),
            (Ty::List(..), Ty::List(..)) if yes.same(&no) && self.dialect >= Dialect::V1_17_7 => {
                let (a, b) = (yes.item(self.dialect), no.item(self.dialect));
                let alike = a.assignable_to(&b, self.dialect) && b.assignable_to(&a, self.dialect);
                if alike { yes } else { Ty::LIST }
            }
            _ if yes.assignable_to(&no, self.dialect) && self.dialect == Dialect::V1_16 => go_type(&yes),
            _ if yes.assignable_to(&no, self.dialect) => yes,
            _ => Ty::Unknown,
        })
    }

    /// An array of items of one kind is known to hold what its last item is.
    fn array(&mut self, nodes: &[NodeId]) -> Result<Ty, ExprError> {
        let mut last: Option<Ty> = None;
        let mut alike = true;
        for &node in nodes {
            let ty = self.visit(node)?;
            let nil = self.dialect == Dialect::V1_16 && (ty.is_nil() || last.as_ref().is_some_and(Ty::is_nil));
            alike &= last.as_ref().is_none_or(|last| !nil && last.kind() == ty.kind());
            last = Some(ty);
        }
        Ok(if alike { Ty::list_of(last.unwrap_or(Ty::Unknown)) } else { Ty::LIST })
    }
}
