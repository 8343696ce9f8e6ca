//! Paths and patterns as Go's `path/filepath` has them, which `COPY` and `.dockerignore` are written in.

/// Whether `pattern` matches the whole of `path`, as `filepath.Match` does on Unix; `None` when the pattern is malformed.
///
/// `*` and `?` match no `/`; `[a-z]`, `[^a-z]`; `\` escapes. Time is the product of the lengths at most.
pub(super) fn is_match(pattern: &str, path: &str) -> Option<bool> {
    let items = parse(pattern)?;
    // Which items may be next, for each prefix of the path.
    let mut states = vec![false; items.len() + 1];
    states[0] = true;
    close(&items, &mut states);
    for c in path.chars() {
        let mut next = vec![false; items.len() + 1];
        for (at, item) in items.iter().enumerate().filter(|&(at, _)| states[at]) {
            match item {
                Item::Star if c != '/' => next[at] = true,
                Item::One(class) if class.matches(c) => next[at + 1] = true,
                _ => {}
            }
        }
        close(&items, &mut next);
        states = next;
    }
    Some(states[items.len()])
}

/// Whether `text` is a pattern, and not just a path.
pub(super) fn has_meta(text: &str) -> bool {
    text.contains(['*', '?', '[', '\\'])
}

/// A star may match nothing.
fn close(items: &[Item], states: &mut [bool]) {
    for (at, item) in items.iter().enumerate() {
        if states[at] && matches!(item, Item::Star) {
            states[at + 1] = true;
        }
    }
}

enum Item {
    Star,
    One(Class),
}

enum Class {
    Char(char),
    Any,
    Set { negated: bool, ranges: Vec<(char, char)> },
}

impl Class {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::Any => c != '/',
            Self::Set { negated, ranges } => {
                c != '/' && ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
        }
    }
}

fn parse(pattern: &str) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        items.push(match c {
            '*' => Item::Star,
            '?' => Item::One(Class::Any),
            '\\' => Item::One(Class::Char(chars.next()?)),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || chars.peek() != Some(&']') {
                    let low = bound(&mut chars)?;
                    let high = if chars.next_if_eq(&'-').is_some() { bound(&mut chars)? } else { low };
                    ranges.push((low, high));
                }
                chars.next()?;
                Item::One(Class::Set { negated, ranges })
            }
            c => Item::One(Class::Char(c)),
        });
    }
    Some(items)
}

/// One end of a range in `[…]`.
fn bound(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::is_match;

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
    }
}
