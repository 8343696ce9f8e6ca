use std::{fmt, io, path::PathBuf};

use bstr::BString;

use crate::text::escape;

/// Why git could not be asked. Messages are phrases, hold nothing raw from the repository, and say what helps.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The folder to start from is not there, or is no folder. The user's fault: a slip of the pen.
    NoFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// There is no repository at or above the path. The user's fault: the wrong folder.
    NoRepository {
        /// Where the search began.
        path: PathBuf,
    },
    /// The repository belongs to another user, and git's `safe.directory` does not list it. Nobody's fault; common in containers.
    NotOwned {
        /// The repository.
        path: PathBuf,
    },
    /// The repository uses something that libgit2 cannot read. Our limit.
    Unsupported {
        /// What it uses, as a phrase.
        what: String,
        /// What the user can do, as a phrase; may be empty.
        help: &'static str,
    },
    /// A text that is no revision of the kind we take. The user's fault.
    BadRevision {
        /// The text as given.
        spec: BString,
        /// What is wrong, as a phrase.
        why: &'static str,
    },
    /// No branch, tag or object has that name. The user's fault.
    UnknownRevision {
        /// The name as given.
        spec: BString,
        /// Names that are near it, best first.
        near: Vec<BString>,
    },
    /// An abbreviated id that several objects begin with. The user's fault.
    AmbiguousRevision {
        /// The abbreviation as given.
        spec: BString,
    },
    /// The revision names something that is no commit. The user's fault.
    NotACommit {
        /// The revision as given.
        spec: BString,
        /// What it names: `blob`, `tree` or `object`.
        kind: &'static str,
    },
    /// The branch has no commit yet. The user's fault, or too early.
    NoCommits {
        /// The branch.
        branch: BString,
    },
    /// A bare repository has no working tree and no index. The user's fault.
    Bare,
    /// Two commits of a pull request have no common ancestor. The user's fault, or the history was cut off by a shallow clone.
    NoMergeBase {
        /// The target, as given.
        base: BString,
        /// The source, as given.
        head: BString,
        /// Whether the clone is shallow, so that a common ancestor may just be missing.
        shallow: bool,
    },
    /// An object that the history needs is not in this clone. Nobody's fault; see [`Missing`].
    MissingObject {
        /// The object's id in hexadecimal.
        id: String,
        /// What was to be read, as a phrase.
        what: &'static str,
        /// Why it is not there.
        cause: Missing,
    },
    /// A file or a history beyond our limits. Ours, unless the repository is hostile.
    TooLarge {
        /// What is too large, as a phrase.
        what: String,
        /// The limit, as a phrase.
        limit: String,
    },
    /// A malformed object. The repository is damaged or hostile.
    Malformed {
        /// The object's id in hexadecimal.
        id: String,
        /// What is wrong, as a phrase.
        why: &'static str,
    },
    /// The working tree could not be read. The system's fault, or its permissions'.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Anything else that libgit2 reports: a damaged repository or configuration, as a rule.
    Git {
        /// What we were doing, as a phrase.
        doing: &'static str,
        /// libgit2's answer.
        source: git2::Error,
    },
}

/// Why an object is not in a clone, and so which fetch brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The clone is shallow, and the object lies beyond where its history was cut off.
    Shallow,
    /// The clone is partial (`git clone --filter`), and its remote has promised the object. libgit2 cannot ask the remote for it.
    Promised {
        /// The remote's name.
        remote: BString,
    },
    /// The clone should have it: it is damaged.
    Damaged,
}

impl Error {
    /// Wraps an answer of libgit2 that has no variant of its own; made for `map_err`.
    pub(super) fn git(doing: &'static str) -> impl FnOnce(git2::Error) -> Self {
        move |source| Self::Git { doing, source }
    }
}

impl Error {
    /// Whether it is just that history is not there: it ends before the place in this shallow clone, or the two commits have none in
    /// common. Nothing is broken then, and other commits can be looked at.
    pub fn is_cut_off(&self) -> bool {
        matches!(self, Self::NoMergeBase { .. } | Self::MissingObject { cause: Missing::Shallow, .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFolder { path } => write!(f, "no folder `{}`", shown(path)),
            Self::NoRepository { path } => write!(f, "no git repository at `{}` or above it", shown(path)),
            Self::NotOwned { path } => write!(
                f,
                "the repository at `{path}` belongs to another user; if you trust it: `git config --global --add safe.directory {path}`",
                path = shown(path)
            ),
            Self::Unsupported { what, help: "" } => write!(f, "{what}, which this program cannot read"),
            Self::Unsupported { what, help } => write!(f, "{what}, which this program cannot read; {help}"),
            Self::BadRevision { spec, why } => write!(f, "`{}` is not a revision: {why}", escape(spec)),
            Self::UnknownRevision { spec, near } => {
                write!(f, "unknown revision `{}`", escape(spec))?;
                for (at, name) in near.iter().enumerate() {
                    write!(f, "{} `{}`", if at == 0 { "; did you mean" } else { " or" }, escape(name))?;
                }
                f.write_str(if near.is_empty() { "" } else { "?" })
            }
            Self::AmbiguousRevision { spec } => {
                write!(f, "`{}` is the beginning of several objects' ids; give more of it", escape(spec))
            }
            Self::NotACommit { spec, kind } => write!(f, "`{}` is a {kind}, not a commit", escape(spec)),
            Self::NoCommits { branch } => {
                write!(f, "the branch `{}` has no commit yet; `--staged` and `--worktree` work without", escape(branch))
            }
            Self::Bare => f.write_str("a bare repository has no working tree and no index; name a revision"),
            Self::NoMergeBase { base, head, shallow } => {
                write!(f, "`{}` and `{}` have no common ancestor", escape(base), escape(head))?;
                if *shallow {
                    f.write_str(" in this shallow clone; `git fetch --unshallow` brings the rest of the history")?;
                }
                Ok(())
            }
            Self::MissingObject { id, what, cause } => {
                write!(f, "{what} {id} is not in this clone")?;
                match cause {
                    Missing::Shallow => f.write_str(
                        ", which is shallow; `git fetch --deepen=1` brings one more commit, `git fetch --unshallow` all of them",
                    ),
                    Missing::Promised { remote } => write!(
                        f,
                        ", which is partial; `git cat-file -e {id}` fetches it, `git fetch --refetch --no-filter {}` everything",
                        escape(remote)
                    ),
                    Missing::Damaged => f.write_str(", which is damaged; `git fsck` says more"),
                }
            }
            Self::TooLarge { what, limit } => write!(f, "{what}: more than {limit}"),
            Self::Malformed { id, why } => write!(f, "the object {id} is malformed: {why}; `git fsck` says more"),
            Self::Io { path, source } => write!(f, "cannot read `{}`: {source}", shown(path)),
            Self::Git { doing, source } => write!(f, "cannot {doing}: {}", escape(source.message())),
        }
    }
}

/// A path of the file system, safe to print.
fn shown(path: &std::path::Path) -> String {
    escape(path.as_os_str().as_encoded_bytes()).to_string()
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Git { source, .. } => Some(source),
            _ => None,
        }
    }
}
