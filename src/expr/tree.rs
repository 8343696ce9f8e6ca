//! The syntax tree: an arena of nodes, children before parents.

use super::builtin::Builtin;
use crate::source::{Span, Spanned};
use std::sync::Arc;

/// A node's place in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// A node: what it is and the bytes it was read from.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// All its bytes, without the parentheses around it.
    pub span: Span,
    /// Levels of nodes below it, a chain of operators counted as one.
    pub(super) depth: u16,
}

/// What a node is. Operands come as [`NodeId`]s, to be looked up with [`Tree::node`].
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `nil`.
    Nil,
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// A string.
    Text(Arc<str>),
    /// A `b"…"` literal.
    Bytes(Arc<[u8]>),
    /// A name: a variable of the environment, a `let` variable, or `$env`.
    Name(Arc<str>),
    /// A sign or a negation.
    Unary {
        /// The operator.
        operator: Unary,
        /// What it applies to.
        operand: NodeId,
    },
    /// An operator between two operands. `a not in b` is a [`Unary::Not`] around this.
    Binary {
        /// The operator.
        operator: Spanned<Binary>,
        /// The left operand.
        left: NodeId,
        /// The right operand.
        right: NodeId,
    },
    /// A chain of accesses that a `?.` inside it can end with `nil`.
    Chain(NodeId),
    /// `base.property`, `base[property]`, with or without `?`.
    Member {
        /// What is looked into.
        base: NodeId,
        /// The key: a [`NodeKind::Text`] after a dot.
        property: NodeId,
        /// Whether a `nil` base ends the chain.
        optional: bool,
    },
    /// `base[from:to]`.
    Slice {
        /// What is cut.
        base: NodeId,
        /// The first index.
        from: Option<NodeId>,
        /// One past the last index.
        to: Option<NodeId>,
    },
    /// A call of anything but a builtin.
    Call {
        /// What is called.
        callee: NodeId,
        /// What it is given.
        arguments: Vec<NodeId>,
    },
    /// A call of a builtin function.
    Builtin {
        /// Which.
        builtin: Builtin,
        /// What it is given; a piped value comes first.
        arguments: Vec<NodeId>,
    },
    /// The condition that a builtin such as `any` runs on each item.
    Predicate(NodeId),
    /// `#`, `#index`, `#acc`.
    Pointer(Pointer),
    /// `let name = value; body`.
    Let {
        /// The variable.
        name: Spanned<Arc<str>>,
        /// Its value.
        value: NodeId,
        /// Where it is known.
        body: NodeId,
    },
    /// `a; b`: its value is the last one's.
    Sequence(Vec<NodeId>),
    /// `condition ? yes : no`, `if condition { yes } else { no }`.
    Conditional {
        /// What decides.
        condition: NodeId,
        /// The value if it is true.
        yes: NodeId,
        /// The value if it is false.
        no: NodeId,
    },
    /// `[a, b]`.
    Array(Vec<NodeId>),
    /// `{key: value}`.
    Map(Vec<(NodeId, NodeId)>),
}

/// What a `#` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// `#`, and what a leading `.` looks into: the item.
    Item,
    /// `#index`: the item's index.
    Index,
    /// `#acc`: what `reduce` has so far.
    Accumulator,
    /// Any other word; it does not compile.
    Other(Arc<str>),
}

/// The operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `!`, `not`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
}

/// The operators with two operands; `and` is `&&` and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the operators' own names say it")]
pub enum Binary {
    #[default]
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    In,
    Matches,
    Contains,
    StartsWith,
    EndsWith,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Coalesce,
}

impl Binary {
    /// How the operator is written (`&&` for `and`).
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::In => "in",
            Self::Matches => "matches",
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Range => "..",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Power => "**",
            Self::Coalesce => "??",
        }
    }
}

/// An expression as it is written.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
}

impl Tree {
    /// The node that stands for the whole expression.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The node at `id`, which must come from this tree; from another one it gives some node of this tree.
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or_else(|| self.nodes.last().expect("internal: a tree has a root"))
    }

    pub(super) fn kind(&self, id: NodeId) -> &NodeKind {
        &self.node(id).kind
    }

    /// The names that are read from the environment and where they stand, in the order of the text: those that no `let` defines,
    /// not counting `$env` itself, but counting the key of `$env.KEY` and `$env["KEY"]`, with the key's place.
    pub fn names(&self) -> Vec<Spanned<&str>> {
        let mut names = Vec::new();
        let mut scope = Vec::new();
        self.collect(self.root, &mut scope, &mut names);
        names.sort_by_key(|name| name.span);
        names
    }

    fn collect<'t>(&'t self, id: NodeId, scope: &mut Vec<&'t str>, names: &mut Vec<Spanned<&'t str>>) {
        let mut id = id;
        loop {
            let node = self.node(id);
            match &node.kind {
                NodeKind::Name(name) => {
                    if &**name != "$env" && !scope.contains(&&**name) {
                        let name = Spanned::new(&**name, node.span);
                        if !names.contains(&name) {
                            names.push(name);
                        }
                    }
                    return;
                }
                // Chains of operators are long to the left; this keeps the recursion short.
                NodeKind::Binary { left, right, .. } => {
                    self.collect(*right, scope, names);
                    id = *left;
                }
                NodeKind::Member { base, property, .. } => {
                    match (self.kind(*base), self.kind(*property)) {
                        (NodeKind::Name(base), NodeKind::Text(key)) if &**base == "$env" => {
                            names.push(Spanned::new(key, self.node(*property).span));
                        }
                        _ => self.collect(*property, scope, names),
                    }
                    id = *base;
                }
                NodeKind::Let { name, value, body } => {
                    self.collect(*value, scope, names);
                    scope.push(&name.value);
                    self.collect(*body, scope, names);
                    scope.pop();
                    return;
                }
                _ => {
                    for child in self.children(id) {
                        self.collect(child, scope, names);
                    }
                    return;
                }
            }
        }
    }

    /// The nodes right below `id`, in the order of the text.
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        match self.kind(id) {
            NodeKind::Nil
            | NodeKind::Bool(_)
            | NodeKind::Int(_)
            | NodeKind::Float(_)
            | NodeKind::Text(_)
            | NodeKind::Bytes(_)
            | NodeKind::Name(_)
            | NodeKind::Pointer(_) => Vec::new(),
            NodeKind::Unary { operand: node, .. } | NodeKind::Chain(node) | NodeKind::Predicate(node) => vec![*node],
            NodeKind::Binary { left, right, .. } => vec![*left, *right],
            NodeKind::Member { base, property, .. } => vec![*base, *property],
            NodeKind::Slice { base, from, to } => [Some(*base), *from, *to].into_iter().flatten().collect(),
            NodeKind::Call { callee, arguments } => [*callee].into_iter().chain(arguments.iter().copied()).collect(),
            NodeKind::Builtin { arguments: nodes, .. } | NodeKind::Sequence(nodes) | NodeKind::Array(nodes) => {
                nodes.clone()
            }
            NodeKind::Let { value, body, .. } => vec![*value, *body],
            NodeKind::Conditional { condition, yes, no } => vec![*condition, *yes, *no],
            NodeKind::Map(pairs) => pairs.iter().flat_map(|&(key, value)| [key, value]).collect(),
        }
    }
}
