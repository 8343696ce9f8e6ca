//! What decided a verdict, as lines for people.

use super::style::{Paint, Style};
use crate::source::{Position, Span};
use crate::text::escape;

/// A fact that decided.
pub(super) struct Fact {
    /// The entry of `when`, from 0.
    pub entry: Option<u32>,
    /// Where the deciding text stands.
    pub span: Option<Span>,
    /// The same, as line and column.
    pub at: Option<Position>,
    /// The aliases it came through, the outermost first: as they are written, and where.
    pub via: Vec<(String, Span)>,
    /// The phrase; safe to print.
    pub text: String,
}

/// One line a fact: by entry, and in an entry as it is written. Entries are numbered unless only the first one matters; an alias
/// that all facts came through is named once.
pub(super) fn lines(mut facts: Vec<Fact>, style: Style) -> Vec<String> {
    facts.sort_by_key(|fact| (fact.entry, fact.span));
    let numbered = facts.iter().any(|fact| fact.entry.is_some_and(|entry| entry > 0));
    let shared = match facts.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|fact| fact.via == first.via) => &first.via[..],
        _ => &[],
    };
    let mut lines = Vec::with_capacity(facts.len() + 1);
    if !shared.is_empty() {
        lines.push(style.paint(Paint::Place, through(shared)).to_string());
    }
    let mut before = None;
    for fact in &facts {
        let number = match fact.entry {
            Some(entry) if numbered && before != Some(entry) => format!("{}. ", entry + 1),
            Some(_) if numbered => "   ".to_owned(),
            _ => String::new(),
        };
        before = fact.entry;
        let via = if shared.is_empty() { &fact.via[..] } else { &[] };
        let place = fact.at.map(|at| place(at, via, style)).unwrap_or_default();
        lines.push(format!("{number}{}{place}", fact.text));
    }
    lines
}

/// ` (8:22 through *gate)`: the file stands in the workflow's line.
fn place(at: Position, via: &[(String, Span)], style: Style) -> String {
    let blank = if via.is_empty() { "" } else { " " };
    let place = format!("({}:{}{blank}{})", at.line, at.column, through(via));
    format!(" {}", style.paint(Paint::Place, place))
}

/// `through *gate`, the outermost alias first; nothing without one.
fn through(via: &[(String, Span)]) -> String {
    let aliases: Vec<String> = via.iter().map(|(alias, _)| escape(alias).to_string()).collect();
    if aliases.is_empty() { String::new() } else { format!("through {}", aliases.join(", ")) }
}
