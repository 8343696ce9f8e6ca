//! Requests for plans: the founding case's own workflows, as JSON in and JSON out; and one that has many files and many steps.

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Map, Value, json};
use wp_gate::eval::{answer, stream};
use wp_gate::git::{Location, Repository, Snapshot};
use wp_gate::server::Version;

mod repository;

/// How many requests one run answers.
const REQUESTS: usize = 500;

fn main() {
    divan::main();
}

/// The workflows of the founding case's last commit.
fn founding_files() -> Map<String, Value> {
    let dir = repository::build(include_str!("../testdata/repos/founding.txt"));
    let opened = Repository::open(&Location::from(dir.path())).expect("a repository");
    let found = opened.workflow_files(&Snapshot::Revision("HEAD".into()), None).expect("workflows");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    found.files.into_iter().map(|file| (file.path.to_string(), text(file.bytes).into())).collect()
}

fn request(files: &Map<String, Value>, changed_files: &[String]) -> String {
    let commit = json!({ "ref": "refs/heads/main", "branch": "main", "message": "m", "changed_files": changed_files });
    let metadata = json!({ "repo": { "owner": "o", "name": "n" }, "curr": { "event": "push", "commit": commit } });
    json!({ "files": files, "metadata": metadata }).to_string()
}

#[divan::bench(args = [1, 2])]
fn founding(bencher: Bencher<'_, '_>, threads: usize) {
    let files = founding_files();
    assert_eq!(files.len(), 2, "the case's workflows");
    let request = request(&files, &["docs/x.md".to_owned(), "apps/web/y.ts".to_owned()]);
    let input = format!("{request}\n").repeat(REQUESTS);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    bencher.counter(ItemsCount::new(REQUESTS)).bench(|| {
        let mut out = Vec::new();
        stream(&mut input.as_bytes(), &mut out, Version::default(), &pool).map(|()| out)
    });
}

/// 100,000 changed files, and 60 steps that share 30 patterns.
#[divan::bench(sample_count = 10)]
fn many_files(bencher: Bencher<'_, '_>) {
    let patterns: Vec<String> =
        (0..15).flat_map(|n| [format!("'apps/a{n}/**/*.{{ts,tsx}}'"), format!("'**/x{n}*/deep/*.md'")]).collect();
    let steps: Vec<String> = (0..60)
        .map(|n| format!("  - {{name: s{n}, image: alpine, commands: [make], when: {{path: *paths}}}}\n"))
        .collect();
    let workflow = format!("variables:\n  - &paths [{}]\nsteps:\n{}", patterns.join(", "), steps.concat());
    let files = Map::from_iter([(".woodpecker.yml".to_owned(), workflow.into())]);
    let changed: Vec<String> =
        (0..1000).flat_map(|m| (0..100).map(move |n| format!("packages/p{m}/src/f{n}.ts"))).collect();
    let request = request(&files, &changed);
    bencher.bench(|| answer(request.as_bytes(), Version::default()));
}
