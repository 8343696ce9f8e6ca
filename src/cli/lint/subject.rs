//! Which files `lint` looks at, and what they are called.

use std::path::{Path, PathBuf};

use bstr::ByteSlice as _;

use crate::cli::args::{Common, LintArgs};
use crate::cli::case::of_git;
use crate::cli::failure::Failure;
use crate::cli::tree::WorkingTree;
use crate::cli::{Streams, input, settings};
use crate::config::Config;
use crate::git::{Repository, Snapshot};
use crate::report::Unread;
use crate::source::{MAX_LEN, Source, Sources};
use crate::text::{escape, to_server_string};

/// The files to look at. Those that lie in a repository are called by their paths from its root, wherever the program runs.
pub(in crate::cli) struct Subject {
    pub files: Sources,
    /// Where each is on the disk, in the same order; none for the text on standard input.
    pub places: Vec<PathBuf>,
    /// The root of the working tree that they are in, if they are in one.
    pub root: Option<PathBuf>,
    /// Whether they are all workflows of their folders.
    pub whole: bool,
    /// Files that could not be read.
    pub unread: Vec<Unread>,
    /// What git tracks in the repository that they lie in, if they all lie in one.
    pub tree: Option<WorkingTree>,
}

impl Subject {
    /// The text of an editor that has not saved it yet.
    pub(in crate::cli) fn standard_input(
        args: &LintArgs,
        common: &Common,
        streams: &mut Streams<'_>,
    ) -> Result<Self, Failure> {
        let bytes = input::bounded(streams.input, MAX_LEN)
            .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        let bytes = bytes.ok_or_else(|| Failure::new(format!("standard input is longer than {MAX_LEN} bytes")))?;
        let place = Place::new(common);
        let path = args.stdin_filename.as_deref().unwrap_or_else(|| Path::new("stdin.yaml"));
        let (name, inside) = place.name(path, &common.directory.join(path));
        let mut files = Sources::new();
        files.add(Source::from_bytes(name, bytes));
        let tree = place.tree().filter(|_| inside);
        Ok(Self { files, places: Vec::new(), root: None, whole: false, unread: Vec::new(), tree })
    }

    /// The workflow files of the working tree, as the server would look them up.
    pub(in crate::cli) fn of_repository(common: &Common, config: &Config) -> Result<Self, Failure> {
        let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
        let Some(root) = repository.workdir().map(Path::to_owned) else {
            return Err(Failure::new("a bare repository has no working tree"));
        };
        let place = config.server.config_path.as_deref();
        let found = repository.workflow_files(&Snapshot::Worktree, place).map_err(of_git)?;
        if found.place.is_none() {
            let message =
                "there is no `.woodpecker/` folder with workflows, no `.woodpecker.yaml` and no `.woodpecker.yml`";
            let said: Vec<&str> = [message].into_iter().chain(found.notes.iter().map(String::as_str)).collect();
            return Err(Failure::new(said.join("; ")));
        }
        let (mut files, mut places, mut unread) = (Sources::new(), Vec::new(), Vec::new());
        for file in found.files {
            let name = to_server_string(&file.path);
            if let Ok(path) = file.path.to_path() {
                places.push(root.join(path));
                files.add(Source::from_bytes(name, file.bytes));
            } else {
                let message = format!("`{}` has a name that this system cannot have", escape(&name));
                unread.push(Unread { file: name, message });
            }
        }
        let tree = Some(WorkingTree(repository.tracked().map_err(of_git)?));
        Ok(Self { files, places, root: Some(root), whole: unread.is_empty(), unread, tree })
    }

    /// The files of `paths`, and the `.yaml` and `.yml` files right in those that are folders.
    pub(in crate::cli) fn named(paths: &[PathBuf], common: &Common) -> Self {
        let place = Place::new(common);
        let (files, places, root) = (Sources::new(), Vec::new(), place.root.clone());
        let mut found = Self { files, places, root, whole: true, unread: Vec::new(), tree: None };
        let mut inside = true;
        for path in paths {
            let on_disk = common.directory.join(path);
            if !on_disk.is_dir() {
                found.whole = false;
                inside &= found.add(path, &on_disk, &place);
                continue;
            }
            match workflows_in(&on_disk) {
                Ok(names) => {
                    for name in names {
                        inside &= found.add(&path.join(&name), &on_disk.join(&name), &place);
                    }
                }
                Err(error) => {
                    let message = format!("cannot read `{}`: {error}", escape(&shown(path)));
                    found.unread.push(Unread { file: shown(path), message });
                }
            }
        }
        found.whole &= found.unread.is_empty();
        found.tree = place.tree().filter(|_| inside);
        found
    }

    /// Reads a file; whether it lies in the repository.
    fn add(&mut self, path: &Path, on_disk: &Path, place: &Place) -> bool {
        let (name, inside) = place.name(path, on_disk);
        match input::file(on_disk) {
            Ok(bytes) => {
                self.files.add(Source::from_bytes(name, bytes));
                self.places.push(on_disk.to_owned());
            }
            Err(failure) => self.unread.push(Unread { file: name, message: failure.to_string() }),
        }
        inside
    }
}

/// The repository that the program runs in, if it does.
struct Place {
    repository: Option<Repository>,
    root: Option<PathBuf>,
}

impl Place {
    fn new(common: &Common) -> Self {
        // Outside of a repository there is nothing to compare with.
        let repository = Repository::open(&settings::location(common)).ok();
        let root = repository.as_ref().and_then(|repository| repository.workdir()?.canonicalize().ok());
        Self { repository, root }
    }

    /// What the file at `on_disk` is called, which was typed as `path`, and whether it lies in the repository. It need not be there.
    fn name(&self, path: &Path, on_disk: &Path) -> (String, bool) {
        let folder = on_disk.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let whole = folder.canonicalize().ok().zip(on_disk.file_name()).map(|(folder, name)| folder.join(name));
        let whole = whole.or_else(|| std::path::absolute(on_disk).ok());
        let inside = whole.as_deref().zip(self.root.as_deref()).and_then(|(whole, root)| whole.strip_prefix(root).ok());
        (shown(inside.unwrap_or(path)), inside.is_some())
    }

    fn tree(&self) -> Option<WorkingTree> {
        self.repository.as_ref()?.tracked().ok().map(WorkingTree)
    }
}

/// The names of the `.yaml` and `.yml` files right in `folder`, sorted.
fn workflows_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = PathBuf::from(entry.file_name());
        let is_workflow = name.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if is_workflow && entry.path().is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn shown(path: impl AsRef<Path>) -> String {
    to_server_string(path.as_ref().as_os_str().as_encoded_bytes())
}
