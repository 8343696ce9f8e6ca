//! The process around a run: its streams, and what its terminal can show.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _};

use super::{ExitStatus, Streams, run};
use crate::git;
use crate::report::Style;

/// The narrowest and widest lines that are written to a terminal.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=160;

/// Runs the process's own command line on its own streams.
pub fn main() -> ExitStatus {
    git::skip_hash_verification();
    let stdout = io::stdout();
    let style = style(stdout.is_terminal());
    let mut out = BufWriter::new(stdout.lock());
    // Not locked: progress is drawn there by another thread.
    let mut err = io::stderr();
    let progress = err.is_terminal();
    let mut input = io::stdin().lock();
    // A value that is not UTF-8 is none that a CI system sets.
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    let variables = std::env::vars_os().filter_map(text).collect();
    let streams = Streams { input: &mut input, out: &mut out, err: &mut err, progress, variables: &variables, style };
    run(std::env::args_os(), streams)
}

/// The style for standard output: colour and width of a terminal; `NO_COLOR` and `CLICOLOR_FORCE` as everywhere.
fn style(terminal: bool) -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let color = if set("NO_COLOR") { false } else { set("CLICOLOR_FORCE") || (terminal && !dumb) };
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.or_else(|| Some(usize::from(terminal_size::terminal_size()?.0.0)));
    let width = width.filter(|_| terminal).unwrap_or(Style::PLAIN.width).clamp(*WIDTHS.start(), *WIDTHS.end());
    Style { color, unicode: !dumb, width, verbose: false }
}
