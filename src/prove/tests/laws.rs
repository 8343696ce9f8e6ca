//! Pipelines and policies made at random, decided twice: by proof, and by trying every small change in the planner.
//!
//! `WP_GATE_LAWS=20000 cargo test --release laws` tries that many instead of a few.

use rayon::prelude::*;

use super::Bench;
use super::random::Random;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::plan::{Context, Request, plan};
use crate::policy::{Outcome, Policy};
use crate::prove::{Prover, Status, events};
use crate::server::Version;

const FILES: [&str; 6] = ["a", "a/b.md", "a/x", "b/c", "c.md", "c/d/e.md"];
const BRANCHES: [&str; 3] = ["main", "dev", "x/y"];
const MESSAGES: [&str; 2] = ["", "please Skip me"];
const AUTHORS: [&str; 3] = ["", "bot", "someone"];
const SERVERS: [&str; 6] = ["2.8", "3.4", "3.5", "3.14", "3.17", "next"];

/// Every set of up to three of the files.
fn file_sets() -> Vec<ChangedFiles> {
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
                        if author.is_empty() {
                            tried.broken = Some(tried.broken.map_or(files.len(), |fewest| fewest.min(files.len())));
                        }
                    }
                }
            }
        }
    }
    tried
}

fn metadata(base: &Metadata, event: &Event, branch: &str, message: &str, author: &str) -> Metadata {
    let mut metadata = base.clone();
    let current = &mut metadata.current;
    current.event = event.clone();
    message.clone_into(&mut current.commit.message);
    author.clone_into(&mut current.commit.author.name);
    branch.clone_into(&mut current.commit.branch);
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
            Some(fewest) if fewest < witness.change.files.len() => fail("there is a smaller witness"),
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
    let count: u64 = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(24);
    let results: Vec<Result<&str, String>> = (0..count).into_par_iter().map(agree).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failures.is_empty(), "{} of {count} disagree; the first:\n{}", failures.len(), failures[0]);
    for wanted in ["proved", "refuted", "unknown"] {
        let found = results.iter().filter(|result| **result == Ok(wanted)).count() as u64;
        assert!(found * 20 >= count, "{found} of {count} are {wanted}");
    }
}
