//! Plain and quoted scalars: where they end. Their values are derived in [`super::super::value`].

use super::Scanner;
use super::chars::{END, break_len, byte, is_document_marker, is_space};
use super::token::{Scalar, TokenKind};
use crate::yaml::error::Fault;
use crate::yaml::node::ScalarStyle;

/// The bytes that may end a run of a plain scalar's characters, in block and in flow context.
static STOPS: [[bool; 256]; 2] = [stops(b"\t\n\r :\0\xC2\xE2"), stops(b"\t\n\r :\0\xC2\xE2,?[]{}")];

const fn stops(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

impl Scanner<'_> {
    pub(super) fn plain(&mut self) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let (start, mut end) = (self.pos, self.pos);
        let mut verbatim = true;
        let mut fresh_line = false;
        loop {
            if self.pos == self.line_start && is_document_marker(self.bytes, self.pos)
                || byte(self.bytes, self.pos) == b'#'
            {
                break;
            }
            let run = self.plain_run();
            if run > self.pos {
                verbatim &= !fresh_line;
                fresh_line = false;
                (self.pos, end) = (run, run);
            }
            if !is_space(self.bytes, self.pos) || byte(self.bytes, self.pos) == END {
                break;
            }
            loop {
                let next = byte(self.bytes, self.pos);
                if next == b' ' {
                    self.pos += 1;
                } else if next == b'\t' {
                    if fresh_line && self.column() <= self.indent {
                        return Err(Fault::new(self.here(), "found a tab where only spaces may indent")
                            .related(start..end, "the text that would go on here")
                            .help("indent with spaces"));
                    }
                    self.pos += 1;
                } else {
                    let len = break_len(self.bytes, self.pos);
                    if len == 0 {
                        break;
                    }
                    self.pos += len;
                    self.line_start = self.pos;
                    fresh_line = true;
                }
            }
            if !self.in_flow() && self.column() <= self.indent {
                break;
            }
        }
        if fresh_line {
            self.key_allowed = true;
        }
        self.fresh_line = fresh_line;
        self.push(TokenKind::Scalar(Scalar { style: ScalarStyle::Plain, verbatim, indent: 0 }), start..end);
        Ok(())
    }

    /// The end of the characters from here that are neither space nor an indicator.
    fn plain_run(&self) -> usize {
        let flow = self.in_flow();
        let stops = &STOPS[usize::from(flow)];
        let mut at = self.pos;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at += rest.iter().position(|&byte| stops[usize::from(byte)]).unwrap_or(rest.len());
            let stop = byte(self.bytes, at);
            if is_space(self.bytes, at) || stop == b':' && is_space(self.bytes, at + 1) {
                return at;
            }
            if flow && self.dialect.ends_flow_plain(stop, byte(self.bytes, at + 1), is_space(self.bytes, at + 1)) {
                return at;
            }
            at += 1;
        }
    }

    pub(super) fn quoted(&mut self, double: bool) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.pos;
        let quote = byte(self.bytes, start);
        let mut verbatim = true;
        self.pos += 1;
        loop {
            let rest = self.bytes.get(self.pos..).unwrap_or_default();
            let stops =
                |&byte: &u8| byte == quote || double && byte == b'\\' || matches!(byte, b'\n' | b'\r' | 0xC2 | 0xE2);
            self.pos += rest.iter().position(stops).unwrap_or(rest.len());
            let stop = byte(self.bytes, self.pos);
            let len = break_len(self.bytes, self.pos);
            if len > 0 {
                verbatim = false;
                self.line_break(len, start)?;
            } else if stop == END {
                return Err(Fault::new(start..start + 1, "this quote is never closed")
                    .help("close it, or double it if it is text"));
            } else if stop == b'\\' && double {
                verbatim = false;
                let len = break_len(self.bytes, self.pos + 1);
                if len > 0 {
                    self.line_break(1 + len, start)?;
                } else {
                    self.pos += self.escape(start)?;
                }
            } else if stop == quote && !double && byte(self.bytes, self.pos + 1) == quote {
                verbatim = false;
                self.pos += 2;
            } else {
                self.pos += 1;
                if stop == quote {
                    break;
                }
            }
        }
        let style = if double { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        self.push(TokenKind::Scalar(Scalar { style, verbatim, indent: 0 }), start..self.pos);
        Ok(())
    }

    /// Goes over `len` bytes that end a line inside quotes.
    fn line_break(&mut self, len: usize, start: usize) -> Result<(), Fault> {
        self.pos += len;
        self.line_start = self.pos;
        if is_document_marker(self.bytes, self.pos) {
            return Err(Fault::new(self.pos..self.pos + 3, "found a document marker inside quotes")
                .related(start..start + 1, "opened here"));
        }
        Ok(())
    }

    /// The length of the escape here, once it is known to be one.
    fn escape(&self, start: usize) -> Result<usize, Fault> {
        match escape(self.bytes, self.pos) {
            Ok((_, len)) => Ok(len),
            Err((len, message)) => {
                let mut end = (self.pos + len).min(self.bytes.len());
                while !self.text.is_char_boundary(end) {
                    end += 1;
                }
                Err(Fault::new(self.pos..end, message)
                    .related(start..start + 1, "opened here")
                    .help("write `\\\\` for a backslash, or use single quotes"))
            }
        }
    }
}

/// The character that the escape at `at` stands for, and its length in bytes; or the length of what is wrong, and what it is.
pub(in crate::yaml) fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), (usize, &'static str)> {
    let digits = match byte(bytes, at + 1) {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        name => {
            return simple_escape(name).map(|character| (character, 2)).ok_or((2, "this is no escape that YAML knows"));
        }
    };
    let mut code: u32 = 0;
    for index in 0..digits {
        let Some(digit) = char::from(byte(bytes, at + 2 + index)).to_digit(16) else {
            return Err((2 + index, "did not find enough hexadecimal digits"));
        };
        code = code << 4 | digit;
    }
    let character = char::from_u32(code).ok_or((2 + digits, "this is no Unicode character"))?;
    Ok((character, 2 + digits))
}

/// The character that `\name` stands for.
fn simple_escape(name: u8) -> Option<char> {
    Some(match name {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0B',
        b'f' => '\x0C',
        b'r' => '\r',
        b'e' => '\x1B',
        b' ' | b'"' | b'\'' | b'\\' => char::from(name),
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
