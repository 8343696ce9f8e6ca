//! A trie of byte strings: which of them does a path start with?

/// Byte strings, each with values, found by what starts with them.
#[derive(Clone, Debug)]
pub(super) struct Trie<V> {
    nodes: Vec<Node<V>>,
    /// The root's children by their byte, 0 for none: it has by far the most.
    first: Box<[u32; 256]>,
}

#[derive(Clone, Debug)]
struct Node<V> {
    /// The bytes that go on from here, sorted, and where to.
    edges: Vec<(u8, u32)>,
    values: Vec<V>,
}

impl<V> Node<V> {
    const EMPTY: Self = Self { edges: Vec::new(), values: Vec::new() };
}

impl<V> Trie<V> {
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node::EMPTY], first: Box::new([0; 256]) }
    }

    /// Adds `value` to the string that `bytes` spells.
    pub(super) fn insert(&mut self, bytes: impl Iterator<Item = u8>, value: V) {
        let mut node = 0;
        for (depth, byte) in bytes.enumerate() {
            let fresh = self.nodes.len();
            let edges = &mut self.nodes[node].edges;
            node = match edges.binary_search_by_key(&byte, |&(byte, _)| byte) {
                Ok(edge) => edges[edge].1 as usize,
                Err(edge) => {
                    edges.insert(edge, (byte, fresh as u32));
                    self.nodes.push(Node::EMPTY);
                    fresh
                }
            };
            if depth == 0 {
                self.first[usize::from(byte)] = node as u32;
            }
        }
        self.nodes[node].values.push(value);
    }

    /// Whether no string was added.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.len() == 1 && self.nodes[0].values.is_empty()
    }

    /// Calls `found` with the values of every string that `bytes` starts with, the shortest first.
    #[inline]
    pub(super) fn each_prefix(&self, mut bytes: impl Iterator<Item = u8>, mut found: impl FnMut(&[V])) {
        found(&self.nodes[0].values);
        let Some(byte) = bytes.next() else { return };
        let mut at = self.first[usize::from(byte)];
        while at != 0 {
            let node = &self.nodes[at as usize];
            if !node.values.is_empty() {
                found(&node.values);
            }
            let Some(byte) = bytes.next() else { return };
            at = node.edges.iter().find(|&&(edge, _)| edge == byte).map_or(0, |&(_, to)| to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_string_that_a_text_starts_with() {
        let mut trie = Trie::new();
        for (value, text) in ["", "a", "ab", "abc", "b", "ab"].into_iter().enumerate() {
            trie.insert(text.bytes(), value as u32);
        }
        let found = |text: &str| {
            let mut all = Vec::new();
            trie.each_prefix(text.bytes(), |values| all.extend_from_slice(values));
            all
        };
        assert_eq!(found(""), [0]);
        assert_eq!(found("abx"), [0, 1, 2, 5]);
        assert_eq!(found("abcd"), [0, 1, 2, 5, 3]);
        assert_eq!(found("ba"), [0, 4]);
        assert_eq!(found("x"), [0]);
    }
}
