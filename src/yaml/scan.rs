//! The scanner: text to tokens, one at a time, as the tree builder asks for them.
//!
//! It keeps what YAML decides before any grammar: the stack of indentations, whether we are inside brackets, and where a key may
//! have started that only its `:` will reveal. Such a place gets a [`TokenKind::Candidate`] in the queue, which is settled in place
//! when the answer is known; tokens behind an open one are held back. So nothing is ever inserted into the queue, and every byte is
//! looked at a bounded number of times.
//!
//! | file | reads |
//! | --- | --- |
//! | [`chars`] | blanks, line breaks, the end |
//! | [`space`] | what stands between tokens: space, line breaks, comments |
//! | [`flow_scalar`] | plain and quoted scalars |
//! | [`block_scalar`] | `\|` and `>` |
//! | [`property`] | anchors, aliases, tags |
//! | [`directive`] | `%YAML`, `%TAG` |
//! | [`structure`] | `:`, `- `, `? `, brackets, `---`: keys, indentation and nesting |
//!
//! [`token`] has the tokens, [`queue`] the queue.

pub(super) mod block_scalar;
pub(super) mod chars;
mod directive;
pub(super) mod flow_scalar;
mod property;
mod queue;
mod space;
mod structure;
pub(super) mod token;

pub(super) use directive::Directive;
pub(super) use property::Tag;

use super::dialect::Dialect;
use super::error::Fault;
use super::reader::Readable;
use crate::source::Span;
use chars::{END, byte, is_document_marker, is_space};
use queue::Queue;
use structure::{Level, SimpleKey};
use token::{Settled, Token, TokenKind};

/// The deepest nesting, of brackets and of indentation each, as in the server's libraries.
pub(super) const MAX_DEPTH: usize = 10_000;

/// The most tokens that wait for an answer whether they are a key. The libraries have no such bound.
const MAX_WAITING: usize = 4 << 20;

/// `--- `: what the library looks for wherever a token may start.
const LONGEST_INDICATOR: usize = 4;

/// How many tokens the library knows beyond the next one, for the sake of comments. It shows where a document ends: what cannot be
/// read behind it is an error within this distance.
const LOOKAHEAD: usize = 2;

pub(super) struct Scanner<'t> {
    text: &'t str,
    /// The text as far as it may be read.
    bytes: &'t [u8],
    /// Where a character is that the library refuses when it reads that far; `bytes` ends before it.
    refused: Option<Span>,
    dialect: Dialect,
    /// The next byte.
    pos: usize,
    /// The first byte of the line that holds `pos`.
    line_start: usize,
    /// The column of the innermost block collection, -1 outside any.
    indent: i32,
    indents: Vec<i32>,
    /// Whether a key (or another block structure) may start here.
    key_allowed: bool,
    /// The open brackets.
    levels: Vec<Level>,
    /// A place inside the innermost brackets where a key may have started.
    key: Option<SimpleKey>,
    queue: Queue,
    /// The last token, candidates not counted.
    last: TokenKind,
    /// Whether the last token ate the line break after it.
    fresh_line: bool,
    pub(super) comments: Vec<Span>,
    pub(super) tags: Vec<Tag<'t>>,
    pub(super) directives: Vec<Directive<'t>>,
}

impl<'t> Scanner<'t> {
    /// A scanner of `text`, as far as it is readable.
    pub(super) fn new(text: &'t str, dialect: Dialect, readable: Readable) -> Self {
        let Readable { end: readable, refused } = readable;
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8().min(readable) } else { 0 };
        Self {
            text,
            bytes: text.as_bytes().get(..readable).unwrap_or_default(),
            refused,
            dialect,
            pos: start,
            line_start: start,
            indent: -1,
            indents: Vec::new(),
            key_allowed: true,
            levels: Vec::new(),
            key: None,
            queue: Queue::default(),
            last: TokenKind::DocumentStart,
            fresh_line: false,
            comments: Vec::new(),
            tags: Vec::new(),
            directives: Vec::new(),
        }
    }

    /// The next token, without taking it.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<Token, Fault> {
        match self.queue.front() {
            Some(&token) if !matches!(token.kind, TokenKind::Candidate(_)) => Ok(token),
            _ => self.settled(),
        }
    }

    /// [`Self::peek`], where a token must be read or a candidate settled first.
    fn settled(&mut self) -> Result<Token, Fault> {
        loop {
            match self.queue.front() {
                None => self.fetch()?,
                Some(&Token { kind: TokenKind::Candidate(settled), span }) => match settled {
                    Settled::Nothing => self.queue.pop(),
                    Settled::FirstKey => return Ok(Token { kind: TokenKind::BlockMappingStart, span }),
                    Settled::Open | Settled::Forgotten if !self.is_held() && self.queue.has_more_than(LOOKAHEAD) => {
                        self.queue.pop();
                    }
                    Settled::Open | Settled::Forgotten => self.fetch()?,
                },
                Some(&token) => return Ok(token),
            }
        }
    }

    /// Takes the token that [`Self::peek`] gave.
    #[inline]
    pub(super) fn skip(&mut self) {
        match self.queue.front_mut() {
            Some(token) if token.kind == TokenKind::Candidate(Settled::FirstKey) => token.kind = TokenKind::Key,
            _ => self.queue.pop(),
        }
    }

    /// Ends the document: gives the start of the token after it. What the library cannot read of that token and the two behind it
    /// is an error although the document is complete.
    pub(super) fn end_document(&mut self) -> Result<u32, Fault> {
        while self.last != TokenKind::StreamEnd {
            while matches!(self.queue.front(), Some(token) if token.kind == TokenKind::Candidate(Settled::Nothing)) {
                self.queue.pop();
            }
            if !self.is_held() && self.queue.has_more_than(LOOKAHEAD) {
                break;
            }
            self.fetch()?;
        }
        Ok(self.queue.front().map_or(self.pos as u32, |token| token.span.start))
    }

    fn column(&self) -> i32 {
        self.column_of(self.pos)
    }

    /// The column, from 0, of `at` on this line.
    #[expect(clippy::cast_possible_wrap, reason = "texts are not that long: `MAX_LEN`")]
    fn column_of(&self, at: usize) -> i32 {
        (at - self.line_start) as i32
    }

    fn in_flow(&self) -> bool {
        !self.levels.is_empty()
    }

    fn here(&self) -> Span {
        let end = (self.pos + chars::char_len(self.bytes, self.pos)).min(self.text.len());
        Span::from(self.pos.min(end)..end)
    }

    fn push(&mut self, kind: TokenKind, span: impl Into<Span>) {
        self.last = kind;
        self.queue.push(Token { kind, span: span.into() });
    }

    /// Reads the next token into the queue, with the block starts and ends that its column implies.
    fn fetch(&mut self) -> Result<(), Fault> {
        let Some(refused) = self.refused else { return self.read_token() };
        self.skip_space();
        let start = self.pos;
        let read = self.read_token();
        if start + LONGEST_INDICATOR > self.bytes.len() || self.pos >= self.bytes.len() {
            return Err(Fault::new(refused, "control characters are not allowed")
                .help("remove it, or write it as an escape in double quotes"));
        }
        read
    }

    fn read_token(&mut self) -> Result<(), Fault> {
        self.skip_space();
        if self.queue.size() > MAX_WAITING {
            return Err(Fault::new(self.here(), format!("a key goes on for more than {MAX_WAITING} tokens")));
        }
        self.close_blocks(self.column());
        let first = byte(self.bytes, self.pos);
        if self.pos == self.line_start {
            if first == b'%' {
                return self.directive();
            }
            if is_document_marker(self.bytes, self.pos) {
                return self.document_marker();
            }
        }
        self.fresh_line = false;
        match first {
            END => return self.stream_end(),
            b'[' => self.open_flow(TokenKind::FlowSequenceStart)?,
            b'{' => self.open_flow(TokenKind::FlowMappingStart)?,
            b']' => self.close_flow(TokenKind::FlowSequenceEnd)?,
            b'}' => self.close_flow(TokenKind::FlowMappingEnd)?,
            b',' => {
                self.drop_key()?;
                self.key_allowed = true;
                self.indicator(TokenKind::FlowEntry);
            }
            b'-' if is_space(self.bytes, self.pos + 1) => return self.block_entry(),
            b'?' if self.marks_key() => self.explicit_key()?,
            b':' if self.marks_value() => self.value()?,
            b'*' => self.alias()?,
            b'&' => self.anchor()?,
            b'!' => self.tag()?,
            b'|' | b'>' if !self.in_flow() => self.block_scalar()?,
            b'\'' => self.quoted(false)?,
            b'"' => self.quoted(true)?,
            _ if self.starts_plain(first) => self.plain()?,
            b'\t' => {
                return Err(
                    Fault::new(self.here(), "found a tab where only spaces may indent").help("indent with spaces")
                );
            }
            b'@' | b'`' | b'%' => {
                return Err(Fault::new(
                    self.here(),
                    format!("a plain scalar cannot start with `{}`", char::from(first)),
                )
                .help("put quotes around it"));
            }
            _ => return Err(Fault::new(self.here(), "found a character that cannot start any token")),
        }
        self.trailing_comment();
        Ok(())
    }

    fn marks_key(&self) -> bool {
        let space = is_space(self.bytes, self.pos + 1);
        if self.in_flow() { self.dialect.marks_flow_key(space) } else { space }
    }

    fn marks_value(&self) -> bool {
        let separator = matches!(self.last, TokenKind::FlowEntry | TokenKind::FlowSequenceStart);
        is_space(self.bytes, self.pos + 1) || self.in_flow() && self.dialect.marks_flow_value(separator)
    }

    /// Whether a plain scalar may start with `first`, which is no indicator that [`Self::fetch`] knows.
    fn starts_plain(&self, first: u8) -> bool {
        match first {
            b'|' | b'>' | b'#' | b'%' | b'@' | b'`' | b'\t' => false,
            b'?' | b':' => !is_space(self.bytes, self.pos + 1),
            _ => true,
        }
    }

    /// One byte that is a token.
    fn indicator(&mut self, kind: TokenKind) {
        self.push(kind, self.pos..self.pos + 1);
        self.pos += 1;
    }
}
