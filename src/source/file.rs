use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::{LineIndex, Position, Span};

/// A file that was read: its name and its text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Where the text stands in for what is not UTF-8.
    broken: Option<Span>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A file of this name (a path relative to the repository's root, or what the user called it) and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), broken: None, lines: OnceLock::new() }
    }

    /// A file of these bytes, which need not be UTF-8: what is not becomes U+FFFD in the text, so that people can be shown where.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(name, text),
            Err(error) => {
                let start = error.utf8_error().valid_up_to();
                let broken = Some(Span::from(start..start + char::REPLACEMENT_CHARACTER.len_utf8()));
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Self { broken, ..Self::new(name, text) }
            }
        }
    }

    /// The file with another text: one that is not UTF-8 stays so.
    #[must_use]
    pub fn with_text(&self, text: impl Into<String>) -> Self {
        Self { broken: self.broken, ..Self::new(self.name.clone(), text) }
    }

    /// The first place that is not UTF-8, if there is one: its start counts the file's own bytes, its end those of the text, where
    /// U+FFFD takes its place. Offsets behind it are the text's only.
    pub fn not_utf8(&self) -> Option<Span> {
        self.broken
    }

    /// The file's name, as it is shown. It may hold anything: escape it before it reaches a terminal.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of the byte at `offset`.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }

    /// The bytes of the line that holds the byte at `offset`, without its line break.
    pub fn line(&self, offset: u32) -> Span {
        self.lines().line(&self.text, offset)
    }

    /// The text of `span`, which must come from this file; out of range or inside a character, the empty string.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// A file of one [`Sources`]. The default is the first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// Set in the ids of files that are only mentioned.
    const MENTIONED: u32 = 1 << 31;

    fn mentioned(at: usize) -> Self {
        Self(at as u32 | Self::MENTIONED)
    }

    /// Its place among the mentioned files; `None` for one of the others.
    fn at_mentioned(self) -> Option<usize> {
        (self.0 & Self::MENTIONED != 0).then_some((self.0 & !Self::MENTIONED) as usize)
    }
}

/// The files that an answer speaks of.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    mentions: Mentions,
}

/// Files that an answer points at without being about them: a Dockerfile, beside the workflow that builds it.
#[derive(Debug, Default)]
pub struct Mentions(Vec<Arc<Source>>);

impl Mentions {
    /// The id of `source`, which is added if it is new: files of one name are the same.
    pub fn add(&mut self, source: &Arc<Source>) -> FileId {
        let known = self.0.iter().position(|known| known.name() == source.name());
        FileId::mentioned(known.unwrap_or_else(|| {
            self.0.push(Arc::clone(source));
            self.0.len() - 1
        }))
    }

    /// The file `id`; `None` when it is none of these.
    pub fn get(&self, id: FileId) -> Option<&Arc<Source>> {
        self.0.get(id.at_mentioned()?)
    }
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    /// Adds the files of `other`, but for those that are here already, with the same name and text. Where each of them is now.
    pub fn merge(&mut self, other: &Self) -> HashMap<FileId, FileId> {
        let mut by_name: HashMap<String, Vec<FileId>> = HashMap::new();
        for (id, file) in self.iter() {
            by_name.entry(file.name.clone()).or_default().push(id);
        }
        let mut now = HashMap::with_capacity(other.len());
        for (was, file) in other.iter() {
            let known = by_name.entry(file.name.clone()).or_default();
            let is = match known.iter().find(|&&id| self[id].text == file.text) {
                Some(&id) => id,
                None => self.add(Source::new(file.name(), file.text())),
            };
            known.push(is);
            now.insert(was, is);
        }
        for (at, file) in other.mentions.0.iter().enumerate() {
            now.insert(FileId::mentioned(at), self.mention(file));
        }
        now
    }

    /// Adds a file that is only pointed at; [`iter`](Self::iter) and [`len`](Self::len) pass over it.
    pub fn mention(&mut self, source: &Arc<Source>) -> FileId {
        self.mentions.add(source)
    }

    /// The files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(at, source)| (FileId(at as u32), source))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl std::ops::Index<FileId> for Sources {
    type Output = Source;

    /// The file `id`, which must come from this set.
    fn index(&self, id: FileId) -> &Source {
        match id.at_mentioned() {
            None => &self.files[id.0 as usize],
            Some(at) => &self.mentions.0[at],
        }
    }
}
