//! The changes of which a formula is true, as a short list of kinds of change, in words.

use std::fmt;

use super::case::{Answer, BUDGET, Case, hangs};
use super::change::Change;
use super::formula::Formula;
use super::limit::{Budget, TOO_LARGE};
use crate::glob::{AnyOf, Pattern};
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
    /// The kinds of change of which `formula` is true: each as wide as it can be without one of which it is not, none of them a part of
    /// another; at most `most`.
    pub fn classes(&mut self, formula: Formula, most: usize) -> Classes {
        self.classes_within(formula, most, &mut Budget::new(BUDGET))
    }

    /// The same, with no more work than is left of `budget`.
    pub fn classes_within(&mut self, formula: Formula, most: usize, budget: &mut Budget) -> Classes {
        let mut found = Classes::default();
        let mut said: Vec<Formula> = Vec::new();
        let mut left = formula;
        loop {
            let (change, hangs) = match self.find_within(left, budget) {
                Answer::Never => {
                    self.drop_parts(&mut found.classes, said, budget);
                    return found;
                }
                Answer::Change(change) => (change, Vec::new()),
                Answer::Hangs(change, names) => (change, names),
                Answer::Odd(glob) => {
                    found.more = Some(format!("the glob `{}` cannot be reasoned with", escape(&glob)));
                    return found;
                }
                Answer::TooLarge => {
                    found.more = Some(TOO_LARGE.to_owned());
                    return found;
                }
            };
            if found.classes.len() == most {
                found.more = Some("there are more".to_owned());
                return found;
            }
            let of_class = if hangs.is_empty() { self.is_sure(formula) } else { self.hangs_on_server(formula) };
            let answers = self.widest(of_class, &change, budget);
            let here: Vec<Formula> = answers.iter().map(|answer| self.given(answer)).collect();
            let here = self.formulas.all(here);
            said.push(here);
            left = self.formulas.all([left, !here]);
            found.classes.push(Class { answers, change, hangs });
        }
    }

    /// Drops each class that is part of another one; `said` are their formulas.
    fn drop_parts(&mut self, classes: &mut Vec<Class>, mut said: Vec<Formula>, budget: &mut Budget) {
        for at in (0..classes.len()).rev() {
            let others = said.iter().enumerate().filter(|(other, _)| *other != at);
            let beyond: Vec<Formula> = others.map(|(_, &other)| self.formulas.all([said[at], !other])).collect();
            if beyond.into_iter().any(|beyond| self.is_never(beyond, budget)) {
                said.remove(at);
                classes.remove(at);
            }
        }
    }

    /// That `formula` holds, whatever only the server knows.
    fn is_sure(&mut self, formula: Formula) -> Formula {
        self.formulas.surely(formula, hangs)
    }

    /// That `formula` may hold, and may not.
    fn hangs_on_server(&mut self, formula: Formula) -> Formula {
        let [sure, possible] = [self.is_sure(formula), self.formulas.possibly(formula, hangs)];
        self.formulas.all([possible, !sure])
    }

    /// Few of the answers that `change` gives, so that of all changes that give them `formula` is true. In the order in which they are said.
    fn widest(&mut self, formula: Formula, change: &Change, budget: &mut Budget) -> Vec<(Question, bool)> {
        let mut answers = shorter(self.reasons(formula, change));
        // What says most stays: the last are tried to do without first.
        answers.sort_by_key(|(question, answer)| place(question, *answer));
        for at in (0..answers.len()).rev() {
            let answer = answers.remove(at);
            let parts: Vec<Formula> = answers.iter().map(|answer| self.given(answer)).collect();
            let outside = self.formulas.all(parts.into_iter().chain([!formula]));
            if !self.is_never(outside, budget) {
                answers.insert(at, answer);
            }
        }
        answers
    }

    pub(super) fn given(&mut self, (question, answer): &(Question, bool)) -> Formula {
        let asked = self.formulas.atom(question.clone());
        if *answer { asked } else { !asked }
    }
}

/// Where an answer is said: the branch first, the message last.
fn place(question: &Question, answer: bool) -> u8 {
    match (question, answer) {
        (Question::Value(..) | Question::Server(_) | Question::Fails(_), true) => 0,
        (Question::Value(..) | Question::Server(_) | Question::Fails(_), false) => 1,
        (Question::NoFiles, _) => 2,
        (Question::FileUnmatched(_), false) => 3,
        (Question::FileMatched(_), false) => 4,
        (Question::FileMatched(_) | Question::FileUnmatched(_), true) => 5,
        (Question::MessageHolds(_), true) => 6,
        (Question::MessageHolds(_), false) => 7,
    }
}

/// The same in fewer words: what is in `a` or `b`, and not in `b`, is in `a`.
fn shorter(mut answers: Vec<(Question, bool)>) -> Vec<(Question, bool)> {
    let is_no = |(question, answer): &(Question, bool)| (!answer).then(|| question.clone());
    let ruled_out: Vec<Question> = answers.iter().filter_map(is_no).collect();
    for (question, _) in answers.iter_mut().filter(|(_, answer)| *answer) {
        let others = ruled_out.iter().filter_map(|other| match (&*question, other) {
            (Question::Value(key, _), Question::Value(same, globs)) if key == same => Some(globs),
            (Question::FileMatched(_), Question::FileMatched(globs)) => Some(globs),
            _ => None,
        });
        let others: Vec<&Pattern> = others.flat_map(|globs| globs.iter()).collect();
        if let Question::Value(_, globs) | Question::FileMatched(globs) = question {
            let left: AnyOf = globs.iter().filter(|glob| !others.contains(glob)).cloned().collect();
            if !left.is_empty() {
                *globs = left;
            }
        }
    }
    answers
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.answers.is_empty() {
            return f.write_str("every change");
        }
        // Where it is said what some file is, or what all are, it goes without saying that there is one.
        let says_file = |(question, answer): &(Question, bool)| match question {
            Question::FileMatched(_) => *answer,
            Question::FileUnmatched(_) => true,
            _ => false,
        };
        let some_file = self.answers.iter().any(says_file);
        let said = self.answers.iter().filter(|it| !(some_file && **it == (Question::NoFiles, false)));
        for (at, (question, answer)) in said.enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            phrase(question, *answer, f)?;
            let of_all = matches!(question, Question::FileUnmatched(_)) && !answer;
            if of_all && !self.answers.contains(&(Question::NoFiles, false)) {
                f.write_str(", or none")?;
            }
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
struct List<'a>(&'a AnyOf, &'a str);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, glob) in self.0.iter().enumerate() {
            let between = match at {
                0 => String::new(),
                _ if at + 1 == self.0.len() => format!(" {} ", self.1),
                _ => ", ".to_owned(),
            };
            write!(f, "{between}`{}`", escape(glob.text()))?;
        }
        Ok(())
    }
}
