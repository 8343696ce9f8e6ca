//! Pipelines and policies made at random, decided twice: by proof, and by trying every small change in the planner.
//!
//! `WP_GATE_LAWS=20000 cargo test --release laws` tries that many instead of a few.

use rayon::prelude::*;

use super::Bench;
use super::random::Random;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::plan::{Context, Key, Request, Verdict, plan};
use crate::policy::{Outcome, Policy};
use crate::prove::{Case, Change, Class, Formula, Formulas, Pipeline, Prover, Status, events};
use crate::server::Version;

const FILES: [&str; 6] = ["a", "a/b.md", "a/x", "b/c", "c.md", "c/d/e.md"];
pub(super) const BRANCHES: [&str; 3] = ["main", "dev", "x/y"];
const MESSAGES: [&str; 2] = ["", "please Skip me"];
const AUTHORS: [&str; 3] = ["", "bot", "someone"];
pub(super) const SERVERS: [&str; 6] = ["2.8", "3.4", "3.5", "3.14", "3.17", "next"];

/// Every set of up to three of the files.
pub(super) fn file_sets() -> Vec<ChangedFiles> {
    let sets = (0_u32..1 << FILES.len()).filter(|set| set.count_ones() <= 3);
    sets.map(|set| (0..FILES.len()).filter(|at| set >> at & 1 == 1).map(|at| FILES[at]).collect()).collect()
}

/// What trying everything comes to.
#[derive(Debug, Default)]
struct Tried {
    /// The fewest files of a change that breaks the policy, whoever its author is.
    broken: Option<usize>,
    /// A change breaks it with some author.
    broken_by_some: Option<String>,
}

fn try_all(bench: &Bench, server: Version, policy: &Policy) -> Tried {
    let texts: String = bench.files.iter().map(|(_, source)| source.text()).collect();
    // Only what is read can matter.
    let of = |all: &'static [&str], read: bool| if read { all } else { &all[..1] };
    let reads_branch = texts.contains("branch") || texts.contains("BRANCH") || texts.contains("ref:");
    let branches = of(&BRANCHES, reads_branch || !policy.on.branch.is_empty());
    let authors = of(&AUTHORS, texts.contains("CI_COMMIT_AUTHOR"));
    let skips = of(&MESSAGES, texts.contains("ignore_message"));
    let mut tried = Tried::default();
    let sets = file_sets();
    let none = [ChangedFiles::none()];
    for event in events(server).filter(|event| policy.on.has_event(event, !policy.changes.is_empty(), server)) {
        let with_files = event.has_changed_files(server);
        let sets = if with_files { sets.as_slice() } else { &none };
        let messages = of(skips, with_files);
        for &branch in branches {
            for (files, message) in sets.iter().flat_map(|files| messages.iter().map(move |message| (files, *message)))
            {
                let mut by = 0;
                for &author in authors {
                    let metadata = metadata(&bench.metadata, &event, branch, message, author);
                    let context = Context::predicted(metadata, files.clone(), Forge::Git, bench.empty.clone());
                    let request = Request {
                        server,
                        context: &context,
                        variables: &bench.empty,
                        policy: &bench.policy,
                        findings: false,
                    };
                    let plan = plan(&bench.files, &request).obey_skip_ci();
                    if let Outcome::Broken(_) = policy.check(&context, &plan, server) {
                        let change = || format!("{event} on {branch} of {files:?}, {message:?}, by {author:?}");
                        tried.broken_by_some.get_or_insert_with(change);
                        by += 1;
                    }
                }
                // Of an author who is not known the planner says what runs if nothing fails.
                if by == authors.len() {
                    tried.broken = Some(tried.broken.map_or(files.len(), |fewest| fewest.min(files.len())));
                }
            }
        }
    }
    tried
}

pub(super) fn metadata(base: &Metadata, event: &Event, branch: &str, message: &str, author: &str) -> Metadata {
    let mut metadata = base.clone();
    let current = &mut metadata.current;
    current.event = event.clone();
    message.clone_into(&mut current.commit.message);
    author.clone_into(&mut current.commit.author.name);
    // What stands there for a tag is not known.
    if !matches!(event, Event::Tag | Event::Release) {
        branch.clone_into(&mut current.commit.branch);
    }
    current.commit.git_ref = match event {
        Event::Tag | Event::Release => format!("refs/tags/{branch}"),
        event if event.is_of_pull_request() => "refs/pull/7/head".to_owned(),
        _ => format!("refs/heads/{branch}"),
    };
    if event.is_of_pull_request() {
        current.commit.refspec = format!("feature:{branch}");
    }
    if *event == Event::Cron {
        "nightly".clone_into(&mut current.cron);
    }
    metadata
}

/// One pipeline and policy, decided both ways; what it came to, or how the two disagree.
fn agree(seed: u64) -> Result<&'static str, String> {
    let mut random = Random::new(seed);
    let files = random.pipeline();
    let named: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let bench = Bench::new(&named);
    let policy = random.policy();
    let server = SERVERS[random.below(SERVERS.len())];
    let setting = bench.setting(server);
    let text = || {
        let files: Vec<String> = files.iter().map(|(name, text)| format!("--- {name}\n{text}")).collect();
        format!("seed {seed}, server {server}\n{}--- {policy:?}\n", files.concat())
    };
    let status = Prover::new(&bench.files, setting).prove(&policy).status;
    let tried = try_all(&bench, setting.server, &policy);
    let fail = |what: &str| Err(format!("{}{what}\nproof: {status:?}\ntried: {tried:?}", text()));
    match &status {
        Status::Proved if tried.broken_by_some.is_some() => fail("it is proved, and broken"),
        Status::Proved => Ok("proved"),
        Status::Refuted(witness) => match tried.broken {
            // A change of one file is as good as one of none.
            Some(fewest) if fewest.max(1) < witness.change.files.len() => fail("there is a smaller witness"),
            _ => Ok("refuted"),
        },
        Status::Unknown { because, .. } if because.contains("confirm") => fail("a witness is not confirmed"),
        Status::Unknown { because, .. } if because.contains("large") => fail("it is small"),
        Status::Unknown { because, .. } if because.contains("hangs on") && tried.broken.is_some() => {
            fail("it hangs on nothing")
        }
        Status::Unknown { .. } => Ok("unknown"),
    }
}

#[test]
fn a_proof_says_what_trying_every_small_change_says() {
    let count: u64 = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(16);
    let results: Vec<Result<&str, String>> = (0..count).into_par_iter().map(agree).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    let first = failures.first().copied().cloned().unwrap_or_default();
    assert!(failures.is_empty(), "{} of {count} disagree; the first:\n{first}", failures.len());
    for wanted in ["proved", "refuted", "unknown"] {
        let found = results.iter().filter(|result| **result == Ok(wanted)).count() as u64;
        assert!(found * 20 >= count, "{found} of {count} are {wanted}");
    }
}

/// Two pipelines: one made at random, and the same with other conditions on its steps. Where a step of the one runs and not of the other is
/// told in kinds of change, which are all of these changes and no other.
fn differences_are_exact(seed: u64) -> Result<usize, String> {
    let mut random = Random::new(seed ^ 0xD1FF);
    let [one, other] = [random.workflow(&["p"]), random.workflow(&["p"])];
    let [before, after] = [&one, &other].map(|text| Bench::new(&[("p", text)]));
    let setting = before.setting(SERVERS[random.below(SERVERS.len())]);
    let mut kinds = 0;
    for event in [Event::Push, Event::Tag] {
        let mut case = Case::new(event.clone(), setting);
        let [old, new] = [&before, &after].map(|bench| case.pipeline(&bench.files));
        let runs = |pipeline: &Pipeline, formulas: &mut Formulas| {
            let steps = pipeline.workflows.iter().flat_map(|workflow| &workflow.steps);
            let runs: Vec<Formula> = steps.filter(|step| step.name == "s").map(|step| step.runs).collect();
            formulas.any(runs)
        };
        let (old, new) = (runs(&old, &mut case.formulas), runs(&new, &mut case.formulas));
        let lost = case.formulas.all([old, !new]);
        let classes = case.classes(lost, 20);
        if classes.more.is_some() || classes.classes.iter().any(|class| !class.hangs.is_empty()) {
            continue;
        }
        kinds += classes.classes.len();
        let with_files = event.has_changed_files(setting.server);
        for files in file_sets().into_iter().take(if with_files { usize::MAX } else { 1 }) {
            for (branch, message) in BRANCHES.iter().flat_map(|branch| MESSAGES.map(|message| (*branch, message))) {
                let metadata = metadata(&before.metadata, &event, branch, message, "");
                let context = Context::predicted(metadata, files.clone(), Forge::Git, before.empty.clone());
                let runs = |bench: &Bench| {
                    let plan = case.plan(&bench.files, &context);
                    let steps: Vec<Verdict> = plan
                        .workflows
                        .iter()
                        .flat_map(|it| &it.steps)
                        .filter(|it| it.name == "s")
                        .map(|it| it.verdict)
                        .collect();
                    (steps.contains(&Verdict::Run), steps.contains(&Verdict::Unknown))
                };
                let ((old, old_unknown), (new, new_unknown)) = (runs(&before), runs(&after));
                if old_unknown || new_unknown {
                    continue;
                }
                let values = [(Key::Branch, context.branch()), (Key::Ref, context.git_ref())];
                let values = values.into_iter().filter_map(|(key, value)| Some((key, value?.to_owned())));
                let change = Change {
                    files: files.iter().map(ToString::to_string).collect(),
                    message: message.to_owned(),
                    values: values.collect(),
                };
                let gives = |class: &Class, case: &mut Case<'_>| {
                    class.answers.iter().all(|(question, answer)| case.answer(question, &change) == Some(*answer))
                };
                let told = classes.classes.iter().any(|class| gives(class, &mut case));
                if told != (old && !new) {
                    let classes: Vec<String> = classes.classes.iter().map(ToString::to_string).collect();
                    return Err(format!(
                        "seed {seed}, server {}, {event}: {change:?}: {old} {new} told {told} by {classes:#?}\n{one}---\n{other}",
                        setting.server
                    ));
                }
            }
        }
    }
    Ok(kinds)
}

#[test]
fn kinds_of_change_are_all_that_differ_and_no_other() {
    let count: u64 = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(16);
    let results: Vec<Result<usize, String>> = (0..count).into_par_iter().map(differences_are_exact).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    let first = failures.first().copied().cloned().unwrap_or_default();
    assert!(failures.is_empty(), "{} of {count} differ; the first:\n{first}", failures.len());
    let kinds: usize = results.iter().flatten().sum();
    assert!(kinds as u64 * 2 > count, "{kinds} kinds");
}
