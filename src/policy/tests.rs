use std::collections::BTreeMap;

use super::*;
use crate::admission;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::plan::{Context, Request, Verdict, plan};
use crate::server::Version;
use crate::source::{Source, Sources};

const GATES: &str = "
steps:
  - {name: test, image: a, commands: [b]}
  - name: build-web
    image: a
    commands: [b]
    when:
      - event: tag
      - {event: push, branch: main, path: {exclude: ['**/*.md']}}
  - {name: notify, image: a, commands: [b], when: {evaluate: 'CI_COMMIT_AUTHOR == \"jo\"'}}
";

fn read(text: &str) -> Policy {
    let policy: Policy = yaml_serde::from_str(text).expect("it is valid");
    assert_eq!(policy.flaw(), None, "{text}");
    policy
}

/// What the policy says of a push to `branch` that changes `files`, with the workflow `gates`.
fn outcome(policy: &str, gates: &str, event: Event, branch: &str, files: &[&str], message: &str) -> Outcome {
    let mut sources = Sources::new();
    sources.add(Source::new(".woodpecker/ci.yaml", gates));
    let mut metadata = Metadata::default();
    metadata.current.event = event;
    branch.clone_into(&mut metadata.current.commit.branch);
    message.clone_into(&mut metadata.current.commit.message);
    let files: ChangedFiles = files.iter().copied().collect();
    let context = Context::predicted(metadata, files, Forge::Git, BTreeMap::new());
    let (variables, admitted) = (BTreeMap::new(), admission::Policy::default());
    let server = Version::default();
    let request = Request { server, context: &context, variables: &variables, policy: &admitted, findings: false };
    let plan = plan(&sources, &request).obey_skip_ci();
    read(policy).check(&context, &plan, server)
}

fn push(policy: &str, files: &[&str]) -> Outcome {
    outcome(policy, GATES, Event::Push, "main", files, "")
}

fn broken(promise: Promise, target: Target, verdict: Verdict) -> Outcome {
    Outcome::Broken(vec![Breach { promise, target, verdict }])
}

#[test]
fn a_policy_concerns_the_changes_that_it_names() {
    let only = "{name: x, changes: {only: ['docs/**', '**/*.md']}, never: 'build-*'}";
    assert_eq!(push(only, &["docs/x.png", "a.md"]), broken(Promise::Never, Target::Step(0, 2), Verdict::Run));
    assert_eq!(push(only, &["a.md"]), Outcome::Kept);
    assert_eq!(push(only, &["a.md", "src/x"]), Outcome::NotConcerned);
    assert_eq!(push(only, &[]), Outcome::NotConcerned);
    let any = "{name: x, on: {event: push, branch: [main, 'release/*']}, changes: {any: 'apps/**'}, always: build-web}";
    assert_eq!(push(any, &["a.md", "apps/x"]), Outcome::Kept);
    assert_eq!(push(any, &["apps/x.md"]), broken(Promise::Always, Target::Step(0, 2), Verdict::Skip));
    assert_eq!(push(any, &["a.md"]), Outcome::NotConcerned);
    assert_eq!(outcome(any, GATES, Event::Push, "topic", &["apps/x.md"], ""), Outcome::NotConcerned);
    assert_eq!(outcome(any, GATES, Event::Tag, "", &["apps/x.md"], ""), Outcome::NotConcerned);
    // Broken if the branch is one of them.
    assert_eq!(outcome(any, GATES, Event::Push, "", &["apps/x.md"], ""), Outcome::Unclear(Vec::new()));
}

#[test]
fn a_tag_has_no_branch_and_no_changed_files() {
    let policy = "{name: x, on: {event: tag, branch: main}, always: 'build-*'}";
    assert_eq!(outcome(policy, GATES, Event::Tag, "", &[], ""), Outcome::Kept);
    let policy = "{name: x, changes: {any: '**'}, never: '*'}";
    assert_eq!(outcome(policy, GATES, Event::Tag, "", &["a"], ""), Outcome::NotConcerned);
}

#[test]
fn what_only_the_server_knows_is_unclear() {
    let breach = Breach { promise: Promise::Always, target: Target::Step(0, 3), verdict: Verdict::Unknown };
    assert_eq!(push("{name: x, always: notify}", &["a"]), Outcome::Unclear(vec![breach]));
}

#[test]
fn a_pipeline_that_is_refused_or_skipped_runs_nothing() {
    let always = "{name: x, always: test}";
    let refused = outcome(always, "steps: [", Event::Push, "main", &["a"], "");
    assert_eq!(refused, broken(Promise::Always, Target::Pipeline, Verdict::Error));
    assert_eq!(outcome("{name: x, never: test}", "steps: [", Event::Push, "main", &["a"], ""), Outcome::Kept);
    let skipped = outcome(always, GATES, Event::Push, "main", &["a"], "x [skip ci]");
    assert_eq!(skipped, broken(Promise::Always, Target::Step(0, 1), Verdict::Skip));
}

#[test]
fn workflows_have_promises_of_their_own() {
    assert_eq!(push("{name: x, workflows: {always: ci}}", &["a"]), Outcome::Kept);
    let never = push("{name: x, workflows: {never: c*}}", &["a"]);
    assert_eq!(never, broken(Promise::Never, Target::Workflow(0), Verdict::Run));
}

#[test]
fn what_is_no_policy_is_refused() {
    for (text, flaw) in [
        ("{name: '', always: x}", "it needs a `name`"),
        ("{name: x, on: {event: push}}", "it promises nothing"),
        ("{name: x, never: '[a'}", "the glob `[a`"),
    ] {
        let policy: Policy = yaml_serde::from_str(text).expect("it can be read");
        assert!(policy.flaw().is_some_and(|found| found.starts_with(flaw)), "{text}: {:?}", policy.flaw());
    }
    let error = yaml_serde::from_str::<Policy>("{name: x, on: {event: pusch}, always: x}").expect_err("no such event");
    assert!(error.to_string().contains("unknown event `pusch`: did you mean `push`?"), "{error}");
    assert!(yaml_serde::from_str::<Policy>("{name: x, allways: x}").is_err());
}

#[test]
fn globs_that_name_nothing_are_found_with_what_was_meant() {
    let mut sources = Sources::new();
    sources.add(Source::new(".woodpecker/ci.yaml", GATES));
    let context = Context::predicted(Metadata::default(), ChangedFiles::none(), Forge::Git, BTreeMap::new());
    let (variables, admitted) = (BTreeMap::new(), admission::Policy::default());
    let server = Version::default();
    let request = Request { server, context: &context, variables: &variables, policy: &admitted, findings: false };
    let plan = plan(&sources, &request);
    let policy = read("{name: x, always: [bild-web, test], never: 'deploy-*', workflows: {always: ci}}");
    let unnamed = policy.unnamed(&plan);
    let unnamed: Vec<_> = unnamed.iter().map(|(glob, meant)| (glob.text(), *meant)).collect();
    assert_eq!(unnamed, [("bild-web", Some("build-web")), ("deploy-*", None)]);
}
