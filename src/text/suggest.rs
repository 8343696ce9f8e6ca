//! Did you mean: the known word that is nearest to one that is not known.

/// The longest word, in characters, that a suggestion is sought for.
const MAX_LEN: usize = 40;

/// The word of `known` that `word` is most likely a slip for, if any: the one with the fewest slips (a letter too many, too few, another, or
/// two swapped; an ASCII capital for a small letter and `-` for `_` are free), at most one slip for three characters. Of equals, the first.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = fold(word)?;
    let limit = (word.len() / 3).max(1);
    let mut best: Option<(usize, &'k str)> = None;
    for candidate in known {
        let Some(folded) = fold(candidate) else { continue };
        let limit = best.map_or(limit, |(distance, _)| distance.saturating_sub(1)).min(folded.len() / 2);
        if best.is_some_and(|(distance, _)| distance == 0) {
            break;
        }
        if let Some(distance) = distance(&word, &folded, limit) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The characters of `word` without what is free; `None` for an empty or a very long word.
fn fold(word: &str) -> Option<Vec<char>> {
    if word.is_empty() || word.len() > MAX_LEN * char::MAX.len_utf8() {
        return None;
    }
    let folded: Vec<char> =
        word.chars().map(|character| if character == '-' { '_' } else { character.to_ascii_lowercase() }).collect();
    (folded.len() <= MAX_LEN).then_some(folded)
}

/// How many slips make `b` out of `a`, if at most `limit`: one too many, one too few, another one, or two neighbours swapped (optimal
/// string alignment). Takes time in proportion to the product of the lengths.
pub fn distance<T: PartialEq>(a: &[T], b: &[T], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    // One row for each prefix of `a`: the current one and the two before it.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = above;
        above = row;
    }
    above.last().copied().filter(|&cost| cost <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 6] = ["branch", "event", "path", "image", "depends_on", "dns"];

    #[test]
    fn slips_are_mended() {
        let cases = [
            ("brnach", Some("branch")),
            ("branches", Some("branch")),
            ("Event", Some("event")),
            ("depends-on", Some("depends_on")),
            ("pathes", Some("path")),
            ("imag", Some("image")),
            ("dsn", Some("dns")),
            ("commands", None),
            ("x", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, KEYS), expected, "{word}");
        }
        assert_eq!(nearest(&"b".repeat(1_000_000), KEYS), None);
    }

    #[test]
    fn the_nearest_wins_and_of_equals_the_first() {
        assert_eq!(nearest("status", ["statuses", "status_", "statue"]), Some("status_"));
        assert_eq!(nearest("path", ["pith", "path"]), Some("path"));
    }

    #[test]
    fn the_distance_is_a_metric_on_short_words() {
        let words: Vec<Vec<char>> = ["", "a", "b", "ab", "ba", "aab", "aba", "abab", "bbbb"]
            .iter()
            .map(|word| word.chars().collect())
            .collect();
        for a in &words {
            assert_eq!(distance(a, a, 9), Some(0));
            for b in &words {
                assert_eq!(distance(a, b, 9), distance(b, a, 9));
                assert!(a == b || distance(a, b, 9) > Some(0));
            }
        }
        assert_eq!(distance(&['a', 'b'], &['b', 'a'], 9), Some(1));
    }
}
