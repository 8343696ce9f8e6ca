//! What holds for every workflow file of `testdata`, whole and cut short.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use wp_gate::{
    admission::Policy,
    change::{Forge, Metadata},
    diag::Severity,
    glob::Pattern,
    plan::{self, Context, Plan, Reason, Request},
    server::Version,
    source::{FileId, Source, Sources, Span},
};

/// Every workflow file: its name and text.
fn workflows() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/workflows")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.len() > 40, "the files are there");
    files.sort();
    files.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// A push of two files to main that has not happened yet.
fn context() -> Context {
    let metadata = Metadata::from_json(
        r#"{"repo": {"owner": "mosaic", "name": "stack", "default_branch": "main"},
            "curr": {"event": "push", "commit": {"branch": "main", "ref": "refs/heads/main"}}}"#,
    );
    let metadata = metadata.unwrap();
    Context::predicted(metadata, ["apps/web/y.ts", "docs/x.md"].into_iter().collect(), Forge::Git, BTreeMap::new())
}

fn plan_of(files: &Sources, server: Version, context: &Context) -> Plan {
    let (variables, policy) = (BTreeMap::new(), Policy::default());
    plan::plan(files, &Request { server, context, variables: &variables, policy: &policy, findings: true })
}

fn only(name: &str, text: &str) -> Sources {
    let mut files = Sources::new();
    files.add(Source::new(name, text));
    files
}

/// All that a plan rests on, with the file it speaks of.
fn reasons(plan: &Plan) -> impl Iterator<Item = (FileId, &Reason)> {
    plan.workflows.iter().flat_map(|workflow| {
        let steps = workflow.steps.iter().flat_map(|step| &step.reasons);
        workflow.reasons.iter().chain(steps).map(|reason| (workflow.file, reason))
    })
}

fn lies_inside(span: Span, file: FileId, files: &Sources) -> bool {
    span.start <= span.end && files[file].text().get(span.range()).is_some()
}

/// Every place that the plan names is a piece of text in its file.
fn assert_places(plan: &Plan, files: &Sources, what: &str) {
    for (file, reason) in reasons(plan) {
        for &span in reason.span.iter().chain(&reason.via) {
            assert!(lies_inside(span, file, files), "{what}: {reason:?}");
        }
    }
    for problem in &plan.problems {
        assert!(problem.labels.iter().all(|label| lies_inside(label.span, label.file, files)), "{what}: {problem:?}");
    }
}

#[test]
fn a_file_cut_at_any_byte_is_planned_and_its_places_lie_in_it() {
    let context = context();
    for (name, text) in workflows() {
        let cuts: Vec<usize> = (0..=text.len()).filter(|&cut| text.is_char_boundary(cut)).collect();
        cuts.par_iter().for_each(|&cut| {
            let files = only(&name, &text[..cut]);
            let plan = plan_of(&files, Version::NEWEST, &context);
            assert_places(&plan, &files, &format!("{name}, the first {cut} bytes"));
            let errors = plan.problems.iter().any(|problem| problem.severity == Severity::Error);
            assert_eq!(plan.is_refused(), errors, "{name}, the first {cut} bytes: a refusal has its problem");
        });
    }
}

#[test]
fn a_plan_is_the_same_each_time_on_any_number_of_threads() {
    let context = context();
    let servers: Vec<Version> = ["2.8", "3.4", "3.13", "3.17", "next"].map(|name| name.parse().unwrap()).to_vec();
    let plans = |(name, text): &(String, String)| {
        let files = only(name, text);
        servers.iter().map(|&server| format!("{:?}", plan_of(&files, server, &context))).collect::<Vec<_>>()
    };
    let files = workflows();
    let one_thread: Vec<_> = files.iter().map(plans).collect();
    let several: Vec<_> = files.par_iter().map(plans).collect();
    assert_eq!(one_thread, several);
}

/// What is `written` in one line, in quotes or not, without escapes and substitution.
fn plainly(written: &str) -> Option<&str> {
    let quoted = ['\'', '"'].into_iter().find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote));
    let text = quoted.unwrap_or(written);
    (!text.contains(['\\', '$', '\n']) && !text.contains("''")).then_some(text)
}

/// The bytes of a pattern that decided are the pattern, where it is written plainly; and it does match what it is said to match.
#[test]
fn the_place_of_a_pattern_holds_the_pattern() {
    let context = context();
    let mut plain = 0;
    for (name, text) in workflows() {
        let files = only(&name, &text);
        for (file, reason) in reasons(&plan_of(&files, Version::NEWEST, &context)) {
            let (Some(pattern), Some(span)) = (&reason.pattern, reason.span) else { continue };
            let written = files[file].slice(span);
            if let Some(written) = plainly(written) {
                assert_eq!(written, pattern, "{name}: {reason:?}");
                plain += 1;
            }
            if let Some(changed) = &reason.file {
                assert!(Pattern::parse(pattern).is_match(changed), "{name}: {reason:?}");
            }
        }
    }
    assert!(plain >= 15, "{plain} patterns were looked at");
}
