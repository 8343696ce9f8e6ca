use std::collections::HashSet;

use super::super::context::Context;
use super::super::mend;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Fix, Problem, Safety};
use crate::edit::{Editor, Outline};
use crate::source::{OffsetMap, Span};
use crate::text::escape;
use crate::workflow::File;
use crate::yaml::{Data, Dialect, NodeId};

pub(super) static RULE: Rule = Rule {
    id: "unused-anchor",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "an anchor that no alias refers to",
    page: include_str!("unused_anchor.md"),
    echo: None,
    checks: &[Check::File(check)],
};

fn check(file: &File<'_>, _: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(document) = file.document() else { return };
    let target = |data: &Data<'_>| if let Data::Alias(target) = data { Some(*target) } else { None };
    let used: HashSet<NodeId> = document.nodes().filter_map(|(_, node)| target(&node.data)).collect();
    let anchors = document.nodes().filter_map(|(id, node)| Some((id, node.anchor?)));
    let unused: Vec<(NodeId, Span)> = anchors.filter(|(id, _)| !used.contains(id)).collect();
    if unused.is_empty() {
        return;
    }
    let outline = Outline::new(document);
    let editor = Editor::new(document, &outline, Dialect::from(file.server()));
    out.extend(unused.into_iter().map(|(id, anchor)| never_used(file, &editor, id, anchor)));
}

fn never_used(file: &File<'_>, editor: &Editor<'_>, id: NodeId, anchor: Span) -> Problem {
    let shown = escape(file.source().slice(anchor));
    let problem = RULE.problem(format!("no alias refers to the anchor `{shown}`"));
    let written = OffsetMap::identity(file.source().text().len() as u32);
    let edits = editor.remove_anchor(id).and_then(|edits| mend::edits(file, &written, edits));
    let fix = edits.and_then(|edits| Fix::new(Safety::Unsafe, format!("remove `{shown}`"), edits));
    problem.label(file.id(), anchor, "").help("remove it").fix(fix)
}
