//! Which variable the solver decides next: of atoms, that which took part in conflicts lately.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The variables in the order in which to decide them.
pub(super) struct Order {
    activity: Vec<u64>,
    bump: u64,
    /// By activity; some of it is out of date.
    open: BinaryHeap<(u64, Reverse<usize>)>,
    is_atom: Vec<bool>,
}

impl Order {
    /// The order of so many variables, of which only the atoms are decided: the others follow.
    pub(super) fn new(is_atom: Vec<bool>) -> Self {
        let open = (0..is_atom.len()).filter(|&at| is_atom[at]).map(|at| (0, Reverse(at))).collect();
        Self { activity: vec![0; is_atom.len()], bump: 1, open, is_atom }
    }

    /// The next variable, which may have a value by now.
    pub(super) fn pop(&mut self) -> Option<usize> {
        self.open.pop().map(|(_, Reverse(variable))| variable)
    }

    /// The variable took part in a conflict.
    pub(super) fn raise(&mut self, variable: usize) {
        self.activity[variable] = self.activity[variable].saturating_add(self.bump);
        self.put_back(variable);
    }

    /// The variable is to be decided again.
    pub(super) fn put_back(&mut self, variable: usize) {
        if self.is_atom[variable] {
            self.open.push((self.activity[variable], Reverse(variable)));
        }
    }

    /// What took part in conflicts lately counts more.
    pub(super) fn age(&mut self) {
        self.bump += self.bump / 16 + 1;
        if self.bump >= 1 << 48 {
            self.bump >>= 40;
            self.activity.iter_mut().for_each(|activity| *activity >>= 40);
            let Self { activity, open, .. } = self;
            let variables: Vec<Reverse<usize>> = open.drain().map(|(_, variable)| variable).collect();
            open.extend(variables.into_iter().map(|variable| (activity[variable.0], variable)));
        }
    }
}
