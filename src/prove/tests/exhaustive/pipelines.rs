//! Pipelines over three folders.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rayon::prelude::*;

use super::share;
use super::world::{World, agree, assert_agree, policy};
use crate::change::Event;
use crate::plan::{Plan, Verdict};
use crate::policy::Policy;
use crate::prove::tests::Bench;

/// Globs that share out all files among them: the folder `a`, the folder `b`, all else. (`??*/**` does not match
/// a folder of two letters itself: the server takes a `/**` for nothing only where no star is left before it.)
const FOLDERS: [&str; 3] = ["'a/**'", "'b/**'", "'[!ab]/**', '??*/**', '??*'"];

/// A file of each.
pub(super) const FILES: [&str; 3] = ["a/1", "b/1", "c/1"];

/// The servers that differ in path filters: see `versions`.
pub(super) const SERVERS: [&str; 2] = ["3.4", "3.17"];

/// Each set of folders as a list of globs, and no list at all.
fn lists() -> Vec<Option<String>> {
    let set = |set: u32| {
        let globs = FOLDERS.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, globs)| *globs);
        let globs: Vec<&str> = globs.collect();
        // No file of git's is there.
        if globs.is_empty() { "['/']".to_owned() } else { format!("[{}]", globs.join(", ")) }
    };
    std::iter::once(None).chain((0..8).map(set).map(Some)).collect()
}

/// All entries, by their keys: 489.
pub(super) fn entries() -> Vec<String> {
    let lists = lists();
    let mut paths = vec![None];
    for (include, exclude) in lists.iter().flat_map(|include| lists.iter().map(move |exclude| (include, exclude))) {
        for on_empty in [None, Some("false".to_owned())] {
            let keys = [("include", include), ("exclude", exclude), ("on_empty", &on_empty)];
            let keys = keys.iter().filter_map(|(key, value)| value.as_ref().map(|value| format!("{key}: {value}")));
            paths.push(Some(format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))));
        }
    }
    let mut entries = Vec::new();
    for event in [None, Some("push".to_owned()), Some("tag".to_owned())] {
        for path in &paths {
            let keys = [("event", &event), ("path", path)];
            let keys = keys.iter().filter_map(|(key, value)| value.as_ref().map(|value| format!("{key}: {value}")));
            entries.push(format!("{{{}}}", keys.collect::<Vec<_>>().join(", ")));
        }
    }
    entries
}

/// One step with these entries.
pub(super) fn step(entries: &[&str]) -> Bench {
    Bench::new(&[("p", &format!("steps: [{{name: s, image: x, when: [{}]}}]", entries.join(", ")))])
}

/// All policies about pushes, by `only`, `any` and what is promised; of those about the same changes, the first.
fn policies(promises: &[&str], world: &World) -> Vec<Policy> {
    let lists = lists();
    let mut policies = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (only, any) in lists.iter().flat_map(|only| lists.iter().map(move |any| (only, any))) {
        let keys = [("only", only), ("any", any)];
        let keys = keys.iter().filter_map(|(key, value)| value.as_ref().map(|value| format!("{key}: {value}")));
        let changes = keys.collect::<Vec<_>>().join(", ");
        for promise in promises {
            let policy = policy(&format!("{{name: p, on: {{event: push}}, changes: {{{changes}}}, {promise}}}"));
            let about: Vec<bool> =
                world.contexts.iter().map(|context| policy.changes.is_match(context.files())).collect();
            if seen.insert((about, *promise)) {
                policies.push(policy);
            }
        }
    }
    policies
}

pub(super) fn runs(plan: &Plan) -> bool {
    let mut steps = plan.workflows.iter().flat_map(|workflow| &workflow.steps);
    steps.any(|step| step.name == "s" && step.verdict == Verdict::Run)
}

/// One of all entries for each of their behaviours, of which `of` takes what matters: what a server does on a push of each set of files, none
/// first, and on a tag.
pub(super) fn behaviours(server: &str, of: impl Fn(&[bool]) -> Vec<bool>) -> Vec<&'static str> {
    type Answered = (Vec<bool>, String);
    static ANSWERS: LazyLock<[Vec<Answered>; SERVERS.len()]> = LazyLock::new(|| {
        SERVERS.map(|server| {
            let world = World::new(&FILES, &[Event::Push, Event::Tag], server);
            let answers = |entry: &String| world.plans(&step(&[entry]), server).iter().map(runs).collect();
            let with_answers = |entry: String| (answers(&entry), entry);
            entries().into_iter().map(with_answers).collect()
        })
    });
    let at = SERVERS.iter().position(|known| *known == server).expect("one of the servers");
    let mut first: BTreeMap<Vec<bool>, &str> = BTreeMap::new();
    for (answers, entry) in &ANSWERS[at] {
        first.entry(of(answers)).or_insert(entry);
    }
    first.into_values().collect()
}

/// What is done on pushes.
fn on_pushes(answers: &[bool]) -> Vec<bool> {
    answers[..1 << FILES.len()].to_vec()
}

/// What is done on pushes with files, which are all but the first.
pub(super) fn on_files(answers: &[bool]) -> Vec<bool> {
    answers[1..1 << FILES.len()].to_vec()
}

const STEPS: [&str; 2] = ["always: [s]", "never: [s]"];

#[test]
fn proofs_about_one_entry_say_what_trying_every_change_says() {
    let events = [
        Event::Push,
        Event::PullRequest,
        Event::PullRequestClosed,
        Event::PullRequestMetadata,
        Event::Tag,
        Event::Manual,
    ];
    let entries = share(entries(), 61);
    for server in ["2.8", "3.4", "3.5", "3.17"] {
        let has = |event: &&Event| crate::prove::events(server.parse().expect("a version")).any(|it| it == **event);
        let world = World::new(&FILES, &events.iter().filter(has).cloned().collect::<Vec<_>>(), server);
        let pushes = World::new(&FILES, &[Event::Push], server);
        let mut all =
            policies(&["always: [s]", "never: [s]", "workflows: {always: [p]}", "workflows: {never: [p]}"], &pushes);
        for on in ["", "event: tag", "event: [pull_request, manual]", "event: pull_request_closed"] {
            all.extend(STEPS.map(|promise| policy(&format!("{{name: p, on: {{{on}}}, {promise}}}"))));
        }
        let results = entries.par_iter().map(|entry| agree(&step(&[entry]), &all, &world, server)).collect();
        assert_agree(&format!("one entry on {server}"), results);
    }
}

#[test]
fn proofs_about_two_entries_say_what_trying_every_change_says() {
    for server in SERVERS {
        let world = World::new(&FILES, &[Event::Push], server);
        let entries = behaviours(server, on_pushes);
        let pairs = entries.iter().enumerate().flat_map(|(at, one)| entries[at..].iter().map(move |two| [*one, *two]));
        let pairs = share(pairs.collect(), 151);
        let policies = policies(&STEPS, &world);
        let results = pairs.par_iter().map(|pair| agree(&step(pair), &policies, &world, server)).collect();
        assert_agree(
            &format!("two entries on {server}, {} behaviours, {} policies", entries.len(), policies.len()),
            results,
        );
    }
}

#[test]
fn proofs_about_three_entries_say_what_trying_every_change_says() {
    for server in SERVERS {
        let world = World::new(&FILES, &[Event::Push], server);
        let entries = behaviours(server, on_files);
        let mut triples = Vec::new();
        for (one, two) in (0..entries.len()).flat_map(|one| (one..entries.len()).map(move |two| (one, two))) {
            triples.extend(entries[two..].iter().map(|three| [entries[one], entries[two], three]));
        }
        let triples = share(triples, 499);
        let policies = policies(&STEPS, &world);
        let results = triples.par_iter().map(|triple| agree(&step(triple), &policies, &world, server)).collect();
        assert_agree(&format!("three entries on {server}, {} behaviours", entries.len()), results);
    }
}

/// Two entries that hang together: of a workflow and its step, of a step and one that needs it, of a workflow and one that needs it.
#[test]
fn proofs_about_what_needs_each_other_say_what_trying_every_change_says() {
    for server in SERVERS {
        let world = World::new(&FILES, &[Event::Push], server);
        let entries = behaviours(server, on_files);
        let pairs = entries.iter().flat_map(|one| entries.iter().map(move |two| [*one, *two]));
        let pairs: Vec<[&str; 2]> = share(pairs.collect(), 251);
        let policies =
            policies(&["always: [s]", "never: [s]", "workflows: {always: [q]}", "workflows: {never: [q]}"], &world);
        let of_pair = |[one, two]: &[&str; 2]| {
            let in_workflow = format!("when: {one}\nsteps: [{{name: s, image: x, when: {two}}}]");
            let in_steps = format!(
                "steps: [{{name: t, image: x, when: {one}}}, {{name: s, image: x, depends_on: [t], when: {two}}}]"
            );
            let [first, second] = [
                format!("when: {one}\nsteps: [{{name: t, image: x}}]"),
                format!("when: {two}\ndepends_on: [p]\nsteps: [{{name: s, image: x}}]"),
            ];
            let benches = [
                Bench::new(&[("q", &in_workflow)]),
                Bench::new(&[("q", &in_steps)]),
                Bench::new(&[("p", &first), ("q", &second)]),
            ];
            benches.map(|bench| agree(&bench, &policies, &world, server))
        };
        let results = pairs.par_iter().flat_map_iter(of_pair).collect();
        assert_agree(&format!("what needs each other on {server}"), results);
    }
}
