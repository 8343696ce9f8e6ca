//! `testdata/workflows/bad`: one flaw a file, each refused, with its code frame as a snapshot. `testdata/workflows/ok`: none refused.
//!
//! The server trusts the repository with nothing. A file that is bad to some servers only begins with `# server: VERSION`.

use std::{fs, path::Path};

use wp_gate::server::Version;

use super::support::{Repo, assert_screen, testdata};

/// The files of a folder of `testdata/workflows`, without those of folders in it.
fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/workflows").join(folder);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn server(text: &str) -> Version {
    let asked = text.lines().next().and_then(|line| line.strip_prefix("# server: "));
    asked.map_or(Version::NEWEST, |version| version.parse().expect("a known version"))
}

#[test]
fn every_bad_file_is_refused_with_a_code_frame() {
    let repo = Repo::of_workflow("");
    repo.write(".wp-gate.yaml", "server: {trusted: {}, privileged_plugins: []}\n");
    let files = files("bad");
    assert!(files.len() >= 20, "{files:?}");
    for file in files {
        let text = testdata(&format!("workflows/bad/{file}"));
        repo.write(".woodpecker/build.yml", &text);
        let server = server(&text).to_string();
        let ran = repo.explain(&["HEAD", "--gates", "worktree", "--woodpecker", &server]);
        assert_eq!(ran.status.code(), 1, "{file}: {}", ran.out);
        assert!(ran.out.contains(".woodpecker/build.yml:"), "{file} has a frame: {}", ran.out);
        // The change is the same for all.
        let (_, shown) = ran.out.split_once("\n\n").expect("the change comes first");
        assert_screen!(format!("flaw-{}", file.trim_end_matches(".yml")), shown);
    }
}

#[test]
fn no_good_file_is_refused() {
    let repo = Repo::of_workflow("");
    for file in files("ok") {
        repo.write(".woodpecker/build.yml", testdata(&format!("workflows/ok/{file}")));
        let ran = repo.explain(&["HEAD", "--gates", "worktree"]);
        assert_eq!(ran.status.code(), 0, "{file}: {}", ran.out);
    }
}
