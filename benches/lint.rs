//! `wp-gate lint` over 1,000 workflow files of 100 lines, as a whole process.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;

/// How many files there are.
const FILES: usize = 1000;
/// How many lines each has.
const LINES: usize = 100;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a folder");
    for at in 0..FILES {
        let text = workflow(at);
        assert_eq!(text.lines().count(), LINES);
        fs::write(folder.path().join(format!("workflow-{at:04}.yaml")), text).expect("it is written");
    }
    folder
});

fn main() {
    divan::main();
}

/// A workflow as they are: an anchor, a matrix, steps with gates. One flaw in each tenth.
fn workflow(at: usize) -> String {
    let mut text = format!(
        "variables:\n  - &gate\n    - event: tag\n    - event: [push, pull_request]\n      branch: main\n      path:\n        \
         include: ['apps/app-{at}/**', 'packages/**/*.ts']\n        on_empty: false\n\nwhen:\n  event: [push, pull_request, tag]\n\nsteps:\n"
    );
    for step in 0..8 {
        let image = if at.is_multiple_of(10) && step == 0 { "''" } else { "node:22" };
        write!(
            text,
            "  # step {step}\n  - name: build-{step}\n    image: {image}\n    commands:\n      - npm ci\n      - npm run build -- --app {at} --out \
             ${{CI_WORKSPACE}}/out\n    environment:\n      NODE_ENV: production\n      COMMIT: ${{CI_COMMIT_SHA}}\n    when: *gate\n\n"
        )
        .expect("a string takes all that is written");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[divan::bench]
fn thousand_files(bencher: Bencher<'_, '_>) {
    let folder = FOLDER.path();
    bencher.counter(ItemsCount::new(FILES * LINES)).bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wp-gate"));
        let status = command.arg("lint").arg(folder).args(["--format", "json"]).stdout(Stdio::null()).status();
        assert_eq!(status.expect("it starts").code(), Some(1), "each tenth file has a flaw");
    });
}
