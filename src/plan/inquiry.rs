//! Conditions without a change: what they ask of it, and what each answer leads to.
//!
//! A condition looks at a change through few questions: does some changed file match this list, does the branch. [`explore`] runs the same
//! code that decides for a change once for every way in which these can be answered, and keeps the questions and results as a [`Tree`].
//! So there is one set of rules for what holds for a change and for what holds for all of them.

use std::cell::RefCell;

use crate::glob::AnyOf;

/// What a condition asks of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Has no file changed?
    NoFiles,
    /// Does some changed file match one of these globs?
    FileMatched(AnyOf),
    /// Does some changed file match none of these globs?
    FileUnmatched(AnyOf),
    /// Does the message hold this text, ignoring case? The text is in lower case.
    MessageHolds(String),
    /// Does the value match one of these globs?
    Value(Key, AnyOf),
    /// Something that only the server knows: is it so that the condition holds?
    Server(Doubt),
    /// The same: does the condition's expression fail?
    Fails(Doubt),
}

/// A value of the change that conditions hold against globs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The branch, short; of a pull request, the target.
    Branch,
    /// The ref.
    Ref,
    /// The name of the schedule.
    Cron,
    /// Where a deployment goes.
    DeployTarget,
    /// `owner/name`: the same for every change, but perhaps not known.
    Repo,
    /// The server's host: the same for every change, but perhaps not known.
    Instance,
}

impl Key {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Ref => "ref",
            Self::Cron => "cron",
            Self::DeployTarget => "deploy_target",
            Self::Repo => "repo",
            Self::Instance => "instance",
        }
    }

    /// The variable that has the value; the schedule's name is in none.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Branch => "CI_COMMIT_BRANCH",
            Self::Ref => "CI_COMMIT_REF",
            Self::Cron => "the cron job's name",
            Self::DeployTarget => "CI_PIPELINE_DEPLOY_TARGET",
            Self::Repo => "CI_REPO",
            Self::Instance => "CI_SYSTEM_HOST",
        }
    }

    /// Whether changes differ in it. If not, it is a setting that is merely not known.
    pub const fn varies(self) -> bool {
        !matches!(self, Self::Repo | Self::Instance)
    }
}

/// A condition that hangs on a value which only the server has. Conditions that come out the same together are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doubt {
    /// The value: a variable, or a builtin that reads the server's clock.
    pub name: String,
    /// What it goes into.
    pub of: Subject,
}

/// What a [`Doubt`] is about: what the server evaluates, wherever it stands, so that the same condition in two places, or in two
/// versions of a file, is one doubt. Texts name the variables that are not known, as `${…}` between two NULs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An expression: its text, and the values that it reads.
    Expression(String, Vec<(String, String)>),
    /// Whether a value matches a glob.
    Match {
        /// The value.
        value: String,
        /// The glob.
        glob: String,
    },
    /// Whether some changed file matches this glob.
    FileMatched(String),
    /// Whether some changed file matches none of these globs, sorted.
    FileUnmatched(Vec<String>),
    /// Whether the message holds this text.
    MessageHolds(String),
    /// A whole entry, which asks more than is followed: all that it holds.
    Entry(Vec<Subject>),
}

/// What a run came to, by the answers that it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree<T> {
    /// Nothing more is asked.
    Leaf(T),
    /// This is asked.
    Ask {
        /// The question.
        question: Question,
        /// What follows if so.
        yes: Box<Tree<T>>,
        /// What follows if not.
        no: Box<Tree<T>>,
    },
}

/// The questions of one run, and the answers that it is given.
#[derive(Debug, Default)]
pub(super) struct Inquiry {
    asked: RefCell<Vec<(Question, bool)>>,
    /// How many of `asked` were so from the start.
    given: usize,
    next: RefCell<usize>,
}

impl Inquiry {
    /// The answer to `question`: the same each time, and no other than what follows from those before.
    pub(super) fn ask(&self, question: Question) -> bool {
        let mut asked = self.asked.borrow_mut();
        let mut next = self.next.borrow_mut();
        let before = asked[..*next].iter().find(|(earlier, _)| *earlier == question);
        if let Some((_, answer)) = before {
            return *answer;
        }
        // Where there are files, those that a list does not leave unmatched it matches.
        if let Question::FileMatched(globs) = &question {
            let unmatched = Question::FileUnmatched(globs.clone());
            let known = |wanted: &Question| asked[..*next].contains(&(wanted.clone(), false));
            if known(&unmatched) && known(&Question::NoFiles) {
                return true;
            }
        }
        let at = *next;
        *next += 1;
        if at < self.given {
            return asked[at].1;
        }
        asked.push((question, true));
        true
    }
}

/// How many ways of answering are followed.
const MAX_LEAVES: usize = 1024;

/// What `run` comes to for every way of answering what it asks; `None` when there are too many of them. `run` must do the same for the
/// same answers.
pub(super) fn explore<T>(mut run: impl FnMut(&Inquiry) -> T) -> Option<Tree<T>> {
    let mut leaves: Vec<(Vec<(Question, bool)>, T)> = Vec::new();
    let mut given: Vec<(Question, bool)> = Vec::new();
    loop {
        if leaves.len() == MAX_LEAVES {
            return None;
        }
        let inquiry = Inquiry { given: given.len(), asked: RefCell::new(given), next: RefCell::default() };
        let result = run(&inquiry);
        let asked = inquiry.asked.into_inner();
        leaves.push((asked, result));
        given = leaves.last().map(|(asked, _)| asked.clone()).unwrap_or_default();
        while given.last().is_some_and(|(_, answer)| !answer) {
            given.pop();
        }
        match given.last_mut() {
            Some((_, answer)) => *answer = false,
            None => return Some(grow(leaves)),
        }
    }
}

/// The tree whose leaves, all yeses first, are these.
fn grow<T>(leaves: Vec<(Vec<(Question, bool)>, T)>) -> Tree<T> {
    // From the last leaf on: a `no` waits on the stack for the `yes` before it.
    let mut done: Vec<Tree<T>> = Vec::new();
    for (asked, result) in leaves.into_iter().rev() {
        let mut tree = Tree::Leaf(result);
        for (question, answer) in asked.into_iter().rev() {
            if !answer {
                break;
            }
            let no = done.pop().expect("internal: every yes has its no");
            tree = Tree::Ask { question, yes: Box::new(tree), no: Box::new(no) };
        }
        done.push(tree);
    }
    done.pop().expect("internal: a run has a result")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Question {
        Question::MessageHolds(text.to_owned())
    }

    #[test]
    fn every_way_of_answering_is_followed_once() {
        let tree = explore(|inquiry| {
            if inquiry.ask(holds("a")) {
                if inquiry.ask(holds("b")) && inquiry.ask(holds("a")) { "ab" } else { "a" }
            } else if inquiry.ask(holds("c")) {
                "c"
            } else {
                "none"
            }
        });
        let ask = |text, yes, no| Tree::Ask { question: holds(text), yes: Box::new(yes), no: Box::new(no) };
        let leaf = Tree::Leaf;
        assert_eq!(tree, Some(ask("a", ask("b", leaf("ab"), leaf("a")), ask("c", leaf("c"), leaf("none")))));
    }

    #[test]
    fn what_follows_is_not_asked() {
        let globs = || ["a"].into_iter().collect();
        let tree = explore(|inquiry| {
            let empty = inquiry.ask(Question::NoFiles);
            let unmatched = !empty && inquiry.ask(Question::FileUnmatched(globs()));
            empty || unmatched || inquiry.ask(Question::FileMatched(globs()))
        });
        let ask = |question, yes, no| Tree::Ask { question, yes: Box::new(yes), no: Box::new(no) };
        let rest = ask(Question::FileUnmatched(globs()), Tree::Leaf(true), Tree::Leaf(true));
        assert_eq!(tree, Some(ask(Question::NoFiles, Tree::Leaf(true), rest)));
    }

    #[test]
    fn too_many_ways_are_not_followed() {
        let all = |count: usize| explore(|inquiry| (0..count).filter(|at| inquiry.ask(holds(&at.to_string()))).count());
        assert!(all(9).is_some());
        assert!(all(11).is_none());
    }
}
