//! Repositories for the benchmarks, built by commit scripts.

use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

#[path = "../../src/git/script.rs"]
mod script;

/// A bare repository with the commits of `script`.
pub(crate) fn build(script: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    let repository = git2::Repository::init_bare(dir.path()).expect("a repository");
    script::build(&repository, script).expect("a good script");
    dir
}

/// Runs `git` in `dir`; what it prints is thrown away.
#[allow(dead_code, reason = "not every benchmark compares with git")]
pub(crate) fn git(dir: &Path, arguments: &[&str]) {
    let status = Command::new("git").current_dir(dir).args(arguments).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "git {arguments:?}");
}

/// A repository of 100,000 files, packed as a clone would be, with commits of three shapes: [`REVISIONS`].
#[allow(dead_code, reason = "not every benchmark needs it")]
pub(crate) fn large() -> TempDir {
    let dir = build(LARGE);
    git(dir.path(), &["gc", "--quiet"]);
    dir
}

/// Two changed files, 1,000 changed folders, and the first commit with all files.
#[allow(dead_code, reason = "not every benchmark needs it")]
pub(crate) const REVISIONS: [&str; 3] = ["narrow", "wide", "root"];

const LARGE: &str = r#"
commit "100,000 files"
  write .woodpecker.yml "steps:\n  - name: build\n    image: alpine\n    commands: [make]\n    when:\n      - path: ['packages/p500/**', '**/*.md']\n"
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
