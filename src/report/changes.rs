//! `changes`: what a forge reports of a change. The shape of the JSON is described in `docs/changes.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{HiddenJson, SCHEMA_VERSION, hidden, write_json};
#[cfg(feature = "cli")]
use super::style::{Paint, Style};
use crate::change::{ChangeSet, Event};
use crate::server::Version;
#[cfg(feature = "cli")]
use crate::text::escape;
use crate::text::to_server_string;

/// All that `changes` has to say.
#[derive(Clone, Copy, Debug)]
pub struct Changes<'a> {
    /// What the forge reports, and what it hides.
    pub set: &'a ChangeSet,
    /// The event.
    pub event: &'a Event,
    /// The branch that `when.branch` sees, as far as it is known.
    pub branch: Option<&'a str>,
    /// The message that the message filters see, as far as it is known.
    pub message: &'a str,
    /// The server, whose driver takes part in making the list.
    pub server: Version,
    /// Whether the server makes a pipeline at all.
    pub pipeline: bool,
    /// Whole phrases, safe to print.
    pub notes: &'a [String],
}

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    forge: &'static str,
    woodpecker: String,
    event: &'a str,
    makes_pipeline: bool,
    changed_files: Vec<String>,
    message: &'a str,
    branch: Option<&'a str>,
    hidden: Vec<HiddenJson<'a>>,
    notes: &'a [String],
}

/// Writes `changes` as one JSON object, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_changes_json(out: &mut dyn Write, changes: &Changes<'_>) -> io::Result<()> {
    let Changes { set, event, branch, message, server, pipeline, notes } = *changes;
    let root = Root {
        schema_version: SCHEMA_VERSION,
        forge: set.forge.name(),
        woodpecker: server.to_string(),
        event: event.as_str(),
        makes_pipeline: pipeline,
        changed_files: set.files.iter().map(|path| to_server_string(path)).collect(),
        message,
        branch,
        hidden: set.hidden.iter().map(hidden).collect(),
        notes,
    };
    write_json(out, &root)
}

/// Writes `changes` for a person: the paths alone on lines of their own, as `git diff --name-only` has them but escaped; then what is hidden,
/// each file with the reason.
///
/// # Errors
/// When `out` cannot be written to.
#[cfg(feature = "cli")]
pub fn write_changes(out: &mut dyn Write, changes: &Changes<'_>, style: Style) -> io::Result<()> {
    /// How many hidden files are told of before the rest is counted.
    const HIDDEN_SHOWN: usize = 20;
    let Changes { set, event, branch, message, server, .. } = *changes;
    write!(out, "{}", style.paint(Paint::Bold, event.as_str().to_owned()))?;
    if let Some(branch) = branch {
        write!(out, " on {}", style.paint(Paint::Bold, escape(branch)))?;
    }
    if let Some(subject) = message.lines().next().filter(|subject| !subject.is_empty()) {
        write!(out, ": {}", escape(subject))?;
    }
    let count = match set.files.len() {
        0 => "no changed file".to_owned(),
        1 => "1 changed file".to_owned(),
        count => format!("{count} changed files"),
    };
    writeln!(out, "\nWoodpecker {server}, {count} (as {} lists them)", set.forge)?;
    for path in set.files.iter() {
        writeln!(out, "  {}", escape(path.as_slice()))?;
    }
    if !set.hidden.is_empty() {
        writeln!(out, "{}", style.paint(Paint::Bold, format!("changed, and not listed: {}", set.hidden.len())))?;
        let shown = style.shown(HIDDEN_SHOWN);
        for hidden in set.hidden.iter().take(shown) {
            writeln!(out, "  {}: {}", escape(hidden.path.as_slice()), style.paint(Paint::Dim, hidden.why.clone()))?;
        }
        if let Some(more) = set.hidden.len().checked_sub(shown).filter(|&more| more > 0) {
            writeln!(out, "  {}", style.paint(Paint::Dim, format!("and {more} more")))?;
        }
    }
    for note in changes.notes {
        writeln!(out, "{} {note}", style.paint(Paint::Doubt, "note:"))?;
    }
    Ok(())
}
