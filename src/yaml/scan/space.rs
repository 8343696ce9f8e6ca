//! What stands between tokens: space, line breaks and comments.

use super::Scanner;
use super::chars::{break_len, byte, is_blank, line_end};
use super::token::TokenKind;
use crate::source::Span;

/// How far, in bytes, the library looks ahead for a comment.
const LOOKAHEAD: usize = 512;

impl Scanner<'_> {
    /// Goes to the next character that belongs to a token, or the end.
    pub(super) fn skip_space(&mut self) {
        loop {
            // A tab may separate tokens but not indent: not where a block structure may start.
            let tabs = self.in_flow() || !self.key_allowed;
            while matches!(byte(self.bytes, self.pos), b' ') || tabs && byte(self.bytes, self.pos) == b'\t' {
                self.pos += 1;
            }
            if byte(self.bytes, self.pos) == b'#' {
                self.comments();
            }
            let len = break_len(self.bytes, self.pos);
            if len == 0 {
                return;
            }
            self.pos += len;
            self.line_start = self.pos;
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    /// Reads the comment here and those on the lines below it. The library looks for these itself and minds no tab before them.
    fn comments(&mut self) {
        loop {
            self.comment();
            let (mut at, mut line_start) = (self.pos, self.line_start);
            // Only `\r` and `\n` count as line breaks here: the library looks at bytes, not at characters.
            while at - self.pos < LOOKAHEAD {
                match byte(self.bytes, at) {
                    b'\r' | b'\n' => line_start = at + 1,
                    b' ' | b'\t' => {}
                    _ => break,
                }
                at += 1;
            }
            if at - self.pos >= LOOKAHEAD || byte(self.bytes, at) != b'#' {
                return;
            }
            (self.pos, self.line_start) = (at, line_start);
        }
    }

    /// Reads a comment on the line of the token before it. Here a tab may stand before it even where a block structure may start,
    /// but for `- `.
    pub(super) fn trailing_comment(&mut self) {
        let next = byte(self.bytes, self.pos);
        if !is_blank(next) && next != b'#' || self.fresh_line || self.last == TokenKind::BlockEntry {
            return;
        }
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        let blanks = rest.iter().take(LOOKAHEAD).take_while(|&&byte| is_blank(byte)).count();
        if blanks < LOOKAHEAD && rest.get(blanks) == Some(&b'#') {
            self.pos += blanks;
            self.comment();
        }
    }

    /// Reads the comment here.
    pub(super) fn comment(&mut self) {
        let end = line_end(self.bytes, self.pos);
        self.comments.push(Span::from(self.pos..end));
        self.pos = end;
    }
}
