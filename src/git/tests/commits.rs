//! Changes between commits.

use std::fmt::Write as _;

use bstr::BString;

use super::fixture::{Fixture, Random, SCRIPTS};
use crate::git::{Error, Missing};

/// Every commit, every `A..B` and every `A...B` of a repository, against git.
fn agrees_with_git(name: &str, fixture: &Fixture, step: usize) {
    let commits = String::from_utf8(fixture.git(&["rev-list", "--all"])).expect("ids");
    let commits: Vec<&str> = commits.lines().collect();
    assert!(commits.len() > 5);
    for commit in &commits {
        let parents = fixture.line(&["rev-list", "--parents", "-1", commit]);
        let parent = parents.split(' ').nth(1);
        let git = match parent {
            Some(parent) => fixture.paths(&["diff-tree", "-r", "--no-renames", "--name-only", "-z", parent, commit]),
            None => fixture.paths(&[
                "diff-tree",
                "-r",
                "--root",
                "--no-renames",
                "--name-only",
                "--no-commit-id",
                "-z",
                commit,
            ]),
        };
        assert_eq!(fixture.files(commit), git, "{name} {commit}");
    }
    for (at, pair) in commits.iter().flat_map(|a| commits.iter().map(move |b| (a, b))).enumerate() {
        if at % step != 0 {
            continue;
        }
        let (a, b) = pair;
        let git = fixture.paths(&["diff-tree", "-r", "--no-renames", "--name-only", "-z", a, b]);
        assert_eq!(fixture.files(&format!("{a}..{b}")), git, "{name} {a}..{b}");
        let request = format!("{a}...{b}");
        match fixture.run(&["diff", "--no-renames", "--name-only", "-z", &request]) {
            Some(list) => assert_eq!(fixture.files(&request), super::fixture::nul_separated(&list), "{name} {request}"),
            None => assert!(
                matches!(fixture.change(&request), Err(Error::NoMergeBase { shallow: false, .. })),
                "{name} {request}"
            ),
        }
    }
}

#[test]
fn all_changes_of_the_scripts_are_those_that_git_lists() {
    for (name, script) in SCRIPTS {
        let fixture = Fixture::bare_history(script, true);
        agrees_with_git(name, &fixture, if name == "bulk" { 1237 } else { 13 });
    }
}

#[test]
fn random_histories_agree_with_git() {
    for seed in 1..=2 {
        let script = random_history(&mut Random(seed << 32 | 0x9e37_79b9), 40);
        agrees_with_git(&format!("seed {seed}\n{script}"), &Fixture::bare_history(&script, true), 61);
    }
}

/// `git rev-list` of `A..B` and of `B`, for some pairs of commits.
fn walks_like_git(name: &str, fixture: &Fixture, step: usize) {
    let list = |arguments: &[&str]| -> Vec<String> {
        let list = String::from_utf8(fixture.git(&[&["rev-list"], arguments].concat())).expect("ids");
        list.lines().map(str::to_owned).collect()
    };
    let repository = fixture.open();
    let commits = list(&["--all"]);
    for (at, (a, b)) in commits.iter().flat_map(|a| commits.iter().map(move |b| (a, b))).enumerate() {
        if at % step == 0 {
            let walk = repository.rev_list(Some(a), b, usize::MAX).expect("a walk");
            assert_eq!(walk, list(&[&format!("{a}..{b}")]), "{name} {a}..{b}");
        }
    }
    for commit in commits.iter().step_by(7) {
        assert_eq!(repository.rev_list(None, commit, 20).expect("a walk"), list(&["-n20", commit]), "{name} {commit}");
    }
    let (root, tip) = (commits.last().expect("a commit"), &commits[0]);
    let range = format!("{root}..{tip}");
    assert_eq!(repository.rev_list(Some(root), tip, 5).expect("a walk"), list(&["-n5", &range]), "{name}");
}

#[test]
fn walks_give_the_order_of_git_even_with_wrong_clocks() {
    for (name, script) in SCRIPTS {
        walks_like_git(name, &Fixture::bare_history(script, true), if name == "bulk" { 1237 } else { 13 });
    }
    for seed in 1..=3 {
        let script = random_history(&mut Random(seed << 32 | 0x517c_c1b7), 40);
        walks_like_git(&format!("seed {seed}\n{script}"), &Fixture::bare_history(&script, true), 37);
    }
}

/// Commits on three branches that write, remove, re-type and nest few names, so that they often meet.
fn random_history(random: &mut Random, commits: usize) -> String {
    const PATHS: [&str; 9] = ["a", "a.b", "a/b", "a/b/c", "a0", "ab", "\"\\xff\"", "\"\\xff/x\"", "a/b.c"];
    let mut script = String::from("commit root\nwrite z 0\nbranch one\nbranch two\nswitch main\n");
    for n in 0..commits {
        let _ = writeln!(script, "switch {}", random.pick(&["main", "one", "two"]));
        match random.below(5) {
            0 => drop(writeln!(script, "merge {} merge", random.pick(&["main", "one", "two"]))),
            _ => drop(writeln!(script, "commit {n} {}", random.pick(&["@+60", "@+0", "@-500", "@+3"]))),
        }
        for _ in 0..random.below(4) {
            let path = random.pick(&PATHS);
            let _ = match random.below(5) {
                0 => writeln!(script, "link {path} {}", random.below(2)),
                1 => writeln!(script, "write {path} x\nexec {path}"),
                2 => writeln!(script, "submodule {path} {}", "12".repeat(20)),
                3 => writeln!(script, "write {path} {n}\nremove {path}"),
                _ => writeln!(script, "write {path} {}", random.below(3)),
            };
        }
    }
    script
}

#[test]
fn a_change_set_knows_its_commit_message_branch_and_tag() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let set = fixture.change("HEAD").expect("HEAD");
    assert_eq!(set.files.to_vec(), ["packages/mosaic/index.ts", "packages/mosaic/main.ts"]);
    assert_eq!(
        (set.message.as_str(), set.branch.as_deref(), set.tag),
        ("mosaic: rename the entry\n", Some("main"), None)
    );
    assert_eq!(set.commit, Some(fixture.names["rename"].to_string()));
    assert_eq!((set.notes, set.hidden), (vec![], vec![]));

    let tagged = fixture.change("v1.0.0").expect("an annotated tag");
    assert_eq!((tagged.tag.as_deref(), tagged.commit), (Some("v1.0.0"), set.commit));
    let root = fixture.change("v0.1.0").expect("a lightweight tag");
    assert_eq!((root.tag.as_deref(), root.files.len()), (Some("v0.1.0"), 17));
    assert_eq!(root.message, "Import the monorepo\n\nThree apps and the packages they share.\n");
    assert_eq!(root.notes, ["a first commit, without a parent: all its files count"]);

    let merge = fixture.change("HEAD~1").expect("a merge");
    assert_eq!(merge.files.to_vec(), ["apps/web/y.ts", "docs/page.md"]);
    assert_eq!(merge.notes, ["a merge of 2 parents, compared with the first one only"]);
    let request = fixture.change("main...feature").expect("a pull request that was merged");
    assert_eq!((request.files.len(), request.branch.as_deref()), (0, Some("main")));
    let request = fixture.change("v0.1.0...docs-fix").expect("a pull request");
    assert_eq!(request.files.to_vec(), ["README.md", "docs/x.md"]);
}

#[test]
fn octopus_criss_cross_and_one_name_for_two_things_are_noted() {
    let fixture = Fixture::bare_history(SCRIPTS[1].1, true);
    assert_eq!(
        fixture.change("one~1").expect("octopus").notes,
        ["a merge of 3 parents, compared with the first one only"]
    );
    let notes = fixture.change("left...right").expect("criss-cross").notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("2 best common ancestors"), "{}", notes[0]);
    assert_eq!(
        fixture.change("same").expect("the tag").notes,
        ["`same` is a tag and a branch; the tag is meant, as in git"]
    );
    let empty = fixture.names["empty"].to_string();
    assert_eq!(fixture.files(&empty), [""; 0]);
    assert_eq!(fixture.failure("main...island"), "`main` and `island` have no common ancestor");
}

#[test]
fn names_of_4_kilobytes_and_other_bytes_come_through() {
    let long = "n".repeat(4096);
    let script = format!("commit root\ncommit names\nwrite {long}/{long} x\nwrite \"\\xff\\n\\x1b\" x\n");
    let fixture = Fixture::bare_history(&script, true);
    assert_eq!(fixture.files("HEAD"), [BString::from(format!("{long}/{long}")), BString::from(&b"\xff\n\x1b"[..])]);
}

#[test]
fn wrong_revisions_are_explained() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    fixture.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    for (revision, message) in [
        ("mian", "unknown revision `mian`; did you mean `main`?"),
        ("release", "unknown revision `release`; did you mean `origin/release`?"),
        ("v1.0.1", "unknown revision `v1.0.1`; did you mean `v1.0.0`?"),
        ("nothing-like-it", "unknown revision `nothing-like-it`"),
        ("main..\u{202e}x", "unknown revision `\\u{202e}x`"),
        ("HEAD~99", "unknown revision `HEAD~99`"),
        ("HEAD:README.md", "`HEAD:README.md` is a blob, not a commit"),
        ("HEAD:docs", "`HEAD:docs` is a tree, not a commit"),
        ("HEAD^{tree}", "`HEAD^{tree}` is a tree, not a commit"),
        ("HEAD^{bogus}", "`HEAD^{bogus}` is not a revision: its form is none that git knows"),
        ("--upload-pack=x", "`--upload-pack=x` is not a revision: it begins with `-`"),
        ("a\u{1b}[31m", "`a\\x1b[31m` is not a revision: it holds a control character"),
        (
            "1234567890123456789012345678901234567890",
            "the commit 1234567890123456789012345678901234567890 is not in this clone, which is damaged; `git fsck` says more",
        ),
    ] {
        assert_eq!(fixture.failure(revision), message);
    }
    let (one, two) = (fixture.line(&["rev-parse", "HEAD"]), fixture.line(&["rev-parse", "HEAD~1"]));
    assert_eq!(fixture.files(&one[..10]), fixture.files("HEAD"));
    assert_ne!(one, two);
}

#[test]
fn a_shallow_clone_never_takes_its_edge_for_a_first_commit() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let clone = fixture.clone_with("shallow", &["--depth=1"]);
    let parent = fixture.line(&["rev-parse", "HEAD^"]);
    let help = "which is shallow; `git fetch --deepen=1` brings one more commit, `git fetch --unshallow` all of them";
    assert_eq!(clone.failure("HEAD"), format!("the parent commit {parent} is not in this clone, {help}"));
    assert_eq!(clone.failure("HEAD~1"), format!("the parent commit {parent} is not in this clone, {help}"));
    assert!(clone.failure(&parent).ends_with(help));
    clone.git(&["fetch", "-q", "--deepen=1"]);
    assert_eq!(clone.files("HEAD"), fixture.files("HEAD"));
    assert!(matches!(clone.change("HEAD~1"), Err(Error::MissingObject { cause: Missing::Shallow, .. })));
    clone.git(&["fetch", "-q", "--unshallow"]);
    assert_eq!(clone.files("HEAD~1"), fixture.files("HEAD~1"));
    assert_eq!(clone.change("HEAD~3^{/Import}").expect("the real first commit").notes.len(), 1);
}

#[test]
fn a_merge_base_beyond_a_shallow_edge_is_asked_for() {
    let fixture = Fixture::new(SCRIPTS[1].1);
    let clone = fixture.clone_with("shallow", &["--depth=1", "--no-single-branch"]);
    let message = clone.failure("origin/left...origin/right");
    assert!(message.ends_with("`git fetch --unshallow` brings the rest of the history"), "{message}");
}

#[test]
fn a_partial_clone_says_which_fetch_mends_it_and_it_does() {
    let fixture = Fixture::new(SCRIPTS[0].1);
    let blobless = fixture.clone_with("blobless", &["--filter=blob:none", "--bare"]);
    assert_eq!(blobless.files("HEAD~1"), fixture.files("HEAD~1"), "names need no blobs");
    let treeless = fixture.clone_with("treeless", &["--filter=tree:0", "--bare"]);
    let message = treeless.failure("HEAD");
    assert!(
        message.starts_with("the tree ") && message.contains("`git fetch --refetch --no-filter origin` everything"),
        "{message}"
    );
    let Err(Error::MissingObject { id, cause, .. }) = treeless.change("HEAD") else { panic!("{message}") };
    assert_eq!(cause, Missing::Promised { remote: "origin".into() });
    treeless.git(&["cat-file", "-e", &id]);
    assert!(!treeless.failure("HEAD").contains(&id), "the first one is there now");
    treeless.git(&["fetch", "-q", "--refetch", "--no-filter", "origin"]);
    assert_eq!(treeless.files("HEAD"), fixture.files("HEAD"));
}

#[test]
fn a_lost_object_is_said_to_be_damage() {
    let fixture = Fixture::new("commit root\nwrite a/b/c x\ncommit two\nwrite a/b/c y\n");
    let tree = fixture.line(&["rev-parse", "HEAD:a/b"]);
    fixture.remove(&format!(".git/objects/{}/{}", &tree[..2], &tree[2..]));
    assert_eq!(
        fixture.failure("HEAD"),
        format!("the tree {tree} is not in this clone, which is damaged; `git fsck` says more")
    );
}
