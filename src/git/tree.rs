//! Trees as git stores them, read entry by entry without copying.

use std::cmp::Ordering;

use git2::{ObjectType, Odb, OdbObject, Oid};

use super::{Error, objects::Objects};

/// The kinds of entry that a tree can hold, with the executable bit. Git reads any mode as one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    File,
    Executable,
    Symlink,
    Tree,
    /// A submodule: the id is a commit of another repository.
    Commit,
}

impl Mode {
    fn parse(octal: &[u8]) -> Option<Self> {
        if octal.is_empty() || octal.len() > 7 {
            return None;
        }
        let mut bits = 0_u32;
        for &digit in octal {
            bits = bits << 3 | u32::from(digit.checked_sub(b'0').filter(|&digit| digit < 8)?);
        }
        Some(match bits & 0o170_000 {
            0o100_000 if bits & 0o100 != 0 => Self::Executable,
            0o100_000 => Self::File,
            0o120_000 => Self::Symlink,
            0o040_000 => Self::Tree,
            _ => Self::Commit,
        })
    }
}

/// The bytes of an object's id as a tree holds them. Most entries are only compared, so they are not made into an [`Oid`] first.
type RawId = [u8; 20];

/// One entry of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) mode: Mode,
    /// A single path component, any bytes but NUL.
    pub(super) name: &'a [u8],
    raw_id: &'a RawId,
    /// The length of the whole entry, in bytes.
    len: usize,
}

impl Entry<'_> {
    /// The object.
    pub(super) fn id(&self) -> Oid {
        Oid::from_bytes(self.raw_id).expect("internal: an id has 20 bytes")
    }

    /// The length of the entry in the tree, in bytes.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether kind, executable bit and content are those of `other`.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.mode == other.mode && self.raw_id == other.raw_id
    }

    /// Git's order of entries: by name, where a tree's name ends with `/`. A file and a tree of one name are two entries.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let common = self.name.len().min(other.name.len());
        let (ours, theirs) = (self.name.split_at(common), other.name.split_at(common));
        ours.0.cmp(theirs.0).then_with(|| self.byte_after(ours.1).cmp(&other.byte_after(theirs.1)))
    }

    fn byte_after(&self, rest: &[u8]) -> u8 {
        rest.first().copied().unwrap_or(if self.mode == Mode::Tree { b'/' } else { 0 })
    }
}

/// A tree object and a place in it.
pub(super) struct Tree<'o> {
    /// `None` is the empty tree: no need for it to be in the repository.
    object: Option<OdbObject<'o>>,
    id: Oid,
    at: usize,
}

impl<'o> Tree<'o> {
    /// The tree `id`; `None` gives one without entries.
    pub(super) fn open(objects: &Objects<'_>, odb: &'o Odb<'_>, id: Option<Oid>) -> Result<Self, Error> {
        let Some(id) = id else { return Ok(Self { object: None, id: Oid::zero(), at: 0 }) };
        let object = objects.read(odb, id, ObjectType::Tree, "the tree")?;
        Ok(Self { object: Some(object), id, at: 0 })
    }

    /// The bytes from the current place on.
    fn rest(&self) -> &[u8] {
        self.object.as_ref().and_then(|object| object.data().get(self.at..)).unwrap_or_default()
    }

    /// Steps past the entries that both trees have right here, byte for byte. Most entries of two trees that are compared are such, and
    /// looking at bytes costs a fraction of reading entries.
    pub(super) fn skip_alike(&mut self, other: &mut Tree<'_>) {
        let len = alike(self.rest(), other.rest());
        self.at += len;
        other.at += len;
    }

    /// The entry at the current place; `None` at the end.
    pub(super) fn peek(&self) -> Result<Option<Entry<'_>>, Error> {
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        let broken = || Error::Malformed { id: self.id.to_string(), why: "a tree with a broken entry" };
        parse_entry(rest).map(Some).ok_or_else(broken)
    }

    /// Steps past the current entry, whose [`Entry::len`] is `len`.
    pub(super) fn advance(&mut self, len: usize) {
        self.at += len;
    }

    /// The entry called `name`, whatever its kind.
    pub(super) fn find(&mut self, name: &[u8]) -> Result<Option<(Mode, Oid)>, Error> {
        while let Some(entry) = self.peek()? {
            if entry.name == name {
                return Ok(Some((entry.mode, entry.id())));
            }
            let len = entry.len();
            self.advance(len);
        }
        Ok(None)
    }
}

/// How many bytes the entries take that `one` and `other` both begin with.
fn alike(one: &[u8], other: &[u8]) -> usize {
    // Long enough that comparing one is a single step, short enough that little is looked at twice.
    const CHUNK: usize = 64;
    let mut same = 0;
    for (ours, theirs) in one.chunks(CHUNK).zip(other.chunks(CHUNK)) {
        if ours != theirs {
            same += ours.iter().zip(theirs).take_while(|(our, their)| our == their).count();
            break;
        }
        same += ours.len();
    }
    let bytes = one.get(..same).unwrap_or_default();
    let mut end = 0;
    // An id may hold any byte, so that the end of an entry is found from its start only.
    while let Some(nul) = bytes.get(end..).and_then(|rest| memchr::memchr(0, rest)) {
        let next = end + nul + 1 + size_of::<RawId>();
        if next > same {
            break;
        }
        end = next;
    }
    end
}

/// The first entry of `data`: `MODE SP NAME NUL ID`. An empty name, or one with a `/`, is broken: it could pose as another path.
fn parse_entry(data: &[u8]) -> Option<Entry<'_>> {
    let space = memchr::memchr(b' ', data.get(..8).unwrap_or(data))?;
    let mode = Mode::parse(data.get(..space)?)?;
    let name = data.get(space + 1..)?;
    let name = name.get(..memchr::memchr(0, name)?)?;
    if name.is_empty() || memchr::memchr(b'/', name).is_some() {
        return None;
    }
    let start = space + 1 + name.len() + 1;
    let raw_id = data.get(start..)?.first_chunk()?;
    Some(Entry { mode, name, raw_id, len: start + raw_id.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(mode: Mode, name: &'static str) -> Entry<'static> {
        Entry { mode, name: name.as_bytes(), raw_id: &[0; 20], len: 0 }
    }

    #[test]
    fn trees_sort_as_if_their_names_ended_with_a_slash() {
        use Mode::{File, Tree};
        let sorted = [
            entry(File, "a"),
            entry(File, "a.b"),
            entry(Tree, "a"),
            entry(File, "a0"),
            entry(Tree, "a0"),
            entry(File, "b"),
        ];
        for (at, one) in sorted.iter().enumerate() {
            for (to, other) in sorted.iter().enumerate() {
                assert_eq!(one.order(other), at.cmp(&to), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn entries_that_are_alike_are_skipped_whole() {
        let entry = |name: &str, id: u8| [format!("100644 {name}\0").as_bytes(), &[id; 20]].concat();
        let [a, b, c, d] = [entry("a", 0), entry("b", 1), entry(&"c".repeat(200), b' '), entry("d", 0)];
        let whole = [&a[..], &b, &c, &d].concat();
        assert_eq!(alike(&whole, &whole), whole.len());
        for (other, expected) in [
            (vec![], 0),
            ([&a[..], &b, &d].concat(), a.len() + b.len()),
            ([&a[..], &entry("b", 2), &c, &d].concat(), a.len()),
            ([&b[..], &c, &d].concat(), 0),
            ([&whole[..], &entry("e", 0)].concat(), whole.len()),
        ] {
            assert_eq!((alike(&whole, &other), alike(&other, &whole)), (expected, expected), "{other:?}");
        }
        // Wherever they part: never within an entry, and never beyond where they part.
        let ends = [0, a.len(), a.len() + b.len(), a.len() + b.len() + c.len(), whole.len()];
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 1;
            let expected = ends.iter().rfind(|end| **end <= at);
            assert_eq!(Some(&alike(&whole, &other)), expected, "{at}");
        }
    }

    #[test]
    fn broken_entries_are_refused_at_every_cut() {
        let mut whole = b"100644 a b\0".to_vec();
        whole.extend([7; 20]);
        let entry = parse_entry(&whole).expect("whole");
        assert_eq!((entry.mode, entry.name, entry.len), (Mode::File, &b"a b"[..], whole.len()));
        for cut in 0..whole.len() {
            assert!(parse_entry(&whole[..cut]).is_none(), "{cut}");
        }
        for head in ["100644 \0", " a\0", "10064x a\0", "100644 a/b\0", "0000100644 a\0"] {
            assert!(parse_entry(&[head.as_bytes(), &[7; 20]].concat()).is_none(), "{head:?}");
        }
    }

    #[test]
    fn odd_modes_are_read_as_git_reads_them() {
        for (octal, mode) in [
            ("100664", Mode::File),
            ("100775", Mode::Executable),
            ("40000", Mode::Tree),
            ("040000", Mode::Tree),
            ("120000", Mode::Symlink),
            ("160000", Mode::Commit),
        ] {
            assert_eq!(Mode::parse(octal.as_bytes()), Some(mode), "{octal}");
        }
    }
}
