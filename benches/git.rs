//! A repository of 100,000 files: what a change costs here, and what the `git` program takes for it as a whole process.
//!
//! Three shapes: two changed files, 1,000 changed folders, and the first commit with all files. A plain program (`harness = false`):
//! whichever harness the other benchmarks use can take over [`build`] and the closures.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use std::{
    hint::black_box,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use wp_gate::git::{Change, Location, Repository, Revision};

#[path = "../src/git/script.rs"]
mod script;

const SCRIPT: &str = r#"
commit "100,000 files"
  write .woodpecker.yml "steps: []\n"
repeat 1000
repeat 100
  write packages/p$m/src/f$n.ts "$m $n"
end
end
tag root
branch wide
commit "1,000 folders"
repeat 1000
  write packages/p$n/src/f1.ts x
end
branch narrow root
commit "two files"
  write packages/p500/src/f50.ts x
  write docs/x.md x
"#;

/// Builds the repository and packs it, as a clone would be.
fn build(path: &Path) {
    let repository = git2::Repository::init_bare(path).expect("a repository");
    script::build(&repository, SCRIPT).expect("a good script");
    assert!(git(path, &["gc", "--quiet"]), "git gc");
}

fn git(path: &Path, arguments: &[&str]) -> bool {
    let status = Command::new("git").current_dir(path).args(arguments).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The fastest of some rounds: what others do on the machine only adds to it.
fn fastest(mut run: impl FnMut()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..20).map(round).min().unwrap_or_default()
}

fn main() {
    let dir = tempfile::TempDir::new().expect("a temporary folder");
    build(dir.path());
    for revision in ["narrow", "wide", "root"] {
        let change = Change::Revision(Revision::parse(revision.as_bytes()).expect("a revision"));
        let ours = fastest(|| {
            let repository = Repository::open(&Location::from(dir.path())).expect("a repository");
            black_box(repository.change_set(&change).expect("a change"));
        });
        let theirs = fastest(|| {
            assert!(
                git(dir.path(), &["diff-tree", "-r", "--root", "--no-renames", "--name-only", revision]),
                "git diff-tree"
            );
        });
        println!("{revision:>8}: {ours:>10.1?} open and compare, {theirs:>10.1?} git diff-tree");
    }
}
