//! `.dockerignore`: which files of a build's context are left out.
//!
//! The model is moby's `patternmatcher` and `ignorefile`: lines are trimmed and cleaned, a leading `/` does not count, `!` takes back,
//! the last line that matches decides, and a folder that matches takes with it what lies in it. `**` crosses folders; the rest is
//! `filepath.Match`. So it is a list of globs with the same precedence: [`Rules`].

use std::sync::Arc;

use super::filepath::{self, Stars};
use crate::glob::{Pattern, Rules};
use crate::source::{Source, Span};

/// Most lines that are read; what comes after is said to be unknown.
const MAX_LINES: usize = 4096;

/// A `.dockerignore`.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    /// Globs of files to leave out, or to take back in.
    patterns: Vec<(String, bool)>,
    /// A line that is not understood; if it is malformed, the builder refuses the whole file.
    pub(super) unclear: Option<(Span, &'static str)>,
    /// The file, if there is one.
    pub(super) source: Option<Arc<Source>>,
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
            let read =
                if ignore.patterns.len() < MAX_LINES { pattern(line.trim()) } else { Err("there are too many lines") };
            match read {
                Ok(pattern) => ignore.patterns.push(pattern),
                Err(why) => ignore.unclear = ignore.unclear.or(Some((span, why))),
            }
        }
        ignore
    }

    /// What it leaves out of the context `folder`.
    pub(super) fn rules(&self, folder: &str) -> Rules {
        let prefix = if folder.is_empty() { String::new() } else { format!("{}/", filepath::literal(folder)) };
        let rules = self.patterns.iter().map(|(glob, leaves_out)| (format!("{prefix}{glob}"), *leaves_out));
        Rules::new(rules.collect()).expect("internal: no pattern that is kept is odd")
    }
}

/// The glob of a line, and whether it leaves out.
fn pattern(line: &str) -> Result<(String, bool), &'static str> {
    let (leaves_out, line) = match line.strip_prefix('!') {
        Some(rest) => (false, rest.trim()),
        None => (true, line),
    };
    let cleaned = clean(line);
    let glob =
        filepath::glob(&cleaned, Stars::Cross).filter(|glob| !glob.is_empty()).ok_or("this pattern is malformed")?;
    // What matches a folder matches what is in it.
    let glob = if cleaned.ends_with("**") { glob } else { format!("{glob}/**") };
    // Behind a folder's name it has to be what it is by itself.
    match Pattern::parse(&format!("x/{glob}")).oddity().or(Pattern::parse(&glob).oddity()) {
        Some(_) => Err("this pattern is not understood"),
        None => Ok((glob, leaves_out)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ignores(lines: &str, path: &str) -> bool {
        let ignore = Ignore::of_lines(lines.lines());
        assert_eq!(ignore.unclear, None, "{lines}");
        let inside = ignore.rules("a b").is_match(format!("a b/{path}").as_bytes());
        assert_eq!(ignore.rules("").is_match(path.as_bytes()), inside, "{lines:?} on {path}");
        inside
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
            ("a**", "ab/c", true),
            ("a**", "b/a", false),
            ("a**b", "ab", true),
            ("a**b", "axb", false),
            ("a**b", "ax/y/b/c", true),
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
        assert_eq!(
            ignore.unclear.map(|(span, why)| (&text[span.range()], why)),
            Some(("[a", "this pattern is malformed"))
        );
    }
}
