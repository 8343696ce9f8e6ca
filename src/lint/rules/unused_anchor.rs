use std::collections::HashSet;

use super::super::context::Context;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::source::{FileId, Span};
use crate::text::escape;
use crate::workflow::File;
use crate::yaml::{Data, NodeId};

pub(super) static RULE: Rule = Rule {
    id: "unused-anchor",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "an anchor that no alias refers to",
    page: include_str!("unused_anchor.md"),
    checks: &[Check::File(check)],
};

fn check(file: &File<'_>, _: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(document) = file.document() else { return };
    let target = |data: &Data<'_>| if let Data::Alias(target) = data { Some(*target) } else { None };
    let used: HashSet<NodeId> = document.nodes().filter_map(|(_, node)| target(&node.data)).collect();
    let anchors = document.nodes().filter_map(|(id, node)| Some((id, node.anchor?)));
    let unused = anchors.filter(|(id, _)| !used.contains(id));
    out.extend(unused.map(|(_, anchor)| never_used(file.id(), anchor, file.source().slice(anchor))));
}

fn never_used(file: FileId, anchor: Span, text: &str) -> Problem {
    let problem = RULE.problem(format!("no alias refers to the anchor `{}`", escape(text)));
    problem.label(file, anchor, "").help("remove it")
}
