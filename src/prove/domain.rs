//! Which texts a value can be: as automata over characters, beside those of the globs.

/// What kind of text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Domain {
    /// The path of a file that git can have in a tree.
    Path,
    /// The same, of names that people would give: no segment begins with a dot, or ends with one.
    PlainPath,
    /// The short name of a branch or tag, by the rules of git-check-ref-format.
    RefName,
    /// Any text of one line.
    Text,
}

/// How far a text is: the same for all that can go on in the same ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Progress(u8);

impl Progress {
    /// Of the empty text.
    pub(super) const NONE: Self = Self(START);
}

// Of a path: at the start of a segment, in the middle of one, after `.`, `..`, `.g`, `.gi`, `.git`.
// Of a name: the first two, after a dot, after `@`, after `.l`, `.lo`, `.loc`, `.lock`.
const START: u8 = 0;
const MIDDLE: u8 = 1;
const DOT: u8 = 2;
const DOTS: u8 = 3;
const AT: u8 = 3;
/// The first of those where a word after the dot has begun.
const WORD: u8 = 4;

impl Domain {
    /// Whether a text may end here.
    pub(super) fn accepts(self, at: Progress) -> bool {
        match self {
            Self::Path => !matches!(at.0, START | DOT | DOTS) && at.0 != WORD + 2,
            Self::RefName => matches!(at.0, MIDDLE | AT | WORD..) && at.0 != WORD + 3,
            Self::PlainPath | Self::Text => at.0 == MIDDLE,
        }
    }

    /// Where `rune` leads, if it may stand here.
    pub(super) fn step(self, at: Progress, rune: char) -> Option<Progress> {
        let next = match self {
            Self::Path => match (at.0, rune) {
                (_, '/') if self.accepts(at) => START,
                (_, '\0' | '/') => return None,
                (START, '.') => DOT,
                (DOT, '.') => DOTS,
                (DOT, 'g' | 'G') => WORD,
                (WORD, 'i' | 'I') => WORD + 1,
                (at, 't' | 'T') if at == WORD + 1 => WORD + 2,
                _ => MIDDLE,
            },
            Self::PlainPath => match (at.0, rune) {
                (MIDDLE, '/') => START,
                (MIDDLE, '.') => DOT,
                (START, '/' | '.' | '-') | (DOT, '/' | '.') | (_, ' ' | '"' | '\'' | '\\' | '\u{7f}') => return None,
                (_, rune) if rune.is_control() => return None,
                _ => MIDDLE,
            },
            Self::RefName => match (at.0, rune) {
                (_, '/') if self.accepts(at) => START,
                (_, '/') | (AT, '{') | (START | DOT, '.') => return None,
                (_, rune) if is_never_in_a_name(rune) => return None,
                (_, '.') => DOT,
                (_, '@') => AT,
                (DOT, 'l') => WORD,
                (WORD, 'o') => WORD + 1,
                (at, 'c') if at == WORD + 1 => WORD + 2,
                (at, 'k') if at == WORD + 2 => WORD + 3,
                _ => MIDDLE,
            },
            Self::Text if rune.is_control() => return None,
            Self::Text => MIDDLE,
        };
        Some(Progress(next))
    }

    /// The characters at which what may follow `at` changes: each, and the one after it, begins a range whose characters are alike.
    pub(super) const fn special(self, at: Progress) -> &'static str {
        match (self, at.0) {
            (Self::Path, START) => "\0/.",
            (Self::Path, DOT) => "\0/.gG",
            (Self::Path, WORD) => "\0/iI",
            (Self::Path, at) if at == WORD + 1 => "\0/tT",
            (Self::Path, _) => "\0/",
            (Self::PlainPath, _) => "\0\u{1f}/.- \"'\\\u{7f}\u{9f}",
            (Self::RefName, _) => "\0\u{1f}/.@lock ~^:?*[\\{\u{7f}",
            (Self::Text, _) => "\0\u{1f}\u{7f}\u{9f}",
        }
    }
}

/// What git-check-ref-format allows nowhere.
fn is_never_in_a_name(rune: char) -> bool {
    matches!(rune, '\0'..=' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\' | '\u{7f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(domain: Domain, text: &str) -> bool {
        let end = text.chars().try_fold(Progress::NONE, |at, rune| domain.step(at, rune));
        end.is_some_and(|at| domain.accepts(at))
    }

    #[test]
    fn paths_are_those_that_git_can_have() {
        for path in ["a", "a/b.c", ".github/x", ".gitignore", "a/.gi", "...", "a/..b", " ", "ü", "a\nb", "-x"] {
            assert!(is_in(Domain::Path, path), "{path}");
        }
        for path in ["", "/a", "a/", "a//b", ".", "a/..", "./a", ".git", ".GIT/x", "a/.Git", "a\0"] {
            assert!(!is_in(Domain::Path, path), "{path}");
        }
        for (path, plain) in
            [("a/b.c", true), (".a", false), ("a.", false), ("a b", false), ("a/-b", false), ("ü", true)]
        {
            assert_eq!(is_in(Domain::PlainPath, path), plain, "{path}");
        }
    }

    #[test]
    fn names_are_those_that_branches_can_have() {
        for name in ["main", "release/1.x", "a.lockx", "a@b", "ü", "a.loc"] {
            assert!(is_in(Domain::RefName, name), "{name}");
        }
        for name in
            ["", "/a", "a/", "a//b", "a..b", ".a", "a/.b", "a.", "a.lock", "a.lock/b", "a@{1}", "a b", "a*", "a~1"]
        {
            assert!(!is_in(Domain::RefName, name), "{name}");
        }
    }

    /// What `special` promises: between its characters nothing changes.
    #[test]
    fn characters_of_one_range_are_alike() {
        for domain in [Domain::Path, Domain::PlainPath, Domain::RefName, Domain::Text] {
            for state in 0..=WORD + 3 {
                let mut before = None;
                for rune in (0..0x180_u32).filter_map(char::from_u32) {
                    let step = domain.step(Progress(state), rune);
                    let begins =
                        domain.special(Progress(state)).chars().any(|it| it == rune || it as u32 + 1 == rune as u32);
                    assert!(begins || before.is_none_or(|before| before == step), "{domain:?} {state} {rune:?}");
                    before = Some(step);
                }
            }
        }
    }
}
