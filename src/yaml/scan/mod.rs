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
//! | [`token`] | the tokens |

pub(super) mod block_scalar;
pub(super) mod chars;
mod directive;
pub(super) mod flow_scalar;
mod property;
mod queue;
mod space;
pub(super) mod token;

pub(super) use directive::Directive;
pub(super) use property::Tag;

use super::dialect::Dialect;
use super::error::{Fault, ParseError};
use super::reader::Readable;
use crate::source::Span;
use chars::{END, byte, is_document_marker, is_space};
use queue::Queue;
use token::{Settled, Token, TokenKind};

/// The deepest nesting, of brackets and of indentation each, as in the server's libraries.
pub(super) const MAX_DEPTH: usize = 10_000;

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

/// A place where a key without `?` may have started.
#[derive(Clone, Copy)]
struct SimpleKey {
    /// Its candidate's number since the start of the text.
    token: usize,
    pos: usize,
    /// Nothing but a key can stand here.
    required: bool,
}

/// An open bracket.
struct Level {
    /// Where it stands.
    start: usize,
    /// [`Scanner::key`] outside it.
    outer: Option<SimpleKey>,
    /// Whether a key may have started anywhere directly inside it.
    had_key: bool,
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
                    Settled::Open | Settled::Forgotten if !self.is_held() && self.queue.len() > LOOKAHEAD => self.queue.pop(),
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
            if !self.is_held() && self.queue.len() > LOOKAHEAD {
                break;
            }
            self.fetch()?;
        }
        Ok(self.queue.front().map_or(self.pos as u32, |token| token.span.start))
    }

    /// Whether the next token may still turn out to start a key.
    fn is_held(&self) -> bool {
        let reaches = |start| self.dialect.keeps_passed_keys() || self.key_reaches(start as usize);
        self.queue.front().is_some_and(|token| token.kind == TokenKind::Candidate(Settled::Open) && reaches(token.span.start))
    }

    /// Whether a `:` here can end a key that starts at `start`: on its line, and not too far.
    fn key_reaches(&self, start: usize) -> bool {
        let limit = self.dialect.key_limit();
        let len = self.pos.saturating_sub(start);
        let characters = |key: &str| key.chars().count();
        start >= self.line_start
            && (len <= limit || len / 4 <= limit && self.text.get(start..self.pos).is_some_and(|key| characters(key) <= limit))
    }

    fn column(&self) -> i32 {
        (self.pos - self.line_start) as i32
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
        self.skip_space();
        self.close_blocks(self.column());
        if let Some(span) = self.refused
            && self.pos + 4 > self.bytes.len()
        {
            return Err(ParseError::new(span, "control characters are not allowed"));
        }
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
                return Err(ParseError::new(self.here(), "found a tab where only spaces may indent").help("indent with spaces"));
            }
            b'@' | b'`' | b'%' => {
                return Err(ParseError::new(self.here(), format!("a plain scalar cannot start with `{}`", char::from(first)))
                    .help("put quotes around it"));
            }
            _ => return Err(ParseError::new(self.here(), "found a character that cannot start any token")),
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

    fn stream_end(&mut self) -> Result<(), Fault> {
        self.close_blocks(-1);
        self.drop_key()?;
        for level in std::mem::take(&mut self.levels) {
            if let Some(key) = level.outer {
                self.queue.change(key.token, TokenKind::Candidate(Settled::Nothing));
            }
        }
        self.key_allowed = false;
        self.push(TokenKind::StreamEnd, self.pos..self.pos);
        Ok(())
    }

    fn document_marker(&mut self) -> Result<(), Fault> {
        self.close_blocks(-1);
        self.drop_key()?;
        self.key_allowed = false;
        let start = byte(self.bytes, self.pos) == b'-';
        self.push(if start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd }, self.pos..self.pos + 3);
        self.pos += 3;
        Ok(())
    }

    fn open_flow(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.save_key()?;
        self.levels.push(Level { start: self.pos, outer: self.key.take(), had_key: false });
        if self.levels.len() > MAX_DEPTH {
            return Err(ParseError::new(self.here(), format!("brackets are nested deeper than {MAX_DEPTH} levels")));
        }
        self.key_allowed = true;
        self.indicator(kind);
        Ok(())
    }

    fn close_flow(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.drop_key()?;
        if let Some(level) = self.levels.pop() {
            self.key = level.outer;
            if let Some(key) = level.outer
                && key.pos == level.start
                && !level.had_key
                && self.dialect.forgets_brackets()
            {
                self.queue.change(key.token, TokenKind::Candidate(Settled::Forgotten));
            }
        }
        self.key_allowed = false;
        self.indicator(kind);
        Ok(())
    }

    /// `- `. No comment is looked for behind it: a tab there would be indentation.
    fn block_entry(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(ParseError::new(self.here(), "a list item cannot start here")
                    .help("start it on a line of its own"));
            }
            self.open_block(self.column(), TokenKind::BlockSequenceStart)?;
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn explicit_key(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(ParseError::new(self.here(), "a `? ` key cannot start here").help("start it on a line of its own"));
            }
            self.open_block(self.column(), TokenKind::BlockMappingStart)?;
        }
        self.drop_key()?;
        self.key_allowed = !self.in_flow();
        self.indicator(TokenKind::Key);
        Ok(())
    }

    /// `:`, and with it the answer whether a key came before it.
    fn value(&mut self) -> Result<(), Fault> {
        if let Some(key) = self.key
            && self.key_reaches(key.pos)
        {
            self.key = None;
            let column = (key.pos - self.line_start) as i32;
            let first = !self.in_flow() && self.indent < column;
            if first {
                self.push_indent(column)?;
            }
            let kind = if first { TokenKind::Candidate(Settled::FirstKey) } else { TokenKind::Key };
            if !self.queue.change(key.token, kind) {
                // It was forgotten and what it stood before is gone: the library marks the key here, where none can be.
                self.push(TokenKind::Key, self.pos..self.pos);
                if first {
                    self.push(TokenKind::BlockMappingStart, self.pos..self.pos);
                }
            }
            self.key_allowed = false;
        } else {
            if !self.dialect.keeps_passed_keys() {
                self.drop_key()?;
            }
            if !self.in_flow() {
                if !self.key_allowed {
                    return Err(ParseError::new(self.here(), "a `: ` cannot stand here: no key can end before it")
                        .help("put quotes around text that holds `: `"));
                }
                self.open_block(self.column(), TokenKind::BlockMappingStart)?;
            }
            self.key_allowed = !self.in_flow();
        }
        self.indicator(TokenKind::Value);
        Ok(())
    }

    /// Notes that a key may start here, if one may.
    fn save_key(&mut self) -> Result<(), Fault> {
        if self.key_allowed {
            self.drop_key()?;
            if let Some(level) = self.levels.last_mut() {
                level.had_key = true;
            }
            let required = !self.in_flow() && self.indent == self.column();
            self.key = Some(SimpleKey { token: self.queue.next_number(), pos: self.pos, required });
            self.queue.push(Token { kind: TokenKind::Candidate(Settled::Open), span: Span::at(self.pos as u32) });
        }
        Ok(())
    }

    /// Gives up the key that may have started on this level.
    fn drop_key(&mut self) -> Result<(), Fault> {
        let Some(key) = self.key.take() else { return Ok(()) };
        if key.required {
            let end = chars::line_end(self.bytes, key.pos);
            let line = self.text.get(key.pos..end).map_or(0, |line| line.trim_end().len());
            return Err(ParseError::new(key.pos..key.pos + line, "could not find the `:` of this key"));
        }
        self.queue.change(key.token, TokenKind::Candidate(Settled::Nothing));
        Ok(())
    }

    /// Starts a block collection at `column`, unless one stands there.
    fn open_block(&mut self, column: i32, kind: TokenKind) -> Result<(), Fault> {
        if self.indent < column {
            self.push_indent(column)?;
            self.push(kind, self.pos..self.pos);
        }
        Ok(())
    }

    fn push_indent(&mut self, column: i32) -> Result<(), Fault> {
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(ParseError::new(self.here(), format!("blocks are nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    /// Ends the block collections that stand to the right of `column`.
    fn close_blocks(&mut self, column: i32) {
        while !self.in_flow() && self.indent > column {
            self.push(TokenKind::BlockEnd, self.pos..self.pos);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
