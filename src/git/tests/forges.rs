//! Each forge's list, against the same list made with the `git` program.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use bstr::{BString, ByteSlice as _};

use super::fixture::{Fixture, Random};
use crate::change::{Event, Forge};
use crate::git::{Asked, Change, Error, Reported, Revision};

const SCRIPT: &str = include_str!("../../../testdata/repos/forges.txt");

pub(super) fn fixture() -> Fixture {
    Fixture::bare_history(SCRIPT, true)
}

pub(super) fn asked(forge: Forge, server: &str) -> Asked {
    Asked { forge, server: server.parse().expect("a version"), ..Asked::default() }
}

pub(super) fn report(fixture: &Fixture, revision: &str, asked: &Asked) -> Result<Reported, Error> {
    let revision = Revision::parse(revision.as_bytes())?;
    fixture.open().reported(&Change::Revision(revision), asked)
}

pub(super) fn reported(fixture: &Fixture, revision: &str, asked: &Asked) -> Reported {
    report(fixture, revision, asked).unwrap_or_else(|error| panic!("{revision}: {error}"))
}

/// `git`'s half: ranges and differences by the command line. What it said once is not asked again: starting it takes most of the time.
pub(super) struct Git<'f> {
    fixture: &'f Fixture,
    said: RefCell<HashMap<String, Option<Vec<u8>>>>,
}

impl<'f> Git<'f> {
    pub(super) fn of(fixture: &'f Fixture) -> Self {
        Self { fixture, said: RefCell::default() }
    }

    fn run(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        self.said.borrow_mut().entry(arguments.join(" ")).or_insert_with(|| self.fixture.run(arguments)).clone()
    }

    fn git(&self, arguments: &[&str]) -> Vec<u8> {
        self.run(arguments).unwrap_or_else(|| panic!("git {arguments:?} failed"))
    }
}

/// One line of `--name-status`: status, old name of a rename, name.
pub(super) type Entry = (u8, Option<BString>, BString);

impl Git<'_> {
    pub(super) fn commits(&self, range: &[&str], newest: usize) -> Vec<String> {
        let list = self.git(&[&["rev-list"], range].concat());
        list.lines().take(newest).map(|line| line.to_str_lossy().into_owned()).collect()
    }

    pub(super) fn tree(&self, from: &str, to: &str, renames: &str) -> Vec<Entry> {
        let list = self.git(&["diff-tree", "-r", renames, "--name-status", "-z", from, to]);
        let mut words = list.split(|&byte| byte == 0).filter(|word| !word.is_empty());
        let mut entries = Vec::new();
        while let Some(status) = words.next() {
            let mut name = || BString::from(words.next().expect("a name"));
            let old = (status[0] == b'R').then(&mut name);
            entries.push((status[0], old, name()));
        }
        entries
    }

    pub(super) fn first_parent(&self, commit: &str, renames: &str) -> Vec<Entry> {
        const EMPTY: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        let parents = self.git(&["rev-list", "--parents", "-1", commit]);
        let parents = parents.trim_ascii().to_str_lossy();
        self.tree(parents.split(' ').nth(1).unwrap_or(EMPTY), commit, renames)
    }

    fn merge_base(&self, one: &str, other: &str) -> Option<String> {
        let base = self.run(&["merge-base", one, other])?;
        Some(base.trim_ascii().to_str_lossy().into_owned())
    }
}

pub(super) fn both(entries: impl IntoIterator<Item = Entry>) -> BTreeSet<BString> {
    entries.into_iter().flat_map(|(_, old, new)| old.into_iter().chain([new])).collect()
}

fn new_names(entries: impl IntoIterator<Item = Entry>) -> BTreeSet<BString> {
    entries.into_iter().map(|(_, _, new)| new).collect()
}

pub(super) fn set(reported: &Reported) -> BTreeSet<BString> {
    reported.set.files.iter().cloned().collect()
}

pub(super) const NO_RENAMES: &str = "--no-renames";
pub(super) const RENAMES: &str = "--find-renames=50%";

/// The list that `forge` makes of a push from `old` to `new`, on the newest server. `None`: no pipeline.
fn pushed(git: &Git<'_>, forge: Forge, old: &str, new: &str) -> Option<BTreeSet<BString>> {
    let range = format!("{old}..{new}");
    let forced = git.run(&["merge-base", "--is-ancestor", old, new]).is_none();
    Some(match forge {
        Forge::Git => both(git.tree(old, new, NO_RENAMES)),
        Forge::Gitea | Forge::Forgejo => {
            let mut commits = git.commits(&[&range], if forge == Forge::Gitea { 5 } else { 15 });
            commits.push(new.to_owned());
            let entries = commits.iter().flat_map(|commit| git.first_parent(commit, NO_RENAMES));
            both(entries.filter(|(status, ..)| matches!(status, b'A' | b'M' | b'D')))
        }
        Forge::GitHub if forced => both(git.first_parent(new, NO_RENAMES)),
        Forge::GitHub => both(git.tree(&git.merge_base(old, new)?, new, NO_RENAMES)),
        Forge::GitLab => {
            let commits = git.commits(&[&range], 20);
            if commits.is_empty() {
                return None;
            }
            new_names(commits.iter().flat_map(|commit| git.first_parent(commit, RENAMES)))
        }
        Forge::Bitbucket => both(git.first_parent(new, NO_RENAMES)),
        Forge::BitbucketDc => new_names(git.tree(old, new, RENAMES)),
    })
}

/// The list that `forge` makes of a pull request.
fn requested(git: &Git<'_>, forge: Forge, base: &str, head: &str) -> Option<BTreeSet<BString>> {
    let parted = git.merge_base(base, head)?;
    Some(match forge {
        Forge::Git | Forge::GitHub | Forge::Bitbucket => both(git.tree(&parted, head, NO_RENAMES)),
        Forge::Gitea | Forge::Forgejo | Forge::BitbucketDc => new_names(git.tree(&parted, head, RENAMES)),
        Forge::GitLab => {
            let mut entries = git.tree(&parted, head, "--find-renames=30%");
            // A folder's name sorts before any file's.
            entries.sort_by_key(|(_, _, path)| {
                let parts: Vec<&[u8]> = path.split_str("/").collect();
                let last = parts.len() - 1;
                parts.into_iter().enumerate().map(|(at, part)| (at == last, part.to_vec())).collect::<Vec<_>>()
            });
            entries.truncate(20);
            both(entries)
        }
    })
}

/// Names of commits in the script, and some more places.
const NAMES: [&str; 31] = [
    "root",
    "long1",
    "long2",
    "long",
    "moved",
    "moved-changed",
    "pages",
    "rewritten",
    "copies",
    "copy-moves",
    "kinds",
    "kinds2",
    "names",
    "f1",
    "f2",
    "on",
    "on2",
    "merged-main",
    "f3",
    "merged",
    "squashed",
    "r1",
    "r2",
    "add",
    "after-revert",
    "past",
    "side2",
    "skewed-merge",
    "skewed-end",
    "many-moved",
    "unrelated2",
];

#[test]
fn pushes_are_listed_as_the_formula_says() {
    let fixture = fixture();
    let git = Git::of(&fixture);
    for (at, old) in NAMES.iter().enumerate() {
        // Neighbours and strangers, forwards and backwards.
        for new in NAMES.iter().cycle().skip(at).step_by(7).take(4).chain(NAMES.get(at + 1)) {
            let (old, new) = (fixture.names[*old].to_string(), fixture.names[*new].to_string());
            for forge in Forge::ALL {
                let ours = reported(&fixture, &format!("{old}..{new}"), &asked(forge, "3.17"));
                let theirs = pushed(&git, forge, &old, &new);
                assert_eq!(ours.pipeline, theirs.is_some(), "{forge} {old}..{new}");
                assert_eq!(set(&ours), theirs.unwrap_or_default(), "{forge} {old}..{new}");
                let listed = &ours.set.files;
                let hidden: Vec<_> = ours.changed.iter().filter(|path| !listed.contains_path(path)).collect();
                let told: Vec<_> = ours.set.hidden.iter().map(|hidden| &hidden.path).collect();
                assert_eq!(told, hidden, "every file that is not listed is told of, with a reason");
            }
        }
    }
}

#[test]
fn pull_requests_are_listed_as_the_formula_says() {
    let fixture = fixture();
    let git = Git::of(&fixture);
    for (at, base) in NAMES.iter().enumerate() {
        for head in NAMES.iter().cycle().skip(at + 1).step_by(9).take(3) {
            let (base, head) = (fixture.names[*base].to_string(), fixture.names[*head].to_string());
            for forge in Forge::ALL {
                let ours = report(&fixture, &format!("{base}...{head}"), &asked(forge, "3.17"));
                match (ours, requested(&git, forge, &base, &head)) {
                    (Ok(ours), Some(theirs)) => assert_eq!(set(&ours), theirs, "{forge} {base}...{head}"),
                    (Err(Error::NoMergeBase { .. }), None) => {}
                    (ours, theirs) => panic!("{forge} {base}...{head}: {ours:?} {theirs:?}"),
                }
            }
        }
    }
}

#[test]
fn single_commits_are_pushes_from_their_first_parents() {
    let fixture = fixture();
    let git = Git::of(&fixture);
    for name in NAMES {
        let commit = fixture.names[name].to_string();
        let Some(parent) = fixture.line(&["rev-list", "--parents", "-1", &commit]).split(' ').nth(1).map(str::to_owned)
        else {
            continue;
        };
        for forge in Forge::ALL {
            let ours = reported(&fixture, &commit, &asked(forge, "3.17"));
            assert_eq!(Some(set(&ours)), pushed(&git, forge, &parent, &commit), "{forge} {name}");
        }
    }
}

/// Histories in which clocks run as they like: the newest commits are those of `git rev-list`.
#[test]
fn skewed_clocks_choose_the_commits_that_git_would() {
    for seed in 1..=4 {
        let mut random = Random(seed * 7919);
        let mut script = String::from("commit r as c0\n  write f x\n");
        for at in 1..24 {
            let jump = format!("{}{}", random.pick(&["-", "+"]), random.below(2000));
            match random.below(4) {
                0 => _ = writeln!(script, "branch b{at} c{}", random.below(at)),
                1 if at > 3 => {
                    _ = write!(script, "merge c{} m @{jump} as c{at}\n  write g{at} x\n", random.below(at - 1));
                    continue;
                }
                _ => {}
            }
            _ = write!(script, "commit c @{jump} as c{at}\n  write f{} {at}\n", random.below(9));
        }
        let fixture = Fixture::bare_history(&script, true);
        let git = Git::of(&fixture);
        for _ in 0..6 {
            let [old, new] = [0, 0].map(|_| fixture.names[&format!("c{}", random.below(24))].to_string());
            for forge in [Forge::Gitea, Forge::Forgejo, Forge::GitLab] {
                let ours = reported(&fixture, &format!("{old}..{new}"), &asked(forge, "3.17"));
                assert_eq!(
                    set(&ours),
                    pushed(&git, forge, &old, &new).unwrap_or_default(),
                    "seed {seed}: {forge} {old}..{new}"
                );
            }
        }
    }
}

/// Files that are moved and changed by a little or a lot: whether it is a rename is git's own answer.
#[test]
fn renames_are_those_that_git_finds() {
    let mut random = Random(99);
    let mut script = String::new();
    let (folders, names) = (["", "a/", "b/", "a/c/"], ["x.ts", "y.ts", "z.md", "w"]);
    let lines = |random: &mut Random, count: usize| -> String {
        (0..count)
            .map(|_| {
                ["let a = 1;\\n", "  return b;\\n", "}\\n", "// c\\x0d\\n", "\\n", "x", "words words words\\n"]
                    [random.below(7)]
            })
            .collect()
    };
    for round in 0..40 {
        let mut commits = [String::new(), String::new()];
        for file in 0..random.below(6) + 2 {
            let own = format!("{}file {file}\\n", if random.below(4) == 0 { "\\x00" } else { "" });
            let count = random.below(9);
            let base = format!("{own}{}", lines(&mut random, count));
            let (from, to) = (random.pick(&folders), random.pick(&folders));
            let (from_name, to_name) = (random.pick(&names), random.pick(&names));
            _ = writeln!(commits[0], "  write {round}/old/{from}{file}/{from_name} \"{base}\"");
            let count = random.below(10);
            let more = lines(&mut random, count);
            let kept = match random.below(4) {
                0 => base.clone(),
                1 => more.clone(),
                2 => format!("{base}{more}"),
                _ => format!("{more}{base}"),
            };
            _ = writeln!(commits[1], "  write {round}/new/{to}{file}/{to_name} \"{kept}\"");
        }
        _ = write!(script, "commit before as before{round}\n{}", commits[0]);
        _ = write!(script, "commit after as after{round}\n  remove {round}/old\n{}", commits[1]);
    }
    let fixture = Fixture::bare_history(&script, true);
    let git = Git::of(&fixture);
    let mut renamed = 0;
    for round in 0..40 {
        let (before, after) = (fixture.names[&format!("before{round}")], fixture.names[&format!("after{round}")]);
        let (before, after) = (before.to_string(), after.to_string());
        let ours = reported(&fixture, &format!("{before}..{after}"), &asked(Forge::BitbucketDc, "3.17"));
        let theirs = git.tree(&before, &after, RENAMES);
        renamed += theirs.iter().filter(|(_, old, _)| old.is_some()).count();
        assert_eq!(set(&ours), new_names(theirs), "round {round}");
    }
    assert!(renamed > 50, "only {renamed} renames were tried");
}

/// What a new branch brings is told by the other branches: those of the remote.
#[test]
fn new_branches_are_told_by_the_branches_that_the_forge_has() {
    let origin = fixture();
    let clone = origin.clone_with("clone", &["--no-checkout"]);
    let git = Git::of(&clone);
    let others = |but: &str| {
        let list = git.git(&["for-each-ref", "--format=%(refname)", "refs/remotes/origin"]);
        let names = list.lines().map(|line| line.to_str_lossy().into_owned());
        names.filter(|name| !name.ends_with("/HEAD") && !name.ends_with(&format!("/{but}"))).collect::<Vec<_>>()
    };
    for branch in ["feature", "squash", "skewed", "many", "main", "other"] {
        let new = clone.line(&["rev-parse", &format!("origin/{branch}")]);
        for (forge, newest) in [(Forge::Gitea, 5), (Forge::Forgejo, 15)] {
            // Of the newest ten, those before the first that another branch contains.
            let mut commits = Vec::new();
            for commit in git.commits(&["-10", &new], 10) {
                let contained = |other: &String| git.run(&["merge-base", "--is-ancestor", &commit, other]).is_some();
                if others(branch).iter().any(contained) {
                    break;
                }
                commits.push(commit);
            }
            commits.truncate(newest);
            commits.push(new.clone());
            let entries = commits.iter().flat_map(|commit| git.first_parent(commit, NO_RENAMES));
            let theirs = both(entries.filter(|(status, ..)| *status != b'T'));
            let asked = Asked { new_branch: true, branch: Some(branch.to_owned()), ..asked(forge, "3.17") };
            assert_eq!(set(&reported(&clone, &new, &asked)), theirs, "{forge} {branch}");
        }
        let asked = |forge| Asked { new_branch: true, branch: Some(branch.to_owned()), ..asked(forge, "3.17") };
        let range = if branch == "main" { new.clone() } else { format!("origin/main..{new}") };
        let commits = git.commits(&[&range], 20);
        let theirs = new_names(commits.iter().flat_map(|commit| git.first_parent(commit, RENAMES)));
        let gitlab = reported(&clone, &new, &asked(Forge::GitLab));
        assert_eq!((set(&gitlab), gitlab.pipeline), (theirs, !commits.is_empty()), "{branch}");
        assert_eq!(set(&reported(&clone, &new, &asked(Forge::GitHub))), both(git.first_parent(&new, NO_RENAMES)));
        let dc =
            if branch == "main" { git.first_parent(&new, RENAMES) } else { git.tree("origin/main", &new, RENAMES) };
        assert_eq!(set(&reported(&clone, &new, &asked(Forge::BitbucketDc))), new_names(dc), "{branch}");
    }
}

#[test]
fn old_servers_have_the_lists_of_their_drivers() {
    let fixture = fixture();
    let git = Git::of(&fixture);
    let id = |name: &str| fixture.names[name].to_string();
    let list = |forge, server, revision: &str| set(&reported(&fixture, revision, &asked(forge, server)));
    let (on2, r2, squashed, long, root) = (id("on2"), id("r2"), id("squashed"), id("long"), id("root"));
    let (update, forced) = (format!("{root}..{long}"), format!("{squashed}..{r2}"));
    let none = BTreeSet::new();

    // GitHub: the webhook's commits, then a comparison the wrong way round, then the right way, then forced pushes apart.
    let commits = git.commits(&[&update], 2048);
    let all = both(commits.iter().flat_map(|commit| git.first_parent(commit, NO_RENAMES)));
    for server in ["2.8", "3.10"] {
        assert_eq!(list(Forge::GitHub, server, &update), all, "{server}");
    }
    assert_eq!(list(Forge::GitHub, "3.11", &update), none);
    assert_eq!(list(Forge::GitHub, "3.11", &forced), both(git.tree(&on2, &squashed, NO_RENAMES)));
    for server in ["3.12", "3.15"] {
        assert_eq!(list(Forge::GitHub, server, &forced), both(git.tree(&on2, &r2, NO_RENAMES)), "{server}");
    }
    assert_eq!(list(Forge::GitHub, "3.16", &forced), both(git.first_parent(&r2, NO_RENAMES)));
    let new_branch = Asked { new_branch: true, ..asked(Forge::GitHub, "3.11") };
    assert!(!reported(&fixture, &r2, &new_branch).pipeline);

    // Bitbucket: nothing before 3.12; of a closed pull request nothing to this day.
    let request = format!("{on2}...{r2}");
    assert_eq!(list(Forge::Bitbucket, "3.11", &update), none);
    assert_eq!(list(Forge::Bitbucket, "3.11", &request), none);
    assert_eq!(list(Forge::Bitbucket, "3.12", &request), both(git.tree(&on2, &r2, NO_RENAMES)));
    let closed = Asked { event: Some(Event::PullRequestClosed), ..asked(Forge::Bitbucket, "3.17") };
    assert_eq!(set(&reported(&fixture, &request, &closed)), none);

    // Bitbucket Data Center: the last commit, of a push before 3.12, of a pull request before 3.8.
    let tip = new_names(git.first_parent(&r2, RENAMES));
    assert_eq!(list(Forge::BitbucketDc, "3.7", &request), tip);
    assert_eq!(list(Forge::BitbucketDc, "3.8", &request), new_names(git.tree(&on2, &r2, RENAMES)));
    assert_eq!(list(Forge::BitbucketDc, "3.11", &format!("{on2}..{r2}")), tip);
    assert_eq!(list(Forge::BitbucketDc, "3.12", &format!("{on2}..{r2}")), new_names(git.tree(&on2, &r2, RENAMES)));
}
