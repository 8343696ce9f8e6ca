//! What decided a cell, as the lines that `explain` prints.

use crate::audit::{Cause, Cell, Record};
use crate::report::Style;
use crate::report::fact::{Fact, lines};
use crate::source::{Position, Span};
use crate::text::escape;

/// The lines of the cell, where `mentions` are the files that decided in its row.
pub(super) fn of_cell(cell: &Cell, mentions: &[u32], record: &Record, style: Style) -> Vec<String> {
    of_ground(cell.ground, record, style, |mention| {
        let path = mentions.get(mention as usize).and_then(|&path| record.paths.get(path));
        path.map(|path| escape(&path.0).to_string()).unwrap_or_default()
    })
}

/// The lines of a ground, with files called as `name` says.
pub(super) fn of_ground(ground: u32, record: &Record, style: Style, name: impl Fn(u32) -> String) -> Vec<String> {
    let facts = record.grounds[ground].iter().map(|ground| {
        let cause = &record.causes[ground.cause];
        fact(cause, ground.mention.map(&name))
    });
    lines(facts.collect(), style)
}

fn fact(cause: &Cause, file: Option<String>) -> Fact {
    let text = match (&cause.after, file) {
        (Some(after), Some(file)) => format!("{}{file}{after}", cause.before),
        _ => cause.before.clone(),
    };
    Fact {
        entry: cause.entry,
        span: cause.at.map(|at| Span::new(at.start, at.end)),
        at: cause.at.map(|at| Position { line: at.line, column: at.column }),
        via: cause.via.iter().map(|via| (via.alias.clone(), Span::new(via.at.start, via.at.end))).collect(),
        text,
    }
}
