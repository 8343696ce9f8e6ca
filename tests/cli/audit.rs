//! `audit`: a year of the founding case, replayed, counted and priced; the same whatever the threads and shards; and hostile histories.

use std::fs;

use serde_json::Value;

use super::support::{Ran, Repo, assert_screen, run, testdata};
use wp_gate::cli::ExitStatus;

fn year() -> Repo {
    Repo::new(&testdata("repos/year.txt"))
}

/// Runs `wp-gate audit` in `repo`.
fn audit(repo: &Repo, arguments: &[&str]) -> Ran {
    let repository = ["-C", repo.path().to_str().unwrap(), "audit"];
    run(repository.iter().chain(arguments))
}

fn json(repo: &Repo, arguments: &[&str]) -> Value {
    audit(repo, &[&["--format", "json"], arguments].concat()).json()
}

/// The tally of a step: runs, skips, unknown, errors.
fn counts(answer: &Value, workflow: &str, step: &str) -> [u64; 4] {
    let steps = answer["steps"].as_array().unwrap();
    let found = steps.iter().find(|it| it["workflow"] == workflow && it["step"] == step);
    let found = found.unwrap_or_else(|| panic!("no {workflow}/{step}"));
    ["runs", "skips", "unknown", "errors"].map(|key| found[key].as_u64().unwrap())
}

#[test]
fn a_year_of_the_founding_case_is_counted_and_priced() {
    let repo = year();
    let ran = audit(&repo, &["--format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (ExitStatus::Findings, ""), "policies are broken");
    let answer = ran.json();
    assert_eq!(answer["summary"]["commits"], 200);
    for image in ["build-gateway", "build-appservice", "build-web"] {
        // 60 merges of prose, 3 commits to the workflows alone, and one that asked for no pipeline.
        assert_eq!(counts(&answer, "publish", image), [135, 64, 0, 0], "{image}");
    }
    // All but `[skip ci]` and the one that is refused, whose `publish.yml` the server does not look into.
    assert_eq!(counts(&answer, "publish", "install"), [198, 1, 0, 0]);
    assert_eq!(counts(&answer, "ci", "test"), [198, 1, 0, 1]);
    // The import and the empty commit.
    assert_eq!(counts(&answer, "publish", "publish-npm"), [2, 197, 0, 0]);
    // Three images of 25 minutes.
    assert_eq!(answer["summary"]["spent_seconds"], 135 * 3 * 1500);
    assert_eq!(answer["summary"]["saved_seconds"], 64 * 3 * 1500);
    let summary = |key: &str| answer["summary"][key].as_u64().unwrap();
    assert_eq!(
        ["ran", "empty", "skip_ci", "unreported", "without_workflows", "refused"].map(summary),
        [198, 0, 1, 0, 0, 1]
    );
}

#[test]
fn the_planted_violations_are_found_each_with_its_reason() {
    let repo = year();
    let answer = json(&repo, &[]);
    let policy = |at: usize| &answer["policies"][at];
    let tally = |at: usize| ["concerned", "kept", "broken", "unclear"].map(|key| policy(at)[key].as_u64().unwrap());
    assert_eq!([tally(0), tally(1), tally(2)], [[63, 60, 3, 0], [63, 61, 2, 0], [0; 4]]);
    assert_eq!(policy(0)["wasted_seconds"], 3 * 3 * 1500);
    assert_eq!(policy(1)["wasted_seconds"], 0);

    let prose = policy(0)["violations"].as_array().unwrap();
    for violation in prose {
        let breaches = violation["breaches"].as_array().unwrap();
        let steps: Vec<_> = breaches.iter().map(|breach| breach["step"].as_str().unwrap()).collect();
        assert_eq!(steps, ["build-gateway", "build-appservice", "build-web"]);
        let reasons = breaches[0]["reasons"].as_array().unwrap();
        let reason = reasons.iter().find(|reason| reason["clause"] == "path").unwrap();
        assert_eq!(reason["text"], "`README.md` is not excluded");
        assert_eq!((&reason["file"], &reason["span"]["line"]), (&"README.md".into(), &9.into()));
    }
    let commits: Vec<_> = policy(1)["violations"].as_array().unwrap().iter().map(|it| &it["commit"]).collect();
    assert_eq!(commits, [repo.id("refused"), repo.id("skipped")], "the newest first");
    let breach = |at: usize| &policy(1)["violations"][at]["breaches"][0];
    // Of a file that is refused no step is known.
    assert_eq!((&breach(0)["step"], &breach(0)["verdict"]), (&Value::Null, &"error".into()));
    assert_eq!((&breach(1)["step"], &breach(1)["verdict"]), (&"build-gateway".into(), &"skip".into()));
    assert_eq!(breach(1)["reasons"][0]["kind"], "skip_ci");
}

#[test]
fn every_commit_is_what_explain_says_of_it() {
    let repo = year();
    let answer = json(&repo, &[]);
    let steps = answer["steps"].as_array().unwrap();
    let commits = answer["commits"].as_array().unwrap();
    for commit in commits.iter().step_by(20).chain(&commits[70..76]) {
        let id = commit["commit"].as_str().unwrap();
        let explained = repo.explain(&[id, "--branch", "main", "--format", "json"]).json();
        assert_eq!(commit["pipeline"], explained["pipeline"], "{id}");
        let mut letters = vec!['.'; steps.len()];
        for workflow in explained["workflows"].as_array().unwrap() {
            let of_workflow = |step: &&Value| step["workflow"] == workflow["name"];
            let mut set = |name: &Value, verdict: &Value| {
                let at = steps.iter().position(|step| of_workflow(&step) && step["step"] == *name).unwrap();
                letters[at] = verdict.as_str().unwrap().chars().next().unwrap();
            };
            set(&Value::Null, &workflow["verdict"]);
            for step in workflow["steps"].as_array().unwrap() {
                set(&step["name"], &step["verdict"]);
            }
        }
        assert_eq!(commit["verdicts"].as_str().unwrap(), letters.iter().collect::<String>(), "{id}");
    }
}

#[test]
fn screens() {
    let repo = year();
    assert_screen!("audit", audit(&repo, &[]).screen());
    assert_screen!("audit-gates", audit(&repo, &["--gates", repo.id("narrow"), "--max", "100"]).screen());
    let founding = Repo::founding();
    assert_screen!("audit-founding-json", audit(&founding, &["--max", "3", "--format", "json"]).screen());
    assert_screen!("audit-founding-markdown", audit(&founding, &["--format", "markdown"]).screen());
    assert_screen!("audit-founding-csv", audit(&founding, &["--max", "3", "--format", "csv"]).screen());
}

#[test]
fn other_gates_are_compared_with_each_commits_own() {
    let repo = year();
    let answer = json(&repo, &["--gates", repo.id("narrow")]);
    // With the narrow gate no prose is excluded that lies beside `docs`: the 60 merges of prose touch README.md, too. The other way
    // round, the refused pipeline would have run.
    let differences = answer["what_if"]["differences"].as_array().unwrap();
    let of = |step: &str, own: &str, other: &str| {
        differences.iter().filter(|it| it["step"] == step && it["own"] == own && it["other"] == other).count()
    };
    assert_eq!(of("build-web", "skip", "run"), 60);
    assert_eq!(of("test", "error", "run"), 1);
    let appeared = differences.iter().filter(|it| it["step"] == "build-web" && it["own"].is_null());
    assert_eq!(appeared.map(|it| &it["other"]).collect::<Vec<_>>(), ["run"]);
    assert_eq!(differences.iter().filter(|it| it["step"] == "build-web").count(), 61);
    let seconds = |key: &str| answer["what_if"][key].as_u64().unwrap();
    assert_eq!(seconds("other_seconds") - seconds("own_seconds"), 61 * 3 * 1500);
    // The same gates: nothing differs.
    let same = json(&repo, &["--gates", "HEAD", "--max", "70"]);
    assert_eq!(same["what_if"]["differences"].as_array().unwrap().len(), 0);
    assert_eq!(same["what_if"]["own_seconds"], same["what_if"]["other_seconds"]);
    let worktree = json(&repo, &["--gates", "worktree", "--max", "70"]);
    assert_eq!(worktree["what_if"]["differences"].as_array().unwrap().len(), 0);
}

#[test]
fn what_only_the_commits_own_gates_have_differs_and_has_no_row() {
    let repo = year();
    let import = repo.id("import").to_owned();
    repo.write(".woodpecker/ci.yaml", "steps: [{name: other, image: a, commands: [b]}]\n");
    let answer = json(&repo, &["--gates", "worktree"]);
    assert_eq!(counts(&answer, "ci", "test"), [0; 4], "it is numbered all the same");
    let differences = answer["what_if"]["differences"].as_array().unwrap();
    let gone = |it: &&Value| it["step"] == "test" && it["own"] == "run" && it["other"].is_null();
    assert_eq!(differences.iter().filter(gone).count(), 198);
    for (format, row) in [("human", "  test "), ("markdown", "<code>test</code> |")] {
        let rows = |arguments: &[&str]| {
            let said = audit(&repo, &[&["--format", format], arguments].concat()).out;
            let table = said.split("with the workflows of").next().unwrap().to_owned();
            table.lines().filter(|line| line.contains(row)).count()
        };
        assert_eq!(rows(&["--gates", "worktree"]), 0, "{format}");
        assert_eq!(rows(&["--gates", &import]), 1, "{format}");
    }
}

#[test]
fn threads_and_shards_change_nothing() {
    let repo = year();
    for format in ["human", "json", "markdown", "csv", "html"] {
        let whole = audit(&repo, &["--format", format, "--threads", "1", "--max", "0"]).screen();
        assert_eq!(audit(&repo, &["--format", format, "--threads", "3", "--max", "0"]).screen(), whole, "{format}");
        let mut files = Vec::new();
        for share in 1..=7 {
            let file = repo.beside(&format!("{format}-{share}.json"));
            fs::write(&file, audit(&repo, &["--shard", &format!("{share}/7"), "--max", "0"]).clean()).unwrap();
            // Whatever the order in which they are given.
            files.insert(files.len() / 2, file);
        }
        let mut arguments = vec!["audit".into(), "merge".into(), "--format".into(), format.into()];
        arguments.extend(files.iter().map(|file| file.clone().into_os_string()));
        assert_eq!(run(arguments).screen(), whole, "{format}");
    }
}

#[test]
fn shards_that_make_no_whole_are_refused() {
    let repo = year();
    let shard = |name: &str, arguments: &[&str]| {
        let file = repo.beside(name);
        fs::write(&file, audit(&repo, arguments).clean()).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let one = shard("one", &["--shard", "1/2", "--max", "20"]);
    let two = shard("two", &["--shard", "2/2", "--max", "20"]);
    let other = shard("other", &["--shard", "2/2", "--max", "21"]);
    let broken = repo.beside("broken").to_str().unwrap().to_owned();
    fs::write(&broken, fs::read_to_string(&one).unwrap().replacen("\"shape\":", "\"shape\":9", 1)).unwrap();
    for (files, error) in [
        (&[one.as_str()][..], "shard 2/2 is missing"),
        (&[&two], "shard 1/2 is missing"),
        (&[&one, &two, &two], "shard 2 is there twice"),
        (&[&one, &other], "is a shard of another audit than the first"),
        (&[&broken, &two], "this is no shard of an audit: it contradicts itself"),
        (&[repo.path().join("README.md").to_str().unwrap()], "this is no shard of an audit"),
        (&["/nowhere"], "cannot read `/nowhere`"),
    ] {
        let said = run([&["audit", "merge"][..], files].concat()).failed();
        assert!(said.contains(error), "{said}");
    }
    assert_eq!(run(["audit", "merge", &two, &one]).status, ExitStatus::Clean);
}

#[test]
fn the_range_and_the_filters_choose_the_commits() {
    let repo = year();
    let count = |arguments: &[&str]| json(&repo, arguments)["summary"]["commits"].as_u64().unwrap();
    let range = format!("{}..{}", repo.id("narrow"), repo.id("mended"));
    assert_eq!(count(&[&range]), 7);
    assert_eq!(
        count(&[&format!("{}..main", repo.id("import"))]),
        199,
        "all of the first parents, not the newest 1,000"
    );
    assert_eq!(count(&["--max", "10"]), 10);
    assert_eq!(count(&["docs-1"]), 2, "the history of that branch");
    assert_eq!(count(&["--author", "LINUS"]), 71);
    assert_eq!(count(&["--author", "linus@", "--max", "10"]), 10);
    assert_eq!(count(&["--path", "**/*.md"]), 64);
    assert_eq!(count(&["--path", "docs/**", "--path", ".wp-gate.yaml"]), 61);
    // The first commit is of 2026-01-01, and each is 43.8 hours after the one before it.
    assert_eq!(count(&["--since", "2026-12-30"]), 1);
    assert_eq!(count(&["--since", "2026-01-01"]), 200);
    for (arguments, error) in [
        (&["main...docs-1"][..], "an audit replays a history"),
        (&["nowhere"], "nowhere"),
        (&["--since", "yesterday"], "expected a day or time"),
        (&["--shard", "3/2"], "expected K/N"),
        (&["--shard", "1/2", "--format", "json"], "cannot be used with"),
        (&["--path", "[a"], "`--path [a`"),
        (&["--event", "pusch"], "did you mean `push`?"),
    ] {
        let said = audit(&repo, arguments).failed();
        assert!(said.contains(error), "{said}");
    }
    // Nothing counts, and what was asked for says why.
    for (arguments, why) in [
        (&["--author", "nobody"][..], "no commit that was looked at is by `nobody` (`--author`)"),
        (
            &["--author", "LINUS", "--path", "docs/", "--path", "*.x"],
            "no commit that was looked at is by `LINUS` (`--author`) and changes a file that `docs/` or `*.x` matches \
             (`--path`); what is in a folder is `docs/**`",
        ),
    ] {
        let answer = json(&repo, arguments);
        assert_eq!(answer["summary"]["commits"], 0);
        assert_eq!(answer["audit"]["notes"].as_array().unwrap().last().unwrap(), why);
    }
    assert_eq!(
        json(&repo, &["--prs", "--max", "0", "--since", "2030-01-01"])["audit"]["notes"].to_string().find("looked at"),
        None
    );
}

#[test]
fn merges_are_replayed_as_pull_requests() {
    let repo = year();
    let answer = json(&repo, &["--prs"]);
    assert_eq!(answer["summary"]["commits"], 123);
    assert_eq!(answer["audit"]["event"], "pull_request");
    // No image is built for a pull request.
    assert_eq!(counts(&answer, "publish", "build-web"), [0, 123, 0, 0]);
    assert_eq!(counts(&answer, "ci", "test"), [123, 0, 0, 0]);
    let merge = &answer["commits"][0];
    let id = merge["commit"].as_str().unwrap();
    let explained = repo.explain(&[&format!("{id}^1...{id}^2"), "--branch", "main", "--format", "json"]).json();
    assert_eq!(
        merge["changed_files"].as_u64().unwrap() as usize,
        explained["change"]["changed_files"].as_array().unwrap().len()
    );
    assert_eq!(merge["pipeline"], explained["pipeline"]);
}

/// ESC, BEL, CR, C1, bidi override, HTML, table and link syntax of Markdown, a formula.
const NASTY: &str = "=</script><img src=x onerror=alert(1)>\\x1b[2J\\x1b]0;t\\x07\\x0d\u{9b}31m\u{202e}txet | `*_[x](javascript:x) @all";

#[test]
fn nothing_of_a_hostile_history_reaches_the_reader_raw() {
    let long = "d".repeat(4000);
    let repo = Repo::not_checked_out(&format!(
        "author \"{NASTY}\" \"{NASTY}\"\n\
         commit Import\n\
         write .woodpecker.yml \"steps: [{{name: s, image: x, when: {{path: {{exclude: ['**/*.md']}}}}}}]\"\n\
         commit \"{NASTY}\\n\\nbody\"\n\
         write \"{NASTY}.md\" x\n\
         commit \"{long}\"\n\
         write \"\\xff\\n{long}.md\" x\n\
         write \"\\xff\\n{long}.rs\" x\n"
    ));
    repo.write(".wp-gate.yaml", "policies: [{name: '<b>|x', never: '*'}]");
    for format in ["human", "markdown", "csv"] {
        let ran = audit(&repo, &["--format", format]);
        let raw = |c: char| (c.is_control() && !matches!(c, '\n' | '\r')) || matches!(c, '\u{202e}');
        assert!(!ran.out.chars().any(raw) && !ran.err.contains('\x1b'), "{format}: {}", ran.out);
        // Only the names of files hold these; Markdown spells the backslashes as entities.
        let spelled = if format == "markdown" { r"&#92;x1b" } else { r"\xff\n" };
        assert!(ran.out.contains(spelled), "{format}: {}", ran.out);
        if format == "markdown" {
            let tags = ran.out.replace("<code>", "").replace("</code>", "");
            assert!(!tags.contains(['<', '>']) && !ran.out.contains("b&#62;|x"), "{}", ran.out);
        }
        if format == "csv" {
            assert!(
                ran.out.split("\r\n").skip(1).all(|line| !line.contains(",=") && !line.contains('\n')),
                "{}",
                ran.out
            );
        } else {
            assert!(!ran.out.contains('\r'), "{}", ran.out);
        }
    }
    let page = audit(&repo, &["--format", "html"]).out;
    assert_page(&page);
    let data = data(&page);
    assert!(!data.chars().any(|c| c.is_control() || matches!(c, '\u{202e}' | '<' | '>' | '&')), "{data}");
    let read: Value = serde_json::from_str(&data).unwrap();
    let subject = read["commits"][1][3].as_str().unwrap();
    assert!(subject.starts_with(r"=</script><img src=x onerror=alert(1)>\x1b[2J"), "it is read as it was: {subject}");
    let answer = json(&repo, &[]);
    let subject = answer["commits"][1]["subject"].as_str().unwrap();
    assert!(subject.contains("\x1b[2J"), "JSON has it as it is: {subject:?}");
    assert!(answer["commits"][0]["subject"].as_str().unwrap().len() < 600, "a long subject is cut");
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let repo = year();
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "5", &url, shallow.to_str().unwrap()]);
    let ran = run(["-C", shallow.to_str().unwrap(), "audit", "--format", "json"]);
    let answer = ran.json();
    assert_eq!(answer["summary"]["commits"], 4, "the fifth has nothing to be compared with");
    let notes = answer["audit"]["notes"].to_string();
    assert!(notes.contains("this clone is shallow"), "{notes}");
    let one = repo.beside("one");
    repo.git(&["clone", "--quiet", "--depth", "1", &url, one.to_str().unwrap()]);
    let failure = run(["-C", one.to_str().unwrap(), "audit"]).failed();
    assert!(failure.starts_with("error: nothing to look at: this clone is shallow"), "{failure}");
    assert!(failure.contains("help: fetch the history: `git fetch --unshallow`"), "{failure}");
    // A file that is not UTF-8 is one that the server cannot read either.
    let broken =
        Repo::new("commit x\nwrite .woodpecker.yml \"steps: \\xff\"\ncommit y\nwrite a b\nremove .woodpecker.yml\n");
    let answer = json(&broken, &[]);
    assert_eq!(answer["summary"]["refused"], 1);
    assert_eq!(answer["summary"]["without_workflows"], 1);
    assert_eq!(answer["commits"][1]["problems"][0]["message"], "`.woodpecker.yml` is not UTF-8, from byte 7 on");
}

/// The data of a page, as it stands there.
fn data(page: &str) -> String {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    rest.split_once("</script>").unwrap().0.to_owned()
}

/// A page has just its own elements and scripts, and loads nothing.
fn assert_page(page: &str) {
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert_eq!(page.matches("<img").count() + page.matches("<iframe").count() + page.matches("<link").count(), 0);
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!addresses.contains("http:") && !addresses.contains("https:"), "the name of SVG is no address");
    assert!(page.contains("default-src 'none'"), "and the browser is told so");
}

#[test]
fn the_page_has_the_numbers_of_the_other_forms() {
    let repo = year();
    let page = audit(&repo, &["--format", "html"]);
    assert_eq!(page.status, ExitStatus::Findings);
    assert_page(&page.out);
    let page: Value = serde_json::from_str(&data(&page.out)).unwrap();
    let answer = json(&repo, &[]);
    assert_eq!(page["commits"].as_array().unwrap().len(), 200);
    for (shown, told) in page["commits"].as_array().unwrap().iter().zip(answer["commits"].as_array().unwrap()) {
        assert_eq!(shown[0], told["commit"]);
        let shape = &page["shapes"][shown[4].as_u64().unwrap() as usize];
        let cells: Vec<u64> = shape["cells"].as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect();
        let mut letters = vec!['.'; answer["steps"].as_array().unwrap().len()];
        for cell in cells.chunks(3) {
            letters[cell[0] as usize] = [' ', 'r', 's', 'u', 'd', 'e'][cell[1] as usize];
        }
        assert_eq!(letters.iter().collect::<String>(), told["verdicts"].as_str().unwrap());
    }
    // What explains a cell are the lines that `explain` prints of it.
    let lines = page["grounds"].to_string();
    for line in
        [r"through *image_build_when", r"2. every changed file is excluded: `\u00000\u0000` by `**/*.md` (9:52)"]
    {
        assert!(lines.contains(line), "{line} in {lines}");
    }
}
