//! Pairs of pipelines over three folders.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::pipelines::{FILES, SERVERS, behaviours, on_files, step};
use super::world::World;
use super::{assert_none, share, tell};
use crate::change::Event;
use crate::prove::tests::compare::{differing, is_in};
use crate::prove::{Case, Change, Shift, Target, compare};

/// Whether the comparison of two lists of entries says of each change what the planner says.
fn agree(before: &[&str], after: &[&str], world: &World, server: &str) -> Result<usize, String> {
    let (old, new) = (step(before), step(after));
    let setting = old.setting(server);
    let plans = [&old, &new].map(|bench| world.plans(bench, server));
    let mut told = 0;
    for event in [Event::Push, Event::Tag] {
        let comparison = compare(&old.files, &new.files, setting, std::slice::from_ref(&event));
        let fail = |what: String| Err(format!("{server}, {event}\n{before:?}\n{after:?}\n{what}\n{comparison:#?}"));
        if !comparison.undecided.is_empty() || comparison.differences.iter().any(|it| it.more.is_some()) {
            return fail("it is not decided".to_owned());
        }
        told += comparison.differences.len();
        let mut case = Case::new(event.clone(), setting);
        for (at, context) in world.contexts.iter().enumerate().filter(|(_, context)| *context.event() == event) {
            let files: Vec<String> = context.files().iter().map(ToString::to_string).collect();
            let change = Change { files, ..Change::default() };
            let mut said: Vec<(Target, Shift)> = Vec::new();
            for difference in &comparison.differences {
                if difference.kinds.iter().any(|kind| is_in(&kind.class, &change, &mut case)) {
                    said.extend(difference.targets.iter().map(|target| (target.clone(), difference.shift)));
                }
            }
            said.sort_unstable();
            let mut planned = differing([&plans[0][at], &plans[1][at]]);
            planned.sort_unstable();
            if said != planned {
                return fail(format!("{change:?}\ntold: {said:?}\nplanned: {planned:?}"));
            }
        }
    }
    Ok(told)
}

fn assert_agree(what: &str, results: &[Result<usize, String>]) {
    let failures: Vec<String> = results.iter().filter_map(|result| result.as_ref().err()).cloned().collect();
    assert_none(&failures, results.len());
    let told: usize = results.iter().flatten().sum();
    tell(&format!("{what}: {} pairs, {told} differences", results.len()));
    assert!(told > 0);
}

#[test]
fn comparisons_of_one_entry_say_what_trying_every_change_says() {
    for server in SERVERS {
        let world = World::new(&FILES, &[Event::Push, Event::Tag], server);
        let entries = behaviours(server, <[bool]>::to_vec);
        let pairs = entries.iter().flat_map(|one| entries.iter().map(move |two| (*one, *two)));
        let pairs: Vec<(&str, &str)> = share(pairs.collect(), 401);
        let results: Vec<_> = pairs.par_iter().map(|(one, two)| agree(&[*one], &[*two], &world, server)).collect();
        assert_agree(&format!("one entry on {server}"), &results);
    }
}

#[test]
fn comparisons_of_two_entries_say_what_trying_every_change_says() {
    for server in SERVERS {
        let world = World::new(&FILES, &[Event::Push, Event::Tag], server);
        let single = behaviours(server, on_files);
        // Of each behaviour that only two entries together have, one.
        let mut first: BTreeMap<Vec<bool>, [&str; 2]> = BTreeMap::new();
        let alone: Vec<Vec<bool>> = single.iter().map(|entry| answers(&[*entry], &world, server)).collect();
        for (at, one) in single.iter().enumerate() {
            for two in &single[at + 1..] {
                let both = answers(&[*one, *two], &world, server);
                if !alone.contains(&both) {
                    first.entry(both).or_insert([*one, *two]);
                }
            }
        }
        let doubles: Vec<Vec<&str>> = first.into_values().map(|both| both.to_vec()).collect();
        let singles = single.iter().map(|one| vec![*one]);
        let all: Vec<Vec<&str>> = singles.chain(doubles.iter().cloned()).collect();
        let pairs = doubles.iter().flat_map(|one| all.iter().map(move |two| (one, two)));
        let pairs: Vec<(&Vec<&str>, &Vec<&str>)> = share(pairs.collect(), 251);
        let results: Vec<_> = pairs.par_iter().map(|(one, two)| agree(one, two, &world, server)).collect();
        assert_agree(&format!("two entries on {server}, {} behaviours", doubles.len()), &results);
    }
}

fn answers(entries: &[&str], world: &World, server: &str) -> Vec<bool> {
    world.plans(&step(entries), server).iter().map(super::pipelines::runs).collect()
}
