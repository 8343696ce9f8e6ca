//! Text to instructions.

use super::MAX_INSTRUCTIONS;
use crate::source::{OffsetMap, Span};

/// An instruction: its lines joined.
#[derive(Debug, Default)]
pub(super) struct Instruction {
    /// In upper case.
    pub keyword: String,
    /// Its bytes in the file, from the keyword on.
    pub span: Span,
    /// `--name=value`, before anything else.
    pub flags: Vec<Flag>,
    /// The rest, without line continuations and comments.
    pub rest: String,
    /// From the bytes of `rest` to those of the file.
    pub map: OffsetMap,
    /// The here-documents.
    pub documents: Vec<Document>,
}

/// An option of an instruction.
#[derive(Debug)]
pub(super) struct Flag {
    pub name: String,
    pub value: String,
    /// Its bytes in the file.
    pub span: Span,
}

/// A here-document: its bytes in the file.
#[derive(Debug)]
pub(super) struct Document {
    pub body: Span,
    /// The word `<<END` is the first of its instruction: the body is a script.
    pub leads: bool,
}

/// The instructions of a file, and the character that escapes in it.
#[derive(Debug)]
pub(super) struct Lines {
    pub instructions: Vec<Instruction>,
    pub escape: char,
    /// What was not read, and why.
    pub left_out: Option<(Span, &'static str)>,
}

const KNOWN: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

pub(super) fn instructions(text: &str) -> Lines {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at: start, escape: escape(&text[start..]) };
    let mut out = Lines { instructions: Vec::new(), escape: reader.escape, left_out: None };
    while reader.at < text.len() {
        let before = reader.at;
        let Some(instruction) = reader.instruction() else { continue };
        let problem = if !KNOWN.contains(&instruction.keyword.as_str()) {
            Some("this is no instruction")
        } else if out.instructions.len() >= MAX_INSTRUCTIONS {
            Some("there are too many instructions")
        } else {
            None
        };
        if let Some(problem) = problem {
            out.left_out =
                Some((Span::from(before..before + text[before..].lines().next().map_or(0, str::len)), problem));
            break;
        }
        out.instructions.push(instruction);
    }
    out
}

/// The escape character, which a directive at the top may change to a backquote.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some(directive) = line.trim_start().strip_prefix('#') else { break };
        let Some((name, value)) = directive.split_once('=') else { break };
        if name.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
        if !["syntax", "check"].contains(&&*name.trim().to_ascii_lowercase()) {
            break;
        }
    }
    '\\'
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    escape: char,
}

impl<'t> Reader<'t> {
    /// The next line: its first byte, and its text without the line break.
    fn line(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let line = rest.split('\n').next().unwrap_or_default();
        let start = self.at;
        self.at += (line.len() + 1).min(rest.len());
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    }

    /// The next instruction; `None` for an empty line or a comment.
    fn instruction(&mut self) -> Option<Instruction> {
        let (mut joined, mut map) = (String::new(), OffsetMap::new());
        let mut span: Option<Span> = None;
        while let Some((start, line)) = self.line() {
            let blank = line.trim().is_empty();
            if blank && span.is_none() {
                return None;
            }
            // Empty lines and comments do not end an instruction that goes on.
            if blank || line.trim_start().starts_with('#') {
                span?;
                continue;
            }
            let end = start + line.trim_end().len();
            let goes_on = line.trim_end().strip_suffix(self.escape);
            let taken = goes_on.unwrap_or(line);
            let skipped = if span.is_none() { taken.len() - taken.trim_start().len() } else { 0 };
            joined.push_str(&taken[skipped..]);
            map.copy(Span::from(start + skipped..start + taken.len()));
            let of_line = Span::from(start + skipped..end.max(start + skipped));
            span = Some(span.map_or(of_line, |span| span.join(of_line)));
            if goes_on.is_none() {
                break;
            }
        }
        Some(self.split(&joined, &map, span?))
    }

    /// Takes a joined line apart, and reads its here-documents.
    fn split(&mut self, joined: &str, map: &OffsetMap, span: Span) -> Instruction {
        let keyword_len = joined.find(char::is_whitespace).unwrap_or(joined.len());
        let keyword = joined[..keyword_len].to_ascii_uppercase();
        let mut at = keyword_len;
        let mut flags = Vec::new();
        let takes_flags = matches!(keyword.as_str(), "ADD" | "COPY" | "FROM" | "RUN" | "HEALTHCHECK");
        loop {
            at += joined[at..].len() - joined[at..].trim_start().len();
            let word = joined[at..].split(char::is_whitespace).next().unwrap_or_default();
            let Some(flag) = word.strip_prefix("--").filter(|_| takes_flags) else { break };
            let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
            let span = map.to_source(Span::from(at..at + word.len()));
            flags.push(Flag { name: name.to_ascii_lowercase(), value: value.to_owned(), span });
            at += word.len();
        }
        let rest = joined[at..].trim_end().to_owned();
        let map = rest_of(map, at as u32, rest.len() as u32);
        let documents =
            if matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") { self.documents(&rest) } else { Vec::new() };
        Instruction { keyword, span, flags, rest, map, documents }
    }

    /// The here-documents that `rest` opens: their bodies are the next lines.
    fn documents(&mut self, rest: &str) -> Vec<Document> {
        let mut documents = Vec::new();
        for (at, word) in rest.split_whitespace().enumerate() {
            // `cat 3<<END` is one, too; `<<<` is a string.
            let Some((_, end)) = word
                .split_once("<<")
                .filter(|(fd, end)| fd.bytes().all(|byte| byte.is_ascii_digit()) && !end.starts_with('<'))
            else {
                continue;
            };
            let (tabs, end) = end.strip_prefix('-').map_or((false, end), |end| (true, end));
            let end = end.trim_matches(['"', '\'']);
            if end.is_empty()
                || !end.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
            {
                continue;
            }
            let start = self.at;
            let mut stop = start;
            while let Some((line_start, line)) = self.line() {
                stop = line_start;
                if line.trim_start_matches(|c| tabs && c == '\t') == end {
                    break;
                }
                stop = self.at;
            }
            documents.push(Document { body: Span::from(start..stop), leads: at == 0 });
        }
        documents
    }
}

/// The map of the bytes from `at` on, `len` of them.
fn rest_of(map: &OffsetMap, at: u32, len: u32) -> OffsetMap {
    let mut inner = OffsetMap::new();
    inner.copy(Span::new(at, at + len));
    inner.then(map)
}
