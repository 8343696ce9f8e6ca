//! From the steps that survive to stages: what runs after what.
//!
//! The server's `compiler/dag.go` is the model. Only the survivors count: if any of them has `depends_on`, even an empty list, they
//! form a graph, else each is a stage of its own, in order.

use std::collections::HashMap;

use petgraph::graph::{DiGraph, NodeIndex};

use super::cycle::{Needs, cycles};
use crate::diag::Problem;
use crate::server::{Difference, Version};
use crate::source::FileId;
use crate::text::escape;
use crate::workflow::Step;

/// A step that its conditions let through.
#[derive(Clone, Copy)]
pub(super) struct Survivor<'w> {
    /// Its index in the workflow's steps.
    pub index: usize,
    pub step: &'w Step,
    /// False when its conditions hang on the server.
    pub certain: bool,
}

/// The order of the survivors.
#[derive(Debug, Default)]
pub(super) struct Stages {
    /// Indices of steps, stage by stage.
    pub stages: Vec<Vec<usize>>,
    /// Steps that another one of the same name replaces: by whom.
    pub replaced: Vec<(usize, usize)>,
    /// Errors refuse the pipeline; warnings do if a step that hangs on the server turns out so.
    pub problems: Vec<Problem>,
}

/// Orders `survivors`. `all` are the workflow's steps, to tell a filtered dependency from one that never was.
pub(super) fn order(survivors: &[Survivor<'_>], all: &[Step], file: FileId, server: Version) -> Stages {
    if survivors.iter().any(|survivor| survivor.step.depends_on.is_some()) {
        graph(survivors, all, file, server)
    } else {
        Stages { stages: sequence(survivors, server), ..Stages::default() }
    }
}

/// One stage each, but for neighbours of one `group` on server 2.x.
fn sequence(survivors: &[Survivor<'_>], server: Version) -> Vec<Vec<usize>> {
    let groups = server.has(Difference::LegacyKeys);
    let mut stages: Vec<Vec<usize>> = Vec::with_capacity(survivors.len());
    let mut current = "";
    for survivor in survivors {
        let group = survivor.step.group.as_str();
        match stages.last_mut() {
            Some(stage) if groups && !group.is_empty() && group == current => stage.push(survivor.index),
            _ => stages.push(vec![survivor.index]),
        }
        current = group;
    }
    stages
}

fn graph(survivors: &[Survivor<'_>], all: &[Step], file: FileId, server: Version) -> Stages {
    let mut out = Stages::default();
    let mut graph = DiGraph::<Survivor<'_>, ()>::with_capacity(survivors.len(), survivors.len());
    let mut by_name: HashMap<&str, NodeIndex> = HashMap::with_capacity(survivors.len());
    for &survivor in survivors {
        let name = survivor.step.name.value.as_str();
        match by_name.get(name).copied() {
            None => {
                by_name.insert(name, graph.add_node(survivor));
            }
            Some(earlier) => {
                if server.has(Difference::UniqueStepNames) {
                    out.problems.push(duplicate(graph[earlier].step, survivor, file));
                }
                out.replaced.push((graph[earlier].index, survivor.index));
                graph[earlier] = survivor;
            }
        }
    }
    for node in graph.node_indices() {
        let survivor = graph[node];
        for dependency in survivor.step.depends_on.iter().flatten() {
            match by_name.get(dependency.name.as_str()) {
                Some(&needed) => {
                    graph.add_edge(needed, node, ());
                    if survivor.certain && !graph[needed].certain && !dependency.optional {
                        let filtered = missing(survivor, &dependency.name, &dependency.place, all, file);
                        out.problems.push(uncertain(filtered));
                    }
                }
                None if dependency.optional => {}
                None => {
                    let problem = missing(survivor, &dependency.name, &dependency.place, all, file);
                    out.problems.push(if survivor.certain { problem } else { uncertain(problem) });
                }
            }
        }
    }
    out.problems.extend(cycles_of(&graph, file));
    out.stages = levels(&graph);
    out
}

/// The cycles; of those that not all of their steps are certain of, as problems that may not come to be.
fn cycles_of(graph: &DiGraph<Survivor<'_>, ()>, file: FileId) -> Vec<Problem> {
    let among = |certain: bool| {
        let survivors = graph.node_weights().filter(|survivor| survivor.certain || !certain);
        let left: Vec<Needs<'_>> = survivors.map(|survivor| needs(survivor.step, file)).collect();
        cycles("step", &left)
    };
    let mut all = among(false);
    if all.is_empty() || graph.node_weights().all(|survivor| survivor.certain) {
        return all;
    }
    let certain = among(true);
    all.retain(|problem| !certain.contains(problem));
    certain.into_iter().chain(all.into_iter().map(uncertain)).collect()
}

fn needs(step: &Step, file: FileId) -> Needs<'_> {
    Needs { name: &step.name.value, depends_on: step.depends_on.as_deref().unwrap_or_default(), file }
}

/// The stages of a graph: a step stands in the first one after all it needs. Steps on a cycle, and behind one, stand in none.
fn levels(graph: &DiGraph<Survivor<'_>, ()>) -> Vec<Vec<usize>> {
    let needs = |node| graph.neighbors_directed(node, petgraph::Incoming);
    let mut waiting: HashMap<NodeIndex, usize> = graph.node_indices().map(|node| (node, needs(node).count())).collect();
    let mut ready: Vec<NodeIndex> = graph.node_indices().filter(|node| waiting[node] == 0).collect();
    let mut stages = Vec::new();
    while !ready.is_empty() {
        let mut stage: Vec<usize> = ready.iter().map(|&node| graph[node].index).collect();
        stage.sort_unstable();
        stages.push(stage);
        let mut next = Vec::new();
        for node in ready {
            for after in graph.neighbors(node) {
                let left = waiting.entry(after).or_default();
                *left -= 1;
                if *left == 0 {
                    next.push(after);
                }
            }
        }
        ready = next;
    }
    stages
}

fn duplicate(earlier: &Step, later: Survivor<'_>, file: FileId) -> Problem {
    let name = escape(&earlier.name.value);
    Problem::error("duplicate-step", format!("two steps are named `{name}`, and some step has `depends_on`"))
        .label(file, later.step.name.place.span, "the second")
        .label(file, earlier.name.place.span, "the first")
        .help("give each step its own name")
}

fn missing(survivor: Survivor<'_>, name: &str, place: &crate::workflow::Place, all: &[Step], file: FileId) -> Problem {
    let (step, shown) = (escape(&survivor.step.name.value), escape(name));
    let Some(filtered) = all.iter().find(|step| step.name.value == name) else {
        return Problem::error(
            "unknown-dependency",
            format!("step `{step}` depends on `{shown}`, which is not a step"),
        )
        .label(file, place.span, "no step has this name")
        .help("name a step of this workflow");
    };
    let message = format!("step `{step}` runs but depends on `{shown}`, which its conditions filter out");
    let problem = Problem::error("filtered-dependency", message).label(file, place.span, "needed here");
    let problem = match &filtered.when.place {
        Some(when) => problem.label(file, when.span, format!("filters `{shown}` out")),
        None => problem,
    };
    problem.help("give both steps the same conditions, or make the dependency optional (`{name: …, optional: true}`, server 3.15)")
}

/// The same problem, of a step whose conditions hang on the server.
fn uncertain(mut problem: Problem) -> Problem {
    problem.severity = crate::diag::Severity::Warning;
    problem.message.push_str(" if the values that only the server has turn out so");
    problem
}
