//! Which Woodpecker server is asked: its [`Version`], and the one table of what differs between versions ([`DIFFERENCES`]).
//!
//! Everything else in the crate asks [`Version::has`] and compares no version numbers, but for two tables that have the [`Releases`]
//! beside their rows: the `CI_*` variables ([`VARIABLES`](crate::change::VARIABLES)), and the keys of the server's schema
//! ([`WORKFLOW`](crate::schema::WORKFLOW)). Each row was read from the server's source at the release where it changed.

mod difference;
mod version;

pub use difference::{DIFFERENCES, Difference, Row};
pub use version::{ParseVersionError, Releases, Version};
