use std::collections::HashMap;

use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::{Fix, Problem, Safety};
use crate::source::{Source, Span};
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-gate",
    group: Group::Habit,
    level: Level::Note,
    since: "0.1.0",
    summary: "the same `when` written out more than once",
    page: include_str!("duplicate_gate.md"),
    echo: None,
    checks: &[Check::Workflow(check)],
};

/// A name for the anchor is looked for in all of the file, so not for any number of gates.
const MAX_FIXES: usize = 20;
/// Shorter ones are read faster than an alias is followed: in lines.
const SHORTEST: usize = 3;

fn check(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    let mut order: Vec<String> = Vec::new();
    let mut written: HashMap<String, Vec<&Place>> = HashMap::new();
    for place in reading.gates().filter_map(|gate| gate.when.place.as_ref()) {
        let text = dedented(reading.file.source(), place.span);
        if text.lines().count() < SHORTEST {
            continue;
        }
        let places = written.entry(text.clone()).or_insert_with(|| {
            order.push(text);
            Vec::new()
        });
        if places.iter().all(|other| other.span != place.span) {
            places.push(place);
        }
    }
    for (at, text) in order.iter().enumerate() {
        let Some(places) = written.get_mut(text) else { continue };
        places.sort_by_key(|place| place.span);
        if let [first, again @ ..] = places.as_slice()
            && !again.is_empty()
        {
            let problem = duplicate(reading, first, again);
            out.push(if at < MAX_FIXES { problem.fix(named_once(reading, first, again)) } else { problem });
        }
    }
}

/// The text of `span`, indented as if it stood at the start of its line, without blanks at the ends of lines.
fn dedented(source: &Source, span: Span) -> String {
    let indent = (span.start - source.line(span.start).start) as usize;
    let line = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        line.get(blanks.min(indent)..).unwrap_or_default().trim_end().to_owned()
    };
    let text = source.slice(span);
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let lines = std::iter::once(first.trim_end().to_owned()).chain(rest.lines().map(line));
    lines.collect::<Vec<_>>().join("\n")
}

fn duplicate(reading: &Reading<'_>, first: &Place, again: &[&Place]) -> Problem {
    let problem = RULE.problem("the same conditions are written out more than once");
    let problem = problem.label(reading.id(), first.span, "first here");
    let problem = again.iter().fold(problem, |problem, place| problem.label(reading.id(), place.span, "and here"));
    problem.help("name them once with an anchor, and use an alias: `when: &gate`, `when: *gate`")
}

/// An anchor at the first, and aliases in the place of the others. None where the text has anchors or aliases itself: what those stand for
/// may differ from place to place.
fn named_once(reading: &Reading<'_>, first: &Place, again: &[&Place]) -> Option<Fix> {
    let (editor, source) = (reading.editor(), reading.file.source());
    let refers = |word: &str| {
        let name = word.trim_start_matches(['[', '{', ',']).strip_prefix(['&', '*']);
        name.is_some_and(|name| !name.starts_with(['*', '/', '.']))
    };
    if source.slice(first.span).split_whitespace().any(refers) {
        return None;
    }
    let taken = |name: &str| source.text().contains(&format!("&{name}"));
    let name =
        std::iter::once("gate".to_owned()).chain((2..100).map(|at| format!("gate{at}"))).find(|it| !taken(it))?;
    let mut edits = editor.add_anchor(first.node?, &name)?;
    for place in again {
        edits.extend(editor.replace_value(place.node?, &format!("*{name}"))?);
    }
    reading.fix(Safety::Unsafe, format!("name the first `&{name}`, and refer to it"), Some(edits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_lines_are_indented_to_each_other_counts() {
        let source = Source::new("x", "  a:\n    b: c \n\n  d: e\n    a:\n    b: c\n");
        assert_eq!(dedented(&source, Span::new(2, 22)), "a:\n  b: c\n\nd: e");
        assert_eq!(dedented(&source, Span::new(27, 38)), "a:\nb: c");
    }
}
