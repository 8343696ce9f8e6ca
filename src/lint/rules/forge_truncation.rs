use super::super::reading::{Gate, Reading, admits};
use super::super::rule::{Check, Group, Level, Rule};
use crate::change::{Event, Forge};
use crate::diag::Problem;
use crate::forge::{ForgeLimits, List, Renames, Situation, rule};
use crate::server::Version;
use crate::workflow::Place;

pub(super) static RULE: Rule = Rule {
    id: "forge-truncation",
    group: Group::Suspicious,
    level: Level::Note,
    since: "0.1.0",
    summary: "a path filter, and a forge that does not list every changed file",
    page: include_str!("forge_truncation.md"),
    echo: None,
    checks: &[Check::Forge(check)],
};

/// The kinds of change that pushes and pull requests are, as people meet them.
const SITUATIONS: [Situation; 4] = [Situation::Update, Situation::NewBranch, Situation::Forced, Situation::PullRequest];

fn check(reading: &Reading<'_>, forge: Forge, limits: ForgeLimits, out: &mut Vec<Problem>) {
    let mut filters: Vec<&Place> = Vec::new();
    let mut reached: Vec<Situation> = Vec::new();
    for (place, situations) in reading.gates().flat_map(filters_of) {
        let hiding = |it: &Situation| !hidden(forge, *it, reading.context.server, limits).is_empty();
        let situations: Vec<Situation> = situations.into_iter().filter(hiding).collect();
        if !situations.is_empty() && filters.iter().all(|other| other.span != place.span) {
            filters.push(place);
        }
        reached.extend(situations);
    }
    let [first, others @ ..] = filters.as_slice() else { return };
    let message = format!("`{forge}` lists {}", told(forge, &reached, reading.context.server, limits));
    let problem = reading.label(RULE.problem(message), first, first.span, "does not see the others");
    let problem = others.iter().fold(problem, |problem, it| problem.label(reading.id(), it.span, "nor does this one"));
    out.push(problem.help("let what must never be skipped run without changed files as well: on `tag`, on `cron`"));
}

/// What is listed of the kinds of change that are `reached`, where that is not all: `of a push, at most 300 files`.
fn told(forge: Forge, reached: &[Situation], server: Version, limits: ForgeLimits) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for situation in SITUATIONS.into_iter().filter(|it| reached.contains(it)) {
        let what = match situation {
            Situation::Update => "a push",
            Situation::NewBranch => "a new branch",
            Situation::Forced => "a forced push",
            Situation::PullRequest | Situation::Closed => "a pull request",
        };
        for listed in hidden(forge, situation, server, limits) {
            match told.iter_mut().find(|(other, _)| *other == listed) {
                Some((_, whats)) => whats.push(what),
                None => told.push((listed, vec![what])),
            }
        }
    }
    let phrase = |(listed, whats): &(String, Vec<&str>)| match whats.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("of {} or {last}, {listed}", others.join(", ")),
        whats => format!("of {}, {listed}", whats.concat()),
    };
    told.iter().map(phrase).collect::<Vec<_>>().join("; ")
}

/// The path filters of `gate`, each with the kinds of change that get there.
fn filters_of(gate: Gate<'_>) -> impl Iterator<Item = (&Place, Vec<Situation>)> {
    let server = gate.reading.context.server;
    let entries =
        gate.when.entries.iter().filter(|entry| !entry.path.include.is_empty() || !entry.path.exclude.is_empty());
    entries.filter_map(move |entry| {
        let gets_there = |event: &Event| admits(&entry.event, event, server) && gate.is_reached_on(event);
        let of = |situation: &Situation| match situation {
            Situation::PullRequest => gets_there(&Event::PullRequest),
            _ => gets_there(&Event::Push),
        };
        Some((entry.path.place.as_ref()?, SITUATIONS.into_iter().filter(of).collect()))
    })
}

/// What `forge` lists, if that is not all: each way to leave something out, as a phrase.
fn hidden(forge: Forge, situation: Situation, server: Version, limits: ForgeLimits) -> Vec<String> {
    let rule = rule(forge, situation, server).limited(limits);
    let mut listed = Vec::new();
    match rule.list {
        List::Commits { newest, .. } => listed.push(format!("the files of the newest {newest} commits")),
        List::Tip => listed.push("the files of the last commit".to_owned()),
        List::Nothing | List::BackToMergeBase => listed.push("no file".to_owned()),
        List::Git | List::SinceMergeBase | List::Difference | List::DifferenceToDefault | List::NoPipeline => {}
    }
    listed.extend(rule.files.map(|files| format!("at most {files} files")));
    if rule.renames == Renames::NewName {
        listed.push("a renamed file by its new name only".to_owned());
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_listed_is_said_once_for_all_kinds_of_change() {
        let of = |forge: &str, server: &str, limits| {
            let (forge, server) = (forge.parse().expect("a forge"), server.parse().expect("a version"));
            told(forge, &SITUATIONS, server, limits)
        };
        let none = ForgeLimits::default();
        assert_eq!(
            of("gitea", "3.17", none),
            "of a push, a new branch or a forced push, the files of the newest 5 commits; of a pull request, a renamed file by its new name only"
        );
        let more = ForgeLimits { push_commits: Some(50), files: None };
        assert!(
            of("gitea", "3.17", more)
                .starts_with("of a push, a new branch or a forced push, the files of the newest 50 commits;")
        );
        assert_eq!(
            of("github", "3.17", none),
            "of a push, at most 300 files; of a new branch or a forced push, the files of the last commit; of a new branch, a forced push or a pull request, at most 3000 files"
        );
        assert_eq!(of("git", "3.17", none), "");
        assert!(
            of("bitbucket", "3.4", none)
                .starts_with("of a push, a new branch, a forced push or a pull request, no file")
        );
    }
}
