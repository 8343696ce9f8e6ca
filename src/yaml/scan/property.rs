//! Anchors, aliases and tags.

use std::borrow::Cow;

use super::Scanner;
use super::chars::{byte, is_space};
use super::token::TokenKind;
use crate::source::Span;
use crate::yaml::dialect::is_word;
use crate::yaml::error::Fault;

/// A tag as it was written.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct Tag<'t> {
    /// `!`, `!!` or `!name!`; empty when the suffix is the whole tag.
    pub(in crate::yaml) handle: &'t str,
    /// The rest, unescaped.
    pub(in crate::yaml) suffix: Cow<'t, str>,
}

impl<'t> Scanner<'t> {
    pub(super) fn alias(&mut self) -> Result<(), Fault> {
        self.name(TokenKind::Alias, "did not find the name of an alias", "put quotes around text that starts with `*`")
    }

    pub(super) fn anchor(&mut self) -> Result<(), Fault> {
        self.name(
            TokenKind::Anchor,
            "did not find the name of an anchor",
            "put quotes around text that starts with `&`",
        )
    }

    /// `&name` or `*name`.
    fn name(&mut self, kind: TokenKind, missing: &str, help: &'static str) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.pos;
        let mut end = start + 1;
        while self.dialect.is_anchor(byte(self.bytes, end)) {
            end += 1;
        }
        self.pos = end;
        if end == start + 1 {
            return Err(Fault::new(self.here(), missing).help(help));
        }
        if !is_space(self.bytes, end) && !b"?:,]}%@`".contains(&byte(self.bytes, end)) {
            return Err(Fault::new(self.here(), "this character cannot be in a name")
                .related(start..end, "the name starts here"));
        }
        self.push(kind, start..end);
        Ok(())
    }

    pub(super) fn tag(&mut self) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.pos;
        let tag = if byte(self.bytes, start + 1) == b'<' {
            self.pos += 2;
            let suffix = self.uri(true)?;
            if byte(self.bytes, self.pos) != b'>' {
                return Err(Fault::new(self.here(), "did not find the `>` of this tag")
                    .related(start..start + 2, "opened here"));
            }
            self.pos += 1;
            Tag { handle: "", suffix }
        } else {
            self.short_tag()?
        };
        if !is_space(self.bytes, self.pos) {
            return Err(Fault::new(self.here(), "this character cannot be in a tag")
                .related(start..self.pos, "the tag starts here"));
        }
        self.push(TokenKind::Tag(self.tags.len() as u32), start..self.pos);
        self.tags.push(tag);
        Ok(())
    }

    /// `!`, `!suffix`, `!!suffix` or `!name!suffix`.
    fn short_tag(&mut self) -> Result<Tag<'t>, Fault> {
        let start = self.pos;
        let handle = self.handle();
        if handle.len() > 1 && handle.ends_with('!') {
            return Ok(Tag { handle, suffix: self.uri(false)? });
        }
        self.pos = start + 1;
        let ends = is_space(self.bytes, self.pos) || !self.dialect.is_tag(byte(self.bytes, self.pos), false);
        let suffix = if ends { Cow::Borrowed("") } else { self.uri(false)? };
        // `!` alone is a tag of its own.
        Ok(if suffix.is_empty() { Tag { handle: "", suffix: Cow::Borrowed("!") } } else { Tag { handle: "!", suffix } })
    }

    /// `!`, letters, and another `!` if it is there.
    pub(super) fn handle(&mut self) -> &'t str {
        let start = self.pos;
        self.pos += 1;
        while is_word(byte(self.bytes, self.pos)) {
            self.pos += 1;
        }
        self.pos += usize::from(byte(self.bytes, self.pos) == b'!');
        self.text.get(start..self.pos).unwrap_or_default()
    }

    /// The characters of a tag, `%xx` decoded. At least one.
    pub(super) fn uri(&mut self, verbatim: bool) -> Result<Cow<'t, str>, Fault> {
        let start = self.pos;
        let mut decoded: Option<Vec<u8>> = None;
        while self.dialect.is_tag(byte(self.bytes, self.pos), verbatim) {
            if byte(self.bytes, self.pos) == b'%' {
                let before = self.bytes.get(start..self.pos).unwrap_or_default();
                self.escaped(decoded.get_or_insert_with(|| before.to_vec()))?;
            } else {
                if let Some(decoded) = &mut decoded {
                    decoded.push(byte(self.bytes, self.pos));
                }
                self.pos += 1;
            }
        }
        if self.pos == start {
            return Err(Fault::new(self.here(), "did not find the name of a tag"));
        }
        Ok(match decoded {
            Some(decoded) => Cow::Owned(String::from_utf8_lossy(&decoded).into_owned()),
            None => Cow::Borrowed(self.text.get(start..self.pos).unwrap_or_default()),
        })
    }

    /// The `%xx` octets of one character.
    fn escaped(&mut self, decoded: &mut Vec<u8>) -> Result<(), Fault> {
        let mut left = 0;
        loop {
            let octet = match self.bytes.get(self.pos..self.pos + 3) {
                Some([b'%', high, low]) => {
                    let digit = |byte: u8| char::from(byte).to_digit(16);
                    digit(*high).zip(digit(*low)).map(|(high, low)| (high * 16 + low) as u8)
                }
                _ => None,
            };
            let Some(octet) = octet else {
                return Err(Fault::new(self.here(), "did not find two hexadecimal digits after `%`"));
            };
            let span = Span::from(self.pos..self.pos + 3);
            if left > 0 {
                if octet & 0xC0 != 0x80 {
                    return Err(Fault::new(span, "these octets are not UTF-8"));
                }
            } else {
                left = match octet {
                    0..0x80 => 1,
                    0xC0..0xE0 => 2,
                    0xE0..0xF0 => 3,
                    0xF0..0xF8 => 4,
                    _ => return Err(Fault::new(span, "these octets are not UTF-8")),
                };
            }
            decoded.push(octet);
            self.pos += 3;
            left -= 1;
            if left == 0 {
                return Ok(());
            }
        }
    }
}
