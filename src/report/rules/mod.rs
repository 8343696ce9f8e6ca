//! What `rules` has to say.

#[cfg(feature = "cli")]
mod human;
mod json;

#[cfg(feature = "cli")]
pub use human::write_rules;
pub use json::write_rules_json;
