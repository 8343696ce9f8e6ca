//! A variable that is not known may be asked about: whether it is a text, begins or ends with one, or holds one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::code::{At, Op};
use super::eval::Machine;
use super::pattern_pieces;
use super::tree::Binary;
use super::value::{Shape, Value};
use crate::env::Piece;

impl<'v> Machine<'v> {
    /// Whether the variable that stands at `at`, whose `value` is not known, has one of the pieces; `None` where it is no such variable, or
    /// nobody knows.
    fn asked(&self, at: At, value: &Value<'v>, pieces: impl FnOnce() -> Option<Vec<Piece>>) -> Option<bool> {
        let Value::Unknown(Shape::Text, name) = value else { return None };
        let Some((Op::Name(variable), _)) = self.program.code.get(at as usize) else { return None };
        // With litter about, the value may be another's.
        if **variable != **name || !self.litter.is_empty() {
            return None;
        }
        let pieces = pieces()?;
        let is_in_all = |piece: &Piece| piece.text.is_empty() && !(piece.begins && piece.ends);
        if pieces.iter().any(is_in_all) { Some(true) } else { self.env.has_any(name, &pieces) }
    }

    pub(super) fn asked_equal(&self, [left, right]: [At; 2], [a, b]: [&Value<'v>; 2]) -> Option<bool> {
        let whole = |value: &Value<'v>| text(value).map(|text| vec![Piece::whole(text)]);
        self.asked(left, a, || whole(b)).or_else(|| self.asked(right, b, || whole(a)))
    }

    /// `startsWith`, `endsWith` and `contains`.
    pub(super) fn asked_contains(&self, operator: Binary, left: At, [a, b]: [&Value<'v>; 2]) -> Option<bool> {
        let (begins, ends) = (operator == Binary::StartsWith, operator == Binary::EndsWith);
        self.asked(left, a, || text(b).map(|text| vec![Piece { text: text.to_owned(), begins, ends }]))
    }

    pub(super) fn asked_in(&self, left: At, [needle, hay]: [&Value<'v>; 2]) -> Option<bool> {
        let Value::List(list) = hay else { return None };
        self.asked(left, needle, || list.items.iter().map(|item| text(item).map(Piece::whole)).collect())
    }

    /// Whether `value`, which is not known, is one of `texts`.
    pub(super) fn asked_among(&self, left: At, value: Value<'v>, texts: &BTreeSet<Arc<str>>) -> Value<'v> {
        let pieces = || Some(texts.iter().map(|text| Piece::whole(&**text)).collect());
        or_unknown(self.asked(left, &value, pieces), value)
    }

    /// Whether `value`, which is not known, matches `pattern`.
    pub(super) fn asked_matches(&self, left: At, value: Value<'v>, pattern: &str) -> Value<'v> {
        or_unknown(self.asked(left, &value, || pattern_pieces::pieces(pattern)), value)
    }
}

fn or_unknown(answer: Option<bool>, value: Value<'_>) -> Value<'_> {
    match (answer, value) {
        (Some(answer), _) => Value::Bool(answer),
        (None, Value::Unknown(_, name)) => Value::Unknown(Shape::Bool, name),
        (None, value) => value,
    }
}

fn text<'t>(value: &'t Value<'_>) -> Option<&'t str> {
    let Value::Text(text) = value else { return None };
    std::str::from_utf8(text.bytes()).ok()
}
