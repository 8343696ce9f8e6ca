//! Paths and patterns as Go's `path/filepath` has them, which `COPY` and ignore files are written in, as globs.

use std::iter::Peekable;
use std::str::Chars;

/// What `**` is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stars {
    /// A star like any other: `filepath.Match`.
    Plain,
    /// It crosses folders: `.dockerignore`, `.gitignore`.
    Cross,
}

/// The glob that matches what `pattern` matches as a whole; `None` when the pattern is malformed.
///
/// `*` and `?` match no `/`; `[a-z]`, `[^a-z]`; `\` escapes. A `**` that crosses matches any folders, also none, and at the end everything.
pub(super) fn glob(pattern: &str, stars: Stars) -> Option<String> {
    let mut glob = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if stars == Stars::Cross && chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                let fresh = glob.is_empty() || glob.ends_with('/');
                glob.push_str(match (chars.peek(), fresh) {
                    (None, true) if glob.is_empty() => "**",
                    // Not the folder itself.
                    (None, true) => "**/*",
                    (None, false) => "*/**",
                    (Some(_), true) => "**/",
                    (Some(_), false) => "{,*/**/}",
                });
            }
            '*' => {
                // Several stars are one, and would be more to a glob.
                while stars == Stars::Plain && chars.next_if_eq(&'*').is_some() {}
                glob.push('*');
            }
            '?' => glob.push('?'),
            '\\' => escaped(&mut glob, chars.next()?),
            '[' => class(&mut glob, &mut chars)?,
            c => escaped(&mut glob, c),
        }
    }
    Some(glob)
}

/// The glob that matches just `path`.
pub(super) fn literal(path: &str) -> String {
    let mut glob = String::new();
    path.chars().for_each(|c| escaped(&mut glob, c));
    glob
}

/// Whether `text` is a pattern, and not just a path.
pub(super) fn has_meta(text: &str) -> bool {
    text.contains(['*', '?', '[', '\\'])
}

/// Adds a character that stands for itself.
fn escaped(glob: &mut String, c: char) {
    if c.is_ascii_punctuation() && !matches!(c, '/' | '.' | '-' | '_') {
        glob.push('\\');
    }
    glob.push(c);
}

/// Adds the class whose `[` was read.
fn class(glob: &mut String, chars: &mut Peekable<Chars<'_>>) -> Option<()> {
    let negated = chars.next_if_eq(&'^').is_some();
    glob.push_str(if negated { "[^/" } else { "[" });
    let mut is_first = true;
    while is_first || chars.peek() != Some(&']') {
        is_first = false;
        let low = bound(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { bound(chars)? } else { low };
        // A range that runs backwards holds nothing, but to a glob its first character.
        if low > high {
            return None;
        }
        in_class(glob, low);
        if low < high {
            glob.push('-');
            in_class(glob, high);
        }
    }
    chars.next()?;
    glob.push(']');
    Some(())
}

fn in_class(glob: &mut String, c: char) {
    if c.is_ascii_punctuation() {
        glob.push('\\');
    }
    glob.push(c);
}

/// One end of a range in `[…]`.
fn bound(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{Stars, glob, literal};
    use crate::glob::Pattern;

    fn is_match(pattern: &str, path: &str) -> Option<bool> {
        glob(pattern, Stars::Plain).map(|glob| Pattern::parse(&glob).is_match(path.as_bytes()))
    }

    /// The cases of Go's own documentation and their like.
    #[test]
    fn patterns_match_as_in_go() {
        for (pattern, path, expected) in [
            ("abc", "abc", Some(true)),
            ("*", "abc", Some(true)),
            ("*c", "abc", Some(true)),
            ("a*/b", "abc/b", Some(true)),
            ("a*/b", "a/c/b", Some(false)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Some(true)),
            ("ab[c]", "abc", Some(true)),
            ("ab[b-d]", "abc", Some(true)),
            ("ab[^c]", "abc", Some(false)),
            ("ab[^e-g]", "abc", Some(true)),
            ("a\\*b", "a*b", Some(true)),
            ("a?b", "a☺b", Some(true)),
            ("a[^a]b", "a/b", Some(false)),
            ("a?b", "a/b", Some(false)),
            ("[\\]a]", "]", Some(true)),
            ("[x\\-]", "-", Some(true)),
            ("[!a]", "!", Some(true)),
            ("{a,b}", "a", Some(false)),
            ("{a,b}", "{a,b}", Some(true)),
            ("!a", "!a", Some(true)),
            ("[]a]", "]", None),
            ("[-]", "-", None),
            ("[", "a", None),
            ("[a", "a", None),
            ("a[", "a", None),
            ("a\\", "a", None),
            ("**", "a/b", Some(false)),
        ] {
            assert_eq!(is_match(pattern, path), expected, "{pattern} on {path}");
        }
        for path in ["a b/{c}[d]*?!,\\.e", "ü"] {
            assert!(Pattern::parse(&literal(path)).is_match(path.as_bytes()), "{path}");
        }
    }
}
