//! The files of a commit, chosen by their paths.

use bstr::{BStr, BString, ByteSlice as _};

use super::{
    Error, Repository,
    diff::changed_paths,
    snapshot::{Kind, Snapshot},
};
use crate::source::MAX_LEN;

/// Most bytes of all files together.
const MAX_TOTAL: usize = 16 * MAX_LEN;

/// A file of a commit.
#[derive(Debug)]
pub struct File {
    /// The path, relative to the repository's root, with `/`.
    pub path: BString,
    /// The bytes, at most [`MAX_LEN`]; or why this one cannot be read.
    pub bytes: Result<Vec<u8>, Error>,
}

impl Repository {
    /// The files of the commit `revision` whose path is `wanted`, in the order of their paths. Symlinks and submodules are no files.
    ///
    /// # Errors
    /// An unknown revision, an unreadable tree, more paths than the room's limits allow. That one file cannot be read is said in its place.
    pub fn files_at(&self, revision: &BStr, mut wanted: impl FnMut(&BStr) -> bool) -> Result<Vec<File>, Error> {
        let tree = self.resolve(revision)?.commit.tree_id();
        let view = self.view(&Snapshot::Revision(revision.into()))?;
        let (mut files, mut total) = (Vec::new(), 0);
        for path in changed_paths(&self.objects(), None, Some(tree))? {
            if !wanted(path.as_bstr()) {
                continue;
            }
            if let Some(node) = view.node(path.as_bstr())?.filter(|node| node.kind == Kind::File) {
                let bytes = view.read(&node);
                total += bytes.as_ref().map_or(0, Vec::len);
                if total > MAX_TOTAL {
                    let limit = format!("{} MiB", MAX_TOTAL >> 20);
                    return Err(Error::TooLarge { what: "too many files".to_owned(), limit });
                }
                files.push(File { path, bytes });
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }
}
