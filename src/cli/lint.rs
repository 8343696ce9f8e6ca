//! `lint`: from what was typed to files, and from the files to findings.

use std::path::{Path, PathBuf};

use bstr::ByteSlice as _;

use super::args::{Common, LintArgs};
use super::failure::Failure;
use super::findings::Found;
use super::{ExitStatus, Streams, fix, input, settings};
use crate::change::ChangedFiles;
use crate::config::Config;
use crate::git::{Repository, Snapshot};
use crate::lint;
use crate::report::Unread;
use crate::source::{MAX_LEN, Source, Sources};
use crate::text::{escape, to_server_string};

pub(super) fn run(args: &LintArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let mut subject = if args.stdin {
        standard_input(args, common, streams)?
    } else if args.paths.is_empty() {
        of_repository(common, &config)?
    } else {
        named(args, common)
    };
    let tracked = subject.tracked.take();
    let policy = config.server.policy();
    let context = lint::Context {
        server: args.woodpecker.or(config.woodpecker).unwrap_or_default(),
        variables: &config.server.environment,
        policy: &policy,
        levels: &config.lint.rules,
        tracked: tracked.as_ref(),
        whole: subject.whole,
    };
    if args.fix.is_some() || args.diff {
        return fix::run(args, subject, &context, common, streams);
    }
    let Subject { files, unread, .. } = subject;
    let problems = lint::check(&files, &context);
    let found = Found { problems, files, rosters: Vec::new(), unread, notes: Vec::new() };
    found.answer(args.format, common, streams)
}

/// The files to look at.
pub(super) struct Subject {
    pub files: Sources,
    /// Where each is on the disk, in the same order; none for the text on standard input.
    pub places: Vec<PathBuf>,
    /// The root of the working tree that they are in, if they are in one.
    pub root: Option<PathBuf>,
    /// Whether they are all workflows of their folders.
    whole: bool,
    /// Files that could not be read.
    pub unread: Vec<Unread>,
    /// What git tracks in the repository that they are for, if they are for one.
    tracked: Option<ChangedFiles>,
}

/// The text of an editor that has not saved it yet.
fn standard_input(args: &LintArgs, common: &Common, streams: &mut Streams<'_>) -> Result<Subject, Failure> {
    let bytes = input::bounded(streams.input, MAX_LEN)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    let bytes = bytes.ok_or_else(|| Failure::new(format!("standard input is longer than {MAX_LEN} bytes")))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::new("standard input is not UTF-8"))?;
    let name = args.stdin_filename.as_deref().map_or_else(|| "stdin.yaml".to_owned(), shown);
    let mut files = Sources::new();
    files.add(Source::new(name, text));
    // Outside of a repository there is nothing to compare with.
    let repository = Repository::open(&settings::location(common)).ok();
    let tracked = repository.and_then(|repository| repository.tracked_files().ok());
    Ok(Subject { files, places: Vec::new(), root: None, whole: false, unread: Vec::new(), tracked })
}

/// The workflow files of the working tree, as the server would look them up.
fn of_repository(common: &Common, config: &Config) -> Result<Subject, Failure> {
    let of_git = |error: crate::git::Error| Failure::new(error.to_string());
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    let Some(root) = repository.workdir().map(Path::to_owned) else {
        return Err(
            Failure::new("a bare repository has no working tree").help("name the files: `wp-gate lint FILE...`")
        );
    };
    let found = repository.workflow_files(&Snapshot::Worktree, config.server.config_path.as_deref()).map_err(of_git)?;
    if found.place.is_none() {
        let message =
            "there is no `.woodpecker/` folder with workflows, no `.woodpecker.yaml` and no `.woodpecker.yml`";
        return Err(Failure::new(message).help("name the files: `wp-gate lint FILE...`"));
    }
    let (mut files, mut places) = (Sources::new(), Vec::new());
    let mut unread = Vec::new();
    for file in found.files {
        let name = to_server_string(&file.path);
        let Ok(path) = file.path.to_path() else {
            let message = format!("`{}` has a name that this system cannot have", escape(&name));
            unread.push(Unread { file: name, message });
            continue;
        };
        if let Ok(text) = String::from_utf8(file.bytes) {
            files.add(Source::new(name, text));
            places.push(root.join(path));
        } else {
            let message = format!("`{}` is not UTF-8", escape(&name));
            unread.push(Unread { file: name, message });
        }
    }
    let whole = unread.is_empty();
    let tracked = Some(repository.tracked_files().map_err(of_git)?);
    Ok(Subject { files, places, root: Some(root), whole, unread, tracked })
}

/// The files of `paths`, and the `.yaml` and `.yml` files right in those that are folders.
fn named(args: &LintArgs, common: &Common) -> Subject {
    let repository = Repository::open(&settings::location(common)).ok();
    let root = repository.and_then(|repository| repository.workdir().map(Path::to_owned));
    let (files, places) = (Sources::new(), Vec::new());
    let mut found = Subject { files, places, root, whole: true, unread: Vec::new(), tracked: None };
    for path in &args.paths {
        let on_disk = common.directory.join(path);
        if !on_disk.is_dir() {
            found.whole = false;
            found.add(path, &on_disk);
            continue;
        }
        match workflows_in(&on_disk) {
            Ok(names) => names.iter().for_each(|name| found.add(&path.join(name), &on_disk.join(name))),
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", escape(&shown(path)));
                found.unread.push(Unread { file: shown(path), message });
            }
        }
    }
    found.whole &= found.unread.is_empty();
    found
}

impl Subject {
    fn add(&mut self, path: &Path, on_disk: &Path) {
        match input::text_file(on_disk) {
            Ok(text) => {
                self.files.add(Source::new(shown(path), text));
                self.places.push(on_disk.to_owned());
            }
            Err(failure) => self.unread.push(Unread { file: shown(path), message: failure.to_string() }),
        }
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

#[cfg(test)]
pub(super) mod tests {
    use std::ffi::OsString;
    use std::fs;

    use crate::cli::{ExitStatus, Streams, run};
    use crate::report::Style;

    pub(in crate::cli) const CLEAN: &str =
        "when:\n  event: push\nsteps:\n  - name: build\n    image: alpine\n    commands: [make]\n";

    /// Runs `wp-gate lint` in `folder`; standard output, standard error and how it ended.
    pub(in crate::cli) fn lint(
        folder: &std::path::Path,
        args: &[&str],
        mut input: &[u8],
    ) -> (String, String, ExitStatus) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let streams = Streams { input: &mut input, out: &mut out, err: &mut err, style: Style::PLAIN };
        let start = ["wp-gate", "-C"].map(OsString::from).into_iter().chain([folder.into(), "lint".into()]);
        let status = run(start.chain(args.iter().map(OsString::from)), streams);
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        (text(out), text(err), status)
    }

    #[test]
    fn a_file_that_cannot_be_read_does_not_stop_the_others() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.yaml"), CLEAN.replace("image: alpine", "image: ''")).expect("it is written");
        fs::write(folder.path().join("b.yaml"), b"\xff").expect("it is written");
        let (out, err, status) = lint(folder.path(), &["b.yaml", "none.yaml", "a.yaml"], b"");
        assert!(out.contains("missing-image") && out.ends_with("1 error in 1 file; 2 files not read\n"), "{out}");
        assert!(err.contains("b.yaml` is not UTF-8") && err.contains("none.yaml`: No such file"), "{err}");
        assert_eq!(status, ExitStatus::Failed);
    }

    #[test]
    fn a_folder_stands_for_its_workflows_which_are_looked_at_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let ci = folder.path().join("ci");
        fs::create_dir(&ci).expect("it is made");
        fs::write(ci.join("b.yml"), format!("depends_on: [c]\n{CLEAN}")).expect("it is written");
        fs::write(ci.join("a.yaml"), CLEAN).expect("it is written");
        fs::write(ci.join("c.txt"), "no workflow").expect("it is written");
        let (out, _, status) = lint(folder.path(), &["ci", "--format", "json"], b"");
        assert!(out.contains("\"unknown-workflow-dependency\""), "{out}");
        assert!(out.contains("\"ci/a.yaml\",\n    \"ci/b.yml\""), "{out}");
        assert_eq!(status, ExitStatus::Findings);
        // Of one file nobody knows what lies beside it.
        assert_eq!(lint(folder.path(), &["ci/b.yml"], b"").2, ExitStatus::Clean);
    }

    #[test]
    fn standard_input_has_the_name_that_it_is_given_and_notes_are_no_failure() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("x: &unused 1\n{CLEAN}");
        let args = ["--stdin", "--stdin-filename", ".woodpecker/x.yml", "--woodpecker", "3.4"];
        let (out, _, status) = lint(folder.path(), &args, text.as_bytes());
        assert!(out.contains("unused-anchor") && out.contains(".woodpecker/x.yml:1:4"), "{out}");
        assert_eq!(status, ExitStatus::Clean);
        let quiet: Vec<&str> = args.into_iter().chain(["--quiet"]).collect();
        assert_eq!(lint(folder.path(), &quiet, text.as_bytes()).0, "nothing found in 1 file\n");
    }
}
