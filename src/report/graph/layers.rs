//! Layers of a graph: each node behind all that it needs.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// The layer of each node, which stands right behind the last of those that it `needs`; one that needs nothing stands in layer `first`.
/// `fixed` nodes stand where they are told to. Nodes that need each other share a layer.
pub(super) fn layers(needs: &[Vec<usize>], fixed: impl Fn(usize) -> Option<usize>, first: usize) -> Vec<usize> {
    let edges = needs.iter().enumerate().flat_map(|(node, needs)| needs.iter().map(move |&needed| (needed, node)));
    let mut graph = DiGraph::<(), (), usize>::with_capacity(needs.len(), needs.len());
    for _ in needs {
        graph.add_node(());
    }
    for (needed, node) in edges {
        graph.add_edge(needed.into(), node.into(), ());
    }
    let mut layers = vec![None; needs.len()];
    // Groups come with those behind them first.
    for group in kosaraju_scc(&graph).iter().rev() {
        let behind = group.iter().flat_map(|node| &needs[node.index()]).filter_map(|&needed| layers[needed]).max();
        let layer = behind.map_or(first, |last: usize| last + 1);
        for node in group {
            layers[node.index()] = Some(fixed(node.index()).unwrap_or(layer));
        }
    }
    layers.into_iter().map(|layer| layer.unwrap_or(first)).collect()
}
