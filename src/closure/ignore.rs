//! `.dockerignore`: which files of a build's context are left out.
//!
//! The model is moby's `patternmatcher` and `ignorefile`: lines are trimmed and cleaned, a leading `/` does not count, `!` takes back,
//! the last line that matches decides, and a folder that matches takes with it what lies in it. `**` crosses folders; the rest is
//! `filepath.Match`.

use std::sync::Arc;

use regex::bytes::{Regex, RegexBuilder};

use super::filepath;
use crate::source::{Source, Span};

/// Most lines that are read; what comes after is said to be unknown.
const MAX_LINES: usize = 4096;

/// A `.dockerignore`.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    patterns: Vec<Pattern>,
    /// Lines that cannot be read: the builder refuses the whole file.
    pub(super) malformed: Option<Span>,
    /// The file, if there is one.
    pub(super) source: Option<Arc<Source>>,
}

#[derive(Debug)]
struct Pattern {
    takes_back: bool,
    /// Matches the path of a file or of one of its folders.
    regex: Regex,
}

impl Ignore {
    pub(super) fn parse(source: Arc<Source>) -> Self {
        let mut ignore = Self::of_lines(source.text().split('\n'));
        ignore.source = Some(source);
        ignore
    }

    /// Reads the lines of a file, or the values of `--exclude`.
    pub(super) fn of_lines<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut ignore = Self::default();
        let mut start = 0;
        for (at, line) in lines.enumerate() {
            let span = Span::from(start..start + line.len());
            start += line.len() + 1;
            let line = if at == 0 { line.trim_start_matches('\u{feff}') } else { line };
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            match pattern(line.trim()) {
                Some(pattern) if ignore.patterns.len() < MAX_LINES => ignore.patterns.push(pattern),
                _ => ignore.malformed = ignore.malformed.or(Some(span)),
            }
        }
        ignore
    }

    /// Whether the file at `path`, relative to the context, is left out.
    pub(super) fn ignores(&self, path: &[u8]) -> bool {
        let mut ignored = false;
        for pattern in &self.patterns {
            if pattern.takes_back == ignored && pattern.regex.is_match(path) {
                ignored = !pattern.takes_back;
            }
        }
        ignored
    }
}

fn pattern(line: &str) -> Option<Pattern> {
    let (takes_back, line) = match line.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, line),
    };
    let cleaned = clean(line);
    filepath::is_match(&cleaned, ".")?;
    // What matches a folder matches what is in it.
    let text = format!("^(?:{})(?:/|$)", regex(&cleaned));
    let regex = RegexBuilder::new(&text).dot_matches_new_line(true).size_limit(1 << 20).build().ok()?;
    (!cleaned.is_empty()).then_some(Pattern { takes_back, regex })
}

/// The shortest path that means the same, as `filepath.Clean` makes it, without a leading `/`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => drop(segments.pop()),
            ".." if rooted => {}
            segment => segments.push(segment),
        }
    }
    if segments.is_empty() { if path.is_empty() { String::new() } else { ".".to_owned() } } else { segments.join("/") }
}

/// The pattern as a regular expression.
fn regex(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let quoted = |out: &mut String, c: char| out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                out.push_str(if chars.peek().is_none() { ".*" } else { "(?:.*/)?" });
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '\\' => quoted(&mut out, chars.next().unwrap_or('\\')),
            '[' => {
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push_str("^/");
                }
                let mut first = true;
                while let Some(c) = chars.next() {
                    match c {
                        ']' if !first => break,
                        '\\' => quoted(&mut out, chars.next().unwrap_or('\\')),
                        '-' => out.push('-'),
                        c => quoted(&mut out, c),
                    }
                    first = false;
                }
                out.push(']');
            }
            c => quoted(&mut out, c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignores(lines: &str, path: &str) -> bool {
        let ignore = Ignore::of_lines(lines.lines());
        assert_eq!(ignore.malformed, None, "{lines}");
        ignore.ignores(path.as_bytes())
    }

    #[test]
    fn patterns_mean_what_the_builder_makes_of_them() {
        for (lines, path, expected) in [
            ("docs", "docs/a/b.md", true),
            ("docs", "src/docs/a", false),
            ("docs/", "docs/a", true),
            ("/docs", "docs/a", true),
            ("./docs/../src", "src/x", true),
            ("*.md", "README.md", true),
            ("*.md", "docs/a.md", false),
            ("**/*.md", "docs/deep/a.md", true),
            ("**/*.md", "README.md", true),
            ("**", "a/b", true),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b/z", true),
            ("*/temp*", "x/temporary/y", true),
            ("temp?", "tempa", true),
            ("temp?", "temp/a", false),
            ("[a-c].txt", "b.txt", true),
            ("[^a-c].txt", "b.txt", false),
            ("\\*.md", "*.md", true),
            ("\\*.md", "x.md", false),
            ("# a comment\n\n  docs  ", "docs/x", true),
            ("*.md\n!README.md", "README.md", false),
            ("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true),
            ("*.md\nREADME-secret.md\n!README*.md", "README-secret.md", false),
            ("docs\n!docs/keep", "docs/keep/a", false),
            ("docs\n!docs/keep", "docs/a", true),
            ("*\n!src\n!*.json", "src/a/b", false),
            ("*\n!src\n!*.json", "test/a", true),
            ("*\n!src\n!*.json", "package.json", false),
            ("*\n! src", "src/a", false),
            ("node_modules", "web/node_modules/x", false),
            ("**/node_modules", "web/node_modules/x", true),
            ("a.b", "aXb", false),
            ("(a|b)+", "(a|b)+", true),
            (".", "a", false),
        ] {
            assert_eq!(ignores(lines, path), expected, "{lines:?} on {path}");
        }
    }

    #[test]
    fn a_malformed_line_is_pointed_at() {
        let text = "docs\n[a\n";
        let ignore = Ignore::of_lines(text.lines());
        assert_eq!(ignore.malformed.map(|span| &text[span.range()]), Some("[a"));
    }
}
