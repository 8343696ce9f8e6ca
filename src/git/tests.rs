//! This room against the `git` program, which the tests need (2.36 or newer).

mod commits;
mod fixture;
mod places;
mod uncommitted;
mod workflows;
