//! Answers in the form that is asked for: for people (`human`), for programs (`json`).
//!
//! Everything here writes to an [`std::io::Write`] and knows neither terminals nor files. Whatever came from a repository is escaped
//! on its way to people ([`crate::text::escape`]); JSON carries it as it is.

mod explain;
mod frame;
mod human;
mod json;
mod style;

pub use explain::Explanation;
pub use frame::write_problem;
pub use human::write_explanation;
pub use json::{SCHEMA_VERSION, write_explanation as write_explanation_json};
pub use style::{Paint, Style};
