//! The commands of a script: where each begins and ends, and what is none of it: comments, redirections, here-documents.

use super::{MAX_COMMANDS, Script, Simple, Variables, Word};

pub(super) struct Reader<'s, 'v> {
    pub(super) text: &'s str,
    pub(super) at: usize,
    /// `None`: assigned, but to what is not known.
    pub(super) variables: &'v mut Variables,
    /// Here-documents whose bodies begin at the next line: the end, and whether tabs are cut off.
    here: Vec<(String, bool)>,
    /// How many `(` are open.
    depth: usize,
    out: Script,
}

/// Words behind which another command begins.
const KEYWORDS: &[&str] = &[
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!", "time", "exec", "command",
    "sudo",
];

impl<'s, 'v> Reader<'s, 'v> {
    /// Nothing is read yet.
    pub(super) fn new(text: &'s str, variables: &'v mut Variables) -> Self {
        Self { text, at: 0, variables, here: Vec::new(), depth: 0, out: Script::default() }
    }

    /// Reads all of it.
    pub(super) fn read(mut self) -> Script {
        self.out.complete = self.script().is_some();
        self.out
    }

    /// `None` when a quote is not closed, or there is too much of it.
    fn script(&mut self) -> Option<()> {
        let mut simple = Simple::default();
        let mut first_of_pipe = self.out.commands.len();
        loop {
            self.blanks();
            let Some(c) = self.peek() else { break };
            match c {
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    self.at += 1;
                    let piped = c == '|' && self.peek() != Some('|');
                    while c != '(' && matches!(self.peek(), Some('&' | '|' | ';')) {
                        self.at += 1;
                    }
                    // `name()` begins a function; its body may run.
                    if c == '(' && simple.words.len() == 1 && self.peek() == Some(')') {
                        simple.words.clear();
                    }
                    self.end(&mut simple, piped)?;
                    match c {
                        '(' => self.depth += 1,
                        ')' => self.depth = self.depth.saturating_sub(1),
                        '\n' => self.bodies(),
                        _ => {}
                    }
                    if !piped {
                        first_of_pipe = self.out.commands.len();
                    } else if let Some(pipe) = self.out.commands.get_mut(first_of_pipe..) {
                        for command in pipe {
                            command.nested = true;
                        }
                    }
                }
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                '<' | '>' => self.redirection()?,
                _ => {
                    let word = self.word()?;
                    // `2>file`: the number belongs to the redirection.
                    let number = !word.text.is_empty() && word.text.bytes().all(|byte| byte.is_ascii_digit());
                    if !(number && matches!(self.peek(), Some('<' | '>'))) {
                        simple.words.push(word);
                    }
                }
            }
        }
        self.end(&mut simple, false)
    }

    /// Takes a command that is complete.
    fn end(&mut self, simple: &mut Simple, piped: bool) -> Option<()> {
        let mut words = std::mem::take(&mut simple.words);
        let skipped = words.iter().take_while(|word| word.known().is_some_and(|text| KEYWORDS.contains(&text))).count();
        words.drain(..skipped);
        let assignments = words.iter().take_while(|word| assignment(word).is_some()).count();
        let only = assignments == words.len();
        for word in words.drain(..assignments) {
            if let (true, Some((name, value))) = (only, assignment(&word)) {
                self.variables.insert(name.to_owned(), word.unknown.is_none().then(|| value.to_owned()));
            }
        }
        if words.first().and_then(Word::known) == Some("export") {
            for word in words.iter().skip(1) {
                if let Some((name, value)) = assignment(word) {
                    self.variables.insert(name.to_owned(), word.unknown.is_none().then(|| value.to_owned()));
                }
            }
        }
        if words.is_empty() {
            return Some(());
        }
        if self.out.commands.len() >= MAX_COMMANDS {
            return None;
        }
        self.out.commands.push(Simple { words, nested: piped || self.depth > 0 });
        Some(())
    }

    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
            let trimmed = trimmed.strip_prefix("\\\r\n").or_else(|| trimmed.strip_prefix("\\\n")).unwrap_or(trimmed);
            if trimmed.len() == rest.len() {
                return;
            }
            self.at += rest.len() - trimmed.len();
        }
    }

    /// `>file`, `2>&1`, `<<END`: the word behind it is none of the command.
    fn redirection(&mut self) -> Option<()> {
        let rest = self.rest();
        let here = rest.starts_with("<<") && !rest.starts_with("<<<");
        let operator = rest.len() - rest.trim_start_matches(['<', '>', '&', '|']).len();
        self.at += operator;
        let tabs = here && self.peek() == Some('-');
        self.at += usize::from(tabs);
        self.blanks();
        if self.peek().is_none_or(|c| matches!(c, '\n' | ';')) {
            return Some(());
        }
        let word = self.word()?;
        if here {
            self.here.push((word.text, tabs));
        }
        Some(())
    }

    /// Jumps over the bodies of here-documents, which begin at this line.
    fn bodies(&mut self) {
        for (end, tabs) in std::mem::take(&mut self.here) {
            loop {
                let rest = self.rest();
                if rest.is_empty() {
                    break;
                }
                let line = rest.split('\n').next().unwrap_or_default();
                let ends = line.trim_end_matches('\r').trim_start_matches(|c| tabs && c == '\t') == end;
                self.at += (line.len() + 1).min(rest.len());
                if ends {
                    break;
                }
            }
        }
    }
}

/// The name and the value of a word that assigns.
fn assignment(word: &Word) -> Option<(&str, &str)> {
    let (name, value) = word.text.split_once('=')?;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some((name, value))
}
