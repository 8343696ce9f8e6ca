//! The founding claim about builds: "none of the three apps depends on `packages/mosaic`, so excluding it is safe". True in the first commit of
//! `testdata/repos/workspace.txt`; in the second, `web` needs it through `packages/ui`.

use super::support::{Repo, assert_screen, testdata};

/// What `lint` finds of the rule `stale-build`: each message, and each place as `file: text`.
fn stale(repo: &Repo, arguments: &[&str]) -> Vec<(String, Vec<String>)> {
    let ran = repo.wp_gate(&[&["lint", "--format", "json"], arguments].concat()).json();
    let problems = ran["problems"].as_array().unwrap();
    let found = problems.iter().filter(|problem| problem["code"] == "stale-build");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let place = |label: &serde_json::Value| format!("{}: {}", text(&label["span"]["file"]), text(&label["text"]));
    found
        .map(|problem| (text(&problem["message"]), problem["labels"].as_array().unwrap().iter().map(place).collect()))
        .collect()
}

#[test]
fn excluding_what_no_app_depends_on_is_safe() {
    let repo = Repo::new(&testdata("repos/workspace.txt"));
    repo.git(&["checkout", "--quiet", repo.id("apart")]);
    assert_eq!(stale(&repo, &[]), []);
    // The rule does look: without the root's lock file among the files that count, it speaks.
    let publish = testdata("workflows/ok/founding/publish.yml").replace("'docs/**'", "'docs/**', 'pnpm-*'");
    repo.write(".woodpecker/publish.yml", publish);
    let messages: Vec<String> = stale(&repo, &[]).into_iter().map(|(message, _)| message).collect();
    assert_eq!(
        messages,
        [
            "`pnpm-workspace.yaml` can change without `build-gateway`, `build-appservice` and `build-web`, whose builds read it, and so can another file"
        ]
    );
}

/// In the founding case itself, an npm workspace: proved, too, and refuted once an app needs the package.
#[test]
fn the_founding_case_itself_is_safe_until_an_app_needs_the_package() {
    let repo = Repo::founding();
    assert_eq!(stale(&repo, &["--woodpecker", "3.17"]), []);
    repo.write(
        "apps/web/package.json",
        "{\n  \"name\": \"web\",\n  \"dependencies\": {\"@mosaic/mosaic\": \"*\"}\n}\n",
    );
    let found = stale(&repo, &["--woodpecker", "3.17"]);
    let [(message, places)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(
        message,
        "`packages/mosaic/main.ts` can change without `build-web`, whose build reads it, and so can another file"
    );
    assert_eq!(
        places[3..],
        [
            "apps/web/Dockerfile: reads the whole context",
            "apps/web/Dockerfile: builds `web`",
            "apps/web/package.json: `web` needs `@mosaic/mosaic`",
        ]
    );
}

#[test]
fn excluding_what_an_app_depends_on_is_shown_with_the_way_there() {
    let repo = Repo::new(&testdata("repos/workspace.txt"));
    let found = stale(&repo, &[]);
    let [(message, places)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(
        message,
        "`packages/mosaic/index.ts` can change without `build-web`, whose build reads it, and so can another file"
    );
    assert_eq!(
        places[..],
        [
            ".woodpecker/publish.yml: not run on a push to `main` that changes only that",
            ".woodpecker/publish.yml: leaves it out",
            ".woodpecker/publish.yml: through this alias",
            "apps/web/Dockerfile: reads the whole context",
            "apps/web/Dockerfile: builds `web`",
            "apps/web/package.json: `web` needs `@mosaic/ui`",
            "packages/ui/package.json: `@mosaic/ui` needs `@mosaic/mosaic`",
        ]
    );
    assert_screen!("lint-stale-build", repo.wp_gate(&["lint", "--quiet"]).screen());
}

#[test]
fn a_suppression_or_a_declaration_at_the_step_is_heard() {
    let repo = Repo::new(&testdata("repos/workspace.txt"));
    let publish = testdata("workflows/ok/founding/publish.yml");
    let with = |comment: &str| publish.replace("  - name: build-web\n", &format!("  {comment}\n  - name: build-web\n"));
    repo.write(".woodpecker/publish.yml", with("# wp-gate: allow(stale-build): mosaic is only drawn in tests"));
    assert_eq!(stale(&repo, &[]), []);
    repo.write(".woodpecker/publish.yml", with("# wp-gate: inputs(apps/web/**, packages/ui/**)"));
    assert_eq!(stale(&repo, &[]), []);
    repo.write(".woodpecker/publish.yml", with("# wp-gate: inputs(docs/*, none/**)"));
    let found = stale(&repo, &[]);
    assert_eq!(found[0].0, "`docs/x.md` can change without `build-web`, whose build reads it");
    assert_eq!(found[1].1[1], ".woodpecker/publish.yml: matches no file that git tracks");
}

#[test]
#[cfg(unix)]
fn a_dockerfile_that_is_a_symlink_is_not_followed() {
    let repo = Repo::new(&testdata("repos/workspace.txt"));
    std::fs::write(repo.beside("Dockerfile"), "FROM a\nCOPY docs .\n").unwrap();
    let path = repo.path().join("apps/web/Dockerfile");
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(repo.beside("Dockerfile"), &path).unwrap();
    let found = stale(&repo, &[]);
    let [(message, places)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(message, "not all that `build-web` reads is known");
    assert!(
        places[1].ends_with("`apps/web/Dockerfile` cannot be read: it is a symlink, which is not followed"),
        "{places:?}"
    );
}
