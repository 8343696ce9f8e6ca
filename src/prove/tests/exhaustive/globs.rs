//! Patterns and pairs of them.

use std::collections::BTreeMap;
use std::rc::Rc;

use rayon::prelude::*;

use super::{assert_none, is_whole, share, tell};
use crate::glob::Pattern;
use crate::prove::Budget;
use crate::prove::domain::Domain;
use crate::prove::language::{At, Language};
use crate::prove::word::{Found, Membership, find};

/// What patterns are put together of.
pub(super) const TOKENS: [&str; 8] = ["a", "b", "/", "*", "**", "?", "[!a]", "{a,/b}"];

/// All patterns of up to `most` tokens, the shortest first; of each text one.
pub(super) fn patterns(most: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut longest = vec![String::new()];
    for _ in 0..most {
        longest = longest.iter().flat_map(|text| TOKENS.iter().map(move |token| format!("{text}{token}"))).collect();
        all.extend_from_slice(&longest);
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|text| seen.insert(text.clone()));
    all
}

/// All paths of up to `most` characters that git can have, the shortest first.
fn paths(most: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut longest = vec![String::new()];
    for _ in 0..most {
        let longer = |text: &String| ["a", "b", "x", "/"].map(|rune| format!("{text}{rune}"));
        longest =
            longest.iter().flat_map(longer).filter(|text| !text.starts_with('/') && !text.contains("//")).collect();
        all.extend(longest.iter().filter(|text| !text.ends_with('/')).cloned());
    }
    all
}

/// Which of the paths a pattern matches: a bit each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    fn new(bits: impl Iterator<Item = bool>) -> Self {
        let mut words = Vec::new();
        for (at, bit) in bits.enumerate() {
            if at % 64 == 0 {
                words.push(0);
            }
            words[at / 64] |= u64::from(bit) << (at % 64);
        }
        Self(words)
    }

    /// The first bit that is as wanted in both.
    fn first(&self, wanted: bool, other: &Self, other_wanted: bool, count: usize) -> Option<usize> {
        let word = |word: u64, wanted: bool| if wanted { word } else { !word };
        let both = self.0.iter().zip(&other.0).map(|(one, two)| word(*one, wanted) & word(*two, other_wanted));
        let at =
            both.enumerate().find(|(_, word)| *word != 0).map(|(at, word)| at * 64 + word.trailing_zeros() as usize);
        at.filter(|&at| at < count)
    }
}

/// Patterns, and what each matches.
pub(super) struct Universe {
    pub paths: Vec<String>,
    pub patterns: Vec<(String, Bits)>,
}

impl Universe {
    /// All patterns of up to `tokens`, over all paths of up to `runes`.
    pub(super) fn new(tokens: usize, runes: usize) -> Self {
        let paths = paths(runes);
        let bits = |text: String| {
            let pattern = Pattern::parse(&text);
            let bits = Bits::new(paths.iter().map(|path| pattern.is_match(path.as_bytes())));
            (text, bits)
        };
        let patterns = patterns(tokens).into_par_iter().map(bits).collect();
        Self { paths, patterns }
    }

    /// One pattern for each set of paths, and those without automaton, of which each is for itself.
    pub(super) fn classes(&self) -> Vec<usize> {
        let mut first: BTreeMap<&Bits, usize> = BTreeMap::new();
        let mut classes = Vec::new();
        for (at, (text, bits)) in self.patterns.iter().enumerate() {
            let is_odd = Pattern::parse(text).oddity().is_some();
            if is_odd || *first.entry(bits).or_insert(at) == at {
                classes.push(at);
            }
        }
        classes
    }
}

fn language(text: &str) -> Rc<Language> {
    Rc::new(Language::new([text].into_iter().collect()))
}

/// A path that is in these, as the proof has it.
fn look(memberships: &[(&Rc<Language>, bool)]) -> Found {
    let membership =
        |&(language, is_in): &(&Rc<Language>, bool)| Membership { language: Rc::clone(language), prefix: "", is_in };
    let memberships: Vec<Membership> = memberships.iter().map(membership).collect();
    find(Domain::Path, &memberships, &mut Budget::new(1 << 24)).expect("it is small")
}

fn length(path: &str) -> usize {
    path.chars().count()
}

#[test]
fn automata_match_what_patterns_match() {
    let universe = if is_whole() { Universe::new(4, 7) } else { Universe::new(3, 5) };
    let wrong = |(text, bits): &(String, Bits)| {
        let language = language(text);
        let mut budget = Budget::new(usize::MAX);
        let accepts = universe.paths.iter().map(|path| {
            let end = path.chars().try_fold(At::START, |at, rune| language.step(at, rune, &mut budget));
            end.is_ok_and(|at| language.outlook(at).accepts)
        });
        let accepts = Bits::new(accepts);
        let holds = match language.odd() {
            None => accepts == *bits,
            // Of these the automaton knows nothing.
            Some(_) => accepts.0.iter().all(|word| *word == 0),
        };
        (!holds).then(|| text.clone())
    };
    let failures: Vec<String> = universe.patterns.par_iter().filter_map(wrong).collect();
    assert_none(&failures, universe.patterns.len());
}

/// What pairs come to: how many have a pattern without automaton, how many answers were unclear, and the longest path that was found.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    odd: usize,
    unclear: usize,
    longest: usize,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        let longest = self.longest.max(other.longest);
        Self { odd: self.odd + other.odd, unclear: self.unclear + other.unclear, longest }
    }
}

/// Whether the proof says of two patterns what trying all paths says.
fn pair(universe: &Universe, languages: &[Rc<Language>], one: usize, two: usize) -> Result<Tally, String> {
    let most = universe.paths.last().map_or(0, |path| length(path));
    let ((text, bits), (other, other_bits)) = (&universe.patterns[one], &universe.patterns[two]);
    let is_odd = languages[one].odd().or(languages[two].odd()).is_some();
    let mut tally = Tally { odd: usize::from(is_odd), ..Tally::default() };
    for (is_in, other_in) in [(true, true), (true, false), (false, false)] {
        let tried = bits.first(is_in, other_bits, other_in, universe.paths.len()).map(|at| universe.paths[at].as_str());
        let found = look(&[(&languages[one], is_in), (&languages[two], other_in)]);
        let agrees = match (&found, tried) {
            (Found::Nothing, tried) => tried.is_none(),
            (Found::Unclear(_), _) => {
                tally.unclear += 1;
                is_odd
            }
            (Found::Text(path), tried) => {
                tally.longest = tally.longest.max(length(path));
                let holds = |text: &String, wanted| Pattern::parse(text).is_match(path.as_bytes()) == wanted;
                let is_path =
                    path.split('/').all(|name| !matches!(name.to_ascii_lowercase().as_str(), "" | "." | ".." | ".git"));
                let is_shortest = tried.map_or(most + 1..usize::MAX, |tried| length(tried)..length(tried) + 1);
                holds(text, is_in)
                    && holds(other, other_in)
                    && is_path
                    && (is_odd || is_shortest.contains(&length(path)))
            }
        };
        if !agrees {
            return Err(format!("in `{text}` {is_in}, in `{other}` {other_in}: {found:?}, and by trying {tried:?}"));
        }
    }
    Ok(tally)
}

#[test]
fn pairs_of_globs_have_in_common_what_trying_all_paths_says() {
    let universe = if is_whole() { Universe::new(4, 7) } else { Universe::new(3, 5) };
    let classes = universe.classes();
    let representative: BTreeMap<&Bits, usize> =
        classes.iter().rev().map(|&at| (&universe.patterns[at].1, at)).collect();

    // What matches the same paths is the same to the proof, too.
    let differs = |at: usize| {
        let (text, bits) = &universe.patterns[at];
        let other = &universe.patterns[representative[bits]].0;
        let [one, two] = [language(text), language(other)];
        let same = [(true, false), (false, true)]
            .iter()
            .all(|&(one_in, two_in)| matches!(look(&[(&one, one_in), (&two, two_in)]), Found::Nothing));
        (!same && one.odd().or(two.odd()).is_none()).then(|| format!("`{text}` and `{other}`"))
    };
    let all: Vec<usize> = (0..universe.patterns.len()).collect();
    let failures: Vec<String> = all.into_par_iter().filter_map(differs).collect();
    assert_none(&failures, universe.patterns.len());

    let rows: Vec<usize> = share(classes.clone(), 47);
    let of_rows = |rows: &[usize]| {
        let languages: Vec<Rc<Language>> = universe.patterns.iter().map(|(text, _)| language(text)).collect();
        let (mut failures, mut tally) = (Vec::new(), Tally::default());
        for &one in rows {
            for &two in &classes {
                match pair(&universe, &languages, one, two) {
                    Ok(more) => tally = tally.and(more),
                    Err(failure) => failures.push(failure),
                }
            }
        }
        (failures, tally)
    };
    let found: Vec<_> = rows.par_chunks(rows.len().div_ceil(16).max(1)).map(of_rows).collect();
    let failures: Vec<String> = found.iter().flat_map(|(failures, ..)| failures).cloned().collect();
    assert_none(&failures, rows.len() * classes.len());
    let tally = found.iter().fold(Tally::default(), |sum, (_, tally)| sum.and(*tally));
    let (patterns, pairs) = (universe.patterns.len(), rows.len() * classes.len());
    tell(&format!("{patterns} patterns, {} classes, {pairs} pairs, {tally:?}", classes.len()));
    // Of each pair three things are asked.
    assert!(tally.unclear < tally.odd * 2, "{tally:?}: too much is unclear of those that have no automaton");
}
