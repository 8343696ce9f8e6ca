//! What a name must be like for systemd to make an instance of it: `mosaic-agent@NAME.service`.
//!
//! From systemd's `unit-name.c`, `unit_name_is_valid`, held against `systemd-escape --unescape --template` 252: a unit's name has at most
//! 255 bytes, all of them ASCII letters, digits or one of `:-_.\@`, and a template's instance is not empty.

use std::fmt::{self, Write as _};

/// What comes before an agent's name in the name of its unit.
const PREFIX: &str = "mosaic-agent@";
/// And what comes after it.
const SUFFIX: &str = ".service";

/// The longest name of an agent, in bytes: systemd allows 255 for the whole unit.
pub const MAX_NAME: usize = 255 - PREFIX.len() - SUFFIX.len();

/// Why a name is no instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It is empty.
    Empty,
    /// It holds a character that units' names do not.
    Character {
        /// The first of them.
        character: char,
        /// Where it stands: the byte of the name.
        at: usize,
    },
    /// It is longer than [`MAX_NAME`].
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Character { character, .. } => {
                let mut bytes = [0; 4];
                write!(f, "it holds `{}`", crate::text::escape(character.encode_utf8(&mut bytes)))
            }
            Self::TooLong { len } => write!(f, "it is {len} bytes long, {MAX_NAME} at most fit"),
        }
    }
}

/// The unit of the agent `name`.
pub fn unit_name(name: &str) -> String {
    format!("{PREFIX}{name}{SUFFIX}")
}

/// The instance in a unit's name; empty for the template. `None` when it is no agent's unit.
pub(super) fn instance_of(unit: &str) -> Option<&str> {
    unit.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)
}

/// Why systemd has no instance called `name`, if it has none.
pub fn instance_fault(name: &str) -> Option<NameFault> {
    if name.is_empty() {
        return Some(NameFault::Empty);
    }
    if let Some((at, character)) = name.char_indices().find(|&(_, character)| !is_allowed(character)) {
        return Some(NameFault::Character { character, at });
    }
    (name.len() > MAX_NAME).then_some(NameFault::TooLong { len: name.len() })
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, ':' | '-' | '_' | '.' | '\\' | '@')
}

/// `name` as `systemd-escape` writes it, which is an instance unless it is too long: `/` becomes `-`, and every other byte that is no ASCII
/// letter, digit, `:`, `_` or `.` its `\xNN`, as does a leading `.`.
pub fn escape_instance(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'/' => escaped.push('-'),
            b'.' if at > 0 => escaped.push('.'),
            b':' | b'_' => escaped.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => escaped.push(char::from(byte)),
            byte => write!(escaped, "\\x{byte:02x}").expect("internal: a string takes all that is written"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_instances_as_systemd_has_them() {
        for name in ["a", "coder-0", "a.b_c:d", r"a\x20b", "a@b", "@", "-x", ".x", "x.service", &"x".repeat(MAX_NAME)] {
            assert_eq!(instance_fault(name), None, "{name:?}");
            assert!(unit_name(name).len() <= 255);
        }
        let character = |character, at| Some(NameFault::Character { character, at });
        for (name, fault) in [
            ("", Some(NameFault::Empty)),
            ("a b", character(' ', 1)),
            ("a/b", character('/', 1)),
            ("agentü!", character('ü', 5)),
            ("%i", character('%', 0)),
            ("a\0", character('\0', 1)),
            (&"x".repeat(MAX_NAME + 1), Some(NameFault::TooLong { len: 235 })),
        ] {
            assert_eq!(instance_fault(name), fault, "{name:?}");
        }
    }

    /// What `systemd-escape` 252 printed.
    #[test]
    fn escaping_is_systemds() {
        for (name, escaped) in [
            ("a b", r"a\x20b"),
            ("ü", r"\xc3\xbc"),
            (".x", r"\x2ex"),
            ("a/b", "a-b"),
            ("a@b", r"a\x40b"),
            (r"a\b", r"a\x5cb"),
            ("a:b_c.d-e", r"a:b_c.d\x2de"),
        ] {
            assert_eq!(escape_instance(name), escaped);
            assert_eq!(instance_fault(escaped), None);
        }
    }

    #[test]
    fn a_units_name_holds_its_instance() {
        assert_eq!(instance_of(&unit_name("coder0")), Some("coder0"));
        assert_eq!(instance_of("mosaic-agent@.service"), Some(""));
        assert_eq!(instance_of("mosaic-agent.service"), None);
        assert_eq!(instance_of("mosaic-agent@x.timer"), None);
        assert_eq!(instance_of("other@x.service"), None);
    }
}
