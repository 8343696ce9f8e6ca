//! What git tracks, as it lies in the working tree.

use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;

use bstr::BStr;

use super::snapshot::{Kind, kind_on_disk, on_disk};
use super::{Error, Repository};
use crate::change::ChangedFiles;
use crate::text::escape;

/// The files that git tracks. It reads the working tree itself and needs its [`Repository`] no more, so it can be shared by threads.
#[derive(Debug)]
pub struct Tracked {
    root: PathBuf,
    files: ChangedFiles,
}

impl Repository {
    /// The files that git tracks, to be read from the working tree.
    ///
    /// # Errors
    /// A bare repository, an unreadable index.
    pub fn tracked(&self) -> Result<Tracked, Error> {
        let root = self.workdir().ok_or(Error::Bare)?.to_owned();
        Ok(Tracked { root, files: self.tracked_files()? })
    }
}

impl Tracked {
    /// Their paths.
    pub fn files(&self) -> &ChangedFiles {
        &self.files
    }

    /// The bytes of the file at `path`, at most `max`; `None` when no file is there. No symlink is followed, also not on the way.
    ///
    /// # Errors
    /// A longer file, a symlink, IO.
    pub fn read(&self, path: &BStr, max: usize) -> Result<Option<Vec<u8>>, Error> {
        let full = on_disk(&self.root, path)?;
        let fail = |source| Error::Io { path: full.clone(), source };
        match kind_on_disk(&self.root, path)? {
            Some(Kind::File) => {}
            Some(Kind::Symlink) => return Err(fail(io::Error::other("it is a symlink, which is not followed"))),
            Some(Kind::Folder | Kind::Other) | None => return Ok(None),
        }
        let mut bytes = Vec::new();
        fs::File::open(&full).and_then(|file| file.take(max as u64 + 1).read_to_end(&mut bytes)).map_err(fail)?;
        if bytes.len() > max {
            let what = format!("the file `{}` is too large", escape(path));
            return Err(Error::TooLarge { what, limit: format!("{max} bytes") });
        }
        Ok(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn no_symlink_leads_out_of_the_working_tree() {
        let (outside, root) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::write(outside.path().join("secret"), "s").expect("it is written");
        fs::write(root.path().join("plain"), "text").expect("it is written");
        std::os::unix::fs::symlink(outside.path().join("secret"), root.path().join("link")).expect("it is made");
        std::os::unix::fs::symlink(outside.path(), root.path().join("folder")).expect("it is made");
        let tracked = Tracked { root: root.path().to_owned(), files: ChangedFiles::none() };
        let read = |path: &str| tracked.read(path.into(), 4).map_err(|error| error.to_string());
        assert_eq!(read("plain"), Ok(Some(b"text".to_vec())));
        assert!(read("link").is_err_and(|why| why.contains("symlink")));
        assert_eq!(read("folder/secret"), Ok(None));
        assert_eq!(read("none"), Ok(None));
        fs::write(root.path().join("plain"), "texts").expect("it is written");
        assert!(read("plain").is_err_and(|why| why.contains("too large")));
    }
}
