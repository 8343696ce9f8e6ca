//! The inside of collections: what each looks for next.

use super::{Context, Step, Tree, empty_scalar};
use crate::source::Span;
use crate::yaml::error::Fault;
use crate::yaml::node::{Data, Node, NodeId};
use crate::yaml::scan::token::{Token, TokenKind};

/// An open collection.
pub(super) struct Frame {
    node: NodeId,
    /// Where its items start in [`Tree::items`].
    items: usize,
    expects: Expects,
}

/// What an open collection looks for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expects {
    /// `- ` or the end of a block sequence.
    BlockEntry,
    /// The same, of a sequence that stands at the column of its key and so has no end of its own.
    IndentlessEntry,
    /// A key, or the end of a block mapping.
    BlockKey,
    BlockValue,
    /// An item or `]`.
    FirstFlowItem,
    /// `,` and an item, or `]`.
    FlowItem,
    /// The key of a pair inside `[…]`, which is a mapping of its own.
    PairKey,
    PairValue,
    PairEnd,
    /// A key or `}`.
    FirstFlowKey,
    /// `,` and a key, or `}`.
    FlowKey,
    FlowValue,
    /// The value of a key that has no `:`.
    FlowNoValue,
}

impl Tree<'_> {
    /// Opens the collection `node`.
    pub(super) fn open(&mut self, node: NodeId, expects: Expects) {
        self.frames.push(Frame { node, items: self.items.len(), expects });
    }

    /// Completes the innermost collection.
    fn close(&mut self) -> Step {
        let frame = self.frames.pop().expect("internal: only an open collection is closed");
        let items = self.items.get(frame.items..).unwrap_or_default();
        let flow = !matches!(frame.expects, Expects::BlockEntry | Expects::IndentlessEntry | Expects::BlockKey);
        let data = match frame.expects {
            Expects::BlockEntry | Expects::IndentlessEntry | Expects::FirstFlowItem | Expects::FlowItem => {
                Data::Sequence { items: items.to_vec(), flow }
            }
            _ => Data::Mapping {
                pairs: items.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect(),
                flow,
            },
        };
        self.items.truncate(frame.items);
        if let Some(node) = self.document.nodes.get_mut(frame.node.0 as usize) {
            node.data = data;
            node.span.end = self.end;
        }
        Step::Done(frame.node)
    }

    /// Goes on with the innermost collection.
    pub(super) fn next(&mut self) -> Result<Step, Fault> {
        let frame = self.frames.last().expect("internal: the root is no open collection, so it is complete");
        let token = self.scanner.peek()?;
        match frame.expects {
            Expects::BlockEntry => match token.kind {
                TokenKind::BlockEntry => self.item(token, Context::Block, Expects::BlockEntry, |kind| {
                    matches!(kind, TokenKind::BlockEntry | TokenKind::BlockEnd)
                }),
                TokenKind::BlockEnd => Ok(self.end(token)),
                _ => Err(self.unexpected(token, "expected the `- ` of the next item", "the list starts here")),
            },
            Expects::IndentlessEntry => match token.kind {
                TokenKind::BlockEntry => self.item(token, Context::Block, Expects::IndentlessEntry, |kind| {
                    kind == TokenKind::BlockEntry || ends_block_pair(kind)
                }),
                _ => Ok(self.close()),
            },
            Expects::BlockKey => match token.kind {
                TokenKind::Key => self.item(token, Context::BlockPair, Expects::BlockValue, ends_block_pair),
                TokenKind::BlockEnd => Ok(self.end(token)),
                _ => Err(self.unexpected(token, "expected the next key", "the mapping starts here")),
            },
            Expects::BlockValue => match token.kind {
                TokenKind::Value => self.item(token, Context::BlockPair, Expects::BlockKey, ends_block_pair),
                _ => Ok(self.missing(Expects::BlockKey)),
            },
            Expects::FirstFlowItem | Expects::FlowItem => {
                self.flow_item(token, frame.expects == Expects::FirstFlowItem)
            }
            Expects::PairKey => {
                self.expect(Expects::PairValue);
                if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                    // The library takes this token too, whatever it is.
                    let empty = self.empty();
                    self.accept(token);
                    return Ok(Step::Done(empty));
                }
                Ok(Step::Node(Context::Flow))
            }
            Expects::PairValue => match token.kind {
                TokenKind::Value => self.item(token, Context::Flow, Expects::PairEnd, |kind| {
                    matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd)
                }),
                _ => Ok(self.missing(Expects::PairEnd)),
            },
            Expects::PairEnd => Ok(self.close()),
            Expects::FirstFlowKey | Expects::FlowKey => self.flow_key(token, frame.expects == Expects::FirstFlowKey),
            Expects::FlowValue => match token.kind {
                TokenKind::Value => self.item(token, Context::Flow, Expects::FlowKey, |kind| {
                    matches!(kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd)
                }),
                _ => Ok(self.missing(Expects::FlowKey)),
            },
            Expects::FlowNoValue => Ok(self.missing(Expects::FlowKey)),
        }
    }

    fn expect(&mut self, expects: Expects) {
        if let Some(frame) = self.frames.last_mut() {
            frame.expects = expects;
        }
    }

    /// Takes an indicator and reads the node after it, which is empty if a token comes that `ends` it. `then` comes after.
    fn item(
        &mut self,
        token: Token,
        context: Context,
        then: Expects,
        ends: impl Fn(TokenKind) -> bool,
    ) -> Result<Step, Fault> {
        self.accept(token);
        let next = self.scanner.peek()?;
        Ok(if ends(next.kind) {
            self.missing(then)
        } else {
            self.expect(then);
            Step::Node(context)
        })
    }

    /// A key or value that is not written.
    fn missing(&mut self, then: Expects) -> Step {
        self.expect(then);
        Step::Done(self.empty())
    }

    /// Takes the end of the innermost collection.
    fn end(&mut self, token: Token) -> Step {
        self.accept(token);
        self.close()
    }

    /// Goes on inside `[…]`.
    fn flow_item(&mut self, mut token: Token, first: bool) -> Result<Step, Fault> {
        if token.kind != TokenKind::FlowSequenceEnd && !first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.unexpected(token, "expected `,` or `]`", "the list is opened here"));
            }
            self.accept(token);
            token = self.scanner.peek()?;
        }
        self.expect(Expects::FlowItem);
        match token.kind {
            TokenKind::FlowSequenceEnd => Ok(self.end(token)),
            TokenKind::Key => {
                self.accept(token);
                let data = empty_scalar();
                let pair = self.add(Node { span: token.span, tag: None, anchor: None, data });
                self.open(pair, Expects::PairKey);
                Ok(Step::Next)
            }
            _ => Ok(Step::Node(Context::Flow)),
        }
    }

    /// Goes on inside `{…}`.
    fn flow_key(&mut self, mut token: Token, first: bool) -> Result<Step, Fault> {
        if token.kind != TokenKind::FlowMappingEnd && !first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.unexpected(token, "expected `,` or `}`", "the mapping is opened here"));
            }
            self.accept(token);
            token = self.scanner.peek()?;
        }
        match token.kind {
            TokenKind::FlowMappingEnd => {
                self.expect(Expects::FlowKey);
                Ok(self.end(token))
            }
            TokenKind::Key => self.item(token, Context::Flow, Expects::FlowValue, |kind| {
                matches!(kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd)
            }),
            _ => {
                self.expect(Expects::FlowNoValue);
                Ok(Step::Node(Context::Flow))
            }
        }
    }

    /// `token` cannot follow in the innermost collection.
    fn unexpected(&self, token: Token, expected: &str, opened: &'static str) -> Fault {
        let start = token.span.start as usize;
        let word = self
            .text
            .get(start..)
            .and_then(|rest| rest.split_whitespace().next().filter(|word| rest.starts_with(word)));
        let span = if token.span.is_empty() { Span::from(start..start + word.map_or(0, str::len)) } else { token.span };
        let fault = Fault::new(span, format!("{expected}, found {}", describe(token.kind)));
        let Some(node) = self.frames.last().and_then(|frame| self.document.nodes.get(frame.node.0 as usize)) else {
            return fault;
        };
        let start = node.span.start as usize;
        let first = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        fault.related(start..start + first, opened)
    }

    /// `token` starts no node.
    pub(super) fn no_node(&self, token: Token) -> Fault {
        self.unexpected(token, "expected a value", "in what starts here")
    }
}

/// Whether a key or value of a block mapping is missing when this token comes.
fn ends_block_pair(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd)
}

/// What a token is to the people who wrote it.
fn describe(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::StreamEnd => "the end of the text",
        TokenKind::Directive(_) => "a directive",
        TokenKind::DocumentStart => "the document marker `---`",
        TokenKind::DocumentEnd => "the document marker `...`",
        TokenKind::BlockSequenceStart => "a list that is indented deeper",
        TokenKind::BlockMappingStart => "a mapping that is indented deeper",
        TokenKind::BlockEnd => "the end of the block",
        TokenKind::FlowSequenceStart => "`[`",
        TokenKind::FlowSequenceEnd => "`]`",
        TokenKind::FlowMappingStart => "`{`",
        TokenKind::FlowMappingEnd => "`}`",
        TokenKind::BlockEntry => "a list item (`- `)",
        TokenKind::FlowEntry => "`,`",
        TokenKind::Key | TokenKind::Candidate(_) => "a key",
        TokenKind::Value => "`:`",
        TokenKind::Alias => "an alias",
        TokenKind::Anchor => "an anchor",
        TokenKind::Tag(_) => "a tag",
        TokenKind::Scalar(_) => "text",
    }
}
