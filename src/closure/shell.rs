//! A shell script, as far as it says which programs run with which words.
//!
//! Quotes, escapes, line continuations, comments, here-documents, lists and pipes are read as POSIX says; so are assignments, whose
//! values later words may use. What only running it would tell (substituted commands, variables from outside, patterns, arithmetic) makes
//! a word unknown, and it says so. Control structures are looked through: each command in them may run.
//!
//! Linear in the script's length. At most [`MAX_COMMANDS`] commands are read.

use std::collections::BTreeMap;

use crate::source::Span;

/// Most commands of one script.
pub(super) const MAX_COMMANDS: usize = 4096;

/// Values of variables; `None`: there is one, but its value is not known.
pub(super) type Variables = BTreeMap<String, Option<String>>;

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Its text; where it hangs on something unknown, what comes before that.
    pub text: String,
    /// What it hangs on, as it is written: `$TAG`, `$(date)`.
    pub unknown: Option<String>,
    /// Its bytes in the script.
    pub span: Span,
}

impl Word {
    /// The word, if it is known.
    pub(super) fn known(&self) -> Option<&str> {
        self.unknown.is_none().then_some(&self.text)
    }
}

/// A program with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Simple {
    /// The words; the first is the program.
    pub words: Vec<Word>,
    /// It stands in a subshell or on one side of a pipe: its `cd` does not last.
    pub nested: bool,
}

/// The commands of a script, in order; and whether it was read to its end.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub commands: Vec<Simple>,
    pub complete: bool,
}

/// Reads `script`. `variables` are those whose values are known from outside; what the script assigns is added to them.
pub(super) fn read(script: &str, variables: &mut Variables) -> Script {
    let mut reader = Reader { text: script, at: 0, variables, here: Vec::new(), depth: 0, out: Script::default() };
    reader.out.complete = reader.script().is_some();
    reader.out
}

struct Reader<'s, 'v> {
    text: &'s str,
    at: usize,
    /// `None`: assigned, but to what is not known.
    variables: &'v mut Variables,
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

impl Reader<'_, '_> {
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

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
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

    fn word(&mut self) -> Option<Word> {
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

/// The name and the value of a word that assigns.
fn assignment(word: &Word) -> Option<(&str, &str)> {
    let (name, value) = word.text.split_once('=')?;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some((name, value))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands, each as its words, an unknown one as `text?what`.
    fn commands(script: &str) -> Vec<String> {
        let mut variables = BTreeMap::from([("PWD".to_owned(), Some("/w".to_owned()))]);
        let read = read(script, &mut variables);
        let shown = |word: &Word| match &word.unknown {
            Some(unknown) => format!("{}?{unknown}", word.text),
            None => word.text.clone(),
        };
        let show = |simple: &Simple| {
            let words: Vec<String> = simple.words.iter().map(shown).collect();
            format!("{}{}", if simple.nested { "~" } else { "" }, words.join("|"))
        };
        read.commands.iter().map(show).collect()
    }

    #[test]
    fn words_are_read_as_a_shell_reads_them() {
        for (script, expected) in [
            ("docker build -f 'a b' \"c\\\"d\" e\\ f", &["docker|build|-f|a b|c\"d|e f"][..]),
            ("a \\\n  b # c\nd", &["a|b", "d"]),
            ("cd web && npm ci; make || exit 1 &", &["cd|web", "npm|ci", "make", "exit|1"]),
            ("(cd web && make) | tee log", &["~cd|web", "~make", "tee|log"]),
            ("a | b | c", &["~a", "~b", "c"]),
            ("X=1 Y='2 3'; echo $X ${Y} $Z \"${Z:-q}\"", &["echo|1|?${Y}|?$Z|?${Z:-q}"]),
            ("X=1 make $X", &["make|?$X"]),
            ("export T=v; build -t r:$T-$(date +%s)`x`", &["export|T=v", "build|-t|r:v-?$(date +%s)"]),
            ("a $(pwd)/b $PWD 1>&2 >log 2>/dev/null <in", &["a|/w/b|/w"]),
            ("if test -f x; then make; else ! exit; fi", &["test|-f|x", "make", "exit"]),
            ("cat <<EOF >f\nnot a command\nEOF\nmake <<-'E' x\n\t y\n\tE\nlast", &["cat", "make|x", "last"]),
            ("build() { make; }; build", &["make", "build"]),
            ("echo $ $5 $@ '$X'", &["echo|$|?$5|?$@|$X"]),
            ("for f in a b; do make $f; done", &["for|f|in|a|b", "make|?$f"]),
            ("", &[]),
        ] {
            assert_eq!(commands(script), expected, "{script}");
        }
    }

    #[test]
    fn an_open_quote_ends_the_reading_and_that_is_known() {
        let read = |script: &str| read(script, &mut BTreeMap::new());
        assert!(!read("a; b 'c").complete);
        assert!(!read("a; b \"c").complete);
        assert!(!read("a $(b").complete);
        assert_eq!(read("a; b 'c").commands.len(), 1);
        assert!(!read(&"a;".repeat(MAX_COMMANDS + 1)).complete);
    }

    #[test]
    fn spans_are_those_of_the_script() {
        let script = "x && docker  'a'b";
        let read = read(script, &mut BTreeMap::new());
        let word = &read.commands[1].words[1];
        assert_eq!((&word.text[..], &script[word.span.range()]), ("ab", "'a'b"));
    }

    #[test]
    fn no_script_makes_it_stand_still_or_panic() {
        let seed = "a='b' \"$c${d}$(e `f`)\" <<-X | (g) && # h\n\t\\\nX\n";
        let chars: Vec<char> = seed.chars().collect();
        for from in 0..chars.len() {
            for to in from..=chars.len() {
                let script: String = chars[from..to].iter().collect();
                let _ = read(&script, &mut BTreeMap::new());
            }
        }
    }
}
