//! Where repositories are, and what they say of themselves.

use std::{fs, path::Path};

use super::fixture::{Fixture, SCRIPTS};
use crate::git::{Error, Location, Repository};

#[test]
fn repositories_are_found_upward_and_through_linked_worktrees() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let below = Repository::open(&Location::from(fixture.path.join("apps/web"))).expect("found upward");
    assert_eq!(below.git_dir(), fixture.open().git_dir());

    fixture.git(&["worktree", "add", "-q", "../linked", "feature"]);
    let linked = Repository::open(&Location::from(fixture.path.with_file_name("linked"))).expect("a linked worktree");
    assert_eq!(linked.current_branch().expect("HEAD").as_deref(), Some("feature"));
    assert_eq!(fixture.open().current_branch().expect("HEAD").as_deref(), Some("main"));

    fixture.git(&["checkout", "-q", "--detach"]);
    assert_eq!(fixture.open().current_branch().expect("HEAD"), None);

    let nowhere = tempfile::TempDir::new().expect("a folder");
    assert!(matches!(Repository::open(&Location::from(nowhere.path())), Err(Error::NoRepository { .. })));
    assert!(matches!(Repository::open(&Location::from(nowhere.path().join("no"))), Err(Error::NoFolder { .. })));
    let file = fixture.path.join("README.md");
    fs::write(&file, "").expect("a file");
    assert!(matches!(Repository::open(&Location::from(&file)), Err(Error::NoFolder { .. })));
}

#[test]
fn the_git_folder_can_be_given() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let location = Location { git_dir: Some(".git".into()), ..Location::from(&fixture.path) };
    let found = Repository::open(&location).expect("given");
    assert_eq!(
        found.workdir().map(|dir| dir.canonicalize().expect("a folder")),
        Some(fixture.path.canonicalize().expect("a folder"))
    );
    let elsewhere = tempfile::TempDir::new().expect("a folder");
    let location = Location {
        git_dir: Some(fixture.path.join(".git")),
        work_tree: Some("tree".into()),
        ..Location::from(elsewhere.path())
    };
    fs::create_dir(elsewhere.path().join("tree")).expect("a folder");
    let found = Repository::open(&location).expect("given with a working tree");
    assert!(found.workdir().is_some_and(|dir| dir.ends_with("tree")));
    let wrong = Location { git_dir: Some("docs".into()), ..Location::from(&fixture.path) };
    assert!(matches!(Repository::open(&wrong), Err(Error::NoRepository { .. })));
    let bare = Fixture::bare_history(SCRIPTS[0].1, true);
    let found = Repository::open(&Location { git_dir: Some(".".into()), ..Location::from(&bare.path) }).expect("bare");
    assert_eq!(found.workdir(), None);
}

#[test]
fn repositories_that_cannot_be_read_are_explained() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let git = Fixture::new("");
    let path = dir.path().join("sha256");
    let made = git.run(&["init", "-q", "--object-format=sha256", &path.display().to_string()]);
    assert!(made.is_some());
    assert_eq!(
        open_error(&path),
        "the repository's object format is sha256, which this program cannot read; only sha1 repositories work"
    );
    for (key, value, message) in [
        ("extensions.partialClone", "origin", "needs the extension `extensions.partialclone`, which"),
        ("extensions.bogus", "1", "needs the extension `extensions.bogus`, which"),
        ("core.repositoryFormatVersion", "7", "the repository's format is newer, which"),
    ] {
        let fixture = Fixture::new("");
        fixture.git(&["config", "core.repositoryFormatVersion", "1"]);
        fixture.git(&["config", key, value]);
        let error = open_error(&fixture.path);
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_repository_of_another_owner_is_explained() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    for path in [fixture.path.clone(), fixture.path.join(".git")] {
        // Only root can give files away; elsewhere there is nothing to see.
        if std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).is_err() {
            return;
        }
    }
    let path = fixture.path.canonicalize().expect("a path");
    let error = open_error(&fixture.path.join("docs"));
    let help = format!("if you trust it: `git config --global --add safe.directory {}`", path.display());
    assert!(error.ends_with(&help), "{error}");
}

fn open_error(path: &Path) -> String {
    match Repository::open(&Location::from(path)) {
        Ok(_) => panic!("{} opens", path.display()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_default_branch_is_guessed() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    assert_eq!(fixture.open().default_branch().as_deref(), Some("main"));
    fixture.git(&["branch", "master"]);
    assert_eq!(fixture.open().default_branch(), None, "two usual names");
    fixture.git(&["checkout", "-q", "feature"]);
    let clone = fixture.clone_with("clone", &[]);
    assert_eq!(clone.open().default_branch().as_deref(), Some("feature"), "what origin has checked out");
    clone.git(&["remote", "rename", "origin", "upstream"]);
    assert_eq!(clone.open().default_branch().as_deref(), Some("feature"));
}

#[test]
fn remotes_say_where_the_forge_is() {
    let fixture = Fixture::new("");
    fixture.git(&["remote", "add", "origin", "git@codeberg.org:mosaic/stack.git"]);
    fixture.git(&["remote", "add", "local", "/srv/git/stack.git"]);
    fixture.git(&["remote", "add", "short", "forge:mosaic/stack"]);
    fixture.git(&["config", "url.https://git.example.com/.insteadOf", "forge:"]);
    let remotes = fixture.open().remotes().expect("remotes");
    let found: Vec<_> = remotes
        .iter()
        .map(|remote| {
            (remote.name.as_str(), remote.place.as_ref().map(|place| (place.host.as_str(), place.owner.as_str())))
        })
        .collect();
    assert_eq!(
        found,
        [("local", None), ("origin", Some(("codeberg.org", "mosaic"))), ("short", Some(("git.example.com", "mosaic"))),]
    );
}

#[test]
fn a_repository_can_be_sent_to_a_thread() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let repository = fixture.open();
    let branch = std::thread::spawn(move || repository.current_branch().ok().flatten()).join().expect("no panic");
    assert_eq!(branch.as_deref(), Some("main"));
}
