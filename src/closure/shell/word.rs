//! One word: quotes, escapes and expansions.

use super::reader::Reader;
use super::{Variables, Word};
use crate::source::Span;

impl Reader<'_, '_> {
    /// Takes the word that begins here; `None` when a quote or a bracket in it is not closed.
    pub(super) fn word(&mut self) -> Option<Word> {
        let start = self.at;
        let mut word = Word::default();
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                '\'' => {
                    let body = self.text.get(self.at + 1..)?;
                    let (quoted, _) = body.split_once('\'')?;
                    word.push_str(quoted);
                    self.at += quoted.len() + 2;
                }
                '"' => self.double_quoted(&mut word)?,
                '\\' => self.escaped(&mut word, true),
                '$' | '`' => self.expansion(&mut word)?,
                '*' | '?' | '[' => {
                    self.at += 1;
                    // A pattern names files that are there; who takes it as it is may still read it.
                    word.push(c);
                }
                c => {
                    self.at += c.len_utf8();
                    word.push(c);
                }
            }
        }
        // Nothing was taken of a character that begins no word: do not stand still.
        if self.at == start {
            self.at += self.peek().map_or(1, char::len_utf8);
        }
        word.span = Span::from(start..self.at);
        Some(word)
    }

    fn double_quoted(&mut self, word: &mut Word) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                '"' => {
                    self.at += 1;
                    return Some(());
                }
                '\\' => self.escaped(word, false),
                '$' | '`' => self.expansion(word)?,
                c => {
                    self.at += c.len_utf8();
                    word.push(c);
                }
            }
        }
    }

    /// A backslash. Inside double quotes it escapes only what is special there.
    fn escaped(&mut self, word: &mut Word, bare: bool) {
        self.at += 1;
        let Some(next) = self.peek() else { return word.push('\\') };
        if next == '\n' {
            self.at += 1;
        } else if bare || matches!(next, '"' | '\\' | '$' | '`') {
            self.at += next.len_utf8();
            word.push(next);
        } else {
            word.push('\\');
        }
    }

    /// `$name`, `${…}`, `$(…)` or a backquoted command.
    fn expansion(&mut self, word: &mut Word) -> Option<()> {
        let rest = self.rest();
        if rest.starts_with('`') {
            let (body, _) = rest.get(1..)?.split_once('`')?;
            let len = body.len() + 2;
            word.hang_on(rest.get(..len)?);
            self.at += len;
            return Some(());
        }
        if rest.starts_with("$(") {
            let len = closing(rest, '(', ')')?;
            if matches!(rest.get(..len), Some("$(pwd)")) {
                word.expand("PWD", self.variables, "$(pwd)");
            } else {
                word.hang_on(rest.get(..len)?);
            }
            self.at += len;
            return Some(());
        }
        if rest.starts_with("${") {
            let len = closing(rest, '{', '}')?;
            let inner = rest.get(2..len - 1)?;
            let written = rest.get(..len)?.to_owned();
            if inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                word.expand(inner, self.variables, &written);
            } else {
                word.hang_on(&written);
            }
            self.at += len;
            return Some(());
        }
        let name = rest.get(1..)?.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let first = rest.get(1..)?.chars().next();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            // `$@`, `$1`, or a dollar sign for itself.
            let special = first.filter(|c| matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!') || c.is_ascii_digit());
            match special {
                Some(c) => word.hang_on(&format!("${c}")),
                None => word.push('$'),
            }
            self.at += 1 + special.map_or(0, char::len_utf8);
            return Some(());
        }
        let (name, len) = (name.to_owned(), name.len() + 1);
        word.expand(&name, self.variables, &format!("${name}"));
        self.at += len;
        Some(())
    }
}

impl Word {
    fn push(&mut self, c: char) {
        if self.unknown.is_none() {
            self.text.push(c);
        }
    }

    fn push_str(&mut self, text: &str) {
        if self.unknown.is_none() {
            self.text.push_str(text);
        }
    }

    fn hang_on(&mut self, what: &str) {
        self.unknown.get_or_insert_with(|| what.to_owned());
    }

    fn expand(&mut self, name: &str, variables: &Variables, written: &str) {
        match variables.get(name) {
            // Values are not split: a list of words in a variable is too clever for us.
            Some(Some(value)) if !value.contains([' ', '\t', '\n']) => self.push_str(value),
            _ => self.hang_on(written),
        }
    }
}

/// The length of the bracket that opens at the second byte of `text`, with what is inside.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip(1) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}
