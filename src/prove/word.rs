//! A text that is in some languages and not in others, or that there is none.

use std::rc::Rc;

use indexmap::{Equivalent, IndexSet};

use super::domain::{Domain, Progress};
use super::language::{At, Language};
use super::limit::{Budget, TooLarge};

/// How many states one search may visit.
const MAX_STATES: usize = 1 << 17;

/// How many texts are tried where a glob has no automaton.
const MAX_TRIES: usize = 256;

/// That a text, with something before it, is in a language, or that it is not.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub language: Rc<Language>,
    /// What stands before the text.
    pub prefix: &'static str,
    pub is_in: bool,
}

impl Membership {
    /// Whether it is true of `text`, by the server's own rules.
    pub(super) fn holds(&self, text: &str) -> bool {
        let matches = match self.prefix {
            "" => self.language.is_match(text.as_bytes()),
            prefix => self.language.is_match(format!("{prefix}{text}").as_bytes()),
        };
        matches == self.is_in
    }
}

/// What a search came to.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// This text.
    Text(String),
    /// There is none.
    Nothing,
    /// None was found, but a glob without automaton keeps it from being certain: this one.
    Unclear(String),
}

/// Looks for a text of `domain` that all of `memberships` are true of: one of the shortest.
pub(super) fn find(domain: Domain, memberships: &[Membership], budget: &mut Budget) -> Result<Found, TooLarge> {
    Search { domain, memberships, budget, places: IndexSet::new(), from: Vec::new(), ranges: Vec::new() }.run()
}

/// A language's state, or that nothing more can change.
const SETTLED: u32 = u32::MAX;

/// Where a text is: in its domain, and in each language.
type Place = (Progress, Box<[u32]>);

/// A [`Place`] that is looked for: most are known already, and need no memory of their own.
#[derive(Hash)]
struct Sought<'s>(Progress, &'s [u32]);

impl Equivalent<Place> for Sought<'_> {
    fn equivalent(&self, (progress, states): &Place) -> bool {
        self.0 == *progress && *self.1 == **states
    }
}

struct Search<'a, 'b> {
    domain: Domain,
    memberships: &'a [Membership],
    budget: &'b mut Budget,
    /// Those that a text leads to, the ones that a shorter text leads to first.
    places: IndexSet<Place>,
    /// For each, the place before it, and the character from there.
    from: Vec<Option<(usize, char)>>,
    /// Where ranges of characters begin; kept for its memory.
    ranges: Vec<u32>,
}

impl Search<'_, '_> {
    fn run(&mut self) -> Result<Found, TooLarge> {
        let odd = self.memberships.iter().find_map(|it| it.language.odd()).map(|glob| glob.text().to_owned());
        let mut start = Vec::with_capacity(self.memberships.len());
        for membership in self.memberships {
            let language = &membership.language;
            let mut at = At::START;
            for rune in membership.prefix.chars() {
                at = language.step(at, rune, self.budget)?;
            }
            match settle(membership, at) {
                Some(state) => start.push(state),
                None => return Ok(Found::Nothing),
            }
        }
        self.visit(Progress::NONE, &start, None)?;
        let mut tries = 0;
        let mut at = 0;
        while at < self.places.len() {
            if self.accepts(at) {
                let text = self.text(at);
                if self.memberships.iter().all(|membership| membership.holds(&text)) {
                    return Ok(Found::Text(text));
                }
                tries += 1;
                if tries == MAX_TRIES {
                    break;
                }
            }
            self.expand(at)?;
            at += 1;
        }
        Ok(if tries > 0 { Found::Unclear(odd.unwrap_or_default()) } else { Found::Nothing })
    }

    fn visit(&mut self, progress: Progress, states: &[u32], from: Option<(usize, char)>) -> Result<(), TooLarge> {
        if self.places.contains(&Sought(progress, states)) {
            return Ok(());
        }
        if self.places.len() == MAX_STATES {
            return Err(TooLarge);
        }
        self.budget.spend(1 + states.len())?;
        self.places.insert((progress, states.into()));
        self.from.push(from);
        Ok(())
    }

    fn accepts(&self, at: usize) -> bool {
        let (progress, states) = &self.places[at];
        let agrees = |(membership, &state): (&Membership, &u32)| {
            state == SETTLED
                || membership.language.outlook(At::from(state)).accepts == membership.is_in
                // What the automaton leaves out may accept.
                || membership.is_in && membership.language.odd().is_some()
        };
        self.domain.accepts(*progress) && self.memberships.iter().zip(states).all(agrees)
    }

    fn expand(&mut self, at: usize) -> Result<(), TooLarge> {
        let (progress, states) = self.places[at].clone();
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.clear();
        ranges.extend(self.domain.special(progress).chars().flat_map(|it| [it as u32, it as u32 + 1]));
        for (membership, &state) in self.memberships.iter().zip(&states) {
            if state != SETTLED {
                membership.language.ranges_into(At::from(state), &mut ranges);
            }
        }
        let mut next = Vec::with_capacity(states.len());
        let runes = representatives(&mut ranges);
        self.ranges = ranges;
        for rune in runes {
            let Some(progress) = self.domain.step(progress, rune) else { continue };
            if self.step(&states, rune, &mut next)? {
                self.visit(progress, &next, Some((at, rune)))?;
            }
        }
        Ok(())
    }

    /// Whether all memberships can still become true after `rune`; then `next` is the states there.
    fn step(&mut self, states: &[u32], rune: char, next: &mut Vec<u32>) -> Result<bool, TooLarge> {
        next.clear();
        for (membership, &state) in self.memberships.iter().zip(states) {
            if state == SETTLED {
                next.push(SETTLED);
                continue;
            }
            let to = membership.language.step(At::from(state), rune, self.budget)?;
            match settle(membership, to) {
                Some(state) => next.push(state),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn text(&self, mut at: usize) -> String {
        let mut runes = Vec::new();
        while let Some((before, rune)) = self.from[at] {
            runes.push(rune);
            at = before;
        }
        runes.into_iter().rev().collect()
    }
}

/// The state at `at`, [`SETTLED`] where the membership is true whatever follows; `None` where it is false whatever follows.
fn settle(membership: &Membership, at: At) -> Option<u32> {
    let outlook = membership.language.outlook(at);
    let (yes, no) = if membership.is_in { (outlook.always, outlook.never) } else { (outlook.never, outlook.always) };
    // Of what the automaton leaves out nothing is known: it may still match what the rest of the list does not.
    let no = no && !(membership.is_in && membership.language.odd().is_some());
    match (yes, no) {
        (true, _) => Some(SETTLED),
        (_, true) => None,
        _ => Some(at.into()),
    }
}

/// The characters that are used where several will do, best first.
const NICE: &[u8] = b"xabcdefghijklmnopqrstuvwyz0123456789_-.ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The place of each ASCII character in [`NICE`], behind all where it is not there.
const PLACES: [usize; 128] = {
    let mut places = [NICE.len(); 128];
    let mut at = 0;
    while at < NICE.len() {
        places[NICE[at] as usize] = at;
        at += 1;
    }
    places
};

/// One character of each range that begins at one of `starts`, the nice ones first. No range has a NUL.
fn representatives(starts: &mut Vec<u32>) -> Vec<char> {
    starts.push(1);
    starts.sort_unstable();
    starts.dedup();
    starts.retain(|&start| start > 0);
    let ranges = starts.iter().enumerate().map(|(at, &start)| start..starts.get(at + 1).copied().unwrap_or(u32::MAX));
    let mut runes: Vec<(usize, char)> = ranges
        .filter_map(|range| {
            let ascii = range.start as usize..(range.end as usize).min(PLACES.len());
            let nicest = ascii.map(|rune| PLACES[rune]).min().filter(|&place| place < NICE.len());
            match nicest {
                Some(place) => Some((place, char::from(NICE[place]))),
                // A range may begin where no character is: then it is used from the next one on.
                None => [range.start, 0xE000]
                    .into_iter()
                    .filter(|rune| range.contains(rune))
                    .find_map(char::from_u32)
                    .map(|rune| (NICE.len(), rune)),
            }
        })
        .collect();
    runes.sort_by_key(|(place, _)| *place);
    runes.into_iter().map(|(_, rune)| rune).collect()
}
