//! A trie of byte strings: which of them does a path start with?

/// Byte strings, each with values, found by what starts with them.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// The root's children by their byte, 0 for none: it has by far the most.
    first: Box<[u32; 256]>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// The bytes that go on from here, sorted, and where to.
    edges: Vec<(u8, u32)>,
    values: Vec<u32>,
}

impl Trie {
    pub fn new() -> Self {
        Self { nodes: vec![Node::default()], first: Box::new([0; 256]) }
    }

    /// Adds `value` to the string that `bytes` spells.
    pub fn insert(&mut self, bytes: impl Iterator<Item = u8>, value: u32) {
        let mut node = 0;
        for (depth, byte) in bytes.enumerate() {
            let fresh = self.nodes.len();
            let edges = &mut self.nodes[node].edges;
            node = match edges.binary_search_by_key(&byte, |&(byte, _)| byte) {
                Ok(edge) => edges[edge].1 as usize,
                Err(edge) => {
                    edges.insert(edge, (byte, fresh as u32));
                    self.nodes.push(Node::default());
                    fresh
                }
            };
            if depth == 0 {
                self.first[usize::from(byte)] = node as u32;
            }
        }
        self.nodes[node].values.push(value);
    }

    /// Calls `found` with the values of every string that `bytes` starts with, the shortest first.
    #[inline]
    pub fn each_prefix(&self, mut bytes: impl Iterator<Item = u8>, mut found: impl FnMut(&[u32])) {
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
