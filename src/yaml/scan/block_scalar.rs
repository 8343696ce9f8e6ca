//! Block scalars, `|` and `>`: where they end. Their values are derived in [`super::super::value`].

use super::Scanner;
use super::chars::{END, break_len, byte, is_line_end, line_end, skip_blanks};
use super::token::{Scalar, TokenKind};
use crate::yaml::error::Fault;
use crate::yaml::node::ScalarStyle;

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    /// `-`: none is kept.
    Strip,
    /// One is kept.
    Clip,
    /// `+`: all are kept.
    Keep,
}

impl Scanner<'_> {
    pub(super) fn block_scalar(&mut self) -> Result<(), Fault> {
        self.drop_key()?;
        self.key_allowed = true;
        let start = self.pos;
        let style = if byte(self.bytes, start) == b'|' { ScalarStyle::Literal } else { ScalarStyle::Folded };
        let (chomp, increment) = self.block_header(start)?;
        let mut end = self.pos;

        self.pos = skip_blanks(self.bytes, self.pos);
        if byte(self.bytes, self.pos) == b'#' {
            self.comment();
        }
        if !is_line_end(self.bytes, self.pos) {
            return Err(Fault::new(self.here(), "only a comment can follow the header of a block scalar")
                .related(start..end, "the header")
                .help("start the text on the next line"));
        }
        self.pos += break_len(self.bytes, self.pos);
        self.line_start = self.pos;

        let text = self.pos;
        let explicit = increment.map(|increment| self.indent.max(0) + increment);
        let (indent, breaks) = self.block_breaks(explicit, start)?;
        if chomp == Chomp::Keep && breaks > text {
            end = breaks;
        }
        while self.column() == indent && byte(self.bytes, self.pos) != END {
            let line = line_end(self.bytes, self.pos);
            self.pos = line + break_len(self.bytes, line);
            self.line_start = self.pos;
            let next = self.pos;
            let (_, breaks) = self.block_breaks(Some(indent), start)?;
            end = match chomp {
                Chomp::Strip => line,
                Chomp::Clip => next,
                Chomp::Keep => breaks,
            };
        }
        self.fresh_line = true;
        self.push(TokenKind::Scalar(Scalar { style, verbatim: false, indent: indent.unsigned_abs() }), start..end);
        Ok(())
    }

    /// The indicator, and after it a chomping and an indentation indicator in any order.
    fn block_header(&mut self, start: usize) -> Result<(Chomp, Option<i32>), Fault> {
        self.pos += 1;
        let (mut chomp, mut increment) = (None, None);
        while chomp.is_none() || increment.is_none() {
            match byte(self.bytes, self.pos) {
                b'+' if chomp.is_none() => chomp = Some(Chomp::Keep),
                b'-' if chomp.is_none() => chomp = Some(Chomp::Strip),
                b'0' if increment.is_none() => {
                    return Err(Fault::new(self.here(), "a block scalar cannot be indented by 0")
                        .related(start..start + 1, "of this block scalar"));
                }
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(i32::from(digit - b'0')),
                _ => break,
            }
            self.pos += 1;
        }
        Ok((chomp.unwrap_or(Chomp::Clip), increment))
    }

    /// Goes over empty lines and the indentation of the line after them. `indent` is the column of the text; these lines decide it
    /// where it is not given. Gives it, and the end of the last empty line.
    fn block_breaks(&mut self, indent: Option<i32>, start: usize) -> Result<(i32, usize), Fault> {
        let mut breaks = self.pos;
        let mut deepest = 0;
        loop {
            while indent.is_none_or(|indent| self.column() < indent) && byte(self.bytes, self.pos) == b' ' {
                self.pos += 1;
            }
            deepest = deepest.max(self.column());
            if indent.is_none_or(|indent| self.column() < indent) && byte(self.bytes, self.pos) == b'\t' {
                return Err(Fault::new(self.here(), "found a tab where only spaces may indent")
                    .related(start..start + 1, "in this block scalar")
                    .help("indent with spaces"));
            }
            let len = break_len(self.bytes, self.pos);
            if len == 0 {
                break;
            }
            self.pos += len;
            self.line_start = self.pos;
            breaks = self.pos;
        }
        let least = if self.indent < 0 { self.dialect.root_block_indent() } else { self.indent + 1 };
        Ok((indent.unwrap_or(deepest.max(least)), breaks))
    }
}
