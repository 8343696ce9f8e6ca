//! The builtin functions: their names and the types they take and give.

use super::dialect::Dialect;
use super::ty::{Item, Kind, MapTy, Ty};

macro_rules! builtins {
    ($($variant:ident $name:literal)*) => {
        /// A builtin function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the functions' own names say it")]
        pub enum Builtin { $($variant),* }

        impl Builtin {
            fn find(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            /// The name in an expression.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

builtins! {
    All "all" None "none" Any "any" One "one" Filter "filter" Map "map" Find "find" FindIndex "findIndex" FindLast "findLast"
    FindLastIndex "findLastIndex" Count "count" Sum "sum" GroupBy "groupBy" SortBy "sortBy" Reduce "reduce"
    Len "len" Type "type" Abs "abs" Ceil "ceil" Floor "floor" Round "round" Int "int" Float "float" String "string"
    Trim "trim" TrimPrefix "trimPrefix" TrimSuffix "trimSuffix" Upper "upper" Lower "lower" Split "split" SplitAfter "splitAfter"
    Replace "replace" Repeat "repeat" Join "join" IndexOf "indexOf" LastIndexOf "lastIndexOf" HasPrefix "hasPrefix"
    HasSuffix "hasSuffix" Max "max" Min "min" Mean "mean" Median "median" ToJson "toJSON" FromJson "fromJSON" ToBase64 "toBase64"
    FromBase64 "fromBase64" Now "now" Duration "duration" Date "date" Timezone "timezone" First "first" Last "last" Get "get"
    Take "take" Keys "keys" Values "values" ToPairs "toPairs" FromPairs "fromPairs" Reverse "reverse" Uniq "uniq" Concat "concat"
    Flatten "flatten" Sort "sort" BitAnd "bitand" BitOr "bitor" BitXor "bitxor" BitNand "bitnand" BitShl "bitshl" BitShr "bitshr"
    BitUshr "bitushr" BitNot "bitnot"
}

/// How a builtin's arguments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Function,
    /// An array and a predicate.
    Predicate,
    /// An array and perhaps a predicate.
    OptionalPredicate,
    /// An array, a predicate, and perhaps one more.
    PredicateAndMore,
}

/// One way to call a function: what it takes and gives.
pub(super) type Overload = (&'static [Ty], Ty);

const TEXTS: Ty = Ty::List(Item::Text, None);
const INTS: Ty = Ty::List(Item::Int, None);
const FLOATS: Ty = Ty::List(Item::Float, None);

impl Builtin {
    pub(super) fn from_name(name: &str, dialect: Dialect) -> Option<Self> {
        Self::find(name).filter(|builtin| dialect.has_uniq() || !matches!(builtin, Self::Uniq | Self::Flatten))
    }

    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Count | Self::Sum => Shape::OptionalPredicate,
            Self::SortBy | Self::Reduce => Shape::PredicateAndMore,
            Self::All
            | Self::None
            | Self::Any
            | Self::One
            | Self::Filter
            | Self::Map
            | Self::Find
            | Self::FindIndex
            | Self::FindLast
            | Self::FindLastIndex
            | Self::GroupBy => Shape::Predicate,
            _ => Shape::Function,
        }
    }

    /// The overloads of a function that has a fixed list of them.
    pub(super) fn overloads(self) -> Option<&'static [Overload]> {
        const T: Ty = Ty::Text;
        Some(match self {
            Self::Type | Self::String | Self::ToJson => &[(&[Ty::Any], T)],
            Self::Trim => &[(&[T], T), (&[T, T], T)],
            Self::TrimPrefix | Self::TrimSuffix => &[(&[T, T], T), (&[T], T)],
            Self::Upper | Self::Lower | Self::ToBase64 | Self::FromBase64 => &[(&[T], T)],
            Self::Split | Self::SplitAfter => &[(&[T, T], TEXTS), (&[T, T, Ty::Int], TEXTS)],
            Self::Replace => &[(&[T, T, T, Ty::Int], T), (&[T, T, T], T)],
            Self::Repeat => &[(&[T, Ty::Int], T)],
            Self::Join => &[(&[TEXTS, T], T), (&[Ty::LIST, T], T), (&[Ty::LIST], T), (&[TEXTS], T)],
            Self::IndexOf | Self::LastIndexOf => &[(&[T, T], Ty::Int)],
            Self::HasPrefix | Self::HasSuffix => &[(&[T, T], Ty::Bool)],
            Self::FromJson => &[(&[T], Ty::Any)],
            Self::Duration => &[(&[T], Ty::Duration)],
            Self::Timezone => &[(&[T], Ty::Location)],
            Self::Sort => &[
                (&[Ty::LIST, T], Ty::LIST),
                (&[INTS, T], Ty::LIST),
                (&[FLOATS, T], Ty::LIST),
                (&[TEXTS, T], Ty::LIST),
                (&[Ty::LIST], Ty::LIST),
                (&[FLOATS], Ty::LIST),
                (&[TEXTS], Ty::LIST),
                (&[INTS], Ty::LIST),
            ],
            Self::BitAnd | Self::BitOr | Self::BitXor | Self::BitNand | Self::BitShl | Self::BitShr | Self::BitUshr => {
                &[(&[Ty::Int, Ty::Int], Ty::Int)]
            }
            Self::BitNot => &[(&[Ty::Int], Ty::Int)],
            _ => return None,
        })
    }

    /// What a function without a fixed list gives for arguments of these types, or what is wrong with them. Nothing is known of
    /// `nil` as a type here, in any version.
    pub(super) fn validate(self, arguments: &[Ty]) -> Result<Ty, String> {
        let name = self.name();
        let bad = |ty: &Ty| Err(format!("`{name}` cannot take a value of type {ty}"));
        let (least, most) = match self {
            Self::Now => (0, 0),
            Self::Date => (1, if matches!(arguments.first(), Some(Ty::Location)) { 4 } else { 3 }),
            Self::Take => (2, 2),
            Self::Max | Self::Min | Self::Mean | Self::Median | Self::Concat => (1, usize::MAX),
            _ => (1, 1),
        };
        let is_zone = matches!((self, arguments), (Self::Now, [Ty::Location]));
        if !(least..=most).contains(&arguments.len()) && !is_zone {
            return Err(wrong_count(name, least, most, arguments.len()));
        }
        let first = arguments.first().unwrap_or(&Ty::Nil);
        let is_number = |ty: &Ty| matches!(ty.kind(), Kind::Int | Kind::Int64 | Kind::Uint8 | Kind::Float);
        let is_any = |ty: &Ty| ty.kind() == Kind::Interface;
        let is_list = |ty: &Ty| is_any(ty) || ty.is_list();
        let is_map = |ty: &Ty| is_any(ty) || ty.kind() == Kind::Map;
        match self {
            Self::Now | Self::Date => Ok(Ty::Time),
            Self::Len if is_list(first) || is_map(first) || first.is_text() => Ok(Ty::Int),
            Self::Abs if is_number(first) || is_any(first) => Ok(first.clone()),
            Self::Ceil | Self::Floor | Self::Round if is_number(first) || is_any(first) => Ok(Ty::Float),
            Self::Int if is_number(first) || is_any(first) || first.is_text() => Ok(Ty::Int),
            Self::Float if is_number(first) || is_any(first) || first.is_text() => Ok(Ty::Float),
            Self::Max | Self::Min | Self::Mean | Self::Median => {
                for argument in arguments {
                    if is_list(argument) {
                        return Ok(Ty::Any);
                    }
                    if !is_number(argument) {
                        return bad(argument);
                    }
                }
                Ok(first.clone())
            }
            Self::First | Self::Last => match first {
                Ty::List(item, _) => Ok(item.ty()),
                ty if is_any(ty) => Ok(Ty::Any),
                ty => bad(ty),
            },
            Self::Take => {
                let [list, count] = arguments else { return bad(first) };
                if !is_list(list) {
                    return bad(list);
                }
                let counts = is_any(count) || matches!(count.kind(), Kind::Int | Kind::Int64);
                if counts { Ok(go_type(list)) } else { bad(count) }
            }
            Self::Keys | Self::Values | Self::ToPairs if is_map(first) => Ok(Ty::LIST),
            Self::FromPairs if is_list(first) => Ok(Ty::Map(MapTy::Any)),
            Self::Reverse | Self::Uniq | Self::Flatten if is_list(first) => Ok(Ty::LIST),
            Self::Concat => match arguments.iter().find(|ty| !is_list(ty)) {
                Some(ty) => bad(ty),
                None => Ok(Ty::LIST),
            },
            _ => bad(first),
        }
    }
}

/// The Go type alone, without what is known of the items.
pub(super) fn go_type(ty: &Ty) -> Ty {
    match ty {
        Ty::List(item, _) => Ty::List(*item, None),
        ty => ty.clone(),
    }
}

/// The complaint about a wrong number of arguments.
pub(super) fn wrong_count(name: &str, least: usize, most: usize, got: usize) -> String {
    let wanted = match (least, most) {
        (least, most) if least == most => least.to_string(),
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) => format!("{least} to {most}"),
    };
    format!("`{name}` takes {wanted} arguments, not {got}")
}
