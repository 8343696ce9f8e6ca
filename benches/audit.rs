//! `wp-gate audit` beside `git log`, as whole processes, over histories of 1,000, 4,000 and 16,000 commits: time per commit should stay the
//! same. One workflow has `${CI_COMMIT_SHA}` in it, which makes it another text for every commit.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use divan::{Bencher, counter::ItemsCount};
use tempfile::TempDir;

mod repository;

const COMMITS: [usize; 3] = [1_000, 4_000, 16_000];

static HISTORIES: LazyLock<HashMap<usize, TempDir>> =
    LazyLock::new(|| COMMITS.into_iter().map(|commits| (commits, history(commits))).collect());

fn main() {
    divan::main();
}

/// As many commits on main, packed as a clone would be.
fn history(commits: usize) -> TempDir {
    let script = format!(
        "commit Import\n  copy .woodpecker/publish.yml workflows/ok/founding/publish.yml\n  \
         copy .woodpecker/ci.yaml workflows/ok/founding/ci.yaml\n\
         repeat 5\nrepeat 8\n  write packages/p$m/src/f$n.ts x\nend\nend\n\
         repeat {}\ncommit \"docs: page $n\"\n  write docs/page.md \"$n\"\n\
         commit \"web: page $n\"\n  write apps/web/y.ts \"$n\"\nend\n",
        commits / 2
    );
    let dir = repository::build(&script);
    repository::git(dir.path(), &["gc", "--quiet"]);
    dir
}

#[divan::bench(args = COMMITS, sample_count = 10)]
fn audit(bencher: Bencher<'_, '_>, commits: usize) {
    let dir = HISTORIES[&commits].path();
    bencher.counter(ItemsCount::new(commits)).bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wp-gate"));
        let status = command.current_dir(dir).args(["audit", "main", "--max", "0"]).stdout(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "wp-gate audit");
    });
}

#[divan::bench(args = COMMITS, sample_count = 10)]
fn git_log(bencher: Bencher<'_, '_>, commits: usize) {
    let dir = HISTORIES[&commits].path();
    let arguments = ["log", "--first-parent", "-m", "--no-renames", "--name-only", "-z", "main"];
    bencher.counter(ItemsCount::new(commits)).bench(|| repository::git(dir, &arguments));
}
