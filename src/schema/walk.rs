//! The evaluator: a value against a rule, with the server's choice of what to report.
//!
//! A value that fits none of several rules is reported on as the one it fits best, and "best" is a score: every check that is made counts
//! one, every finding takes two away. How many checks there are for a value of a kind ([`base`]) and when the score of a part counts are gojsonschema's
//! (v1.2.0); they decide which keys of a step are called wrong, so they are kept to the point.
//!
//! Work is bounded: the rules are a finite tree, so a value is met once for each rule on that path; below a choice, once more for
//! each of the few choices that enclose it.

use super::finding::Kind;
use super::hint::Hints;
use super::rule::{Kinds, Object, Rest, Rule};
use super::value::{Data, Entry, Value};
use crate::server::Version;
use crate::source::Span;
use crate::text::nearest;

/// A finding before the server's filter.
#[derive(Debug)]
pub(super) struct Found {
    /// The path, rendered.
    pub(super) field: String,
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// What a rule makes of a value.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
struct Tally {
    findings: u32,
    score: i64,
}

impl Tally {
    const FINDING: Self = Self { findings: 1, score: -2 };

    fn add(&mut self, other: Self) {
        self.findings = self.findings.saturating_add(other.findings);
        self.score = self.score.saturating_add(other.score);
    }

    fn fits(self) -> bool {
        self.findings == 0
    }
}

/// A value and where it stands.
#[derive(Clone, Copy)]
struct Place<'v> {
    value: &'v Value<'v>,
    /// The key that it stands under, and the map that has it.
    key: Option<(&'v Entry<'v>, &'static Object)>,
}

/// One step of a path.
#[derive(Clone, Copy)]
enum Segment<'v> {
    Key(&'v str),
    Index(usize),
}

struct Walk<'v> {
    server: Version,
    path: Vec<Segment<'v>>,
    /// Above 0, only the tally is of interest.
    quiet: u32,
    /// The other rules that the map at hand might have been meant for.
    alternatives: &'static [Rule],
    found: Vec<Found>,
    limits: Limits,
}

/// How much more may be recorded.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Findings.
    pub(super) findings: usize,
    /// Bytes of paths and keys.
    pub(super) bytes: usize,
}

/// The checks that are made of any value of a kind, whatever the rule.
fn base(kind: Kinds) -> Tally {
    let score = if Kinds::NULL.or(Kinds::BOOL).contains(kind) { 3 } else { 4 };
    Tally { findings: 0, score }
}

/// Checks a document against `root`. The findings are in the order of the document as far as the rules follow it; at most `limits` of them.
/// The flag says whether there are more.
pub(super) fn walk<'v>(
    document: &'v Value<'v>,
    root: &'static Object,
    server: Version,
    limits: Limits,
) -> (Vec<Found>, bool) {
    let mut walk = Walk { server, path: Vec::new(), quiet: 0, alternatives: &[], found: Vec::new(), limits };
    let tally = walk.rule(Rule::Object(root), Place { value: document, key: None });
    let more = tally.findings as usize > walk.found.len();
    (walk.found, more)
}

impl<'v> Walk<'v> {
    fn rule(&mut self, rule: Rule, place: Place<'v>) -> Tally {
        let rule = rule.plain(self.server);
        let alternatives = std::mem::take(&mut self.alternatives);
        let value = place.value;
        let found = value.kind();
        let mut tally = base(found);
        match rule {
            Rule::Type(_) | Rule::Enum { .. } | Rule::Uri | Rule::AtLeast(_) | Rule::Items(_) | Rule::Object(_)
                if !rule.kinds(self.server).contains(found) =>
            {
                let expected =
                    alternatives.iter().fold(rule.kinds(self.server), |kinds, rule| kinds.or(rule.kinds(self.server)));
                let server = self.server;
                return self.report(place, || {
                    if expected.contains(found) {
                        Kind::Misfit { found }
                    } else {
                        Kind::WrongType {
                            expected,
                            found,
                            note: place.key.and_then(|(entry, object)| object.note(&entry.key, found, server)),
                        }
                    }
                });
            }
            Rule::Any | Rule::Type(_) | Rule::Named(_) | Rule::Since { .. } => {}
            Rule::Enum { words, .. } => {
                let word = if let Data::String(text) = &value.data { Some(&**text) } else { None };
                if !word.is_some_and(|word| words.contains(&word)) {
                    tally.add(self.report(place, || Kind::BadValue {
                        allowed: words,
                        found,
                        suggestion: word.and_then(|word| nearest(word, words.iter().copied())),
                    }));
                }
            }
            Rule::Uri => {
                if let Data::String(text) = &value.data
                    && !super::uri::is_absolute(text)
                {
                    tally.add(self.report(place, || Kind::NotUri));
                }
            }
            Rule::AtLeast(least) => {
                if let Data::Number(number) = value.data
                    && number < f64::from(least)
                {
                    tally.add(self.report(place, || Kind::TooSmall { least }));
                }
            }
            Rule::Items(item) => {
                if let Data::List(items) = &value.data {
                    for (index, value) in items.iter().enumerate() {
                        tally.add(self.below(Segment::Index(index), *item, Place { value, key: None }));
                    }
                }
            }
            Rule::Object(object) => tally.add(self.object(object, place, alternatives)),
            Rule::OneOf(rules) => tally.add(self.choice(rules, true, place)),
            Rule::AnyOf(rules) => tally.add(self.choice(rules, false, place)),
            Rule::AllOf(rules) => tally.add(self.all(rules, place)),
            Rule::Required(keys) => tally.add(self.required(keys, place)),
            Rule::UnlessTrue { key, rule } => {
                let entry = value.entries().iter().find(|entry| entry.key == key);
                let applies = entry.is_some_and(|entry| !matches!(entry.value.data, Data::Bool(true)));
                if applies && !self.quietly(*rule, place).fits() {
                    tally.add(self.report(place, || Kind::Condition));
                    tally.add(self.rule(*rule, place));
                }
            }
        }
        tally
    }

    /// Checks a map.
    fn object(&mut self, object: &'static Object, place: Place<'v>, alternatives: &'static [Rule]) -> Tally {
        let entries = place.value.entries();
        let mut tally = self.all(object.also, place);
        if object.not_empty && entries.is_empty() {
            tally.add(self.report(place, || Kind::Empty));
        }
        for key in object.required {
            tally.add(self.present(std::slice::from_ref(key), place));
        }
        let mut hints = None;
        for entry in entries {
            let below = Place { value: &entry.value, key: Some((entry, object)) };
            let rule = match (object.key(&entry.key, self.server), object.rest) {
                (Some(key), _) => key.rule,
                (None, Rest::Each(rule)) => *rule,
                (None, Rest::Allowed) => continue,
                (None, Rest::Forbidden) => {
                    let server = self.server;
                    tally.add(self.report_at(entry.key_span, entry.key.len(), || {
                        let hints = hints.get_or_insert_with(|| Hints::new(object, alternatives, entries, server));
                        hints.unknown_key(&entry.key, entry.value.kind())
                    }));
                    continue;
                }
            };
            tally.add(self.below(Segment::Key(&entry.key), rule, below));
        }
        tally
    }

    /// One of `keys` must be there. A map with several to choose from is a choice of its own.
    fn required(&mut self, keys: &'static [&'static str], place: Place<'v>) -> Tally {
        let value = place.value;
        if !matches!(value.data, Data::Map(_)) {
            return Tally::default();
        }
        if keys.len() == 1 {
            return self.present(keys, place);
        }
        if value.entries().iter().any(|entry| keys.contains(&&*entry.key)) {
            return Tally::default();
        }
        let mut tally = self.report(place, || Kind::Alternatives { fitting: 0, note: None });
        tally.add(base(Kinds::MAP));
        tally.add(self.present(keys, place));
        tally
    }

    /// One of `keys` must be in the map.
    fn present(&mut self, keys: &'static [&'static str], place: Place<'v>) -> Tally {
        let entries = place.value.entries();
        if entries.iter().any(|entry| keys.contains(&&*entry.key)) {
            return Tally { findings: 0, score: 1 };
        }
        let key = place.key.map(|(entry, _)| entry).or(entries.first());
        let span = key.map_or(place.value.span, |entry| entry.key_span);
        self.report_at(span, 0, || Kind::MissingKey { keys })
    }

    /// Exactly one of `rules` must fit, or any.
    fn choice(&mut self, rules: &'static [Rule], exactly_one: bool, place: Place<'v>) -> Tally {
        let mut fitting = 0;
        let mut best: Option<(Tally, Rule)> = None;
        for &rule in rules {
            let tally = self.quietly(rule, place);
            if tally.fits() {
                fitting += 1;
                if !exactly_one {
                    break;
                }
            } else if best.is_none_or(|(best, _)| tally.score > best.score) {
                best = Some((tally, rule));
            }
        }
        if fitting == 1 {
            return Tally::default();
        }
        let server = self.server;
        let mut tally = self.report(place, || Kind::Alternatives {
            fitting,
            note: place.key.and_then(|(entry, object)| object.note(&entry.key, place.value.kind(), server)),
        });
        if fitting == 0
            && let Some((best, rule)) = best
        {
            if self.quiet == 0 {
                self.alternatives = rules;
                let _ = self.rule(rule, place);
            }
            tally.add(best);
        }
        tally
    }

    /// All of `rules` must fit. Their scores count either way.
    fn all(&mut self, rules: &'static [Rule], place: Place<'v>) -> Tally {
        let mut tally = Tally::default();
        for &rule in rules {
            tally.add(self.rule(rule, place));
        }
        if !tally.fits() {
            tally.add(self.report(place, || Kind::Parts));
        }
        tally
    }

    fn quietly(&mut self, rule: Rule, place: Place<'v>) -> Tally {
        self.quiet += 1;
        let tally = self.rule(rule, place);
        self.quiet -= 1;
        tally
    }

    fn below(&mut self, segment: Segment<'v>, rule: Rule, place: Place<'v>) -> Tally {
        self.path.push(segment);
        let tally = self.rule(rule, place);
        self.path.pop();
        tally
    }

    /// Records a finding about the value at `place`; a value that is not written out is shown by its key.
    fn report(&mut self, place: Place<'v>, kind: impl FnOnce() -> Kind) -> Tally {
        let span = place.value.span;
        let span = if span.is_empty() { place.key.map_or(span, |(entry, _)| entry.key_span) } else { span };
        self.report_at(span, 0, kind)
    }

    fn report_at(&mut self, span: Span, key_len: usize, kind: impl FnOnce() -> Kind) -> Tally {
        if self.quiet == 0 && self.limits.findings > 0 {
            let needed = key_len + self.path.iter().map(|segment| segment.len() + 1).sum::<usize>();
            match self.limits.bytes.checked_sub(needed) {
                Some(left) => {
                    self.limits.bytes = left;
                    self.limits.findings -= 1;
                    self.found.push(Found { field: render(&self.path), span, kind: kind() });
                }
                None => self.limits.findings = 0,
            }
        }
        Tally::FINDING
    }
}

impl Segment<'_> {
    fn len(self) -> usize {
        match self {
            Self::Key(key) => key.len(),
            Self::Index(_) => 8,
        }
    }
}

/// The server's name for a path: `steps.build.when.0`, `(root)` for none.
fn render(path: &[Segment<'_>]) -> String {
    let mut field = String::new();
    for (at, segment) in path.iter().enumerate() {
        if at > 0 {
            field.push('.');
        }
        match segment {
            Segment::Key(key) => field.push_str(key),
            Segment::Index(index) => field.push_str(&index.to_string()),
        }
    }
    if path.is_empty() { "(root)".to_owned() } else { field }
}
