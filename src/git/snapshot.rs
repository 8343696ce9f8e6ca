//! A commit, the index and the working tree, read alike: what lies at a path.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bstr::{BStr, BString, ByteSlice as _};
use git2::{ObjectType, Oid};

use super::{
    Error, Repository,
    tree::{Mode, Tree},
};
use crate::{source::MAX_LEN, text::escape};

/// Where files are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Snapshot {
    /// A commit, by any name or by its id.
    Revision(BString),
    /// The index: what is staged.
    Index,
    /// The working tree, without the files that git ignores.
    Worktree,
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Symlink,
    Folder,
    /// A submodule, a device, a pipe…
    Other,
}

/// A path and what lies there.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) path: BString,
    pub(super) kind: Kind,
    /// The object; `None` in the working tree.
    pub(super) id: Option<Oid>,
}

/// An opened [`Snapshot`].
pub(super) enum View<'r> {
    Commit { repository: &'r Repository, tree: Oid },
    Index { repository: &'r Repository, index: git2::Index },
    Worktree { repository: &'r Repository, root: &'r Path },
}

impl Repository {
    pub(super) fn view(&self, snapshot: &Snapshot) -> Result<View<'_>, Error> {
        Ok(match snapshot {
            Snapshot::Revision(spec) => {
                View::Commit { repository: self, tree: self.resolve(spec.as_bstr())?.commit.tree_id() }
            }
            Snapshot::Index if self.inner.is_bare() => return Err(Error::Bare),
            Snapshot::Index => View::Index { repository: self, index: self.index()? },
            Snapshot::Worktree => View::Worktree { repository: self, root: self.workdir().ok_or(Error::Bare)? },
        })
    }
}

impl View<'_> {
    /// What lies at `path` (`/`-separated, without empty segments, `.` and `..`); `None` if nothing does. Symlinks on the way are
    /// not followed.
    pub(super) fn node(&self, path: &BStr) -> Result<Option<Node>, Error> {
        let node = |kind, id| Some(Node { path: path.into(), kind, id });
        match self {
            Self::Commit { repository, tree } => {
                let found = repository.tree_entry(*tree, path)?;
                Ok(found.and_then(|(mode, id)| node(kind_of_mode(mode), Some(id))))
            }
            Self::Index { index, .. } => {
                if let Some(entry) = index.iter().find(|entry| entry.path == **path && stage(entry) == 0) {
                    return Ok(node(kind_of_bits(entry.mode), Some(entry.id)));
                }
                let folder = index.iter().any(|entry| inside(&entry.path, path).is_some());
                Ok(folder.then_some(()).and_then(|()| node(Kind::Folder, None)))
            }
            Self::Worktree { repository, root } => {
                let Some(kind) = kind_on_disk(root, path)? else { return Ok(None) };
                let hidden = kind != Kind::Folder && repository.ignores(path)?;
                Ok(if hidden { None } else { node(kind, None) })
            }
        }
    }

    /// What lies right in the folder `path`, sorted by path.
    pub(super) fn folder(&self, path: &BStr) -> Result<Vec<Node>, Error> {
        let join = |name: &[u8]| BString::from([path.as_bytes(), b"/", name].concat());
        let mut nodes = Vec::new();
        match self {
            Self::Commit { repository, tree } => {
                let Some((Mode::Tree, id)) = repository.tree_entry(*tree, path)? else { return Ok(nodes) };
                let (objects, odb) = (repository.objects(), repository.objects().odb()?);
                let mut tree = Tree::open(&objects, &odb, Some(id))?;
                while let Some(entry) = tree.peek()? {
                    nodes.push(Node { path: join(entry.name), kind: kind_of_mode(entry.mode), id: Some(entry.id()) });
                    let len = entry.len();
                    tree.advance(len);
                }
            }
            Self::Index { index, .. } => {
                for entry in index.iter().filter(|entry| stage(entry) == 0) {
                    let Some(name) = inside(&entry.path, path) else { continue };
                    if !name.contains(&b'/') {
                        nodes.push(Node { path: join(name), kind: kind_of_bits(entry.mode), id: Some(entry.id) });
                    }
                }
            }
            Self::Worktree { root, .. } => {
                let dir = on_disk(root, path)?;
                let fail = |source| Error::Io { path: dir.clone(), source };
                for entry in fs::read_dir(&dir).map_err(fail)? {
                    let name = entry.map_err(fail)?.file_name();
                    nodes.extend(self.node(join(name.as_encoded_bytes()).as_bstr())?);
                }
            }
        }
        nodes.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(nodes)
    }

    /// The bytes of a file, or the target of a symlink, as git stores it; and its object.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`MAX_LEN`], before anything is read; a missing object; IO.
    pub(super) fn read(&self, node: &Node) -> Result<Vec<u8>, Error> {
        let too_large = || Error::TooLarge {
            what: format!("the file `{}` is too large", escape(&node.path)),
            limit: format!("{} MiB", MAX_LEN >> 20),
        };
        match self {
            Self::Commit { repository, .. } | Self::Index { repository, .. } => {
                let Some(id) = node.id else { return Ok(Vec::new()) };
                let objects = repository.objects();
                let odb = objects.odb()?;
                if objects.size(&odb, id, FILE)? > MAX_LEN {
                    return Err(too_large());
                }
                Ok(objects.read(&odb, id, ObjectType::Blob, FILE)?.data().to_vec())
            }
            Self::Worktree { root, .. } => {
                let path = on_disk(root, node.path.as_bstr())?;
                let fail = |source| Error::Io { path: path.clone(), source };
                if node.kind == Kind::Symlink {
                    return Ok(fs::read_link(&path).map_err(fail)?.as_os_str().as_encoded_bytes().to_vec());
                }
                let mut bytes = Vec::new();
                fs::File::open(&path)
                    .and_then(|file| file.take(MAX_LEN as u64 + 1).read_to_end(&mut bytes))
                    .map_err(fail)?;
                if bytes.len() > MAX_LEN { Err(too_large()) } else { Ok(bytes) }
            }
        }
    }
}

const FILE: &str = "the file with the blob";

impl Repository {
    /// The entry at `path` below the tree `id`.
    fn tree_entry(&self, mut id: Oid, path: &BStr) -> Result<Option<(Mode, Oid)>, Error> {
        let (objects, odb) = (self.objects(), self.objects().odb()?);
        let mut mode = Mode::Tree;
        for name in path.split_str("/") {
            if mode != Mode::Tree {
                return Ok(None);
            }
            let Some(entry) = Tree::open(&objects, &odb, Some(id))?.find(name)? else { return Ok(None) };
            (mode, id) = entry;
        }
        Ok(Some((mode, id)))
    }

    /// Whether git ignores the file at `path`: a rule says so and the index does not have it.
    fn ignores(&self, path: &BStr) -> Result<bool, Error> {
        let Ok(name) = path.to_path() else { return Ok(false) };
        if !self.inner.is_path_ignored(name).map_err(Error::git("read the ignore rules"))? {
            return Ok(false);
        }
        Ok(self.index()?.get_path(name, 0).is_none())
    }
}

/// The rest of `path` below `folder`.
fn inside<'p>(path: &'p [u8], folder: &BStr) -> Option<&'p [u8]> {
    path.strip_prefix(folder.as_bytes())?.strip_prefix(b"/")
}

/// The stage of an index entry; 0 but for conflicts.
fn stage(entry: &git2::IndexEntry) -> u16 {
    entry.flags >> 12 & 3
}

fn kind_of_mode(mode: Mode) -> Kind {
    match mode {
        Mode::File | Mode::Executable => Kind::File,
        Mode::Symlink => Kind::Symlink,
        Mode::Tree => Kind::Folder,
        Mode::Commit => Kind::Other,
    }
}

fn kind_of_bits(bits: u32) -> Kind {
    match bits & 0o170_000 {
        0o100_000 => Kind::File,
        0o120_000 => Kind::Symlink,
        _ => Kind::Other,
    }
}

/// `path` below `root`.
pub(super) fn on_disk(root: &Path, path: &BStr) -> Result<PathBuf, Error> {
    let below = path.to_path().map_err(|error| Error::Io {
        path: root.join(path.to_path_lossy()),
        source: io::Error::new(io::ErrorKind::InvalidInput, error),
    })?;
    Ok(root.join(below))
}

/// What lies at `path` below `root`, looked at segment by segment so that no symlink leads elsewhere.
pub(super) fn kind_on_disk(root: &Path, path: &BStr) -> Result<Option<Kind>, Error> {
    let mut at = root.to_owned();
    let mut kind = Kind::Folder;
    for name in path.split_str("/") {
        if kind != Kind::Folder {
            return Ok(None);
        }
        at = on_disk(&at, name.as_bstr())?;
        kind = match fs::symlink_metadata(&at) {
            Ok(data) if data.is_dir() => Kind::Folder,
            Ok(data) if data.is_file() => Kind::File,
            Ok(data) if data.is_symlink() => Kind::Symlink,
            Ok(_) => Kind::Other,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(source) => return Err(Error::Io { path: at, source }),
        };
    }
    Ok(Some(kind))
}
