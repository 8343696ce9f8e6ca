//! Formulas over questions: and, or, not, each formula there once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::glob::{AnyOf, Selection};
use crate::plan::Question;

/// A formula of some [`Formulas`]. Equal ones say the same; different ones may, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(u32);

impl Formula {
    /// What always holds.
    pub const TRUE: Self = Self(0);
    /// What never holds.
    pub const FALSE: Self = Self(1);

    fn of_node(node: usize) -> Self {
        Self((node as u32) << 1)
    }

    /// Its node's index in the arena.
    pub(super) fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is the negation of what its node says.
    pub(super) fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl std::ops::Not for Formula {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// What is true or not of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Atom {
    /// The answer to the question is yes.
    Asked(Question),
    /// Some changed file is one of these.
    Among(Selection),
    /// The file of this number, of a change with few, matches one of the globs.
    File(usize, AnyOf),
    /// It is one of these.
    FileAmong(usize, Selection),
}

/// What a node says. Its parts are nodes before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    True,
    Atom(Atom),
    And(Box<[Formula]>),
}

/// The formulas of a proof.
#[derive(Debug)]
pub struct Formulas {
    nodes: Vec<Rc<Node>>,
    known: HashMap<Rc<Node>, Formula>,
}

impl Default for Formulas {
    fn default() -> Self {
        let node = Rc::new(Node::True);
        Self { nodes: vec![Rc::clone(&node)], known: HashMap::from([(node, Formula::TRUE)]) }
    }
}

impl Formulas {
    /// That the answer to `question` is yes.
    pub fn atom(&mut self, question: Question) -> Formula {
        self.add(Node::Atom(Atom::Asked(question)))
    }

    /// That some changed file is one of those that `selection` chooses.
    pub fn among(&mut self, selection: Selection) -> Formula {
        self.add(Node::Atom(Atom::Among(selection)))
    }

    /// That the file of number `at` is one of those that `selection` chooses.
    pub(super) fn file_among(&mut self, at: usize, selection: Selection) -> Formula {
        self.add(Node::Atom(Atom::FileAmong(at, selection)))
    }

    /// That the file of number `at` matches one of `globs`.
    pub(super) fn file(&mut self, at: usize, globs: AnyOf) -> Formula {
        self.add(Node::Atom(Atom::File(at, globs)))
    }

    /// That all of `parts` hold.
    pub fn all(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut parts: Vec<Formula> = parts.into_iter().filter(|&part| part != Formula::TRUE).collect();
        parts.sort_unstable();
        parts.dedup();
        let contradicts = parts.windows(2).any(|pair| pair[0] == !pair[1]);
        match parts.as_slice() {
            _ if contradicts || parts.contains(&Formula::FALSE) => Formula::FALSE,
            [] => Formula::TRUE,
            [one] => *one,
            _ => self.add(Node::And(parts.into())),
        }
    }

    /// That one of `parts` holds.
    pub fn any(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        !self.all(parts.into_iter().map(|part| !part))
    }

    /// `yes` if `condition` holds, else `no`.
    pub fn choice(&mut self, condition: Formula, yes: Formula, no: Formula) -> Formula {
        let with = self.any([!condition, yes]);
        let without = self.any([condition, no]);
        self.all([with, without])
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but true and false.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    pub(super) fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// The nodes that `formula` is made of, each after its parts.
    pub(super) fn cone(&self, formula: Formula) -> Vec<usize> {
        let mut seen = vec![false; formula.node() + 1];
        seen[formula.node()] = true;
        let mut cone = vec![formula.node()];
        let mut at = 0;
        while let Some(&node) = cone.get(at) {
            at += 1;
            if let Node::And(parts) = &*self.nodes[node] {
                let parts = parts.iter().map(|part| part.node());
                cone.extend(parts.filter(|&part| !std::mem::replace(&mut seen[part], true)));
            }
        }
        cone.sort_unstable();
        cone
    }

    /// The questions that `formula` is made of.
    pub fn questions(&self, formula: Formula) -> Vec<Question> {
        let question = |atom: &'_ Atom| match atom {
            Atom::Asked(question) => Some(question.clone()),
            _ => None,
        };
        self.atoms(formula).filter_map(question).collect()
    }

    /// The selections that some changed file may have to be among.
    pub(super) fn selections(&self, formula: Formula) -> Vec<Selection> {
        let selection = |atom: &'_ Atom| match atom {
            Atom::Among(selection) => Some(selection.clone()),
            _ => None,
        };
        self.atoms(formula).filter_map(selection).collect()
    }

    fn atoms(&self, formula: Formula) -> impl Iterator<Item = &Atom> {
        self.cone(formula).into_iter().filter_map(|node| match &*self.nodes[node] {
            Node::Atom(atom) => Some(atom),
            _ => None,
        })
    }

    /// Whether `formula` holds, given what is true.
    pub(super) fn holds(&self, formula: Formula, mut is_true: impl FnMut(&Atom) -> bool) -> bool {
        self.values(formula, &mut is_true)[formula.node()] != formula.is_negated()
    }

    /// Which nodes of `formula` hold, by their indices, given what is true.
    fn values(&self, formula: Formula, is_true: &mut dyn FnMut(&Atom) -> bool) -> Vec<bool> {
        let mut values = vec![false; formula.node() + 1];
        for node in self.cone(formula) {
            let value = match &*self.nodes[node] {
                Node::True => true,
                Node::Atom(atom) => is_true(atom),
                Node::And(parts) => parts.iter().all(|part| values[part.node()] != part.is_negated()),
            };
            values[node] = value;
        }
        values
    }

    /// Facts that are enough to make `formula` true, of those that are.
    pub(super) fn reasons_given(&self, formula: Formula, mut is_true: impl FnMut(&Atom) -> bool) -> Vec<(Atom, bool)> {
        let values = self.values(formula, &mut is_true);
        self.reasons(formula, |part| values[part.node()] != part.is_negated())
    }

    /// `formula` with other formulas in the place of its atoms.
    pub(super) fn replace_atoms(
        &mut self,
        formula: Formula,
        mut with: impl FnMut(&mut Self, &Atom) -> Option<Formula>,
    ) -> Formula {
        let mut new = vec![Formula::TRUE; formula.node() + 1];
        for node in self.cone(formula) {
            let replaced = match &*Rc::clone(&self.nodes[node]) {
                Node::True => Formula::TRUE,
                Node::Atom(atom) => with(self, atom).unwrap_or(Formula::of_node(node)),
                Node::And(parts) => self.all(parts.iter().map(|part| sign(new[part.node()], *part))),
            };
            new[node] = replaced;
        }
        sign(new[formula.node()], formula)
    }

    /// `formula` with other formulas in the place of its questions, where `with` has one.
    pub fn replace(
        &mut self,
        formula: Formula,
        mut with: impl FnMut(&mut Self, &Question) -> Option<Formula>,
    ) -> Formula {
        self.replace_atoms(formula, |formulas, atom| match atom {
            Atom::Asked(question) => with(formulas, question),
            _ => None,
        })
    }

    /// That `formula` may hold, whatever is answered to the questions that are `open`: each time that one is asked, it may be answered
    /// otherwise. So of some formulas that never hold it is said that they may.
    pub fn possibly(&mut self, formula: Formula, open: impl Fn(&Question) -> bool) -> Formula {
        !self.surely(!formula, open)
    }

    /// That `formula` holds whatever is answered to the questions that are `open`: so it is said of every way it is put together of, so
    /// of some formulas that always hold it is not.
    pub(super) fn surely(&mut self, formula: Formula, open: impl Fn(&Question) -> bool) -> Formula {
        // For each node: that it surely holds, that it surely does not.
        let mut new = vec![[Formula::TRUE; 2]; formula.node() + 1];
        for node in self.cone(formula) {
            let replaced = match &*Rc::clone(&self.nodes[node]) {
                Node::True => [Formula::TRUE, Formula::FALSE],
                Node::Atom(Atom::Asked(question)) if open(question) => [Formula::FALSE, Formula::FALSE],
                Node::Atom(_) => [Formula::of_node(node), !Formula::of_node(node)],
                Node::And(parts) => {
                    let surely =
                        |part: &Formula, holds: bool| new[part.node()][usize::from(holds == part.is_negated())];
                    [
                        self.all(parts.iter().map(|part| surely(part, true))),
                        self.any(parts.iter().map(|part| surely(part, false))),
                    ]
                }
            };
            new[node] = replaced;
        }
        new[formula.node()][usize::from(formula.is_negated())]
    }

    /// That `atom` is true, or that it is not.
    pub(super) fn fact(&mut self, (atom, is_true): (Atom, bool)) -> Formula {
        let atom = self.add(Node::Atom(atom));
        if is_true { atom } else { !atom }
    }

    /// Facts that are enough to make `formula` true, of those in a model of it.
    pub(super) fn reasons(&self, formula: Formula, value: impl Fn(Formula) -> bool) -> Vec<(Atom, bool)> {
        let mut needed = vec![false; formula.node() + 1];
        needed[formula.node()] = true;
        let mut facts = Vec::new();
        // From the last node on, so that all that need a part are known before it.
        for node in self.cone(formula).into_iter().rev() {
            if !needed[node] {
                continue;
            }
            let holds = value(Formula::of_node(node));
            match &*self.nodes[node] {
                Node::True => {}
                Node::Atom(atom) => facts.push((atom.clone(), holds)),
                Node::And(parts) if holds => parts.iter().for_each(|part| needed[part.node()] = true),
                Node::And(parts) => {
                    let wrong = || parts.iter().filter(|part| !value(**part));
                    if let Some(part) = wrong().find(|part| needed[part.node()]).or(wrong().next()) {
                        needed[part.node()] = true;
                    }
                }
            }
        }
        facts
    }

    fn add(&mut self, node: Node) -> Formula {
        if let Some(&known) = self.known.get(&node) {
            return known;
        }
        let formula = Formula::of_node(self.nodes.len());
        let node = Rc::new(node);
        self.nodes.push(Rc::clone(&node));
        self.known.insert(node, formula);
        formula
    }
}

/// `value`, negated if `like` is.
fn sign(value: Formula, like: Formula) -> Formula {
    if like.is_negated() { !value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atoms(formulas: &mut Formulas) -> [Formula; 3] {
        ["a", "b", "c"].map(|text| formulas.atom(Question::MessageHolds(text.to_owned())))
    }

    fn holds(formulas: &Formulas, formula: Formula, true_ones: &str) -> bool {
        formulas.holds(
            formula,
            |atom| matches!(atom, Atom::Asked(Question::MessageHolds(text)) if true_ones.contains(text)),
        )
    }

    #[test]
    fn what_is_put_together_means_what_it_says() {
        let mut formulas = Formulas::default();
        let [a, b, c] = atoms(&mut formulas);
        let choice = formulas.choice(a, b, !c);
        for (true_ones, expected) in
            [("", true), ("a", false), ("ab", true), ("c", false), ("ac", false), ("abc", true)]
        {
            assert_eq!(holds(&formulas, choice, true_ones), expected, "{true_ones}");
            assert_eq!(holds(&formulas, !choice, true_ones), !expected, "{true_ones}");
        }
        assert_eq!(formulas.all([a, !a]), Formula::FALSE);
        assert_eq!(formulas.any([a, Formula::TRUE]), Formula::TRUE);
        assert_eq!(formulas.all([b, a, b]), formulas.all([a, b]));
        assert_eq!(formulas.all([]), Formula::TRUE);
    }

    #[test]
    fn a_question_can_be_replaced_or_left_out() {
        let mut formulas = Formulas::default();
        let [a, b, c] = atoms(&mut formulas);
        let both = formulas.all([a, !b]);
        let either = formulas.any([both, c]);
        let is_b = |question: &Question| *question == Question::MessageHolds("b".to_owned());
        let replaced = formulas.replace(either, |_, question| is_b(question).then_some(!c));
        let expected = {
            let both = formulas.all([a, c]);
            formulas.any([both, c])
        };
        assert_eq!(replaced, expected);
        assert_eq!(formulas.surely(either, is_b), c);
        let neither = formulas.all([!a, !c]);
        let not_c = formulas.surely(!either, is_b);
        assert_eq!(not_c, neither, "without `a`, `b` does not matter");
    }
}
