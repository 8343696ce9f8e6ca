use super::super::reading::{Gate, admits};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::{Fix, Problem, Safety};
use crate::edit::{Replacement, written_list};
use crate::source::Span;
use crate::workflow::Place;
use crate::yaml::Data;

pub(super) static RULE: Rule = Rule {
    id: "implicit-on-empty",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "a path filter that does not say what an empty change does",
    page: include_str!("implicit_on_empty.md"),
    echo: None,
    checks: &[Check::Gate(check)],
};

fn check(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    let server = gate.reading.context.server;
    for entry in &gate.when.entries {
        let filter = &entry.path;
        let filters = !filter.include.is_empty() || !filter.exclude.is_empty();
        let is_read = Event::KNOWN.iter().any(|event| {
            event.has_changed_files(server) && admits(&entry.event, event, server) && gate.is_reached_on(event)
        });
        if let Some(place) = filter.place.as_ref().filter(|_| filters && is_read && filter.on_empty.is_none()) {
            out.push(implicit(gate, place));
        }
    }
}

fn implicit(gate: &Gate<'_>, place: &Place) -> Problem {
    let message = "a change without files passes this filter";
    let problem = gate.reading.label(RULE.problem(message), place, place.span, "has no `on_empty`");
    let problem =
        problem.help("say `on_empty: false` to skip such a change, or `on_empty: true` to show that it is meant");
    problem.fix(say_it(gate, place))
}

/// Says what happens now.
fn say_it(gate: &Gate<'_>, place: &Place) -> Option<Fix> {
    let (id, editor) = (place.node?, gate.reading.editor());
    let node = editor.document().node(id);
    let edits = match &node.data {
        Data::Mapping { .. } => editor.add_entry(id, "on_empty", "true")?,
        Data::Sequence { flow: true, .. } => vec![
            Replacement::new(Span::at(node.span.start), "{include: "),
            Replacement::new(Span::at(node.span.end), ", on_empty: true}"),
        ],
        Data::Scalar { value, .. } if node.tag.is_none() => {
            let list = written_list(&[value], gate.reading.dialect())?;
            vec![Replacement::new(node.span, format!("{{include: {list}, on_empty: true}}"))]
        }
        Data::Sequence { .. } => editor.wrap_block_list(id, "include", "on_empty: true")?,
        Data::Scalar { .. } | Data::Alias(_) => return None,
    };
    gate.reading.fix(Safety::Safe, "say `on_empty: true`, which is so now", Some(edits))
}
