//! Text to tokens. See the engine's own lexer for the oddities: an operator sign takes any one of `& = *` after it, `#` takes the
//! word that touches it, a number may not touch a word.

use super::dialect::Dialect;
use super::error::ExprError;
use super::literal;
use crate::source::Span;
use regex::Regex;
use std::sync::{Arc, LazyLock};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Text,
    Bytes,
    Operator,
    Bracket,
    End,
}

/// A token: its kind, its bytes, and its value.
#[derive(Clone, Debug)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// The text as written; empty for strings.
    pub(super) word: &'s str,
    /// The value of a string.
    pub(super) text: Option<Arc<str>>,
    /// The value of a bytes literal.
    pub(super) bytes: Option<Arc<[u8]>>,
}

impl Token<'_> {
    pub(super) fn is(&self, kind: Kind, word: &str) -> bool {
        self.kind == kind && self.word == word
    }

    pub(super) fn is_operator(&self, word: &str) -> bool {
        self.is(Kind::Operator, word)
    }

    pub(super) fn is_bracket(&self, word: &str) -> bool {
        self.is(Kind::Bracket, word)
    }

    /// The word of a name or operator, or the value of a string.
    pub(super) fn value(&self) -> &str {
        self.text.as_deref().unwrap_or(self.word)
    }
}

/// Whether `c` can start a name.
pub(super) fn is_name_start(c: char) -> bool {
    static LETTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\p{L}$").expect("internal: a fixed pattern"));
    c == '_' || c == '$' || c.is_ascii_alphabetic() || (!c.is_ascii() && LETTER.is_match(c.encode_utf8(&mut [0; 4])))
}

/// Whether `c` can stand in a name.
pub(super) fn is_name_part(c: char) -> bool {
    static DIGIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").expect("internal: a fixed pattern"));
    is_name_start(c) || c.is_ascii_digit() || (!c.is_ascii() && DIGIT.is_match(c.encode_utf8(&mut [0; 4])))
}

/// Reads tokens off a text, one at a time.
pub(super) struct Lexer<'s> {
    source: &'s str,
    dialect: Dialect,
    at: usize,
    /// The word that touched the last `#`, which is a token of its own.
    after_pointer: bool,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str, dialect: Dialect) -> Self {
        Self { source, dialect, at: 0, after_pointer: false }
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn accept(&mut self, any: &[u8]) -> bool {
        let hit = self.source.as_bytes().get(self.at).is_some_and(|byte| any.contains(byte));
        self.at += usize::from(hit);
        hit
    }

    fn accept_all(&mut self, any: &[u8]) {
        while self.accept(any) {}
    }

    fn skip_word(&mut self) {
        while self.peek().is_some_and(is_name_part) {
            self.bump();
        }
    }

    fn token(&self, kind: Kind, start: usize) -> Token<'s> {
        let word = self.source.get(start..self.at).unwrap_or("");
        Token { kind, span: Span::from(start..self.at), word, text: None, bytes: None }
    }

    /// The next token; [`Kind::End`] at the end, for ever.
    pub(super) fn next(&mut self) -> Result<Token<'s>, ExprError> {
        if std::mem::take(&mut self.after_pointer) && self.peek().is_some_and(is_name_part) {
            let start = self.at;
            self.skip_word();
            return Ok(self.token(Kind::Name, start));
        }
        self.skip_blank()?;
        let start = self.at;
        let Some(c) = self.bump() else { return Ok(self.token(Kind::End, start)) };
        let kind = match c {
            '\'' | '"' => return self.quoted(start),
            '`' => return self.raw(start),
            'b' | 'B' if self.dialect.has_bytes() && matches!(self.peek(), Some('\'' | '"')) => {
                return self.byte_string(start);
            }
            '0'..='9' => return self.number(start, start),
            '.' if self.peek().is_some_and(|c| c.is_ascii_digit()) => return self.number(start, self.at),
            '.' => {
                self.accept(b".");
                Kind::Operator
            }
            '?' => {
                self.accept(b".?");
                Kind::Operator
            }
            '#' => {
                self.accept(b"#");
                self.after_pointer = true;
                Kind::Operator
            }
            '|' => {
                self.accept(b"|");
                Kind::Operator
            }
            ':' => {
                self.accept(b":");
                Kind::Operator
            }
            '&' | '!' | '=' | '*' | '<' | '>' => {
                self.accept(b"&=*");
                Kind::Operator
            }
            ',' | ';' | '%' | '+' | '-' | '^' | '/' => Kind::Operator,
            '(' | '[' | '{' | ')' | ']' | '}' => Kind::Bracket,
            c if is_name_part(c) => {
                self.skip_word();
                let word = self.source.get(start..self.at).unwrap_or("");
                if self.is_keyword(word) { Kind::Operator } else { Kind::Name }
            }
            c => {
                let span = Span::from(start..self.at);
                return Err(ExprError::compile(span, format!("unexpected character `{}`", c.escape_debug())));
            }
        };
        Ok(self.token(kind, start))
    }

    fn is_keyword(&self, word: &str) -> bool {
        match word {
            "not" | "in" | "or" | "and" | "matches" | "contains" | "startsWith" | "endsWith" | "let" => true,
            "if" | "else" => self.dialect.has_statements(),
            _ => false,
        }
    }

    /// Skips white space and comments.
    fn skip_blank(&mut self) -> Result<(), ExprError> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
            } else if rest.starts_with("/*") {
                let Some(end) = rest.get(2..).and_then(|rest| rest.find("*/")) else {
                    let span = Span::from(self.at..self.at + 2);
                    return Err(ExprError::compile(span, "comment is not closed").help("end it with `*/`"));
                };
                self.at += end + 4;
            } else {
                return Ok(());
            }
        }
    }

    /// A number whose token starts at `start` and whose digits start at `digits`.
    fn number(&mut self, start: usize, digits: usize) -> Result<Token<'s>, ExprError> {
        self.at = digits;
        let mut set: &[u8] = b"0123456789_";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                set = b"0123456789abcdefABCDEF_";
            } else if self.accept(b"oO") {
                set = b"01234567_";
            } else if self.accept(b"bB") {
                set = b"01_";
            }
        }
        self.accept_all(set);
        let end = self.at;
        if self.accept(b".") {
            if self.peek() == Some('.') {
                self.at = end;
                return Ok(self.token(Kind::Number, start));
            }
            self.accept_all(set);
        }
        if self.accept(b"eE") {
            self.accept(b"+-");
            self.accept_all(set);
        }
        if self.peek().is_some_and(is_name_part) {
            self.skip_word();
            let token = self.token(Kind::Number, start);
            return Err(ExprError::compile(token.span, format!("`{}` is not a number", token.word)));
        }
        Ok(self.token(Kind::Number, start))
    }

    fn quoted(&mut self, start: usize) -> Result<Token<'s>, ExprError> {
        let end = literal::find_end(self.source, start, self.dialect)?;
        let text = literal::unescape(self.source, start, end)?;
        self.at = end;
        let mut token = self.token(Kind::Text, start);
        token.word = "";
        token.text = Some(text.into());
        Ok(token)
    }

    fn byte_string(&mut self, start: usize) -> Result<Token<'s>, ExprError> {
        let end = literal::find_end(self.source, start + 1, self.dialect)?;
        let bytes = literal::unescape_bytes(self.source, start + 1, end)?;
        self.at = end;
        let mut token = self.token(Kind::Bytes, start);
        token.word = "";
        token.bytes = Some(bytes.into());
        Ok(token)
    }

    fn raw(&mut self, start: usize) -> Result<Token<'s>, ExprError> {
        let doubled = self.dialect.has_late_syntax();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(quote) = rest.find('`') else {
                let span = Span::from(start..self.source.len());
                return Err(ExprError::compile(span, "string is not closed").help("end it with a backtick"));
            };
            text.push_str(rest.get(..quote).unwrap_or(""));
            self.at += quote + 1;
            if !(doubled && self.accept(b"`")) {
                break;
            }
            text.push('`');
        }
        let mut token = self.token(Kind::Text, start);
        token.word = "";
        token.text = Some(text.into());
        Ok(token)
    }
}
