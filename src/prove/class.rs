//! The changes of which a formula is true, as a short list of kinds of change, in words.

use std::fmt;

use super::case::{Answer, Case};
use super::change::Change;
use super::formula::Formula;
use crate::plan::{Key, Question};
use crate::text::escape;

/// A kind of change: all that give these answers.
///
/// It displays as phrases, joined by commas (only files in `docs/**`, branch `main`), with whatever came from the repository escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The questions and their answers; none: every change.
    pub answers: Vec<(Question, bool)>,
    /// A change of this kind.
    pub change: Change,
    /// What it hangs on besides, that only the server knows; mostly nothing.
    pub hangs: Vec<String>,
}

/// Kinds of change that together are all of which a formula is true, or some of them.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// The kinds. Of every change in one of them the formula is true; they may overlap.
    pub classes: Vec<Class>,
    /// Why there may be more, as a phrase; `None`: these are all.
    pub more: Option<String>,
}

impl Case<'_> {
    /// The kinds of change of which `formula` is true: each as wide as it can be without one of which it is not; at most `most`.
    pub fn classes(&mut self, formula: Formula, most: usize) -> Classes {
        let mut found = Classes::default();
        let mut left = formula;
        loop {
            let (change, hangs) = match self.find(left) {
                Answer::Never => return found,
                Answer::Change(change) => (change, Vec::new()),
                Answer::Hangs(change, names) => (change, names),
                Answer::Odd(glob) => {
                    found.more = Some(format!("the glob `{}` cannot be reasoned with", escape(&glob)));
                    return found;
                }
                Answer::TooLarge => {
                    found.more = Some("it is too large to be decided".to_owned());
                    return found;
                }
            };
            if found.classes.len() == most {
                found.more = Some("there are more".to_owned());
                return found;
            }
            let answers = self.widest(formula, &change);
            let here: Vec<Formula> = answers.iter().map(|answer| self.given(answer)).collect();
            let here = self.formulas.all(here);
            left = self.formulas.all([left, !here]);
            found.classes.push(Class { answers, change, hangs });
        }
    }

    /// Few of the answers that `change` gives, so that of all changes that give them `formula` is true. Where it hangs on the server: so that
    /// it may be.
    fn widest(&mut self, formula: Formula, change: &Change) -> Vec<(Question, bool)> {
        let mut answers = self.reasons(formula, change);
        // What is easiest to do without is asked last.
        answers.sort_by_key(|(question, answer)| weight(question, *answer));
        let mut at = 0;
        while at < answers.len() {
            let without = answers.iter().enumerate().filter(|(other, _)| *other != at);
            let parts: Vec<(Question, bool)> = without.map(|(_, answer)| answer.clone()).collect();
            let parts: Vec<Formula> = parts.iter().map(|answer| self.given(answer)).collect();
            let outside = self.formulas.all(parts.into_iter().chain([!formula]));
            if self.find(outside) == Answer::Never {
                answers.remove(at);
            } else {
                at += 1;
            }
        }
        answers
    }

    fn given(&mut self, (question, answer): &(Question, bool)) -> Formula {
        let asked = self.formulas.atom(question.clone());
        if *answer { asked } else { !asked }
    }
}

/// How much rather an answer is left out than another: those about long lists, and what is not, go first.
fn weight(question: &Question, answer: bool) -> (bool, std::cmp::Reverse<usize>) {
    let length = match question {
        Question::FileMatched(globs) | Question::FileUnmatched(globs) | Question::Value(_, globs) => globs.len(),
        _ => 0,
    };
    let says_little = match question {
        Question::FileUnmatched(_) => answer,
        _ => !answer,
    };
    (!says_little, std::cmp::Reverse(length))
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.answers.is_empty() {
            return f.write_str("every change");
        }
        for (at, (question, answer)) in self.answers.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            phrase(question, *answer, f)?;
        }
        Ok(())
    }
}

fn phrase(question: &Question, answer: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let name = |key: &Key| match key {
        Key::Branch => "branch",
        Key::Ref => "ref",
        Key::Cron => "cron job",
        Key::DeployTarget => "deployment to",
        Key::Repo => "repository",
        Key::Instance => "server",
    };
    match (question, answer) {
        (Question::NoFiles, true) => f.write_str("no changed file"),
        (Question::NoFiles, false) => f.write_str("some changed file"),
        (Question::FileMatched(globs), true) => write!(f, "some file in {}", List(globs, "or")),
        (Question::FileMatched(globs), false) => write!(f, "no file in {}", List(globs, "or")),
        (Question::FileUnmatched(globs), true) => write!(f, "some file outside of {}", List(globs, "and")),
        (Question::FileUnmatched(globs), false) => write!(f, "only files in {}", List(globs, "or")),
        (Question::MessageHolds(text), true) => write!(f, "a message with `{}`", escape(text)),
        (Question::MessageHolds(text), false) => write!(f, "no message with `{}`", escape(text)),
        (Question::Value(key, globs), true) => write!(f, "{} {}", name(key), List(globs, "or")),
        (Question::Value(key, globs), false) => write!(f, "{} other than {}", name(key), List(globs, "and")),
        (Question::Server(doubt) | Question::Fails(doubt), _) => {
            write!(f, "with some value of `{}`", escape(&doubt.name))
        }
    }
}

/// Globs, with a word before the last.
struct List<'a>(&'a [String], &'a str);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, glob) in self.0.iter().enumerate() {
            let between = match at {
                0 => String::new(),
                _ if at + 1 == self.0.len() => format!(" {} ", self.1),
                _ => ", ".to_owned(),
            };
            write!(f, "{between}`{}`", escape(glob))?;
        }
        Ok(())
    }
}
