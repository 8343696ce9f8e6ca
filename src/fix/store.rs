//! Mended texts, put where the old ones are.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::source::MAX_LEN;
use crate::text::escape;

/// Why a file was not replaced. It is as it was.
#[derive(Debug)]
pub enum StoreError {
    /// It cannot be read, or its folder not be written to: the user's to see to.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody has changed it since it was read.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It is a symlink that leads out of the repository, or to nowhere near one.
    Elsewhere {
        /// The symlink.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| escape(path.as_os_str().as_encoded_bytes()).to_string();
        match self {
            Self::Io { path, source } => write!(f, "cannot write `{}`: {source}", shown(path)),
            Self::Changed { path } => {
                write!(f, "`{}` has changed since it was read, and is left as it is", shown(path))
            }
            Self::Elsewhere { path, target } => {
                write!(
                    f,
                    "`{}` leads to `{}`, outside of the repository, and is left as it is",
                    shown(path),
                    shown(target)
                )
            }
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io { source, .. } = self { Some(source) } else { None }
    }
}

/// Makes the file at `path`, which held `old`, hold `new`, all at once: whoever reads it sees one or the other, even if the machine
/// stops in between. It keeps its permissions; a new file takes its place, so hard links to the old one go on with the old text.
///
/// A symlink stays one: what it leads to is replaced, if that lies in `repository`, the root of a working tree.
///
/// # Errors
/// [`StoreError`]; the file is then as it was.
pub fn replace(path: &Path, repository: Option<&Path>, old: &str, new: &str) -> Result<(), StoreError> {
    let fail = |source| StoreError::Io { path: path.to_owned(), source };
    let target = path.canonicalize().map_err(fail)?;
    if path.symlink_metadata().map_err(fail)?.is_symlink() {
        let root = repository.map(Path::canonicalize).transpose().map_err(fail)?;
        if !root.is_some_and(|root| target.starts_with(root)) {
            return Err(StoreError::Elsewhere { path: path.to_owned(), target });
        }
    }
    if !holds(&target, old).map_err(fail)? {
        return Err(StoreError::Changed { path: path.to_owned() });
    }
    put(&target, new).map_err(fail)
}

/// Whether the file at `path` holds `text`.
fn holds(path: &Path, text: &str) -> io::Result<bool> {
    let metadata = path.metadata()?;
    Ok(metadata.len() <= MAX_LEN as u64 && metadata.is_file() && fs::read(path)? == text.as_bytes())
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(path.metadata()?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    if cfg!(unix) {
        // The new name is on the disk when its folder is.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_with_its_permissions_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old\r\n").expect("it is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("they are set");
        replace(&path, None, "old\r\n", "new\r\n").expect("it is replaced");
        assert_eq!(fs::read(&path).expect("it is there"), b"new\r\n");
        assert_eq!(path.metadata().expect("it is there").permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn what_somebody_else_has_changed_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "theirs").expect("it is written");
        let error = replace(&path, None, "old", "new").expect_err("it changed");
        assert!(matches!(error, StoreError::Changed { .. }), "{error}");
        assert_eq!(fs::read(&path).expect("it is there"), b"theirs");
        let missing = replace(&folder.path().join("b.yaml"), None, "old", "new").expect_err("it is not there");
        assert!(matches!(missing, StoreError::Io { .. }), "{missing}");
    }

    #[test]
    fn a_symlink_is_followed_within_the_repository_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = folder.path().join("repository");
        fs::create_dir(&repository).expect("it is made");
        let (inside, outside) = (repository.join("a.yaml"), folder.path().join("b.yaml"));
        for path in [&inside, &outside] {
            fs::write(path, "old").expect("it is written");
        }
        let (good, bad) = (repository.join("good.yaml"), repository.join("bad.yaml"));
        symlink("a.yaml", &good).expect("it is linked");
        symlink(&outside, &bad).expect("it is linked");
        replace(&good, Some(&repository), "old", "new").expect("it is replaced");
        assert!(good.symlink_metadata().expect("it is there").is_symlink());
        assert_eq!(fs::read(&inside).expect("it is there"), b"new");
        for repository in [Some(repository.as_path()), None] {
            let error = replace(&bad, repository, "old", "new").expect_err("it leads out");
            assert!(matches!(error, StoreError::Elsewhere { .. }), "{error}");
        }
        assert_eq!(fs::read(&outside).expect("it is there"), b"old");
    }
}
