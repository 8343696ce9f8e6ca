//! Operands: literals, names, calls, arrays and maps, and what may follow them.

use super::builtin::Shape;
use super::error::ExprError;
use super::parse::Parser;
use super::token::{Kind, Token, is_name_start};
use super::tree::{NodeId, NodeKind, Pointer, Unary};
use crate::source::Span;
use std::sync::Arc;

impl Parser<'_> {
    /// An operand with its signs, and what follows it.
    pub(super) fn primary(&mut self) -> Result<NodeId, ExprError> {
        if self.current.kind == Kind::Operator {
            let unary = match self.current.word {
                "not" | "!" => Some((50, Unary::Not)),
                "-" => Some((90, Unary::Minus)),
                "+" => Some((90, Unary::Plus)),
                _ => None,
            };
            if let Some((tightness, operator)) = unary {
                let start = self.next()?.span.start;
                let operand = self.expression(tightness)?;
                let span = self.span_from(start);
                let node = self.push(NodeKind::Unary { operator, operand }, span, &[operand])?;
                return self.postfix(node);
            }
        }
        if self.current.is_bracket("(") {
            self.next()?;
            let node = self.sequence()?;
            self.expect(Kind::Bracket, ")")?;
            return self.postfix(node);
        }
        if self.predicates > 0 && (self.current.is_operator("#") || self.current.is_operator(".")) {
            let node = self.pointer()?;
            return self.postfix(node);
        }
        if self.current.is_operator("::") {
            self.next()?;
            if self.current.kind != Kind::Name {
                return Err(self.unexpected());
            }
            let name = self.next()?;
            let node = self.call(&name, Vec::new(), false)?;
            return self.postfix(node);
        }
        self.secondary()
    }

    fn pointer(&mut self) -> Result<NodeId, ExprError> {
        let at = self.current.span;
        let mut pointer = Pointer::Item;
        let mut span = Span::at(at.start);
        if self.current.is_operator("#") {
            self.next()?;
            span = at;
            if self.current.kind == Kind::Name {
                let name = self.next()?;
                span = at.join(name.span);
                pointer = match name.word {
                    "index" => Pointer::Index,
                    "acc" => Pointer::Accumulator,
                    other => Pointer::Other(other.into()),
                };
            }
        }
        self.push(NodeKind::Pointer(pointer), span, &[])
    }

    fn secondary(&mut self) -> Result<NodeId, ExprError> {
        let node = match self.current.kind {
            Kind::Name => {
                let token = self.next()?;
                let literal = match token.word {
                    "true" => Some(NodeKind::Bool(true)),
                    "false" => Some(NodeKind::Bool(false)),
                    "nil" => Some(NodeKind::Nil),
                    _ => None,
                };
                // Nothing follows these and numbers: `true.x` is no expression.
                if let Some(kind) = literal {
                    return self.push(kind, token.span, &[]);
                }
                if self.current.is_bracket("(") {
                    self.call(&token, Vec::new(), true)?
                } else {
                    self.push(NodeKind::Name(token.word.into()), token.span, &[])?
                }
            }
            Kind::Number => {
                let token = self.next()?;
                let kind = number(&token)?;
                return self.push(kind, token.span, &[]);
            }
            Kind::Text => {
                let token = self.next()?;
                self.push(NodeKind::Text(token.text.clone().unwrap_or_default()), token.span, &[])?
            }
            Kind::Bytes => {
                let token = self.next()?;
                let bytes = token.bytes.clone().unwrap_or_else(|| Arc::from([]));
                self.push(NodeKind::Bytes(bytes), token.span, &[])?
            }
            _ if self.current.is_bracket("[") => self.array()?,
            _ if self.current.is_bracket("{") => self.map()?,
            _ => return Err(self.unexpected()),
        };
        self.postfix(node)
    }

    /// The rest of a call of `name`; `piped` is what a `|` puts before the arguments.
    pub(super) fn call(&mut self, name: &Token<'_>, piped: Vec<NodeId>, hideable: bool) -> Result<NodeId, ExprError> {
        let start = piped.first().map_or(name.span.start, |&first| self.span(first).start);
        let Some(builtin) = self.builtin(name.word, hideable) else {
            let callee = self.push(NodeKind::Name(name.word.into()), name.span, &[])?;
            let arguments = self.arguments(piped)?;
            let below: Vec<_> = [callee].into_iter().chain(arguments.iter().copied()).collect();
            let span = self.span_from(start);
            return self.push(NodeKind::Call { callee, arguments }, span, &below);
        };
        let arguments = match builtin.shape() {
            Shape::Function => self.arguments(piped)?,
            shape => self.predicate_arguments(piped, shape)?,
        };
        let span = self.span_from(start);
        self.push(NodeKind::Builtin { builtin, arguments: arguments.clone() }, span, &arguments)
    }

    fn arguments(&mut self, piped: Vec<NodeId>) -> Result<Vec<NodeId>, ExprError> {
        let given = piped.len();
        let mut arguments = piped;
        self.expect(Kind::Bracket, "(")?;
        while !self.current.is_bracket(")") {
            if arguments.len() > given {
                self.expect(Kind::Operator, ",")?;
            }
            if self.dialect.has_statements() && self.current.is_bracket(")") {
                break;
            }
            arguments.push(self.expression(0)?);
        }
        self.expect(Kind::Bracket, ")")?;
        Ok(arguments)
    }

    /// The arguments of a builtin that takes an array, a predicate, and sometimes a third one.
    fn predicate_arguments(&mut self, piped: Vec<NodeId>, shape: Shape) -> Result<Vec<NodeId>, ExprError> {
        self.expect(Kind::Bracket, "(")?;
        let given = piped.len();
        let mut arguments = piped;
        let (count, required) = match shape {
            Shape::OptionalPredicate => (2, 1),
            Shape::PredicateAndMore => (3, 2),
            _ => (2, 2),
        };
        for index in given..count {
            if self.current.is_bracket(")") {
                if index >= required {
                    break;
                }
                return Err(ExprError::compile(self.current.span, format!("expected at least {required} arguments")));
            }
            if index > given {
                self.expect(Kind::Operator, ",")?;
            }
            arguments.push(if index == 1 { self.predicate()? } else { self.expression(0)? });
        }
        if self.dialect.has_statements() && self.current.is_operator(",") {
            self.next()?;
        }
        self.expect(Kind::Bracket, ")")?;
        Ok(arguments)
    }

    fn predicate(&mut self) -> Result<NodeId, ExprError> {
        let start = self.current.span.start;
        let braces = self.current.is_bracket("{");
        if braces {
            self.next()?;
        }
        self.predicates += 1;
        let body = if braces && self.dialect.has_statements() { self.sequence()? } else { self.expression(0)? };
        self.predicates -= 1;
        if braces {
            self.expect(Kind::Bracket, "}")?;
        } else if self.current.is_operator(";") {
            return Err(self.unexpected().help("put the predicate in `{ }`"));
        }
        let span = self.span_from(start);
        self.push(NodeKind::Predicate(body), span, &[body])
    }

    fn array(&mut self) -> Result<NodeId, ExprError> {
        let start = self.next()?.span.start;
        let mut nodes = Vec::new();
        while !self.current.is_bracket("]") {
            if !nodes.is_empty() {
                self.expect(Kind::Operator, ",")?;
                if self.current.is_bracket("]") {
                    break;
                }
            }
            nodes.push(self.expression(0)?);
        }
        self.expect(Kind::Bracket, "]")?;
        let span = self.span_from(start);
        self.push(NodeKind::Array(nodes.clone()), span, &nodes)
    }

    fn map(&mut self) -> Result<NodeId, ExprError> {
        let start = self.next()?.span.start;
        let mut pairs = Vec::new();
        let mut below = Vec::new();
        while !self.current.is_bracket("}") {
            if !pairs.is_empty() {
                self.expect(Kind::Operator, ",")?;
                if self.current.is_bracket("}") {
                    break;
                }
            }
            let key = match self.current.kind {
                Kind::Number | Kind::Text | Kind::Name => {
                    let token = self.next()?;
                    let text = token.text.clone().unwrap_or_else(|| token.word.into());
                    self.push(NodeKind::Text(text), token.span, &[])?
                }
                _ if self.current.is_bracket("(") => self.expression(0)?,
                _ => {
                    return Err(self.unexpected().help("write a key as a name, a string, a number, or in parentheses"));
                }
            };
            self.expect(Kind::Operator, ":")?;
            let value = self.expression(0)?;
            pairs.push((key, value));
            below.extend([key, value]);
        }
        self.expect(Kind::Bracket, "}")?;
        let span = self.span_from(start);
        self.push(NodeKind::Map(pairs), span, &below)
    }

    /// What may follow an operand: `.x`, `?.x`, `[i]`, `[a:b]`, `.f()`.
    fn postfix(&mut self, node: NodeId) -> Result<NodeId, ExprError> {
        let mut node = node;
        loop {
            let optional = self.current.is_operator("?.");
            if optional || self.current.is_operator(".") {
                self.next()?;
                if optional && self.current.is_bracket("[") {
                    node = self.index(node, true)?;
                } else {
                    node = self.property(node, optional)?;
                }
            } else if self.current.is_bracket("[") {
                node = self.index(node, false)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn property(&mut self, base: NodeId, optional: bool) -> Result<NodeId, ExprError> {
        let is_word = self.current.word.starts_with(is_name_start);
        if !(self.current.kind == Kind::Name || self.current.kind == Kind::Operator && is_word) {
            return Err(self.unexpected().help("write a name after the dot"));
        }
        let token = self.next()?;
        let property = self.push(NodeKind::Text(token.word.into()), token.span, &[])?;
        let chain = match self.kind(base) {
            Some(NodeKind::Chain(inner)) => Some(*inner),
            _ => None,
        };
        let start = self.span(base).start;
        let base = chain.unwrap_or(base);
        let span = self.span_from(start);
        let mut node = self.push(NodeKind::Member { base, property, optional }, span, &[base, property])?;
        if self.current.is_bracket("(") {
            let arguments = self.arguments(Vec::new())?;
            let below: Vec<_> = [node].into_iter().chain(arguments.iter().copied()).collect();
            let span = self.span_from(start);
            node = self.push(NodeKind::Call { callee: node, arguments }, span, &below)?;
        }
        if chain.is_some() || optional {
            let span = self.span_from(start);
            node = self.push(NodeKind::Chain(node), span, &[node])?;
        }
        Ok(node)
    }

    fn index(&mut self, base: NodeId, optional: bool) -> Result<NodeId, ExprError> {
        self.next()?;
        let start = self.span(base).start;
        let from = if self.current.is_operator(":") { None } else { Some(self.expression(0)?) };
        if let (Some(property), false) = (from, self.current.is_operator(":")) {
            self.expect(Kind::Bracket, "]")?;
            let span = self.span_from(start);
            let node = self.push(NodeKind::Member { base, property, optional }, span, &[base, property])?;
            return if optional { self.push(NodeKind::Chain(node), span, &[node]) } else { Ok(node) };
        }
        self.expect(Kind::Operator, ":")?;
        let to = if self.current.is_bracket("]") { None } else { Some(self.expression(0)?) };
        self.expect(Kind::Bracket, "]")?;
        let below: Vec<_> = [Some(base), from, to].into_iter().flatten().collect();
        let span = self.span_from(start);
        self.push(NodeKind::Slice { base, from, to }, span, &below)
    }
}

/// The value of a number as it is written.
fn number(token: &Token<'_>) -> Result<NodeKind, ExprError> {
    let word = token.word.replace('_', "").to_ascii_lowercase();
    let bad = || ExprError::compile(token.span, format!("`{}` is not a number that fits", token.word));
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).map(NodeKind::Int).map_err(|_| bad());
    if let Some(digits) = word.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if word.contains(['.', 'e']) {
        let float = word.parse::<f64>().ok().filter(|float| float.is_finite());
        return float.map(NodeKind::Float).ok_or_else(bad);
    }
    if let Some(digits) = word.strip_prefix("0b") {
        return radix(digits, 2);
    }
    if let Some(digits) = word.strip_prefix("0o") {
        return radix(digits, 8);
    }
    radix(&word, 10)
}
