//! Tokens to nodes: the grammar of collections.
//!
//! There is no recursion: open collections are [`Frame`]s on a stack, so the depth of a text costs memory and no stack.

mod collection;

use std::borrow::Cow;
use std::collections::HashMap;

use super::dialect::Dialect;
use super::document::Document;
use super::error::Fault;
use super::node::{Data, Node, NodeId, ScalarStyle};
use super::reader::Readable;
use super::scan::token::{Scalar, Token, TokenKind};
use super::scan::{Directive, Scanner, Tag};
use super::value;
use crate::source::{MAX_LEN, Span};
use collection::{Expects, Frame};

/// The most nodes of a document. The libraries have no such bound; a workflow has some hundreds.
const MAX_NODES: usize = 1 << 20;

/// Parses the first document of `text`.
pub(super) fn parse(text: &str, dialect: Dialect, readable: Readable) -> Result<Document<'_>, Fault> {
    let mut tree = Tree {
        text,
        dialect,
        scanner: Scanner::new(text, dialect, readable),
        prefixes: HashMap::new(),
        tags_len: 0,
        anchors: HashMap::new(),
        frames: Vec::new(),
        items: Vec::new(),
        end: 0,
        // About a node every 16 bytes is common; a guess of no consequence, and small for any text.
        document: Document {
            text,
            nodes: Vec::with_capacity((text.len() / 16).min(4096)),
            root: None,
            comments: Vec::new(),
            derived: Vec::new(),
        },
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
    prefixes: HashMap<&'t str, Cow<'t, str>>,
    /// The length of all tags so far: a short one may stand for a long one.
    tags_len: usize,
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
            self.scanner.skip();
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
                return Err(Fault::new(token.span, "did not find `---` after the directives"));
            }
            self.accept(token);
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
                        return Err(Fault::new(span, "a second `%YAML` directive").related(first, "the first"));
                    }
                    if (major, minor) != (1, 1) {
                        return Err(Fault::new(span, format!("YAML {major}.{minor} is not supported"))
                            .help("write `%YAML 1.1`, or leave it out"));
                    }
                    version = Some(span);
                }
                Some(Directive::Tag { handle, prefix }) => {
                    let known = self.prefixes.insert(handle, prefix);
                    if known.is_some() {
                        return Err(Fault::new(span, format!("a second `%TAG` directive for `{handle}`")));
                    }
                }
                None => {}
            }
            self.scanner.skip();
        }
        self.prefixes.entry("!").or_insert(Cow::Borrowed("!"));
        self.prefixes.entry("!!").or_insert(Cow::Borrowed("tag:yaml.org,2002:"));
        Ok(())
    }

    /// Reads the document's node and all that it holds.
    fn root(&mut self) -> Result<NodeId, Fault> {
        let mut step = Step::Node(Context::Block);
        loop {
            if self.document.nodes.len() > MAX_NODES {
                return Err(Fault::new(Span::at(self.end), format!("the document has more than {MAX_NODES} nodes")));
            }
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

    /// Takes `token`, which is the next one.
    fn accept(&mut self, token: Token) {
        self.scanner.skip();
        // The end of a block has no bytes, and stands where the next token starts.
        if token.kind != TokenKind::BlockEnd {
            self.end = self.end.max(token.span.end);
        }
    }

    /// The content of a scalar that is the next node to be added.
    fn scalar(&mut self, span: Span, scalar: Scalar) -> Data<'t> {
        if !scalar.verbatim {
            self.document.derived.push((NodeId(self.document.nodes.len() as u32), scalar));
        }
        Data::Scalar { value: value::value(self.text, span, scalar), style: scalar.style }
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
        let (mut anchor, mut tag) = (None, None);
        match token.kind {
            TokenKind::Scalar(scalar) => {
                self.accept(token);
                let node = Node { span: token.span, tag: None, anchor: None, data: self.scalar(token.span, scalar) };
                return Ok(Step::Done(self.add(node)));
            }
            TokenKind::Alias => {
                self.accept(token);
                return self.alias(token.span).map(Step::Done);
            }
            _ => {}
        }
        loop {
            match token.kind {
                TokenKind::Anchor if anchor.is_none() => anchor = Some(token.span),
                TokenKind::Tag(index) if tag.is_none() => tag = Some((self.resolve(index, token.span)?, token.span)),
                _ => break,
            }
            self.accept(token);
            token = self.scanner.peek()?;
        }
        let bare = anchor.is_none() && tag.is_none();
        let mut node = Node { span: token.span, tag: tag.map(Box::new), anchor, data: empty_scalar() };
        let block = context != Context::Flow;
        let expects = match token.kind {
            TokenKind::Scalar(scalar) => {
                self.accept(token);
                node.data = self.scalar(token.span, scalar);
                return Ok(Step::Done(self.add_named(node)));
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
            self.accept(token);
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
            return Err(Fault::new(span, format!("no anchor `&{name}` stands before this alias")));
        };
        Ok(self.add(Node { span, tag: None, anchor: None, data: Data::Alias(target) }))
    }

    /// The tag that the handle and suffix of a written one stand for.
    fn resolve(&mut self, index: u32, span: Span) -> Result<Cow<'t, str>, Fault> {
        let Some(Tag { handle, suffix }) = self.scanner.tags.get(index as usize) else { return Ok(Cow::Borrowed("!")) };
        if handle.is_empty() {
            return Ok(suffix.clone());
        }
        let Some(prefix) = self.prefixes.get(handle) else {
            return Err(Fault::new(span, format!("no `%TAG` directive says what `{handle}` stands for")));
        };
        self.tags_len += prefix.len() + suffix.len();
        if self.tags_len > MAX_LEN {
            return Err(Fault::new(span, format!("the tags stand for more than {MAX_LEN} bytes")));
        }
        Ok(Cow::Owned(format!("{prefix}{suffix}")))
    }
}

fn empty_scalar() -> Data<'static> {
    Data::Scalar { value: Cow::Borrowed(""), style: ScalarStyle::Plain }
}

fn ends_document(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Directive(_) | TokenKind::DocumentStart | TokenKind::DocumentEnd | TokenKind::StreamEnd)
}
