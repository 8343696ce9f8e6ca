//! Rules for people.

use std::io::{self, Write};

use crate::report::style::{Paint, Style};
use crate::rule::{Group, Rule};

/// Writes `rules` for a person, by group.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_rules(out: &mut dyn Write, rules: &[Rule], style: Style) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    for (at, group) in Group::ALL.into_iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", style.paint(Paint::Bold, group.name()))?;
        for rule in rules.iter().filter(|rule| rule.group == group) {
            let paint = rule.level.severity().map_or(Paint::Dim, Paint::from);
            let level = style.paint(paint, format!("{:<5}", rule.level.name()));
            writeln!(out, "  {:width$}  {level}  {}", rule.id, rule.summary)?;
        }
    }
    Ok(())
}
