//! The parts of a pattern that stand for characters: escapes and classes.

use super::pattern::Reader;
use std::fmt::Write;

impl Reader<'_> {
    /// An escape that stands for one character; the backslash is read.
    pub(super) fn char_escape(&mut self) -> Result<char, String> {
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
    pub(super) fn unicode(&mut self) -> Result<String, String> {
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
    pub(super) fn class(&mut self) -> Result<(), String> {
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
pub(super) fn perl(c: char) -> (bool, &'static str) {
    let items = match c.to_ascii_lowercase() {
        'd' => "0-9",
        's' => r"\t\n\x0C\r ",
        _ => "0-9A-Za-z_",
    };
    (c.is_ascii_uppercase(), items)
}
