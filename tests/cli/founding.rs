//! The founding case: a monorepo that rebuilds three images on every merge to main, and the gate that is to stop that. Each claim of
//! its author is a line here; the one that is false before server 3.5.0 is marked.

use super::support::Repo;

/// What runs of `publish.yml`, after `clone`: nothing is gated but the images and the npm packages.
const UNGATED: &str = "publish: clone install build";
const IMAGES: &str = "publish: clone install build build-gateway build-appservice build-web";
const ALL: &str = "publish: clone install build build-gateway build-appservice build-web publish-npm";
const PACKAGES: &str = "publish: clone install build publish-npm";
const TEST: &str = "ci: clone test";

struct Case {
    /// What the change is, in words.
    change: &'static str,
    /// What is typed after `explain`; `$NAME` is a commit of `testdata/repos/founding.txt`.
    typed: &'static str,
    /// What runs on 3.17, and on every server unless `old` says otherwise.
    runs: &'static [&'static str],
    /// What runs before 3.5.0, where one excluded file is enough.
    old: Option<&'static [&'static str]>,
}

const fn case(change: &'static str, typed: &'static str, runs: &'static [&'static str]) -> Case {
    Case { change, typed, runs, old: None }
}

/// A change on which servers before 3.5.0 do something else.
const fn differs(
    change: &'static str,
    typed: &'static str,
    runs: &'static [&'static str],
    old: &'static [&'static str],
) -> Case {
    Case { change, typed, runs, old: Some(old) }
}

const CASES: &[Case] = &[
    // A docs-only or mosaic-only merge skips the images.
    case("docs only, merged", "$docs-merge", &[TEST, UNGATED]),
    case("docs only, pushed", "$docs --branch main", &[TEST, UNGATED]),
    case("workflows only", "--files .woodpecker/publish.yml --branch main", &[TEST, UNGATED]),
    // `packages/mosaic` is a package: npm is published, the images are not built. A rename changes two files.
    case("mosaic only, a rename", "$rename", &[TEST, PACKAGES]),
    // Any other file builds them: an exclude list is the safe default.
    case("an app", "$page --branch main", &[TEST, IMAGES]),
    case("a package that is not mosaic", "$package", &[TEST, ALL]),
    case("the lock file", "--files package-lock.json --branch main", &[TEST, IMAGES]),
    case("a file nobody thought of", "--files tools/new.rs --branch main", &[TEST, IMAGES]),
    // The trap: docs and an app in one push. Since 3.5.0 the images are built; before, ONE excluded file skips all three.
    differs("docs and an app, one commit", "$app-and-docs", &[TEST, IMAGES], &[TEST, UNGATED]),
    differs("docs and an app, merged", "$mixed", &[TEST, IMAGES], &[TEST, UNGATED]),
    differs(
        "docs and an app, two commits in one push",
        "$empty..$page-docs --branch main",
        &[TEST, IMAGES],
        &[TEST, UNGATED],
    ),
    differs("everything since the first commit", "$import..$rename", &[TEST, ALL], &[TEST, PACKAGES]),
    differs("the first commit", "$import --branch main", &[TEST, ALL], &[TEST, PACKAGES]),
    // Paths are not looked at on tag and manual; `event: tag` is an entry of its own.
    case("a release", "v1.0.0", &[ALL]),
    case("the first tag", "v0.1.0", &[ALL]),
    case("docs only, started by hand", "$docs-merge --event manual", &[ALL]),
    case("docs only, started by hand beside main", "$docs --event manual --branch docs-fix", &[UNGATED]),
    case("by the clock", "$docs-merge --cron nightly", &[UNGATED]),
    // No changed file at all runs what a path gates.
    case("an empty commit", "$empty", &[TEST, ALL]),
    case("an empty list of files", "--branch main --files", &[TEST, ALL]),
    // Nothing is built for another branch, nor for a pull request.
    case("an app, on its branch", "$page --branch feature", &[TEST, UNGATED]),
    case("a pull request", "$empty...feature", &[TEST, UNGATED]),
    case("a pull request, closed", "$empty...feature --event pull_request_closed", &[UNGATED]),
    case("an app, and a message that asks for no pipeline", "$page --branch main --message [skipci]", &[]),
];

#[test]
fn each_change_runs_what_its_author_says() {
    let repo = Repo::founding();
    for server in ["2.8", "3.0", "3.4", "3.5", "3.13", "3.17", "next"] {
        for Case { change, typed, runs, old } in CASES {
            let words: Vec<String> = typed.split(' ').map(|word| resolve(word, &repo)).collect();
            let words: Vec<&str> =
                ["--woodpecker", server].into_iter().chain(words.iter().map(String::as_str)).collect();
            let before_3_5 = ["2.8", "3.0", "3.4"].contains(&server);
            let expected = old.filter(|_| before_3_5).unwrap_or(runs);
            assert_eq!(repo.runs(&words), expected, "{change} on {server}: explain {}", words.join(" "));
        }
    }
}

/// `$NAME`, alone or in a range, as the commit's id.
fn resolve(word: &str, repo: &Repo) -> String {
    let id = |name: &str| name.strip_prefix('$').map_or(name.to_owned(), |name| repo.id(name).to_owned());
    let dots = ["...", ".."].into_iter().find(|dots| word.starts_with('$') && word.contains(dots));
    let parts = dots.and_then(|dots| Some((word.split_once(dots)?, dots)));
    parts.map_or_else(|| id(word), |((from, to), dots)| format!("{}{dots}{}", id(from), id(to)))
}
