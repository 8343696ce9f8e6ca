//! Reads objects, and says why one is missing.

use std::{collections::HashSet, fs};

use bstr::BString;
use git2::{ErrorCode, ObjectType, Odb, OdbObject, Oid};

use super::{Error, Missing};

/// Reads objects without hashing them again, in the whole process from now on: libgit2's switch is global, so it is for a program to
/// set, and not for a library.
///
/// What is read is the user's own repository, and the `git` program does not hash the trees and blobs that it reads there either.
/// zlib's checksum of each object is still held against its bytes, and `git fsck` finds what that cannot. Hashing is more than a third of
/// the work of comparing two commits.
pub fn skip_hash_verification() {
    git2::opts::strict_hash_verification(false);
}

/// The objects of one repository.
pub(super) struct Objects<'r> {
    repository: &'r git2::Repository,
}

impl<'r> Objects<'r> {
    pub(super) fn new(repository: &'r git2::Repository) -> Self {
        Self { repository }
    }

    pub(super) fn odb(&self) -> Result<Odb<'r>, Error> {
        self.repository.odb().map_err(Error::git("open the object database"))
    }

    /// The object `id`, which must be of `kind`; `what` names it in an error.
    pub(super) fn read<'o>(
        &self,
        odb: &'o Odb<'_>,
        id: Oid,
        kind: ObjectType,
        what: &'static str,
    ) -> Result<OdbObject<'o>, Error> {
        let object = odb.read(id).map_err(|error| self.unreadable(error, id, what))?;
        if object.kind() == kind {
            return Ok(object);
        }
        Err(Error::Malformed { id: id.to_string(), why: "another object refers to it as what it is not" })
    }

    /// The length of the blob `id`, in bytes.
    pub(super) fn size(&self, odb: &Odb<'_>, id: Oid, what: &'static str) -> Result<usize, Error> {
        odb.read_header(id).map(|(size, _)| size).map_err(|error| self.unreadable(error, id, what))
    }

    /// The commit `id`; `what` names it in an error.
    pub(super) fn commit(&self, id: Oid, what: &'static str) -> Result<git2::Commit<'r>, Error> {
        self.repository.find_commit(id).map_err(|error| self.unreadable(error, id, what))
    }

    /// What libgit2's answer to a read of `id` means.
    pub(super) fn unreadable(&self, error: git2::Error, id: Oid, what: &'static str) -> Error {
        if error.code() == ErrorCode::NotFound {
            return Error::MissingObject { id: id.to_string(), what, cause: self.why_missing() };
        }
        Error::Git { doing: "read an object", source: error }
    }

    /// Why an object that something refers to can be missing. A partial clone lacks blobs and trees long before a shallow one lacks
    /// anything within its history, so it is the first guess; a commit beyond the cut is told apart by [`Self::cut_off`].
    fn why_missing(&self) -> Missing {
        match self.promisor() {
            Some(remote) => Missing::Promised { remote },
            None if self.repository.is_shallow() => Missing::Shallow,
            None => Missing::Damaged,
        }
    }

    /// The remote that a partial clone relies on: `remote.NAME.promisor` (since git 2.24), or `extensions.partialClone` before.
    fn promisor(&self) -> Option<BString> {
        let config = self.repository.config().and_then(|mut config| config.snapshot()).ok()?;
        if let Ok(remote) = config.get_bytes("extensions.partialclone") {
            return Some(remote.into());
        }
        let mut entries = config.entries(Some(r"^remote\..*\.promisor$")).ok()?;
        while let Some(Ok(entry)) = entries.next() {
            let name = entry.name_bytes().strip_prefix(b"remote.")?.strip_suffix(b".promisor")?;
            // git2 has no way to read a value as a boolean from the entry itself; ask for it by its name.
            let on = entry.name().is_some_and(|key| config.get_bool(key).unwrap_or(false));
            if on {
                return Some(name.into());
            }
        }
        None
    }

    /// The first parent that the commit `id` has in the full history, if this shallow clone was cut off right there: libgit2, like
    /// git, shows such a commit as a root.
    pub(super) fn cut_off(&self, id: Oid) -> Result<Option<String>, Error> {
        if !self.is_boundary(id)? {
            return Ok(None);
        }
        let odb = self.odb()?;
        let object = self.read(&odb, id, ObjectType::Commit, "the commit")?;
        let mut lines = object.data().split(|&byte| byte == b'\n').take_while(|line| !line.is_empty());
        let parent = lines.find_map(|line| line.strip_prefix(b"parent "));
        Ok(parent.map(|id| String::from_utf8_lossy(id).into_owned()))
    }

    /// Whether `shallow` in the common git folder lists `id`.
    fn is_boundary(&self, id: Oid) -> Result<bool, Error> {
        Ok(self.boundary()?.contains(&id))
    }

    /// The commits at which a shallow clone was cut off. (libgit2 reads the list of them too, but does not tell what it says.)
    pub(super) fn boundary(&self) -> Result<HashSet<Oid>, Error> {
        if !self.repository.is_shallow() {
            return Ok(HashSet::new());
        }
        let path = self.repository.commondir().join("shallow");
        let list = fs::read_to_string(&path).map_err(|source| Error::Io { path, source })?;
        Ok(list.lines().filter_map(|line| Oid::from_str(line.trim()).ok()).collect())
    }
}
