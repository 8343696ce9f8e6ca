//! The founding case before a merge: policies, CI systems, summaries.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use wp_gate::cli::ExitStatus;

use super::support::{Ran, Repo, assert_screen, testdata, wp_gate_in};

/// The founding case, with policies.
fn founding() -> Repo {
    let repo = Repo::founding();
    repo.write(".wp-gate.yaml", testdata("policies/founding.yaml"));
    repo
}

/// The policies that are said to be broken.
fn broken(ran: &Ran) -> Vec<String> {
    let answer = ran.json();
    let policies = answer["policies"].as_array().unwrap().iter();
    policies.filter(|it| it["status"] == "broken").map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_change_that_breaks_a_policy_fails_and_the_others_pass() {
    let repo = founding();
    // One page of docs beside the gateway: before 3.5.0 the gateway is not built. Everything else keeps what is promised.
    let changes = ["docs-merge", "app-and-docs", "package", "empty", "mixed", "rename"];
    for server in ["3.4", "3.17", "next"] {
        let check = ["check", "--no-proofs", "--woodpecker", server, "--format", "json", "--branch", "main"];
        for name in changes {
            let ran = repo.wp_gate(&[&check[..], &[repo.id(name)]].concat());
            let fails = server == "3.4" && name == "app-and-docs";
            let expected: &[&str] = if fails { &["a change to an app rebuilds it"] } else { &[] };
            assert_eq!(broken(&ran), expected, "{name} on {server}: {}", ran.out);
            let status = if fails { ExitStatus::Findings } else { ExitStatus::Clean };
            assert_eq!(ran.status, status, "{name} on {server}: {}", ran.out);
        }
        let tag = repo.wp_gate(&["check", "v1.0.0", "--no-proofs", "--woodpecker", server]);
        assert_eq!(tag.status, ExitStatus::Clean, "{}", tag.out);
    }
}

/// How each policy stands over all changes.
fn proofs(ran: &Ran) -> Vec<String> {
    ran.json()["proofs"].as_array().unwrap().iter().map(|it| it["status"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_change_to_the_gates_that_breaks_a_promise_fails_whatever_else_it_touches() {
    let repo = founding();
    let check = |arguments: &[&str]| repo.wp_gate(&[&["check", "--format", "json"], arguments].concat());
    let ran = check(&[]);
    assert_eq!((proofs(&ran), ran.status), (vec!["proved".to_owned(); 4], ExitStatus::Clean), "{}", ran.out);
    // On the older server one page of docs is enough, whatever the change at hand.
    let ran = check(&["--woodpecker", "3.4"]);
    assert_eq!(proofs(&ran), ["proved", "refuted", "proved", "proved"]);
    assert!(ran.status == ExitStatus::Findings && broken(&ran).is_empty(), "{}", ran.out);
    // Somebody takes a glob away: the change at hand is no merge of prose, and still.
    let workflow = testdata("workflows/ok/founding/publish.yml").replace("'**/*.md', ", "");
    repo.write(".woodpecker/publish.yml", workflow);
    let ran = check(&["--worktree"]);
    assert_eq!(proofs(&ran), ["refuted", "proved", "proved", "proved"]);
    assert_eq!((ran.status, broken(&ran).len()), (ExitStatus::Findings, 0));
    let human = repo.wp_gate(&["check", "--worktree"]).out;
    assert!(human.contains("a change that breaks it: push on `main`, `"), "{human}");
}

#[test]
fn each_form() {
    let repo = founding();
    for form in ["human", "json", "sarif", "github", "junit", "markdown"] {
        let arguments =
            ["check", repo.id("app-and-docs"), "--branch", "main", "--woodpecker", "3.4", "--quiet", "--format", form];
        assert_screen!(format!("check-{form}"), repo.wp_gate(&arguments).screen());
    }
    assert_screen!("check-passed", repo.wp_gate(&["check"]).screen());
}

#[test]
fn policies_that_promise_nothing_are_found() {
    let repo = founding();
    repo.write(".wp-gate.yaml", testdata("policies/founding.yaml").replace("publish-npm", "publih-npm"));
    let ran = repo.wp_gate(&["check", "--quiet"]);
    assert_eq!(ran.status, ExitStatus::Findings);
    assert!(ran.out.contains("`publih-npm` of policy `a release builds everything` names no step"), "{}", ran.out);
    assert!(ran.out.contains("did you mean `publish-npm`?"), "{}", ran.out);
}

#[test]
fn a_refused_pipeline_and_a_roster_without_orchestrator_are_found_once() {
    let repo = Repo::of_workflow("when: {event: push}\nsteps: [{name: a, image: x, depends_on: [b]}]\n");
    repo.write(".wp-gate.yaml", "fleet: {rosters: ['fleet/*.yaml']}\n");
    repo.write("fleet/a.yaml", "version: 1\ntransport: tmux\nagents: [{name: w, runtime: pi, class: worker}]\n");
    let ran = repo.wp_gate(&["check", "--worktree"]);
    assert_eq!(ran.status, ExitStatus::Findings);
    assert_eq!(ran.out.matches("unknown-dependency").count(), 1, "{}", ran.out);
    assert!(ran.out.contains("✗ change     no pipeline: the server refuses it (1 error)"), "{}", ran.out);
    assert!(ran.out.contains("✗ fleet ") && ran.out.contains("\nr5\n"), "{}", ran.out);
}

#[test]
fn what_cannot_be_looked_at_is_said_and_the_rest_is_looked_at() {
    let ran = founding().wp_gate(&["check", "nowhere", "--quiet"]);
    assert_eq!(ran.status, ExitStatus::Failed);
    assert!(ran.out.contains("✓ workflows") && ran.out.contains("✗ change     could not be looked at"), "{}", ran.out);
    assert!(ran.out.contains("`nowhere`"), "{}", ran.out);
}

/// What a step of Woodpecker has, for the newest commit of the repository.
fn woodpecker<'v>(sha: &'v str, files: &'v str) -> Vec<(&'v str, &'v str)> {
    vec![
        ("CI", "woodpecker"),
        ("CI_SYSTEM_NAME", "woodpecker"),
        ("CI_SYSTEM_VERSION", "3.17.0"),
        ("CI_PIPELINE_EVENT", "push"),
        ("CI_COMMIT_SHA", sha),
        ("CI_COMMIT_BRANCH", "main"),
        ("CI_COMMIT_REF", "refs/heads/main"),
        ("CI_COMMIT_MESSAGE", "a push"),
        ("CI_REPO", "team/mosaic"),
        ("CI_REPO_OWNER", "team"),
        ("CI_REPO_NAME", "mosaic"),
        ("CI_FORGE_TYPE", "gitea"),
        ("CI_PIPELINE_FILES", files),
    ]
}

#[test]
fn in_woodpecker_the_servers_own_list_counts() {
    let repo = founding();
    let sha = repo.id("rename").to_owned();
    let both = r#"["apps/gateway/src/main.ts","docs/x.md"]"#;
    let variables = woodpecker(&sha, both);
    let ran = repo.wp_gate_in(&variables, &["check", "--format", "json"]);
    let change = ran.json()["change"].clone();
    assert_eq!(change["changed_files"], serde_json::json!(["apps/gateway/src/main.ts", "docs/x.md"]));
    assert_eq!((ran.status, &change["woodpecker"]), (ExitStatus::Clean, &serde_json::json!("3.17")));
    // An older server says so itself, and there the same push breaks a promise.
    let older = |it: (&'static str, &'static str)| {
        variables.iter().copied().filter(|(name, _)| *name != it.0).chain([it]).collect::<Vec<_>>()
    };
    let ran = repo.wp_gate_in(&older(("CI_SYSTEM_VERSION", "3.4.0")), &["check", "--format", "json"]);
    assert_eq!((ran.status, broken(&ran).len()), (ExitStatus::Findings, 1), "{}", ran.out);
    // A version that is not known is said; so is one that the configuration has otherwise.
    let ran = repo.wp_gate_in(&older(("CI_SYSTEM_VERSION", "dev")), &["check"]);
    assert!(
        ran.out.contains("note: this server is Woodpecker `dev`, which is not known: 3.17 is assumed"),
        "{}",
        ran.out
    );
    repo.write(".wp-gate.yaml", "woodpecker: '3.4'\n");
    let ran = repo.wp_gate_in(&variables, &["check"]);
    assert!(ran.out.contains("that counts, not the configured 3.4"), "{}", ran.out);
    // What is named goes before the variables.
    let ran = repo.wp_gate_in(&variables, &["check", "--format", "json", "--no-ci"]);
    assert_eq!(ran.json()["change"]["changed_files"][0], "packages/mosaic/index.ts");
    let ran = repo.wp_gate_in(&variables, &["check", "--format", "json", "--files", "x"]);
    assert_eq!(ran.json()["change"]["changed_files"][0], "x");
}

/// A clone of depth 1 beside `repo`, as a CI system makes it.
fn shallow(repo: &Repo) -> PathBuf {
    let clone = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.git(&["clone", "--quiet", "--depth", "1", "--filter=tree:0", &url, clone.to_str().unwrap()]);
    clone
}

#[test]
fn in_the_shallow_clone_of_woodpecker_the_list_is_enough_and_without_it_nothing_is_guessed() {
    let repo = founding();
    let (sha, clone) = (repo.id("rename").to_owned(), shallow(&repo));
    fs::copy(repo.path().join(".wp-gate.yaml"), clone.join(".wp-gate.yaml")).unwrap();
    let variables = woodpecker(&sha, r#"["docs/x.md"]"#);
    let ran = wp_gate_in(&clone, &variables, &["check", "--quiet"]);
    assert_eq!(ran.status, ExitStatus::Clean, "{}{}", ran.out, ran.err);
    // Of more than 500 files there is no list. The pipeline before this one is in the history that was cut off.
    let mut without: Vec<_> = variables.into_iter().filter(|(name, _)| *name != "CI_PIPELINE_FILES").collect();
    without.push(("CI_PREV_COMMIT_SHA", repo.id("mixed")));
    let ran = wp_gate_in(&clone, &without, &["check", "--quiet"]);
    assert_eq!(ran.status, ExitStatus::Failed, "{}", ran.out);
    assert!(ran.out.contains("is not in this clone") && ran.out.contains("`depth: 0`"), "{}", ran.out);
    // Where the history is, the forge's rule makes the list, and that is said.
    let ran = repo.wp_gate_in(&without, &["check"]);
    assert!(ran.out.contains("2 changed files (as gitea lists them)"), "{}", ran.out);
    assert!(ran.out.contains("gitea's list of `"), "{}", ran.out);
    // Without a pipeline before it, the branch is new.
    without.pop();
    let ran = repo.wp_gate_in(&without, &["check"]);
    assert!(ran.out.contains("note: no pipeline of the branch came before this one"), "{}", ran.out);
}

#[test]
fn actions_and_gitlab_name_the_change() {
    let repo = founding();
    let event = repo.beside("event.json");
    let [before, after] = ["empty", "page-docs"].map(|name| repo.id(name).to_owned());
    let actions = |name: &'static str, json: String| {
        fs::write(&event, json).unwrap();
        vec![
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_EVENT_NAME", name.to_owned()),
            ("GITHUB_EVENT_PATH", event.to_str().unwrap().to_owned()),
            ("GITHUB_REF_NAME", "main".to_owned()),
            ("GITHUB_SHA", repo.id("rename").to_owned()),
        ]
    };
    let changed = |variables: &[(&'static str, String)], arguments: &[&str]| {
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let ran = repo.wp_gate_in(&variables, &[&["check", "--format", "json"], arguments].concat());
        let change = ran.json()["change"].clone();
        let text = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
        (text("event"), text("branch"), text("message"), change["changed_files"].as_array().unwrap().len())
    };
    let push = format!(r#"{{"before": "{before}", "after": "{after}"}}"#);
    let told = changed(&actions("push", push.clone()), &[]);
    assert_eq!(told, ("push".to_owned(), "main".to_owned(), "docs: the page\n".to_owned(), 2));
    let pull = format!(
        r#"{{"pull_request": {{"title": "A page", "base": {{"ref": "main", "sha": "{before}"}}, "head": {{"ref": "x", "sha": "{after}"}}}}}}"#
    );
    let told = changed(&actions("pull_request", pull), &[]);
    assert_eq!(told, ("pull_request".to_owned(), "main".to_owned(), "A page".to_owned(), 2));
    assert_eq!(changed(&actions("push", push), &["--branch", "other"]).1, "other");

    let gitlab = [
        ("GITLAB_CI", "true".to_owned()),
        ("CI_PIPELINE_SOURCE", "push".to_owned()),
        ("CI_COMMIT_SHA", after),
        ("CI_COMMIT_BEFORE_SHA", before),
        ("CI_COMMIT_BRANCH", "main".to_owned()),
    ];
    assert_eq!(changed(&gitlab, &[]).3, 2);

    let ran = repo.wp_gate_in(&[("GITHUB_ACTIONS", "true")], &["check"]);
    assert!(
        ran.failed()
            .starts_with("error: GitHub Actions does not say what changed: `GITHUB_EVENT_PATH` is not set\nhelp: ")
    );
}

/// The variables of a push of the newest commit, in Actions.
fn actions(repo: &Repo) -> Vec<(String, String)> {
    let event = repo.beside("event.json");
    fs::write(&event, "{}").unwrap();
    [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "push"),
        ("GITHUB_EVENT_PATH", event.to_str().unwrap()),
        ("GITHUB_REF_NAME", "main"),
        ("GITHUB_SHA", "HEAD"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

#[test]
fn in_actions_there_are_annotations_and_a_summary() {
    let repo = founding();
    let summary = repo.beside("summary.md");
    let mut variables = actions(&repo);
    let sha = repo.id("app-and-docs").to_owned();
    variables[4].1.clone_from(&sha);
    variables.push(("GITHUB_STEP_SUMMARY".to_owned(), summary.to_str().unwrap().to_owned()));
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let ran = repo.wp_gate_in(&variables, &["check", "--woodpecker", "3.4", "--quiet"]);
    assert!(
        ran.out.starts_with("push on main") && ran.out.contains("\n::error file=.woodpecker/publish.yml,"),
        "{}",
        ran.out
    );
    let markdown =
        repo.wp_gate(&["check", &sha, "--branch", "main", "--woodpecker", "3.4", "--quiet", "--format", "markdown"]);
    assert_eq!(fs::read_to_string(&summary).unwrap(), markdown.out);
    // A file of one's own, anywhere.
    let own = repo.beside("own.md");
    repo.wp_gate(&["check", "--summary", own.to_str().unwrap()]);
    assert!(fs::read_to_string(&own).unwrap().starts_with("**wp-gate check** ✅"), "{own:?}");
    let ran = repo.wp_gate(&["check", "--summary", "/nowhere/at/all"]);
    assert_eq!(ran.status, ExitStatus::Failed);
}

/// Text that would be commands, markup or colours if it was let through.
const HOSTILE: &str =
    "::error::x ##[add-mask]y <img src=x> [a](http:b) `c` | @d #1 \u{1b}[2J\n::set-output name=a::b\n  ::warning::z";

#[test]
fn nothing_of_a_repository_becomes_a_command_or_markup() {
    let script = HOSTILE.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    let repo = Repo::new(&format!("commit c\nwrite README.md x\ncommit \"{script}\"\nwrite \"{script}\" x\n"));
    let quoted = HOSTILE.chars().map(|c| format!("\\U{:08x}", c as u32)).collect::<Vec<_>>().concat();
    repo.write(".woodpecker/ci.yml", format!("when: {{event: push}}\nsteps: [{{name: \"{quoted}\", image: x}}]\n"));
    // `[` opens a class in a glob.
    let glob = quoted.replace("\\U0000005b", "");
    let policies = format!("policies: [{{name: \"{quoted}\", never: '**'}}, {{name: b, always: \"{glob}\"}}]\n");
    repo.write(".wp-gate.yaml", policies);
    let mut variables = actions(&repo);
    variables[4].1 = String::from_utf8(git(&repo, &["rev-parse", "HEAD"])).unwrap().trim().to_owned();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let run = |arguments: &[&str]| {
        let ran = repo.wp_gate_in(&variables, arguments);
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{arguments:?}: {}{}", ran.out, ran.err);
        ran
    };
    let check = ["check", "--gates", "worktree", "--format"];
    for arguments in [&check[..3], &[&check[..], &["human"]].concat(), &[&check[..], &["github"]].concat()] {
        let ran = run(arguments);
        assert_eq!(ran.status, ExitStatus::Findings, "{}{}", ran.out, ran.err);
        for line in ran.out.lines().chain(ran.err.lines()) {
            let is_ours = ["::error file=", "::error title=", "::warning title=", "::warning file=", "::notice file="];
            let is_ours = is_ours.iter().any(|start| line.starts_with(start));
            assert!(is_ours || !line.trim_start().starts_with("::"), "{arguments:?}: {line}");
            assert!(is_ours || !line.contains("##["), "{arguments:?}: {line}");
        }
    }
    for arguments in
        [&["explain", "--gates", "worktree"][..], &["graph", "--gates", "worktree"], &["lint"], &["changes"]]
    {
        let ran = run(arguments);
        let commands = ran.out.lines().filter(|line| line.contains("::") || line.contains("##[")).count();
        assert_eq!(commands, 0, "{arguments:?}: {}", ran.out);
    }
    for format in ["explain", "graph", "check", "changes"].map(|command| (command, "json")).into_iter().chain([
        ("check", "junit"),
        ("graph", "svg"),
        ("graph", "dot"),
    ]) {
        let (command, format) = format;
        let gates = if command == "changes" { &[][..] } else { &["--gates", "worktree"] };
        let arguments = [&[command, "--format", format], gates].concat();
        // As a process, with what the runner sets.
        let process = |with: bool| {
            let mut process = Command::new(env!("CARGO_BIN_EXE_wp-gate"));
            process.arg("-C").arg(repo.path()).args(&arguments).env_clear();
            if command == "check" && !with {
                process.arg(variables[4].1);
            }
            process.envs(variables.iter().copied().filter(|_| with));
            String::from_utf8(process.output().unwrap().stdout).unwrap()
        };
        let (guarded, plain) = (process(true), process(false));
        let hits =
            |text: &str| text.lines().filter(|it| it.contains("##[") || it.trim_start().starts_with("::")).count();
        assert_eq!(hits(&guarded), 0, "{arguments:?}: {guarded}");
        assert!(hits(&plain) > 0, "{arguments:?} shows nothing hostile: {plain}");
        if format == "json" {
            let json: serde_json::Value = serde_json::from_str(&guarded).unwrap();
            assert!(json.to_string().contains("##[add-mask]"), "{arguments:?}: {guarded}");
        } else {
            assert!(guarded.contains("##&#91;add-mask]"), "{arguments:?}: {guarded}");
        }
    }
    let markdown = run(&[&check[..], &["markdown"]].concat()).out;
    for markup in ["<img", "](http", "@d", "| @", "`c`"] {
        assert!(!markdown.contains(markup), "{markup}: {markdown}");
    }
}

/// What the `git` program prints.
fn git(repo: &Repo, arguments: &[&str]) -> Vec<u8> {
    Command::new("git").current_dir(repo.path()).args(arguments).output().unwrap().stdout
}

#[test]
fn in_actions_a_patch_stays_one() {
    let repo = Repo::of_workflow("steps:\n  # ::error::hi\n  - name: a\n    image: x\n    comands: [b]\n");
    let plain = repo.wp_gate(&["lint", "--diff", "--fix=unsafe"]).out;
    let lint = repo.wp_gate_in(&[("GITHUB_ACTIONS", "true")], &["lint", "--diff", "--fix=unsafe"]).out;
    assert!(plain.contains("::error::"), "{plain}");
    assert_eq!(lint, plain);
    assert!(!repo.wp_gate_in(&[("GITHUB_ACTIONS", "true")], &["lint"]).out.contains("::error::"));
}
