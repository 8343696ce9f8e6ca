//! Paths that are chosen as ignore files choose them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use super::pattern::Pattern;
use super::set::PatternSet;

/// Patterns of which each takes paths in or leaves them out: the last one that matches a path decides. What none matches is out.
///
/// Every set of paths that ignore files can spell is one, and so is what it leaves over.
#[derive(Clone)]
pub struct Rules {
    /// Each pattern's text, and whether it takes in.
    rules: Vec<(String, bool)>,
    set: OnceLock<PatternSet>,
}

impl Rules {
    /// The rules, in their order.
    ///
    /// # Errors
    /// The text of a pattern that does not describe paths by rules that an automaton can follow ([`Pattern::oddity`]): what is chosen here
    /// has to be known for all paths.
    pub fn new(rules: Vec<(String, bool)>) -> Result<Self, String> {
        match rules.iter().find(|(text, _)| Pattern::parse(text).oddity().is_some()) {
            Some((odd, _)) => Err(odd.clone()),
            None => Ok(Self { rules, set: OnceLock::new() }),
        }
    }

    /// What any of `patterns` matches.
    ///
    /// # Errors
    /// As of [`new`](Self::new).
    pub fn any(patterns: impl IntoIterator<Item = String>) -> Result<Self, String> {
        Self::new(patterns.into_iter().map(|pattern| (pattern, true)).collect())
    }

    /// The texts, each with whether it takes in.
    pub fn texts(&self) -> &[(String, bool)] {
        &self.rules
    }

    /// Whether it chooses `path`.
    pub fn is_match(&self, path: &[u8]) -> bool {
        let set = self.set.get_or_init(|| self.rules.iter().map(|(text, _)| Pattern::parse(text)).collect());
        let mut matches = Vec::new();
        set.matches_into(path, &mut matches);
        matches.last().is_some_and(|&last| self.rules[last].1)
    }

    /// What it does not choose.
    #[must_use]
    pub fn inverted(&self) -> Self {
        let flipped = self.rules.iter().map(|(text, is_in)| (text.clone(), !is_in));
        Self { rules: std::iter::once(("**".to_owned(), true)).chain(flipped).collect(), set: OnceLock::new() }
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

impl Eq for Rules {}

impl Hash for Rules {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rules.hash(state);
    }
}

impl PartialOrd for Rules {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rules {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rules.cmp(&other.rules)
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.rules).finish()
    }
}

/// The paths that all of some [`Rules`] choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selection {
    lists: Vec<Arc<Rules>>,
}

impl Selection {
    /// Those that `rules` choose.
    pub fn of(rules: Rules) -> Self {
        Self { lists: vec![Arc::new(rules)] }
    }

    /// Those of them that `rules` choose as well.
    #[must_use]
    pub fn and(mut self, rules: &Arc<Rules>) -> Self {
        self.lists.push(Arc::clone(rules));
        self
    }

    /// The rules, all of which choose.
    pub fn lists(&self) -> &[Arc<Rules>] {
        &self.lists
    }

    /// Whether `path` is one of them.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.lists.iter().all(|rules| rules.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(texts: &[&str]) -> Rules {
        let rule = |text: &&str| match text.strip_prefix('!') {
            Some(out) => (out.to_owned(), false),
            None => ((*text).to_owned(), true),
        };
        Rules::new(texts.iter().map(rule).collect()).expect("none is odd")
    }

    #[test]
    fn the_last_rule_that_matches_decides() {
        let some = rules(&["a/**", "!a/b/**", "a/b/c"]);
        for (path, expected) in [("a/x", true), ("a/b/x", false), ("a/b/c", true), ("x", false)] {
            assert_eq!(some.is_match(path.as_bytes()), expected, "{path}");
            assert_eq!(some.inverted().is_match(path.as_bytes()), !expected, "{path}");
        }
    }

    #[test]
    fn a_selection_is_what_all_rules_choose() {
        let both = Selection::of(rules(&["a/**"])).and(&Arc::new(rules(&["**", "!**/*.md"])));
        assert!(both.is_match(b"a/x") && !both.is_match(b"a/x.md") && !both.is_match(b"x"));
        assert_eq!(Rules::any(["[".to_owned()]).expect_err("it is malformed"), "[");
    }
}
