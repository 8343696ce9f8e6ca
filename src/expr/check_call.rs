//! The type checker's part for calls: builtins, predicates, methods.

use super::builtin::{Builtin, go_type, wrong_count};
use super::check::{Checker, Scope};
use super::dialect::Dialect;
use super::error::ExprError;
use super::tree::{NodeId, NodeKind};
use super::ty::{Function, MapTy, Ty};
use crate::env::Lookup;

impl Checker<'_> {
    pub(super) fn call(&mut self, id: NodeId, callee: NodeId, arguments: &[NodeId]) -> Result<Ty, ExprError> {
        let tree = self.tree;
        let is_env = matches!(tree.kind(callee), NodeKind::Name(name) if &**name == "$env");
        if is_env && self.dialect >= Dialect::V1_17_8 {
            return Err(self.error(callee, "`$env` cannot be called"));
        }
        match self.visit(callee)? {
            Ty::Unknown | Ty::Any => Ok(Ty::Unknown),
            Ty::Function(Function::Builtin(builtin)) => self.function(id, builtin, arguments),
            Ty::Function(Function::Method(method)) => {
                if method.gives.len() > 2 {
                    return Err(self.error(id, format!("`{}` gives more than one value", method.name)));
                }
                let types = self.visit_all(arguments)?;
                self.accepts(method.name, method.takes, arguments, &types, id)?;
                Ok(method.gives.first().cloned().unwrap_or(Ty::Unknown))
            }
            ty => Err(self.error(callee, format!("a value of type {ty} cannot be called"))),
        }
    }

    fn visit_all(&mut self, arguments: &[NodeId]) -> Result<Vec<Ty>, ExprError> {
        arguments.iter().map(|&argument| self.visit(argument)).collect()
    }

    pub(super) fn builtin(&mut self, id: NodeId, builtin: Builtin, arguments: &[NodeId]) -> Result<Ty, ExprError> {
        match builtin {
            Builtin::Get => self.get(id, arguments),
            Builtin::All
            | Builtin::None
            | Builtin::Any
            | Builtin::One
            | Builtin::Filter
            | Builtin::Map
            | Builtin::Find
            | Builtin::FindIndex
            | Builtin::FindLast
            | Builtin::FindLastIndex
            | Builtin::Count
            | Builtin::Sum
            | Builtin::GroupBy
            | Builtin::SortBy
            | Builtin::Reduce => self.loop_over(id, builtin, arguments),
            _ => self.function(id, builtin, arguments),
        }
    }

    /// A builtin that runs a predicate over an array.
    fn loop_over(&mut self, id: NodeId, builtin: Builtin, arguments: &[NodeId]) -> Result<Ty, ExprError> {
        let name = builtin.name();
        let Some((&list, rest)) = arguments.split_first() else {
            return Err(self.error(id, wrong_count(name, 1, 2, 0)));
        };
        let collection = self.visit(list)?;
        if !(collection.is_list() || collection.is_unknown()) {
            return Err(self.error(list, format!("`{name}` takes an array, and this is of type {collection}")));
        }
        let dialect = self.dialect;
        let item = || if collection.is_unknown() { Ty::Unknown } else { collection.item(dialect) };
        let Some((&predicate, rest)) = rest.split_first() else {
            return Ok(if builtin == Builtin::Count { Ty::Int } else { item() });
        };
        let reduces = builtin == Builtin::Reduce;
        self.scopes.push(Scope {
            collection: collection.clone(),
            index: reduces || builtin == Builtin::Map,
            accumulator: reduces,
        });
        let out = self.visit(predicate)?;
        self.scopes.pop();
        for &more in rest {
            let ty = self.visit(more)?;
            let orders = builtin == Builtin::SortBy && self.dialect >= Dialect::V1_17_8;
            if orders && !(ty.is_text() || ty.is_unknown()) {
                return Err(self.error(more, format!("the order must be a string, and this is of type {ty}")));
            }
        }
        if out.is_nil() {
            return Err(self.error(predicate, "a predicate cannot be nil"));
        }
        let answers =
            !matches!(builtin, Builtin::Map | Builtin::Sum | Builtin::GroupBy | Builtin::SortBy | Builtin::Reduce);
        if answers && !(out.is_bool() || out.is_unknown()) {
            return Err(self.error(predicate, format!("a predicate must be true or false, and this is of type {out}")));
        }
        let old = self.dialect == Dialect::V1_16;
        Ok(match builtin {
            Builtin::Filter if collection.is_unknown() => Ty::LIST,
            Builtin::Filter | Builtin::Map | Builtin::SortBy if old => Ty::LIST,
            Builtin::Filter => Ty::list_of(item()),
            Builtin::Map => Ty::list_of(out),
            Builtin::Find | Builtin::FindLast => item(),
            Builtin::FindIndex | Builtin::FindLastIndex | Builtin::Count => Ty::Int,
            Builtin::Sum if out.is_unknown() => Ty::Any,
            Builtin::Sum => go_type(&out),
            Builtin::GroupBy => Ty::Map(MapTy::Groups),
            Builtin::SortBy => collection,
            Builtin::Reduce => out,
            _ => Ty::Bool,
        })
    }

    fn get(&mut self, id: NodeId, arguments: &[NodeId]) -> Result<Ty, ExprError> {
        let &[base, key] = arguments else {
            return Err(self.error(id, wrong_count("get", 2, 2, arguments.len())));
        };
        let tree = self.tree;
        let is_env = matches!(tree.kind(base), NodeKind::Name(name) if &**name == "$env");
        let base_ty = self.visit(base)?;
        if is_env {
            if self.dialect != Dialect::V1_16 {
                self.visit(key)?;
            }
            return Ok(match tree.kind(key) {
                NodeKind::Text(key) if self.env.lookup(key) != Lookup::Missing => Ty::Text,
                // v1.16 takes a missing variable for nil here.
                NodeKind::Text(_) if self.dialect == Dialect::V1_16 => Ty::Nil,
                _ => Ty::Unknown,
            });
        }
        if base_ty.is_unknown() && self.dialect == Dialect::V1_16 {
            return Ok(Ty::Unknown);
        }
        let key_ty = self.visit(key)?;
        let fits = match &base_ty {
            ty if ty.is_unknown() => return Ok(Ty::Unknown),
            Ty::List(..) => key_ty.is_integer(self.dialect) || key_ty.is_unknown(),
            Ty::Map(MapTy::Text) => key_ty.is_text() || key_ty.is_unknown(),
            Ty::Map(_) => true,
            _ => return Err(self.error(base, format!("a value of type {base_ty} has no items"))),
        };
        if fits {
            Ok(base_ty.item(self.dialect))
        } else {
            Err(self.error(key, format!("a value of type {key_ty} selects no item")))
        }
    }

    /// A builtin that takes plain values.
    fn function(&mut self, id: NodeId, builtin: Builtin, arguments: &[NodeId]) -> Result<Ty, ExprError> {
        let mut types = self.visit_all(arguments)?;
        let Some(overloads) = builtin.overloads() else {
            if builtin == Builtin::Get {
                return Ok(Ty::Any);
            }
            for ty in &mut types {
                if ty.is_unknown() {
                    *ty = Ty::Any;
                }
            }
            return builtin.validate(&types).map_err(|message| self.error(id, message));
        };
        let mut complaint = None;
        for (takes, gives) in overloads {
            match self.accepts(builtin.name(), takes, arguments, &types, id) {
                Ok(()) => return Ok(gives.clone()),
                Err(error) => complaint = Some(error),
            }
        }
        // The complaint that helps is about the overload with this many arguments.
        let of_count = overloads.iter().find(|(takes, _)| takes.len() == arguments.len());
        let better = of_count.and_then(|(takes, _)| self.accepts(builtin.name(), takes, arguments, &types, id).err());
        Err(better.or(complaint).unwrap_or_else(|| self.error(id, format!("`{}` cannot be called so", builtin.name()))))
    }

    fn accepts(
        &self,
        name: &str,
        takes: &[Ty],
        arguments: &[NodeId],
        types: &[Ty],
        id: NodeId,
    ) -> Result<(), ExprError> {
        if takes.len() != arguments.len() {
            return Err(self.error(id, wrong_count(name, takes.len(), takes.len(), arguments.len())));
        }
        for ((&argument, ty), wanted) in arguments.iter().zip(types).zip(takes) {
            let integers = wanted.is_integer(self.dialect) && ty.is_integer(self.dialect);
            let nil = ty.is_nil() && self.dialect == Dialect::V1_16;
            let nil_allowed = ty.is_nil() && matches!(wanted, Ty::Any | Ty::Location);
            let assignable = !ty.is_nil() && (ty.is_unknown() || ty.assignable_to(wanted, self.dialect));
            if !(integers || nil || nil_allowed || assignable) {
                let message = format!("`{name}` takes a value of type {wanted} here, and this is of type {ty}");
                return Err(self.error(argument, message));
            }
        }
        Ok(())
    }
}
