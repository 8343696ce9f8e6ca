//! `wp-gate lint` on the founding case, in every form, and where its files come from.

use std::ffi::OsString;

use super::support::{Ran, Repo, assert_screen, run_with};

/// Runs `wp-gate lint` in `repo`.
fn lint(repo: &Repo, arguments: &[&str]) -> Ran {
    lint_with(repo, arguments, b"")
}

/// The same with `input` on standard input.
fn lint_with(repo: &Repo, arguments: &[&str], mut input: &[u8]) -> Ran {
    let fixed: [OsString; 3] = ["-C".into(), repo.path().into(), "lint".into()];
    run_with(fixed.into_iter().chain(arguments.iter().map(Into::into)), &mut input)
}

#[test]
fn every_form_of_the_founding_cases_findings() {
    let repo = Repo::founding();
    assert_screen!("lint", lint(&repo, &[]).screen());
    assert_screen!("lint-3.4", lint(&repo, &["--woodpecker", "3.4"]).screen());
    for format in ["json", "github", "junit", "markdown"] {
        assert_screen!(format!("lint-{format}"), lint(&repo, &["--format", format]).screen());
    }
    let mut log = lint(&repo, &["--format", "sarif"]).json();
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        // Pages have tests of their own.
        assert!(rule["help"]["markdown"].is_string());
        rule["help"] = "(the page)".into();
    }
    assert_screen!("lint-sarif", serde_json::to_string_pretty(&log).unwrap());
}

/// The patch is what `--fix` does, and git applies it.
#[test]
fn the_founding_cases_fixes_as_a_patch_and_in_the_files() {
    let repo = Repo::founding();
    let safe = lint(&repo, &["--diff"]);
    assert_screen!("lint-diff", safe.screen());
    let patch = lint(&repo, &["--diff", "--fix=unsafe"]);
    assert_screen!("lint-diff-unsafe", patch.screen());
    let file = repo.path().join(".woodpecker/publish.yml");
    let before = std::fs::read(&file).unwrap();
    let mended = lint(&repo, &["--fix=unsafe"]);
    assert_screen!("lint-fix", mended.screen());
    let after = std::fs::read(&file).unwrap();
    assert_ne!(after, before);
    std::fs::write(&file, &before).unwrap();
    let saved = repo.beside("fixes.patch");
    std::fs::write(&saved, patch.out).unwrap();
    repo.git(&["apply", saved.to_str().unwrap()]);
    assert_eq!(std::fs::read(&file).unwrap(), after);
}
