use super::super::rule::{Group, Level, Rule};
use super::RULES;
use crate::diag::Problem;
use crate::source::{FileId, Span};
use crate::text::{escape, nearest};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "unused-allow",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a suppression that suppresses nothing, names no rule, or gives no reason",
    page: include_str!("unused_allow.md"),
    // Applying the suppressions finds it.
    checks: &[],
};

pub(in crate::lint) fn unused(file: FileId, id_span: Span, id: &str) -> Problem {
    RULE.problem(format!("there is no `{id}` here to allow")).label(file, id_span, "").help("remove the comment")
}

pub(in crate::lint) fn unknown_rule(file: FileId, id_span: Span, id: &str) -> Problem {
    let problem = RULE.problem(format!("there is no rule `{}`", escape(id))).label(file, id_span, "");
    match nearest(id, RULES.iter().map(|rule| rule.id)) {
        Some(known) => problem.help(format!("did you mean `{known}`?")),
        None => problem.help("`wp-gate rules` lists them"),
    }
}

pub(in crate::lint) fn no_reason(file: FileId, id_span: Span, id: &str) -> Problem {
    let problem = RULE.problem("a suppression without a reason suppresses nothing").label(file, id_span, "");
    problem.help(format!("say why: `# wp-gate: allow({}): the reason`", escape(id)))
}

pub(in crate::lint) fn malformed(file: FileId, comment: Span) -> Problem {
    let problem = RULE.problem("this comment is not understood").label(file, comment, "");
    problem.help("write `# wp-gate: allow(RULE): the reason`")
}
