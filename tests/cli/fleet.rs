//! `wp-gate fleet` on the rosters of `testdata/fleet`, and on folders, revisions and units of its own.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use wp_gate::cli::ExitStatus::{Clean, Failed, Findings};

use super::support::{Ran, assert_screen, run};

/// Runs `wp-gate fleet` in `directory`.
fn fleet(directory: &Path, arguments: &[&str]) -> Ran {
    let fixed: [OsString; 3] = ["-C".into(), directory.into(), "fleet".into()];
    run(fixed.into_iter().chain(arguments.iter().map(Into::into)))
}

/// Whether the answer says `text`, wherever its lines break.
fn says(ran: &Ran, text: &str) -> bool {
    let words: Vec<&str> = ran.out.split_whitespace().filter(|word| *word != "│").collect();
    words.join(" ").contains(text)
}

fn testdata(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fleet").join(folder)
}

fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(testdata(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A folder with files, and a repository's root.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    git2::Repository::init(dir.path()).unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const LEAD: &str = "{name: lead, runtime: pi, class: orchestrator}";

fn roster(agents: &[&str]) -> String {
    let items = agents.iter().map(|agent| format!("  - {agent}\n")).collect::<Vec<_>>().concat();
    format!("version: 1\ntransport: tmux\nagents:\n{items}")
}

#[test]
fn good_rosters_are_clean() {
    for name in names("good") {
        let ran = fleet(&testdata("good"), &[&name]);
        assert_eq!((ran.status, ran.err.as_str()), (Clean, ""), "{name}:\n{}", ran.out);
        assert!(ran.out.starts_with("nothing found in 1 roster of ") && ran.out.lines().count() == 1, "{}", ran.out);
    }
    let ran = fleet(&testdata("good"), &["."]);
    assert_eq!((ran.status, ran.out.as_str()), (Clean, "nothing found in 6 rosters of 17 agents\n"));
}

#[test]
fn bad_rosters_are_not() {
    for name in names("bad") {
        let ran = fleet(&testdata("bad"), &[&name]);
        assert_eq!((ran.status, ran.err.as_str()), (Findings, ""), "{name}:\n{}", ran.out);
        assert_screen!(format!("fleet-{name}"), ran.out.replace("testdata/fleet/bad/", ""));
    }
}

#[test]
fn json_has_it_all() {
    let dir = folder(&[("a.yaml", &roster(&["{name: x y, runtime: pi, class: orchestrator}"])), ("b.yaml", "[")]);
    let ran = fleet(dir.path(), &["a.yaml", "none.yaml", "b.yaml", "--format", "json"]);
    assert_eq!((ran.status, ran.err.contains("none.yaml")), (Failed, true), "{}", ran.err);
    let json = ran.json();
    assert_eq!(json["rosters"][0]["file"], "a.yaml");
    assert_eq!((&json["rosters"][0]["profile"], &json["rosters"][0]["agents"]), (&"a".into(), &1.into()));
    let label = &json["problems"][0]["labels"][0]["span"];
    let expected = serde_json::json!({"file": "a.yaml", "line": 4, "column": 13, "start": 47, "end": 48});
    assert_eq!(*label, expected);
    assert_eq!(json["problems"][1]["code"], "yaml-syntax");
    assert_eq!(json["rosters"][1]["profile"], serde_json::Value::Null);
    assert_eq!(json["unread"][0]["file"], "none.yaml");
    let summary = serde_json::json!({"errors": 2, "warnings": 0, "notes": 0});
    assert_eq!(json["summary"], summary);
}

#[test]
fn folders_are_searched_downward_and_in_order() {
    let good = roster(&[LEAD]);
    let dir = folder(&[
        ("fleet/b.yaml", &good),
        ("fleet/a/c.yml", &good),
        ("fleet/z.json", &good),
        ("fleet/notes.txt", "x"),
        ("fleet/.git/config.yaml", "x"),
    ]);
    let ran = fleet(dir.path(), &["fleet", "./fleet/b.yaml", "--format", "json"]);
    let json = ran.json();
    let files: Vec<&str> = json["rosters"].as_array().unwrap().iter().filter_map(|it| it["file"].as_str()).collect();
    assert_eq!(files, ["fleet/a/c.yml", "fleet/b.yaml", "fleet/z.json"]);
    fs::create_dir(dir.path().join("none")).unwrap();
    let ran = fleet(dir.path(), &["none", "fleet/b.yaml"]);
    assert_eq!(ran.status, Failed);
    assert_eq!(ran.err, "error: `none` holds no `.yaml`, `.yml` or `.json` file\n");
    assert_eq!(ran.out, "nothing found in 1 roster of 1 agent; 1 file not read\n");
}

#[test]
fn what_cannot_be_read_does_not_stop_the_others() {
    let dir = folder(&[("bad.yaml", &roster(&["{name: a, runtime: pi}"]))]);
    fs::write(dir.path().join("latin.yaml"), b"name: \xe9").unwrap();
    let ran = fleet(dir.path(), &["none.yaml", "latin.yaml", "bad.yaml"]);
    assert_eq!(ran.status, Failed);
    assert!(ran.err.contains("none.yaml") && says(&ran, "this is not UTF-8, from byte 6 on"), "{}{}", ran.err, ran.out);
    assert!(says(&ran, "no agent has class `orchestrator`"), "{}", ran.out);
    assert!(ran.out.ends_with("2 errors in 2 rosters of 1 agent; 1 file not read\n"), "{}", ran.out);
}

#[test]
fn the_configuration_names_rosters_profiles_and_words() {
    let config = "fleet:\n  rosters: ['fleet/**/*.yaml']\n  profiles: {'fleet/**': full, 'fleet/small/*.yaml': minimal}\n  \
                  classes: [reviewer]\n  runtimes: [aider]\n  keys: [model]\n  transports: [zellij]\n";
    let lead = "{name: lead, runtime: aider, class: orchestrator, model: big}";
    let reviewer = "{name: eye, runtime: pi, class: reviewer}";
    let one = roster(&[lead, reviewer]).replace("tmux", "zellij");
    let small = roster(&["{name: one, runtime: pi, class: worker}"]);
    let files = [(".wp-gate.yaml", config), ("fleet/one.yaml", &one), ("fleet/small/x.yaml", &small), ("x.yaml", "[")];
    let dir = folder(&files);
    let ran = fleet(&dir.path().join("fleet"), &[]);
    assert_eq!((ran.status, ran.out.as_str()), (Clean, "nothing found in 2 rosters of 3 agents\n"), "{}", ran.err);
    // The profile that is given goes before all others, and before the file's name.
    assert_eq!(fleet(dir.path(), &["--profile", "general"]).status, Findings);
    let ran = fleet(dir.path(), &["fleet/small/x.yaml", "--profile", "minimal"]);
    assert_eq!(ran.status, Clean, "{}", ran.out);

    fs::write(dir.path().join(".wp-gate.yaml"), "fleet: {rosters: ['[']}").unwrap();
    assert_eq!(fleet(dir.path(), &[]).status, Failed);
    fs::write(dir.path().join(".wp-gate.yaml"), "fleet: {rosters: ['none/*']}").unwrap();
    let ran = fleet(dir.path(), &[]);
    assert_eq!((ran.status, ran.err.contains("no file matches `fleet.rosters`")), (Failed, true), "{}", ran.err);
    fs::write(dir.path().join(".wp-gate.yaml"), "lint: {rules: {two-agent-floor: warn}}").unwrap();
    let ran = fleet(dir.path(), &["fleet/one.yaml"]);
    assert!(says(&ran, "no agent has class `enhancer`"), "{}", ran.out);
    fs::remove_file(dir.path().join(".wp-gate.yaml")).unwrap();
    let ran = fleet(dir.path(), &[]);
    assert_eq!((ran.status, ran.err.contains("no roster is named")), (Failed, true), "{}", ran.err);
}

#[test]
fn a_revision_has_its_own_rosters() {
    let dir = folder(&[
        (".wp-gate.yaml", "fleet: {rosters: ['fleet/*.yaml']}"),
        ("fleet/a.yaml", &roster(&[LEAD])),
        ("fleet/sub/b.json", &roster(&["{name: x, runtime: pi}"])),
    ]);
    let repository = git2::Repository::open(dir.path()).unwrap();
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let author = git2::Signature::new("A", "a@example.com", &git2::Time::new(1_767_225_600, 0)).unwrap();
    repository.commit(Some("HEAD"), &author, &author, "c", &tree, &[]).unwrap();
    fs::remove_dir_all(dir.path().join("fleet/sub")).unwrap();
    fs::write(dir.path().join("fleet/a.yaml"), "[").unwrap();

    assert_eq!(fleet(dir.path(), &[]).status, Findings, "the working tree's is broken");
    let ran = fleet(dir.path(), &["--rev", "HEAD"]);
    assert_eq!((ran.status, ran.out.as_str()), (Clean, "nothing found in 1 roster of 1 agent\n"), "{}", ran.err);
    let ran = fleet(&dir.path().join("fleet"), &["--rev", "HEAD", "sub", "./a.yaml"]);
    assert!(ran.status == Findings && ran.out.contains("fleet/sub/b.json:3:1"), "{}\n{}", ran.out, ran.err);
    let ran = fleet(dir.path(), &["--rev", "HEAD", "fleet/none.yaml", "fleet/a.yaml"]);
    assert_eq!((ran.status, ran.err.as_str()), (Failed, "error: no roster at `fleet/none.yaml` in `HEAD`\n"));
    assert_eq!(fleet(dir.path(), &["--rev", "HEAD", "../x"]).status, Failed);
    assert_eq!(fleet(dir.path(), &["--rev", "none"]).status, Failed);
}

#[cfg(unix)]
#[test]
fn units_are_held_against_the_agents() {
    use std::os::unix::fs::symlink;

    let agents = ["lead", "plain", "masked", "empty", "gone", "absent", "default", "other"];
    let items: Vec<String> = agents
        .iter()
        .map(|name| {
            let class = if *name == "lead" { "orchestrator" } else { "worker" };
            format!("{{name: {name}, runtime: pi, class: {class}}}")
        })
        .collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let dir = folder(&[("host.yaml", &roster(&items)), ("ghost.yaml", &roster(&[LEAD]))]);
    let units = dir.path().join("units");
    let wants = units.join("default.target.wants");
    fs::create_dir_all(&wants).unwrap();
    let unit = |name: &str| wants.join(format!("mosaic-agent@{name}.service"));
    fs::write(units.join("real.service"), "[Service]").unwrap();
    symlink("../real.service", unit("lead")).unwrap();
    fs::write(unit("plain"), "[Service]").unwrap();
    symlink("/dev/null", unit("masked")).unwrap();
    fs::write(units.join("void"), "").unwrap();
    symlink("../void", unit("empty")).unwrap();
    symlink("../no.service", unit("gone")).unwrap();
    symlink("../real.service", unit("")).unwrap();
    symlink("../real.service", unit("ghost")).unwrap();
    symlink("../real.service", unit("not valid")).unwrap();
    symlink("../real.service", wants.join("unrelated@x.service")).unwrap();
    let requires = units.join("other.target.requires");
    fs::create_dir(&requires).unwrap();
    symlink("../real.service", requires.join("mosaic-agent@other.service")).unwrap();

    let ran = fleet(dir.path(), &["host.yaml", "--units", "units"]);
    assert_screen!("fleet-units", ran.out);
    assert_eq!(ran.status, Findings);
    // The template is there: then the link to nothing starts its agent, as systemd does not look where it leads.
    fs::write(units.join("mosaic-agent@.service"), "[Service]").unwrap();
    let ran = fleet(dir.path(), &["host.yaml", "--units", "units"]);
    assert!(!says(&ran, "mosaic-agent@gone.service"), "{}", ran.out);
    // Another roster of the run has the agent; one that cannot be read may have it.
    let ran = fleet(dir.path(), &["ghost.yaml", "--units", "units"]);
    assert!(says(&ran, "no roster has an agent `ghost`"), "{}", ran.out);
    fs::write(dir.path().join("ghost.yaml"), roster(&[LEAD, "{name: ghost, runtime: pi, class: worker}"])).unwrap();
    let ran = fleet(dir.path(), &["ghost.yaml", "host.yaml", "--units", "units"]);
    assert!(!says(&ran, "no roster has an agent"), "{}", ran.out);
    fs::write(dir.path().join("ghost.yaml"), roster(&[LEAD, "ghost"])).unwrap();
    let ran = fleet(dir.path(), &["ghost.yaml", "--units", "units"]);
    assert!(!says(&ran, "no roster has an agent"), "{}", ran.out);

    let ran = fleet(dir.path(), &["host.yaml", "--units", "host.yaml"]);
    assert_eq!((ran.status, ran.err.starts_with("error: cannot read the units in ")), (Failed, true), "{}", ran.err);
}
