//! Regular expressions: Go's syntax, spelled out for the `regex` crate.
//!
//! Both engines are of one family (RE2), and a match means the same; what differs is how a pattern is written. A pattern is read here
//! by Go's rules and written again with nothing left to interpretation. Differences that are left: Go's tables of Unicode are those of
//! its version; `(?i)` folds a class inside brackets here where Go leaves `\w` unfolded; a pattern that is too large for the crate (10 MiB
//! compiled) is refused.

use regex::bytes::{Regex, RegexBuilder};
use std::borrow::Cow;
use std::fmt::Write;

/// Go's bound on a repetition count, nested ones multiplied.
const MAX_REPEAT: u32 = 1000;
/// Go's bound on nesting.
const MAX_DEPTH: usize = 1000;

/// Compiles a pattern of Go's syntax, or says in a phrase what is wrong with it.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let written = translate(pattern)?;
    let regex = RegexBuilder::new(&written).nest_limit(MAX_DEPTH as u32 + 50).build();
    regex.map_err(|_| "regular expression is too large".to_owned())
}

/// Whether `regex` matches anywhere in `text`. Bytes that are no UTF-8 count as U+FFFD each, as in Go.
pub(super) fn is_match(regex: &Regex, text: &[u8]) -> bool {
    regex.is_match(&replaced(text))
}

/// `text` with each byte that is no part of a character replaced by U+FFFD.
pub(super) fn replaced(text: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let mut clean = Vec::with_capacity(text.len() + 8);
    for chunk in text.utf8_chunks() {
        clean.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            clean.extend_from_slice("\u{FFFD}".as_bytes());
        }
    }
    Cow::Owned(clean)
}

/// Checks a pattern of Go's syntax and writes it in the crate's.
pub(super) fn translate(pattern: &str) -> Result<String, String> {
    let mut reader = Reader { rest: pattern, out: String::with_capacity(pattern.len() + 8), names: Vec::new() };
    reader.pattern()?;
    Ok(reader.out)
}

struct Reader<'p> {
    rest: &'p str,
    out: String,
    names: Vec<&'p str>,
}

/// What the last thing read was, for a repetition after it.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing that can repeat.
    Start,
    /// Something that can, and how often it may already be repeated inside.
    Atom(u32),
    /// A repetition.
    Repeat(u32),
}

impl<'p> Reader<'p> {
    fn bump(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or("");
        Some(c)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn literal(&mut self, c: char) {
        self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
    }

    fn pattern(&mut self) -> Result<(), String> {
        let mut last = Last::Start;
        // The repetition inside each open group, and what it was before the group.
        let mut open: Vec<u32> = Vec::new();
        let mut most = 1;
        while let Some(c) = self.bump() {
            let mut atom = Last::Atom(1);
            match c {
                '(' => {
                    if open.len() >= MAX_DEPTH {
                        return Err("regular expression nests too deep".to_owned());
                    }
                    if self.group()? {
                        open.push(most);
                        most = 1;
                        last = Last::Start;
                    }
                    continue;
                }
                ')' => {
                    let Some(outside) = open.pop() else {
                        return Err("regular expression has a `)` without a `(`".to_owned());
                    };
                    self.out.push(')');
                    atom = Last::Atom(most);
                    most = most.max(outside);
                }
                '|' => {
                    self.out.push('|');
                    last = Last::Start;
                    continue;
                }
                '*' | '+' | '?' => {
                    last = self.repeat(last, 1, &c.to_string())?;
                    continue;
                }
                '{' => match self.counts() {
                    Some((least, greatest, length)) => {
                        let text = format!("{{{}", self.rest.get(..length).unwrap_or(""));
                        self.rest = self.rest.get(length..).unwrap_or("");
                        let too_many = least > MAX_REPEAT
                            || greatest.is_some_and(|greatest| greatest > MAX_REPEAT || least > greatest);
                        if too_many {
                            return Err(format!("regular expression repeats `{text}`, which is out of range"));
                        }
                        last = self.repeat(last, greatest.unwrap_or(least).max(1), &text)?;
                        if let Last::Repeat(count) = last {
                            most = most.max(count);
                        }
                        continue;
                    }
                    None => self.literal('{'),
                },
                '[' => self.class()?,
                '.' | '^' | '$' => self.out.push(c),
                '\\' => self.escape()?,
                c => self.literal(c),
            }
            last = atom;
        }
        if open.is_empty() { Ok(()) } else { Err("regular expression has a `(` without a `)`".to_owned()) }
    }

    fn repeat(&mut self, last: Last, count: u32, text: &str) -> Result<Last, String> {
        let inside = match last {
            Last::Start => return Err(format!("regular expression repeats nothing with `{text}`")),
            Last::Repeat(_) => return Err(format!("regular expression repeats a repetition with `{text}`")),
            Last::Atom(inside) => inside,
        };
        let total = inside.saturating_mul(count);
        if count > 1 && total > MAX_REPEAT {
            return Err(format!("regular expression repeats `{text}` inside a repetition, too often in all"));
        }
        self.out.push_str(text);
        if self.eat("?") {
            self.out.push('?');
        }
        Ok(Last::Repeat(total))
    }

    /// The counts after `{` and the length of their text, if they are counts.
    fn counts(&self) -> Option<(u32, Option<u32>, usize)> {
        let end = self.rest.find('}')?;
        let text = self.rest.get(..end)?;
        let count = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let padded = text.len() > 1 && text.starts_with('0');
            (plain && !padded).then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (least, greatest) = match text.split_once(',') {
            None => (count(text)?, Some(count(text)?)),
            Some((least, "")) => (count(least)?, None),
            Some((least, greatest)) => (count(least)?, Some(count(greatest)?)),
        };
        Some((least, greatest, end + 1))
    }

    /// What follows `(`. Whether it opens a group: `(?i)` does not.
    fn group(&mut self) -> Result<bool, String> {
        if !self.eat("?") {
            self.out.push('(');
            return Ok(true);
        }
        if self.eat("P<") || self.rest.starts_with('<') && self.eat("<") {
            let end = self.rest.find('>').ok_or("regular expression has a group name without a `>`")?;
            let name = self.rest.get(..end).unwrap_or("");
            let valid = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !valid {
                return Err(format!("regular expression has a group named `{name}`, which is no name"));
            }
            if self.names.contains(&name) {
                return Err(format!("regular expression names two groups `{name}`"));
            }
            self.names.push(name);
            self.rest = self.rest.get(end + 1..).unwrap_or("");
            // The name itself is of no use to a match, and the crate has other rules for it.
            self.out.push('(');
            return Ok(true);
        }
        let start = self.out.len();
        self.out.push_str("(?");
        let (mut negative, mut any) = (false, false);
        loop {
            match self.bump() {
                Some(flag @ ('i' | 'm' | 's' | 'U')) => {
                    self.out.push(flag);
                    any = true;
                }
                Some('-') if !negative => {
                    self.out.push('-');
                    negative = true;
                    any = false;
                }
                Some(end @ (':' | ')')) if !negative || any => {
                    self.out.push(end);
                    if end == ')' && !any {
                        self.out.truncate(start);
                    }
                    return Ok(end == ':');
                }
                _ => return Err("regular expression has an unknown `(?` group".to_owned()),
            }
        }
    }

    /// What follows a backslash outside brackets.
    fn escape(&mut self) -> Result<(), String> {
        let Some(c) = self.rest.chars().next() else {
            return Err("regular expression ends in a backslash".to_owned());
        };
        match c {
            'A' | 'z' => {
                self.bump();
                self.out.push('\\');
                self.out.push(c);
            }
            'b' | 'B' => {
                self.bump();
                let _ = write!(self.out, "(?-u:\\{c})");
            }
            'Q' => {
                self.bump();
                let (quoted, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
                // Grouped: what follows repeats the last character only, so that one stays outside.
                self.out.push_str(&regex::escape(quoted));
                self.rest = rest;
            }
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                self.bump();
                let (negative, items) = perl(c);
                let _ = write!(self.out, "(?-i:[{}{items}])", if negative { "^" } else { "" });
            }
            'p' | 'P' => {
                let class = self.unicode()?;
                self.out.push_str(&class);
            }
            _ => {
                let c = self.char_escape()?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// An escape that stands for one character; the backslash is read.
    fn char_escape(&mut self) -> Result<char, String> {
        let Some(c) = self.bump() else { return Err("regular expression ends in a backslash".to_owned()) };
        let bad = || format!("regular expression has the escape `\\{c}`, which is none");
        let code = match c {
            '1'..='7' if !self.rest.starts_with(|c: char| ('0'..='7').contains(&c)) => return Err(bad()),
            '0'..='7' => {
                let mut code = c as u32 - '0' as u32;
                for _ in 0..2 {
                    match self.rest.chars().next().and_then(|c| c.to_digit(8)) {
                        Some(digit) => {
                            code = code * 8 + digit;
                            self.bump();
                        }
                        None => break,
                    }
                }
                code
            }
            'x' if self.eat("{") => {
                let end = self.rest.find('}').ok_or_else(bad)?;
                let digits = self.rest.get(..end).unwrap_or("");
                let hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let code = if hex { u32::from_str_radix(digits, 16).ok() } else { None };
                self.rest = self.rest.get(end + 1..).unwrap_or("");
                code.ok_or_else(bad)?
            }
            'x' => {
                let digits = self.rest.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or_else(bad)?;
                self.rest = self.rest.get(2..).unwrap_or("");
                code
            }
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => c as u32,
            _ => return Err(bad()),
        };
        // A lone surrogate is no character and matches nothing but what cannot be read.
        if code > 0x10_FFFF { Err(bad()) } else { Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)) }
    }

    /// `\pL`, `\p{Greek}`, `\P{^Greek}`; the backslash is read.
    fn unicode(&mut self) -> Result<String, String> {
        let mut negative = self.bump() == Some('P');
        let name = if self.eat("{") {
            let end = self.rest.find('}').ok_or("regular expression has a `\\p{` without a `}`")?;
            let name = self.rest.get(..end).unwrap_or("");
            self.rest = self.rest.get(end + 1..).unwrap_or("");
            name.to_owned()
        } else {
            self.bump().map(String::from).ok_or("regular expression ends in `\\p`")?
        };
        let plain = name.strip_prefix('^').unwrap_or(&name);
        negative ^= plain.len() != name.len();
        let plain_word = plain.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') && !plain.is_empty();
        let known = |kind: &str| regex::Regex::new(&format!(r"\p{{{kind}={plain}}}")).is_ok();
        let sign = if negative { 'P' } else { 'p' };
        match plain {
            "Any" => Ok(if negative { r"[^\x{0}-\x{10FFFF}]" } else { r"[\x{0}-\x{10FFFF}]" }.to_owned()),
            _ if plain_word && plain.starts_with(|c: char| c.is_ascii_uppercase()) && known("gc") => {
                Ok(format!("\\{sign}{{gc={plain}}}"))
            }
            _ if plain_word && plain.starts_with(|c: char| c.is_ascii_uppercase()) && known("sc") => {
                Ok(format!("\\{sign}{{sc={plain}}}"))
            }
            _ => Err(format!("regular expression has the class `\\{sign}{{{name}}}`, which is none")),
        }
    }

    /// What follows `[`.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if self.rest.is_empty() {
                return Err("regular expression has a `[` without a `]`".to_owned());
            }
            if let Some(inside) = self.rest.strip_prefix("[:")
                && let Some(end) = inside.find(":]")
            {
                let name = inside.get(..end).unwrap_or("");
                let plain = name.strip_prefix('^').unwrap_or(name);
                let known = [
                    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
                    "upper", "word", "xdigit",
                ];
                if !known.contains(&plain) {
                    return Err(format!("regular expression has the class `[:{name}:]`, which is none"));
                }
                let _ = write!(self.out, "[:{name}:]");
                self.rest = inside.get(end + 2..).unwrap_or("");
                continue;
            }
            if self.rest.starts_with("\\p") || self.rest.starts_with("\\P") {
                self.bump();
                let class = self.unicode()?;
                self.out.push_str(&class);
                continue;
            }
            if let Some(c) =
                self.rest.strip_prefix('\\').and_then(|rest| rest.chars().next()).filter(|c| "dDsSwW".contains(*c))
            {
                self.rest = self.rest.get(2..).unwrap_or("");
                let (negative, items) = perl(c);
                let _ = write!(self.out, "[{}{items}]", if negative { "^" } else { "" });
                continue;
            }
            let low = self.class_char()?;
            let range = self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1;
            let high = if range {
                self.bump();
                self.class_char()?
            } else {
                low
            };
            if high < low {
                return Err(format!("regular expression has the range `{low}-{high}`, which is backwards"));
            }
            let _ = write!(self.out, "\\x{{{:x}}}-\\x{{{:x}}}", low as u32, high as u32);
        }
        self.bump();
        self.out.push(']');
        Ok(())
    }

    fn class_char(&mut self) -> Result<char, String> {
        match self.bump() {
            Some('\\') => self.char_escape(),
            Some(c) => Ok(c),
            None => Err("regular expression has a `[` without a `]`".to_owned()),
        }
    }
}

/// A Perl class, which is ASCII in Go: whether it is negated, and its items.
fn perl(c: char) -> (bool, &'static str) {
    let items = match c.to_ascii_lowercase() {
        'd' => "0-9",
        's' => r"\t\n\x0C\r ",
        _ => "0-9A-Za-z_",
    };
    (c.is_ascii_uppercase(), items)
}
