//! Workflows made at random of globs that tell few kinds of files apart, so that all their changes can be tried: what the decided rules find
//! is just what the planner shows.
//!
//! Each rule is said here once more, of what the planner does with every change; see [`Expected`]. What hangs on an author is held between
//! two bounds: found must be what the planner says of an author whom it does not know, and no more may be found than what is so for all.
//! `WP_GATE_LAWS=20000 cargo test --release exact` tries that many instead of a few.

mod made;
mod world;

use std::collections::BTreeSet;

use super::Scene;
use super::decided::{DECIDED, Random, hold};
use crate::diag::Problem;
use crate::glob::Pattern;
use crate::lint::{check, rules};
use crate::plan::{Plan, Verdict};
use crate::rule::{Level, Levels};
use crate::source::{Source, Sources};
use made::{AUTHORS, BRANCH_GLOBS, BRANCHES, Entry, FILES, GLOBS, Globs, Made, NAMES, Path, list_text};
use world::{Alone, World};

/// A finding: the rule, the file, what it is in (`when`, a step's name), and the text that it marks.
type Finding = (&'static str, &'static str, String, String);

/// What has to be found, and what may be: the two differ where a finding hangs on an author.
#[derive(Default)]
struct Expected {
    must: Vec<Finding>,
    may: Vec<Finding>,
}

impl Expected {
    fn add(&mut self, finding: Finding, must: bool, may: bool) {
        if must {
            self.must.push(finding.clone());
        }
        if may {
            self.may.push(finding);
        }
    }
}

/// Those of `count` that can be taken away, all of them together, the last first: what each of them does the others do.
fn spare(sets: &[Vec<bool>]) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..sets.len()).collect();
    for at in (0..sets.len()).rev() {
        let by_others = |place: usize| kept.iter().any(|&other| other != at && sets[other][place]);
        let is_inside = (0..sets[at].len()).all(|place| !sets[at][place] || by_others(place));
        if is_inside && sets[at].contains(&true) {
            kept.retain(|&other| other != at);
        }
    }
    (0..sets.len()).filter(|at| !kept.contains(at)).collect()
}

fn matches(globs: &Globs, texts: &[&str]) -> Vec<Vec<bool>> {
    let of = |glob: &&str| {
        let pattern = Pattern::parse(glob);
        texts.iter().map(|text| pattern.is_match(text.as_bytes())).collect()
    };
    globs.iter().map(of).collect()
}

/// What is wrong with the lists of one workflow, each for itself.
fn of_lists(world: &World, file: &'static str, made: &Made, expected: &mut Expected) {
    for (owner, when) in made.whens() {
        let mut find = |rule, text| expected.add((rule, file, owner.to_owned(), text), true, true);
        for entry in when {
            let path = entry.path.clone().unwrap_or_default();
            let branches = entry.branches.clone().unwrap_or_default();
            for (globs, texts) in [(&path.include, &FILES), (&path.exclude, &FILES), (&branches, &BRANCHES)] {
                for at in spare(&matches(globs, texts)) {
                    find("redundant-glob", globs[at].to_owned());
                }
            }
            let has_globs = !path.include.is_empty() || !path.exclude.is_empty();
            if has_globs && !world.let_through(&path).contains(&false) {
                find("filter-always-true", path.text());
            }
            if !path.include.is_empty() {
                for glob in idle_excludes(world, &path) {
                    find("exclude-and-include-interact", glob.to_owned());
                }
            }
        }
    }
}

fn idle_excludes(world: &World, path: &Path) -> Globs {
    let sets = matches(&path.exclude, &FILES);
    let spare = spare(&sets);
    let mut kept: Vec<usize> = (0..sets.len()).filter(|at| !spare.contains(at)).collect();
    let with = |kept: &[usize]| {
        let exclude = kept.iter().map(|&at| path.exclude[at]).collect();
        world.let_through(&Path { exclude, ..path.clone() })
    };
    let mut idle = Vec::new();
    for at in kept.clone().into_iter().rev() {
        let without: Vec<usize> = kept.iter().copied().filter(|&other| other != at).collect();
        if sets[at].contains(&true) && with(&kept) == with(&without) {
            kept = without;
            idle.push(path.exclude[at]);
        }
    }
    idle
}

/// The entries that let through nothing but what others of their list do.
fn shadowed_entries(world: &World, files: &[(&'static str, &Made)], expected: &mut Expected) {
    let lists = files.iter().flat_map(|(file, made)| made.whens().map(|(owner, when)| (*file, owner, when)));
    let lists: Vec<_> = lists.filter(|(_, _, when)| when.len() > 1).collect();
    let entries: Vec<&Entry> = lists.iter().flat_map(|(_, _, when)| when.iter()).collect();
    let step = |(at, entry): (usize, &&Entry)| format!("  - {{name: e{at}, image: x, when: [{}]}}\n", entry.text());
    let steps: String = entries.iter().enumerate().map(step).collect();
    let mut passes: Vec<Vec<bool>> = vec![Vec::new(); entries.len()];
    for plan in world.plans(&[format!("steps:\n  - {{name: x, image: x}}\n{steps}")]).iter().flat_map(|by| known(by)) {
        let own = plan.workflows[0].steps.iter().filter(|it| it.name.starts_with('e'));
        own.zip(&mut passes).for_each(|(step, passes)| passes.push(step.verdict == Verdict::Run));
    }
    let mut at = 0;
    for (file, owner, when) in lists {
        let spare = spare(&passes[at..at + when.len()]);
        at += when.len();
        // The server asks a workflow's `evaluate` twice.
        if owner == "when" && when.iter().any(|entry| entry.asks_author) {
            continue;
        }
        for at in spare {
            expected.add(("shadowed-entry", file, owner.to_owned(), when[at].text()), true, true);
        }
    }
}

/// What is so with the authors that are told apart, or with the only one.
fn known<T>(by: &[T]) -> &[T] {
    if by.len() > 1 { &by[1..] } else { by }
}

/// Whether the planner sees a change of which something is so whoever made it, and whether there is one.
fn bounds(all: &[Vec<Alone>], is_so: impl Fn(&Alone) -> bool) -> (bool, bool) {
    let must = all.iter().any(|by| by[0].is_clear && is_so(&by[0]));
    (must, all.iter().any(|by| known(by).iter().all(&is_so)))
}

fn of_workflows(world: &World, files: [(&'static str, &Made); 2], real: &[Vec<Plan>], expected: &mut Expected) {
    let apart = world.plans(&files.map(|(_, made)| made.text(false)));
    let [p, q] = ["p", "q"].map(|name| -> Vec<Vec<Alone>> {
        apart.iter().map(|by| by.iter().map(|plan| Alone::of(plan, name)).collect()).collect()
    });
    for ((file, made), alone) in files.iter().zip([&p, &q]) {
        let ever = |is_so: &dyn Fn(&Alone) -> bool| alone.iter().flat_map(|by| known(by)).any(is_so);
        let never = |owner: &str, when| ("step-never-runs", *file, owner.to_owned(), list_text(when));
        if !made.when.is_empty() && !ever(&|it| it.lets_in) {
            expected.add(never("when", &made.when), true, true);
        } else {
            for (at, (when, _)) in made.steps.iter().enumerate() {
                if !when.is_empty() && !ever(&|it| it.steps[at]) {
                    expected.add(never(NAMES[at], when), true, true);
                }
            }
        }
        let (must, may) = bounds(alone, Alone::is_idle);
        expected.add(("clone-only-run", *file, String::new(), String::new()), must, may);

        let is_graph = |it: &Alone| (0..3).any(|at| it.steps[at] && made.steps[at].1.is_some());
        let several = |it: &Alone| (0..3).filter(|&at| it.steps[at] && made.steps[at].1.is_none()).count() > 1;
        let (must, may) = bounds(alone, |it| several(it) && !is_graph(it));
        let can_be = ever(&|it| several(it) && is_graph(it));
        expected.add(("filter-changes-order", *file, String::new(), String::new()), must && can_be, may && can_be);

        for (at, needed) in made.steps.iter().enumerate().filter_map(|(at, (_, needs))| Some((at, (*needs)?))) {
            let breaks = |it: &Alone| it.steps[at] && !it.steps[needed];
            expected.add(
                ("filtered-dependency", *file, NAMES[at].to_owned(), NAMES[needed].to_owned()),
                bounds(alone, breaks).0,
                ever(&breaks),
            );
        }
    }
    // With all needs told, the server takes the pipeline and drops `q`.
    let (mut must, mut may) = (false, false);
    for (plans, (p, q)) in real.iter().zip(p.iter().zip(&q)) {
        let vanishes = |at: usize| {
            let is_dropped = plans[at].workflows.iter().any(|it| it.name == "q" && it.verdict == Verdict::Dropped);
            let is_taken = plans[at].errors().next().is_none();
            is_taken && is_dropped && !p[at].lets_in && q[at].steps != [false; 3]
        };
        must |= p[0].is_clear && q[0].is_clear && vanishes(0);
        may |= (usize::from(plans.len() > 1)..plans.len()).all(vanishes);
    }
    expected.add(("vanishing-workflow", files[1].0, String::new(), String::new()), must, may);
}

fn findings(problems: &[Problem], files: &Sources) -> Vec<Finding> {
    let finding = |problem: &Problem| {
        let rule = DECIDED.into_iter().find(|rule| *rule == problem.code).unwrap_or("another one");
        let label = &problem.labels[0];
        let (name, text) = (files[label.file].name(), files[label.file].text());
        let file = if name.ends_with("p.yaml") { "p" } else { "q" };
        if ["clone-only-run", "filter-changes-order", "vanishing-workflow"].contains(&rule) {
            return (rule, file, String::new(), String::new());
        }
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        let line = text[..start].rsplit('\n').next().unwrap_or_default();
        let owner = line.strip_prefix("  - {name: ").and_then(|rest| rest.get(..1)).unwrap_or("when");
        (rule, file, owner.to_owned(), text[start..end].trim_matches('\'').to_owned())
    };
    problems.iter().map(finding).collect()
}

/// Those of `some` that are not in `all`, each as often as it is there.
fn missing(some: &[Finding], all: &[Finding]) -> Vec<Finding> {
    let mut left = all.to_vec();
    let mut missing = Vec::new();
    for finding in some {
        match left.iter().position(|other| other == finding) {
            Some(at) => drop(left.swap_remove(at)),
            None => missing.push(finding.clone()),
        }
    }
    missing
}

/// One pipeline; the rules that found something, or how the two disagree.
fn agree(seed: u64) -> Result<BTreeSet<&'static str>, String> {
    let mut random = Random::new(seed ^ 0xE8AC);
    let server = ["3.4", "3.14", "3.17"][random.below(3)];
    let asks_author = random.below(4) == 0;
    let [p, q] = [false, true].map(|needs| random.exact_workflow(needs, asks_author));
    let texts = [p.text(true), q.text(true)];
    let is_decided = |id: &str| if DECIDED.contains(&id) { Level::Warn } else { Level::Off };
    let levels: Levels = rules().iter().map(|rule| (rule.id.to_owned(), is_decided(rule.id))).collect();
    let scene = Scene { levels, ..Scene::on(server) };
    let mut files = Sources::new();
    for (text, name) in texts.iter().zip(["p", "q"]) {
        files.add(Source::new(format!(".woodpecker/{name}.yaml"), text.as_str()));
    }
    let problems = scene.with_context(|context| check(&mut files, context));
    let found = findings(&problems, &files);

    let authors = if texts.iter().any(|text| text.contains("AUTHOR")) { &AUTHORS[..] } else { &AUTHORS[..1] };
    let world = World::new(scene.server, authors);
    let made = [("p", &p), ("q", &q)];
    let mut expected = Expected::default();
    for (file, made) in made {
        of_lists(&world, file, made, &mut expected);
    }
    shadowed_entries(&world, &made, &mut expected);
    of_workflows(&world, made, &world.plans(&texts), &mut expected);

    // Where something else is wrong in a step's conditions, that may well be why it never runs: it is not said.
    let is_explained = |never: &Finding| {
        let (rule, file, owner, _) = never;
        *rule == "step-never-runs" && found.iter().any(|it| (it.1, &it.2) == (*file, owner) && it.0 != *rule)
    };
    let not_found: Vec<Finding> = missing(&expected.must, &found).into_iter().filter(|it| !is_explained(it)).collect();
    let not_so = missing(&found, &expected.may);
    if not_found.is_empty() && not_so.is_empty() {
        return Ok(problems.iter().map(|problem| problem.code).collect());
    }
    let [first, second] = &texts;
    Err(format!(
        "seed {seed}, server {server}\n--- p\n{first}--- q\n{second}not found: {not_found:#?}\nnot so: {not_so:#?}\n{problems:#?}"
    ))
}

#[test]
fn the_files_and_branches_stand_for_all() {
    let mut paths = vec![String::new()];
    for at in 0..1 + 5 + 25 + 125 {
        paths.extend(["a", "b", "/", ".md", "."].map(|part| format!("{}{part}", paths[at])));
    }
    let is_path = |path: &&String| !path.split('/').any(|name| matches!(name, "" | "." | ".."));
    let kinds = |globs: &[&str], texts: &[&str]| -> BTreeSet<Vec<bool>> {
        let globs: Vec<Pattern> = globs.iter().map(|glob| Pattern::parse(glob)).collect();
        assert!(globs.iter().all(|glob| glob.oddity().is_none()));
        texts.iter().map(|text| globs.iter().map(|glob| glob.is_match(text.as_bytes())).collect()).collect()
    };
    let all: Vec<&str> = paths.iter().filter(is_path).map(String::as_str).chain(BRANCHES).collect();
    for (globs, some) in [(&GLOBS[..], FILES), (&BRANCH_GLOBS, BRANCHES)] {
        assert_eq!(kinds(globs, &all), kinds(globs, &some));
        assert_eq!(kinds(globs, &some).len(), some.len());
    }
}

#[test]
fn what_is_decided_is_exactly_what_the_planner_shows() {
    hold(16, agree);
}
