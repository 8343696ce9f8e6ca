//! The project's own files, held to the truth: each module checks one of them against the program.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

mod action;
mod audit;
mod config;
mod forges;
mod gates;
mod map;
mod readme;
mod schema;
mod schemas;
mod shell;

use std::fs;
use std::path::{Path, PathBuf};

/// A file or folder of the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the project.
fn read(path: &str) -> String {
    let path = project(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares a file of the project with what it should be, or writes it so when `UPDATE_DOCS` is set.
fn up_to_date(path: &str, wanted: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(project(path), wanted).expect("the project's files can be written");
    }
    let found = read(path);
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    let at = differs.unwrap_or(found.lines().count().min(wanted.lines().count()));
    assert!(
        found == wanted,
        "{path}, line {}, is not what the program says:\n  file:    {:?}\n  program: {:?}\n\
         run `UPDATE_DOCS=1 cargo test --test house`, and read the difference",
        at + 1,
        found.lines().nth(at),
        wanted.lines().nth(at),
    );
}

/// The rows of the Markdown table in `text` whose first column is headed `first`.
fn table<'t>(text: &'t str, first: &str) -> Vec<Vec<&'t str>> {
    let header = format!("| {first} |");
    let rows = text.lines().skip_while(|line| !line.starts_with(&header)).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}
