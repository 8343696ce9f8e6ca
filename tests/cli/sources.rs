//! Where the change, the workflows that decide about it and the configuration come from, and what is said when they are not there.

use std::fs;

use serde_json::{Value, json};
use wp_gate::cli::ExitStatus;

use super::support::{Ran, Repo, run, run_on, run_with, testdata};

/// The changed files of the answer.
fn changed(ran: &Ran) -> Value {
    assert_eq!(ran.status, ExitStatus::Clean, "{}", ran.err);
    ran.json()["change"]["changed_files"].clone()
}

fn json(repo: &Repo, arguments: &[&str]) -> Ran {
    repo.explain(&[arguments, &["--format", "json"]].concat())
}

#[test]
fn commits_and_ranges() {
    let repo = Repo::founding();
    for (typed, files) in [
        (&[][..], json!(["packages/mosaic/index.ts", "packages/mosaic/main.ts"])),
        (&["feature"], json!(["docs/page.md"])),
        (&["feature~2..feature"], json!(["apps/web/y.ts", "docs/page.md"])),
        (&["HEAD~2...feature"], json!(["apps/web/y.ts", "docs/page.md"])),
        (&[repo.id("empty")], json!([])),
        (
            &["v0.1.0..v1.0.0", "--event", "push"],
            json!([
                "README.md",
                "apps/gateway/src/main.ts",
                "apps/web/y.ts",
                "docs/page.md",
                "docs/x.md",
                "packages/core/index.ts",
                "packages/mosaic/index.ts",
                "packages/mosaic/main.ts",
            ]),
        ),
    ] {
        assert_eq!(changed(&json(&repo, typed)), files, "{typed:?}");
    }
}

#[test]
fn the_index_and_the_working_tree() {
    let repo = Repo::founding();
    repo.write("docs/staged.md", "x");
    repo.git(&["add", "docs/staged.md"]);
    repo.write("apps/web/new.ts", "x");
    assert_eq!(changed(&json(&repo, &["--staged"])), json!(["docs/staged.md"]));
    assert_eq!(changed(&json(&repo, &["--worktree"])), json!(["apps/web/new.ts", "docs/staged.md"]));
    assert_eq!(json(&repo, &["--staged"]).json()["change"]["commit"], Value::Null);
}

#[test]
fn files_that_are_named_or_piped() {
    let repo = Repo::founding();
    assert_eq!(changed(&json(&repo, &["--files", "b", "a"])), json!(["a", "b"]));
    assert_eq!(changed(&json(&repo, &["--files"])), json!([]));
    let piped = |input: &[u8]| changed(&repo.explain_with(&["-", "--format", "json"], input));
    assert_eq!(piped(b""), json!([]));
    assert_eq!(piped(b"docs/x.md\napps/web/y.ts\n"), json!(["apps/web/y.ts", "docs/x.md"]));
    assert_eq!(piped(b"docs/x.md\napps/web/y.ts"), json!(["apps/web/y.ts", "docs/x.md"]));
    assert_eq!(piped(b"two words\0line\nbreak\0"), json!(["line\nbreak", "two words"]));
}

#[test]
fn metadata_that_the_server_recorded() {
    let repo = Repo::founding();
    let recorded = |commit: &str, event: &str| {
        let metadata = json!({
            "repo": {"owner": "mosaic", "name": "stack"},
            "curr": {"event": event, "commit": {"sha": commit, "branch": "main", "message": "m", "changed_files": ["docs/x.md"]}},
        });
        let path = repo.beside("metadata.json");
        fs::write(&path, metadata.to_string()).unwrap();
        path.display().to_string()
    };
    let path = recorded(repo.id("rename"), "push");
    let ran = json(&repo, &["--metadata", &path]);
    assert_eq!(changed(&ran), json!(["docs/x.md"]));
    assert_eq!(ran.json()["change"]["notes"], json!([]));
    assert_eq!(repo.runs(&["--metadata", &path]), ["ci: clone test", "publish: clone install build"]);
    // What is typed goes before what was recorded.
    assert_eq!(repo.runs(&["--metadata", &path, "--branch", "other", "--event", "tag"]).len(), 1);

    let path = recorded("1234567890123456789012345678901234567890", "push");
    let notes = json(&repo, &["--metadata", &path]).json()["change"]["notes"].clone();
    assert_eq!(
        notes,
        json!([
            "commit 1234567890123456789012345678901234567890 is not in this repository: the workflows of the working tree decide"
        ])
    );

    fs::write(repo.beside("metadata.json"), "{\n  \"curr\": {\"event\": 7}\n}").unwrap();
    let error = repo.explain(&["--metadata", &path]).failed();
    assert!(error.starts_with(&format!("error: `{path}`, line 2, column ")), "{error}");
    assert!(error.contains("help: download it from the pipeline's page"), "{error}");
}

#[test]
fn the_gates_of_another_revision() {
    let repo = Repo::founding();
    let skipped = ["ci: clone test", "publish: clone install build publish-npm"];
    assert_eq!(repo.runs(&["HEAD"]), skipped);
    repo.git(&["rm", "-q", ".woodpecker/publish.yml"]);
    assert_eq!(repo.runs(&["HEAD"]), skipped, "the commit's own workflows decide about it");
    assert_eq!(repo.runs(&["HEAD", "--gates", "worktree"]), ["ci: clone test"]);
    assert_eq!(repo.runs(&["--staged"]), ["ci: clone test"]);
    assert_eq!(repo.runs(&["--staged", "--gates", "v0.1.0"]), ["ci: clone test", "publish: clone install build"]);
    let error = repo.explain(&["HEAD", "--gates", "v1.0.O"]).failed();
    assert_eq!(error, "error: unknown revision `v1.0.O`; did you mean `v1.0.0`?\n");
}

#[test]
fn a_folder_in_the_repository_and_a_linked_worktree() {
    let repo = Repo::founding();
    let at = |folder: &std::path::Path| {
        run(["-C".as_ref(), folder.as_os_str(), "explain".as_ref(), "--format".as_ref(), "json".as_ref()])
    };
    let whole = repo.explain(&["--format", "json"]).clean();
    assert_eq!(at(&repo.path().join("apps/web")).clean(), whole);
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", &linked.display().to_string(), "feature"]);
    let answer = at(&linked).json();
    assert_eq!(
        (&answer["change"]["branch"], &answer["change"]["changed_files"]),
        (&json!("feature"), &json!(["docs/page.md"]))
    );
}

#[test]
fn a_bare_repository_and_a_shallow_clone() {
    let repo = Repo::founding();
    let url = format!("file://{}", repo.path().display());
    let clone = |name: &str, arguments: &[&str]| {
        let path = repo.beside(name).display().to_string();
        repo.git(&[&["clone", "-q"], arguments, &[&url, &path]].concat());
        move |arguments: &[&str]| run([&["-C", &path, "explain"], arguments].concat())
    };
    let bare = clone("bare", &["--bare"]);
    assert_eq!(changed(&bare(&["--format", "json"])).as_array().map(Vec::len), Some(2));
    let error = bare(&["--files", "docs/x.md"]).failed();
    assert_eq!(
        error,
        "error: a bare repository has no working tree\nhelp: say whose workflows decide: `--gates REV`\n"
    );
    assert!(bare(&["--files", "docs/x.md", "--gates", "HEAD"]).clean().contains("every changed file is excluded"));
    assert_eq!(
        bare(&["--worktree"]).failed(),
        "error: a bare repository has no working tree and no index; name a revision\n"
    );

    let shallow = clone("shallow", &["--depth=1"]);
    let parent = repo.id("mixed");
    assert_eq!(
        shallow(&[]).failed(),
        format!(
            "error: the parent commit {parent} is not in this clone, which is shallow; `git fetch --deepen=1` brings one more \
             commit, `git fetch --unshallow` all of them\n"
        )
    );
}

#[test]
fn what_is_not_there_is_said() {
    let repo = Repo::founding();
    let nowhere = tempfile::TempDir::new().unwrap();
    let folder = nowhere.path().display().to_string();
    let error = run(["-C", &folder, "explain"]).failed();
    assert_eq!(
        error,
        format!(
            "error: no git repository at `{folder}` or above it\nhelp: run it in a repository, or name one with `-C DIR`\n"
        )
    );
    for (arguments, said) in [
        (&["mian"][..], "error: unknown revision `mian`; did you mean `main`?\n"),
        (&["main..faeture"], "error: unknown revision `faeture`; did you mean `feature`?\n"),
        (&["--event", "pul_request"], "error: unknown event `pul_request`\nhelp: did you mean `pull_request`?\n"),
        (
            &["--event", "x"],
            "error: unknown event `x`\nhelp: the events are push, pull_request, pull_request_closed, \
             pull_request_metadata, tag, release, deployment, cron, manual\n",
        ),
        (&["--step", "["], "error: `--step [`: "),
        (&["--tag", "v1", "--event", "push"], "error: `--tag` names a tag, and the event is `push`\n"),
        (&["--cron", "nightly", "--event", "tag"], "error: `--cron` names a cron job, and the event is `tag`\n"),
        (
            &["--metadata", "/no/such.json"],
            "error: cannot read `/no/such.json`: No such file or directory (os error 2)\n",
        ),
    ] {
        let error = repo.explain(arguments).failed();
        assert!(error.starts_with(said), "{arguments:?}: {error}");
    }
}

#[test]
#[cfg(unix)]
fn a_folder_of_workflows_that_is_a_symlink_is_said() {
    let repo = Repo::of_workflow("steps: [{name: a, image: x}]\n");
    fs::rename(repo.path().join(".woodpecker"), repo.path().join("ci")).unwrap();
    std::os::unix::fs::symlink("ci", repo.path().join(".woodpecker")).unwrap();
    let said = "`.woodpecker` is a symlink, which is not followed to a folder";
    assert!(repo.explain(&["--worktree"]).clean().contains(&format!("note: {said}\n")));
    let failed = repo.wp_gate(&["lint"]).failed();
    assert!(failed.contains(said) && failed.ends_with("\nhelp: name the files: `wp-gate lint FILE...`\n"), "{failed}");
    // What can be checked all the same is.
    let ran = repo.wp_gate(&["check"]);
    assert_eq!(ran.status, ExitStatus::Failed);
    assert!(ran.out.contains("✗ workflows  could not be looked at") && ran.out.contains("✓ change "), "{}", ran.out);
}

#[test]
fn the_configuration() {
    let repo = Repo::founding();
    let version = |arguments: &[&str]| {
        let ran = json(&repo, arguments);
        assert_eq!(ran.status, ExitStatus::Clean, "{}", ran.err);
        ran.json()["change"]["woodpecker"].clone()
    };
    assert_eq!(version(&[]), "3.17");
    repo.write(".wp-gate.yaml", "woodpecker: '3.4'\n");
    assert_eq!(version(&[]), "3.4");
    assert_eq!(version(&["--woodpecker", "3.12.1"]), "3.12", "what is typed goes first");
    let below = repo.path().join("apps/web").display().to_string();
    assert!(run(["-C", &below, "explain"]).clean().contains("Woodpecker 3.4,"), "found upward");
    repo.write("other.yaml", "woodpecker: next\n");
    assert_eq!(version(&["--config", "other.yaml"]), "next");

    for (text, said) in [
        ("woodpeker: '3.4'\n", "unknown field `woodpeker`"),
        ("server: {hots: x}\n", "help: did you mean `host`?\n"),
        ("woodpecker: '4.2'\n", "unknown Woodpecker version `4.2`"),
        ("woodpecker: 3.10\n", "the version must be in quotes"),
        ("woodpecker: [\n", "`: "),
    ] {
        repo.write(".wp-gate.yaml", text);
        let error = repo.explain(&[]).failed();
        assert!(error.starts_with("error: `") && error.contains(".wp-gate.yaml`: "), "{text:?}: {error}");
        assert!(error.contains(said), "{text:?}: {error}");
    }
    repo.write(".wp-gate.yaml", b"\xff");
    assert!(repo.explain(&[]).failed().ends_with(".wp-gate.yaml` is not UTF-8\n"));
}

#[test]
fn what_the_administrator_has_set() {
    let repo = Repo::of_workflow("");
    let arguments = ["--gates", "worktree"];
    for (file, refused, allowed, runs) in [
        ("volumes-without-trust", "{trusted: {}}", "{trusted: {volumes: true}}", "build: clone build"),
        (
            "privileged-plugin",
            "{privileged_plugins: []}",
            "{privileged_plugins: [woodpeckerci/plugin-docker-buildx]}",
            "build: clone image",
        ),
    ] {
        repo.write(".woodpecker/build.yml", testdata(&format!("workflows/bad/{file}.yml")));
        repo.write(".wp-gate.yaml", "");
        let doubt = repo.explain(&arguments).clean();
        assert!(doubt.contains("  ⚠ "), "{file}: nobody has said what the server does: {doubt}");
        repo.write(".wp-gate.yaml", format!("server: {refused}\n"));
        assert_eq!(repo.explain(&arguments).status, ExitStatus::Findings, "{file}");
        repo.write(".wp-gate.yaml", format!("server: {allowed}\n"));
        assert_eq!(repo.runs(&arguments), [runs], "{file}");
        assert!(!repo.explain(&arguments).clean().contains('⚠'), "{file}");
    }
    repo.write(".wp-gate.yaml", "server: {config_path: ci/}\n");
    repo.write("ci/a.yml", "steps: [{name: s, image: x}]\n");
    assert_eq!(repo.runs(&arguments), ["a: clone s"]);
}

#[test]
fn workflow_files_that_are_not_text_or_not_there() {
    let repo = Repo::new("commit c\nwrite .woodpecker/a.yml \"steps: \\xff\"\n");
    let ran = repo.explain(&[]);
    assert_eq!(ran.status.code(), 1, "the server cannot read it either");
    assert!(
        ran.out.contains(".woodpecker/a.yml:1:8") && ran.out.contains("this is not UTF-8, from byte 7 on"),
        "{}",
        ran.out
    );
    let none = Repo::new("commit c\nwrite README.md x\n").explain(&["--format", "json"]);
    let answer = none.json();
    assert_eq!((&answer["pipeline"], &answer["workflows"]), (&json!("none"), &json!([])));
    assert!(
        answer["change"]["notes"][0].as_str().unwrap().starts_with("there is no `.woodpecker/` folder"),
        "{answer}"
    );
    for file in [".woodpecker.yaml", ".woodpecker.yml"] {
        let repo = Repo::new(&format!("commit c\nwrite {file} \"steps: [{{name: s, image: x}}]\"\n"));
        assert_eq!(repo.runs(&[]), ["woodpecker: clone s"], "{file}");
    }
}

#[test]
fn exit_codes() {
    let repo = Repo::founding();
    for (arguments, code) in [
        (&["HEAD"][..], 0),
        (&["HEAD", "--step", "build-*", "--expect", "skip"], 0),
        (&["HEAD", "--step", "build-*", "--expect", "run"], 1),
        (&["HEAD", "--step", "no-such", "--expect", "run"], 2),
        (&["HEAD", "--message", "[skip ci]", "--step", "build", "--expect", "skip"], 0),
        (&["no-such"], 2),
        (&["--no-such"], 2),
        (&["--help"], 0),
    ] {
        assert_eq!(repo.explain(arguments).status.code(), code, "{arguments:?}");
    }
    let refused = Repo::of_workflow("steps: x\n");
    assert_eq!(refused.explain(&["--gates", "worktree"]).status.code(), 1);
    assert_eq!(refused.explain(&["--gates", "worktree", "--format", "json"]).status.code(), 1);
}

/// A reader that went away, and a disk that is full.
struct Closed(std::io::ErrorKind);

impl std::io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_broken_pipe_is_no_failure_and_a_full_disk_is() {
    let repo = Repo::founding();
    let commands = [
        repo.arguments(&["HEAD"]),
        repo.arguments(&["HEAD", "--format", "json"]),
        repo.arguments(&["--help"]),
        vec!["eval".into()],
        vec!["completions".into(), "bash".into()],
        vec!["man".into()],
    ];
    for arguments in commands {
        let ended = |kind| {
            let mut err = Vec::new();
            let mut input = &b"{\"pattern\": \"a\", \"path\": \"a\"}\n"[..];
            let status = run_on(arguments.clone(), &mut input, &mut Closed(kind), &mut err);
            (status, String::from_utf8(err).unwrap())
        };
        assert_eq!(ended(std::io::ErrorKind::BrokenPipe), (ExitStatus::Clean, String::new()), "{arguments:?}");
        let (status, err) = ended(std::io::ErrorKind::StorageFull);
        assert_eq!(status, ExitStatus::Failed, "{arguments:?}");
        assert!(err.starts_with("error: cannot write the answer: "), "{arguments:?}: {err}");
    }
}

/// Standard input that fails.
struct Torn;

impl std::io::Read for Torn {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::ConnectionReset.into())
    }
}

#[test]
fn standard_input_that_fails_is_said() {
    let error = run_with(Repo::founding().arguments(&["-"]), &mut Torn).failed();
    assert_eq!(error, "error: cannot read standard input: connection reset\n");
    let error = run_with(["eval"], &mut Torn).failed();
    assert_eq!(error, "error: cannot read standard input: connection reset\n");
}
