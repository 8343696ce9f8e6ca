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

#[test]
fn a_file_that_is_not_text_is_a_problem_of_its_own() {
    let repo = Repo::founding();
    repo.write(".woodpecker/latin.yml", b"# caf\xe9\nsteps: []\n");
    let ran = lint(&repo, &["--format", "json"]);
    let json = ran.json();
    assert_eq!((ran.status.code(), ran.err.as_str()), (1, ""));
    let problem = json["problems"].as_array().unwrap().iter().find(|it| it["code"] == "yaml-syntax").unwrap();
    let place = serde_json::json!({"file": ".woodpecker/latin.yml", "line": 1, "column": 6, "start": 5, "end": 8});
    assert_eq!(problem["labels"][0]["span"], place);
    assert!(ran.out.contains("no-event-filter"), "the others are looked at: {}", ran.out);
    // Nothing is written over it.
    let ran = lint(&repo, &["--fix=unsafe"]);
    assert!(ran.out.contains("this is not UTF-8"), "{}", ran.out);
    assert_eq!(std::fs::read(repo.path().join(".woodpecker/latin.yml")).unwrap(), b"# caf\xe9\nsteps: []\n");
    assert_eq!(lint_with(&repo, &["--stdin", "--fix"], b"\xff").failed(), "error: standard input is not UTF-8\n");
}

#[test]
fn a_long_line_is_cut_around_the_bytes_at_fault() {
    let repo = Repo::founding();
    let filler = "x".repeat(200_000);
    repo.write(
        ".woodpecker/ci.yaml",
        format!("steps: [{{name: a, commands: [{filler}]}}, {{name: {filler}, image: b}}]\n"),
    );
    let ran = lint(&repo, &[]);
    assert!(ran.out.contains(".woodpecker/ci.yaml:1:16"), "{}", ran.out.len());
    assert!(ran.out.len() < 20_000 && ran.out.contains('…'), "{}", ran.out.len());
}

#[test]
fn files_are_called_from_the_root_wherever_one_is() {
    let repo = Repo::founding();
    repo.write(
        ".woodpecker/ci.yaml",
        "when: {event: push, path: {include: [none/**], on_empty: false}}\nsteps: [{name: a, image: b}]\n",
    );
    let codes = |ran: &Ran| {
        let problems = ran.json()["problems"].as_array().unwrap().clone();
        let place =
            |it: &serde_json::Value| format!("{} {}", it["labels"][0]["span"]["file"], it["code"]).replace('"', "");
        problems.iter().map(place).collect::<Vec<_>>()
    };
    let found = [".woodpecker/ci.yaml dead-glob"];
    let below = repo.path().join("docs");
    std::fs::create_dir_all(&below).unwrap();
    let run_below = |arguments: &[&str], mut input: &[u8]| {
        let fixed: [OsString; 5] = ["-C".into(), below.clone().into(), "lint".into(), "--format".into(), "json".into()];
        run_with(fixed.into_iter().chain(arguments.iter().map(Into::into)), &mut input)
    };
    assert_eq!(codes(&run_below(&["../.woodpecker/ci.yaml"], b"")), found);
    let text = std::fs::read(repo.path().join(".woodpecker/ci.yaml")).unwrap();
    // As an editor does: the text that it has, under the name that it will be saved by.
    for name in ["../.woodpecker/ci.yaml".to_owned(), repo.path().join(".woodpecker/ci.yaml").display().to_string()] {
        let ran = run_below(&["--stdin", "--stdin-filename", &name], &text);
        assert_eq!(codes(&ran), found, "{name}");
        assert_eq!(ran.status.code(), 1);
    }
    // The other workflows are not there, so nothing is said of what they lack.
    let ran = run_below(
        &["--stdin", "--stdin-filename", "../.woodpecker/new.yaml"],
        b"depends_on: [ci]\nwhen: {event: push}\nsteps: [{name: a, image: b}]\n",
    );
    assert_eq!((codes(&ran), ran.status.code()), (vec![], 0), "{}", ran.out);
    // Elsewhere, a file is what it was called.
    let outside = repo.beside("x.yaml");
    std::fs::write(&outside, &text).unwrap();
    let ran = run_below(&["../../x.yaml"], b"");
    assert_eq!(codes(&ran), [""; 0], "{}", ran.out);
    assert_eq!(ran.json()["files"][0], "../../x.yaml");
}

#[test]
fn a_team_can_start_clean() {
    let repo = Repo::founding();
    let known = repo.path().join("known.json");
    let ran = lint(&repo, &["--write-baseline", "known.json"]);
    assert_eq!(
        (ran.status.code(), ran.out.as_str()),
        (0, "note: 7 findings recorded in `known.json`\nnothing found in 2 files\n")
    );
    assert_screen!("lint-baseline", std::fs::read_to_string(&known).unwrap());
    let hidden = lint(&repo, &["--baseline", "known.json"]);
    assert_eq!((hidden.status.code(), hidden.out.as_str()), (0, "nothing found in 2 files\n"));

    // Lines move, one flaw is mended and one is new.
    let publish = std::fs::read_to_string(repo.path().join(".woodpecker/publish.yml")).unwrap();
    // All events, for others depend on it.
    let events: Vec<String> = wp_gate::change::Event::KNOWN.iter().map(ToString::to_string).collect();
    let gate = format!("    when: {{event: [{}]}}\n", events.join(", "));
    let fresh = format!("  - name: fresh\n    image: node:22\n  - name: install\n{gate}");
    let publish = publish.replace("  - name: install\n", &fresh);
    repo.write(".woodpecker/publish.yml", format!("# moved\n\n{publish}"));
    repo.write(".wp-gate.yaml", "lint: {baseline: known.json}\n");
    let below = repo.path().join(".woodpecker");
    let arguments: [OsString; 3] = ["-C".into(), below.into(), "lint".into()];
    let ran = run_with(arguments, &mut std::io::empty());
    assert!(ran.out.contains("step `fresh` runs on every event"), "{}", ran.out);
    assert!(ran.out.contains("note: 1 finding of `") && ran.out.ends_with("1 warning in 2 files\n"), "{}", ran.out);
    assert_eq!(ran.status.code(), 1);

    std::fs::write(&known, "{}").unwrap();
    assert!(lint(&repo, &[]).failed().contains("it is no baseline"));
    let error = lint(&repo, &["--baseline", "none.json"]).failed();
    assert!(error.contains("none.json`: No such file") && error.contains("--write-baseline"), "{error}");
    assert!(lint(&repo, &["--write-baseline", "none/x.json"]).failed().contains("cannot write `none/x.json`"));
}

#[test]
fn a_dead_glob_says_what_became_of_its_files() {
    let repo = Repo::new(
        "commit start\nwrite src/web/y.ts \"a page of its own\"\nwrite docs/x.md x\ncommit \"web is an app\"\nmove src/web apps/web\n\
         commit \"no docs\"\nremove docs/x.md\n",
    );
    let paths = "include: ['src/web/**', 'docs/*.md', 'tools/**', 'apps/**'], on_empty: true";
    let text = format!(
        "when:\n  event: push\n  path: {{{paths}}}\nsteps:\n  - {{name: build, image: alpine, commands: [make]}}\n"
    );
    repo.write(".woodpecker/build.yml", &text);
    assert_screen!("lint-dead-glob", lint(&repo, &[]).screen());
    assert_screen!("lint-dead-glob-diff", lint(&repo, &["--diff", "--fix=unsafe"]).screen());
}
