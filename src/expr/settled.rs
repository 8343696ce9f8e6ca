//! What can be told of an expression without its values.

use super::builtin::Builtin;
use super::tree::{Binary, Node, NodeId, NodeKind, Tree, Unary};

impl Tree {
    /// The texts that the variable `name` is compared with, if the expression does nothing else with it than ask whether it equals a
    /// text (`==`, `!=`, `in` a list of texts): then its answer is the same for all other values of the variable.
    pub fn compared_with(&self, name: &str) -> Option<Vec<&str>> {
        let reads_all = |node: &Node| matches!(&node.kind, NodeKind::Name(read) if &**read == "$env");
        if self.nodes.iter().any(reads_all) {
            return None;
        }
        let is_variable = |id: NodeId| matches!(self.kind(id), NodeKind::Name(read) if &**read == name);
        let mut uses = 0;
        let mut texts = Vec::new();
        for node in &self.nodes {
            let NodeKind::Binary { operator, left, right } = &node.kind else { continue };
            let other = match (is_variable(*left), is_variable(*right)) {
                (true, false) => *right,
                (false, true) if operator.value != Binary::In => *left,
                _ => continue,
            };
            match (operator.value, self.kind(other)) {
                (Binary::Equal | Binary::NotEqual, NodeKind::Text(text)) => texts.push(&**text),
                (Binary::In, NodeKind::Array(items)) => {
                    for &item in items {
                        let NodeKind::Text(text) = self.kind(item) else { return None };
                        texts.push(text);
                    }
                }
                _ => continue,
            }
            uses += 1;
        }
        let reads = self.nodes.iter().filter(|node| matches!(&node.kind, NodeKind::Name(read) if &**read == name));
        // A `let` of the same name makes it another thing.
        let shadowed =
            self.nodes.iter().any(|node| matches!(&node.kind, NodeKind::Let { name: own, .. } if &*own.value == name));
        texts.sort_unstable();
        texts.dedup();
        (uses == reads.count() && !shadowed).then_some(texts)
    }

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
    fn a_variable_that_is_only_compared_is_found() {
        let compared = |text: &str| tree(text).compared_with("B").map(|texts| texts.join(" "));
        for (text, expected) in [
            (r#"B == "main" || "dev" != B"#, Some("dev main")),
            (r#"not (B in ["b", "a"]) && C startsWith "x""#, Some("a b")),
            (r#"C == "x""#, Some("")),
            (r#"B startsWith "m""#, None),
            ("B == C", None),
            (r#"B == "a" && len(B) > 2"#, None),
            (r#"$env["B"] == "a""#, None),
            (r#"let B = "x"; B == "a""#, None),
            (r#""a" in B"#, None),
        ] {
            assert_eq!(compared(text).as_deref(), expected, "{text}");
        }
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
