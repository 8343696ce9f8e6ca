use super::super::decide::Decider;
use super::super::reading::Gate;
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::Event;
use crate::diag::{Problem, Safety};
use crate::plan::{Key, Question};
use crate::text::escape;
use crate::workflow::{Entry, Glob};

pub(super) static RULE: Rule = Rule {
    id: "redundant-glob",
    group: Group::Suspicious,
    level: Level::Note,
    since: "0.1.0",
    summary: "a glob that matches nothing but what others of its list match, too",
    page: include_str!("redundant_glob.md"),
    echo: None,
    checks: &[Check::Filter(check)],
};

fn check(gate: &Gate<'_>, decider: &mut Decider<'_>, out: &mut Vec<Problem>) {
    let lists = gate.when.entries.iter().flat_map(lists);
    for (globs, held_against) in lists.filter(|(globs, _)| globs.len() > 1) {
        if globs.iter().any(|glob| gate.reading.hangs_on_change(glob.place.span)) {
            continue;
        }
        let redundant = redundant(globs, held_against, decider);
        let kept = |at: &usize| !redundant.contains(at);
        for &at in &redundant {
            let covers = |other: &usize| is_inside(&globs[at], &[&globs[*other]], held_against, decider);
            let by = (0..globs.len()).filter(kept).find(covers);
            out.push(problem(gate, &globs[at], by.map(|by| &globs[by])));
        }
    }
}

/// What a list of globs is held against.
#[derive(Clone, Copy)]
pub(super) enum Against {
    Files,
    Value(Key),
}

impl Against {
    /// Events that together have every such file or value.
    fn events(self) -> &'static [Event] {
        match self {
            Self::Value(Key::Cron) => &[Event::Cron],
            Self::Value(Key::Ref) => &[Event::Push, Event::PullRequest, Event::Tag],
            Self::Files | Self::Value(_) => &[Event::Push],
        }
    }
}

fn lists(entry: &Entry) -> impl Iterator<Item = (&[Glob], Against)> {
    let Entry { path, branch, cron, git_ref, repo, instance, .. } = entry;
    let values =
        [(branch, Key::Branch), (cron, Key::Cron), (git_ref, Key::Ref), (repo, Key::Repo), (instance, Key::Instance)];
    let of_values = values.into_iter().flat_map(|(filter, key)| {
        [&filter.include, &filter.exclude].map(|globs| (globs.as_slice(), Against::Value(key)))
    });
    [&path.include, &path.exclude].into_iter().map(|globs| (globs.as_slice(), Against::Files)).chain(of_values)
}

/// The globs that can be taken away, all of them together: of two that match the same, the later one.
pub(super) fn redundant(globs: &[Glob], against: Against, decider: &mut Decider<'_>) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..globs.len()).collect();
    for at in (0..globs.len()).rev() {
        let others: Vec<&Glob> = kept.iter().filter(|&&other| other != at).map(|&other| &globs[other]).collect();
        // What matches nothing at all is another rule's.
        if is_inside(&globs[at], &others, against, decider) && !is_inside(&globs[at], &[], against, decider) {
            kept.retain(|&other| other != at);
        }
    }
    (0..globs.len()).filter(|at| !kept.contains(at)).collect()
}

/// Whether some of `others` match whatever `glob` matches.
fn is_inside(glob: &Glob, others: &[&Glob], against: Against, decider: &mut Decider<'_>) -> bool {
    against.events().iter().all(|event| {
        let formulas = decider.formulas(event);
        let mut matches = |globs: &[&Glob]| {
            let globs = globs.iter().map(|glob| glob.pattern.clone()).collect();
            formulas.atom(match against {
                Against::Files => Question::FileMatched(globs),
                Against::Value(key) => Question::Value(key, globs),
            })
        };
        let (by_glob, by_others) = (matches(&[glob]), matches(others));
        let outside = formulas.all([by_glob, !by_others]);
        decider.is_never(event, outside)
    })
}

fn problem(gate: &Gate<'_>, glob: &Glob, by: Option<&Glob>) -> Problem {
    let text = escape(glob.pattern.text());
    let message = match by {
        Some(by) if by.pattern == glob.pattern => format!("`{text}` stands in the list twice"),
        Some(by) => format!("`{}` matches whatever `{text}` matches", escape(by.pattern.text())),
        None => format!("the other globs together match whatever `{text}` matches"),
    };
    let problem = gate.reading.label(RULE.problem(message), &glob.place, glob.place.span, "changes nothing");
    let problem = match by {
        Some(by) if by.place.span != glob.place.span => {
            problem.label(gate.reading.id(), by.place.span, "matches as much")
        }
        _ => problem,
    };
    let fix = gate.reading.remove(Safety::Safe, format!("remove `{text}`"), glob.place.node);
    problem.help("take it away, or correct it if it was to match something else").fix(fix)
}
