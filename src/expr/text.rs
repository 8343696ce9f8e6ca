//! The builtins over strings. Strings are bytes; where Go works on characters, a byte that is part of none counts as one.

use super::builtin::Builtin;
use super::code::At;
use super::error::ExprError;
use super::eval::{Machine, Result, Stop};
use super::json;
use super::pattern::replaced;
use super::show;
use super::value::{List, ListTy, Value};
use memchr::memmem;
use std::borrow::Cow;

/// The most bytes that one string may have. The engine has no bound.
const MAX_TEXT: usize = 1 << 24;

impl<'v> Machine<'v> {
    /// A new string, if it is not beyond all bounds.
    fn made(&mut self, at: At, bytes: Vec<u8>) -> Result<'v, Option<Value<'v>>> {
        self.work(at, bytes.len() / 8)?;
        Ok(Some(Value::text(bytes)))
    }

    /// The builtins over strings; `None` if the arguments are of the wrong types.
    pub(super) fn text_function(
        &mut self,
        at: At,
        builtin: Builtin,
        arguments: &[Value<'v>],
    ) -> Result<'v, Option<Value<'v>>> {
        let texts: Vec<&[u8]> = arguments
            .iter()
            .map_while(|value| if let Value::Text(text) = value { Some(text.bytes()) } else { None })
            .collect();
        let last = arguments.last().and_then(Value::index);
        let made = match (builtin, texts.as_slice(), arguments.len()) {
            (Builtin::Trim, [text], 1) => trim_space(text).to_vec(),
            (Builtin::Trim, [text, set], 2) => trim(text, set).to_vec(),
            (Builtin::TrimPrefix, [text, rest @ ..], 1 | 2) if rest.len() + 1 == arguments.len() => {
                let prefix = rest.first().copied().unwrap_or(b" ");
                text.strip_prefix(prefix).unwrap_or(text).to_vec()
            }
            (Builtin::TrimSuffix, [text, rest @ ..], 1 | 2) if rest.len() + 1 == arguments.len() => {
                let suffix = rest.first().copied().unwrap_or(b" ");
                text.strip_suffix(suffix).unwrap_or(text).to_vec()
            }
            (Builtin::Upper, [text], 1) => mapped(text, crate::text::upper),
            (Builtin::Lower, [text], 1) => mapped(text, crate::text::lower),
            (Builtin::Split | Builtin::SplitAfter, [text, separator], 2) => {
                return self.split(at, text, separator, -1, builtin == Builtin::SplitAfter).map(Some);
            }
            (Builtin::Split | Builtin::SplitAfter, [text, separator], 3) => match last {
                Some(count) => return self.split(at, text, separator, count, builtin == Builtin::SplitAfter).map(Some),
                None => return Ok(None),
            },
            (Builtin::Replace, [text, old, new], 3 | 4) => {
                let count = if arguments.len() == 4 { last } else { Some(-1) };
                let Some(count) = count else { return Ok(None) };
                return match replace(text, old, new, count) {
                    Some(made) => self.made(at, made),
                    None => Err(self.too_long(at)),
                };
            }
            (Builtin::Repeat, [text], 2) => {
                let Some(count) = last else { return Ok(None) };
                let Ok(count) = usize::try_from(count) else {
                    return self.fail(at, "a string cannot be repeated fewer than 0 times");
                };
                if count > 1_000_000 {
                    return self.fail(at, "the expression makes too many bytes");
                }
                self.grow(at, text.len().saturating_mul(count))?;
                text.repeat(count)
            }
            (Builtin::IndexOf, [text, part], 2) => return Ok(Some(position(memmem::find(text, part)))),
            (Builtin::LastIndexOf, [text, part], 2) => return Ok(Some(position(memmem::rfind(text, part)))),
            (Builtin::HasPrefix, [text, part], 2) => return Ok(Some(Value::Bool(text.starts_with(part)))),
            (Builtin::HasSuffix, [text, part], 2) => return Ok(Some(Value::Bool(text.ends_with(part)))),
            (Builtin::ToBase64, [text], 1) => to_base64(text),
            (Builtin::FromBase64, [text], 1) => match from_base64(text) {
                Some(bytes) => bytes,
                None => return self.fail(at, "the string is not base64"),
            },
            (Builtin::FromJson, [text], 1) => {
                return match json::parse(text) {
                    Ok(value) => Ok(Some(value)),
                    Err(json::Bad::Syntax(offset)) => {
                        self.fail(at, format!("the string is not JSON, at byte {offset}"))
                    }
                    Err(json::Bad::Deep) => Err(ExprError::limit(self.span(at), "the JSON nests too deep").into()),
                };
            }
            (Builtin::Join, _, 1 | 2) => return self.join(at, arguments),
            (Builtin::String, _, 1) => return self.shown(at, show::plain, arguments),
            (Builtin::ToJson, _, 1) => return self.shown(at, json::write, arguments),
            _ => return Ok(None),
        };
        self.made(at, made)
    }

    fn too_long(&self, at: At) -> Stop {
        ExprError::limit(self.span(at), "the string gets too long").into()
    }

    fn shown(
        &mut self,
        at: At,
        show: fn(&Value<'v>, &mut Vec<u8>) -> std::result::Result<(), show::Cannot>,
        arguments: &[Value<'v>],
    ) -> Result<'v, Option<Value<'v>>> {
        let mut out = Vec::new();
        let Some(value) = arguments.first() else { return Ok(None) };
        let environment = if matches!(value, Value::Environment) { Some(self.environment_map()?) } else { None };
        let value = environment.as_ref().unwrap_or(value);
        match show(value, &mut out) {
            Ok(()) => self.made(at, out),
            Err(show::Cannot::Unknown(name)) => Err(Stop::Unknown(name)),
            Err(show::Cannot::Never) => {
                self.fail(at, format!("a value of type {} cannot be written", value.type_name()))
            }
        }
    }

    fn split(&mut self, at: At, text: &[u8], separator: &[u8], count: i64, keep: bool) -> Result<'v> {
        let parts = split(text, separator, count, keep);
        self.work(at, parts.as_ref().map_or(0, Vec::len) * 4)?;
        Ok(match parts {
            None => Value::List(List { nil: true, ..List::new(ListTy::Text, Vec::new()) }),
            Some(parts) => Value::List(List::new(ListTy::Text, parts.into_iter().map(Value::text).collect())),
        })
    }

    fn join(&mut self, at: At, arguments: &[Value<'v>]) -> Result<'v, Option<Value<'v>>> {
        let glue = match arguments.get(1) {
            None => &[][..],
            Some(Value::Text(text)) => text.bytes(),
            Some(_) => return Ok(None),
        };
        let Some(Value::List(list)) = arguments.first() else { return Ok(None) };
        if !matches!(list.ty, ListTy::Any | ListTy::Text) {
            return Ok(None);
        }
        if list.is_shuffled() {
            return Err(Stop::Unknown("keys".into()));
        }
        let mut out = Vec::new();
        for (index, item) in list.items.iter().enumerate() {
            let Value::Text(text) = item else {
                return self.fail_on(
                    at,
                    &[item],
                    format!("only strings can be joined, not a value of type {}", item.type_name()),
                );
            };
            if index > 0 {
                out.extend_from_slice(glue);
            }
            out.extend_from_slice(text.bytes());
            if out.len() > MAX_TEXT {
                return Err(self.too_long(at));
            }
        }
        self.made(at, out)
    }
}

fn position<'v>(found: Option<usize>) -> Value<'v> {
    Value::Int(found.map_or(-1, |at| at as i64))
}

/// The characters of a string; a byte that is part of none is one.
fn chunks(text: &[u8]) -> impl Iterator<Item = (&[u8], Option<char>)> {
    text.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid();
        let chars = valid.char_indices().map(move |(at, c)| (&valid.as_bytes()[at..at + c.len_utf8()], Some(c)));
        chars.chain(chunk.invalid().chunks(1).map(|byte| (byte, None)))
    })
}

/// How many characters a string has.
pub(super) fn count(text: &[u8]) -> usize {
    chunks(text).count()
}

fn trim_space(text: &[u8]) -> &[u8] {
    trim_by(text, |c| c.is_some_and(char::is_whitespace))
}

fn trim<'t>(text: &'t [u8], set: &[u8]) -> &'t [u8] {
    // A broken byte counts as U+FFFD on either side.
    let set = replaced(set);
    let set: Vec<char> = String::from_utf8_lossy(&set).chars().collect();
    trim_by(text, |c| set.contains(&c.unwrap_or(char::REPLACEMENT_CHARACTER)))
}

fn trim_by(text: &[u8], cut: impl Fn(Option<char>) -> bool) -> &[u8] {
    let all: Vec<_> = chunks(text).collect();
    let start: usize = all.iter().take_while(|(_, c)| cut(*c)).map(|(bytes, _)| bytes.len()).sum();
    let rest = text.get(start..).unwrap_or(&[]);
    let end: usize = all.iter().rev().take_while(|(_, c)| cut(*c)).map(|(bytes, _)| bytes.len()).sum();
    rest.get(..rest.len().saturating_sub(end)).unwrap_or(&[])
}

fn mapped(text: &[u8], map: fn(char) -> char) -> Vec<u8> {
    if text.is_ascii() {
        return text.iter().map(|&byte| map(byte as char) as u8).collect();
    }
    let clean: Cow<'_, [u8]> = replaced(text);
    String::from_utf8_lossy(&clean).chars().map(map).collect::<String>().into_bytes()
}

/// The parts between separators, at most `count` of them if it is not negative; `None` for none at all.
fn split(text: &[u8], separator: &[u8], count: i64, keep: bool) -> Option<Vec<Vec<u8>>> {
    if count == 0 {
        return None;
    }
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    if separator.is_empty() {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for (bytes, _) in chunks(text) {
            parts.push(bytes.to_vec());
            if parts.len() == most {
                // The last part takes all the rest.
                let read: usize = parts.iter().map(Vec::len).sum();
                if let Some(last) = parts.last_mut() {
                    last.extend_from_slice(text.get(read..).unwrap_or(&[]));
                }
                break;
            }
        }
        return Some(parts);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() + 1 < most
        && let Some(at) = memmem::find(rest, separator)
    {
        let end = at + separator.len();
        parts.push(rest.get(..if keep { end } else { at }).unwrap_or(&[]).to_vec());
        rest = rest.get(end..).unwrap_or(&[]);
    }
    parts.push(rest.to_vec());
    Some(parts)
}

/// `old` replaced by `new`, at most `count` times if it is not negative; `None` if the result gets too long.
fn replace(text: &[u8], old: &[u8], new: &[u8], count: i64) -> Option<Vec<u8>> {
    let mut left = usize::try_from(count).unwrap_or(usize::MAX);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    if old.is_empty() {
        // Before each character, and at the end.
        for (bytes, _) in chunks(text) {
            if left > 0 {
                out.extend_from_slice(new);
                left -= 1;
            }
            out.extend_from_slice(bytes);
            if out.len() > MAX_TEXT {
                return None;
            }
        }
        if left > 0 {
            out.extend_from_slice(new);
        }
        return Some(out);
    }
    while left > 0
        && let Some(at) = memmem::find(rest, old)
    {
        out.extend_from_slice(rest.get(..at).unwrap_or(&[]));
        out.extend_from_slice(new);
        rest = rest.get(at + old.len()..).unwrap_or(&[]);
        left -= 1;
        if out.len() > MAX_TEXT {
            return None;
        }
    }
    out.extend_from_slice(rest);
    Some(out)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Standard base64 with padding.
pub(super) fn to_base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().enumerate().fold(0u32, |word, (index, &byte)| word | u32::from(byte) << (16 - 8 * index));
        for index in 0..4 {
            let digit = BASE64.get((word >> (18 - 6 * index)) as usize & 63).copied().unwrap_or(b'=');
            out.push(if index <= chunk.len() { digit } else { b'=' });
        }
    }
    out
}

/// Reads standard base64 with padding; line breaks do not count.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    let digits = text.get(..text.len() - padding).filter(|_| padding <= 2)?;
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in digits.chunks(4) {
        let mut word = 0u32;
        for (index, byte) in chunk.iter().enumerate() {
            let digit = BASE64.iter().position(|digit| digit == byte)? as u32;
            word |= digit << (18 - 6 * index);
        }
        let bytes = word.to_be_bytes();
        out.extend_from_slice(bytes.get(1..chunk.len())?);
    }
    Some(out)
}
