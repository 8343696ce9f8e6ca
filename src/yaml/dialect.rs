//! Where the server's two YAML libraries disagree: every difference has one method here, and the parser asks no other question
//! about versions.

use crate::server::{Difference, Version};

/// The YAML library whose reading of a text is followed.
///
/// | a text | [`V3`](Self::V3) | [`V4`](Self::V4) | asked by |
/// | --- | --- | --- | --- |
/// | U+007F..U+009F (but U+0085) | refused | a character like others | `allows` |
/// | `&name.x`, `*a/b` | an anchor is letters, digits, `_`, `-` | any visible ASCII but `[]{},:` | `is_anchor` |
/// | `!a,b` | a tag may hold `,`, `[` and `]` | only as `!<…>` | `is_tag` |
/// | `[a?b]`, `[?a]` | `?` always marks a key in flow | only with a space after it | `marks_flow_key` |
/// | `[:a]`, `[a, :b]` | `:` always marks a value in flow | not after `[` or `,` | `marks_flow_value` |
/// | `[a:,b]`, `[a:]` | `a:` is a scalar | `a` is a key | `ends_flow_plain` |
/// | a key longer than 1,024 characters | no key unless `? ` introduces it | a key | `key_limit` |
/// | `[] a: b` | the list is the document | an error | `forgets_brackets` |
/// | `...` before the first document | refused | skipped | `skips_document_ends` |
/// | behind the document, `[` and no `]` on its line | not read to the end | read | `keeps_passed_keys` |
/// | a root block scalar at column 0 | empty, its text behind the document | its text | `root_block_indent` |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `gopkg.in/yaml.v3` 3.0.1, used by servers before 3.16.
    V3,
    /// `go.yaml.in/yaml/v4` 4.0.0-rc.6, used since 3.16.
    #[default]
    V4,
}

impl Dialect {
    /// Whether a text may hold `character` at all.
    pub(super) fn allows(self, character: char) -> bool {
        match character {
            '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'.. => true,
            '\u{7F}'..='\u{9F}' => self == Self::V4,
            _ => false,
        }
    }

    /// Whether `byte` may stand in the name of an anchor.
    pub(super) fn is_anchor(self, byte: u8) -> bool {
        match self {
            Self::V3 => is_word(byte),
            Self::V4 => byte.is_ascii_graphic() && !matches!(byte, b'[' | b']' | b'{' | b'}' | b',' | b':'),
        }
    }

    /// Whether `byte` may stand in a tag, or in its verbatim form `!<…>` (and in the prefix of a `%TAG` directive).
    pub(super) fn is_tag(self, byte: u8, verbatim: bool) -> bool {
        match byte {
            b',' | b'[' | b']' => verbatim || self == Self::V3,
            b'{' | b'}' => verbatim && self == Self::V4,
            _ => is_word(byte) || b";/?:@&=+$.!~*'()%".contains(&byte),
        }
    }

    /// Whether `?`, where a token may start, marks a key in flow context.
    pub(super) fn marks_flow_key(self, space_follows: bool) -> bool {
        self == Self::V3 || space_follows
    }

    /// Whether `:` without a space after it marks a value in flow context. `after_separator`: the token before it is `[` or `,`.
    pub(super) fn marks_flow_value(self, after_separator: bool) -> bool {
        self == Self::V3 || !after_separator
    }

    /// Whether `byte`, with `next` after it, ends a plain scalar in flow context. (`:` and a space do in any context.)
    pub(super) fn ends_flow_plain(self, byte: u8, next: u8, space_follows: bool) -> bool {
        match byte {
            b',' | b'[' | b']' | b'{' | b'}' => true,
            b'?' => self == Self::V3 || space_follows,
            b':' => self == Self::V4 && matches!(next, b',' | b']' | b'}'),
            _ => false,
        }
    }

    /// The most characters from the start of a key without `?` to its `:`.
    pub(super) fn key_limit(self) -> usize {
        match self {
            Self::V3 => 1024,
            Self::V4 => usize::MAX,
        }
    }

    /// Whether a `[` that may start a key is given away as none at its `]` when no key could start inside, and two more tokens
    /// are known.
    pub(super) fn forgets_brackets(self) -> bool {
        self == Self::V3
    }

    /// Whether `...` may stand before the first document.
    pub(super) fn skips_document_ends(self) -> bool {
        self == Self::V4
    }

    /// Whether a place where a key may have started stays one when its line has passed, until the next such place. (A key never
    /// spans lines: this decides how far the library reads behind a document.)
    pub(super) fn keeps_passed_keys(self) -> bool {
        self == Self::V4
    }

    /// The least column, from 0, of a block scalar that is the document's root.
    pub(super) fn root_block_indent(self) -> i32 {
        match self {
            Self::V3 => 1,
            Self::V4 => 0,
        }
    }
}

/// A letter, digit, `_` or `-`.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

impl From<Version> for Dialect {
    /// The library that the server is built with.
    fn from(server: Version) -> Self {
        if server.has(Difference::YamlV4) { Self::V4 } else { Self::V3 }
    }
}
