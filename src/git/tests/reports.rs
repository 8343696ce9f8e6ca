//! Limits, notes, branches, guesses: what a report has beside its list.

use super::fixture::Fixture;
use super::forges::{Git, NO_RENAMES, RENAMES, asked, both, fixture, report, reported, set};
use crate::change::{Event, Forge};
use crate::forge::ForgeLimits;
use crate::git::{Asked, Error};

#[test]
fn limits_can_be_set() {
    let fixture = fixture();
    let git = Git::of(&fixture);
    let id = |name: &str| fixture.names[name].to_string();
    let (root, long) = (id("root"), id("long"));
    for newest in [0, 1, 8, 100] {
        let limits = ForgeLimits { push_commits: Some(newest), files: None };
        let mut commits = git.commits(&[&format!("{root}..{long}")], newest as usize);
        commits.push(long.clone());
        let theirs = both(commits.iter().flat_map(|commit| git.first_parent(commit, NO_RENAMES)));
        let asked = Asked { limits, ..asked(Forge::Gitea, "3.17") };
        assert_eq!(set(&reported(&fixture, &format!("{root}..{long}"), &asked)), theirs, "{newest}");
    }
    // A rename is one of the files, and two of the names.
    let (many, moved) = (id("many"), id("many-moved"));
    let theirs = git.tree(&many, &moved, RENAMES);
    for most in [1, 7, 30, 100] {
        let limits = ForgeLimits { push_commits: None, files: Some(most) };
        let asked = Asked { limits, ..asked(Forge::GitHub, "3.17") };
        let ours = reported(&fixture, &format!("{many}..{moved}"), &asked);
        // By the bytes of the new name.
        assert_eq!(set(&ours), both(theirs.iter().take(most as usize).cloned()), "{most}");
    }
}

#[test]
fn what_nobody_hears_of_is_said() {
    let fixture = fixture();
    let id = |name: &str| fixture.names[name].to_string();
    let notes = |forge, revision: &str| reported(&fixture, revision, &asked(forge, "3.17")).set.notes.join("\n");
    let says = |notes: String, phrase: &str| assert!(notes.contains(phrase), "{phrase}\n---\n{notes}");
    let long = format!("{}..{}", id("root"), id("long"));
    says(
        notes(Forge::Gitea, &long),
        "gitea lists the files of the newest 5 commits of a push only, which has 9: 3 changed files are not listed",
    );
    says(notes(Forge::Bitbucket, &long), "bitbucket lists the files of the last commit only");
    says(notes(Forge::Gitea, &long), "asks to skip CI, but of a push only the last commit's message is looked at");
    says(
        notes(Forge::BitbucketDc, &id("moved")),
        "lists a renamed file by its new name only: 1 changed file is not listed, `apps/web/y.ts`",
    );
    says(
        notes(Forge::Gitea, &id("kinds")),
        "does not list a file that becomes a symlink or a submodule, or was one: 2 changed files",
    );
    let reverted = format!("{}..{}", id("on2"), id("after-revert"));
    says(notes(Forge::Gitea, &reverted), "gitea lists a file that is as it was before: `apps/web/oops.ts`");
    assert_eq!(notes(Forge::GitHub, &reverted), "");
    let request = format!("{}...{}", id("on2"), id("many-moved"));
    says(notes(Forge::GitLab, &request), "gitlab lists 20 files at most");
    says(notes(Forge::GitLab, &request), "`when.branch` sees the source branch");
    says(notes(Forge::GitLab, &request), "see the message of the pull request's last commit");
    says(
        notes(Forge::GitHub, &id("long2")),
        "github lists no file: what is gated by path runs, unless it says `on_empty: false`",
    );
    says(
        notes(Forge::GitLab, &format!("{}..{}", id("long"), id("root"))),
        "the server makes no pipeline of it: the push brings no commit",
    );
    let merged = Asked { branch: Some("feature".to_owned()), ..asked(Forge::Gitea, "3.17") };
    let merged = reported(&fixture, &format!("{}..{}", id("f2"), id("f3")), &merged);
    says(merged.set.notes.join("\n"), "merges `main` into the branch: all that changed there counts as changed");
}

#[test]
fn the_branch_is_the_one_that_the_forge_names() {
    let fixture = fixture();
    let branch = |forge, event| {
        let asked = Asked { event, ..asked(forge, "3.17") };
        reported(&fixture, "main...squash", &asked).set.branch.unwrap_or_default()
    };
    for forge in Forge::ALL {
        let source = matches!(forge, Forge::GitLab | Forge::Bitbucket | Forge::BitbucketDc);
        assert_eq!(branch(forge, None), if source { "squash" } else { "main" }, "{forge}");
    }
    assert_eq!(branch(Forge::Bitbucket, Some(Event::PullRequestClosed)), "squash", "it was declined");
    let merged = Asked { event: Some(Event::PullRequestClosed), ..asked(Forge::Bitbucket, "3.17") };
    assert_eq!(reported(&fixture, "main...feature", &merged).set.branch.as_deref(), Some("main"), "it was merged");
}

#[test]
fn a_shallow_clone_says_what_it_does_not_know() {
    let origin = fixture();
    let clone = origin.clone_with("shallow", &["--depth", "3", "--no-checkout", "--branch", "squash"]);
    // What is asked for is there.
    let there = reported(&clone, "HEAD~1..HEAD", &asked(Forge::Gitea, "3.17"));
    assert_eq!(there.set.files.len(), 3);
    // The first commit's parent is not.
    for forge in Forge::ALL {
        let asked = Asked { new_branch: true, branch: Some("squash".to_owned()), ..asked(forge, "3.17") };
        match report(&clone, "HEAD~2", &asked) {
            Err(Error::MissingObject { .. }) => {}
            other => panic!("{forge}: {other:?}"),
        }
        assert!(report(&clone, "HEAD~9..HEAD", &asked).is_err(), "{forge}");
    }
}

#[test]
fn a_clone_without_content_sees_renames_that_kept_it() {
    let origin = fixture();
    let clone = origin.clone_with("partial", &["--filter=blob:none", "--no-checkout"]);
    let git = Git::of(&origin);
    let (from, to) = (origin.names["copies"].to_string(), origin.names["copy-moves"].to_string());
    let ours = reported(&clone, &format!("{from}..{to}"), &asked(Forge::BitbucketDc, "3.17"));
    assert_eq!(set(&ours), git.tree(&from, &to, RENAMES).into_iter().map(|(_, _, new)| new).collect());
    let changed = origin.names["moved-changed"].to_string();
    let ours = reported(&clone, &changed, &asked(Forge::BitbucketDc, "3.17"));
    assert_eq!(set(&ours), both(git.first_parent(&changed, NO_RENAMES)));
    let note = "the content of some files is not in this clone: of the renamed ones, only those that kept their content are seen";
    assert!(ours.set.notes.iter().any(|it| it == note), "{:?}", ours.set.notes);
}

#[test]
fn events_without_a_list_have_none() {
    let fixture = fixture();
    let asked = Asked { event: Some(Event::Tag), ..asked(Forge::Gitea, "3.17") };
    let tag = reported(&fixture, "main", &asked);
    assert!(tag.set.files.is_empty() && tag.rule.is_none() && !tag.changed.is_empty());
    assert!(tag.set.notes.iter().any(|note| note.contains("no list of files is sent with event `tag`")));
    let git = reported(&fixture, "main", &Asked { event: Some(Event::Tag), ..Asked::default() });
    assert_eq!(git.set.files, git.changed);
}

#[test]
fn the_forge_is_guessed_from_the_remote_and_from_folders() {
    let fixture = Fixture::new("commit one\n write .github/x y\n");
    let guess =
        || fixture.open().guess_forge().expect("a readable configuration").map(|guess| (guess.forge, guess.from));
    assert_eq!(guess(), Some((Forge::GitHub, "`.github` at the repository's root".to_owned())));
    fixture.git(&["remote", "add", "up", "ssh://git@codeberg.org/a/b.git"]);
    assert_eq!(guess(), Some((Forge::Forgejo, "the host of the remote `up`, codeberg.org".to_owned())));
    fixture.git(&["remote", "add", "origin", "https://gitlab.example.com/a/b.git"]);
    assert_eq!(guess(), Some((Forge::GitLab, "the host of the remote `origin`, gitlab.example.com".to_owned())));
    let bare = Fixture::bare_history("commit one\n write x y\n", true);
    assert_eq!(bare.open().guess_forge().expect("a readable configuration"), None);
}
