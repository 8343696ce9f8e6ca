//! Command lines, as a reader of the documentation types them.

use std::ffi::OsString;

#[expect(dead_code, unused_imports, unused_macros, reason = "the tests of the command line use the rest")]
#[path = "../cli/support.rs"]
mod support;

pub(crate) use support::{Ran, Repo};

/// Runs `line` in `repo`: `wp-gate …`, perhaps with `echo '…' | ` before it.
pub(crate) fn run(repo: &Repo, line: &str) -> Ran {
    let (input, command) = match line.split_once(" | ") {
        Some((echo, command)) => (words(echo).split_off(1).join(" ") + "\n", command),
        None => (String::new(), line),
    };
    let words = words(command);
    let (name, arguments) = words.split_first().expect("a command");
    assert_eq!(name, "wp-gate", "{line}");
    let place: [OsString; 2] = ["-C".into(), repo.path().into()];
    support::run_with(place.into_iter().chain(arguments.iter().map(Into::into)), &mut input.as_bytes())
}

/// Splits a command line as a shell does that knows blanks and single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("there is one").push(c),
        }
    }
    assert!(!quoted, "no closing quote: {line}");
    words
}
