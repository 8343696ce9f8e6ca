//! Variables that may be given with a change: by who starts a pipeline by hand or deploys, and with a cron job.
//!
//! Over every change a name that nobody has set may be given, with any text, or not: what an expression comes to with and without it has to
//! be the same, or it hangs on the server. A name that is set already is taken for what it is, and so is what stands in `${…}`;
//! `docs/proofs.md` says so.

use super::facts::Facts;
use super::variables::UNKNOWN_TEXT;
use crate::change::{Event, Variable};
use crate::env::{Env, Lookup, Piece};
use crate::expr::{Dialect, Tree};
use crate::server::Difference;

/// For how many names all ways of giving some of them are tried.
const MOST: usize = 3;

/// The names in an expression that may be given.
pub(super) enum Given {
    /// These: none, mostly.
    Names(Vec<String>),
    /// More than are tried, or any: the first of them, or what reads them.
    Any(String),
}

impl Given {
    /// Those of `text`.
    pub(super) fn of(text: &str, facts: &Facts<'_>) -> Self {
        let may_be_given = match facts.event {
            Event::Manual | Event::Deployment => true,
            Event::Cron => facts.server.has(Difference::CronVariables),
            _ => false,
        };
        let tree = Some(text).filter(|_| may_be_given).map(|text| Tree::parse(text, Dialect::from(facts.server)));
        // What cannot be read fails whatever is given.
        let Some(Ok(tree)) = tree else { return Self::Names(Vec::new()) };
        if text.contains("$env") {
            return Self::Any("$env".to_owned());
        }
        let is_open = |name: &str| facts.env.lookup(name) == Lookup::Missing && Variable::find(name).is_none();
        let mut names: Vec<String> = tree.names().iter().map(|name| name.value.to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| is_open(name));
        match names.first() {
            Some(first) if names.len() > MOST => Self::Any(first.clone()),
            _ => Self::Names(names),
        }
    }
}

/// `base` where some names are given: with which texts is not known.
pub(super) struct WithGiven<'e> {
    pub base: &'e dyn Env,
    pub names: Vec<&'e str>,
}

impl<'e> WithGiven<'e> {
    /// Every way of giving some of `names`: first none of them.
    pub(super) fn each(base: &'e dyn Env, names: &'e [String]) -> impl Iterator<Item = Self> {
        (0_usize..1 << names.len()).map(move |set| {
            let given = names.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            Self { base, names: given.map(|(_, name)| name.as_str()).collect() }
        })
    }
}

impl Env for WithGiven<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        if self.names.contains(&name) { Lookup::Unknown(UNKNOWN_TEXT) } else { self.base.lookup(name) }
    }

    fn names(&self) -> Option<Vec<&str>> {
        self.base.names()
    }

    fn has_any(&self, name: &str, pieces: &[Piece]) -> Option<bool> {
        self.base.has_any(name, pieces)
    }
}
