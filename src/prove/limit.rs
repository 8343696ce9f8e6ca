use std::fmt;

/// How much work a proof may still do: steps of the solver and of automata, each some tens of nanoseconds.
#[derive(Debug)]
pub struct Budget(usize);

impl Budget {
    /// So many steps.
    pub const fn new(steps: usize) -> Self {
        Self(steps)
    }

    /// One of so many equal `parts` of what is left: what is not spent of it is to be [given back](Self::give_back).
    pub(super) fn part(&mut self, parts: usize) -> Self {
        let part = self.0 / parts.max(1);
        self.0 -= part;
        Self(part)
    }

    /// Takes back what is left of a part.
    pub(super) const fn give_back(&mut self, Self(part): Self) {
        self.0 += part;
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), TooLarge> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(|_| ()).ok_or(TooLarge)
    }
}

/// A question is too large to be decided within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// That it is, as a phrase.
pub(super) const TOO_LARGE: &str = "it is too large to be decided";

/// What helps where something is too large, in the imperative.
pub const SIMPLER: &str = "let steps share one list (an anchor), write globs that begin with a folder";

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the conditions are too large to be decided here")
    }
}

impl std::error::Error for TooLarge {}
