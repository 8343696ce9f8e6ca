//! `audit` by the lists of the forges: a history on which they part, just where `docs/forges.md` says.

use serde_json::Value;

use wp_gate::cli::ExitStatus;

use super::support::{Ran, Repo, assert_screen, run};

const FORGES: [&str; 7] = ["git", "gitea", "forgejo", "github", "gitlab", "bitbucket", "bitbucket-dc"];

/// Two gates that need a file, and commits whose files some forge does not list, or lists though they are as they were.
fn history() -> Repo {
    let text = "line\\n".repeat(40);
    Repo::new(&format!(
        "commit Import\n\
         write .woodpecker.yml \"when: {{event: [push, pull_request, pull_request_closed]}}\\nsteps:\\n  - {{name: web, image: x, when: {{path: {{include: ['web/**'], on_empty: false}}}}}}\\n  - {{name: rest, image: x, when: {{path: {{exclude: ['docs/**'], on_empty: false}}}}}}\\n\"\n\
         write web/a.ts \"{text}\"\n\
         write web/target x\n\
         commit \"api: from web\" as renamed\n\
         move web/a.ts api/a.ts\n\
         commit \"docs: a link\" as linked\n\
         link web/target docs\n\
         write docs/x.md x\n\
         commit \"bulk: many files\" as bulk\n\
         repeat 300\n\
         write bulk/f$n $n\n\
         end\n\
         write web/z.ts x\n\
         branch side\n\
         commit \"web: a try\"\n\
         write web/c.ts x\n\
         commit \"web: no\"\n\
         remove web/c.ts\n\
         repeat 8\n\
         commit \"docs: $n\"\n\
         write docs/x.md \"$n\"\n\
         end\n\
         switch main\n\
         commit \"docs: more\"\n\
         write docs/y.md y\n\
         merge side \"Merge branch side\" as merged\n\
         branch pages\n\
         commit \"docs: pages\"\n\
         repeat 20\n\
         write docs/pages/p$n x\n\
         end\n\
         write web/q.ts x\n\
         switch main\n\
         commit \"docs: again\"\n\
         write docs/y.md z\n\
         merge pages \"Merge branch pages\" as pages\n"
    ))
}

fn audit(repo: &Repo, arguments: &[&str]) -> Ran {
    let repository = ["-C", repo.path().to_str().unwrap(), "audit"];
    run(repository.iter().chain(arguments))
}

fn json(repo: &Repo, arguments: &[&str]) -> Value {
    audit(repo, &[&["--format", "json"], arguments].concat()).json()
}

/// The differences that the forge's list makes: commit, step, verdict by the forge, by what changed, file that is not listed.
fn differences(repo: &Repo, arguments: &[&str]) -> Vec<[String; 5]> {
    let answer = json(repo, arguments);
    let lists = &answer["lists"];
    let differences = lists["differences"].as_array().unwrap();
    let mut commits: Vec<_> = differences.iter().map(|it| &it["commit"]).collect();
    commits.dedup();
    assert_eq!(lists["differing"], commits.len(), "{lists}");
    assert!(lists["unlike"].as_u64().unwrap() >= commits.len() as u64, "{lists}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let keys = ["commit", "step", "by_forge", "by_changes", "unlisted"];
    differences.iter().map(|it| keys.map(|key| text(&it[key]))).collect()
}

#[test]
fn each_forge_parts_from_git_where_its_rules_say() {
    let repo = history();
    let [renamed, linked, bulk, merged] = ["renamed", "linked", "bulk", "merged"].map(|name| repo.id(name));
    let lost = |id: &str, file: &str| [id, "web", "skip", "run", file].map(str::to_owned);
    let found = |id: &str, step: &str| [id, step, "run", "skip", ""].map(str::to_owned);
    // The link replaces a file: Gitea and Forgejo list no change of type, so that nothing but prose is left.
    let no_type = || vec![lost(linked, "web/target"), [linked, "rest", "skip", "run", "web/target"].map(str::to_owned)];
    // The branch tried a file and took it away: its commits list it.
    let tried = || vec![found(merged, "web"), found(merged, "rest")];
    for (forge, options, expected) in [
        ("git", &[][..], vec![]),
        // Of the ten commits of the branch, the newest four beside the merge are prose.
        ("gitea", &[], no_type()),
        ("forgejo", &[], [tried(), no_type()].concat()),
        ("gitlab", &[], [tried(), vec![lost(renamed, "web/a.ts")]].concat()),
        ("github", &[], vec![lost(bulk, "web/z.ts")]),
        ("github", &["--woodpecker", "3.10"], tried()),
        ("bitbucket", &[], vec![]),
        ("bitbucket-dc", &[], vec![lost(renamed, "web/a.ts")]),
    ] {
        let arguments = [&["--forge", forge][..], options].concat();
        assert_eq!(differences(&repo, &arguments), expected, "{forge} {options:?}");
    }
    // Before 3.12 Bitbucket sends no list: `on_empty` decides everything.
    let old = differences(&repo, &["--forge", "bitbucket", "--woodpecker", "3.11"]);
    assert!(old.iter().all(|it| it[2] == "skip" && it[3] == "run") && old.len() > 6, "{old:?}");
    // And of GitHub's list 3.11 sees the wrong end. The first push of a branch makes no pipeline there: it does not even clone.
    assert_eq!(differences(&repo, &["--forge", "github", "--woodpecker", "3.11"]).len(), old.len() + 1);
    let first = json(&repo, &["--forge", "github", "--woodpecker", "3.11"]);
    assert_eq!((&first["summary"]["unreported"], &first["summary"]["empty"]), (&1.into(), &0.into()));
    // Merge requests list 20 files, folders first; the rest of the forges all.
    let merge = repo.id("pages");
    for (forge, expected) in [
        ("github", vec![]),
        ("gitea", vec![]),
        (
            "gitlab",
            vec![
                [merge, "web", "skip", "run", "web/q.ts"].map(str::to_owned),
                [merge, "rest", "skip", "run", "web/q.ts"].map(str::to_owned),
            ],
        ),
    ] {
        assert_eq!(differences(&repo, &["--forge", forge, "--prs"]), expected, "{forge}");
    }
    let closed = differences(&repo, &["--forge", "bitbucket", "--prs", "--event", "pull_request_closed"]);
    assert!(closed.iter().all(|it| it[2] == "skip" && it[3] == "run") && !closed.is_empty(), "{closed:?}");
}

#[test]
fn limits_of_the_configuration_count() {
    let repo = history();
    let merged = repo.id("merged");
    let hits = |text: &str| {
        repo.write(".wp-gate.yaml", text);
        differences(&repo, &[]).into_iter().filter(|it| it[0] == merged).count()
    };
    assert_eq!(hits("forge: gitea"), 0);
    assert_eq!(hits("{forge: gitea, forge_limits: {push_commits: 10}}"), 2, "the one that takes the file away, too");
    assert_eq!(hits("{forge: forgejo, forge_limits: {push_commits: 9}}"), 0);
}

#[test]
fn every_commit_is_what_explain_says_of_it_by_every_forge() {
    let repo = history();
    for forge in FORGES {
        let pushes = json(&repo, &["--forge", forge]);
        let requests = json(&repo, &["--forge", forge, "--prs"]);
        for (answer, prs) in [(&pushes, false), (&requests, true)] {
            let steps = answer["steps"].as_array().unwrap();
            for commit in answer["commits"].as_array().unwrap() {
                let id = commit["commit"].as_str().unwrap();
                let change = if prs { format!("{id}^1...{id}^2") } else { id.to_owned() };
                let branch: &[&str] = if prs { &[] } else { &["--branch", "main"] };
                let explained =
                    repo.explain(&[&[&*change, "--forge", forge, "--format", "json"], branch].concat()).json();
                let [workflow] = &explained["workflows"].as_array().unwrap()[..] else { panic!("{explained}") };
                let verdict = |step: &Value| {
                    let mut of_steps = workflow["steps"].as_array().unwrap().iter();
                    let own = of_steps.find(|it| it["name"] == step["step"]).unwrap_or(workflow);
                    own["verdict"].as_str().unwrap().chars().next().unwrap()
                };
                assert_eq!(
                    (commit["verdicts"].as_str().unwrap(), &commit["pipeline"], commit["changed_files"].as_u64()),
                    (
                        &*steps.iter().map(verdict).collect::<String>(),
                        &explained["pipeline"],
                        Some(explained["change"]["changed_files"].as_array().unwrap().len() as u64)
                    ),
                    "{forge} {change}"
                );
            }
        }
    }
}

#[test]
fn every_form_says_whose_list_it_is_and_what_was_guessed() {
    let repo = history();
    repo.git(&["remote", "add", "origin", "https://codeberg.org/mosaic/shop.git"]);
    let guess = "the forge is taken to be forgejo, from the host of the remote `origin`, codeberg.org";
    let answer = json(&repo, &[]);
    assert_eq!(answer["audit"]["forge"], "forgejo");
    assert!(answer["audit"]["guess"].as_str().unwrap().starts_with(guess), "{answer}");
    for format in ["human", "markdown", "html"] {
        let text = audit(&repo, &["--format", format]).out;
        assert!(
            text.contains("forgejo") && text.replace("<code>", "`").replace("</code>", "`").contains(guess),
            "{format}: {text}"
        );
    }
    let csv = audit(&repo, &["--format", "csv"]);
    assert!(csv.err.contains(guess) && csv.out.lines().skip(1).all(|line| line.contains(",forgejo,")), "{}", csv.out);
    assert_eq!(
        csv.out.matches(",forgejo,skip,\r\n").count(),
        2,
        "the two verdicts of the merge by what changed: {}",
        csv.out
    );
    // What is named or configured is no guess.
    let named = json(&repo, &["--forge", "gitea"]);
    assert_eq!((&named["audit"]["forge"], &named["audit"]["guess"]), (&"gitea".into(), &Value::Null));
    repo.write(".wp-gate.yaml", "forge: github");
    assert_eq!(json(&repo, &[])["audit"]["forge"], "github");
}

const POLICIES: &str = "policies:\n  - {name: fresh, changes: {any: 'web/**'}, always: web}\n  - {name: prose, changes: {only: 'docs/**'}, never: rest}\n";

#[test]
fn policies_are_about_what_changed_and_kept_by_what_the_list_makes_run() {
    let repo = history();
    repo.write(".wp-gate.yaml", POLICIES);
    let [renamed, linked, bulk, merged] = ["renamed", "linked", "bulk", "merged"].map(|name| repo.id(name));
    let stale = |id: &str, file: &str| ["fresh", id, file].map(str::to_owned);
    // What the branch tried and took away is listed, and is no change.
    let built = || ["prose", merged, ""].map(str::to_owned);
    for (forge, expected) in [
        ("git", vec![]),
        ("gitea", vec![stale(linked, "web/target")]),
        ("forgejo", vec![stale(linked, "web/target"), built()]),
        ("github", vec![stale(bulk, "web/z.ts")]),
        ("gitlab", vec![stale(renamed, "web/a.ts"), built()]),
        ("bitbucket", vec![]),
        ("bitbucket-dc", vec![stale(renamed, "web/a.ts")]),
    ] {
        let answer = json(&repo, &["--forge", forge]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let broken = answer["policies"].as_array().unwrap().iter().flat_map(|policy| {
            let violations = policy["violations"].as_array().unwrap().iter();
            violations.map(|it| [text(&policy["name"]), text(&it["commit"]), text(&it["unlisted"]["path"])])
        });
        assert_eq!(broken.collect::<Vec<_>>(), expected, "{forge}");
        assert_eq!(answer["policies"][0]["concerned"], 5, "{forge}: every commit that changes web/ in truth");
        // `explain` and `check` say of each commit what `audit` does.
        for id in [renamed, linked, bulk, merged] {
            let arguments = [id, "--branch", "main", "--forge", forge, "--format", "json"];
            let explained = repo.explain(&arguments).json();
            let checked = repo.wp_gate(&[&["check", "--no-proofs", "--no-ci"], &arguments[..]].concat()).json();
            assert_eq!(checked["policies"], explained["policies"], "{forge} {id}");
            let broken = explained["policies"].as_array().unwrap().iter().filter(|it| it["status"] == "broken");
            let broken = broken.map(|it| [text(&it["name"]), id.to_owned(), text(&it["unlisted"]["path"])]);
            let same: Vec<_> = expected.iter().filter(|it| it[1] == id).cloned().collect();
            assert_eq!(broken.collect::<Vec<_>>(), same, "{forge} {id}");
        }
    }
}

#[test]
fn every_form_names_the_file_that_is_not_listed() {
    let repo = history();
    repo.write(".wp-gate.yaml", POLICIES);
    let told = "`web/target` changed, but is not listed: it became a symlink or a submodule, or was one, which gitea does not list";
    let linked = repo.id("linked");
    for format in ["human", "markdown", "csv", "html"] {
        let ran = audit(&repo, &["--forge", "gitea", "--format", format]);
        assert_eq!(ran.status, ExitStatus::Findings);
        let text = ran.out.replace("<code>", "`").replace("</code>", "`").replace("&#58;", ":");
        assert_eq!(text.matches(told).count(), 1, "{format}: {text}");
    }
    let explained = repo.explain(&[linked, "--branch", "main", "--forge", "gitea"]).out;
    assert!(
        explained.contains(&format!("✗ fresh: `web` of `woodpecker` has to run, but is skipped; {told}")),
        "{explained}"
    );
    let checked = repo.wp_gate(&["check", linked, "--no-proofs", "--no-ci", "--branch", "main", "--forge", "gitea"]);
    assert!(checked.out.contains("policy `fresh` is broken"), "{}", checked.out);
    let flat = checked.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(told), "{}", checked.out);
}

#[test]
fn the_filters_go_by_what_changed() {
    let repo = history();
    let count = |forge: &str| json(&repo, &["--forge", forge, "--path", "web/**"])["summary"]["commits"].clone();
    for forge in FORGES {
        assert_eq!(count(forge), 5, "{forge}");
    }
}

#[test]
fn the_source_branch_of_a_pull_request_is_not_guessed() {
    let repo = history();
    let answer = json(&repo, &["--forge", "gitlab", "--prs"]);
    let notes = answer["audit"]["notes"].to_string();
    assert!(notes.contains("sees the source branch") && !notes.contains("title"), "{notes}");
    let given = json(&repo, &["--forge", "gitlab", "--prs", "--branch", "side"]);
    assert_eq!(given["audit"]["notes"], serde_json::json!([]));
}

#[test]
fn screens() {
    let repo = history();
    assert_screen!("audit-forge", audit(&repo, &["--forge", "forgejo", "-v"]).screen());
    assert_screen!("audit-forge-markdown", audit(&repo, &["--forge", "gitea", "--format", "markdown"]).screen());
}

#[test]
fn diff_replays_by_the_lists_of_the_forge() {
    let repo = history();
    // Without the gate of `web`, the commits that skipped it come out otherwise.
    let gates = std::fs::read_to_string(repo.path().join(".woodpecker.yml")).unwrap();
    let gate = ", when: {path: {include: ['web/**'], on_empty: false}}";
    assert!(gates.contains(gate), "{gates}");
    repo.write(".woodpecker.yml", gates.replacen(gate, "", 1));
    let [renamed, linked, bulk, merged] = ["renamed", "linked", "bulk", "merged"].map(|name| repo.id(name));
    let replay = |arguments: &[&str]| {
        let ran = repo.wp_gate(&[&["diff", "HEAD", "--replay", "50", "--format", "json"], arguments].concat());
        ran.json()["replay"].clone()
    };
    for (forge, otherwise) in [
        ("git", vec![merged]),
        ("gitea", vec![merged, linked]),
        ("forgejo", vec![linked]),
        ("github", vec![merged, bulk]),
        ("gitlab", vec![renamed]),
        ("bitbucket-dc", vec![merged, renamed]),
    ] {
        let answer = replay(&["--forge", forge]);
        assert_eq!((&answer["forge"], &answer["commits"]), (&forge.into(), &8.into()), "{answer}");
        let differing = answer["differing"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap());
        let named = differing.filter(|id| [renamed, linked, bulk, merged].contains(id)).collect::<Vec<_>>();
        assert_eq!(named, otherwise, "{forge}");
    }
    repo.write(".wp-gate.yaml", "forge: gitea");
    assert_eq!(replay(&[])["forge"], "gitea");
    let human = repo.wp_gate(&["diff", "HEAD", "--replay", "50"]).out;
    assert!(
        human.contains("4 of the newest 8 commits would have come out otherwise, by the files that gitea lists\n"),
        "{human}"
    );
    let said = repo.wp_gate(&["diff", "HEAD", "--forge", "gitea"]).failed();
    assert!(said.contains("--replay"), "{said}");
}

#[test]
fn a_commit_whose_history_is_not_there_is_counted_and_the_rest_is_told() {
    let repo = Repo::new(
        "commit Import\n\
         write .woodpecker.yml \"when: {event: [push, pull_request]}\\nsteps: [{name: s, image: x}]\"\n\
         orphan other\n\
         commit other\n\
         write b x\n\
         switch main\n\
         merge other \"Merge other\" as odd\n\
         branch side\n\
         commit side\n\
         write c x\n\
         switch main\n\
         commit main\n\
         write d x\n\
         merge side \"Merge side\"\n",
    );
    for forge in ["git", "gitea", "gitlab", "github"] {
        let ran = audit(&repo, &["--prs", "--forge", forge, "--format", "json"]);
        assert_eq!((ran.status, &*ran.err), (ExitStatus::Clean, ""), "{forge}");
        let answer = ran.json();
        assert_eq!(
            (&answer["summary"]["commits"], answer["unseen"].as_array().unwrap().len()),
            (&1.into(), 1),
            "{forge}"
        );
        assert_eq!(answer["unseen"][0]["commit"], repo.id("odd"));
        let why = answer["unseen"][0]["message"].as_str().unwrap();
        assert!(why.contains("no common ancestor"), "{why}");
        assert!(answer["audit"]["notes"].to_string().contains(why), "{answer}");
        assert_eq!(answer["failures"], serde_json::json!([]));
    }
    let human = audit(&repo, &["--prs"]).clean();
    assert!(human.ends_with("1 pull request: 1 pipeline, 1 not looked at\n"), "{human}");
    for format in ["markdown", "html"] {
        assert!(audit(&repo, &["--prs", "--format", format]).clean().contains("was not looked at"), "{format}");
    }
    assert!(audit(&repo, &["--prs", "--format", "csv"]).err.contains("was not looked at: "));
    repo.write(".wp-gate.yaml", "policies: [{name: none, never: s}]");
    assert_eq!(audit(&repo, &["--prs"]).status, ExitStatus::Findings, "the exit code goes by the others");
    // In a shallow clone, lists that are made of the commits of a merge end where the clone does.
    let long = history();
    let shallow = long.beside("shallow");
    let url = format!("file://{}", long.path().display());
    long.git(&["clone", "--quiet", "--depth", "2", &url, shallow.to_str().unwrap()]);
    for (arguments, counts) in [
        (["--forge", "git"], (1, 0)),
        (["--forge", "github"], (1, 0)),
        (["--forge", "gitea"], (0, 1)),
        (["--forge", "gitlab"], (0, 1)),
    ] {
        let place = ["-C", shallow.to_str().unwrap(), "audit", "--format", "json"];
        let ran = run(place.iter().chain(&arguments));
        assert_eq!(ran.status, ExitStatus::Clean, "{}", ran.err);
        let answer = ran.json();
        let unseen = answer["unseen"].as_array().unwrap().len();
        assert_eq!((answer["summary"]["commits"].as_u64().unwrap(), unseen), counts, "{arguments:?}");
    }
}

#[test]
fn in_woodpecker_a_policy_is_about_what_the_clone_knows_to_have_changed() {
    let repo = history();
    repo.write(".wp-gate.yaml", POLICIES);
    repo.git(&["checkout", "-q", "--detach", repo.id("linked")]);
    let variables = [
        ("CI", "woodpecker"),
        ("CI_SYSTEM_NAME", "woodpecker"),
        ("CI_SYSTEM_VERSION", "3.17.0"),
        ("CI_PIPELINE_EVENT", "push"),
        ("CI_COMMIT_SHA", repo.id("linked")),
        ("CI_COMMIT_BRANCH", "main"),
        ("CI_FORGE_TYPE", "gitea"),
        ("CI_PIPELINE_FILES", "[]"),
    ];
    let arguments = ["check", "--no-proofs", "--format", "json"];
    let answer = repo.wp_gate_in(&variables, &arguments).json();
    let fresh = &answer["policies"][0];
    assert_eq!((&fresh["status"], &fresh["unlisted"]["path"]), (&"broken".into(), &"web/target".into()), "{answer}");
    assert!(fresh["unlisted"]["why"].as_str().unwrap().contains("`CI_PIPELINE_FILES`"), "{fresh}");
    let notes = answer["change"]["notes"].to_string();
    assert!(
        notes.contains("gitea does not list `web/target`, which changed: `web` of `woodpecker` is skipped"),
        "{notes}"
    );
    // The clone that Woodpecker's own step makes does not know: then the list is what changed.
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["branch", "at", repo.id("linked")]);
    repo.git(&["clone", "--quiet", "--depth", "1", "--branch", "at", &url, shallow.to_str().unwrap()]);
    std::fs::write(shallow.join(".wp-gate.yaml"), POLICIES).unwrap();
    let answer = super::support::wp_gate_in(&shallow, &variables, &arguments).json();
    assert_eq!(answer["policies"][0]["status"], "not_concerned", "{answer}");
}

/// The page is searched for all that changed, as `--path` is.
#[test]
fn the_page_has_the_files_that_are_not_listed() {
    let repo = history();
    let linked = repo.id("linked").to_owned();
    let hidden = |forge: &str| {
        let page = run(["-C", repo.path().to_str().unwrap(), "audit", "--forge", forge, "--format", "html"]).out;
        let (_, data) = page.split_once("id=\"data\">").unwrap();
        let page: Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
        let commit = page["commits"].as_array().unwrap().iter().find(|it| it[0] == *linked).unwrap().clone();
        let names = |of: &Value| {
            let numbers = of.as_array().unwrap().iter().map(|it| it.as_u64().unwrap() as usize);
            numbers.map(|number| page["paths"][number].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        (names(&commit[6]), names(&commit[7]))
    };
    let (all, none) = hidden("git");
    assert_eq!(none, [""; 0]);
    assert_eq!(all, ["docs/x.md", "web/target"]);
    assert_eq!(hidden("gitea"), (vec!["docs/x.md".to_owned()], vec!["web/target".to_owned()]));
}
