//! JSON, read and written as Go's library does it.

use super::show::{self, Cannot};
use super::text::to_base64;
use super::ty::MapTy;
use super::value::{ListTy, Map, Value};
use std::rc::Rc;

/// How deep JSON may nest. Go allows 10,000.
const MAX_DEPTH: usize = 200;

/// Why a text is not read as JSON.
pub(super) enum Bad {
    /// It is none; what does not fit stands at this byte.
    Syntax(usize),
    /// It nests deeper than is read here.
    Deep,
}

/// The value of a JSON text: numbers are floats.
pub(super) fn parse<'v>(text: &[u8]) -> Result<Value<'v>, Bad> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.blank();
    if reader.at == text.len() { Ok(value) } else { Err(Bad::Syntax(reader.at)) }
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'v> Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let hit = self.peek() == Some(byte);
        self.at += usize::from(hit);
        hit
    }

    fn bad<T>(&self) -> Result<T, Bad> {
        Err(Bad::Syntax(self.at))
    }

    fn expect(&mut self, byte: u8) -> Result<(), Bad> {
        if self.eat(byte) { Ok(()) } else { self.bad() }
    }

    fn value(&mut self, depth: usize) -> Result<Value<'v>, Bad> {
        if depth > MAX_DEPTH {
            return Err(Bad::Deep);
        }
        self.blank();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::string),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [("null", Value::Nil), ("true", Value::Bool(true)), ("false", Value::Bool(false))];
                let rest = self.text.get(self.at..).unwrap_or(&[]);
                match words.into_iter().find(|(word, _)| rest.starts_with(word.as_bytes())) {
                    Some((word, value)) => {
                        self.at += word.len();
                        Ok(value)
                    }
                    None => self.bad(),
                }
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'v>, Bad> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.eat(b']') {
            return Ok(Value::list(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blank();
            if !self.eat(b',') {
                self.expect(b']')?;
                return Ok(Value::list(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'v>, Bad> {
        self.at += 1;
        let mut map = Map::new(MapTy::Text);
        self.blank();
        if !self.eat(b'}') {
            loop {
                self.blank();
                let key = Value::string(self.string()?);
                self.blank();
                self.expect(b':')?;
                let value = self.value(depth + 1)?;
                map.insert(key, value);
                self.blank();
                if !self.eat(b',') {
                    self.expect(b'}')?;
                    break;
                }
            }
        }
        Ok(Value::Map(Rc::new(map)))
    }

    fn number(&mut self) -> Result<Value<'v>, Bad> {
        let start = self.at;
        let digits = |reader: &mut Self| {
            let start = reader.at;
            while matches!(reader.peek(), Some(b'0'..=b'9')) {
                reader.at += 1;
            }
            if reader.at > start { Ok(()) } else { reader.bad() }
        };
        self.eat(b'-');
        if !self.eat(b'0') {
            digits(self)?;
        }
        if self.eat(b'.') {
            digits(self)?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            digits(self)?;
        }
        let text = self.text.get(start..self.at).and_then(|text| std::str::from_utf8(text).ok());
        match text.and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite()) {
            Some(value) => Ok(Value::Float(value)),
            None => Err(Bad::Syntax(start)),
        }
    }

    /// A string. Broken bytes and lone surrogates become U+FFFD.
    fn string(&mut self) -> Result<String, Bad> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or(&[]);
            let plain = rest.iter().take_while(|&&byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            let clean = super::pattern::replaced(rest.get(..plain).unwrap_or(&[]));
            out.push_str(&String::from_utf8_lossy(&clean));
            self.at += plain;
            if self.eat(b'"') {
                return Ok(out);
            }
            self.expect(b'\\')?;
            let Some(escape) = self.peek() else { return self.bad() };
            self.at += 1;
            out.push(match escape {
                b'"' | b'\\' | b'/' => escape as char,
                b'b' => '\x08',
                b'f' => '\x0c',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'u' => self.unicode()?,
                _ => {
                    self.at -= 1;
                    return self.bad();
                }
            });
        }
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        self.at += 4;
        Some(code)
    }

    fn unicode(&mut self) -> Result<char, Bad> {
        let Some(first) = self.hex() else { return self.bad() };
        if (0xD800..0xDC00).contains(&first) && self.text.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u")) {
            let back = self.at;
            self.at += 2;
            match self.hex() {
                Some(second @ 0xDC00..0xE000) => {
                    let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some(_) => self.at = back,
                None => return self.bad(),
            }
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

/// Writes `value` as JSON, indented by two blanks.
pub(super) fn write(value: &Value<'_>, out: &mut Vec<u8>) -> Result<(), Cannot> {
    write_at(value, out, 0)
}

fn line(out: &mut Vec<u8>, level: usize) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', level * 2));
}

fn write_at(value: &Value<'_>, out: &mut Vec<u8>, level: usize) -> Result<(), Cannot> {
    match value {
        Value::Nil => out.extend_from_slice(b"null"),
        Value::List(list) if list.nil => out.extend_from_slice(b"null"),
        Value::List(list) if list.is_shuffled() => return Err(Cannot::Unknown("keys".into())),
        Value::List(list) if list.ty == ListTy::Byte => {
            let bytes: Vec<u8> = list.items.iter().map(|byte| byte.integer().unwrap_or(0) as u8).collect();
            out.push(b'"');
            out.extend(to_base64(&bytes));
            out.push(b'"');
        }
        Value::List(list) => {
            out.push(b'[');
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                line(out, level + 1);
                write_at(item, out, level + 1)?;
            }
            if !list.items.is_empty() {
                line(out, level);
            }
            out.push(b']');
        }
        Value::Map(map) if map.ty == MapTy::Text => {
            out.push(b'{');
            for (index, (key, value)) in map.entries.values().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                line(out, level + 1);
                if let Value::Text(text) = key {
                    string(text.bytes(), out);
                }
                out.extend_from_slice(b": ");
                write_at(value, out, level + 1)?;
            }
            if !map.entries.is_empty() {
                line(out, level);
            }
            out.push(b'}');
        }
        Value::Float(value) if !value.is_finite() => return Err(Cannot::Never),
        Value::Float(value) => out.extend_from_slice(show::float(*value, true).as_bytes()),
        Value::Text(text) => string(text.bytes(), out),
        Value::Duration(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Month(value) | Value::Weekday(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Time(time) => match super::layout::format("2006-01-02T15:04:05.999999999Z07:00", time) {
            Some(text) => string(text.as_bytes(), out),
            None => return Err(Cannot::Unknown("date".into())),
        },
        Value::Location(..) => out.extend_from_slice(b"{}"),
        // Go's library refuses keys that are no strings up to Go 1.26, and writes them from then on.
        Value::Map(_) => return Err(Cannot::Unknown("toJSON".into())),
        Value::Method(..) => return Err(Cannot::Never),
        other => show::plain(other, out)?,
    }
    Ok(())
}

/// Writes a string, with the characters that matter in HTML escaped.
fn string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend([b'\\', c as u8]),
                '\x08' => out.extend_from_slice(b"\\b"),
                '\x0c' => out.extend_from_slice(b"\\f"),
                '\n' => out.extend_from_slice(b"\\n"),
                '\r' => out.extend_from_slice(b"\\r"),
                '\t' => out.extend_from_slice(b"\\t"),
                '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    out.extend_from_slice(format!("\\u{:04x}", c as u32).as_bytes());
                }
                c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}
