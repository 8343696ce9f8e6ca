//! Which Woodpecker server is asked: its [`Version`], and the one table of what differs between versions ([`DIFFERENCES`]).
//!
//! Everything else in the crate asks [`Version::has`] and never compares version numbers, so that this table is the whole
//! truth about versions. Each row was read from the server's source at the release where it changed.

mod difference;
mod version;

pub use difference::{DIFFERENCES, Difference, Row};
pub use version::{ParseVersionError, Version};
