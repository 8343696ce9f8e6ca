//! Character classes: `[a-z]`, `[!0-9]`, `[^.]`.

use super::error::PatternErrorKind;

/// A character class, `[…]`. It may match `/`: `[!a]` does, and so does `[/]`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Class {
    negated: bool,
    items: Vec<ClassItem>,
    /// The answers for ASCII, one bit a character.
    ascii: u128,
    /// Whether the class holds one of `[]{},` unescaped: then the server may read it as something else than a class.
    holds_syntax: bool,
}

/// One item of a class: the characters from `first` to `last`. A range that runs backwards holds its first character only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClassItem {
    /// The first character.
    pub first: char,
    /// The last character, included.
    pub last: char,
}

impl Class {
    /// Reads the class that `text` begins with, and gives its length in bytes. An error comes with the length of what is bad.
    pub(super) fn parse(text: &str) -> Result<(Self, usize), (PatternErrorKind, usize)> {
        let mut rest = text.strip_prefix('[').unwrap_or(text);
        let negated = rest.starts_with(['!', '^']);
        if negated {
            rest = &rest[1..];
        }
        if rest.starts_with(']') {
            return Err((PatternErrorKind::EmptyClass, text.len() - rest.len() + 1));
        }
        let unclosed = (PatternErrorKind::UnclosedClass, text.len());
        let mut holds_syntax = false;
        let mut items: Vec<ClassItem> = Vec::new();
        // Whether the last item is a single character, which a `-` may make the start of a range.
        let mut may_start_range = false;
        loop {
            if let Some(after) = rest.strip_prefix(']') {
                let mut class = Self { negated, items, ascii: 0, holds_syntax };
                class.ascii = (0..128).filter(|&c| class.look_up(char::from(c))).fold(0, |set, c| set | 1 << c);
                return Ok((class, text.len() - after.len()));
            }
            let is_range = may_start_range && rest.starts_with('-') && !rest.starts_with("-]");
            if is_range {
                rest = &rest[1..];
            }
            let escaped = rest.starts_with('\\');
            if escaped {
                rest = &rest[1..];
            }
            let Some(rune) = rest.chars().next() else { return Err(unclosed) };
            rest = &rest[rune.len_utf8()..];
            holds_syntax |= !escaped && matches!(rune, '[' | ']' | '{' | '}' | ',');
            match items.last_mut() {
                Some(item) if is_range => {
                    item.last = rune;
                    may_start_range = false;
                }
                _ => {
                    items.push(ClassItem { first: rune, last: rune });
                    // The greatest character marks "no start" in the server's library.
                    may_start_range = rune != char::MAX;
                }
            }
        }
    }

    /// Whether the class begins with `!` or `^`.
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// The items, as written.
    pub fn items(&self) -> &[ClassItem] {
        &self.items
    }

    /// Whether the class matches `rune`. A byte of a path that is not UTF-8 counts as U+FFFD.
    pub fn matches(&self, rune: char) -> bool {
        if rune.is_ascii() { self.ascii >> u32::from(rune) & 1 == 1 } else { self.look_up(rune) }
    }

    /// Whether one of `[]{},` stands in the class without an escape.
    pub(super) fn holds_syntax(&self) -> bool {
        self.holds_syntax
    }

    fn look_up(&self, rune: char) -> bool {
        let held = self.items.iter().any(|item| rune == item.first || (item.first..=item.last).contains(&rune));
        held != self.negated
    }
}

impl std::fmt::Debug for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.negated { "[!" } else { "[" })?;
        for ClassItem { first, last } in &self.items {
            if first == last { write!(f, "{first:?}")? } else { write!(f, "{first:?}-{last:?}")? }
        }
        f.write_str("]")
    }
}
