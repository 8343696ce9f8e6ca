//! `%YAML` and `%TAG`.

use std::borrow::Cow;

use super::Scanner;
use super::chars::{break_len, byte, is_blank, is_line_end, is_space, line_end, skip_blanks};
use super::token::TokenKind;
use crate::yaml::dialect::is_word;
use crate::yaml::error::Fault;

/// A directive.
#[derive(Clone, Debug)]
pub(in crate::yaml) enum Directive<'t> {
    /// `%YAML major.minor`
    Version(u8, u8),
    /// `%TAG handle prefix`
    Tag { handle: &'t str, prefix: Cow<'t, str> },
}

impl<'t> Scanner<'t> {
    pub(super) fn directive(&mut self) -> Result<(), Fault> {
        self.close_blocks(-1);
        self.drop_key()?;
        self.key_allowed = false;
        let start = self.pos;
        self.pos += 1;
        while is_word(byte(self.bytes, self.pos)) {
            self.pos += 1;
        }
        let directive = match self.text.get(start + 1..self.pos) {
            Some("YAML") if is_space(self.bytes, self.pos) => self.version()?,
            Some("TAG") if is_space(self.bytes, self.pos) => self.tag_prefix()?,
            _ => {
                let end = line_end(self.bytes, start);
                return Err(Fault::new(start..end, "only `%YAML` and `%TAG` are known directives")
                    .help("put quotes around text that starts with `%`"));
            }
        };
        let end = self.pos;
        self.pos = skip_blanks(self.bytes, self.pos);
        if byte(self.bytes, self.pos) == b'#' {
            self.comment();
        }
        if !is_line_end(self.bytes, self.pos) {
            return Err(Fault::new(self.here(), "did not find the end of the line after this directive")
                .related(start..end, "the directive"));
        }
        // The line break goes with the directive: no key may start on the next line.
        self.pos += break_len(self.bytes, self.pos);
        self.line_start = self.pos;
        self.push(TokenKind::Directive(self.directives.len() as u32), start..end);
        self.directives.push(directive);
        Ok(())
    }

    fn version(&mut self) -> Result<Directive<'t>, Fault> {
        self.pos = skip_blanks(self.bytes, self.pos);
        let major = self.number()?;
        if byte(self.bytes, self.pos) != b'.' {
            return Err(Fault::new(self.here(), "did not find the `.` of the version"));
        }
        self.pos += 1;
        Ok(Directive::Version(major, self.number()?))
    }

    /// One or two digits.
    fn number(&mut self) -> Result<u8, Fault> {
        let start = self.pos;
        let mut value = 0;
        while byte(self.bytes, self.pos).is_ascii_digit() {
            if self.pos - start == 2 {
                return Err(Fault::new(start..self.pos + 1, "this version number is too long"));
            }
            value = value * 10 + (byte(self.bytes, self.pos) - b'0');
            self.pos += 1;
        }
        if self.pos == start {
            return Err(Fault::new(self.here(), "did not find a version number").help("write `%YAML 1.1`"));
        }
        Ok(value)
    }

    fn tag_prefix(&mut self) -> Result<Directive<'t>, Fault> {
        self.pos = skip_blanks(self.bytes, self.pos);
        if byte(self.bytes, self.pos) != b'!' {
            return Err(Fault::new(self.here(), "did not find the `!` of a tag handle"));
        }
        let handle = self.handle();
        if handle != "!" && (handle.len() < 2 || !handle.ends_with('!')) {
            return Err(Fault::new(self.here(), "did not find the `!` that ends a tag handle"));
        }
        if !is_blank(byte(self.bytes, self.pos)) {
            return Err(Fault::new(self.here(), "did not find a space after the tag handle"));
        }
        self.pos = skip_blanks(self.bytes, self.pos);
        let prefix = self.uri(true)?;
        if !is_space(self.bytes, self.pos) {
            return Err(Fault::new(self.here(), "this character cannot be in the prefix of a tag"));
        }
        Ok(Directive::Tag { handle, prefix })
    }
}
