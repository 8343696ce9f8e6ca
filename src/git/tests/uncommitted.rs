//! The index and the working tree.

use std::{fs, os::unix};

use bstr::BString;

use super::fixture::{Fixture, Random, nul_separated};
use crate::{
    change::ChangeSet,
    git::{Change, Error, Location, Repository},
};

const BASE: &str = "commit base\nwrite a 1\nwrite b 1\nwrite dir/c 1\nwrite dir/d 1\nwrite run.sh x\nwrite .gitignore \"*.o\\nbuild/\\n\"\n";

impl Fixture {
    fn uncommitted(&self, change: &Change) -> Vec<BString> {
        self.open().change_set(change).unwrap_or_else(|error| panic!("{change:?}: {error}")).files.to_vec()
    }

    /// What `git commit` would commit.
    fn staged_by_git(&self) -> Vec<BString> {
        self.paths(&["diff", "--cached", "--no-renames", "--name-only", "-z"])
    }

    /// What `git add --all && git commit` would commit, tried on a copy of the index.
    fn worktree_by_git(&self) -> Vec<BString> {
        let (own, index) = (self.path.join(".git/index"), self.path.join(".git/index-copy"));
        if let Ok(time) = fs::metadata(&own).and_then(|data| data.modified()) {
            fs::copy(&own, &index).expect("a copy");
            // Git trusts an entry that is older than the index, so a copy must not look younger than it is.
            fs::File::options().write(true).open(&index).and_then(|file| file.set_modified(time)).expect("its time");
        }
        let with = [("GIT_INDEX_FILE", index.as_path())];
        self.run_with(&["add", "--all"], &with).expect("git add");
        let list = self.run_with(&["diff", "--cached", "--no-renames", "--name-only", "-z"], &with).expect("git diff");
        let _ = fs::remove_file(&index);
        nul_separated(&list)
    }

    fn agrees(&self, what: &str) {
        assert_eq!(self.uncommitted(&Change::Staged), self.staged_by_git(), "staged: {what}");
        assert_eq!(self.uncommitted(&Change::Worktree), self.worktree_by_git(), "worktree: {what}");
    }
}

#[test]
fn a_clean_tree_has_no_change() {
    let fixture = Fixture::new(BASE);
    fixture.agrees("clean");
    assert_eq!(fixture.uncommitted(&Change::Worktree), [""; 0]);
    let set = fixture.open().change_set(&Change::Staged).expect("staged");
    assert_eq!(set, ChangeSet { branch: Some("main".to_owned()), ..ChangeSet::default() });
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let fixture = Fixture::new("");
    fixture.agrees("nothing");
    fixture.write("a", "1");
    fixture.write("dir/b", "1");
    fixture.git(&["add", "a"]);
    assert_eq!(fixture.uncommitted(&Change::Staged), ["a"]);
    assert_eq!(fixture.uncommitted(&Change::Worktree), ["a", "dir/b"]);
    assert_eq!(fixture.open().current_branch().expect("a branch").as_deref(), Some("main"));
    assert_eq!(
        fixture.failure("HEAD"),
        "the branch `main` has no commit yet; `--staged` and `--worktree` work without"
    );
}

#[test]
fn what_was_staged_and_then_undone_is_no_change() {
    let fixture = Fixture::new(BASE);
    fixture.write("a", "2");
    fixture.write("new", "1");
    fixture.git(&["add", "--all"]);
    fixture.git(&["rm", "-q", "--cached", "b"]);
    fixture.write("a", "1");
    fixture.remove("new");
    fixture.agrees("undone");
    assert_eq!(fixture.uncommitted(&Change::Staged), ["a", "b", "new"]);
    assert_eq!(fixture.uncommitted(&Change::Worktree), [""; 0]);
}

#[test]
fn ignored_files_count_only_if_tracked() {
    let fixture = Fixture::new(BASE);
    fixture.write("x.o", "1");
    fixture.write("build/out", "1");
    fixture.write("forced.o", "1");
    fixture.agrees("ignored");
    fixture.git(&["add", "-f", "forced.o"]);
    fixture.agrees("forced");
    fixture.write("forced.o", "2");
    fixture.agrees("forced, then changed");
    assert_eq!(fixture.uncommitted(&Change::Worktree), ["forced.o"]);
    fixture.remove("forced.o");
    fixture.agrees("forced, then removed");
}

#[test]
fn modes_kinds_conflicts_and_intents_agree_with_git() {
    let fixture = Fixture::new(&format!(
        "{BASE}branch other\ncommit theirs\nwrite a 3\nremove b\nswitch main\ncommit ours\nwrite a 4\nwrite b 4\n"
    ));
    fixture.git(&["update-index", "--chmod=+x", "run.sh"]);
    fixture.agrees("executable in the index only");
    fixture.git(&["checkout", "-q", "-f", "HEAD"]);
    fixture.remove("a");
    fixture.write("a/now-a-folder", "1");
    fixture.remove("dir/c");
    unix::fs::symlink("d", fixture.path.join("dir/c")).expect("a symlink");
    fixture.agrees("kinds");
    fixture.git(&["add", "--all"]);
    fixture.agrees("kinds, staged");
    fixture.git(&["reset", "-q", "--hard"]);
    fixture.write("intent", "1");
    fixture.git(&["add", "-N", "intent"]);
    fixture.agrees("intent to add");
    fixture.git(&["reset", "-q", "--hard"]);
    let _ = fixture.run(&["merge", "-q", "other"]);
    fixture.agrees("conflict");
    assert_eq!(fixture.uncommitted(&Change::Staged), ["a", "b"]);
}

#[test]
fn sparse_checkouts_lack_nothing() {
    let fixture = Fixture::new(BASE);
    fixture.git(&["sparse-checkout", "set", "--no-cone", "/a"]);
    assert!(!fixture.path.join("dir").exists());
    fixture.agrees("sparse");
    assert_eq!(fixture.uncommitted(&Change::Worktree), [""; 0]);
}

#[test]
fn indexes_that_libgit2_cannot_read_are_explained_and_can_be_mended() {
    let fixture = Fixture::new(BASE);
    let refused = |fixture: &Fixture| match fixture.open().change_set(&Change::Staged) {
        Ok(set) => panic!("readable: {set:?}"),
        Err(error) => assert!(error.to_string().starts_with("the index is sparse or split"), "{error}"),
    };
    fixture.git(&["sparse-checkout", "set", "--cone", "--sparse-index"]);
    refused(&fixture);
    assert_eq!(fixture.files("HEAD").len(), 6, "commits need no index");
    fixture.git(&["sparse-checkout", "reapply", "--no-sparse-index"]);
    fixture.agrees("mended");
    fixture.git(&["sparse-checkout", "disable"]);
    fixture.git(&["update-index", "--split-index"]);
    refused(&fixture);
    fixture.git(&["update-index", "--no-split-index"]);
    fixture.agrees("mended");
}

#[test]
fn a_submodule_counts_when_its_commit_moves() {
    let fixture = Fixture::new(BASE);
    let inner = Fixture::new(BASE);
    let url = inner.path.display().to_string();
    fixture.git(&["submodule", "--quiet", "add", &url, "sub"]);
    fixture.agrees("added");
    fixture.git(&["commit", "-q", "-m", "sub"]);
    assert_eq!(fixture.files("HEAD"), [".gitmodules", "sub"]);
    fixture.agrees("clean");
    fixture.write("sub/a", "changed inside");
    fixture.write("sub/untracked", "inside");
    fixture.agrees("dirty inside");
    assert_eq!(fixture.uncommitted(&Change::Worktree), [""; 0]);
    fixture.git(&["-C", "sub", "commit", "-q", "-a", "-m", "moved"]);
    fixture.agrees("moved");
    assert_eq!(fixture.uncommitted(&Change::Worktree), ["sub"]);
    fixture.git(&["add", "sub"]);
    fixture.agrees("moved and staged");
    let sub = Repository::open(&Location::from(fixture.path.join("sub"))).expect("a submodule is a repository");
    assert_eq!(sub.workdir(), Some(fixture.path.canonicalize().expect("a path").join("sub/").as_path()));
    // A repository that is no submodule yet.
    fixture.git(&["init", "-q", "nested"]);
    fixture.git(&["-C", "nested", "commit", "-q", "--allow-empty", "-m", "x"]);
    fixture.write("nested/file", "1");
    fixture.agrees("nested");
}

#[test]
fn another_index_can_be_given() {
    let fixture = Fixture::new(BASE);
    fixture.write("a", "2");
    let index = fixture.path.join(".git/other");
    fs::copy(fixture.path.join(".git/index"), &index).expect("an index");
    fixture.run_with(&["add", "a"], &[("GIT_INDEX_FILE", &index)]).expect("git add");
    let location = Location { index_file: Some(index), ..Location::from(&fixture.path) };
    let set = Repository::open(&location).expect("a repository").change_set(&Change::Staged).expect("staged");
    assert_eq!(set.files.to_vec(), ["a"]);
    assert_eq!(fixture.uncommitted(&Change::Staged), [""; 0]);
}

#[test]
fn a_bare_repository_has_neither() {
    let fixture = Fixture::bare_history(BASE, true);
    for change in [Change::Staged, Change::Worktree] {
        assert!(matches!(fixture.open().change_set(&change), Err(Error::Bare)));
    }
}

#[test]
fn random_states_agree_with_git() {
    const PATHS: [&str; 8] = ["a", "b", "dir/c", "dir/d", "new", "x.o", "run.sh", "n/e/w"];
    let mut random = Random(42);
    for _ in 0..3 {
        let fixture = Fixture::new(BASE);
        for _ in 0..25 {
            let path = random.pick(&PATHS);
            let exists = fixture.path.join(path).is_file();
            match random.below(6) {
                0 | 1 => fixture.write(path, random.pick(&["1", "2", "longer than that"])),
                2 if exists => fixture.remove(path),
                3 => drop(fixture.run(&["add", "-f", path])),
                4 => drop(fixture.run(&["rm", "-q", "--cached", path])),
                _ => drop(fixture.run(&["reset", "-q", "--", path])),
            }
            fixture.agrees(path);
        }
    }
}
