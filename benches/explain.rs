//! `wp-gate explain` beside `git diff-tree`, as whole processes, in a repository of 100,000 files.

use std::process::{Command, Stdio};
use std::sync::LazyLock;

use divan::Bencher;
use tempfile::TempDir;

mod repository;

static LARGE: LazyLock<TempDir> = LazyLock::new(repository::large);

fn main() {
    divan::main();
}

#[divan::bench(args = repository::REVISIONS)]
fn explain(bencher: Bencher<'_, '_>, revision: &str) {
    let dir = LARGE.path();
    bencher.bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wp-gate"));
        let status = command.current_dir(dir).args(["explain", revision]).stdout(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "wp-gate explain {revision}");
    });
}

#[divan::bench(args = repository::REVISIONS)]
fn git_diff_tree(bencher: Bencher<'_, '_>, revision: &str) {
    let dir = LARGE.path();
    bencher.bench(|| repository::git(dir, &["diff-tree", "-r", "--root", "--no-renames", "--name-only", revision]));
}
