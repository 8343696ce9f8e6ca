use std::ops::Deref;

use bstr::{BStr, BString, ByteSlice as _};

use crate::glob::Pattern;

/// The paths of changed files: sorted by their bytes, each once, relative to the repository's root, with `/`. Paths are bytes:
/// git does not promise UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedFiles(Vec<BString>);

impl ChangedFiles {
    /// No file: the empty change.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads a list as other tools print it: one path a line, or each ended by NUL if there is one (`git diff --name-only -z`, `find
    /// -print0`). Empty entries are left out. In lines, a path that git has quoted (`"caf\303\251.md"`) is unquoted, and a carriage
    /// return at the end is dropped. Takes any bytes.
    pub fn parse(list: &[u8]) -> Self {
        if list.contains(&0) {
            return list.split(|&byte| byte == 0).filter(|path| !path.is_empty()).map(BString::from).collect();
        }
        let lines = list.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.filter(|line| !line.is_empty()).map(|line| unquote(line).unwrap_or_else(|| line.into())).collect()
    }

    /// Whether `path` is among them.
    pub fn contains_path(&self, path: &[u8]) -> bool {
        self.0.binary_search_by(|own| own.as_bytes().cmp(path)).is_ok()
    }

    /// Whether `pattern` matches some of them.
    pub fn some_match(&self, pattern: &Pattern) -> bool {
        pattern.prefixes().any(|prefix| {
            let start = self.0.partition_point(|path| path.as_slice() < prefix);
            let begins = self.0[start..].iter().take_while(|path| path.starts_with(prefix));
            begins.into_iter().any(|path| pattern.is_match(path))
        })
    }

    /// The paths in order.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &BStr> {
        self.0.iter().map(|path| path.as_bstr())
    }
}

impl Deref for ChangedFiles {
    type Target = [BString];

    fn deref(&self) -> &[BString] {
        &self.0
    }
}

impl From<Vec<BString>> for ChangedFiles {
    fn from(mut paths: Vec<BString>) -> Self {
        paths.sort_unstable();
        paths.dedup();
        Self(paths)
    }
}

impl<P: Into<BString>> FromIterator<P> for ChangedFiles {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        paths.into_iter().map(Into::into).collect::<Vec<_>>().into()
    }
}

/// Undoes git's quoting of unusual paths (`core.quotePath` in git-config(1)): `None` if `line` is not a well-formed quoted path.
fn unquote(line: &[u8]) -> Option<BString> {
    let inner = line.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut bytes = inner.iter().copied();
    let mut path = Vec::with_capacity(inner.len());
    while let Some(byte) = bytes.next() {
        path.push(match byte {
            b'"' => return None,
            b'\\' => match bytes.next()? {
                b'a' => 0x07,
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                high @ b'0'..=b'3' => {
                    let mut digit = || bytes.next().filter(|byte| (b'0'..=b'7').contains(byte)).map(|byte| byte - b'0');
                    (high - b'0') << 6 | digit()? << 3 | digit()?
                }
                other @ (b'"' | b'\\') => other,
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(path.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(list: &[u8]) -> Vec<BString> {
        ChangedFiles::parse(list).to_vec()
    }

    #[test]
    fn paths_are_sorted_by_bytes_and_unique() {
        let files: ChangedFiles = ["b", "a/x", "a", "B", "a.b", "b"].into_iter().collect();
        assert_eq!(files.to_vec(), ["B", "a", "a.b", "a/x", "b"]);
        assert!(files.contains_path(b"a.b"));
        assert!(!files.contains_path(b"a/"));
    }

    #[test]
    fn a_pattern_is_looked_for_where_it_can_match() {
        let files: ChangedFiles = ["a/b", "a/c.md", "b", "ba/x", "bb", "c"].into_iter().collect();
        for glob in ["a/*.md", "{a,b}/**", "**/x", "b*", "{b,c}[ab]", "b", "zz", "a", "", "[", "b{", "{a/b,z}", "d/**"]
        {
            let pattern = Pattern::parse(glob);
            assert_eq!(files.some_match(&pattern), files.iter().any(|path| pattern.is_match(path)), "{glob}");
        }
    }

    #[test]
    fn lists_are_lines_or_ended_by_nul() {
        assert_eq!(parsed(b""), [""; 0]);
        assert_eq!(parsed(b"\n\r\n"), [""; 0]);
        assert_eq!(parsed(b"b\r\na \n c"), [" c", "a ", "b"]);
        assert_eq!(parsed(b"a\nb\0\"c\"\0"), ["\"c\"", "a\nb"]);
    }

    #[test]
    fn quoted_paths_are_unquoted_and_malformed_ones_taken_as_they_are() {
        assert_eq!(parsed(br#""caf\303\251\n\"\\""#), ["caf\u{e9}\n\"\\"]);
        for line in [r#"""#, r#""a"#, r#""a"b""#, r#""\8""#, r#""\"#, r#""\12""#, r#""\x41""#] {
            assert_eq!(parsed(line.as_bytes()), [line], "{line}");
        }
        assert_eq!(parsed(b"\"\\377\""), [BString::from(&b"\xff"[..])]);
    }
}
