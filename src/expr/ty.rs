//! What the compiler knows of a value: the engine's static types, as far as an environment of strings can lead to them.

use super::builtin::{Builtin, Shape};
use super::dialect::Dialect;
use super::method::Method;
use std::fmt;
use std::sync::Arc;

/// A static type.
#[derive(Clone, Debug)]
pub(super) enum Ty {
    /// Nothing is known. As lenient as [`Ty::Any`], but nothing is assignable to it.
    Unknown,
    /// Go's `any`.
    Any,
    Nil,
    Bool,
    Int,
    /// An integer of another width.
    Sized(Width),
    Float,
    Text,
    /// A slice, and what is known of its items beyond its Go type.
    List(Item, Option<Arc<Ty>>),
    Map(MapTy),
    Time,
    Duration,
    Month,
    Weekday,
    Location,
    Function(Function),
}

/// The widths that methods of times and durations return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Int64,
    Uint8,
}

/// The item type of a Go slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Any,
    Text,
    Int,
    Byte,
    Float,
}

/// The Go map types that can be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapTy {
    /// `map[string]any`: literals, JSON.
    Text,
    /// `map[any]any`: `fromPairs`.
    Any,
    /// `map[any][]any`: `groupBy`.
    Groups,
}

/// The functions that can be met as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// A builtin's name, not called. It is a function to the type checker only: when it runs, the name reads as an empty string.
    Builtin(Builtin),
    /// A method of a value.
    Method(&'static Method),
}

impl Function {
    /// Whether the Go types are one and the same: those of builtins without a fixed list of overloads are.
    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Builtin(a), Self::Builtin(b)) => match (a.overloads(), b.overloads()) {
                (Some([(x, to_x), ..]), Some([(y, to_y), ..])) => {
                    x.len() == y.len() && to_x.same(to_y) && x.iter().zip(*y).all(|(x, y)| x.same(y))
                }
                (None, None) => a.shape() == Shape::Function && b.shape() == Shape::Function || a == b,
                _ => false,
            },
            (a, b) => a == b,
        }
    }
}

/// Go's kind of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Invalid,
    Interface,
    Bool,
    Int,
    Int64,
    Uint8,
    Float,
    Text,
    Slice,
    Map,
    Struct,
    Pointer,
    Function,
}

impl Ty {
    pub(super) const LIST: Self = Self::List(Item::Any, None);

    /// `[]any` of items that are known to be `item`.
    pub(super) fn list_of(item: Self) -> Self {
        Self::List(Item::Any, Some(Arc::new(item)))
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Unknown | Self::Nil => Kind::Invalid,
            Self::Any => Kind::Interface,
            Self::Bool => Kind::Bool,
            Self::Int | Self::Month | Self::Weekday => Kind::Int,
            Self::Sized(Width::Int64) | Self::Duration => Kind::Int64,
            Self::Sized(Width::Uint8) => Kind::Uint8,
            Self::Float => Kind::Float,
            Self::Text => Kind::Text,
            Self::List(..) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Time => Kind::Struct,
            Self::Location => Kind::Pointer,
            Self::Function(_) => Kind::Function,
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown | Self::Any)
    }

    pub(super) fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text)
    }

    pub(super) fn is_bool(&self) -> bool {
        matches!(self, Self::Bool)
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::List(..))
    }

    pub(super) fn is_bytes(&self) -> bool {
        matches!(self, Self::List(Item::Byte, _))
    }

    /// Whether it is one of Go's own integers. v1.16 counts every type built on one.
    pub(super) fn is_integer(&self, dialect: Dialect) -> bool {
        match self {
            Self::Int | Self::Sized(_) => true,
            Self::Duration | Self::Month | Self::Weekday => dialect == Dialect::V1_16,
            _ => false,
        }
    }

    pub(super) fn is_number(&self, dialect: Dialect) -> bool {
        matches!(self, Self::Float) || self.is_integer(dialect)
    }

    /// The type of an item of an array or a value of a map. v1.16 goes by the Go type alone.
    pub(super) fn item(&self, dialect: Dialect) -> Self {
        match self {
            Self::List(_, Some(item)) if dialect != Dialect::V1_16 => (**item).clone(),
            Self::List(item, _) => item.ty(),
            Self::Map(MapTy::Groups) => Self::LIST,
            Self::Map(_) => Self::Any,
            _ => Self::Unknown,
        }
    }

    /// Whether the Go types are one and the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a, _), Self::List(b, _)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Sized(a), Self::Sized(b)) => a == b,
            (Self::Function(a), Self::Function(b)) => a.same(*b),
            (Self::Unknown, Self::Any) | (Self::Any, Self::Unknown) => true,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// Go's assignability of a value of this type to `to`.
    pub(super) fn assignable_to(&self, to: &Self, dialect: Dialect) -> bool {
        if self.is_nil() {
            let any = matches!(to, Self::Any);
            let late = matches!(to.kind(), Kind::Pointer | Kind::Function | Kind::Map | Kind::Slice);
            return any || late && dialect >= Dialect::V1_17_7;
        }
        match (self, to) {
            // v1.16 has one type for what is not known.
            (_, Self::Unknown) if dialect == Dialect::V1_16 => true,
            (Self::Unknown, _) | (_, Self::Unknown | Self::Nil) => false,
            (_, Self::Any) => true,
            _ => self.same(to),
        }
    }

    /// Whether `==` may stand between the two.
    pub(super) fn comparable_to(&self, other: &Self, dialect: Dialect) -> bool {
        if dialect.compares_by_kind() && self.kind() == other.kind() {
            return true;
        }
        self.is_unknown()
            || other.is_unknown()
            || self.is_nil()
            || other.is_nil()
            || self.is_number(dialect) && other.is_number(dialect)
            || self.is_list() && other.is_list()
            || self.assignable_to(other, dialect)
    }

    /// Whether at least one side is unknown and the other passes `check` or is unknown too.
    pub(super) fn maybe(&self, other: &Self, check: impl Fn(&Self) -> bool) -> bool {
        match (self.is_unknown(), other.is_unknown()) {
            (true, true) => true,
            (true, false) => check(other),
            (false, true) => check(self),
            (false, false) => false,
        }
    }
}

impl Item {
    pub(super) fn ty(self) -> Ty {
        match self {
            Self::Any => Ty::Any,
            Self::Text => Ty::Text,
            Self::Int => Ty::Int,
            Self::Byte => Ty::Sized(Width::Uint8),
            Self::Float => Ty::Float,
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown | Self::Any => "any",
            Self::Nil => "nil",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Sized(Width::Int64) => "int64",
            Self::Sized(Width::Uint8) => "byte",
            Self::Float => "float",
            Self::Text => "string",
            Self::List(Item::Byte, _) => "bytes",
            Self::List(..) => "array",
            Self::Map(_) => "map",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Month => "month",
            Self::Weekday => "weekday",
            Self::Location => "time zone",
            Self::Function(_) => "function",
        })
    }
}
