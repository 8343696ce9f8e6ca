//! Two pipelines, compared.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Bench;
use super::founding;
use super::laws::{BRANCHES, SERVERS, file_sets};
use super::random::Random;
use crate::change::Event;
use crate::diag::Severity;
use crate::plan::{Key, Plan, Verdict};
use crate::prove::{Case, Change, Class, Comparison, Difference, Setting, Shift, Target, compare, events};
use crate::source::Sources;

/// What differs, a line a class: `lost build-web: push …: run -> skip, of docs/x.md`.
fn told(comparison: &Comparison) -> Vec<String> {
    let mut lines = comparison.undecided.clone();
    for difference in &comparison.differences {
        let names: Vec<&str> = difference.targets.iter().map(name).collect();
        for kind in &difference.kinds {
            let verdict = |verdict: Option<Verdict>| verdict.map_or("none", Verdict::name);
            let (before, after) = (verdict(kind.before), verdict(kind.after));
            let (names, shift, files) = (names.join(" "), difference.shift.name(), kind.class.change.files.join(" "));
            lines.push(format!("{shift} {names}: {kind}: {before} -> {after}, of [{files}]"));
        }
        lines.extend(difference.more.clone());
    }
    lines
}

fn name(target: &Target) -> &str {
    match target {
        Target::Pipeline => "the pipeline",
        Target::Workflow { name, .. } | Target::Step { name, .. } => name,
    }
}

fn compared(server: &str, before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let (before, after) = (Bench::new(before), Bench::new(after));
    let setting = before.setting(server);
    let events: Vec<Event> = events(setting.server).collect();
    told(&compare(&before.files, &after.files, setting, &events))
}

fn one(before: &str, after: &str) -> Vec<String> {
    compared("3.17", &[("ci", before)], &[("ci", after)])
}

#[test]
fn the_founding_commit_changes_the_images_and_the_package() {
    let gated = founding::files();
    // As it was before the commit: the same gates, without a word of paths.
    let is_of_path = |line: &&str| ["path:", "exclude:"].iter().any(|key| line.trim().starts_with(key));
    let ungated = gated.clone().map(|(name, text)| {
        let left: Vec<&str> = text.lines().filter(|line| !is_of_path(line)).collect();
        (name, left.join("\n"))
    });
    let [before, after] = [&ungated, &gated].map(|files| files.each_ref().map(|(name, text)| (*name, text.as_str())));
    assert_eq!(
        compared("3.17", &before, &after),
        [
            "lost build-gateway build-appservice build-web: push: branch `main`, only files in `**/*.md`, `.woodpecker/**`, \
             `docs/**` or `packages/mosaic/**`: run -> skip, of [x.md]",
            "lost publish-npm: push: branch `main`, some changed file, no file in `packages/**`: run -> skip, of [x]",
        ]
    );
}

#[test]
fn gates_that_say_the_same_in_other_words_do_not_differ() {
    let step = |when: &str| format!("steps: [{{name: s, image: x, when: {when}}}]");
    for (one_way, other) in [
        ("{event: [push, tag]}", "[{event: push}, {event: tag}]"),
        ("{path: {include: ['a/**', 'b/**']}}", "{path: '{a,b}/**'}"),
        (
            "{path: {exclude: ['*.md', 'docs/**/*', docs]}}",
            "{path: {exclude: ['docs/**', 'x.md', '.md', '?*.md', 'docs/a']}}",
        ),
        ("{event: push, path: 'a/*'}", "[{event: push, path: 'a/?*'}, {event: push, path: 'a/b'}]"),
        (
            "{branch: main, evaluate: 'CI_COMMIT_AUTHOR == \"x\"'}",
            "{evaluate: 'CI_COMMIT_AUTHOR == \"x\"', branch: [main]}",
        ),
    ] {
        assert_eq!(one(&step(one_way), &step(other)), [] as [&str; 0], "{one_way} and {other}");
    }
}

#[test]
fn what_differs_is_told_in_the_words_of_the_gates() {
    let step = |when: &str| format!("steps: [{{name: s, image: x, when: {when}}}]");
    for (before, after, expected) in [
        ("{event: push}", "{event: [push, cron]}", "gained s: cron: every change: skip -> run, of []"),
        (
            "{event: push, branch: main}",
            "{event: push, branch: [main, dev]}",
            "gained s: push: branch `dev`: skip -> run, of []",
        ),
        (
            "{event: push}",
            "{event: push, path: {include: '*', on_empty: false}}",
            "lost s: push: no file in `*`: run -> skip, of [x/x]",
        ),
        (
            "{event: push, path: 'a'}",
            "{event: push, path: {include: 'a', ignore_message: '[all]'}}",
            "gained s: push: some changed file, no file in `a`, a message with `[all]`: skip -> run, of [x]",
        ),
        (
            "{event: push, evaluate: 'CI_COMMIT_AUTHOR == \"x\"'}",
            "{event: push}",
            "gained s: push: every change, perhaps (it hangs on `CI_COMMIT_AUTHOR`): unknown -> run, of []",
        ),
    ] {
        let told = one(&step(before), &step(after));
        assert_eq!(told, [expected], "{before} and {after}");
    }
}

#[test]
fn what_is_so_for_some_authors_only_is_in_no_kind_that_is_certain() {
    let before = "when: {event: push}\nsteps: [{name: a, image: x}, {name: s, image: x}]";
    let after = "when: {event: push}\nsteps: [{name: a, image: x, when: {evaluate: 'CI_COMMIT_AUTHOR == \"x\"'}}, \
                 {name: s, image: x, when: [{evaluate: 'CI_COMMIT_AUTHOR == \"x\"', branch: main, path: b}]}]";
    let perhaps = "perhaps (it hangs on `CI_COMMIT_AUTHOR`): run -> unknown";
    assert_eq!(
        one(before, after),
        [
            format!("lost a: push: every change, {perhaps}, of []"),
            "lost s: push: some changed file, no file in `b`: run -> skip, of [x]".to_owned(),
            "lost s: push: branch other than `main`: run -> skip, of []".to_owned(),
            format!("lost s: push: branch `main`, no changed file, {perhaps}, of []"),
            format!("lost s: push: branch `main`, some file in `b`, {perhaps}, of [b]"),
        ]
    );
}

#[test]
fn a_workflow_or_pipeline_is_told_instead_of_its_steps() {
    let gated = |when: &str| format!("when: {when}\nsteps: [{{name: s, image: x}}, {{name: t, image: x}}]");
    assert_eq!(
        one(&gated("{event: push, path: 'a'}"), &gated("{event: push}")),
        ["gained ci: push: some changed file, no file in `a`: skip -> run, of [x]"]
    );
    let told = one("steps: [{name: s, image: x, when: {event: push}}]", "steps: [");
    assert_eq!(told, ["lost the pipeline: every event: every change: run -> error, of []"]);
    let both = [("a", "steps: [{name: s, image: x}]"), ("b", "when: {event: tag}\nsteps: [{name: s, image: x}]")];
    assert_eq!(compared("3.17", &both[..1], &both), ["gained b: tag: every change: none -> run, of []"]);
}

/// Two pipelines made at random: each small change is in a class of a difference just when the planner says that they differ so on it.
fn agree(seed: u64) -> Result<usize, String> {
    let mut random = Random::new(seed);
    let made = [random.pipeline(), random.pipeline()];
    let [before, after] = [0, 1].map(|at| {
        let files: Vec<(&str, &str)> = made[at].iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Bench::new(&files)
    });
    // Every second time nothing hangs on the server.
    let author = [("CI_COMMIT_AUTHOR".to_owned(), "bot".to_owned())].into();
    let setting = before.setting(SERVERS[random.below(SERVERS.len())]);
    let setting = if seed.is_multiple_of(2) { Setting { given: &author, ..setting } } else { setting };
    let mut told = 0;
    for event in [Event::Push, Event::PullRequest, Event::Tag] {
        let comparison = compare(&before.files, &after.files, setting, std::slice::from_ref(&event));
        let fail = |what: String| {
            let server = setting.server;
            Err(format!("seed {seed}, {server}, {event}\n{made:#?}\n{what}\n{:#?}", comparison.differences))
        };
        if comparison.undecided.iter().any(|it| it.contains("confirm") || it.contains("large")) {
            return fail(comparison.undecided.concat());
        }
        let mut kinds = comparison.differences.iter().flat_map(|difference| &difference.kinds);
        if let Some(kind) = kinds.find(|kind| kind.before == kind.after) {
            return fail(format!("it is what it was: {kind}"));
        }
        let is_partial =
            |it: &Difference| it.more.is_some() || it.kinds.iter().any(|kind| !kind.class.hangs.is_empty());
        if !comparison.undecided.is_empty() || comparison.differences.iter().any(is_partial) {
            continue;
        }
        told += comparison.differences.len();
        let mut case = Case::new(event.clone(), setting);
        for change in small_changes(&event) {
            let context = case.context(&change);
            let plans = [&before.files, &after.files].map(|files: &Sources| case.plan(files, &context));
            if plans.iter().any(hangs_on_server) {
                continue;
            }
            let said: BTreeSet<(&Target, Shift)> = comparison
                .differences
                .iter()
                .filter(|difference| difference.kinds.iter().any(|kind| is_in(&kind.class, &change, &mut case)))
                .flat_map(|difference| difference.targets.iter().map(|target| (target, difference.shift)))
                .collect();
            let expected = differing([&plans[0], &plans[1]]);
            let expected: BTreeSet<(&Target, Shift)> =
                expected.iter().map(|(target, shift)| (target, *shift)).collect();
            if said != expected {
                return fail(format!("{change:?}\ntold: {said:?}\nplanned: {expected:?}"));
            }
        }
    }
    Ok(told)
}

fn small_changes(event: &Event) -> impl Iterator<Item = Change> {
    let is_tag = *event == Event::Tag;
    let prefix = if is_tag { "refs/tags/" } else { "refs/heads/" };
    let of_pull = event.is_of_pull_request();
    let sets = file_sets().into_iter().filter(move |files| !is_tag || files.is_empty());
    sets.flat_map(move |files| {
        BRANCHES.into_iter().map(move |branch| {
            let git_ref = if of_pull { "refs/pull/7/head".to_owned() } else { format!("{prefix}{branch}") };
            let values = [(Key::Branch, branch.to_owned()), (Key::Ref, git_ref)].into();
            Change { files: files.iter().map(ToString::to_string).collect(), values, ..Change::default() }
        })
    })
}

fn hangs_on_server(plan: &Plan) -> bool {
    let steps = plan.workflows.iter().flat_map(|workflow| &workflow.steps).map(|step| step.verdict);
    let mut verdicts = plan.workflows.iter().map(|workflow| workflow.verdict).chain(steps);
    verdicts.any(|verdict| verdict == Verdict::Unknown) || plan.problems.iter().any(|it| it.severity < Severity::Error)
}

pub(super) fn is_in(class: &Class, change: &Change, case: &mut Case<'_>) -> bool {
    let answers: Vec<_> = class.answers.iter().map(|answer| case.given(answer)).collect();
    let all = case.formulas.all(answers);
    case.is_true(all, change, &[])
}

/// What differs between two plans, but for what follows from the whole that it is a part of.
pub(super) fn differing(plans: [&Plan; 2]) -> Vec<(Target, Shift)> {
    let shift = |target: &Target| {
        let runs = [0, 1].map(|at| target.verdict(plans[at]) == Some(Verdict::Run));
        match runs {
            [true, false] => Some(Shift::Lost),
            [false, true] => Some(Shift::Gained),
            _ => None,
        }
    };
    let mut found = Vec::new();
    let whole = shift(&Target::Pipeline);
    found.extend(whole.map(|shift| (Target::Pipeline, shift)));
    let workflows: BTreeSet<_> =
        plans.iter().flat_map(|plan| &plan.workflows).map(|it| (it.name.clone(), it.axis.clone())).collect();
    for (workflow, axis) in workflows {
        let target = Target::Workflow { name: workflow.clone(), axis: axis.clone() };
        let of_workflow = shift(&target);
        found.extend(of_workflow.filter(|_| of_workflow != whole).map(|shift| (target, shift)));
        let steps: BTreeSet<&String> = plans
            .iter()
            .flat_map(|plan| plan.workflows.iter().filter(|it| it.name == workflow && it.axis == axis))
            .flat_map(|it| &it.steps)
            .map(|step| &step.name)
            .collect();
        for (name, nth) in steps.iter().flat_map(|name| (0..4).map(move |nth| (*name, nth))) {
            let target = Target::Step { workflow: workflow.clone(), axis: axis.clone(), name: name.clone(), nth };
            let of_step = shift(&target);
            found.extend(of_step.filter(|_| of_step != of_workflow).map(|shift| (target, shift)));
        }
    }
    found
}

#[test]
fn a_comparison_says_what_trying_every_small_change_says() {
    let count: u64 = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(12);
    let results: Vec<Result<usize, String>> = (0..count).into_par_iter().map(agree).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failures.is_empty(), "{} of {count} disagree; the first:\n{}", failures.len(), failures[0]);
    let told: usize = results.iter().flatten().sum();
    assert!(told > count as usize, "only {told} differences were told");
}
