//! What a person calls a change: the text, and the commits it stands for.

use bstr::{BStr, BString, ByteSlice as _};
use git2::{ErrorCode, ObjectType, Oid};

use super::{Error, Repository, repository::short};

/// A change named by revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// `REV`: a commit against its first parent.
    Commit(BString),
    /// `A..B`: a push that moves a branch from A to B, however many commits that are.
    Push {
        /// A, where the branch was.
        old: BString,
        /// B, where it is.
        new: BString,
    },
    /// `A...B`: a pull request from B onto A: what B changed since the two parted.
    PullRequest {
        /// A, the target.
        base: BString,
        /// B, the source.
        head: BString,
    },
}

impl Revision {
    /// Reads `REV`, `A..B` or `A...B`. As in git, a side that is left out is HEAD, and `..` inside `^{/…}` and after `:/` belongs to
    /// the search text.
    ///
    /// # Errors
    /// [`Error::BadRevision`] for a text that is empty, that begins with `-` (an option gone astray), that holds a control
    /// character, or that is git's notation for a set of commits.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let Some((at, dots)) = find_dots(text) else { return Ok(Self::Commit(single(text)?)) };
        let (left, right) = (text.get(..at).unwrap_or_default(), text.get(at + dots..).unwrap_or_default());
        if left.is_empty() && right.is_empty() {
            return Err(bad(text, "a range needs a commit on at least one side"));
        }
        let side = |side: &[u8]| if side.is_empty() { Ok("HEAD".into()) } else { single(side) };
        let (left, right) = (side(left)?, side(right)?);
        Ok(match dots {
            2 => Self::Push { old: left, new: right },
            _ => Self::PullRequest { base: left, head: right },
        })
    }
}

impl Default for Revision {
    /// HEAD.
    fn default() -> Self {
        Self::Commit("HEAD".into())
    }
}

/// The first `..` or `...` outside braces: where it is and its length.
fn find_dots(text: &[u8]) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            // `:/text` searches for text, to the end.
            b':' if at == 0 && text.get(1) == Some(&b'/') => return None,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 && text.get(at + 1) == Some(&b'.') => {
                return Some((at, if text.get(at + 2) == Some(&b'.') { 3 } else { 2 }));
            }
            _ => {}
        }
    }
    None
}

/// Checks the text of one commit.
fn single(text: &[u8]) -> Result<BString, Error> {
    let set = [&b"^@"[..], b"^!"].iter().any(|suffix| text.ends_with(suffix))
        || text.starts_with(b"^")
        || text.contains_str("^-");
    let why = match text {
        [] => "it is empty",
        [b'-', ..] => "it begins with `-`",
        _ if text.iter().any(u8::is_ascii_control) => "it holds a control character",
        _ if set && !text.contains(&b'{') => "it names a set of commits",
        _ => return Ok(text.into()),
    };
    Err(bad(text, why))
}

fn bad(spec: &[u8], why: &'static str) -> Error {
    Error::BadRevision { spec: spec.into(), why }
}

/// A commit that a revision named, and by which name.
pub(super) struct Named<'r> {
    pub(super) commit: git2::Commit<'r>,
    /// The branch, short; a remote's without the remote.
    pub(super) branch: Option<String>,
    /// The tag, short.
    pub(super) tag: Option<String>,
    /// Whether a branch has the name as well, and lost against the tag.
    pub(super) also_branch: bool,
}

impl Repository {
    /// Finds the commit that `spec` names; annotated tags are followed.
    pub(super) fn resolve(&self, spec: &BStr) -> Result<Named<'_>, Error> {
        let text = spec.to_str().map_err(|_| bad(spec, "it is not UTF-8"))?;
        let (object, reference) = self.inner.revparse_ext(text).map_err(|error| self.unresolved(error, spec))?;
        let id = object.id();
        let commit = match object.kind() {
            Some(ObjectType::Commit) => self.objects().commit(id, "the commit")?,
            Some(ObjectType::Tag) => object.peel_to_commit().map_err(|error| match error.code() {
                ErrorCode::Peel | ErrorCode::InvalidSpec => {
                    Error::NotACommit { spec: spec.into(), kind: "tag of another object" }
                }
                _ => self.objects().unreadable(error, id, "the target of the tag"),
            })?,
            kind => {
                let kind = kind.map_or("object", |kind| kind.str());
                return Err(Error::NotACommit { spec: spec.into(), kind });
            }
        };
        let name = reference.as_ref().map(git2::Reference::name_bytes).unwrap_or_default();
        let head = if name == b"HEAD" { self.head_target()? } else { None };
        let name = head.as_ref().map_or(name, |head| head.as_slice());
        let tag = short(name, b"refs/tags/");
        let also_branch = tag.is_some() && self.inner.find_reference(&format!("refs/heads/{text}")).is_ok();
        Ok(Named { commit, branch: branch_of(name), tag, also_branch })
    }

    /// The tag that `spec` is the name of, short; `None` if it names a commit otherwise.
    ///
    /// # Errors
    /// As [`Repository::change_set`](Repository::change_set) of that revision.
    pub fn tag_called(&self, spec: &[u8]) -> Result<Option<String>, Error> {
        Ok(self.resolve(spec.as_bstr())?.tag)
    }

    /// What libgit2's answer to a revision means.
    fn unresolved(&self, error: git2::Error, spec: &BStr) -> Error {
        match error.code() {
            ErrorCode::Ambiguous => Error::AmbiguousRevision { spec: spec.into() },
            ErrorCode::InvalidSpec => bad(spec, "its form is none that git knows"),
            ErrorCode::Peel => Error::NotACommit { spec: spec.into(), kind: "tag of another object" },
            ErrorCode::NotFound | ErrorCode::UnbornBranch => self.not_found(spec),
            _ => Error::Git { doing: "find the revision", source: error },
        }
    }

    /// Why nothing is called `spec`: no commit yet, an object that this clone lacks, or a wrong name.
    fn not_found(&self, spec: &BStr) -> Error {
        let unborn = self.inner.is_empty().unwrap_or(false) || (spec == "HEAD" && self.inner.head().is_err());
        if let (true, Ok(Some(name))) = (unborn, self.head_target()) {
            let branch = name.strip_prefix(b"refs/heads/").unwrap_or(&name).into();
            return Error::NoCommits { branch };
        }
        let base = spec.find_byteset("^~:@").and_then(|at| spec.get(..at)).unwrap_or(spec);
        let base = base.to_str().unwrap_or_default();
        if let (40, Ok(id)) = (base.len(), Oid::from_str(base)) {
            let missing = git2::Error::new(ErrorCode::NotFound, git2::ErrorClass::Odb, "");
            return self.objects().unreadable(missing, id, "the commit");
        }
        if let Ok(Some(parent)) = self.beyond(base) {
            return Error::MissingObject { id: parent, what: "the parent commit", cause: super::Missing::Shallow };
        }
        let near = if base.len() == spec.len() { self.near(spec) } else { Vec::new() };
        Error::UnknownRevision { spec: spec.into(), near }
    }

    /// If `base` names a commit and this clone is shallow: the parent at which the first-parent history from there was cut off. It
    /// is what `HEAD~9` wanted to reach.
    fn beyond(&self, base: &str) -> Result<Option<String>, Error> {
        const MAX_STEPS: usize = 100_000;
        if !self.is_shallow() {
            return Ok(None);
        }
        let found = self.inner.revparse_single(if base.is_empty() { "HEAD" } else { base });
        let Ok(mut commit) = found.and_then(|object| object.peel_to_commit()) else { return Ok(None) };
        for _ in 0..MAX_STEPS {
            match commit.parent(0) {
                Ok(parent) => commit = parent,
                Err(_) => break,
            }
        }
        self.objects().cut_off(commit.id())
    }
}

/// The branch that a full reference name stands for: `refs/heads/main` and `refs/remotes/origin/main` are both `main`.
fn branch_of(name: &[u8]) -> Option<String> {
    let remote = || name.strip_prefix(b"refs/remotes/")?.split_once_str("/").map(|(_, branch)| branch);
    short(name, b"refs/heads/").or_else(|| short(remote()?, b"")).filter(|branch| branch != "HEAD")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dots_tell_what_kind_of_change_it_is() {
        let push = |old: &str, new: &str| Revision::Push { old: old.into(), new: new.into() };
        let request = |base: &str, head: &str| Revision::PullRequest { base: base.into(), head: head.into() };
        for (text, revision) in [
            ("HEAD", Revision::default()),
            ("v1.0.0", Revision::Commit("v1.0.0".into())),
            ("a..b", push("a", "b")),
            ("a...b", request("a", "b")),
            ("..b", push("HEAD", "b")),
            ("a...", request("a", "HEAD")),
            ("HEAD^{/a..b}", Revision::Commit("HEAD^{/a..b}".into())),
            (":/a..b", Revision::Commit(":/a..b".into())),
            ("a^{/x..y}..b~2", push("a^{/x..y}", "b~2")),
        ] {
            assert_eq!(Revision::parse(text.as_bytes()).expect(text), revision);
        }
    }

    #[test]
    fn texts_that_are_no_revision_are_refused() {
        for text in
            ["", "..", "...", "-n1", "--staged", "a..-b", "a....b..c\n", "HEAD^@", "HEAD^!", "^main", "a\0b", "HEAD^-1"]
        {
            assert!(matches!(Revision::parse(text.as_bytes()), Err(Error::BadRevision { .. })), "{text:?}");
        }
    }
}
