//! Steps or workflows that wait for each other.

use std::collections::{HashMap, HashSet};

use petgraph::graph::{DiGraph, NodeIndex};

use crate::diag::Problem;
use crate::source::FileId;
use crate::text::escape;
use crate::workflow::Dependency;

/// How many steps are named before the rest is counted.
const NAMED: usize = 20;
/// How many edges are pointed at.
const POINTED: usize = 100;

/// A step or workflow, and what it needs.
#[derive(Clone, Copy, Debug)]
pub struct Needs<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it needs.
    pub depends_on: &'a [Dependency],
    /// The file that says so.
    pub file: FileId,
}

/// A problem for each group of `all` that need each other, with a label for each edge inside it (the first 100), in the order of `all`. `what` they are:
/// `step` or `workflow`. Of several with one name the last counts, and needs that are not among `all` do not.
pub fn cycles(what: &str, all: &[Needs<'_>]) -> Vec<Problem> {
    let mut graph = DiGraph::<usize, ()>::with_capacity(all.len(), all.len());
    let mut by_name: HashMap<&str, NodeIndex> = HashMap::with_capacity(all.len());
    for (at, needs) in all.iter().enumerate() {
        match by_name.get(needs.name) {
            Some(&node) => graph[node] = at,
            None => drop(by_name.insert(needs.name, graph.add_node(at))),
        }
    }
    for node in graph.node_indices() {
        for needed in all[graph[node]].depends_on.iter().filter_map(|it| by_name.get(it.name.as_str())) {
            graph.add_edge(*needed, node, ());
        }
    }
    // Its other one, after Tarjan, recurses along every chain.
    let mut groups: Vec<Vec<usize>> = petgraph::algo::kosaraju_scc(&graph)
        .into_iter()
        .filter(|group| group.len() > 1 || graph.contains_edge(group[0], group[0]))
        .map(|group| group.into_iter().map(|node| graph[node]).collect())
        .collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    groups.iter().map(|group| cycle(what, &group.iter().map(|&at| all[at]).collect::<Vec<_>>())).collect()
}

fn cycle(what: &str, group: &[Needs<'_>]) -> Problem {
    let mut names: Vec<String> = group.iter().take(NAMED).map(|needs| format!("`{}`", escape(needs.name))).collect();
    names.extend(group.len().checked_sub(NAMED).filter(|&more| more > 0).map(|more| format!("and {more} more")));
    let message = match names.as_slice() {
        [one] => format!("{what} {one} depends on itself"),
        _ => format!("{what}s {} depend on each other", names.join(", ")),
    };
    let inside: HashSet<&str> = group.iter().map(|needs| needs.name).collect();
    let edges = group.iter().flat_map(|needs| needs.depends_on.iter().map(move |dependency| (needs, dependency)));
    let edges = edges.filter(|(_, dependency)| inside.contains(dependency.name.as_str())).take(POINTED);
    let problem = Problem::error("dependency-cycle", message).help("remove one of these dependencies");
    edges.fold(problem, |problem, (needs, dependency)| {
        let text = format!("`{}` needs `{}`", escape(needs.name), escape(&dependency.name));
        problem.label(needs.file, dependency.place.span, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Sources, Span};
    use crate::workflow::Place;

    #[test]
    fn long_chains_are_gone_through_and_long_cycles_are_told_in_short() {
        const LONG: usize = 100_000;
        let file = Sources::new().add(Source::new("ci.yaml", ""));
        let names: Vec<String> = (0..LONG).map(|at| format!("s{at}")).collect();
        let place = Place { span: Span::new(0, 0), via: Vec::new(), node: None };
        let on = |at: usize| vec![Dependency { name: format!("s{at}"), optional: false, place: place.clone() }];
        let mut needs: Vec<Vec<Dependency>> = (1..=LONG).map(on).collect();
        let of = |needs: &[Vec<Dependency>]| {
            let all = names.iter().zip(needs);
            let all: Vec<_> = all.map(|(name, depends_on)| Needs { name, depends_on, file }).collect();
            cycles("step", &all)
        };
        assert_eq!(of(&needs), []);
        needs[LONG - 1] = on(0);
        let found = of(&needs);
        assert_eq!((found.len(), found[0].labels.len()), (1, POINTED));
        assert!(found[0].message.ends_with("`s19`, and 99980 more depend on each other"), "{}", found[0].message);
    }
}
