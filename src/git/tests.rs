//! This room against the `git` program, which the tests need (2.36 or newer).

mod commits;
mod fixture;
mod forges;
mod past;
mod places;
mod reports;
mod uncommitted;
mod workflows;
