//! Regular expressions: Go's syntax, spelled out for the `regex` crate.
//!
//! Both engines are of one family (RE2), and a match means the same; what differs is how a pattern is written. A pattern is read here
//! by Go's rules and written again with nothing left to interpretation. Differences that are left: Go's tables of Unicode are those of
//! its version; `(?i)` folds a class inside brackets here where Go leaves `\w` unfolded; a pattern that is too large for the crate (10 MiB
//! compiled) is refused.

use super::pattern_class::perl;
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

pub(super) struct Reader<'p> {
    pub(super) rest: &'p str,
    pub(super) out: String,
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

impl Reader<'_> {
    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or("");
        Some(c)
    }

    pub(super) fn eat(&mut self, prefix: &str) -> bool {
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
        // Where in what is written the last thing starts and ends, and where open groups start.
        let (mut first, mut end) = (0, 0);
        let mut starts = Vec::new();
        while let Some(c) = self.bump() {
            let mut atom = Last::Atom(1);
            let before = self.out.len();
            let mut atom_start = before;
            match c {
                '(' => {
                    if open.len() >= MAX_DEPTH {
                        return Err("regular expression nests too deep".to_owned());
                    }
                    if self.group()? {
                        open.push(most);
                        starts.push(before);
                        most = 1;
                        last = Last::Start;
                    } else if let Last::Repeat(count) = last {
                        // Flags end a repetition, so that another may follow: `a+(?i)?` is `(?:a+)?(?i)`.
                        self.out.insert(end, ')');
                        self.out.insert_str(first, "(?:");
                        end += 4;
                        last = Last::Atom(count);
                    }
                    continue;
                }
                ')' => {
                    let Some(outside) = open.pop() else {
                        return Err("regular expression has a `)` without a `(`".to_owned());
                    };
                    self.out.push(')');
                    atom_start = starts.pop().unwrap_or(before);
                    atom = Last::Atom(most);
                    most = most.max(outside);
                }
                '|' => {
                    self.out.push('|');
                    last = Last::Start;
                    continue;
                }
                '*' | '+' | '?' => {
                    last = self.repeat(last, 1, &c.to_string(), &mut end)?;
                    continue;
                }
                '{' => match self.counts() {
                    Some((fewest, highest, width)) => {
                        let text = format!("{{{}", self.rest.get(..width).unwrap_or(""));
                        self.rest = self.rest.get(width..).unwrap_or("");
                        let too_many = fewest > MAX_REPEAT
                            || highest.is_some_and(|highest| highest > MAX_REPEAT || fewest > highest);
                        if too_many {
                            return Err(format!("regular expression repeats `{text}`, which is out of range"));
                        }
                        last = self.repeat(last, highest.unwrap_or(fewest).max(1), &text, &mut end)?;
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
            (first, end) = (atom_start, self.out.len());
        }
        if open.is_empty() { Ok(()) } else { Err("regular expression has a `(` without a `)`".to_owned()) }
    }

    /// Writes a repetition after the last thing, which ends at `end`: flags may follow it.
    fn repeat(&mut self, last: Last, count: u32, text: &str, end: &mut usize) -> Result<Last, String> {
        let inside = match last {
            Last::Start => return Err(format!("regular expression repeats nothing with `{text}`")),
            Last::Repeat(_) => return Err(format!("regular expression repeats a repetition with `{text}`")),
            Last::Atom(inside) => inside,
        };
        let total = inside.saturating_mul(count);
        if count > 1 && total > MAX_REPEAT {
            return Err(format!("regular expression repeats `{text}` inside a repetition, too often in all"));
        }
        let lazy = if self.eat("?") { "?" } else { "" };
        self.out.insert_str(*end, lazy);
        self.out.insert_str(*end, text);
        *end += text.len() + lazy.len();
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
        let (fewest, highest) = match text.split_once(',') {
            None => (count(text)?, Some(count(text)?)),
            Some((fewest, "")) => (count(fewest)?, None),
            Some((fewest, highest)) => (count(fewest)?, Some(count(highest)?)),
        };
        Some((fewest, highest, end + 1))
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
}
