use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::round::{apply, choose};
use super::{Mended, mend};
use crate::admission::Policy;
use crate::diag::{Edit, Fix, Problem, Safety, Severity};
use crate::lint::{self, Context};
use crate::rule::Levels;
use crate::server::Version;
use crate::source::{FileId, Source, Sources, Span};

fn with_context<R>(server: Version, look: impl FnOnce(&Context<'_>) -> R) -> R {
    let (variables, policy, levels) = (BTreeMap::new(), Policy::default(), Levels::new());
    look(&Context {
        server,
        variables: &variables,
        policy: &policy,
        levels: &levels,
        tree: None,
        history: None,
        forge: None,
        whole: false,
    })
}

fn sources(texts: &[&str]) -> Sources {
    let mut files = Sources::new();
    for (at, text) in texts.iter().enumerate() {
        files.add(Source::new(format!(".woodpecker/{at}.yaml"), *text));
    }
    files
}

fn mended(text: &str, allowed: Safety) -> (String, Mended) {
    let mended = with_context(Version::default(), |context| mend(&sources(&[text]), context, allowed));
    (texts(&mended.files).remove(0), mended)
}

fn texts(files: &Sources) -> Vec<String> {
    files.iter().map(|(_, source)| source.text().to_owned()).collect()
}

/// A problem with one fix, of these edits in the first file.
fn problem(safety: Safety, edits: &[(u32, u32, &str)]) -> Problem {
    let files = sources(&[""]);
    let file: FileId = files.iter().next().expect("a file").0;
    let edit =
        |&(start, end, text): &(u32, u32, &str)| Edit { file, span: Span::new(start, end), text: text.to_owned() };
    Problem::warning("x", "x").fix(Fix::new(safety, "x", edits.iter().map(edit).collect()))
}

#[test]
fn fixes_that_touch_each_other_wait() {
    let made = |problems: &[Problem], allowed| {
        let files = sources(&["0123456789"]);
        texts(&apply(&files, &choose(problems, allowed, |_| false))).remove(0)
    };
    let safe = |edits: &[(u32, u32, &str)]| problem(Safety::Safe, edits);
    assert_eq!(made(&[safe(&[(2, 4, "x")]), safe(&[(5, 6, "")])], Safety::Safe), "01x46789");
    assert_eq!(made(&[safe(&[(5, 6, "")]), safe(&[(2, 4, "x")])], Safety::Safe), "01x46789");
    assert_eq!(made(&[safe(&[(2, 4, "x")]), safe(&[(3, 6, "y")])], Safety::Safe), "01x456789");
    assert_eq!(made(&[safe(&[(2, 4, "x")]), safe(&[(4, 6, "y")])], Safety::Safe), "01x456789", "they touch");
    assert_eq!(made(&[safe(&[(3, 3, "x")]), safe(&[(3, 3, "y")])], Safety::Safe), "012x3456789");
    assert_eq!(made(&[safe(&[(0, 9, "x")]), safe(&[(3, 3, "y")])], Safety::Safe), "x9");
    assert_eq!(
        made(&[safe(&[(3, 3, "y")]), safe(&[(0, 1, "x"), (2, 9, "z")])], Safety::Safe),
        "012y3456789",
        "whole or not"
    );
    let mixed = [problem(Safety::Unsafe, &[(0, 1, "x")]), safe(&[(2, 3, "y")])];
    assert_eq!(made(&mixed, Safety::Safe), "01y3456789");
    assert_eq!(made(&mixed, Safety::Unsafe), "x1y3456789");
}

#[test]
fn an_anchor_is_edited_once_and_fixes_converge() {
    let text = "variables:
  - &gate # both
    event: push
    path: {include: ['/./src/', \"/docs/\"], on_empty: false} # the rest
steps:
  - {name: a, image: alpine, when: *gate}
  - {name: b, image: alpine, when: *gate}
";
    let (fixed, mended) = mended(text, Safety::Unsafe);
    assert_eq!(fixed, text.replace("'/./src/', \"/docs/\"", "'src/**', \"docs/**\""));
    assert!(mended.settled && mended.problems.is_empty() && mended.refused == 0, "{mended:#?}");
    assert_eq!(mended.made(), 5);
}

#[test]
fn a_key_that_is_called_otherwise_now_is_renamed() {
    let text = "pipeline:\n  build: {image: alpine, when: {event: push}}\n";
    let files = sources(&[text]);
    for (server, safe, all) in [("2.8", "steps", "steps"), ("3.17", "pipeline", "steps")] {
        for (allowed, key) in [(Safety::Safe, safe), (Safety::Unsafe, all)] {
            let server = server.parse().expect("a version");
            let after = with_context(server, |context| mend(&files, context, allowed));
            assert_eq!(texts(&after.files), [text.replace("pipeline", key)], "{allowed:?} on {server}");
        }
    }
}

#[test]
fn nothing_is_edited_that_came_out_of_a_substitution() {
    let step = |path: &str| {
        format!(
            "matrix:\n  DIR: [src/]\nsteps:\n  - name: a\n    image: alpine\n    when:\n      - event: push\n        \
             path: {{include: [{path}], on_empty: false}}\n"
        )
    };
    let same = step("'/${DIR}'");
    let (fixed, mended) = mended(&same, Safety::Unsafe);
    assert_eq!(fixed, step("'${DIR}'"), "the `/` stands in the file, the other one does not");
    assert_eq!(mended.problems.len(), 1, "{mended:#?}");
}

#[test]
fn a_fix_that_makes_something_worse_is_not_made() {
    let text = "steps:\n  - name: a\n    image: alpine\n    when: {event: push}\n    imagee: x\n  - name: b\n    image: alpine\n    when: {evnt: push}\n";
    // Two keys that are one: the server refuses the file. The other fix is made.
    let (fixed, mended) =
        mended(&text.replace("    image: alpine\n    when: {event", "    when: {event"), Safety::Unsafe);
    assert!(fixed.contains("    image: x\n") && fixed.contains("{event: push}\n"), "{fixed}");
    assert!(mended.settled, "{mended:#?}");
}

/// The conformance cases: a third of them, always the same; all of them with `WP_GATE_LAWS=all`.
fn cases() -> Vec<serde_json::Value> {
    let step = if std::env::var("WP_GATE_LAWS").is_ok_and(|value| value == "all") { 1 } else { 3 };
    let lines = include_str!("../../testdata/conformance/plan.jsonl").lines().step_by(step);
    lines.map(|line| serde_json::from_str(line).expect("a case")).collect()
}

/// The texts of all workflows that the project has: its own, those of its tests, and those of the conformance [`cases`].
fn all_texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["testdata/workflows/ok", "testdata/workflows/bad", "testdata/workflows/ok/founding", ".woodpecker"];
    let paths = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"));
    let files = paths.filter_map(|entry| fs::read_to_string(entry.expect("an entry").path()).ok());
    let of_case = |case: serde_json::Value| {
        let files = case["files"].as_object().expect("its files").values();
        files.map(|text| text.as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let mut texts: Vec<String> = files.chain(cases().into_iter().flat_map(of_case)).collect();
    texts.sort();
    texts.dedup();
    texts
}

/// Every edit lies in its file, on characters; all fixes together leave a text that no rule finds more errors in, and that nothing is left to
/// fix in.
#[test]
fn fixes_of_every_workflow_lie_where_they_say_and_leave_nothing_to_fix() {
    let texts = all_texts();
    let mut made = BTreeMap::new();
    for (server, step) in [("3.17", 1), ("2.8", 7)] {
        let server = server.parse().expect("a version");
        for text in texts.iter().step_by(step) {
            let mut files = sources(&[text]);
            let problems = with_context(server, |context| lint::check(&mut files, context));
            for edit in problems.iter().flat_map(|problem| &problem.fixes).flat_map(|fix| &fix.edits) {
                let old = text.get(edit.span.range());
                assert!(old.is_some_and(|old| old != edit.text), "{edit:?} in\n{text}");
            }
            let mut left = problems.clone();
            for allowed in [Safety::Safe, Safety::Unsafe] {
                // Where safe fixes leave none of the others, these make the same.
                let mut all = problems.iter().chain(&left).flat_map(|problem| &problem.fixes);
                if !all.any(|fix| fix.safety == allowed) {
                    continue;
                }
                let after = with_context(server, |context| mend(&files, context, allowed));
                let again = with_context(server, |context| mend(&after.files, context, allowed));
                assert!(after.settled && again.made() == 0, "{allowed:?} on {server}: {after:#?}");
                let errors = |problems: &[Problem]| problems.iter().filter(|it| it.severity == Severity::Error).count();
                assert!(errors(&after.problems) <= errors(&problems), "{text}\n{after:#?}");
                *made.entry(allowed).or_insert(0) += after.made();
                left = after.problems;
            }
        }
    }
    assert!(made[&Safety::Safe] > 50 && made[&Safety::Unsafe] > 50, "too few fixes: {made:?}");
}

/// What a safe fix leaves as it is: every verdict.
#[test]
fn safe_fixes_change_no_answer_of_the_engine() {
    let mut made = 0;
    for mut case in cases() {
        let mut files = Sources::new();
        for (name, text) in case["files"].as_object().expect("its files") {
            files.add(Source::new(name, text.as_str().expect("a text")));
        }
        let server = Version::default();
        let after = with_context(server, |context| mend(&files, context, Safety::Safe));
        if after.made() == 0 {
            continue;
        }
        made += after.made();
        let answer = |case: &serde_json::Value| {
            let answer = crate::eval::answer(case.to_string().as_bytes(), server);
            let mut answer: serde_json::Value = serde_json::from_str(&answer).expect("an answer");
            // What the linter says is what was fixed.
            answer.as_object_mut().expect("an object").remove("lint");
            answer
        };
        let before = answer(&case);
        for (_, source) in after.files.iter() {
            case["files"][source.name()] = source.text().into();
        }
        assert_eq!(answer(&case), before, "{case}");
    }
    assert!(made > 20, "only {made} safe fixes were made");
}
