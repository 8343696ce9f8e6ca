//! Which Woodpecker server is asked: its [`Version`], and the one table of what differs between versions ([`DIFFERENCES`]).
//!
//! Everything else in the crate asks [`Version::has`] and compares no version numbers, but for the `CI_*` variables, whose own table
//! ([`VARIABLES`](crate::change::VARIABLES)) has their versions beside them. Each row was read from the server's source at the
//! release where it changed.

mod difference;
mod version;

pub use difference::{DIFFERENCES, Difference, Row};
pub use version::{ParseVersionError, Version};
