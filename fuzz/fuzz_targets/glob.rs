//! A pattern and a path: parsing and matching end soon and without a panic, the set answers as the pattern does, and so does the automaton.
//!
//! The input is the pattern's length in one byte, the pattern (made UTF-8 if it is not), and the path.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wp_gate::glob::{Pattern, PatternSet};

/// The longest path that is matched.
const MAX_PATH: usize = 512;

fuzz_target!(|input: &[u8]| {
    let Some((&len, rest)) = input.split_first() else { return };
    let (text, path) = rest.split_at(usize::from(len).min(rest.len()));
    let path = &path[..path.len().min(MAX_PATH)];
    let text = String::from_utf8_lossy(text);

    let pattern = Pattern::parse(&text);
    let answer = pattern.try_match(path);
    assert_eq!(pattern.is_match(path), answer == Ok(true));
    assert_eq!(pattern.tokens().iter().map(|token| token.span.len() as usize).sum::<usize>(), text.len());
    if let Some(error) = pattern.error() {
        assert!(text.get(error.span.range()).is_some());
    }
    if let Some(nfa) = pattern.nfa() {
        assert_eq!(answer, Ok(nfa.is_match(path)));
    }

    let set: PatternSet = ["**/*.md", &*text, "a/**"].into_iter().collect();
    let mut matches = Vec::new();
    set.matches_into(path, &mut matches);
    assert_eq!(matches.contains(&1), answer == Ok(true));
    assert_eq!(set.first_match(path), matches.first().copied());
});
