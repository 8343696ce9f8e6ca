use std::hash::Hash;
use std::ops::Index;

use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

/// Values that are each kept once, in the order in which they came.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent, bound(serialize = "T: Serialize + Hash + Eq", deserialize = "T: Deserialize<'de> + Hash + Eq"))]
pub struct Table<T>(IndexSet<T>);

impl<T: Hash + Eq> Table<T> {
    /// The number of `value`.
    pub(super) fn put(&mut self, value: T) -> u32 {
        self.0.insert_full(value).0 as u32
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values, by their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.0.iter()
    }

    /// The value `number`, if there is one.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.0.get_index(number as usize)
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(IndexSet::default())
    }
}

impl<T> Index<u32> for Table<T> {
    type Output = T;

    /// The value `number`, which must come from this table.
    fn index(&self, number: u32) -> &T {
        &self.0[number as usize]
    }
}
