//! The globs of `#` and `%`. Not doublestar's, which `when` uses: `*` crosses `/`, there is no `**` and no `{a,b}`.

use super::function::Work;
use super::{SubstErrorKind as Kind, unicode};

/// A pattern: pieces without a star, each perhaps after a star.
#[derive(Debug)]
pub(super) struct Pattern {
    chunks: Vec<Chunk>,
    /// The ranges of all classes.
    ranges: Vec<(char, char)>,
    /// Whether the pattern ends with `*`.
    open: bool,
}

#[derive(Debug)]
struct Chunk {
    /// Whether `*` precedes it.
    starred: bool,
    items: Vec<Item>,
    /// Whether an item is [`Item::Malformed`].
    malformed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Item {
    /// This byte.
    Byte(u8),
    /// Any character.
    Any,
    /// A character in (or, negated, outside) `ranges[start..end]`.
    Class { negated: bool, start: u32, end: u32 },
    /// From here on the pattern is malformed, which the library notices only when it gets here with something left to match.
    Malformed,
}

/// What a pattern says about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Match,
    Miss,
    /// The malformed part was reached before the answer.
    Malformed,
}

/// A chunk at one place.
enum Try {
    /// It matches so many bytes.
    Match(usize),
    Miss,
    Malformed,
}

impl Pattern {
    /// Reads a pattern of any bytes.
    pub(super) fn parse(pattern: &[u8], work: &mut Work) -> Result<Self, Kind> {
        // An item is larger than the byte it is made of: without this, patterns would be the largest thing in memory.
        work.spend(pattern.len().saturating_mul(32))?;
        let mut parsed = Self { chunks: Vec::new(), ranges: Vec::new(), open: false };
        let mut rest = pattern;
        while !rest.is_empty() {
            let stars = rest.iter().take_while(|&&byte| byte == b'*').count();
            let after = rest.get(stars..).unwrap_or_default();
            let (chunk, next) = after.split_at(chunk_len(after));
            if chunk.is_empty() {
                parsed.open = true;
            } else {
                let items = parsed.items(chunk);
                let malformed = matches!(items.last(), Some(Item::Malformed));
                parsed.chunks.push(Chunk { starred: stars > 0, items, malformed });
            }
            rest = next;
        }
        Ok(parsed)
    }

    fn items(&mut self, mut chunk: &[u8]) -> Vec<Item> {
        let mut items = Vec::with_capacity(chunk.len());
        while let Some((&first, rest)) = chunk.split_first() {
            let item = match first {
                b'[' => self.class(rest),
                b'?' => Some((Item::Any, rest)),
                b'\\' => rest.split_first().map(|(&byte, rest)| (Item::Byte(byte), rest)),
                byte => Some((Item::Byte(byte), rest)),
            };
            let Some((item, rest)) = item else {
                items.push(Item::Malformed);
                break;
            };
            items.push(item);
            chunk = rest;
        }
        items
    }

    /// The class whose `[` was read, and what follows it. `None` if it is malformed.
    fn class<'p>(&mut self, inside: &'p [u8]) -> Option<(Item, &'p [u8])> {
        let start = self.ranges.len() as u32;
        let negated = inside.starts_with(b"^");
        let mut rest = inside.strip_prefix(b"^").unwrap_or(inside);
        loop {
            let end = self.ranges.len() as u32;
            if let Some(rest) = rest.strip_prefix(b"]")
                && start < end
            {
                return Some((Item::Class { negated, start, end }, rest));
            }
            let low;
            (low, rest) = class_char(rest)?;
            let mut high = low;
            if let Some(after) = rest.strip_prefix(b"-") {
                (high, rest) = class_char(after)?;
            }
            self.ranges.push((low, high));
        }
    }

    /// Whether matching can end in [`Verdict::Malformed`].
    pub(super) fn is_malformed(&self) -> bool {
        self.chunks.iter().any(|chunk| chunk.malformed)
    }

    /// Matches all of `text`, which is not empty.
    pub(super) fn matches(&self, text: &[u8], work: &mut Work) -> Result<Verdict, Kind> {
        let mut rest = text;
        let mut chunks = self.chunks.iter().peekable();
        while let Some(chunk) = chunks.next() {
            let last = chunks.peek().is_none() && !self.open;
            match self.find(chunk, rest, last, work)? {
                Ok(end) => rest = rest.get(end..).unwrap_or_default(),
                Err(verdict) => return Ok(verdict),
            }
        }
        work.spend(1)?;
        Ok(if self.open || rest.is_empty() { Verdict::Match } else { Verdict::Miss })
    }

    /// Where the first match of `chunk` in `text` ends: at the front, or anywhere if a star precedes it. The last chunk's match must
    /// end where the text does. There is no going back to an earlier chunk, and no need for it.
    fn find(&self, chunk: &Chunk, text: &[u8], last: bool, work: &mut Work) -> Result<Result<usize, Verdict>, Kind> {
        let mut at = 0;
        if chunk.starred && last && !chunk.malformed {
            // An item takes one to four bytes, so that earlier starts cannot reach the end. They could only tell that the
            // chunk is malformed.
            at = text.len().saturating_sub(chunk.items.len().saturating_mul(4));
        }
        while let Some(rest) = text.get(at..) {
            if let Some(&Item::Byte(byte)) = chunk.items.first()
                && chunk.starred
            {
                let skipped = memchr::memchr(byte, rest).unwrap_or(rest.len());
                work.spend(skipped / 16)?;
                at += skipped;
            }
            match self.try_at(chunk, text.get(at..).unwrap_or_default(), work)? {
                Try::Malformed => return Ok(Err(Verdict::Malformed)),
                Try::Match(len) if !last || at + len == text.len() => return Ok(Ok(at + len)),
                _ if !chunk.starred => break,
                _ => at += 1,
            }
        }
        Ok(Err(Verdict::Miss))
    }

    /// Matches `chunk` at the front of `text`.
    fn try_at(&self, chunk: &Chunk, text: &[u8], work: &mut Work) -> Result<Try, Kind> {
        let mut at = 0;
        for &item in &chunk.items {
            work.spend(1)?;
            let rest = text.get(at..).unwrap_or_default();
            let Some((c, len)) = first_of(item, rest) else { return Ok(Try::Miss) };
            let fits = match item {
                Item::Byte(byte) => rest.first() == Some(&byte),
                Item::Any => true,
                Item::Class { negated, start, end } => {
                    let ranges = self.ranges.get(start as usize..end as usize).unwrap_or_default();
                    work.spend(ranges.len())?;
                    ranges.iter().any(|&(low, high)| low <= c && c <= high) != negated
                }
                Item::Malformed => return Ok(Try::Malformed),
            };
            if !fits {
                return Ok(Try::Miss);
            }
            at += len;
        }
        Ok(Try::Match(at))
    }
}

/// The character that `item` is to match, and how many bytes it takes. `None` at the end.
fn first_of(item: Item, rest: &[u8]) -> Option<(char, usize)> {
    match item {
        Item::Byte(_) => rest.first().map(|_| (char::REPLACEMENT_CHARACTER, 1)),
        Item::Any | Item::Class { .. } | Item::Malformed => unicode::first(rest),
    }
}

/// How far the pattern goes before its next star. A star in brackets is none, whether or not they make a class.
fn chunk_len(pattern: &[u8]) -> usize {
    let mut bracketed = false;
    let mut at = 0;
    while let Some(&byte) = pattern.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => bracketed = true,
            b']' => bracketed = false,
            b'*' if !bracketed => break,
            _ => {}
        }
        at += 1;
    }
    at.min(pattern.len())
}

/// One character of a class, perhaps escaped, and what follows, which cannot be nothing.
fn class_char(class: &[u8]) -> Option<(char, &[u8])> {
    let class = match class.first()? {
        b'-' | b']' => return None,
        b'\\' => class.get(1..)?,
        _ => class,
    };
    let (c, len) = unicode::first(class)?;
    let rest = class.get(len..)?;
    let broken = c == char::REPLACEMENT_CHARACTER && len == 1;
    (!broken && !rest.is_empty()).then_some((c, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(pattern: &str, text: &str) -> Verdict {
        let mut work = Work::new();
        let pattern = Pattern::parse(pattern.as_bytes(), &mut work).expect("it is little work");
        pattern.matches(text.as_bytes(), &mut work).expect("it is little work")
    }

    #[test]
    fn stars_cross_slashes_and_everything_must_match() {
        for (pattern, text) in [
            ("*", "a/b"),
            ("a*c", "a/b/c"),
            ("a*b*c", "aXbXbXc"),
            ("?ü[a-c]\\*", "xüb*"),
            ("[^a]", "ü"),
            ("[*]", "*"),
            ("**", "a"),
        ] {
            assert_eq!(verdict(pattern, text), Verdict::Match, "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a", "ab"), ("a*c", "acb"), ("?", "ab"), ("[^a]", "a"), ("{a,b}", "a")] {
            assert_eq!(verdict(pattern, text), Verdict::Miss, "{pattern} {text}");
        }
    }

    #[test]
    fn a_malformed_part_counts_once_it_is_reached() {
        for (pattern, text) in
            [("[", "a"), ("a[", "ab"), ("*a[]", "xab"), ("a\\", "ab"), ("[]a]", "a"), ("[a-]", "a"), ("[-a]", "-")]
        {
            assert_eq!(verdict(pattern, text), Verdict::Malformed, "{pattern} {text}");
        }
        for (pattern, text) in [("a[", "a"), ("a[", "b"), ("*a[]", "xa")] {
            assert_eq!(verdict(pattern, text), Verdict::Miss, "{pattern} {text}");
        }
    }
}
