//! The changed files, held against lists of patterns.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::change::ChangedFiles;
use crate::glob::{Pattern, PatternSet};
use crate::workflow::Glob;

/// From how many changed files on a list of patterns is compiled into a set first, and its answers kept.
const COMPILE_FROM: usize = 64;

/// The changed files of a pipeline, with what is known of them already: a list of patterns that many steps share, mostly through an
/// anchor, is held against many files only once.
pub(super) struct Files<'a> {
    files: &'a ChangedFiles,
    known: RefCell<HashMap<Question, Option<Match>>>,
}

/// Which file is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Wanted {
    Matched,
    Unmatched,
}

/// Which file is looked for, and the patterns as they are written: which of them matches first hangs on their order.
type Question = (Wanted, Vec<Pattern>);

/// The indices of a file and of the first pattern that matches it, if one does.
type Match = (usize, Option<usize>);

impl<'a> Files<'a> {
    pub(super) fn new(files: &'a ChangedFiles) -> Self {
        Self { files, known: RefCell::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The first file that one of `globs` matches, and the first of them that does.
    pub(super) fn first_matched<'g>(&self, globs: &[&'g Glob]) -> Option<(&'a [u8], &'g Glob)> {
        let (file, glob) = self.first(Wanted::Matched, globs)?;
        Some((self.files.get(file)?, globs.get(glob?)?))
    }

    /// The first file that none of `globs` matches.
    pub(super) fn first_unmatched(&self, globs: &[&Glob]) -> Option<&'a [u8]> {
        let (file, _) = self.first(Wanted::Unmatched, globs)?;
        Some(self.files.get(file)?)
    }

    fn first(&self, wanted: Wanted, globs: &[&Glob]) -> Option<Match> {
        if self.files.len() < COMPILE_FROM {
            return self.find(wanted, |file| globs.iter().position(|glob| glob.pattern.is_match(file)));
        }
        let patterns: Vec<Pattern> = globs.iter().map(|glob| glob.pattern.clone()).collect();
        *self.known.borrow_mut().entry((wanted, patterns.clone())).or_insert_with(|| {
            let set = PatternSet::new(patterns);
            self.find(wanted, |file| set.first_match(file))
        })
    }

    fn find(&self, wanted: Wanted, first_match: impl Fn(&[u8]) -> Option<usize>) -> Option<Match> {
        let mut answers = self.files.iter().map(|file| first_match(file)).enumerate();
        answers.find(|(_, glob)| glob.is_some() == (wanted == Wanted::Matched))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::OffsetMap;
    use crate::workflow::Place;

    #[test]
    fn many_files_get_the_answers_of_few() {
        let globs = |texts: &[&str]| -> Vec<Glob> {
            texts
                .iter()
                .map(|text| Glob { pattern: Pattern::parse(text), place: Place::default(), map: OffsetMap::new() })
                .collect()
        };
        for count in [COMPILE_FROM - 1, COMPILE_FROM, COMPILE_FROM + 1] {
            let changed: ChangedFiles = (0..count).map(|at| format!("d/{at:03}.{}", ["md", "rs"][at % 2])).collect();
            let files = Files::new(&changed);
            // Twice: the second answer may be a kept one.
            for _ in 0..2 {
                for (texts, matched, unmatched) in [
                    (&["*.md", "**/*.rs", "d/*"][..], Some(("d/000.md", "d/*")), None),
                    (&["**/*.rs"], Some(("d/001.rs", "**/*.rs")), Some("d/000.md")),
                    (&["**/*.md"], Some(("d/000.md", "**/*.md")), Some("d/001.rs")),
                    (&["d"], None, Some("d/000.md")),
                    (&[], None, Some("d/000.md")),
                ] {
                    let globs = globs(texts);
                    let globs: Vec<&Glob> = globs.iter().collect();
                    let found = files.first_matched(&globs).map(|(file, glob)| (file, glob.pattern.text()));
                    assert_eq!(found, matched.map(|(file, glob)| (file.as_bytes(), glob)), "{texts:?}");
                    assert_eq!(files.first_unmatched(&globs), unmatched.map(str::as_bytes), "{texts:?}");
                }
            }
        }
    }
}
