//! Tokens to nodes: the grammar of collections.
//!
//! There is no recursion: open collections are [`Frame`]s on a stack, so the depth of a text costs memory and no stack.

use std::borrow::Cow;
use std::collections::HashMap;

use super::dialect::Dialect;
use super::document::Document;
use super::error::{Fault, ParseError};
use super::node::{Data, Node, NodeId, ScalarStyle};
use super::reader::Readable;
use super::scan::token::{Token, TokenKind};
use super::scan::{Directive, Scanner, Tag};
use super::value;
use crate::source::Span;

/// Parses the first document of `text`.
pub(super) fn parse(text: &str, dialect: Dialect, readable: Readable) -> Result<Document<'_>, Fault> {
    let mut tree = Tree {
        text,
        dialect,
        scanner: Scanner::new(text, dialect, readable),
        prefixes: Vec::new(),
        anchors: HashMap::new(),
        frames: Vec::new(),
        items: Vec::new(),
        end: 0,
        // About a node every 16 bytes is common; a guess of no consequence, and small for any text.
        document: Document { text, nodes: Vec::with_capacity((text.len() / 16).min(4096)), root: None, comments: Vec::new(), derived: Vec::new() },
    };
    let root = tree.document()?;
    let mut document = tree.document;
    document.root = root;
    document.comments = tree.scanner.comments;
    Ok(document)
}

struct Tree<'t> {
    text: &'t str,
    dialect: Dialect,
    scanner: Scanner<'t>,
    /// Tag handles and what they stand for.
    prefixes: Vec<(&'t str, Cow<'t, str>)>,
    /// The node that carried a name last.
    anchors: HashMap<&'t str, NodeId>,
    /// The open collections.
    frames: Vec<Frame>,
    /// What they hold so far, of each from its frame's `items` on. Keys and values alternate.
    items: Vec<NodeId>,
    /// The end of the last token that has bytes: where a node ends, and where one that is missing would stand.
    end: u32,
    document: Document<'t>,
}

/// An open collection.
struct Frame {
    node: NodeId,
    items: usize,
    expects: Expects,
}

/// What an open collection looks for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
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

/// Where a node stands, which decides what it can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    /// The key or value of a block mapping: a sequence may stand at its column.
    BlockPair,
    Flow,
}

/// What to do next.
enum Step {
    /// Read a node.
    Node(Context),
    /// A node is complete.
    Done(NodeId),
    /// Ask the innermost collection.
    Next,
}

impl<'t> Tree<'t> {
    /// Reads the first document; gives its root.
    fn document(&mut self) -> Result<Option<NodeId>, Fault> {
        while self.dialect.skips_document_ends() && self.scanner.peek()?.kind == TokenKind::DocumentEnd {
            self.take()?;
        }
        let first = self.scanner.peek()?;
        if first.kind == TokenKind::StreamEnd {
            return Ok(None);
        }
        let explicit = matches!(first.kind, TokenKind::Directive(_) | TokenKind::DocumentStart);
        self.directives()?;
        let mut root = None;
        if explicit {
            let token = self.scanner.peek()?;
            if token.kind != TokenKind::DocumentStart {
                return Err(ParseError::new(token.span, "did not find `---` after the directives"));
            }
            self.take()?;
            if ends_document(self.scanner.peek()?.kind) {
                root = Some(self.empty());
            }
        }
        let root = match root {
            Some(root) => root,
            None => self.root()?,
        };
        let end = self.scanner.end_document()?;
        self.scanner.comments.retain(|comment| comment.start < end);
        Ok(Some(root))
    }

    /// Reads `%YAML` and `%TAG`.
    fn directives(&mut self) -> Result<(), Fault> {
        let mut version = None;
        while let Token { kind: TokenKind::Directive(index), span } = self.scanner.peek()? {
            match self.scanner.directives.get(index as usize).cloned() {
                Some(Directive::Version(major, minor)) => {
                    if let Some(first) = version {
                        return Err(ParseError::new(span, "a second `%YAML` directive").related(first, "the first"));
                    }
                    if (major, minor) != (1, 1) {
                        return Err(ParseError::new(span, format!("YAML {major}.{minor} is not supported"))
                            .help("write `%YAML 1.1`, or leave it out"));
                    }
                    version = Some(span);
                }
                Some(Directive::Tag { handle, prefix }) => {
                    if self.prefixes.iter().any(|(known, _)| *known == handle) {
                        return Err(ParseError::new(span, format!("a second `%TAG` directive for `{handle}`")));
                    }
                    self.prefixes.push((handle, prefix));
                }
                None => {}
            }
            self.take()?;
        }
        // The first that fits is used.
        self.prefixes.push(("!", Cow::Borrowed("!")));
        self.prefixes.push(("!!", Cow::Borrowed("tag:yaml.org,2002:")));
        Ok(())
    }

    /// Reads the document's node and all that it holds.
    fn root(&mut self) -> Result<NodeId, Fault> {
        let mut step = Step::Node(Context::Block);
        loop {
            step = match step {
                Step::Node(context) => self.node(context)?,
                Step::Next => self.next()?,
                Step::Done(node) => {
                    if self.frames.is_empty() {
                        return Ok(node);
                    }
                    self.items.push(node);
                    Step::Next
                }
            };
        }
    }

    /// Takes the next token.
    fn take(&mut self) -> Result<Token, Fault> {
        let token = self.scanner.peek()?;
        self.scanner.skip();
        self.end = self.end.max(token.span.end);
        Ok(token)
    }

    fn add(&mut self, node: Node<'t>) -> NodeId {
        let id = NodeId(self.document.nodes.len() as u32);
        self.document.nodes.push(node);
        id
    }

    /// A node that is not written.
    fn empty(&mut self) -> NodeId {
        self.add(Node { span: Span::at(self.end), tag: None, anchor: None, data: empty_scalar() })
    }

    /// Reads a node: a scalar or alias whole, of a collection the start.
    fn node(&mut self, context: Context) -> Result<Step, Fault> {
        let mut token = self.scanner.peek()?;
        if token.kind == TokenKind::Alias {
            self.take()?;
            return self.alias(token.span).map(Step::Done);
        }
        let (mut anchor, mut tag) = (None, None);
        loop {
            match token.kind {
                TokenKind::Anchor if anchor.is_none() => anchor = Some(token.span),
                TokenKind::Tag(index) if tag.is_none() => tag = Some((self.resolve(index, token.span)?, token.span)),
                _ => break,
            }
            self.take()?;
            token = self.scanner.peek()?;
        }
        let bare = anchor.is_none() && tag.is_none();
        let mut node = Node { span: token.span, tag: tag.map(Box::new), anchor, data: empty_scalar() };
        let block = context != Context::Flow;
        let expects = match token.kind {
            TokenKind::Scalar(scalar) => {
                self.take()?;
                node.data = Data::Scalar { value: value::value(self.text, token.span, scalar), style: scalar.style };
                let id = self.add_named(node);
                if !scalar.verbatim {
                    self.document.derived.push((id, scalar));
                }
                return Ok(Step::Done(id));
            }
            TokenKind::FlowSequenceStart => Expects::FirstFlowItem,
            TokenKind::FlowMappingStart => Expects::FirstFlowKey,
            TokenKind::BlockSequenceStart if block => Expects::BlockEntry,
            TokenKind::BlockMappingStart if block => Expects::BlockKey,
            TokenKind::BlockEntry if context == Context::BlockPair => Expects::IndentlessEntry,
            _ if bare => return Err(self.no_node(token)),
            _ => {
                node.span = Span::at(self.end);
                return Ok(Step::Done(self.add_named(node)));
            }
        };
        if expects != Expects::IndentlessEntry {
            self.take()?;
        }
        let node = self.add_named(node);
        self.open(node, expects);
        Ok(Step::Next)
    }

    /// Adds a node and remembers its anchor. (A collection's before what it holds: an alias inside it may name it.)
    fn add_named(&mut self, node: Node<'t>) -> NodeId {
        let name = node.anchor.and_then(|span| self.text.get(span.start as usize + 1..span.end as usize));
        let id = self.add(node);
        if let Some(name) = name {
            self.anchors.insert(name, id);
        }
        id
    }

    fn alias(&mut self, span: Span) -> Result<NodeId, Fault> {
        let name = self.text.get(span.start as usize + 1..span.end as usize).unwrap_or_default();
        let Some(&target) = self.anchors.get(name) else {
            return Err(ParseError::new(span, format!("no anchor `&{name}` stands before this alias")));
        };
        Ok(self.add(Node { span, tag: None, anchor: None, data: Data::Alias(target) }))
    }

    /// The tag that the handle and suffix of a written one stand for.
    fn resolve(&self, index: u32, span: Span) -> Result<Cow<'t, str>, Fault> {
        let Some(Tag { handle, suffix }) = self.scanner.tags.get(index as usize) else { return Ok(Cow::Borrowed("!")) };
        if handle.is_empty() {
            return Ok(suffix.clone());
        }
        match self.prefixes.iter().find(|(known, _)| known == handle) {
            Some((_, prefix)) => Ok(Cow::Owned(format!("{prefix}{suffix}"))),
            None => Err(ParseError::new(span, format!("no `%TAG` directive says what `{handle}` stands for"))),
        }
    }

    fn open(&mut self, node: NodeId, expects: Expects) {
        self.frames.push(Frame { node, items: self.items.len(), expects });
    }

    /// Completes the innermost collection.
    fn close(&mut self) -> Step {
        let Some(frame) = self.frames.pop() else { return Step::Next };
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
    fn next(&mut self) -> Result<Step, Fault> {
        let Some(frame) = self.frames.last() else { return Ok(Step::Next) };
        let token = self.scanner.peek()?;
        match frame.expects {
            Expects::BlockEntry => match token.kind {
                TokenKind::BlockEntry => self.item(Context::Block, Expects::BlockEntry, |kind| {
                    matches!(kind, TokenKind::BlockEntry | TokenKind::BlockEnd)
                }),
                TokenKind::BlockEnd => self.take_and_close(),
                _ => Err(self.unexpected(token, "did not find the `- ` of the next item", "the list starts here")),
            },
            Expects::IndentlessEntry => match token.kind {
                TokenKind::BlockEntry => self.item(Context::Block, Expects::IndentlessEntry, |kind| {
                    kind == TokenKind::BlockEntry || ends_block_pair(kind)
                }),
                _ => Ok(self.close()),
            },
            Expects::BlockKey => match token.kind {
                TokenKind::Key => self.item(Context::BlockPair, Expects::BlockValue, ends_block_pair),
                TokenKind::BlockEnd => self.take_and_close(),
                _ => Err(self.unexpected(token, "did not find the next key", "the mapping starts here")),
            },
            Expects::BlockValue => match token.kind {
                TokenKind::Value => self.item(Context::BlockPair, Expects::BlockKey, ends_block_pair),
                _ => Ok(self.missing(Expects::BlockKey)),
            },
            Expects::FirstFlowItem | Expects::FlowItem => self.flow_item(token, frame.expects == Expects::FirstFlowItem),
            Expects::PairKey => {
                self.expect(Expects::PairValue);
                if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                    // The library takes this token too, whatever it is.
                    let empty = self.empty();
                    self.take()?;
                    return Ok(Step::Done(empty));
                }
                Ok(Step::Node(Context::Flow))
            }
            Expects::PairValue => match token.kind {
                TokenKind::Value => self.item(Context::Flow, Expects::PairEnd, |kind| {
                    matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd)
                }),
                _ => Ok(self.missing(Expects::PairEnd)),
            },
            Expects::PairEnd => Ok(self.close()),
            Expects::FirstFlowKey | Expects::FlowKey => self.flow_key(token, frame.expects == Expects::FirstFlowKey),
            Expects::FlowValue => match token.kind {
                TokenKind::Value => self.item(Context::Flow, Expects::FlowKey, |kind| {
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
    fn item(&mut self, context: Context, then: Expects, ends: impl Fn(TokenKind) -> bool) -> Result<Step, Fault> {
        self.take()?;
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

    fn take_and_close(&mut self) -> Result<Step, Fault> {
        self.take_end()?;
        Ok(self.close())
    }

    /// Takes the end of a collection. That of a block has no bytes, and stands where the next token starts.
    fn take_end(&mut self) -> Result<(), Fault> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::BlockEnd {
            self.scanner.skip();
            return Ok(());
        }
        self.take().map(|_| ())
    }

    fn flow_item(&mut self, mut token: Token, first: bool) -> Result<Step, Fault> {
        if token.kind != TokenKind::FlowSequenceEnd && !first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.unexpected(token, "did not find expected `,` or `]`", "the list is opened here"));
            }
            self.take()?;
            token = self.scanner.peek()?;
        }
        self.expect(Expects::FlowItem);
        match token.kind {
            TokenKind::FlowSequenceEnd => self.take_and_close(),
            TokenKind::Key => {
                self.take()?;
                let data = empty_scalar();
                let pair = self.add(Node { span: token.span, tag: None, anchor: None, data });
                self.open(pair, Expects::PairKey);
                Ok(Step::Next)
            }
            _ => Ok(Step::Node(Context::Flow)),
        }
    }

    fn flow_key(&mut self, mut token: Token, first: bool) -> Result<Step, Fault> {
        if token.kind != TokenKind::FlowMappingEnd && !first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.unexpected(token, "did not find expected `,` or `}`", "the mapping is opened here"));
            }
            self.take()?;
            token = self.scanner.peek()?;
        }
        match token.kind {
            TokenKind::FlowMappingEnd => {
                self.expect(Expects::FlowKey);
                self.take_and_close()
            }
            TokenKind::Key => self.item(Context::Flow, Expects::FlowValue, |kind| {
                matches!(kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd)
            }),
            _ => {
                self.expect(Expects::FlowNoValue);
                Ok(Step::Node(Context::Flow))
            }
        }
    }

    /// `token` cannot follow in the innermost collection.
    fn unexpected(&self, token: Token, message: &str, opened: &'static str) -> Fault {
        let fault = ParseError::new(token.span, message);
        match self.frames.last().and_then(|frame| self.document.nodes.get(frame.node.0 as usize)) {
            Some(node) => {
                let start = node.span.start as usize;
                let first = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                fault.related(start..start + first, opened)
            }
            None => fault,
        }
    }

    /// `token` starts no node.
    fn no_node(&self, token: Token) -> Fault {
        self.unexpected(token, "did not find a value here", "inside what starts here")
    }
}

fn empty_scalar() -> Data<'static> {
    Data::Scalar { value: Cow::Borrowed(""), style: ScalarStyle::Plain }
}

fn ends_document(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Directive(_) | TokenKind::DocumentStart | TokenKind::DocumentEnd | TokenKind::StreamEnd
    )
}

/// Whether a key or value of a block mapping is missing when this token comes.
fn ends_block_pair(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd)
}
