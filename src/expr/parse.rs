//! Tokens to a tree: operators by precedence, conditionals, `let`. Operands are in `operand.rs`.

use super::builtin::Builtin;
use super::dialect::Dialect;
use super::error::ExprError;
use super::token::{Kind, Lexer, Token};
use super::tree::{Binary, Node, NodeId, NodeKind, Tree, Unary};
use crate::source::{Span, Spanned};
use std::sync::Arc;

/// The engine's own bound on nodes.
const MAX_NODES: usize = 10_000;
/// The deepest nesting, a chain of operators counted as one level.
const MAX_DEPTH: u16 = 64;

/// Reads one expression.
pub(super) struct Parser<'s> {
    lexer: Lexer<'s>,
    pub(super) dialect: Dialect,
    pub(super) current: Token<'s>,
    /// The token before `current`, for the end of a node's span.
    previous_end: u32,
    stash: Option<Token<'s>>,
    nodes: Vec<Node>,
    /// How deep the reader is in nested expressions.
    level: u16,
    /// How many predicates surround the place.
    pub(super) predicates: u16,
    /// Whether the environment sets a variable of this name, which hides the builtin.
    overridden: &'s dyn Fn(&str) -> bool,
}

/// Reads `source` as one expression.
pub(super) fn parse(source: &str, dialect: Dialect, overridden: &dyn Fn(&str) -> bool) -> Result<Tree, ExprError> {
    let mut lexer = Lexer::new(source, dialect);
    let current = lexer.next()?;
    let mut parser = Parser {
        lexer,
        dialect,
        current,
        previous_end: 0,
        stash: None,
        nodes: Vec::with_capacity(16),
        level: 0,
        predicates: 0,
        overridden,
    };
    let root = parser.sequence()?;
    if parser.current.kind != Kind::End {
        return Err(parser.unexpected());
    }
    Ok(Tree { nodes: parser.nodes, root })
}

/// An operator between two operands: how tight it binds.
fn binary(word: &str) -> Option<(u16, Binary)> {
    Some(match word {
        "or" | "||" => (10, Binary::Or),
        "and" | "&&" => (15, Binary::And),
        "==" => (20, Binary::Equal),
        "!=" => (20, Binary::NotEqual),
        "<" => (20, Binary::Less),
        ">" => (20, Binary::Greater),
        ">=" => (20, Binary::GreaterOrEqual),
        "<=" => (20, Binary::LessOrEqual),
        "in" => (20, Binary::In),
        "matches" => (20, Binary::Matches),
        "contains" => (20, Binary::Contains),
        "startsWith" => (20, Binary::StartsWith),
        "endsWith" => (20, Binary::EndsWith),
        ".." => (25, Binary::Range),
        "+" => (30, Binary::Add),
        "-" => (30, Binary::Subtract),
        "*" => (60, Binary::Multiply),
        "/" => (60, Binary::Divide),
        "%" => (60, Binary::Modulo),
        "**" | "^" => (100, Binary::Power),
        "??" => (500, Binary::Coalesce),
        _ => return None,
    })
}

fn is_comparison(operator: Binary) -> bool {
    matches!(operator, Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual)
}

impl<'s> Parser<'s> {
    /// Steps to the next token and gives the one left behind.
    pub(super) fn next(&mut self) -> Result<Token<'s>, ExprError> {
        let next = match self.stash.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        let left = std::mem::replace(&mut self.current, next);
        self.previous_end = left.span.end;
        Ok(left)
    }

    pub(super) fn expect(&mut self, kind: Kind, word: &str) -> Result<(), ExprError> {
        if !self.current.is(kind, word) {
            let mut error = self.unexpected();
            error.message = format!("expected `{word}`, found {}", self.describe());
            return Err(error);
        }
        self.next().map(drop)
    }

    pub(super) fn unexpected(&self) -> ExprError {
        ExprError::compile(self.current.span, format!("unexpected {}", self.describe()))
    }

    fn describe(&self) -> String {
        match self.current.kind {
            Kind::End => "end of the expression".to_owned(),
            Kind::Text => "string".to_owned(),
            Kind::Bytes => "bytes literal".to_owned(),
            _ => format!("`{}`", self.current.word),
        }
    }

    /// The span from `start` to the last token read.
    pub(super) fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.previous_end.max(start))
    }

    pub(super) fn span(&self, id: NodeId) -> Span {
        self.nodes.get(id.0 as usize).map_or_else(Span::default, |node| node.span)
    }

    pub(super) fn kind(&self, id: NodeId) -> Option<&NodeKind> {
        self.nodes.get(id.0 as usize).map(|node| &node.kind)
    }

    pub(super) fn is_overridden(&self, name: &str) -> bool {
        (self.overridden)(name)
    }

    /// Adds a node over the nodes in `below`.
    pub(super) fn push(&mut self, kind: NodeKind, span: Span, below: &[NodeId]) -> Result<NodeId, ExprError> {
        if self.nodes.len() >= MAX_NODES {
            let at = self.current.span;
            let message = format!("expression has more than {MAX_NODES} parts");
            let limit = !self.dialect.has_statements();
            return Err(if limit { ExprError::limit(at, message) } else { ExprError::compile(at, message) });
        }
        let depth_of = |id: &NodeId| self.nodes.get(id.0 as usize).map_or(0, |node| node.depth);
        let mut depth = below.iter().map(depth_of).max().map_or(0, |depth| depth + 1);
        if let NodeKind::Binary { left, right, .. } = &kind {
            let chained = matches!(self.kind(*left), Some(NodeKind::Binary { .. }));
            depth = (depth_of(left) + u16::from(!chained)).max(depth_of(right) + 1);
        }
        if depth > MAX_DEPTH {
            return Err(ExprError::limit(span, format!("expression nests deeper than {MAX_DEPTH} levels")));
        }
        self.nodes.push(Node { kind, span, depth });
        Ok(NodeId(self.nodes.len() as u32 - 1))
    }

    /// `a; b; c`.
    pub(super) fn sequence(&mut self) -> Result<NodeId, ExprError> {
        let first = self.expression(0)?;
        if !self.dialect.has_statements() || !self.current.is_operator(";") {
            return Ok(first);
        }
        let mut nodes = vec![first];
        while self.current.is_operator(";") {
            self.next()?;
            if self.current.kind == Kind::End {
                break;
            }
            nodes.push(self.expression(0)?);
        }
        if nodes.len() == 1 {
            return Ok(first);
        }
        let span = self.span_from(self.span(first).start);
        self.push(NodeKind::Sequence(nodes.clone()), span, &nodes)
    }

    /// An expression whose operators bind at least as tight as `precedence`.
    pub(super) fn expression(&mut self, precedence: u16) -> Result<NodeId, ExprError> {
        if self.level >= MAX_DEPTH {
            let message = format!("expression nests deeper than {MAX_DEPTH} levels");
            return Err(ExprError::limit(self.current.span, message));
        }
        self.level += 1;
        let node = self.operators(precedence);
        self.level -= 1;
        node
    }

    fn operators(&mut self, precedence: u16) -> Result<NodeId, ExprError> {
        if precedence == 0 && self.current.is_operator("let") {
            return self.variable();
        }
        if precedence == 0 && self.current.is_operator("if") {
            return self.if_else();
        }
        let mut left = self.primary()?;
        let mut after_coalesce = false;
        while self.current.kind == Kind::Operator {
            let mut negation = None;
            if self.current.is_operator("not") {
                let not = self.next()?;
                // The engine looks at the word only: a quoted one will do.
                let suffix = matches!(self.current.value(), "contains" | "matches" | "startsWith" | "endsWith" | "in");
                if !suffix {
                    return Err(self.unexpected());
                }
                if precedence > 20 {
                    self.stash = Some(std::mem::replace(&mut self.current, not));
                    break;
                }
                negation = Some(not.span);
            }
            let word = self.current.value().to_owned();
            if word == "|" && precedence == 0 {
                self.next()?;
                if self.current.kind != Kind::Name {
                    return Err(self.unexpected());
                }
                let name = self.next()?;
                left = self.call(&name, vec![left], true)?;
                after_coalesce = false;
                continue;
            }
            let Some((tightness, operator)) = binary(&word).filter(|&(tightness, _)| tightness >= precedence) else {
                break;
            };
            let at = self.next()?.span;
            if after_coalesce && operator != Binary::Coalesce {
                let message = format!("`{word}` and `??` cannot be mixed");
                return Err(ExprError::compile(at, message).help("put one of them in parentheses"));
            }
            after_coalesce = operator == Binary::Coalesce;
            if is_comparison(operator) {
                left = self.comparison(left, Spanned::new(operator, at), tightness)?;
                continue;
            }
            let right = self.expression(if operator == Binary::Power { tightness } else { tightness + 1 })?;
            left = self.binary(Spanned::new(operator, at), left, right)?;
            if negation.is_some() {
                let span = self.span(left);
                left = self.push(NodeKind::Unary { operator: Unary::Not, operand: left }, span, &[left])?;
            }
        }
        if precedence == 0 { self.ternary(left) } else { Ok(left) }
    }

    fn binary(&mut self, operator: Spanned<Binary>, left: NodeId, right: NodeId) -> Result<NodeId, ExprError> {
        let span = self.span(left).join(self.span(right));
        self.push(NodeKind::Binary { operator, left, right }, span, &[left, right])
    }

    /// `a < b < c` is `a < b && b < c`.
    fn comparison(&mut self, left: NodeId, operator: Spanned<Binary>, tightness: u16) -> Result<NodeId, ExprError> {
        let (mut left, mut operator, mut whole) = (left, operator, None);
        loop {
            let right = self.expression(tightness + 1)?;
            let pair = self.binary(operator, left, right)?;
            whole = Some(match whole {
                None => pair,
                Some(whole) => self.binary(Spanned::new(Binary::And, operator.span), whole, pair)?,
            });
            left = right;
            let next = Some(self.current.word).filter(|_| self.current.kind == Kind::Operator).and_then(binary);
            match next.filter(|&(_, next)| is_comparison(next)) {
                Some((_, next)) => operator = Spanned::new(next, self.next()?.span),
                None => return Ok(whole.unwrap_or(pair)),
            }
        }
    }

    fn variable(&mut self) -> Result<NodeId, ExprError> {
        let start = self.next()?.span.start;
        if self.current.kind != Kind::Name {
            return Err(self.unexpected());
        }
        let token = self.next()?;
        let name = Spanned::new(Arc::from(token.word), token.span);
        self.expect(Kind::Operator, "=")?;
        let value = self.expression(0)?;
        self.expect(Kind::Operator, ";")?;
        let body = if self.dialect.has_statements() { self.sequence()? } else { self.expression(0)? };
        let span = self.span_from(start);
        self.push(NodeKind::Let { name, value, body }, span, &[value, body])
    }

    fn if_else(&mut self) -> Result<NodeId, ExprError> {
        let start = self.next()?.span.start;
        let condition = self.expression(0)?;
        let yes = self.block()?;
        self.expect(Kind::Operator, "else")?;
        let no = if self.dialect.has_late_syntax() && self.current.is_operator("if") {
            self.expression(0)?
        } else {
            self.block()?
        };
        let span = self.span_from(start);
        self.push(NodeKind::Conditional { condition, yes, no }, span, &[condition, yes, no])
    }

    fn block(&mut self) -> Result<NodeId, ExprError> {
        self.expect(Kind::Bracket, "{")?;
        let node = self.sequence()?;
        self.expect(Kind::Bracket, "}")?;
        Ok(node)
    }

    fn ternary(&mut self, condition: NodeId) -> Result<NodeId, ExprError> {
        let mut node = condition;
        while self.current.is_operator("?") {
            self.next()?;
            let yes = if self.current.is_operator(":") { node } else { self.branch()? };
            self.expect(Kind::Operator, ":")?;
            let no = self.branch()?;
            let span = self.span_from(self.span(node).start);
            node = self.push(NodeKind::Conditional { condition: node, yes, no }, span, &[node, yes, no])?;
        }
        Ok(node)
    }

    fn branch(&mut self) -> Result<NodeId, ExprError> {
        if self.dialect.ternary_takes_sequence() { self.sequence() } else { self.expression(0) }
    }

    /// The builtin that a call of `name` means, unless the environment hides it.
    pub(super) fn builtin(&self, name: &str, hideable: bool) -> Option<Builtin> {
        let builtin = Builtin::from_name(name, self.dialect)?;
        (!(hideable && self.is_overridden(name))).then_some(builtin)
    }
}
