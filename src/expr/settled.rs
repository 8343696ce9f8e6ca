//! What can be told of an expression without its values.

use super::builtin::Builtin;
use super::tree::{Binary, NodeId, NodeKind, Tree, Unary};

impl Tree {
    /// Whether the expression, which compiles, gives true or false whatever strings its variables are: it holds nothing that can fail.
    pub fn cannot_fail(&self) -> bool {
        let mut open = vec![self.root];
        while let Some(id) = open.pop() {
            match self.kind(id) {
                NodeKind::Bool(_) => {}
                NodeKind::Unary { operator: Unary::Not, operand } => open.push(*operand),
                NodeKind::Binary { operator, left, right } => match operator.value {
                    Binary::And | Binary::Or => open.extend([*left, *right]),
                    Binary::Equal | Binary::NotEqual | Binary::Contains | Binary::StartsWith | Binary::EndsWith
                        if self.is_text(*left) && self.is_text(*right) => {}
                    Binary::Matches if self.is_text(*left) && matches!(self.kind(*right), NodeKind::Text(_)) => {}
                    Binary::In if self.is_text(*left) => match self.kind(*right) {
                        NodeKind::Array(items) if items.iter().all(|&item| self.is_text(item)) => {}
                        _ => return false,
                    },
                    _ => return false,
                },
                NodeKind::Conditional { condition, yes, no } => open.extend([*condition, *yes, *no]),
                _ => return false,
            }
        }
        true
    }

    /// Whether the node gives a text and cannot fail.
    fn is_text(&self, mut id: NodeId) -> bool {
        loop {
            match self.kind(id) {
                NodeKind::Text(_) => return true,
                NodeKind::Name(name) => return &**name != "$env",
                NodeKind::Builtin { builtin: Builtin::Lower | Builtin::Upper | Builtin::Trim, arguments } => {
                    match arguments.as_slice() {
                        [one] => id = *one,
                        _ => return false,
                    }
                }
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::*;
    use crate::server::Version;

    fn tree(text: &str) -> Tree {
        Tree::parse(text, Dialect::from(Version::NEWEST)).expect(text)
    }

    #[test]
    fn what_may_fail_is_told_from_what_cannot() {
        for text in
            [r#"A == "x" && not (B contains lower(C))"#, r#"A in ["x", B]"#, r#"A == "" ? true : B matches "^v""#]
        {
            assert!(tree(text).cannot_fail(), "{text}");
        }
        for text in ["int(A) > 3", "A matches B", "A[0] == 'x'", "A", "len(A) == 1", "A < B", "fromJSON(A) == 1"] {
            assert!(!tree(text).cannot_fail(), "{text}");
        }
    }
}
