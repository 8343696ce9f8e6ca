//! A repository in a temporary folder, and the `git` program to compare with.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bstr::{BString, ByteSlice as _};
use git2::Oid;
use tempfile::TempDir;

use super::super::{Change, Error, Location, Repository, Revision, script};
use crate::change::ChangeSet;

pub(super) const SCRIPTS: [(&str, &str); 3] = [
    ("founding", include_str!("../../../testdata/repos/founding.txt")),
    ("shapes", include_str!("../../../testdata/repos/shapes.txt")),
    ("bulk", include_str!("../../../testdata/repos/bulk.txt")),
];

pub(super) struct Fixture {
    /// Removed with the fixture.
    _dir: Option<TempDir>,
    pub(super) path: PathBuf,
    pub(super) names: BTreeMap<String, Oid>,
}

impl Fixture {
    /// A repository with a working tree that is checked out.
    pub(super) fn new(script: &str) -> Self {
        let fixture = Self::bare_history(script, false);
        if fixture.run(&["rev-parse", "-q", "--verify", "HEAD"]).is_some() {
            fixture.git(&["reset", "-q", "--hard"]);
        }
        fixture
    }

    /// One whose history may hold names that no file system takes.
    pub(super) fn bare_history(script: &str, bare: bool) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let path = dir.path().join("repo");
        let mut options = git2::RepositoryInitOptions::new();
        let repo = git2::Repository::init_opts(&path, options.bare(bare).initial_head("main").external_template(false))
            .expect("init");
        let names = script::build(&repo, script).expect("a good script");
        Self { _dir: Some(dir), path, names }
    }

    /// A clone of this one beside it, over the file protocol.
    pub(super) fn clone_with(&self, name: &str, arguments: &[&str]) -> Self {
        self.git(&["config", "uploadpack.allowFilter", "true"]);
        self.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        let url = format!("file://{}", self.path.display());
        let path = self.path.with_file_name(name);
        let target = path.display().to_string();
        self.git(&[&["clone", "-q"], arguments, &[&url, &target]].concat());
        Self { _dir: None, path, names: BTreeMap::new() }
    }

    /// What `git` prints; `None` if it fails.
    pub(super) fn run(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        self.run_with(arguments, &[])
    }

    pub(super) fn run_with(&self, arguments: &[&str], environment: &[(&str, &Path)]) -> Option<Vec<u8>> {
        let mut command = Command::new("git");
        command.current_dir(&self.path).args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "advice.addEmbeddedRepo=false",
        ]);
        command.args(arguments).stdin(Stdio::null());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_")) {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@example.com");
            command.env(format!("GIT_{role}_DATE"), "1767225600 +0000");
        }
        let output = command.envs(environment.iter().copied()).output().expect("the tests need the `git` program");
        output.status.success().then_some(output.stdout)
    }

    /// What `git` prints.
    pub(super) fn git(&self, arguments: &[&str]) -> Vec<u8> {
        self.run(arguments).unwrap_or_else(|| panic!("git {arguments:?} failed"))
    }

    /// The first line that `git` prints.
    pub(super) fn line(&self, arguments: &[&str]) -> String {
        self.git(arguments).lines().next().unwrap_or_default().to_str_lossy().into_owned()
    }

    /// The paths that `git … -z` prints, sorted.
    pub(super) fn paths(&self, arguments: &[&str]) -> Vec<BString> {
        nul_separated(&self.git(arguments))
    }

    pub(super) fn open(&self) -> Repository {
        Repository::open(&Location::from(&self.path)).expect("a repository")
    }

    pub(super) fn change(&self, revision: &str) -> Result<ChangeSet, Error> {
        self.open().change_set(&Change::Revision(Revision::parse(revision.as_bytes())?))
    }

    pub(super) fn files(&self, revision: &str) -> Vec<BString> {
        self.change(revision).unwrap_or_else(|error| panic!("{revision}: {error}")).files.to_vec()
    }

    /// What the change that `revision` names fails with, for people.
    pub(super) fn failure(&self, revision: &str) -> String {
        match self.change(revision) {
            Ok(set) => panic!("{revision} works: {set:?}"),
            Err(error) => error.to_string(),
        }
    }

    pub(super) fn write(&self, path: &str, content: &str) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.path.join(path)).expect("a file to remove");
    }
}

pub(super) fn nul_separated(list: &[u8]) -> Vec<BString> {
    let mut paths: Vec<BString> =
        list.split(|&byte| byte == 0).filter(|path| !path.is_empty()).map(BString::from).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// A small random generator: the same numbers on every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}
