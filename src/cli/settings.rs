//! Where a command works, and the configuration it finds there.

use std::path::{Path, PathBuf};

use super::args::Common;
use super::failure::Failure;
use super::input;
use crate::config::{Config, FILE_NAME};
use crate::git::Location;
use crate::text::escape;

/// Where git is to look for the repository: the folder of `-C`, and what git's own variables say (hooks set them).
pub(super) fn location(common: &Common) -> Location {
    let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    Location {
        dir: common.directory.clone(),
        git_dir: path("GIT_DIR"),
        work_tree: path("GIT_WORK_TREE"),
        index_file: path("GIT_INDEX_FILE"),
    }
}

/// The configuration: the file of `--config`, else the nearest `.wp-gate.yaml` upward, up to the repository's root.
pub(super) fn load(common: &Common) -> Result<Config, Failure> {
    let path = match &common.config {
        Some(path) => common.directory.join(path),
        None => match find(&common.directory) {
            Some(path) => path,
            None => return Ok(Config::default()),
        },
    };
    let text = input::text_file(&path)?;
    Config::parse(&text).map_err(|error| {
        let message = format!("`{}`: {error}", escape(path.as_os_str().as_encoded_bytes()));
        match error.help {
            Some(help) => Failure::new(message).help(help),
            None => Failure::new(message),
        }
    })
}

/// The root of what the command works on, which paths in the configuration start from: the nearest folder upward with a configuration or a
/// repository, else the folder of `-C`.
pub(super) fn root(common: &Common) -> PathBuf {
    let start = std::path::absolute(&common.directory).unwrap_or_else(|_| common.directory.clone());
    let is_root = |folder: &&Path| folder.join(FILE_NAME).is_file() || folder.join(".git").exists();
    start.ancestors().find(is_root).unwrap_or(&start).to_owned()
}

fn find(directory: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(directory).ok()?;
    for folder in absolute.ancestors() {
        let path = folder.join(FILE_NAME);
        if path.is_file() {
            return Some(path);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
