//! A repository: opening it, its branches, its remotes.

use std::path::{Path, PathBuf};

use bstr::{BString, ByteSlice as _};
use git2::{ErrorClass, ErrorCode, RepositoryOpenFlags};

use super::{Error, Remote, objects::Objects, walk::Remembered};
use crate::text::to_server_string;

/// Where to look for a repository. The last three are what git's hooks and scripts set as environment variables; this room does not
/// read the environment, so the caller passes them on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The folder where the search begins, upward.
    pub dir: PathBuf,
    /// `GIT_DIR`: the git folder itself; no search then. Relative to `dir`.
    pub git_dir: Option<PathBuf>,
    /// `GIT_WORK_TREE`: the working tree; without it, and with `git_dir`, it is `dir` unless the repository is bare. Relative to `dir`.
    pub work_tree: Option<PathBuf>,
    /// `GIT_INDEX_FILE`: the index to read instead of the repository's own (`git commit -a` runs its hooks on another). Relative
    /// to the working tree, or to the git folder if there is none.
    pub index_file: Option<PathBuf>,
}

impl<P: Into<PathBuf>> From<P> for Location {
    fn from(dir: P) -> Self {
        Self { dir: dir.into(), ..Self::default() }
    }
}

/// A local repository, read only: nothing here writes to it, not even its index.
///
/// It is `Send` but not `Sync`: threads that work in parallel open one each, from the same [`Location`] (rayon's `map_init`).
pub struct Repository {
    pub(super) inner: git2::Repository,
    /// Commits that were walked over.
    pub(super) walked: Remembered,
}

impl Repository {
    /// Opens the repository at `location`, or the nearest one above it: a working tree, a linked one, a submodule, a bare repository.
    ///
    /// # Errors
    /// No folder there; no repository in or above it; one of another owner (`safe.directory`); one that libgit2 cannot read (sha256, unknown extensions).
    pub fn open(location: &Location) -> Result<Self, Error> {
        let fail = |error: git2::Error| refuse(error, location);
        let dir = &location.dir;
        if !dir.is_dir() {
            return Err(Error::NoFolder { path: dir.clone() });
        }
        let Some(git_dir) = &location.git_dir else {
            let inner =
                git2::Repository::open_ext(dir, RepositoryOpenFlags::empty(), [] as [&Path; 0]).map_err(fail)?;
            return Self { inner, walked: Remembered::default() }.with_index(location);
        };
        let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT;
        let inner = git2::Repository::open_ext(dir.join(git_dir), flags, [] as [&Path; 0]).map_err(fail)?;
        let work_tree = match &location.work_tree {
            Some(path) => Some(dir.join(path)),
            None if inner.is_bare() => None,
            None => Some(dir.clone()),
        };
        if let Some(path) = work_tree {
            inner.set_workdir(&path, false).map_err(fail)?;
        }
        Self { inner, walked: Remembered::default() }.with_index(location)
    }

    fn with_index(self, location: &Location) -> Result<Self, Error> {
        if let Some(file) = &location.index_file {
            let path = self.inner.workdir().unwrap_or_else(|| self.inner.path()).join(file);
            let mut index = git2::Index::open(&path).map_err(unreadable_index)?;
            self.inner.set_index(&mut index).map_err(unreadable_index)?;
        }
        Ok(self)
    }

    /// Lets go of the objects that were read: libgit2 keeps small ones, as many as there are, for as long as a repository is open.
    ///
    /// # Errors
    /// As [`Repository::open`].
    pub(super) fn forget(&mut self) -> Result<(), Error> {
        let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT;
        let path = self.inner.path().to_owned();
        self.inner = git2::Repository::open_ext(&path, flags, [] as [&Path; 0])
            .map_err(|error| refuse(error, &Location::from(path)))?;
        Ok(())
    }

    /// The git folder: of a linked working tree, its own.
    pub fn git_dir(&self) -> &Path {
        self.inner.path()
    }

    /// The root of the working tree; `None` for a bare repository.
    pub fn workdir(&self) -> Option<&Path> {
        self.inner.workdir()
    }

    /// Whether the history was cut off by `git clone --depth` or its like.
    pub fn is_shallow(&self) -> bool {
        self.inner.is_shallow()
    }

    /// The branch that is checked out, short, also if it has no commit yet; `None` if HEAD is detached.
    ///
    /// # Errors
    /// An unreadable HEAD.
    pub fn current_branch(&self) -> Result<Option<String>, Error> {
        Ok(self.head_target()?.and_then(|name| short(&name, b"refs/heads/")))
    }

    /// The branch that is the repository's default one, short: a guess from what the clone remembers of `origin` (or of its only
    /// remote), else a local `main` or `master` if there is just one of them.
    pub fn default_branch(&self) -> Option<String> {
        let remotes = self.inner.remotes().ok()?;
        let remote = match remotes.len() {
            1 => remotes.get_bytes(0)?.to_vec(),
            _ => b"origin".to_vec(),
        };
        let prefix = [b"refs/remotes/", remote.as_slice(), b"/"].concat();
        let head = [prefix.as_slice(), b"HEAD"].concat();
        let remembered = head.to_str().ok().and_then(|head| self.inner.find_reference(head).ok());
        if let Some(name) = remembered.and_then(|head| short(head.symbolic_target_bytes()?, &prefix)) {
            return Some(name);
        }
        let exists = |name: &&str| self.inner.find_reference(&format!("refs/heads/{name}")).is_ok();
        let mut usual = ["main", "master"].into_iter().filter(exists);
        usual.next().filter(|_| usual.next().is_none()).map(str::to_owned)
    }

    /// The configured remotes, by name, with `url.….insteadOf` applied: the URL that git would contact.
    ///
    /// # Errors
    /// An unreadable configuration.
    pub fn remotes(&self) -> Result<Vec<Remote>, Error> {
        let names = self.inner.remotes().map_err(Error::git("list the remotes"))?;
        let found = names.iter().flatten().filter_map(|name| Some((name, self.inner.find_remote(name).ok()?)));
        Ok(found.map(|(name, remote)| Remote::new(name, remote.url_bytes().into())).collect())
    }

    /// What HEAD refers to symbolically: `refs/heads/main`.
    pub(super) fn head_target(&self) -> Result<Option<BString>, Error> {
        let head = self.inner.find_reference("HEAD").map_err(Error::git("read HEAD"))?;
        Ok(head.symbolic_target_bytes().map(BString::from))
    }

    pub(super) fn objects(&self) -> Objects<'_> {
        Objects::new(&self.inner)
    }

    pub(super) fn index(&self) -> Result<git2::Index, Error> {
        self.inner.index().map_err(unreadable_index)
    }
}

/// The short form of the reference `name`, which must lie under `prefix`.
pub(super) fn short(name: &[u8], prefix: &[u8]) -> Option<String> {
    name.strip_prefix(prefix).map(to_server_string)
}

/// What it means that libgit2 did not open the repository. Its codes do not tell, so this looks at its words; an unknown answer is
/// passed on as it is.
fn refuse(error: git2::Error, location: &Location) -> Error {
    let path = location.git_dir.as_ref().map_or_else(|| location.dir.clone(), |git_dir| location.dir.join(git_dir));
    match error.code() {
        ErrorCode::NotFound => return Error::NoRepository { path },
        ErrorCode::Owner => return Error::NotOwned { path: owned_root(&path) },
        _ => {}
    }
    let message = error.message();
    let unsupported = |what: String, help| Error::Unsupported { what, help };
    if message.contains("object format") || message.contains("oid type") {
        return unsupported("the repository's object format is sha256".to_owned(), "only sha1 repositories work");
    }
    if let Some(name) = message.strip_prefix("unsupported extension name ") {
        let help = if name == "extensions.partialclone" {
            "git 2.24 and later need no such extension for a partial clone: clone again with one"
        } else {
            ""
        };
        return unsupported(format!("the repository needs the extension `{}`", crate::text::escape(name)), help);
    }
    if message.contains("unsupported repository version") {
        return unsupported("the repository's format is newer".to_owned(), "");
    }
    Error::Git { doing: "open the repository", source: error }
}

/// The folder that `safe.directory` would have to list for `path`: the nearest one above that holds a `.git`, else `path` itself.
fn owned_root(path: &Path) -> PathBuf {
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    absolute.ancestors().find(|dir| dir.join(".git").exists()).map_or_else(|| absolute.clone(), Path::to_owned)
}

/// What it means that libgit2 did not read the index.
pub(super) fn unreadable_index(error: git2::Error) -> Error {
    if error.class() == ErrorClass::Index && error.message().contains("unsupported mandatory extension") {
        return Error::Unsupported {
            what: "the index is sparse or split".to_owned(),
            help: "`git sparse-checkout reapply --no-sparse-index` or `git update-index --no-split-index` writes it whole",
        };
    }
    Error::Git { doing: "read the index", source: error }
}
