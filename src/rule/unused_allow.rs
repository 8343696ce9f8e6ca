//! Suppressions that do nothing.

use super::about::{Group, Level, Rule};
use crate::diag::{Edit, Fix, Problem, Safety};
use crate::source::{FileId, Span};
use crate::text::{escape, nearest};

/// The rule about suppressions.
pub(crate) static UNUSED_ALLOW: Rule = Rule {
    id: "unused-allow",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a suppression that suppresses nothing, names no rule, or gives no reason",
    page: include_str!("unused_allow.md"),
    // Applying the suppressions finds it.
    echo: None,
    checks: &[],
};

pub(super) fn unused(file: FileId, id_span: Span, id: &str, removal: Vec<Edit>) -> Problem {
    let problem = UNUSED_ALLOW.problem(format!("there is no `{id}` here to allow")).label(file, id_span, "");
    problem.help("remove the comment").fix(Fix::new(Safety::Safe, "remove the comment", removal))
}

pub(super) fn unknown_rule(file: FileId, id_span: Span, id: &str, rules: &[Rule]) -> Problem {
    let problem =
        UNUSED_ALLOW.problem(format!("there is no rule `{}` for this file", escape(id))).label(file, id_span, "");
    match nearest(id, rules.iter().map(|rule| rule.id)) {
        Some(known) => {
            let edit = Edit { file, span: id_span, text: known.to_owned() };
            let fix = Fix::new(Safety::Unsafe, format!("write `{known}`"), vec![edit]);
            problem.help(format!("did you mean `{known}`?")).fix(fix)
        }
        None => problem.help("`wp-gate rules` lists them"),
    }
}

pub(super) fn no_reason(file: FileId, id_span: Span, id: &str) -> Problem {
    let problem = UNUSED_ALLOW.problem("a suppression without a reason suppresses nothing").label(file, id_span, "");
    problem.help(format!("say why: `# wp-gate: allow({}): the reason`", escape(id)))
}

pub(super) fn malformed(file: FileId, comment: Span) -> Problem {
    let problem = UNUSED_ALLOW.problem("this comment is not understood").label(file, comment, "");
    problem.help("write `# wp-gate: allow(RULE): the reason`, or `# wp-gate: inputs(GLOB, ...)`")
}
