//! Which files are workflows, and reading them.

use std::{fs, os::unix, process::Command};

use super::fixture::{Fixture, SCRIPTS};
use crate::{
    git::{Error, Snapshot, WorkflowFiles},
    source::MAX_LEN,
};

fn head() -> Snapshot {
    Snapshot::Revision("HEAD".into())
}

/// The same files in the commit, the index and the working tree.
fn everywhere(script: &str, path: Option<&str>) -> WorkflowFiles {
    let fixture = Fixture::new(script);
    let repository = fixture.open();
    let [commit, index, mut worktree] = [head(), Snapshot::Index, Snapshot::Worktree].map(|snapshot| {
        repository.workflow_files(&snapshot, path).unwrap_or_else(|error| panic!("{snapshot:?}: {error}"))
    });
    for (file, committed) in worktree.files.iter_mut().zip(&commit.files) {
        assert_eq!(file.blob, None);
        file.blob.clone_from(&committed.blob);
    }
    assert_eq!(commit.files, worktree.files, "{script}");
    assert_eq!(commit.files, index.files, "{script}");
    assert_eq!((&commit.place, &commit.place), (&worktree.place, &index.place), "{script}");
    commit
}

fn names(found: &WorkflowFiles) -> Vec<&str> {
    found.files.iter().map(|file| std::str::from_utf8(&file.path).expect("UTF-8")).collect()
}

#[test]
fn the_lookup_is_the_servers() {
    for (files, path, place, expected) in [
        ("write x y", None, None, &[][..]),
        ("write .woodpecker.yml x", None, Some(".woodpecker.yml"), &[".woodpecker.yml"]),
        ("write .woodpecker.yml x\nwrite .woodpecker.yaml x", None, Some(".woodpecker.yaml"), &[".woodpecker.yaml"]),
        (
            "write .woodpecker/b.yml x\nwrite .woodpecker/a.yaml x\nwrite .woodpecker.yml x",
            None,
            Some(".woodpecker/"),
            &[".woodpecker/a.yaml", ".woodpecker/b.yml"],
        ),
        // Not deeper, no other endings, upper case is another ending; empty files count in a folder.
        (
            "write .woodpecker/sub/a.yml x\nwrite .woodpecker/B.YML x\nwrite .woodpecker/c.json x\nwrite .woodpecker/d.yml \"\"",
            None,
            Some(".woodpecker/"),
            &[".woodpecker/d.yml"],
        ),
        ("write .woodpecker/x.json x\nwrite .woodpecker.yml x", None, Some(".woodpecker.yml"), &[".woodpecker.yml"]),
        // A file that is empty ends the search.
        ("write .woodpecker.yaml \"\"\nwrite .woodpecker.yml x", None, Some(".woodpecker.yaml"), &[]),
        ("write .woodpecker x\nwrite .woodpecker.yml x", None, Some(".woodpecker.yml"), &[".woodpecker.yml"]),
        // A path that is set: a folder only with a slash, a file of any name, nothing else is looked at.
        ("write ci/a.yml x\nwrite .woodpecker.yml x", Some("ci/"), Some("ci/"), &["ci/a.yml"]),
        ("write ci/a.yml x\nwrite .woodpecker.yml x", Some("ci"), None, &[]),
        ("write ci/deploy.txt x", Some("  ci/deploy.txt\n"), Some("ci/deploy.txt"), &["ci/deploy.txt"]),
        ("write ci/a/b.yml x", Some("./ci//a/"), Some("./ci//a/"), &["ci/a/b.yml"]),
        ("write .woodpecker.yml x", Some("none.yml"), None, &[]),
        ("write .woodpecker.yml x", Some("../.woodpecker.yml"), None, &[]),
        ("write .woodpecker.yml x", Some("/"), None, &[]),
        ("write .woodpecker.yml x", Some(" "), Some(".woodpecker.yml"), &[".woodpecker.yml"]),
        ("write .woodpecker.yml x", Some(".woodpecker.yml/x"), None, &[]),
    ] {
        let found = everywhere(&format!("commit c\nwrite keep x\n{files}\n"), path);
        assert_eq!((found.place.as_deref(), names(&found)), (place, expected.to_vec()), "{files} {path:?}");
    }
}

#[test]
fn files_come_with_their_bytes_and_blobs() {
    let found = everywhere(
        "commit c\nwrite .woodpecker/a.yml \"\\xff\\x00\"\nwrite \".woodpecker/\\x1b.yml\" x\nexec .woodpecker/a.yml\n",
        None,
    );
    assert_eq!(found.files.len(), 2);
    assert_eq!(found.files[1].bytes, b"\xff\0");
    let blob = git2::Oid::hash_object(git2::ObjectType::Blob, b"\xff\0").expect("an id");
    assert_eq!(found.files[1].blob, Some(blob.to_string()));
}

#[test]
fn revisions_of_a_bare_repository_have_their_own() {
    let fixture = Fixture::bare_history(SCRIPTS[0].1, true);
    let repository = fixture.open();
    let found = repository.workflow_files(&Snapshot::Revision("v0.1.0".into()), None).expect("files");
    assert_eq!(names(&found), [".woodpecker/ci.yaml", ".woodpecker/publish.yml"]);
    assert!(matches!(repository.workflow_files(&Snapshot::Worktree, None), Err(Error::Bare)));
    assert!(matches!(repository.workflow_files(&Snapshot::Index, None), Err(Error::Bare)));
}

#[test]
fn symlinks_pipes_and_ignored_files_are_not_read() {
    let fixture = Fixture::new(
        "commit c\nwrite .woodpecker/a.yml x\nlink .woodpecker/link.yml a.yml\nwrite .gitignore local.yml\n",
    );
    let outside = fixture.path.with_file_name("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("secret.yml"), "secret").expect("a file");
    unix::fs::symlink(&outside, fixture.path.join("ci")).expect("a symlink");
    unix::fs::symlink(outside.join("secret.yml"), fixture.path.join(".woodpecker/out.yml")).expect("a symlink");
    let pipe = fixture.path.join(".woodpecker/pipe.yml");
    assert!(Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
    fixture.write(".woodpecker/local.yml", "ignored");
    fixture.write(".woodpecker/new.yml", "untracked");
    let repository = fixture.open();
    let found = repository.workflow_files(&Snapshot::Worktree, None).expect("files");
    assert_eq!(names(&found), [".woodpecker/a.yml", ".woodpecker/new.yml"]);
    assert_eq!(found.notes.len(), 2, "{:?}", found.notes);
    for path in ["ci/", "ci/secret.yml"] {
        let found = repository.workflow_files(&Snapshot::Worktree, Some(path)).expect("nothing");
        assert_eq!((found.place, found.files), (None, vec![]), "{path}");
    }
    let found = repository.workflow_files(&head(), Some(".woodpecker/link.yml")).expect("the link's own text");
    assert_eq!((found.files[0].bytes.as_slice(), found.notes.len()), (&b"a.yml"[..], 1));
}

#[test]
fn a_file_above_the_limit_is_refused() {
    let fixture = Fixture::new("commit c\nwrite .woodpecker.yml x\n");
    fs::write(fixture.path.join(".woodpecker.yml"), vec![b' '; MAX_LEN]).expect("a file");
    let repository = fixture.open();
    assert_eq!(
        repository.workflow_files(&Snapshot::Worktree, None).expect("just small enough").files[0].bytes.len(),
        MAX_LEN
    );
    fs::write(fixture.path.join(".woodpecker.yml"), vec![b' '; MAX_LEN + 1]).expect("a file");
    fixture.git(&["add", "--all"]);
    for snapshot in [Snapshot::Worktree, Snapshot::Index] {
        let error = repository_error(&fixture, &snapshot);
        assert_eq!(error, "the file `.woodpecker.yml` is too large: more than 16 MiB");
    }
}

fn repository_error(fixture: &Fixture, snapshot: &Snapshot) -> String {
    fixture.open().workflow_files(snapshot, None).expect_err("too large").to_string()
}

#[test]
fn a_blob_that_a_partial_clone_lacks_is_asked_for() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let clone = fixture.clone_with("blobless", &["--filter=blob:none", "--bare"]);
    let blob = fixture.line(&["rev-parse", "HEAD:.woodpecker/ci.yaml"]);
    let Err(error) = clone.open().workflow_files(&head(), None) else { panic!("it has the blob") };
    let message = error.to_string();
    assert!(
        message.starts_with(&format!("the file with the blob {blob} is not in this clone, which is partial")),
        "{message}"
    );
    for file in ["ci.yaml", "publish.yml"] {
        let blob = fixture.line(&["rev-parse", &format!("HEAD:.woodpecker/{file}")]);
        clone.git(&["cat-file", "-e", &blob]);
    }
    assert_eq!(clone.open().workflow_files(&head(), None).expect("mended").files.len(), 2);
}

#[test]
fn files_of_a_revision_are_chosen_by_path() {
    let fixture = Fixture::new(
        "commit one\nwrite fleet/b.yaml b\nwrite fleet/sub/a.json a\nwrite fleet.yaml x\nlink fleet/l.yaml b.yaml\n\
         commit two\nremove fleet/b.yaml\n",
    );
    let at = |revision: &str| {
        let wanted = |path: &bstr::BStr| path.starts_with(b"fleet/");
        let files = fixture.open().files_at(revision.into(), wanted).expect("files");
        let file = |file: crate::git::File| (file.path.to_string(), file.bytes.expect("its bytes"));
        files.into_iter().map(file).collect::<Vec<_>>()
    };
    let sub = ("fleet/sub/a.json".to_owned(), b"a".to_vec());
    assert_eq!(at("HEAD~1"), [("fleet/b.yaml".to_owned(), b"b".to_vec()), sub.clone()]);
    assert_eq!(at("HEAD"), [sub]);
    assert!(matches!(fixture.open().files_at("none".into(), |_| true), Err(Error::UnknownRevision { .. })));
}
