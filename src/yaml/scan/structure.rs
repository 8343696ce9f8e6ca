//! What gives a text its structure: keys, indentation, brackets, document markers.

use super::chars::{self, byte};
use super::token::{Settled, Token, TokenKind};
use super::{MAX_DEPTH, Scanner};
use crate::source::Span;
use crate::yaml::error::Fault;

/// A place where a key without `?` may have started.
#[derive(Clone, Copy)]
pub(super) struct SimpleKey {
    /// Its candidate's number since the start of the text.
    token: usize,
    pos: usize,
    /// Nothing but a key can stand here.
    required: bool,
}

/// An open bracket.
pub(super) struct Level {
    /// Where it stands.
    start: usize,
    /// [`Scanner::key`] outside it.
    outer: Option<SimpleKey>,
    /// Whether a key may have started anywhere directly inside it.
    had_key: bool,
}

impl Scanner<'_> {
    /// Whether the next token may still turn out to start a key.
    pub(super) fn is_held(&self) -> bool {
        let reaches = |start| self.dialect.keeps_passed_keys() || self.key_reaches(start as usize);
        self.queue
            .front()
            .is_some_and(|token| token.kind == TokenKind::Candidate(Settled::Open) && reaches(token.span.start))
    }

    /// Whether a `:` here can end a key that starts at `start`: on its line, and not too far.
    fn key_reaches(&self, start: usize) -> bool {
        let limit = self.dialect.key_limit();
        let len = self.pos.saturating_sub(start);
        let characters = |key: &str| key.chars().count();
        start >= self.line_start
            && (len <= limit
                || len / 4 <= limit && self.text.get(start..self.pos).is_some_and(|key| characters(key) <= limit))
    }

    /// The end of the text.
    pub(super) fn stream_end(&mut self) -> Result<(), Fault> {
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

    /// `---` or `...`
    pub(super) fn document_marker(&mut self) -> Result<(), Fault> {
        self.close_blocks(-1);
        self.drop_key()?;
        self.key_allowed = false;
        let start = byte(self.bytes, self.pos) == b'-';
        self.push(if start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd }, self.pos..self.pos + 3);
        self.pos += 3;
        Ok(())
    }

    /// `[` or `{`
    pub(super) fn open_flow(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.save_key()?;
        self.levels.push(Level { start: self.pos, outer: self.key.take(), had_key: false });
        if self.levels.len() > MAX_DEPTH {
            return Err(Fault::new(self.here(), format!("brackets are nested deeper than {MAX_DEPTH} levels")));
        }
        self.key_allowed = true;
        self.indicator(kind);
        Ok(())
    }

    /// `]` or `}`
    pub(super) fn close_flow(&mut self, kind: TokenKind) -> Result<(), Fault> {
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
    pub(super) fn block_entry(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(
                    Fault::new(self.here(), "a list item cannot start here").help("start it on a line of its own")
                );
            }
            self.open_block(self.column(), TokenKind::BlockSequenceStart)?;
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    /// `? `
    pub(super) fn explicit_key(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(
                    Fault::new(self.here(), "a `? ` key cannot start here").help("start it on a line of its own")
                );
            }
            self.open_block(self.column(), TokenKind::BlockMappingStart)?;
        }
        self.drop_key()?;
        self.key_allowed = !self.in_flow();
        self.indicator(TokenKind::Key);
        Ok(())
    }

    /// `:`, and with it the answer whether a key came before it.
    pub(super) fn value(&mut self) -> Result<(), Fault> {
        if let Some(key) = self.key
            && self.key_reaches(key.pos)
        {
            self.key = None;
            let column = self.column_of(key.pos);
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
                    return Err(Fault::new(self.here(), "a `: ` cannot stand here: no key can end before it")
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
    pub(super) fn save_key(&mut self) -> Result<(), Fault> {
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
    pub(super) fn drop_key(&mut self) -> Result<(), Fault> {
        let Some(key) = self.key.take() else { return Ok(()) };
        if key.required {
            let end = chars::line_end(self.bytes, key.pos);
            let line = self.text.get(key.pos..end).map_or(0, |line| line.trim_end().len());
            return Err(Fault::new(key.pos..key.pos + line, "could not find the `:` of this key"));
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
            return Err(Fault::new(self.here(), format!("blocks are nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    /// Ends the block collections that stand to the right of `column`.
    pub(super) fn close_blocks(&mut self, column: i32) {
        while !self.in_flow() && self.indent > column {
            self.push(TokenKind::BlockEnd, self.pos..self.pos);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
