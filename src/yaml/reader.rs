//! What comes before any grammar: which characters a text may hold.

use super::dialect::Dialect;
use super::error::Fault;
use crate::source::{MAX_LEN, Span};

/// How much the library decodes at a time, in bytes. A character that it refuses matters only when it reads that far, and the tail
/// of a text behind its first document is often not read.
const CHUNK: usize = 512;

/// How far a text can be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Readable {
    /// The bytes before this one can be read.
    pub(super) end: usize,
    /// The character that stops the reader there.
    pub(super) refused: Option<Span>,
}

/// How far `text` can be read.
///
/// # Errors
///
/// It is longer than [`MAX_LEN`].
pub(super) fn check(text: &str, dialect: Dialect) -> Result<Readable, Fault> {
    if text.len() > MAX_LEN {
        return Err(Fault::new(
            text.floor_char_boundary(MAX_LEN)..text.len(),
            format!("the text is longer than {MAX_LEN} bytes"),
        ));
    }
    let Some(refused) = refused(text, dialect) else { return Ok(Readable { end: text.len(), refused: None }) };
    let mut end = 0;
    loop {
        let next = text.floor_char_boundary(end + CHUNK);
        if next > refused.start as usize || next <= end {
            return Ok(Readable { end, refused: Some(refused) });
        }
        end = next;
    }
}

/// The first character that is not allowed.
fn refused(text: &str, dialect: Dialect) -> Option<Span> {
    // Most texts hold none of these bytes, and whole blocks without one are quick to see.
    let suspect =
        |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0x7F | 0xC2 | 0xEF);
    for (block, bytes) in text.as_bytes().chunks(64).enumerate() {
        if !bytes.iter().fold(false, |any, &byte| any | suspect(byte)) {
            continue;
        }
        for (at, _) in bytes.iter().enumerate().filter(|&(_, &byte)| suspect(byte)) {
            let at = block * 64 + at;
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            if let Some(character) = character.filter(|&character| !dialect.allows(character)) {
                return Some(Span::from(at..at + character.len_utf8()));
            }
        }
    }
    None
}
