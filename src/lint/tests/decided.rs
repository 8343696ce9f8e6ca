//! Workflows made at random: what the decided rules say of every change, held against the planner for every small one.
//!
//! `WP_GATE_LAWS=20000 cargo test --release laws` tries that many instead of a few.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{Scene, mend};
use crate::admission::Policy;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::diag::{Problem, Safety};
use crate::lint::{check, rules};
use crate::plan::{Context, Plan, Request, StepType, Verdict, WorkflowPlan, plan};
use crate::rule::{Level, Levels};
use crate::source::{Source, Sources};

pub(super) const DECIDED: [&str; 9] = [
    "step-never-runs",
    "filtered-dependency",
    "vanishing-workflow",
    "redundant-glob",
    "shadowed-entry",
    "filter-always-true",
    "exclude-and-include-interact",
    "filter-changes-order",
    "clone-only-run",
];
const FILES: [&str; 6] = ["a", "a/b.md", "a/x", "b/c", "c.md", "c/d/e.md"];
const BRANCHES: [&str; 3] = ["main", "dev", "x/y"];
const GLOBS: [&str; 10] = ["a/**", "**/*.md", "b/*", "**", "{a,b}/**", "a/b.md", "[!a]*", "c/**", "a{,/**}", "**/d/**"];

pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn some_of(&mut self, texts: &[&str]) -> String {
        let picked: Vec<String> =
            (0..=self.below(3)).map(|_| format!("'{}'", texts[self.below(texts.len())])).collect();
        format!("[{}]", picked.join(", "))
    }

    fn entry(&mut self) -> String {
        let mut keys = Vec::new();
        if self.below(2) == 0 {
            keys.push(format!("event: {}", self.some_of(&["push", "tag", "pull_request", "cron"])));
        }
        if self.below(4) == 0 {
            keys.push(format!("branch: {}", self.some_of(&["main", "dev", "x/*", "*"])));
        }
        if self.below(10) < 7 {
            let mut path = Vec::new();
            if self.below(2) == 0 {
                path.push(format!("include: {}", self.some_of(&GLOBS)));
            }
            if self.below(2) == 0 {
                path.push(format!("exclude: {}", self.some_of(&GLOBS)));
            }
            if self.below(2) == 0 {
                path.push("on_empty: false".to_owned());
            }
            keys.push(format!("path: {{{}}}", path.join(", ")));
        }
        if self.below(12) == 0 {
            keys.push("evaluate: 'CI_COMMIT_AUTHOR == \"bot\"'".to_owned());
        }
        format!("{{{}}}", keys.join(", "))
    }

    fn when(&mut self) -> String {
        let entries: Vec<String> = (0..=self.below(3)).map(|_| self.entry()).collect();
        format!("[{}]", entries.join(", "))
    }

    fn workflow(&mut self, needs: Option<&str>) -> String {
        let mut text = String::new();
        if self.below(2) == 0 {
            let when = if self.below(3) == 0 { "[{event: push}]".to_owned() } else { self.when() };
            text.extend(["when: ", &when, "\n"]);
        }
        if let Some(needed) = needs {
            text.extend(["depends_on: [", needed, "]\n"]);
        }
        text += "steps:\n";
        let names = ["s", "t", "u"];
        for at in 0..3 {
            let mut keys = format!("name: {}, image: x, commands: [y]", names[at]);
            if self.below(4) > 0 {
                let when = if self.below(6) == 0 { "[{event: cron}]".to_owned() } else { self.when() };
                keys.extend([", when: ", &when]);
            }
            if at > 0 && self.below(3) == 0 {
                keys.extend([", depends_on: [", names[self.below(at)], "]"]);
            }
            text.extend(["  - {", &keys, "}\n"]);
        }
        text
    }
}

pub(super) fn metadata(event: &Event, branch: &str) -> Metadata {
    let mut metadata = Metadata::default();
    "woodpecker".clone_into(&mut metadata.system.name);
    let current = &mut metadata.current;
    current.event = event.clone();
    branch.clone_into(&mut current.commit.branch);
    current.commit.git_ref = match event {
        Event::Tag | Event::Release => format!("refs/tags/{branch}"),
        event if event.is_of_pull_request() => "refs/pull/7/head".to_owned(),
        _ => format!("refs/heads/{branch}"),
    };
    if *event == Event::Cron {
        "nightly".clone_into(&mut current.cron);
    }
    metadata
}

/// What the planner makes of every small change.
fn plans(files: &Sources, scene: &Scene) -> Vec<Plan> {
    let (empty, policy) = (BTreeMap::new(), Policy::default());
    let mut plans = Vec::new();
    for event in [Event::Push, Event::PullRequest, Event::Tag, Event::Cron, Event::Manual] {
        let most = if event.has_changed_files(scene.server) { 2 } else { 0 };
        let sets = (0_u32..1 << FILES.len()).filter(|set| set.count_ones() <= most);
        for set in sets {
            let changed: ChangedFiles = (0..FILES.len()).filter(|at| set >> at & 1 == 1).map(|at| FILES[at]).collect();
            for branch in BRANCHES {
                let metadata = metadata(&event, branch);
                let context = Context::predicted(metadata, changed.clone(), Forge::Git, empty.clone());
                let request = Request {
                    server: scene.server,
                    context: &context,
                    variables: &empty,
                    policy: &policy,
                    findings: false,
                };
                plans.push(plan(files, &request));
            }
        }
    }
    plans
}

fn verdicts(plans: &[Plan]) -> Vec<Vec<(String, Verdict, Vec<Verdict>)>> {
    let of_workflow = |workflow: &WorkflowPlan| {
        let steps = workflow.steps.iter().map(|step| step.verdict).collect();
        (workflow.name.clone(), workflow.verdict, steps)
    };
    plans.iter().map(|plan| plan.workflows.iter().map(of_workflow).collect()).collect()
}

/// What has to be found: a rule, and the text that it is about, a step's or a workflow's name.
fn expected(plans: &[Plan]) -> BTreeSet<(&'static str, String)> {
    let mut expected = BTreeSet::new();
    for plan in plans {
        for problem in plan.errors().filter(|problem| problem.code == "filtered-dependency") {
            let label = &problem.labels[0];
            expected.insert(("filtered-dependency", format!("{:?}", (label.file, label.span))));
        }
        for workflow in &plan.workflows {
            let own = || workflow.steps.iter().filter(|step| step.step_type != StepType::Clone);
            if workflow.verdict == Verdict::Run && own().all(|step| step.verdict == Verdict::Skip) {
                expected.insert(("clone-only-run", format!("{:?}", workflow.file)));
            }
        }
    }
    expected
}

/// One pipeline; the rules that found something, or what is wrong with what they say.
fn agree(seed: u64) -> Result<BTreeSet<&'static str>, String> {
    let mut random = Random::new(seed);
    let server = ["3.4", "3.14", "3.17"][random.below(3)];
    let texts = [(".woodpecker/p.yaml", random.workflow(None)), (".woodpecker/q.yaml", random.workflow(Some("p")))];
    let levels: Levels = rules()
        .iter()
        .map(|rule| (rule.id.to_owned(), if DECIDED.contains(&rule.id) { Level::Warn } else { Level::Off }))
        .collect();
    let scene = Scene { levels, ..Scene::on(server) };
    let mut files = Sources::new();
    for (name, text) in &texts {
        files.add(Source::new(*name, text.as_str()));
    }
    let problems = scene.with_context(|context| check(&mut files, context));
    let fail = |what: String| {
        let [(p, first), (q, second)] = &texts;
        Err(format!("seed {seed}, server {server}\n--- {p}\n{first}--- {q}\n{second}{what}\n{problems:#?}"))
    };
    let before = plans(&files, &scene);

    // What is there is found.
    let place = |problem: &Problem| match problem.code {
        "clone-only-run" => format!("{:?}", problem.labels[0].file),
        _ => format!("{:?}", (problem.labels[0].file, problem.labels[0].span)),
    };
    let found: BTreeSet<(&str, String)> = problems.iter().map(|problem| (problem.code, place(problem))).collect();
    if let Some(missing) = expected(&before).iter().find(|it| !found.contains(*it)) {
        return fail(format!("not found: {missing:?}"));
    }

    // No small change runs what is said never to run.
    for problem in problems.iter().filter(|problem| problem.code == "step-never-runs") {
        let file = problem.labels[0].file;
        let step = problem.message.strip_prefix("no change runs step `").and_then(|rest| rest.strip_suffix('`'));
        let runs = |workflow: &&WorkflowPlan| {
            let mut steps = workflow.steps.iter().filter(|it| step.is_none_or(|step| it.name == step));
            workflow.file == file && steps.any(|step| step.verdict == Verdict::Run)
        };
        if before.iter().any(|plan| plan.workflows.iter().any(|workflow| runs(&workflow))) {
            return fail(format!("it runs: {}", problem.message));
        }
    }

    // What is redundant can go, all of it.
    let mended = scene.with_context(|context| mend(&files, context, Safety::Safe));
    if verdicts(&before) != verdicts(&plans(&mended.files, &scene)) {
        let texts: String = mended.files.iter().map(|(_, source)| source.text()).collect();
        return fail(format!("the safe fixes change what runs:\n{texts}"));
    }
    Ok(problems.iter().map(|problem| problem.code).collect())
}

/// Tries `usual` seeds, or as many as `WP_GATE_LAWS` says: none may fail, and each decided rule has to be found with some.
pub(super) fn hold(usual: u64, agree: fn(u64) -> Result<BTreeSet<&'static str>, String>) {
    let count = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(usual);
    let results: Vec<_> = (0..count).into_par_iter().map(agree).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failures.is_empty(), "{} of {count} are wrong; the first:\n{}", failures.len(), failures[0]);
    for rule in DECIDED {
        let found = results.iter().filter(|result| result.as_ref().is_ok_and(|found| found.contains(rule))).count();
        assert!(found > 0, "`{rule}` is found in none of {count}");
    }
}

#[test]
fn laws_of_what_is_decided_hold_for_every_small_change() {
    hold(20, agree);
}
