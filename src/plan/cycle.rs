//! Steps or workflows that wait for each other.

use std::collections::HashMap;

use petgraph::graph::{DiGraph, NodeIndex};

use crate::diag::Problem;
use crate::source::FileId;
use crate::text::escape;
use crate::workflow::Dependency;

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

/// A problem for each group of `all` that need each other, with a label for each edge inside it, in the order of `all`. `what` they are:
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
    let mut groups: Vec<Vec<usize>> = petgraph::algo::tarjan_scc(&graph)
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
    let names: Vec<String> = group.iter().map(|needs| format!("`{}`", escape(needs.name))).collect();
    let message = match names.as_slice() {
        [one] => format!("{what} {one} depends on itself"),
        _ => format!("{what}s {} depend on each other", names.join(", ")),
    };
    let mut problem = Problem::error("dependency-cycle", message).help("remove one of these dependencies");
    for needs in group {
        let inside = |dependency: &&Dependency| group.iter().any(|other| other.name == dependency.name);
        for dependency in needs.depends_on.iter().filter(inside) {
            let text = format!("`{}` needs `{}`", escape(needs.name), escape(&dependency.name));
            problem = problem.label(needs.file, dependency.place.span, text);
        }
    }
    problem
}
