//! Rules for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::json::write_json;
use crate::rule::Rule;

#[derive(Serialize)]
struct RuleJson {
    id: &'static str,
    group: &'static str,
    level: &'static str,
    since: &'static str,
    summary: &'static str,
    page: &'static str,
}

/// Writes `rules` as a JSON list, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_rules_json(out: &mut dyn Write, rules: &[Rule]) -> io::Result<()> {
    let json = |rule: &Rule| {
        let Rule { id, since, summary, page, .. } = *rule;
        RuleJson { id, group: rule.group.name(), level: rule.level.name(), since, summary, page }
    };
    write_json(out, &rules.iter().map(json).collect::<Vec<_>>())
}
