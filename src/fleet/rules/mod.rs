//! The rules about rosters. A rule is a static value and a plain function, in a file of its own, with its page beside it: the page's
//! fences `yaml bad` and `yaml good` are its tests.

mod agent_name;
mod boot_survival;
mod duplicate_agent;
mod missing_key;
mod r5;
mod several_documents;
mod transport;
mod two_agent_floor;
mod unknown_class;
mod unknown_key;
mod unknown_runtime;
mod version;

pub(super) use boot_survival::{RULE as BOOT_SURVIVAL, orphans};
pub(super) use several_documents::several_documents;
pub use transport::TRANSPORTS;
pub use unknown_class::CLASSES;
pub use unknown_runtime::RUNTIMES;
pub use version::VERSION;

use std::sync::LazyLock;

use super::lower::site;
use super::{Profile, Roster, Settings};
use crate::diag::Problem;
use crate::lint;
use crate::rule::{self, Group, Level, UNUSED_ALLOW};
use crate::source::{FileId, Span};
use crate::text::{escape, nearest};
use crate::workflow::{Place, Placed};

/// The class of the agent that R5 is about.
pub(super) const ORCHESTRATOR: &str = "orchestrator";
/// The class of the other agent of the floor of two.
pub(super) const ENHANCER: &str = "enhancer";

/// The most places that one problem points at.
const MAX_LABELS: usize = 20;

/// Adds what a rule finds in a roster.
pub(super) type Check = fn(&Subject<'_>, &mut Vec<Problem>);

/// A rule about rosters.
pub(super) type Rule = rule::Rule<Check>;

/// Every rule about rosters and how it is found, sorted by its name.
pub(super) static RULES: &[&Rule] = &[
    &agent_name::RULE,
    &boot_survival::RULE,
    &duplicate_agent::RULE,
    &missing_key::RULE,
    &r5::RULE,
    &several_documents::RULE,
    &transport::RULE,
    &two_agent_floor::RULE,
    &unknown_class::RULE,
    &unknown_key::RULE,
    &unknown_runtime::RULE,
    &version::RULE,
];

/// The rules about workflow files that reading a roster finds, too: what is wrong with its form.
const FORM: [&str; 7] =
    ["alias-cycle", "bad-merge", "duplicate-key", "invalid-key", "too-large", "wrong-type", "yaml-syntax"];

/// What people know of the rules that speak of rosters, sorted by their names: those about rosters, those about the form of any file, and the
/// one about suppressions.
pub fn rules() -> &'static [rule::Rule] {
    static ABOUT: LazyLock<Vec<rule::Rule>> = LazyLock::new(|| {
        let form = lint::rules().iter().filter(|rule| FORM.contains(&rule.id)).copied();
        let mut about: Vec<rule::Rule> = RULES.iter().map(|rule| rule.about()).chain(form).collect();
        about.push(UNUSED_ALLOW);
        about.sort_by_key(|rule| rule.id);
        about
    });
    &ABOUT
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) file: FileId,
    pub(super) roster: &'a Roster<'a>,
    pub(super) profile: &'a Profile,
    pub(super) settings: &'a Settings,
}

impl Subject<'_> {
    /// Where the roster names its agents: the key, or, where there is none, its beginning.
    fn agents_key(&self) -> Span {
        self.roster.agents.key.unwrap_or_else(|| self.beginning())
    }

    /// The roster's first key, or the place where one would stand.
    fn beginning(&self) -> Span {
        let document = &self.roster.document;
        let first = document.root().and_then(|root| match &document.node(root).data {
            crate::yaml::Data::Mapping { pairs, .. } => pairs.first().map(|&(key, _)| document.node(key).span),
            _ => None,
        });
        first.unwrap_or_default()
    }

    /// `problem` with a label for each of `places`, where an agent says it and, through an alias, where the value stands. `text` is said at the first.
    fn labels<'p>(&self, mut problem: Problem, places: impl IntoIterator<Item = (&'p Place, String)>) -> Problem {
        let mut places = places.into_iter();
        for (place, text) in places.by_ref().take(MAX_LABELS) {
            problem = problem.label(self.file, site(place), text);
            if !place.via.is_empty() && problem.labels.iter().all(|label| label.span != place.span) {
                problem = problem.label(self.file, place.span, "the alias stands for this");
            }
        }
        let more = places.count();
        if more > 0 {
            problem.message = format!("{} ({more} more places are not shown)", problem.message);
        }
        problem
    }

    /// One problem for each value that is not `known`, at all agents that have it. `what` it is, and the `key` of the configuration that
    /// makes more of them known.
    fn unknown_values<'p>(
        &self,
        rule: &Rule,
        (what, key): (&str, &str),
        known: &[&str],
        values: impl Iterator<Item = &'p Placed<String>>,
        out: &mut Vec<Problem>,
    ) {
        let mut unknown: Vec<(&str, Vec<&Place>)> = Vec::new();
        let mut index = std::collections::HashMap::new();
        for value in values.filter(|value| !known.contains(&value.value.as_str())) {
            let at = *index.entry(value.value.as_str()).or_insert_with(|| {
                unknown.push((&value.value, Vec::new()));
                unknown.len() - 1
            });
            unknown[at].1.push(&value.place);
        }
        for (value, places) in unknown {
            let problem = rule.problem(format!("unknown {what} `{}`", escape(value)));
            let problem = self.labels(problem, places.into_iter().map(|place| (place, String::new())));
            let help = match nearest(value.trim(), known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}; `fleet.{key}` in the configuration takes more", listed(known)),
            };
            out.push(problem.help(help));
        }
    }
}

/// `a`, `b` and `c`, in backticks.
fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{}`", escape(*word))).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}

/// What is known anyway, and what the configuration adds.
fn known<'k>(always: &[&'k str], more: &'k [String]) -> Vec<&'k str> {
    always.iter().copied().chain(more.iter().map(String::as_str)).collect()
}

#[cfg(test)]
mod tests;
