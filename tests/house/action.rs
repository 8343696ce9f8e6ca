//! What `action/` holds for other people's repositories: samples that their servers take, and entry points that do what they say, started as
//! processes with the variables that each CI system sets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use wp_gate::change::Event;
use wp_gate::cli::ExitStatus;
use wp_gate::plan::{Outcome, Verdict};
use wp_gate::source::{Source, Sources};
use yaml_serde::Value;

use crate::gates::planned;
use crate::shell::{Repo, run};

/// The founding case, with policies.
fn founding() -> Repo {
    let repo = Repo::founding();
    repo.write(".wp-gate.yaml", crate::read("testdata/policies/founding.yaml"));
    repo
}

/// Runs `program` with just these variables.
fn start(program: &Path, arguments: &[&str], folder: &Path, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env_clear().envs(variables.iter().copied());
    command.output().unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_wp-gate"))
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn yaml(path: &str) -> Value {
    yaml_serde::from_str(&crate::read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_server_takes_the_workflows_and_the_linter_has_nothing_to_say() {
    for sample in ["plugin.yaml", "woodpecker.yaml"] {
        let mut files = Sources::new();
        files.add(Source::new(".woodpecker/gates.yaml", crate::read(&format!("action/{sample}"))));
        for event in [Event::Push, Event::PullRequest] {
            let plan = planned(&files, event, &["apps/web/y.ts"]);
            assert!(plan.problems.is_empty() && plan.findings.is_empty(), "{:?} {:?}", plan.problems, plan.findings);
            assert_eq!(plan.outcome, Outcome::Run);
            assert!(plan.workflows.iter().flat_map(|it| &it.steps).all(|step| step.verdict == Verdict::Run));
        }
        let repo = founding();
        repo.write(".woodpecker/gates.yaml", crate::read(&format!("action/{sample}")));
        let ran = run(&repo, "wp-gate lint --quiet .woodpecker/gates.yaml");
        assert_eq!(ran.status, ExitStatus::Clean, "{sample}: {ran:?}");
    }
}

/// The commands of a sample that call `wp-gate`, without what the shell does with their output.
fn commands(sample: &str) -> Vec<String> {
    let lines = crate::read(sample);
    let calls = lines.lines().filter_map(|line| line.trim().strip_prefix("- wp-gate ").map(str::to_owned));
    calls.map(|call| call.split(" > ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn their_commands_run() {
    for sample in ["action/woodpecker.yaml", "action/gitlab.yaml"] {
        let commands = commands(sample);
        assert_eq!(commands.len(), 1, "{sample}");
        assert_eq!(run(&founding(), &format!("wp-gate {}", commands[0])).status, ExitStatus::Clean, "{sample}");
    }
    for hook in yaml(".pre-commit-hooks.yaml").as_sequence().unwrap() {
        let entry = hook["entry"].as_str().unwrap();
        assert_eq!(run(&founding(), entry).status, ExitStatus::Clean, "{entry}");
    }
}

#[test]
fn the_plugin_looks_at_what_the_server_decided_on() {
    let repo = founding();
    let base = [
        ("CI", "woodpecker"),
        ("CI_PIPELINE_EVENT", "push"),
        ("CI_COMMIT_SHA", repo.id("rename")),
        ("CI_COMMIT_BRANCH", "main"),
        ("CI_PIPELINE_FILES", r#"["apps/gateway/src/main.ts","docs/x.md"]"#),
        ("PLUGIN_QUIET", "true"),
    ];
    let plugin = |more: &[(&str, &str)]| start(binary(), &["plugin"], repo.path(), &[&base[..], more].concat());
    let passed = plugin(&[("CI_SYSTEM_VERSION", "3.17.0")]);
    assert_eq!(passed.status.code(), Some(0), "{}", out(&passed));
    let failed = plugin(&[("CI_SYSTEM_VERSION", "3.4.0")]);
    assert_eq!(failed.status.code(), Some(1), "{}", out(&failed));
    assert!(out(&failed).contains("a change to an app rebuilds it: broken"), "{}", out(&failed));
    let json = plugin(&[("PLUGIN_FORMAT", "json"), ("PLUGIN_WOODPECKER", "3.5")]);
    assert!(out(&json).contains(r#""woodpecker": "3.5""#), "{}", out(&json));
    assert_eq!(plugin(&[("PLUGIN_FROMAT", "json")]).status.code(), Some(2));
}

/// The settings that the plugin has, as it says itself.
fn settings() -> BTreeSet<String> {
    let output = start(binary(), &["plugin"], &crate::project("."), &[("PLUGIN_ZZZZZZ", "1")]);
    let said = out(&output);
    let (_, list) = said.split_once("the settings are ").unwrap_or_else(|| panic!("{said}"));
    list.trim().split(", ").map(str::to_owned).collect()
}

#[test]
fn the_pages_name_the_settings_that_there_are() {
    let docs = crate::read("action/docs.md");
    let rows = crate::table(&docs, "setting | default | says");
    let named: BTreeSet<String> = rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(named, settings());

    let action = yaml("action/action.yml");
    let inputs: BTreeSet<String> =
        action["inputs"].as_mapping().unwrap().keys().map(|key| key.as_str().unwrap().to_owned()).collect();
    let mut known = settings();
    // The log of an action has no colours to choose.
    known.remove("color");
    assert_eq!(inputs, known);
    let [step] = &action["runs"]["steps"].as_sequence().unwrap()[..] else { panic!("one step") };
    let variables = step["env"].as_mapping().unwrap();
    for input in &inputs {
        let value = variables.get(format!("PLUGIN_{}", input.to_ascii_uppercase()).as_str());
        assert_eq!(value.and_then(Value::as_str), Some(format!("${{{{ inputs.{input} }}}}").as_str()));
    }
    // No input is put into a command line.
    assert_eq!((variables.len(), step["run"].as_str()), (inputs.len(), Some("\"$GITHUB_ACTION_PATH/run\"")));
}

#[test]
fn the_plugins_page_has_the_header_of_the_index() {
    let page = crate::read("action/docs.md");
    let (header, body) = page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap();
    let header: Value = yaml_serde::from_str(header).unwrap();
    let keys: Vec<&str> = header.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect();
    assert_eq!(keys, ["name", "description", "author", "tags", "containerImage", "containerImageUrl", "url"]);
    assert!(body.contains("\n# wp-gate\n"));
}

/// A folder with a `cargo` that installs the program that is tested, and notes what it was told.
fn fake_cargo(folder: &Path) -> PathBuf {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let script = format!(
        "#!/bin/sh\nset -eu\necho \"$*\" > \"{0}/cargo.log\"\nroot=$5\nmkdir -p \"$root/bin\"\ncp '{1}' \"$root/bin/wp-gate\"\n",
        folder.display(),
        binary().display()
    );
    let cargo = bin.join("cargo");
    fs::write(&cargo, script).unwrap();
    Command::new("chmod").arg("+x").arg(&cargo).status().unwrap();
    bin
}

#[test]
fn the_action_builds_from_its_own_checkout_and_checks_the_push() {
    let repo = founding();
    let folder = repo.beside("runner");
    let path = format!("{}:/usr/bin:/bin", fake_cargo(&folder).display());
    let event = folder.join("event.json");
    fs::write(&event, format!(r#"{{"before": "{}", "after": "{}"}}"#, repo.id("package"), repo.id("rename"))).unwrap();
    let summary = folder.join("summary.md");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (event, summary_path, temporary) = (text(&event), text(&summary), text(&folder));
    let variables = [
        ("PATH", path.as_str()),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "push"),
        ("GITHUB_EVENT_PATH", &event),
        ("GITHUB_REF_NAME", "main"),
        ("GITHUB_STEP_SUMMARY", &summary_path),
        ("RUNNER_TEMP", &temporary),
    ];
    let action = |more: &[(&str, &str)]| {
        start(&crate::project("action/run"), &[], repo.path(), &[&variables[..], more].concat())
    };
    for runner in [&[][..], &[("GITEA_ACTIONS", "true")], &[("GITEA_ACTIONS", "true"), ("FORGEJO_ACTIONS", "true")]] {
        let passed = action(runner);
        assert_eq!(passed.status.code(), Some(0), "{}", out(&passed));
    }
    assert!(fs::read_to_string(&summary).unwrap().starts_with("**wp-gate check** ✅"));
    let told = fs::read_to_string(folder.join("cargo.log")).unwrap();
    let own = text(&crate::project("").canonicalize().unwrap());
    assert_eq!(told, format!("install --quiet --locked --root {temporary}/wp-gate --path {own}\n"));
    let failed = action(&[("PLUGIN_WOODPECKER", "3.4")]);
    assert_eq!(failed.status.code(), Some(1), "{}", out(&failed));
    assert!(out(&failed).contains("\n::error file=.woodpecker/publish.yml,"), "{}", out(&failed));
    // An input is one word, whatever is in it.
    let hostile = action(&[("PLUGIN_BRANCH", "\"; touch pwned; $(touch pwned) #"), ("PLUGIN_QUIET", "true")]);
    assert_eq!(hostile.status.code(), Some(0), "{}", out(&hostile));
    assert!(!repo.path().join("pwned").exists());
}
