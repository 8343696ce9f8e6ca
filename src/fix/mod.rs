//! Fixes, made: problems that know how they can be mended in, mended files out.
//!
//! | file | does |
//! | --- | --- |
//! | `round` | which fixes can be made together, and the texts with them |
//! | `mend` | rounds of fixes until nothing is left to fix |
//! | `store` | the mended texts in their files |
//!
//! A fix is made whole or not at all, and only if the files are no worse with it: no rule finds an error more than before, which includes
//! that they are YAML and that the server takes them. Fixes that touch the same bytes wait for the next round, where the files are
//! checked anew. What comes out does not depend on how many threads look.
//!
//! # Bounds
//!
//! [`MAX_ROUNDS`] rounds; each checks all files a few times. Where a round as a whole makes the files worse, up to [`MAX_TRIED`] of its
//! fixes are tried one by one, and the others are left.

mod mend;
mod round;
#[cfg(feature = "cli")]
mod store;

#[cfg(test)]
mod tests;

pub use mend::{MAX_ROUNDS, MAX_TRIED, Mended, mend};
#[cfg(feature = "cli")]
pub use store::{StoreError, replace};
