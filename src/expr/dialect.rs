use crate::server::{Difference, Version};

/// The version of expr-lang/expr whose language an expression is written in. Woodpecker compiles one into each release; everything
/// that differs between them and can be seen over an environment of strings is a method here, and nowhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// expr v1.16.9, in Woodpecker 2.8.
    V1_16,
    /// expr v1.17.0, in Woodpecker 3.4.
    V1_17_0,
    /// expr v1.17.7, in Woodpecker 3.13.
    V1_17_7,
    /// expr v1.17.8, in Woodpecker 3.17 and later.
    #[default]
    V1_17_8,
}

impl Dialect {
    /// Every dialect, oldest first.
    pub const ALL: [Self; 4] = [Self::V1_16, Self::V1_17_0, Self::V1_17_7, Self::V1_17_8];

    /// Whether a name that the environment lacks is a `string` to the type checker (it reads as the empty string when it runs, in
    /// every version). Later versions type it `any`, so that `not NOPE` compiles and fails when it runs.
    pub(super) fn undefined_is_string(self) -> bool {
        self == Self::V1_16
    }

    /// Whether `==` is allowed between any two types of one Go kind, whatever their names are.
    pub(super) fn compares_by_kind(self) -> bool {
        self == Self::V1_16
    }

    /// Whether `len` counts the bytes of a string, not its characters.
    pub(super) fn counts_bytes(self) -> bool {
        self == Self::V1_16
    }

    /// Whether `get` gives `nil` for a key of the wrong type, which is an error later.
    pub(super) fn gets_anything(self) -> bool {
        self == Self::V1_16
    }

    /// Whether `get(nil, …)` is an error; before and after, it gives `nil`.
    pub(super) fn gets_nothing_from_nil(self) -> bool {
        self == Self::V1_17_0
    }

    /// Whether an empty array inside an array is nothing to `max` and `min`; it is an error before.
    pub(super) fn skips_empty_arrays(self) -> bool {
        self >= Self::V1_17_8
    }

    /// Whether `if … { } else { }` and `;` sequences are known, and a trailing comma ends the arguments of a call.
    pub(super) fn has_statements(self) -> bool {
        self >= Self::V1_17_0
    }

    /// Whether the branches of `?:` take in a whole `;` sequence.
    pub(super) fn ternary_takes_sequence(self) -> bool {
        self == Self::V1_17_0
    }

    /// Whether `else if` is known, a doubled backtick stands for one in a raw string, and `\u{…}` is an escape.
    pub(super) fn has_late_syntax(self) -> bool {
        self >= Self::V1_17_7
    }

    /// Whether `in` finds the fields of Go's own structs that are not exported.
    pub(super) fn sees_hidden_fields(self) -> bool {
        self <= Self::V1_17_0
    }

    /// Whether `b"…"` is a literal.
    pub(super) fn has_bytes(self) -> bool {
        self >= Self::V1_17_8
    }

    /// Whether `uniq` and `flatten` exist.
    pub(super) fn has_uniq(self) -> bool {
        self >= Self::V1_17_0
    }

    /// Whether a result of `nil` counts as `false`. Woodpecker itself refuses it otherwise, as it does any result that is not bool.
    pub(super) fn nil_is_false(self) -> bool {
        self >= Self::V1_17_7
    }

    /// Whether `count(…) > n` stops as soon as the answer is known and sums over constant ranges are computed when compiling.
    pub(super) fn shortens_counts(self) -> bool {
        self >= Self::V1_17_8
    }
}

impl From<Version> for Dialect {
    /// The language that the server is built with.
    fn from(server: Version) -> Self {
        if server.has(Difference::Expr1_17_8) {
            Self::V1_17_8
        } else if server.has(Difference::Expr1_17_7) {
            Self::V1_17_7
        } else if server.has(Difference::Expr1_17) {
            Self::V1_17_0
        } else {
            Self::V1_16
        }
    }
}
