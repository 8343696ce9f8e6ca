//! What a rule is: a small set of combinators over JSON values, in the words of JSON Schema, and constant all the way down.

use std::fmt;

use crate::server::{Releases, Version};

/// A set of kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kinds(u8);

impl Kinds {
    /// No value, or `null`.
    pub const NULL: Self = Self(1);
    /// `true` and `false`.
    pub const BOOL: Self = Self(1 << 1);
    /// A number without a fraction, `1.0` among them.
    pub const INTEGER: Self = Self(1 << 2);
    /// A number with a fraction.
    pub const FRACTION: Self = Self(1 << 3);
    /// Text; dates too.
    pub const STRING: Self = Self(1 << 4);
    /// A list.
    pub const LIST: Self = Self(1 << 5);
    /// A map.
    pub const MAP: Self = Self(1 << 6);
    /// Any number.
    pub const NUMBER: Self = Self::INTEGER.or(Self::FRACTION);
    /// A value that can be written as text: what labels and matrix axes hold.
    pub const SCALAR: Self = Self::BOOL.or(Self::NUMBER).or(Self::STRING);
    /// Anything but null: what `settings` and `environment` hold.
    pub const SOME: Self = Self::SCALAR.or(Self::LIST).or(Self::MAP);
    /// Every kind.
    pub const ANY: Self = Self::SOME.or(Self::NULL);

    /// The kinds of either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all kinds of `other` are in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Each kind's set and name as people say it and as JSON Schema does. Numbers come first as a whole.
    const NAMES: [(Self, &'static str, &'static str); 8] = [
        (Self::STRING, "a string", "string"),
        (Self::NUMBER, "a number", "number"),
        (Self::INTEGER, "a whole number", "integer"),
        (Self::FRACTION, "a number with a fraction", "number"),
        (Self::BOOL, "a boolean", "boolean"),
        (Self::LIST, "a list", "array"),
        (Self::MAP, "a map", "object"),
        (Self::NULL, "nothing", "null"),
    ];

    /// The kinds of the set, each once: the set of the kind, its English name, JSON Schema's name.
    fn each(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let mut left = self;
        Self::NAMES.into_iter().filter_map(move |(kind, english, json)| {
            let has = left.contains(kind);
            if has {
                left = Self(left.0 & !kind.0);
            }
            has.then_some((english, json))
        })
    }

    /// JSON Schema's names of the kinds.
    pub fn json_names(self) -> impl Iterator<Item = &'static str> {
        self.each().map(|(_, json)| json)
    }
}

impl fmt::Display for Kinds {
    /// `a string, a list or a map`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.each().peekable();
        let mut first = true;
        while let Some((name, _)) = rest.next() {
            let joint = match (first, rest.peek()) {
                (true, _) => "",
                (false, Some(_)) => ", ",
                (false, None) => " or ",
            };
            write!(f, "{joint}{name}")?;
            first = false;
        }
        Ok(())
    }
}

/// What a value must be.
///
/// A rule that names kinds ([`Type`](Self::Type), [`Enum`](Self::Enum), [`Object`](Self::Object), …) first asks for one of them and says
/// nothing more about a value of another kind; the combinators and [`Required`](Self::Required) take any value.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Anything.
    Any,
    /// A value of one of these kinds.
    Type(Kinds),
    /// One of these words.
    Enum {
        /// The words.
        words: &'static [&'static str],
        /// The kinds to ask for first. Any for a list of words without a type: there, a list is a wrong word, not a wrong type.
        kinds: Kinds,
    },
    /// A string that is an absolute URI.
    Uri,
    /// A whole number that is this or more.
    AtLeast(u32),
    /// A list, each item by the rule.
    Items(&'static Rule),
    /// A map.
    Object(&'static Object),
    /// Exactly one of the rules.
    OneOf(&'static [Rule]),
    /// One or more of the rules.
    AnyOf(&'static [Rule]),
    /// All of the rules.
    AllOf(&'static [Rule]),
    /// A map must have one of these keys.
    Required(&'static [&'static str]),
    /// A map that has `key`, with anything but `true`, must satisfy `rule`.
    UnlessTrue {
        /// The key.
        key: &'static str,
        /// The rule for a map where the key is there and not `true`.
        rule: &'static Rule,
    },
    /// A rule with a name, told once in the published schema.
    Named(&'static Named),
    /// A rule that changed with a release.
    Since {
        /// The first release with the new rule.
        release: Version,
        /// The new rule.
        new: &'static Rule,
        /// The rule before.
        old: &'static Rule,
    },
}

/// A rule with a name.
#[derive(Debug)]
pub struct Named {
    /// Its name in the published schema.
    pub name: &'static str,
    /// What it describes, one phrase.
    pub about: &'static str,
    /// The rule itself.
    pub rule: Rule,
}

/// What a map may hold.
#[derive(Debug)]
pub struct Object {
    /// The keys with rules of their own.
    pub keys: &'static [Key],
    /// The keys that must be there.
    pub required: &'static [&'static str],
    /// What other keys may hold.
    pub rest: Rest,
    /// Whether an empty map is refused.
    pub not_empty: bool,
    /// More rules for the map as a whole; all must hold.
    pub also: &'static [Rule],
    /// What to say about values that the schema does not take, key by key.
    pub notes: &'static [Note],
}

/// What the keys that a map does not name may hold.
#[derive(Clone, Copy, Debug)]
pub enum Rest {
    /// There must be none.
    Forbidden,
    /// Anything.
    Allowed,
    /// Values by this rule.
    Each(&'static Rule),
}

/// A key of a map.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// The rule of its value.
    pub rule: Rule,
    /// What it does, one phrase, for completion and hovers.
    pub about: &'static str,
    /// The releases whose schema lists it.
    pub listed: Releases,
    /// Whether the server reads it in the releases before those, too.
    pub read_before: bool,
}

/// What to say about a key that people write and the schema does not know, or gives another kind of value.
#[derive(Debug)]
pub struct Note {
    /// The key.
    pub key: &'static str,
    /// The kinds of values that it is said about.
    pub kinds: Kinds,
    /// What to do instead, or why it is fine: a phrase.
    pub help: &'static str,
    /// What the key is called now.
    pub successor: Option<&'static str>,
    /// The releases that it is said for.
    pub releases: Releases,
}

impl Object {
    /// A map that may be anything; the base of the tables, filled in with `..Object::OPEN`.
    pub const OPEN: Self =
        Self { keys: &[], required: &[], rest: Rest::Allowed, not_empty: false, also: &[], notes: &[] };

    /// What the key `name` is called now.
    pub fn successor(&self, name: &str) -> Option<&'static str> {
        self.notes.iter().find(|note| note.key == name)?.successor
    }

    /// What to say of `server` about a value of the kind `found` under the key `name`.
    pub fn note(&self, name: &str, found: Kinds, server: Version) -> Option<&'static str> {
        let mut notes = self.notes.iter().filter(|note| note.key == name && note.kinds.contains(found));
        notes.find(|note| note.releases.contain(server)).map(|note| note.help)
    }

    /// The key `name`, if the schema of `server` lists it.
    pub fn key(&self, name: &str, server: Version) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name && key.listed.contain(server))
    }

    /// The key `name`, if the schema lists it only in releases after `server`.
    pub fn newer(&self, name: &str, server: Version) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name && key.listed.since.is_some_and(|since| server < since))
    }
}

/// A key of every release.
pub(super) const fn key(name: &'static str, rule: Rule, about: &'static str) -> Key {
    Key { name, rule, about, listed: Releases::ALL, read_before: false }
}

impl Key {
    /// The key, which servers know since `release`.
    pub(super) const fn since(self, release: Version) -> Self {
        let listed = Releases { since: Some(release), ..self.listed };
        Self { listed, ..self }
    }

    /// The key, which the schema lists since `release`; servers before read it all the same.
    pub(super) const fn listed_since(self, release: Version) -> Self {
        Self { read_before: true, ..self.since(release) }
    }

    /// The key, which was removed in `release`.
    pub(super) const fn until(self, release: Version) -> Self {
        let listed = Releases { until: Some(release), ..self.listed };
        Self { listed, ..self }
    }
}

/// A key that is called otherwise now.
pub(super) const fn renamed(key: &'static str, successor: &'static str, help: &'static str) -> Note {
    Note { successor: Some(successor), ..note(key, help) }
}

/// A note about a key, whatever its value.
pub(super) const fn note(key: &'static str, help: &'static str) -> Note {
    note_of(key, Kinds::ANY, help)
}

/// A note about a key with a value of one of `kinds`.
pub(super) const fn note_of(key: &'static str, kinds: Kinds, help: &'static str) -> Note {
    Note { key, kinds, help, successor: None, releases: Releases::ALL }
}

impl Note {
    /// The note, for servers before `release`.
    pub(super) const fn until(self, release: Version) -> Self {
        Self { releases: Releases { since: None, until: Some(release) }, ..self }
    }
}

/// The minor release `major.minor`.
pub(super) const fn v(major: u16, minor: u16) -> Version {
    Version::new(major, minor)
}

impl Rule {
    /// The rule itself as it is for `server`, without names around it.
    #[must_use]
    pub fn plain(mut self, server: Version) -> Self {
        loop {
            self = match self {
                Self::Named(named) => named.rule,
                Self::Since { release, new, .. } if release <= server => *new,
                Self::Since { old, .. } => *old,
                rule => return rule,
            }
        }
    }

    /// The kinds of values that the rule takes at all, for `server`.
    pub fn kinds(self, server: Version) -> Kinds {
        let union = |rules: &[Self]| rules.iter().fold(Kinds(0), |kinds, rule| kinds.or(rule.kinds(server)));
        match self.plain(server) {
            Self::Type(kinds) | Self::Enum { kinds, .. } => kinds,
            Self::Uri => Kinds::STRING,
            Self::AtLeast(_) => Kinds::INTEGER,
            Self::Items(_) => Kinds::LIST,
            Self::Object(_) => Kinds::MAP,
            Self::OneOf(rules) | Self::AnyOf(rules) => union(rules),
            Self::AllOf(rules) => rules.iter().fold(Kinds::ANY, |kinds, rule| Kinds(kinds.0 & rule.kinds(server).0)),
            Self::Any | Self::Required(_) | Self::UnlessTrue { .. } | Self::Named(_) | Self::Since { .. } => Kinds::ANY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_as_a_phrase() {
        assert_eq!(Kinds::STRING.to_string(), "a string");
        assert_eq!(Kinds::NUMBER.to_string(), "a number");
        assert_eq!(Kinds::STRING.or(Kinds::LIST).to_string(), "a string or a list");
        assert_eq!(Kinds::SCALAR.to_string(), "a string, a number or a boolean");
        assert_eq!(Kinds::INTEGER.or(Kinds::MAP).json_names().collect::<Vec<_>>(), ["integer", "object"]);
    }
}
