//! One pattern.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use super::error::{MatchError, PatternError};
use super::expand::expand;
use super::nfa::Nfa;
use super::scan::Scan;
use super::server;
use super::shape::{Oddity, analyse};
use super::token::{Token, tokenize};

/// Up to how many expansions of a pattern are matched one by one.
const MAX_SCANS: usize = 64;

/// And how many tokens they may have together, at most.
const MAX_SCAN_TOKENS: usize = 1 << 16;

/// A pattern. There is one for every text: a malformed pattern has an [`error`](Self::error), and matches what the server matches
/// with it.
///
/// A clone shares everything with what it was cloned from. Patterns are compared by their texts.
#[derive(Clone)]
pub struct Pattern(Arc<Shared>);

struct Shared {
    text: Box<str>,
    /// Made when it is first asked for: of the patterns in a workflow file, most are never matched.
    compiled: OnceLock<Box<Compiled>>,
}

/// What a pattern's text means.
struct Compiled {
    tokens: Box<[Token]>,
    error: Option<PatternError>,
    oddity: Option<Oddity>,
    engine: Engine,
}

/// How a pattern is matched.
pub(super) enum Engine {
    /// It matches what one of its expansions matches.
    Scans(Box<[Scan]>),
    /// It has too many expansions for that.
    Nfa(Nfa),
    /// It has to be played as the server does.
    Server,
}

impl Pattern {
    /// The pattern that `text`, of at most [`MAX_LEN`](crate::source::MAX_LEN) bytes, spells. It is parsed and compiled once, when
    /// something other than its text is first asked for.
    pub fn parse(text: &str) -> Self {
        Self(Arc::new(Shared { text: text.into(), compiled: OnceLock::new() }))
    }

    /// The text, as written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What is wrong with the pattern, if it is malformed.
    pub fn error(&self) -> Option<&PatternError> {
        self.compiled().error.as_ref()
    }

    /// The tokens of the text, in order, without gaps.
    pub fn tokens(&self) -> &[Token] {
        &self.compiled().tokens
    }

    /// What keeps the pattern from being a plain description of paths, if something does. A malformed pattern is always odd.
    pub fn oddity(&self) -> Option<Oddity> {
        self.compiled().oddity
    }

    /// The automaton that accepts just what the pattern matches; `None` if the pattern is odd.
    pub fn nfa(&self) -> Option<Nfa> {
        let Compiled { tokens, oddity: None, .. } = self.compiled() else { return None };
        let mut tokens = tokens.to_vec();
        let shape = analyse(&mut tokens, None);
        Some(Nfa::new(&tokens, &shape))
    }

    /// Whether the pattern matches `path` for the server, which takes an error for a no.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.try_match(path) == Ok(true)
    }

    /// Whether the pattern matches `path`, with the error that the server would throw away.
    ///
    /// # Errors
    ///
    /// [`MatchError::BadPattern`] if the server's matcher comes upon something malformed on its way;
    /// [`MatchError::TooManyAlternatives`] if the answer is not found within our bounds.
    pub fn try_match(&self, path: &[u8]) -> Result<bool, MatchError> {
        match self.engine() {
            Engine::Scans(scans) => Ok(scans.iter().any(|scan| scan.is_match(path))),
            Engine::Nfa(nfa) => Ok(nfa.is_match(path)),
            Engine::Server => server::run(self.text(), path),
        }
    }

    /// Bytes of which a path has to start with one to be matched: none of them is empty unless nothing is known.
    pub fn prefixes(&self) -> impl Iterator<Item = &[u8]> {
        let (scans, any): (&[Scan], &[&[u8]]) = match self.engine() {
            Engine::Scans(scans) => (scans, &[]),
            Engine::Nfa(_) | Engine::Server => (&[], &[b""]),
        };
        scans.iter().map(Scan::prefix).chain(any.iter().copied())
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.compiled().engine
    }

    fn compiled(&self) -> &Compiled {
        self.0.compiled.get_or_init(|| Box::new(Compiled::new(&self.0.text)))
    }
}

impl Compiled {
    fn new(text: &str) -> Self {
        let (mut tokens, error) = tokenize(text);
        let shape = analyse(&mut tokens, error.as_ref());
        let few = shape.expansions <= MAX_SCANS && shape.expansions * tokens.len() <= MAX_SCAN_TOKENS;
        let engine = if shape.expands() && (few || shape.expansions == 1) {
            Engine::Scans(expand(&tokens, &shape).iter().map(|flat| Scan::new(&tokens, flat)).collect())
        } else if shape.oddity.is_none() {
            Engine::Nfa(Nfa::new(&tokens, &shape))
        } else {
            Engine::Server
        };
        Self { tokens: tokens.into(), error, oddity: shape.oddity, engine }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Pattern {}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text().cmp(other.text())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.text()).finish()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
