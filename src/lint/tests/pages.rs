//! The pages of the rules: what a page shows is what its rule does.

use std::collections::BTreeSet;

use super::{Moved, Scene};
use crate::diag::Safety;
use crate::forge::ForgeLimits;
use crate::lint::rules;
use crate::rule::{Group, Level, Rule};

/// A fence of a page: what follows `yaml` in its first line, and its text.
fn fences(page: &str) -> Vec<(Vec<&str>, String)> {
    let mut fences = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```yaml") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").chain([""]).collect();
            fences.push((info.split_whitespace().collect(), text.join("\n")));
        }
    }
    fences
}

/// The files that a page shows, for all its fences: of those with `path=` in their first line, whatever their language.
fn shown_files(page: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some((_, path)) = line.strip_prefix("```").and_then(|info| info.split_once(" path=")) {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").chain([""]).collect();
            files.push((path.to_owned(), text.join("\n")));
        }
    }
    files
}

fn scene(rule: &Rule, info: &[&str]) -> Scene {
    let mut scene = Scene::default();
    let mut tracked = shown_files(rule.page);
    if rule.level == Level::Off {
        scene.levels.insert(rule.id.to_owned(), Level::Warn);
    }
    for option in info {
        match option.split_once('=').expect("an option is `name=value`") {
            ("woodpecker", version) => scene.server = version.parse().expect("a version"),
            ("tracked", paths) => tracked.extend(paths.split(',').map(|path| (path.to_owned(), String::new()))),
            ("forge", name) => scene.forge = Some((name.parse().expect("a forge"), ForgeLimits::default())),
            ("moved", pairs) => {
                let pair = |pair: &str| pair.split_once(':').map(|(from, to)| (from.to_owned(), to.to_owned()));
                scene.moved = Moved(pairs.split(',').map(|it| pair(it).expect("`from:to`")).collect());
            }
            (name, _) => unreachable!("the fences of `{}` have no option `{name}`", rule.id),
        }
    }
    scene.tree = (!tracked.is_empty()).then(|| tracked.into_iter().collect());
    scene
}

#[test]
fn a_page_shows_bad_and_good() {
    for rule in rules() {
        let id = rule.id;
        for kind in ["bad", "good"] {
            let shown = fences(rule.page).iter().any(|(info, _)| info.first() == Some(&kind));
            assert!(shown, "the page of `{id}` has no fence ```yaml {kind}");
        }
    }
}

/// What the fences of one kind get wrong, over all pages.
fn wrong_fences(kind: &str, is_right: impl Fn(&Rule, &BTreeSet<&str>) -> bool) -> String {
    let mut wrong = Vec::new();
    for rule in rules() {
        for (info, text) in fences(rule.page).iter().filter(|(info, _)| info[0] == kind) {
            let problems = scene(rule, &info[1..]).check(text);
            let found: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
            if !is_right(rule, &found) {
                wrong.push(format!("{}: a `{kind}` fence breaks {found:?}:\n{text}{problems:#?}", rule.id));
            }
        }
    }
    wrong.join("\n")
}

#[test]
fn what_a_page_calls_bad_breaks_its_rule_and_no_other() {
    // Of what the server finds, its schema often says something, too.
    let counts = |rule: &Rule, id: &str| id != "schema" || rule.id == id || rule.group != Group::Server;
    let wrong = wrong_fences("bad", |rule, found| found.iter().filter(|id| counts(rule, id)).eq([&rule.id]));
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_a_page_calls_good_keeps_its_rule() {
    let wrong = wrong_fences("good", |rule, found| !found.contains(rule.id));
    assert!(wrong.is_empty(), "{wrong}");
}

/// What follows a `bad` fence shows what its fixes make of it: `fixed` the safe ones, `fixed unsafe` all.
#[test]
fn a_page_shows_what_its_fixes_make_of_what_it_calls_bad() {
    let mut wrong = Vec::new();
    let mut shown = 0;
    for rule in rules() {
        let fences = fences(rule.page);
        for (at, (info, text)) in fences.iter().enumerate().filter(|(_, (info, _))| info[0] == "bad") {
            let scene = scene(rule, &info[1..]);
            let follow = || fences[at + 1..].iter().take_while(|(info, _)| info[0] == "fixed");
            for (allowed, words) in [(Safety::Safe, &["fixed"][..]), (Safety::Unsafe, &["fixed", "unsafe"])] {
                let expected = follow().find(|(info, _)| info == words).map(|(_, text)| text);
                let (got, mended) = scene.mend(text, allowed);
                let is_new = got != *text && (allowed == Safety::Safe || got != scene.mend(text, Safety::Safe).0);
                if expected != is_new.then_some(&got) {
                    wrong.push(format!("{}: {words:?} should be\n{got}", rule.id));
                } else if is_new {
                    shown += 1;
                    let again = scene.mend(&got, allowed).1.made();
                    let left: Vec<&str> = mended.problems.iter().map(|problem| problem.code).collect();
                    if again > 0 || !mended.settled || mended.refused > 0 || left.contains(&rule.id) {
                        wrong.push(format!("{}: {words:?} leaves {left:?}, and again fixes {again}", rule.id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(shown >= 15, "only {shown} fixes are shown");
}
