mod builds;
mod decided;
mod exact;
mod pages;
mod places;
mod suppressions;

use std::collections::BTreeMap;

use super::{Context, Departure, History, LastMatch, Past, check};
use crate::admission::Policy;
use crate::change::Forge;
use crate::closure::{MemoryTree, Tree};
use crate::diag::{Problem, Safety, Severity};
use crate::fix::{Mended, mend};
use crate::forge::ForgeLimits;
use crate::glob::Pattern;
use crate::rule::{Level, Levels};
use crate::server::Version;
use crate::source::{Source, Sources};

/// What a text is checked with, besides the defaults.
#[derive(Default)]
struct Scene {
    server: Version,
    tree: Option<MemoryTree>,
    levels: Levels,
    forge: Option<(Forge, ForgeLimits)>,
    /// Files that were moved, in one commit: from where to where.
    moved: Moved,
}

#[derive(Debug, Default)]
struct Moved(Vec<(String, String)>);

impl Past for Moved {
    fn last_matches(&self, globs: &[Pattern]) -> Vec<LastMatch> {
        let of = |glob: &Pattern| {
            let matches = |(from, _): &&(String, String)| glob.is_match(from.as_bytes());
            let moves: Vec<_> = self.0.iter().filter(matches).cloned().collect();
            let Some((path, _)) = moves.first().cloned() else { return LastMatch::Never };
            let (commit, date) = ("0123456789".to_owned(), "2026-01-31".to_owned());
            LastMatch::Until(Departure { commit, date, path, moves })
        };
        globs.iter().map(of).collect()
    }
}

impl Scene {
    fn on(server: &str) -> Self {
        Self { server: server.parse().expect("a version"), ..Self::default() }
    }

    fn check_files(&self, texts: &[(&str, &str)]) -> (Vec<Problem>, Sources) {
        let mut files = Sources::new();
        for (name, text) in texts {
            files.add(Source::new(*name, *text));
        }
        (self.with_context(|context| check(&mut files, context)), files)
    }

    fn with_context<R>(&self, look: impl FnOnce(&Context<'_>) -> R) -> R {
        let (variables, policy) = (BTreeMap::new(), Policy::default());
        let history = History::new(&self.moved);
        let context = Context {
            server: self.server,
            variables: &variables,
            policy: &policy,
            levels: &self.levels,
            tree: self.tree.as_ref().map(|tree| tree as &dyn Tree),
            history: Some(&history),
            forge: self.forge,
            whole: true,
        };
        look(&context)
    }

    /// What all fixes that are `allowed` make of `text`.
    fn mend(&self, text: &str, allowed: Safety) -> (String, Mended) {
        let mut files = Sources::new();
        let id = files.add(Source::new(".woodpecker/test.yaml", text));
        let mended = self.with_context(|context| mend(&files, context, allowed));
        (mended.files[id].text().to_owned(), mended)
    }

    fn check(&self, text: &str) -> Vec<Problem> {
        self.check_files(&parts(text)).0
    }

    /// Each finding's code and the text that it underlines.
    fn marks(&self, text: &str) -> Vec<(&'static str, String)> {
        let (problems, files) = self.check_files(&[(".woodpecker/test.yaml", text)]);
        let mark = |problem: &Problem| {
            let label = &problem.labels[0];
            (problem.code, files[label.file].slice(label.span).to_owned())
        };
        problems.iter().map(mark).collect()
    }
}

/// The files of a fence: each begins with a comment that is its name, `# .woodpecker/build.yaml`; without one there is one file.
fn parts(text: &str) -> Vec<(&str, &str)> {
    let name = |line: &'_ str| line.starts_with("# .woodpecker/") && line.ends_with(".yaml\n");
    let starts = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let starts: Vec<(usize, &str)> = starts.filter(|(_, line)| name(line)).collect();
    if starts.is_empty() {
        return vec![(".woodpecker/test.yaml", text)];
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    starts.iter().zip(ends).map(|(&(start, line), end)| (line[2..].trim_end(), &text[start..end])).collect()
}

const PLAIN: &str = "when:\n  event: push\nsteps:\n  - name: build\n    image: alpine\n    commands: [make]\n";

#[test]
fn a_plain_workflow_is_clean_on_every_server() {
    for server in ["2.8", "3.0", "3.4", "3.13", "3.17", "next"] {
        assert_eq!(Scene::on(server).check(PLAIN), [], "{server}");
    }
}

#[test]
fn levels_are_those_of_the_configuration() {
    let text = "steps:\n  - name: build\n    image: alpine\n";
    let severities = |levels: &[(&str, Level)]| {
        let levels = levels.iter().map(|&(id, level)| (id.to_owned(), level)).collect();
        let problems = Scene { levels, ..Scene::default() }.check(text);
        problems.iter().map(|problem| problem.severity).collect::<Vec<_>>()
    };
    assert_eq!(severities(&[]), [Severity::Warning]);
    assert_eq!(severities(&[("no-event-filter", Level::Error)]), [Severity::Error]);
    assert_eq!(severities(&[("no-event-filter", Level::Off)]), []);
}

#[test]
fn each_axis_is_read_and_what_is_the_same_is_said_once() {
    let text = "matrix:\n  IMAGE: [alpine, '']\n  TARGET: [a, b]\nwhen:\n  event: push\nsteps:\n  - name: build\n    image: ${IMAGE}\n";
    assert_eq!(Scene::on("3.15").marks(text), [("missing-image", "build".to_owned())]);
}

#[test]
fn what_hangs_on_the_change_is_not_judged() {
    let text = "when:\n  event: push\nclone:\n  - name: git\n    image: ${CI_REPO}\nsteps:\n  - name: build\n    image: alpine\n    detach: ${CI_REPO_PRIVATE}\n";
    let mut found = Scene::on("3.15").check(text);
    // The schema looks at the file as it was written.
    found.retain(|problem| problem.code != "schema");
    assert_eq!(found, []);
}

#[test]
fn problems_stand_in_the_order_of_files_and_places_whatever_the_threads() {
    let texts: Vec<(String, String)> =
        (0..20).map(|at| (format!("{at:02}.yaml"), "steps:\n - name: b\n - name: a\n".to_owned())).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        pool.install(|| Scene::default().check_files(&texts).0)
    };
    let one = run(1);
    let places: Vec<_> = one.iter().map(|problem| (problem.labels[0].file, problem.labels[0].span.start)).collect();
    assert!(places.is_sorted() && places.len() >= 40, "{places:?}");
    assert_eq!(one, run(4));
}

const FOUNDING: &str = "variables:
  - &image_build_when
    - event: tag
    - event: [push, manual]
      branch: main
      path:
        exclude: ['packages/mosaic/**', 'docs/**', '**/*.md', '.woodpecker/**']

when:
  event: [push, tag, manual]

steps:
  - name: install
    image: node:22
    commands: [npm ci]
  - name: build-gateway
    image: kaniko
    depends_on: [install]
    when: *image_build_when
  - name: build-web
    image: kaniko
    depends_on: [install]
    when: *image_build_when
";

#[test]
fn the_founding_case_has_what_is_really_there_and_each_once() {
    let found = |server| {
        let (problems, _) = Scene::on(server).check_files(&[(".woodpecker/publish.yml", FOUNDING)]);
        problems.into_iter().map(|problem| (problem.code, problem.message)).collect::<Vec<_>>()
    };
    let codes = |server| found(server).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes("3.17"), ["implicit-on-empty", "ungated-events", "self-excluded"]);
    assert_eq!(found("3.17")[1].1, "this path filter does nothing on `manual`");
    assert_eq!(codes("3.4"), ["implicit-on-empty", "ungated-events", "old-exclude-semantics", "self-excluded"]);
    assert!(found("3.4")[2].1.contains("a change of `x.md` and `x` is skipped"), "{:?}", found("3.4"));
}

#[test]
fn workflows_that_wait_for_each_other_are_found_across_files() {
    let needs = |other: &str| format!("depends_on: [{other}]\n{PLAIN}");
    let (a, b) = (needs("b"), needs("a"));
    let (problems, files) =
        Scene::default().check_files(&[("ci/a.yaml", &a), ("ci/b.yaml", &b), ("other/a.yaml", PLAIN)]);
    let [problem] = problems.as_slice() else { unreachable!("{problems:#?}") };
    let places: Vec<&str> = problem.labels.iter().map(|label| files[label.file].name()).collect();
    assert_eq!((problem.code, places), ("dependency-cycle", vec!["ci/a.yaml", "ci/b.yaml"]));
}

#[test]
fn what_is_missing_is_told_once_by_the_rule_that_has_the_better_words() {
    let off = |rule: &str| Scene { levels: [(rule.to_owned(), Level::Off)].into(), ..Scene::default() };
    let gate = "when: {event: push}\n";
    let list = format!("# Steps.\n{gate}steps:\n  - name: a\n    commands: [x]\n  - commands: [y]\n    when: []\n");
    let a_and_the_second = ["a", "commands: [y]\n    when: []"].map(|text| ("missing-image", text.to_owned()));
    assert_eq!(Scene::default().marks(&list), a_and_the_second);
    let codes = |scene: Scene, text: &str| scene.marks(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(off("missing-image"), &list), ["schema", "schema"], "nobody else says it");
    let map = format!("{gate}services:\n  a:\n    ports: ['1']\nsteps:\n  b: {{commands: [x]}}\n");
    assert_eq!(codes(Scene::default(), &map), ["missing-image", "missing-image"]);
    let none = format!("# No steps.\n{gate}labels: {{a: b}}\n");
    assert_eq!(codes(Scene::default(), &none), ["missing-steps"]);
    // Another flaw of the same step is told.
    let other = format!("{gate}steps:\n  - name: a\n    comands: [x]\n");
    assert_eq!(codes(Scene::default(), &other), ["missing-image", "schema"]);
}

#[test]
fn of_several_steps_each_is_told_in_the_text_of_its_axis() {
    let step = |name: &str, rest: &str| format!("  - {{name: {name}, image: a, commands: [x], {rest}}}\n");
    let when = |path: &str| format!("when: {{path: {{include: ['{path}'], on_empty: false}}}}");
    let text = format!(
        "matrix: {{V: [b, c]}}\nwhen: {{event: push}}\nsteps:\n{}{}{}{}",
        step("a", &when("a/**")),
        step("b", &format!("depends_on: [a], {}", when("${V}/**"))),
        step("c", "depends_on: [a, b]"),
        step("d", "when: {event: tag}"),
    );
    let scene = Scene::on("3.17");
    let found = |code: &str| {
        let marks = scene.marks(&text).into_iter().filter(|(of, _)| *of == code);
        marks.map(|(_, mark)| mark).collect::<Vec<_>>()
    };
    assert_eq!(found("filtered-dependency"), ["a", "a", "b"]);
    assert_eq!(found("step-never-runs"), ["{event: tag}"]);
    let twice = text.replace(
        "commands: [x], when: {event: tag}",
        "commands: [x], when: {event: tag}}\n  - {name: e, image: a, when: {event: tag}",
    );
    assert_eq!(scene.marks(&twice).iter().filter(|(of, _)| *of == "step-never-runs").count(), 2);
}
