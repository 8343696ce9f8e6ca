//! One step with one path filter.

use rayon::prelude::*;

use super::globs::Universe;
use super::world::{World, agree, assert_agree, policy};
use super::{is_whole, share};
use crate::change::Event;
use crate::glob::Pattern;
use crate::policy::Policy;
use crate::prove::tests::Bench;

/// One path for each kind that the two patterns tell apart.
fn kinds<'u>(universe: &'u Universe, globs: [&str; 2]) -> Vec<&'u str> {
    let globs = globs.map(Pattern::parse);
    let mut kinds: Vec<([bool; 2], &str)> = Vec::new();
    for path in &universe.paths {
        let kind = globs.each_ref().map(|glob| glob.is_match(path.as_bytes()));
        if !kinds.iter().any(|(known, _)| *known == kind) {
            kinds.push((kind, path));
        }
    }
    kinds.into_iter().map(|(_, path)| path).collect()
}

/// All policies whose `only` and `any` are one of the two, or none.
fn policies(globs: [&str; 2]) -> Vec<Policy> {
    let lists = [None, Some(globs[0]), Some(globs[1])];
    let list = |key: &str, glob: Option<&str>| glob.map_or_else(String::new, |glob| format!("{key}: ['{glob}'], "));
    let mut policies = Vec::new();
    for (only, any) in lists.iter().flat_map(|only| lists.iter().map(move |any| (*only, *any))) {
        for promise in ["always", "never"] {
            let (only, any) = (list("only", only), list("any", any));
            policies
                .push(policy(&format!("{{name: p, on: {{event: push}}, changes: {{{only}{any}}}, {promise}: [s]}}")));
        }
    }
    policies
}

#[test]
fn proofs_about_one_filter_say_what_trying_every_change_says() {
    let universe = Universe::new(if is_whole() { 2 } else { 1 }, 5);
    let classes: Vec<&str> = universe
        .classes()
        .into_iter()
        .map(|at| universe.patterns[at].0.as_str())
        .filter(|text| Pattern::parse(text).oddity().is_none())
        .collect();
    let pairs = classes.iter().flat_map(|one| classes.iter().map(move |two| [*one, *two]));
    let pairs: Vec<[&str; 2]> = share(pairs.collect(), 9);
    let of_pair = |&[one, two]: &[&str; 2]| {
        let world = World::new(&kinds(&universe, [one, two]), &[Event::Push], "3.17");
        let policies = policies([one, two]);
        let filters = [
            format!("include: ['{one}']"),
            format!("exclude: ['{one}']"),
            format!("include: ['{one}'], exclude: ['{two}']"),
        ];
        let mut results = Vec::new();
        for (filter, on_empty) in filters.iter().flat_map(|filter| ["", ", on_empty: false"].map(|it| (filter, it))) {
            let bench = Bench::new(&[(
                "p",
                &format!("steps: [{{name: s, image: x, when: {{path: {{{filter}{on_empty}}}}}}}]"),
            )]);
            results.extend(["3.4", "3.17"].map(|server| agree(&bench, &policies, &world, server)));
        }
        results
    };
    let results = pairs.par_iter().flat_map_iter(of_pair).collect();
    assert_agree("filters", results);
}
