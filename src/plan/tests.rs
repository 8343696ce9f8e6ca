//! What the server would do, told in small pipelines. The recorded answers of the real engine are tests of their own; these say what
//! the rules are, and what the recorded answers cannot: reasons, and values that only the server has.

use std::collections::BTreeMap;

use super::*;
use crate::admission::{Policy, Setting};
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::source::{Source, Sources};

/// A pipeline and a change, planned.
struct Case {
    files: Sources,
    metadata: Metadata,
    changed: Vec<&'static str>,
    given: BTreeMap<String, String>,
    policy: Policy,
}

impl Case {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut sources = Sources::new();
        for (name, text) in files {
            sources.add(Source::new(format!(".woodpecker/{name}.yaml"), *text));
        }
        let mut metadata = Metadata::default();
        metadata.current.event = Event::Push;
        "main".clone_into(&mut metadata.current.commit.branch);
        "refs/heads/main".clone_into(&mut metadata.current.commit.git_ref);
        Self { files: sources, metadata, changed: vec!["src/a.rs"], given: BTreeMap::new(), policy: Policy::default() }
    }

    /// One workflow, `ci`, whose one step has these conditions.
    fn step(when: &str) -> Self {
        Self::new(&[("ci", &format!("steps:\n  - name: s\n    image: x\n    when: {when}\n"))])
    }

    fn event(mut self, event: Event) -> Self {
        self.metadata.current.event = event;
        self
    }

    fn changed(mut self, files: &[&'static str]) -> Self {
        self.changed = files.to_vec();
        self
    }

    fn message(mut self, message: &str) -> Self {
        message.clone_into(&mut self.metadata.current.commit.message);
        self
    }

    fn plan(self, server: &str) -> Plan {
        let changed: ChangedFiles = self.changed.iter().copied().collect();
        let context = Context::predicted(self.metadata, changed, Forge::Git, self.given);
        let request = Request {
            server: server.parse().expect("a version"),
            context: &context,
            variables: &BTreeMap::new(),
            policy: &self.policy,
            findings: false,
        };
        plan(&self.files, &request)
    }

    /// The verdict of the step `s`, and why, on 3.17.
    fn verdict(self) -> (Verdict, Vec<String>) {
        self.verdict_on("3.17")
    }

    fn verdict_on(self, server: &str) -> (Verdict, Vec<String>) {
        let plan = self.plan(server);
        let step = plan.workflows[0].steps.iter().find(|step| step.name == "s").expect("the step");
        (step.verdict, step.reasons.iter().map(Reason::to_string).collect())
    }
}

fn stages(plan: &Plan) -> Vec<(&str, Option<u32>)> {
    plan.workflows[0].steps.iter().map(|step| (step.name.as_str(), step.stage)).collect()
}

fn verdicts(plan: &Plan) -> Vec<(&str, Verdict)> {
    plan.workflows.iter().map(|workflow| (workflow.name.as_str(), workflow.verdict)).collect()
}

fn problems(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn every_entry_of_a_skipped_step_is_explained() {
    let (verdict, reasons) = Case::step("[{event: tag}, {event: push, branch: dev}]").verdict();
    assert_eq!(verdict, Verdict::Skip);
    assert_eq!(reasons, ["event `push` is not asked for", "branch `main` is not asked for"]);
}

#[test]
fn a_step_that_runs_says_what_each_clause_of_its_entry_rests_on() {
    let (verdict, reasons) = Case::step("[{event: tag}, {event: push, path: 'src/**'}]").verdict();
    assert_eq!(verdict, Verdict::Run);
    assert_eq!(reasons, ["event is `push`", "`src/a.rs` matches `src/**`"]);
}

#[test]
fn an_exclude_list_skips_when_every_file_matches_and_before_3_5_when_any_does() {
    let case = || Case::step("{path: {exclude: ['docs/**']}}").changed(&["docs/x.md", "src/a.rs"]);
    assert_eq!(case().verdict_on("3.5").0, Verdict::Run);
    let (verdict, reasons) = case().verdict_on("3.4");
    assert_eq!(verdict, Verdict::Skip);
    assert_eq!(reasons, ["`docs/x.md` is excluded by `docs/**`: before 3.5.0 one excluded file is enough"]);
    let docs_only = Case::step("{path: {exclude: ['docs/**']}}").changed(&["docs/x.md"]);
    assert_eq!(docs_only.verdict().1, ["every changed file is excluded: `docs/x.md` by `docs/**`"]);
}

#[test]
fn paths_are_looked_at_on_push_and_pull_requests_only() {
    let on = |event| Case::step("{path: 'none/**'}").event(event).verdict().0;
    for event in [Event::Push, Event::PullRequest, Event::PullRequestClosed, Event::PullRequestMetadata] {
        assert_eq!(on(event.clone()), Verdict::Skip, "{event}");
    }
    for event in [Event::Tag, Event::Cron, Event::Manual, Event::Deployment, Event::Release] {
        assert_eq!(on(event.clone()), Verdict::Run, "{event}");
    }
    let closed = Case::step("{path: 'none/**'}").event(Event::PullRequestClosed);
    assert_eq!(closed.verdict_on("2.8").0, Verdict::Run);
}

#[test]
fn an_empty_change_asks_on_empty_and_a_message_may_overrule_paths() {
    let empty = |when: &str| Case::step(when).changed(&[]).verdict().0;
    assert_eq!(empty("{path: 'none/**'}"), Verdict::Run);
    assert_eq!(empty("{path: {include: 'none/**', on_empty: false}}"), Verdict::Skip);
    let message = Case::step("{path: {include: 'none/**', ignore_message: '[all]'}}").message("x [ALL]");
    assert_eq!(message.verdict().1, ["the message holds `[all]`, so no path is looked at"]);
}

#[test]
fn a_pattern_names_the_bytes_that_decided_through_its_alias() {
    let text =
        "variables:\n  - &gate {path: {exclude: [\"d\\x6fcs/**\"]}}\nsteps:\n  - {name: s, image: x, when: *gate}\n";
    let plan = Case::new(&[("ci", text)]).changed(&["docs/a"]).plan("3.17");
    let reason = &plan.workflows[0].steps[1].reasons[0];
    let slice = |span: crate::source::Span| &text[span.range()];
    assert_eq!(reason.pattern.as_deref(), Some("docs/**"));
    assert_eq!(reason.span.map(slice), Some("\"d\\x6fcs/**\""));
    assert_eq!(reason.via.iter().map(|&alias| slice(alias)).collect::<Vec<_>>(), ["*gate"]);
}

#[test]
fn what_only_the_server_knows_is_unknown_and_only_where_it_matters() {
    let (verdict, reasons) = Case::step("{evaluate: 'CI_PIPELINE_NUMBER == \"7\"'}").verdict();
    assert_eq!(verdict, Verdict::Unknown);
    assert_eq!(reasons, ["it hangs on `CI_PIPELINE_NUMBER`, which only the server knows"]);
    let settled = Case::step("{event: tag, evaluate: 'CI_PIPELINE_NUMBER == \"7\"'}").verdict();
    assert_eq!(settled.0, Verdict::Skip);
    let other_entry = Case::step("[{evaluate: 'CI_PIPELINE_NUMBER == \"7\"'}, {branch: main}]").verdict();
    assert_eq!(other_entry.0, Verdict::Run);
    let substituted = Case::step("{branch: '${CI_COMMIT_AUTHOR}'}").verdict();
    assert_eq!(
        substituted,
        (Verdict::Unknown, vec!["it hangs on `CI_COMMIT_AUTHOR`, which only the server knows".into()])
    );
    let empty_on_push = Case::step("{evaluate: 'CI_PIPELINE_DEPLOY_TARGET == \"\"'}").verdict();
    assert_eq!(empty_on_push.0, Verdict::Run, "known to be empty where there is no deployment");
}

#[test]
fn an_expression_that_fails_refuses_the_pipeline_if_its_entry_is_reached() {
    let plan = Case::step("[{event: tag, evaluate: 'CI_COMMIT_BRANCH =='}]").plan("3.17");
    assert_eq!((plan.outcome, problems(&plan)), (Outcome::Error, vec!["evaluate-error"]));
    let unreached = Case::step("[{event: push}, {evaluate: 'CI_COMMIT_BRANCH =='}]").plan("3.17");
    assert_eq!(unreached.outcome, Outcome::Run);
}

#[test]
fn steps_run_one_after_the_other_unless_one_that_is_left_has_depends_on() {
    let text = "steps:\n  a: {image: x}\n  b: {image: x}\n  c: {image: x, depends_on: [a], when: {event: tag}}\n";
    let plan = |event| Case::new(&[("ci", text)]).event(event).plan("3.17");
    assert_eq!(
        stages(&plan(Event::Push)),
        [("clone", Some(0)), ("a", Some(1)), ("b", Some(2)), ("c", None)],
        "the filtered step does not count"
    );
    assert_eq!(stages(&plan(Event::Tag)), [("clone", Some(0)), ("a", Some(1)), ("b", Some(1)), ("c", Some(2))]);
}

#[test]
fn a_step_that_needs_a_filtered_one_refuses_the_pipeline_unless_it_can_do_without() {
    let text = |needs: &str| {
        format!("steps:\n  a: {{image: x, when: {{event: tag}}}}\n  b: {{image: x, depends_on: [{needs}]}}\n")
    };
    let plan = Case::new(&[("ci", &text("a"))]).plan("3.17");
    assert_eq!((plan.outcome, problems(&plan)), (Outcome::Error, vec!["filtered-dependency"]));
    assert_eq!(plan.problems[0].labels.len(), 2, "where it is needed, and what filters it out");
    assert!(plan.workflows[0].steps.iter().all(|step| step.verdict != Verdict::Run), "nothing of it runs");
    let optional = Case::new(&[("ci", &text("{name: a, optional: true}"))]).plan("3.17");
    assert_eq!(optional.outcome, Outcome::Run);
}

#[test]
fn all_cycles_are_told_with_a_label_for_each_edge() {
    let text =
        "steps:\n  a: {image: x, depends_on: b}\n  b: {image: x, depends_on: a}\n  c: {image: x, depends_on: c}\n";
    let plan = Case::new(&[("ci", text)]).plan("3.17");
    let told: Vec<_> = plan.problems.iter().map(|it| (it.message.as_str(), it.labels.len())).collect();
    assert_eq!(told, [("steps `a`, `b` depend on each other", 2), ("step `c` depends on itself", 1)]);
}

#[test]
fn in_a_graph_the_later_of_two_steps_of_one_name_replaces_the_earlier() {
    let text = "steps:\n  - {name: a, image: x}\n  - {name: a, image: y, depends_on: []}\n";
    let plan = Case::new(&[("ci", text)]).plan("3.17");
    assert_eq!(stages(&plan), [("clone", Some(0)), ("a", None), ("a", Some(1))]);
    assert_eq!(plan.workflows[0].steps[1].reasons[0].kind, Kind::Replaced);
    let next = Case::new(&[("ci", text)]).plan("next");
    assert_eq!(problems(&next), ["duplicate-step"]);
}

#[test]
fn neighbours_of_a_group_share_a_stage_on_server_2() {
    let text =
        "steps:\n  a: {image: x, group: g}\n  b: {image: x, group: g}\n  c: {image: x}\n  d: {image: x, group: g}\n";
    let plan = Case::new(&[("ci", text)]).plan("2.8");
    let expected = [("clone", Some(0)), ("a", Some(1)), ("b", Some(1)), ("c", Some(2)), ("d", Some(3))];
    assert_eq!(stages(&plan), expected);
}

#[test]
fn services_are_a_stage_even_when_none_runs() {
    let text = "skip_clone: true\nservices:\n  db: {image: x, when: {event: tag}}\nsteps:\n  a: {image: x, when: {event: tag}}\n";
    let plan = Case::new(&[("ci", text)]).plan("3.17");
    assert_eq!((plan.outcome, plan.workflows[0].stages), (Outcome::Run, 1));
    let bare = "skip_clone: true\nsteps:\n  a: {image: x, when: {event: tag}}\n";
    let plan = Case::new(&[("ci", bare)]).plan("3.17");
    assert_eq!((plan.outcome, plan.workflows[0].reasons[0].kind), (Outcome::None, Kind::NothingLeft));
}

#[test]
fn a_workflow_takes_those_that_need_it_along() {
    let files = [
        ("a", "when: {event: tag}\nsteps:\n  s: {image: x}\n"),
        ("b", "depends_on: [a]\nsteps:\n  s: {image: x}\n"),
        ("c", "depends_on: [b]\nsteps:\n  s: {image: x}\n"),
        ("d", "depends_on: [{name: a, optional: true}]\nsteps:\n  s: {image: x}\n"),
    ];
    let plan = Case::new(&files).plan("3.17");
    let expected = [("a", Verdict::Skip), ("b", Verdict::Dropped), ("c", Verdict::Dropped), ("d", Verdict::Run)];
    assert_eq!(verdicts(&plan), expected);
    assert_eq!(plan.workflows[1].reasons[0].to_string(), "it requires workflow `a`, which does not run");
    assert!(plan.workflows[3].depends_on.is_empty(), "what is optional and not there is forgotten");
}

#[test]
fn a_workflow_that_needs_an_unknown_one_is_unknown() {
    let files = [
        ("a", "when: {evaluate: 'CI_PIPELINE_NUMBER == \"1\"'}\nsteps:\n  s: {image: x}\n"),
        ("b", "depends_on: [a]\nsteps:\n  s: {image: x}\n"),
    ];
    let plan = Case::new(&files).plan("3.17");
    assert_eq!(verdicts(&plan), [("a", Verdict::Unknown), ("b", Verdict::Unknown)]);
}

#[test]
fn dropping_one_axis_drops_its_siblings_before_3_15() {
    let files = [
        ("a", "when: {event: tag}\nsteps:\n  s: {image: x}\n"),
        ("b", "matrix: {NEEDS: [a, b]}\ndepends_on: ['${NEEDS}']\nsteps:\n  s: {image: x}\n"),
    ];
    let of_b = |server: &str| -> Vec<Verdict> {
        Case::new(&files).plan(server).workflows[1..].iter().map(|it| it.verdict).collect()
    };
    assert_eq!(of_b("3.14"), [Verdict::Dropped, Verdict::Dropped]);
    assert_eq!(of_b("3.15"), [Verdict::Dropped, Verdict::Run], "the axis that needs itself stays");
}

#[test]
fn a_message_that_asks_for_no_pipeline_gets_none() {
    let plan = Case::step("{event: push}").message("x [skip ci]").plan("3.17");
    assert!(plan.skip_ci);
    assert_eq!(plan.outcome, Outcome::Run, "what would have run is still told");
    let obeyed = plan.obey_skip_ci();
    assert_eq!((obeyed.outcome, obeyed.workflows[0].reasons[0].kind), (Outcome::None, Kind::SkipCi));
    assert!(!Case::step("{event: push}").event(Event::Tag).message("[skip ci]").plan("3.17").skip_ci);
}

#[test]
fn status_decides_after_what_a_step_runs_and_since_3_14_only_in_entries_that_match() {
    let outcomes = |server: &str| {
        let case = Case::step("[{event: tag, status: failure}, {event: push, status: success}]");
        let plan = case.plan(server);
        let step = &plan.workflows[0].steps[1];
        (step.on_success, step.on_failure)
    };
    assert_eq!(outcomes("3.13"), (true, true));
    assert_eq!(outcomes("3.14"), (true, false));
}

#[test]
fn what_hangs_on_a_setting_of_the_server_is_a_doubt_and_known_settings_decide() {
    let text = "steps:\n  s: {image: plugins/docker, volumes: ['/a:/b']}\n";
    let plan = Case::new(&[("ci", text)]).plan("3.17");
    assert_eq!((plan.outcome, problems(&plan)), (Outcome::Run, vec!["insufficient-trust", "privileged-plugin"]));
    let mut case = Case::new(&[("ci", text)]);
    case.policy.trust = Setting::Known(crate::admission::Trust::default());
    case.policy.privileged_plugins = Setting::Known(Some(vec!["plugins/docker".to_owned()]));
    let plan = case.plan("3.17");
    assert_eq!((plan.outcome, problems(&plan)), (Outcome::Error, vec!["insufficient-trust"]));
}

#[test]
fn a_file_must_be_readable_without_substitution_too() {
    let text = "steps:\n  s: {image: x, privileged: '${CI_COMMIT_BRANCH}'}\n";
    let mut case = Case::new(&[("ci", text)]);
    "yes".clone_into(&mut case.metadata.current.commit.branch);
    let plan = case.plan("3.17");
    assert_eq!(plan.outcome, Outcome::Error);
    let told = plan.errors().map(|problem| problem.message.as_str()).collect::<Vec<_>>();
    assert_eq!(told, ["expected a bool, found a string (the server's linter reads the file before substitution, too)"]);
}

#[test]
fn all_flaws_of_all_files_are_told_at_once() {
    let files = [
        ("a", "steps: [\n"),
        ("b", "steps:\n  s: {}\n  t: {image: x, depends_on: nope}\n"),
        ("c", "steps:\n  s: {image: '${X'}\n"),
    ];
    let plan = Case::new(&files).plan("3.17");
    assert_eq!(problems(&plan), ["yaml-syntax", "missing-image", "unknown-dependency", "bad-substitution"]);
}

#[test]
fn each_file_that_lacks_something_is_named() {
    let plan = Case::new(&[("a", "pipeline: {s: {image: x}}\n"), ("b", "skip_clone: true\n")]).plan("3.17");
    assert_eq!(problems(&plan), ["missing-steps", "missing-steps"]);
    let files: Vec<_> = plan.problems.iter().map(|problem| problem.labels[0].file).collect();
    assert_eq!(files, [plan.workflows[0].file, plan.workflows[1].file]);
}

#[test]
fn files_that_were_read_once_give_the_plans_of_files_read_anew() {
    let mut files = Sources::new();
    let step = "  - name: s\n    image: x:${CI_COMMIT_SHA}\n    when: {path: ['src/**', '${CI_COMMIT_MESSAGE}']}\n";
    files.add(Source::new(
        ".woodpecker/b.yaml",
        format!("matrix: {{A: [1, 2]}}\nsteps:\n{step}  - {{name: ${{A}}, image: x}}\n"),
    ));
    files.add(Source::new(".woodpecker/a.yaml", "steps: [{name: t, image: x, when: {path: '*.md'}}]\n"));
    files.add(Source::new(
        ".woodpecker/c.yaml",
        "depends_on: [a]\nsteps: [{name: u, image: 'x:${CI_COMMIT_BRANCH}'}]\n",
    ));
    // What is read anew only if it may say something else: an id of digits alone is a number, which no list of commands takes.
    files.add(Source::new(
        ".woodpecker/d.yaml",
        "steps:\n  - name: v\n    image: x\n    commands: ['echo ${CI_COMMIT_SHA}']\n    when: {evaluate: 'CI_COMMIT_SHA contains \"a\"'}\n  \
         - {name: w, image: x, settings: {a: ${CI_COMMIT_SHA}, b: [\"${CI_COMMIT_SHA}\"]}}\n",
    ));
    files.add(Source::new(".woodpecker/e.yaml", "steps: [{name: y, image: x, commands: [\"a\", ${CI_COMMIT_SHA}]}]\n"));
    let (variables, policy) = (BTreeMap::new(), Policy::default());
    let server = crate::server::Version::default();
    let terms = Terms { server, variables: &variables, policy: &policy, findings: true };
    let pipeline = Pipeline::read(&files, terms);
    // More texts than are kept, some of them twice, one of them no YAML.
    for round in (0..40).chain([3, 39, 3]) {
        let mut metadata = Metadata::default();
        metadata.current.event = if round % 7 == 0 { Event::Tag } else { Event::Push };
        metadata.current.commit.sha = format!("{round:040x}");
        metadata.current.commit.message = ["*.md", "'", "src/b", "x [skip ci]"][round % 4].to_owned();
        "main".clone_into(&mut metadata.current.commit.branch);
        let changed: ChangedFiles = [["a.md", "src/a"][round % 2]].into_iter().collect();
        let context = Context::predicted(metadata, changed, Forge::Git, BTreeMap::new());
        let request = Request { server, context: &context, variables: &variables, policy: &policy, findings: true };
        let debug = |plan: &Plan| format!("{plan:#?}");
        assert_eq!(debug(&pipeline.plan(&context)), debug(&plan(&files, &request)), "{round}");
        let some = pipeline.plan_among(&context, |id| files[id].name() != ".woodpecker/b.yaml");
        assert_eq!(
            some.workflows.iter().map(|workflow| workflow.name.as_str()).collect::<Vec<_>>(),
            ["a", "c", "d", "e"]
        );
    }
}

#[test]
fn two_ways_to_one_text_lead_back_to_their_own_bytes() {
    let mut files = Sources::new();
    let text = "steps: [{name: s, image: x, when: {evaluate: '${X}${Y}'}}]\n";
    let id = files.add(Source::new(".woodpecker/a.yaml", text));
    let (variables, policy) = (BTreeMap::new(), Policy::default());
    let server = crate::server::Version::default();
    let pipeline = Pipeline::read(&files, Terms { server, variables: &variables, policy: &policy, findings: false });
    let at_fault = |x: &str, y: &str| {
        let given = [("X", x), ("Y", y)].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let context = Context::predicted(Metadata::default(), ChangedFiles::none(), Forge::Git, given);
        let plan = pipeline.plan(&context);
        files[id].slice(plan.problems[0].labels[0].span).to_owned()
    };
    assert_eq!(at_fault("1 == )", " "), "${X}");
    assert_eq!(at_fault("1 == ", ") "), "${Y}");
}
