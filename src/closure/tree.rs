//! The files of a repository, and what was read of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bstr::{BStr, BString, ByteSlice as _};

use super::untracked;
use super::workspace::{self, Workspace};
use crate::change::ChangedFiles;
use crate::glob::Rules;
use crate::source::Source;
use crate::text::escape;

/// The longest file that is read, in bytes: 4 MiB. A lock file may be that long, a Dockerfile never is.
pub const MAX_FILE: usize = 4 << 20;

/// Most bytes of all files that are read for one workflow file, or for one workspace.
const MAX_TOTAL: usize = 64 << 20;

/// The files that git tracks, and their texts.
pub trait Tree: Sync + std::fmt::Debug {
    /// Their paths, relative to the repository's root.
    fn tracked(&self) -> &ChangedFiles;

    /// The text of the file at `path`; `None` when none is there. No symlink is followed, so that what is read lies inside.
    ///
    /// # Errors
    /// Why it cannot be read, as a phrase: longer than `max` bytes, not UTF-8, IO.
    fn read(&self, path: &str, max: usize) -> Result<Option<String>, String>;
}

/// A tree in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    tracked: ChangedFiles,
    texts: BTreeMap<String, String>,
}

impl<P: Into<String>, T: Into<String>> FromIterator<(P, T)> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        let texts: BTreeMap<String, String> =
            files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Self { tracked: texts.keys().map(String::as_str).collect(), texts }
    }
}

impl Tree for MemoryTree {
    fn tracked(&self) -> &ChangedFiles {
        &self.tracked
    }

    fn read(&self, path: &str, max: usize) -> Result<Option<String>, String> {
        match self.texts.get(path) {
            Some(text) if text.len() > max => Err(format!("it is longer than {max} bytes")),
            text => Ok(text.cloned()),
        }
    }
}

/// What reading a file came to: its text, if there is one, or why it could not be read.
type Held = Result<Option<Arc<Source>>, String>;

/// The workspaces in one folder.
type Workspaces = Vec<Arc<Workspace>>;

/// What all builds of a tree have in common, found when it is first asked for: the workspaces in its folders, and what git can come to track.
#[derive(Debug, Default)]
pub struct Common {
    workspaces: Mutex<BTreeMap<String, Arc<OnceLock<Workspaces>>>>,
    trackable: OnceLock<Arc<Rules>>,
}

/// A [`Tree`] that reads each file once, and all together at most 64 MiB.
pub struct Library<'t> {
    tree: &'t dyn Tree,
    common: Arc<Common>,
    read: RefCell<(BTreeMap<String, Held>, usize)>,
}

impl<'t> Library<'t> {
    /// Nothing is read yet.
    pub fn new(tree: &'t dyn Tree) -> Self {
        Self::sharing(tree, Arc::default())
    }

    /// The same, where others have found what is `common`. It must be of this tree.
    pub fn sharing(tree: &'t dyn Tree, common: Arc<Common>) -> Self {
        Self { tree, common, read: RefCell::default() }
    }

    /// The files that git tracks or may come to track: no change has others.
    pub fn trackable(&self) -> Arc<Rules> {
        // With a bound of its own: what was read here before does not count.
        let find = || Arc::new(untracked::trackable(&Library::new(self.tree)));
        Arc::clone(self.common.trackable.get_or_init(find))
    }

    /// The workspaces whose root is `folder`.
    pub(super) fn workspaces(&self, folder: &str) -> Workspaces {
        let place = {
            let mut all = self.common.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(folder.to_owned()).or_default())
        };
        let find = || workspace::load(&Library::new(self.tree), folder).into_iter().map(Arc::new).collect();
        place.get_or_init(find).clone()
    }

    pub(super) fn tracked(&self) -> &'t ChangedFiles {
        self.tree.tracked()
    }

    /// The tracked paths that begin with `text`.
    pub(super) fn beginning_with<'l>(&self, text: &'l str) -> impl Iterator<Item = &'t BStr> + use<'t, 'l> {
        let all: &'t [BString] = self.tracked();
        let start = all.partition_point(|path| path.as_slice() < text.as_bytes());
        all[start..].iter().map(|path| path.as_bstr()).take_while(move |path| path.starts_with(text.as_bytes()))
    }

    /// The file at `path`, which git tracks; `None` when there is none.
    ///
    /// # Errors
    /// Why it cannot be read, as a whole phrase.
    pub(super) fn file(&self, path: &str) -> Held {
        if !self.tracked().contains_path(path.as_bytes()) {
            return Ok(None);
        }
        let (files, total) = &mut *self.read.borrow_mut();
        if let Some(held) = files.get(path) {
            return held.clone();
        }
        let room = MAX_FILE.min(MAX_TOTAL - (*total).min(MAX_TOTAL));
        let held = self.tree.read(path, room).map(|text| text.map(|text| Arc::new(Source::new(path, text))));
        let held = held.map_err(|why| format!("`{}` cannot be read: {why}", escape(path)));
        *total += held.as_ref().ok().and_then(Option::as_ref).map_or(0, |file| file.text().len());
        files.insert(path.to_owned(), held.clone());
        held
    }
}

/// Joins `path`, which may begin with `/` (the root of the repository) or leave its folder with `..`, to the folder `base`. `None` when it
/// leads out of the repository. The root is the empty path.
pub(super) fn join(base: &str, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = if path.starts_with('/') { Vec::new() } else { base.split('/').collect() };
    segments.retain(|segment| !segment.is_empty());
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// The rest of `path` below the folder `folder`, which may be the root.
pub(super) fn below<'p>(path: &'p [u8], folder: &str) -> Option<&'p [u8]> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_repository() {
        for (base, path, joined) in [
            ("", ".", Some("")),
            ("a", "b/./c", Some("a/b/c")),
            ("a/b", "../c/", Some("a/c")),
            ("a", "/b", Some("b")),
            ("a", "../..", None),
            ("", "..", None),
        ] {
            assert_eq!(join(base, path).as_deref(), joined, "{base} {path}");
        }
        assert_eq!(below(b"a/b", "a"), Some(&b"b"[..]));
        assert_eq!(below(b"ab", "a"), None);
        assert_eq!(below(b"ab", ""), Some(&b"ab"[..]));
    }

    #[test]
    fn a_file_is_read_once_and_not_beyond_the_bound() {
        let tree: MemoryTree = [("a", "x".repeat(MAX_FILE + 1)), ("b", "text".to_owned())].into_iter().collect();
        let library = Library::new(&tree);
        let why = library.file("a").expect_err("it is too long");
        assert!(why.starts_with("`a` cannot be read: it is longer than"), "{why}");
        assert_eq!(library.file("b").expect("it is read").map(|file| file.text().to_owned()), Some("text".to_owned()));
        assert!(library.file("c").expect("nothing there").is_none());
    }
}
