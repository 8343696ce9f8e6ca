//! Which versions answer alike.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::pipelines::{FILES, entries, step};
use super::world::World;
use super::{assert_none, share};
use crate::plan::Verdict;
use crate::prove::events;
use crate::server::{DIFFERENCES, Difference, Version};

/// The differences between versions that path filters have part in.
const TOUCHING: [Difference; 3] =
    [Difference::PullRequestClosedIsPull, Difference::ExcludeNeedsEveryFile, Difference::PullRequestMetadata];

/// Every version at which anything changes.
fn versions() -> Vec<Version> {
    let mut versions = vec![Version::OLDEST];
    versions.extend(DIFFERENCES.iter().flat_map(|row| [row.since, row.until]).flatten());
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// What a version has of what touches path filters.
fn class(version: Version) -> [bool; TOUCHING.len()] {
    TOUCHING.map(|difference| version.has(difference))
}

#[test]
fn a_version_filters_paths_as_the_one_that_stands_for_it() {
    let versions = versions();
    let mut first: BTreeMap<[bool; TOUCHING.len()], Version> = BTreeMap::new();
    for &version in &versions {
        first.entry(class(version)).or_insert(version);
    }
    let stand: Vec<String> = first.values().map(Version::to_string).collect();
    assert!(versions.len() > 10 && first.len() == 4, "{stand:?} stand for {versions:?}");
    // Those that the other laws are about, one of each.
    let mut tried: Vec<_> = ["2.8", "3.4", "3.5", "3.17"].map(|text| class(text.parse().expect("a version"))).to_vec();
    tried.sort_unstable();
    assert!(tried.iter().eq(first.keys()), "{stand:?}");

    let entries = share(entries(), 31);
    let wrong = |entry: &String| {
        let bench = step(&[entry]);
        let answers = |version: Version| {
            let events: Vec<_> = events(version).collect();
            let server = version.to_string();
            let world = World::new(&FILES, &events, &server);
            let plans = world.plans(&bench, &server);
            let answers = world.contexts.iter().zip(plans).map(|(context, plan)| {
                let verdicts: Vec<Verdict> =
                    plan.workflows.iter().flat_map(|it| &it.steps).map(|it| it.verdict).collect();
                ((context.event().clone(), context.files().clone()), verdicts)
            });
            answers.collect::<Vec<_>>()
        };
        let differs = |&&version: &&Version| answers(version) != answers(first[&class(version)]);
        versions.iter().find(differs).map(|version| format!("{entry} on {version}"))
    };
    let failures: Vec<String> = entries.par_iter().filter_map(wrong).collect();
    assert_none(&failures, entries.len());
}
