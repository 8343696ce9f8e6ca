//! What a change costs in a repository of 100,000 files: opening it and comparing the trees, without a process around it.

use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use tempfile::TempDir;
use wp_gate::git::{Change, Location, Repository, Revision, skip_hash_verification};

mod repository;

static LARGE: LazyLock<TempDir> = LazyLock::new(repository::large);

fn main() {
    // As the program does.
    skip_hash_verification();
    divan::main();
}

#[divan::bench(args = repository::REVISIONS)]
fn open_and_compare(bencher: Bencher<'_, '_>, revision: &str) {
    let path: &Path = LARGE.path();
    let change = Change::Revision(Revision::parse(revision.as_bytes()).expect("a revision"));
    bencher.bench(|| {
        let repository = Repository::open(&Location::from(path)).expect("a repository");
        repository.change_set(&change).expect("a change")
    });
}
