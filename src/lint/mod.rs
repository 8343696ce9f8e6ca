//! What is wrong with workflow files whatever the change: what the server's linter says of them, and what only we can see.
//!
//! Files and a [`Context`] in, [`Problem`](crate::diag::Problem)s out: [`check`]. A [`Rule`](crate::rule::Rule) is a static value and a
//! plain function; [`rules`] has all of them. This room never prints, and knows neither git nor the configuration's file.
//!
//! | file | does |
//! | --- | --- |
//! | `rule` | how a rule finds its flaws: by what it looks at |
//! | `rules/` | one file a rule, its page beside it; `rules/server` the server's own findings |
//! | `context` | what is known of the server and the repository |
//! | `reading` | one substituted text of a file, as rules look at it: gates, globs, places |
//! | `tracked` | what the files that git tracks say of globs |
//! | `builds` | what gated steps build and read |
//! | `trigger` | which changes run which steps, and which they miss |
//! | `gaps` | what builds read and filters miss |
//! | `variables` | the variables of any change |
//! | `echoes` | what the schema only repeats of what a rule has told
//! | `decide` | questions about every change, and how much work they may be |
//! | `changes` | the workflows of a file or folder over every change |
//! | `witness` | a change, as a phrase |
//! | `check` | the driver: reads the files in parallel, runs the rules, keeps the order |
//! | `history` | what the past says of globs that match nothing any more |
//! | `mend` | what a fix changes in the file as it was written |
//!
//! A page is also the rule's test: each of its `yaml bad` fences must break this rule and no other (but `schema` if it is the server's own), none of its `yaml good`
//! fences may. A `yaml fixed` fence behind a bad one is what its safe fixes make of it, a `yaml fixed unsafe` what all do. What follows `bad` or `good` sets the scene: `woodpecker=3.4` the server, `tracked=a,b` the files that git tracks,
//! `moved=a:b` that one commit renamed `a` to `b`, `forge=gitea` the forge. A fence of several files names each
//! in a comment before it: `# .woodpecker/build.yaml`. A fence with `path=a` in its first line is such a tracked file, with its text, for all
//! fences of its page.
//!
//! # What holds for every change
//!
//! Some rules are decided over all changes, events and matrix axes, not tried with some ([`prove`](crate::prove)). What they find in a change
//! they show with one: it is planned before it is believed. What hangs on values that only the server has is not claimed, nor what takes too
//! much work: all questions about all files together may be some millions of steps, and where there are many files, each gets
//! its share. A file without conditions is not looked at.
//!
//! # What a file is read as
//!
//! Substitution comes before YAML, so a file has as many texts as its matrix has axes, each with the variables of a change that is
//! not known here: a stand-in takes their place. Rules look at each different text once, and say nothing of what came out of a
//! stand-in.

mod builds;
mod changes;
mod check;
mod context;
mod decide;
mod echoes;
mod gaps;
mod history;
mod mend;
mod reading;
mod rule;
mod rules;
mod tracked;
mod trigger;
mod variables;
mod witness;

#[cfg(test)]
mod tests;

pub use check::check;
pub use context::Context;
pub use history::{Departure, History, LastMatch, Past};
pub use rules::rules;
