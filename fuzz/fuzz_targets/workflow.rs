//! Workflow files and a change, planned and told: it ends soon and without a panic, twice the same, every place lies in its file, the
//! JSON is JSON, and nothing from the files acts on a terminal.
//!
//! The input is three bytes (event, version, flags) and texts between NULs: one file or two, the commit's message, its branch, and the
//! changed files, one a line.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::{Corpus, fuzz_target};
use wp_gate::admission::{Policy, Setting, Trust};
use wp_gate::change::{ChangedFiles, Event, Forge, Metadata};
use wp_gate::plan::{self, Context, Plan, Reason, Request};
use wp_gate::report::{self, Explanation, Style};
use wp_gate::server::Version;
use wp_gate::source::{FileId, Source, Sources, Span};

/// Enough for two real workflows; what grows faster than the text shows well before.
const MAX_LEN: usize = 8 << 10;

/// A version for each set of libraries and rules that a server was built with.
const VERSIONS: [&str; 8] = ["2.8", "3.0", "3.4", "3.13", "3.15", "3.16", "3.17", "next"];

// The flags.
const TWO_FILES: u8 = 1;
const PREDICTED: u8 = 2;
const POLICY_KNOWN: u8 = 4;
const TRUSTED: u8 = 8;
const SECRETS_MISSING: u8 = 16;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((&[event, version, flags], rest)) = input.split_first_chunk() else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(rest) else { return Corpus::Reject };
    if text.len() > MAX_LEN {
        return Corpus::Reject;
    }
    let mut texts = text.split('\0');
    let mut files = Sources::new();
    files.add(Source::new(".woodpecker/a.yaml", texts.next().unwrap_or_default()));
    if flags & TWO_FILES != 0 {
        files.add(Source::new(".woodpecker/b.yaml", texts.next().unwrap_or_default()));
    }
    let mut metadata = Metadata::default();
    metadata.repo.owner = "o".to_owned();
    metadata.repo.name = "r".to_owned();
    metadata.current.event = event_of(event);
    metadata.current.commit.message = texts.next().unwrap_or_default().to_owned();
    metadata.current.commit.branch = texts.next().unwrap_or_default().to_owned();
    let changed = ChangedFiles::parse(texts.next().unwrap_or_default().as_bytes());
    let context = if flags & PREDICTED != 0 {
        Context::predicted(metadata, changed, Forge::Gitea, BTreeMap::new())
    } else {
        metadata.current.commit.changed_files = changed.iter().map(ToString::to_string).collect();
        Context::recorded(metadata)
    };
    let server: Version = VERSIONS[usize::from(version) % VERSIONS.len()].parse().expect("the version is known");
    let policy = policy_of(flags);
    let variables = BTreeMap::from([("FOO".to_owned(), "a: b".to_owned())]);
    let request = Request { server, context: &context, variables: &variables, policy: &policy, findings: true };

    let plan = plan::plan(&files, &request);
    assert_eq!(format!("{plan:?}"), format!("{:?}", plan::plan(&files, &request)));
    check_places(&plan, &files);
    let plan = if event & 1 == 0 { plan.obey_skip_ci() } else { plan };
    let notes = [];
    tell(&Explanation { context: &context, notes: &notes, plan: &plan, files: &files, server, policies: &[], step: None });
    Corpus::Keep
});

fn event_of(byte: u8) -> Event {
    let known = Event::KNOWN.get(usize::from(byte) % (Event::KNOWN.len() + 1));
    known.cloned().unwrap_or_else(|| Event::Other("other".to_owned()))
}

fn policy_of(flags: u8) -> Policy {
    if flags & POLICY_KNOWN == 0 {
        return Policy::default();
    }
    let trusted = flags & TRUSTED != 0;
    Policy {
        privileged_plugins: Setting::Known(None),
        trust: Setting::Known(Trust { network: trusted, volumes: trusted, security: trusted }),
        listed_secrets_exist: flags & SECRETS_MISSING == 0,
        ..Policy::default()
    }
}

fn check_places(plan: &Plan, files: &Sources) {
    for workflow in &plan.workflows {
        let of_steps = workflow.steps.iter().flat_map(|step| &step.reasons);
        for Reason { span, via, .. } in workflow.reasons.iter().chain(of_steps) {
            span.iter().chain(via).for_each(|&span| assert_inside(files, workflow.file, span));
        }
        for step in &workflow.steps {
            step.span.iter().for_each(|&span| assert_inside(files, workflow.file, span));
        }
    }
    for label in plan.problems.iter().flat_map(|problem| &problem.labels) {
        assert_inside(files, label.file, label.span);
    }
    for (file, _, finding) in &plan.findings {
        if let Some(place) = &finding.place {
            [place.span].iter().chain(&place.via).for_each(|&span| assert_inside(files, *file, span));
        }
    }
}

fn assert_inside(files: &Sources, file: FileId, span: Span) {
    assert!(files[file].text().get(span.range()).is_some(), "{span:?}");
}

fn tell(explanation: &Explanation<'_>) {
    let mut human = Vec::new();
    report::write_explanation(&mut human, explanation, Style::PLAIN).expect("a vector takes all");
    let human = String::from_utf8(human).expect("the report is text");
    if let Some(c) = human.chars().find(|&c| c.is_control() && c != '\n') {
        panic!("{c:?} in {human:?}");
    }
    let mut json = Vec::new();
    report::write_explanation_json(&mut json, explanation).expect("a vector takes all");
    serde_json::from_slice::<serde_json::Value>(&json).expect("it is JSON");
}
