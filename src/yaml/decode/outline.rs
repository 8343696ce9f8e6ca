//! Whose text a decoder gave away: for what may be other letters, and nobody notices ([`slack`](Decoder::slack)).

use std::cell::Cell;

use super::Decoder;
use crate::yaml::NodeId;

impl Decoder<'_, '_> {
    /// Decodes with `read`, which makes nothing of the texts that it gets but their types, how many there are, and which are empty: they do
    /// not count as given away ([`slack`](Self::slack)). Keys do.
    pub fn in_outline<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.outline, true);
        let result = read(self);
        self.outline = outer;
        result
    }

    /// Whether what was decoded may hang on the text of the scalar `id`.
    pub(in crate::yaml) fn gave_text(&self, id: NodeId) -> bool {
        self.given.get(id.0 as usize).is_none_or(Cell::get)
    }

    pub(super) fn give_text(&self, id: NodeId) {
        if let Some(given) = self.given.get(id.0 as usize) {
            given.set(true);
        }
    }
}
