//! Which files are the workflows of a repository.

use bstr::{BString, ByteSlice as _};

use super::{
    Error, Repository, Snapshot,
    snapshot::{Kind, Node, View},
};
use crate::{source::MAX_LEN, text::escape};

/// Where the server looks when a repository has no path of its own set, in this order; a `/` at the end means a folder.
const DEFAULT_PLACES: [&str; 3] = [".woodpecker/", ".woodpecker.yaml", ".woodpecker.yml"];

/// Most workflow files.
const MAX_FILES: usize = 4096;

/// Most bytes of all workflow files together.
const MAX_TOTAL: usize = 4 * MAX_LEN;

/// The workflow files of a commit, the index or the working tree.
///
/// As Woodpecker's config service finds them (`server/services/config/forge.go`, the same from 2.8.3 to next): the folder `.woodpecker/` if
/// at least one file right in it ends with `.yaml` or `.yml`; else `.woodpecker.yaml`; else `.woodpecker.yml`. If a path is set on the
/// repository, only that: a folder if it ends with `/`, else a file of any name. A single file that is there but empty ends
/// the search with no workflow at all. Empty files in a folder are kept.
///
/// Where the forges differ, this is what Gitea and Forgejo do: a symlink in the folder is left out (GitHub follows it, GitLab takes the
/// target's name for the text), a subfolder is passed over (on GitHub it makes the whole folder unreadable).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkflowFiles {
    /// The place where they were found: `.woodpecker/`, `.woodpecker.yaml`, or the path that was set. `None` if nowhere: the server then
    /// makes no pipeline.
    pub place: Option<String>,
    /// The files, sorted by path.
    pub files: Vec<WorkflowFile>,
    /// What a person should know of the search; whole phrases, safe to print.
    pub notes: Vec<String>,
}

/// A workflow file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowFile {
    /// The path, relative to the repository's root, with `/`.
    pub path: BString,
    /// The bytes, at most [`MAX_LEN`]; not necessarily UTF-8.
    pub bytes: Vec<u8>,
    /// The blob's id in hexadecimal; `None` in the working tree.
    pub blob: Option<String>,
}

impl Repository {
    /// The workflow files in `snapshot`; `path` is the one set in the repository's settings on the server, if any.
    ///
    /// # Errors
    /// An unknown revision, a file above [`MAX_LEN`], a blob that is not in this clone, IO.
    pub fn workflow_files(&self, snapshot: &Snapshot, path: Option<&str>) -> Result<WorkflowFiles, Error> {
        WorkflowFiles::find(&self.view(snapshot)?, path)
    }
}

/// Where workflows are looked for, as they are written: in the place that is set, else in the usual ones.
fn written(path: Option<&str>) -> Vec<&str> {
    path.map_or_else(|| DEFAULT_PLACES.to_vec(), |path| vec![path])
}

/// Paths outside of which nothing counts for the workflow files of a commit.
pub(super) fn places(path: Option<&str>) -> Vec<BString> {
    written(set(path)).into_iter().filter_map(clean).collect()
}

/// The place that is set in the repository's settings on the server, if any.
fn set(path: Option<&str>) -> Option<&str> {
    path.map(str::trim).filter(|path| !path.is_empty())
}

impl WorkflowFiles {
    pub(super) fn find(view: &View<'_>, path: Option<&str>) -> Result<Self, Error> {
        let mut found = Self::default();
        for place in written(set(path)) {
            if found.look(view, place)? {
                found.place = Some(place.to_owned());
                break;
            }
        }
        Ok(found)
    }

    /// Reads what lies at `place`; false if the search goes on.
    fn look(&mut self, view: &View<'_>, place: &str) -> Result<bool, Error> {
        let Some(path) = clean(place) else { return Ok(false) };
        let Some(node) = view.node(path.as_bstr())? else { return Ok(false) };
        if place.ends_with('/') {
            if node.kind == Kind::Symlink {
                self.notes.push(format!("`{}` is a symlink, which is not followed to a folder", escape(&path)));
            }
            return if node.kind == Kind::Folder { self.look_into(view, &node) } else { Ok(false) };
        }
        match node.kind {
            Kind::File => {}
            Kind::Symlink => self.notes.push(format!(
                "`{}` is a symlink: most forges hand the server the path it names as the text, only GitHub follows it",
                escape(&path)
            )),
            Kind::Folder | Kind::Other => return Ok(false),
        }
        self.take(view, node)?;
        if self.files.pop_if(|file| file.bytes.is_empty()).is_some() {
            self.notes
                .push(format!("`{}` is empty: the server stops looking there and makes no pipeline", escape(&path)));
        }
        Ok(true)
    }

    fn look_into(&mut self, view: &View<'_>, folder: &Node) -> Result<bool, Error> {
        for node in view.folder(folder.path.as_bstr())? {
            let named = node.path.ends_with(b".yaml") || node.path.ends_with(b".yml");
            match node.kind {
                Kind::File if named => self.take(view, node)?,
                Kind::Symlink if named => self.notes.push(format!(
                    "`{}` is a symlink, which Gitea and Forgejo leave out; GitHub follows it",
                    escape(&node.path)
                )),
                Kind::Folder => self.notes.push(format!(
                    "`{}/` is not looked into; on GitHub a folder there makes `{}/` unreadable as a whole",
                    escape(&node.path),
                    escape(&folder.path)
                )),
                _ => {}
            }
        }
        Ok(!self.files.is_empty())
    }

    fn take(&mut self, view: &View<'_>, node: Node) -> Result<(), Error> {
        let bytes = view.read(&node)?;
        let total = self.files.iter().map(|file| file.bytes.len()).sum::<usize>() + bytes.len();
        if total > MAX_TOTAL || self.files.len() >= MAX_FILES {
            let limit = format!("{MAX_FILES} files or {} MiB", MAX_TOTAL >> 20);
            return Err(Error::TooLarge { what: "too many workflow files".to_owned(), limit });
        }
        self.files.push(WorkflowFile { path: node.path, bytes, blob: node.id.map(|id| id.to_string()) });
        Ok(())
    }
}

/// `place` as a path in a repository: without empty segments and `.`; `None` if it leads out of it, or nowhere.
fn clean(place: &str) -> Option<BString> {
    let segments: Vec<&str> = place.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    let inside = !segments.is_empty() && !segments.contains(&"..");
    inside.then(|| segments.join("/").into())
}
