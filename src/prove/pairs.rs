use std::collections::HashMap;
use std::hash::Hash;

/// A key, which one of that key, and what has it on either side.
type Pair<'p, T, K> = (K, usize, Option<&'p T>, Option<&'p T>);

/// What has the same key in `before` and `after`, the first of it with the first, the second with the second: in the order of `before`, then
/// what is new.
pub(super) fn pairs<'p, T, K: Clone + Eq + Hash>(
    before: &'p [T],
    after: &'p [T],
    key: impl Fn(&T) -> K,
) -> Vec<Pair<'p, T, K>> {
    let mut pairs: Vec<Pair<'_, T, K>> = Vec::with_capacity(before.len());
    let mut index = HashMap::new();
    for (key, nth, item) in numbered(before, &key) {
        index.insert((key.clone(), nth), pairs.len());
        pairs.push((key, nth, Some(item), None));
    }
    for (key, nth, item) in numbered(after, &key) {
        match index.get(&(key.clone(), nth)) {
            Some(&at) => pairs[at].3 = Some(item),
            None => pairs.push((key, nth, None, Some(item))),
        }
    }
    pairs
}

/// The items with their keys, and how many of the same key stand before each.
fn numbered<'p, T, K: Clone + Eq + Hash>(items: &'p [T], key: impl Fn(&T) -> K) -> Vec<(K, usize, &'p T)> {
    let mut counts: HashMap<K, usize> = HashMap::new();
    let number = |item: &'p T| {
        let key = key(item);
        let count = counts.entry(key.clone()).or_default();
        *count += 1;
        (key, *count - 1, item)
    };
    items.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn the_first_goes_with_the_first_and_the_second_with_the_second() {
        let (before, after) = (["a1", "b1", "a2"], ["a3", "c3", "b3", "b4"]);
        let paired = pairs(&before, &after, |item| item.as_bytes()[0]);
        let expected = [
            (b'a', 0, Some(&"a1"), Some(&"a3")),
            (b'b', 0, Some(&"b1"), Some(&"b3")),
            (b'a', 1, Some(&"a2"), None),
            (b'c', 0, None, Some(&"c3")),
            (b'b', 1, None, Some(&"b4")),
        ];
        assert_eq!(paired, expected);
    }
}
