mod builds;
mod decided;

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Departure, History, LastMatch, Past, check, rules};
use crate::admission::Policy;
use crate::change::Forge;
use crate::closure::{MemoryTree, Tree};
use crate::diag::{Problem, Safety, Severity};
use crate::fix::{Mended, mend};
use crate::forge::ForgeLimits;
use crate::glob::Pattern;
use crate::rule::{Group, Level, Levels, Rule};
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

const PLAIN: &str = "when:\n  event: push\nsteps:\n  - name: build\n    image: alpine\n    commands: [make]\n";

#[test]
fn a_plain_workflow_is_clean_on_every_server() {
    for server in ["2.8", "3.0", "3.4", "3.13", "3.17", "next"] {
        assert_eq!(Scene::on(server).check(PLAIN), [], "{server}");
    }
}

#[test]
fn a_suppression_holds_for_its_line_its_node_or_the_file() {
    let build = "  - name: build # wp-gate: allow(no-event-filter): cheap\n    image: alpine\n";
    let above = "  # wp-gate: allow(no-event-filter): cheap\n  # and quick\n  - name: test\n    image: alpine\n";
    let none = "  - name: last\n    image: alpine\n";
    let scene = Scene::default();
    let names = |text: &str| scene.marks(text);
    let text = format!("steps:\n{build}{above}{none}");
    assert_eq!(names(&text), [("no-event-filter", "last".to_owned())]);
    let text = format!("# wp-gate: allow(no-event-filter): all are cheap\n# and quick\n\nsteps:\n{none}");
    assert_eq!(names(&text), []);
    let text = format!("clone: []\n# wp-gate: allow(no-event-filter): all are cheap\nsteps:\n{none}");
    assert_eq!(names(&text), []);
}

#[test]
fn a_suppression_that_does_nothing_is_a_finding_at_the_rules_name() {
    let allow = |comment: &str| Scene::default().marks(&format!("{PLAIN}# {comment}\n"));
    let unused = |text: &str| [("unused-allow", text.to_owned())];
    assert_eq!(allow("wp-gate: allow(missing-image): why not"), unused("missing-image"));
    assert_eq!(allow("wp-gate: allow(missing-imag): why not"), unused("missing-imag"));
    assert_eq!(allow("wp-gate: allow(missing-image)"), unused("missing-image"));
    assert_eq!(allow("wp-gate: ignore"), unused("# wp-gate: ignore"));
    assert_eq!(allow("wp-gate: allow(unused-allow): why not"), unused("unused-allow"));
    let problems = Scene::default().check(&format!("{PLAIN}# wp-gate: allow(missing-imag): x\n"));
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `missing-image`?"));
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
fn a_suppression_of_a_rule_that_is_off_is_not_said_to_be_unused() {
    let levels = Levels::from([("missing-image".to_owned(), Level::Off)]);
    let text = format!("{PLAIN}# wp-gate: allow(missing-image): it is off\n");
    assert_eq!(Scene { levels, ..Scene::default() }.check(&text), []);
}

#[test]
fn a_suppression_is_not_said_to_be_unused_where_nobody_could_look() {
    let text = format!("{PLAIN}# wp-gate: allow(dead-glob): it comes with the next merge\n");
    assert_eq!(Scene::default().check(&text), [], "the tracked files are not known");
    let known = Scene { tree: Some(MemoryTree::default()), ..Scene::default() };
    assert_eq!(known.marks(&text), [("unused-allow", "dead-glob".to_owned())]);
    let text = format!("{PLAIN}    environment: [a]\n# wp-gate: allow(split-and): it is meant\n");
    let codes: Vec<&str> = Scene::on("3.15").marks(&text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["wrong-type"], "the server cannot read the file");
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

/// A workflow whose only step has this `when`.
fn gated(when: &str) -> String {
    format!("{when}steps:\n  - name: build\n    image: alpine\n    when: *gate\n")
}

#[test]
fn the_bytes_at_fault_are_underlined_through_an_alias() {
    let text = gated("variables:\n  - &gate\n    event: push\n    path: {include: ['a/{b'], on_empty: false}\n");
    let (problems, files) = Scene::default().check_files(&[("x.yaml", &text)]);
    let [problem] = problems.as_slice() else { unreachable!("{problems:#?}") };
    let marks: Vec<&str> = problem.labels.iter().map(|label| files[label.file].slice(label.span)).collect();
    assert_eq!((problem.code, marks), ("invalid-glob", vec!["{", "*gate"]));
}

#[test]
fn the_bytes_at_fault_are_underlined_in_a_folded_scalar_an_escape_and_a_substituted_value() {
    let path = |glob: &str| {
        format!(
            "when:\n  event: push\n  path:\n    on_empty: false\n    include:\n      - {glob}\nsteps:\n  - name: build\n    image: alpine\n"
        )
    };
    let marks = |text: &str| Scene::default().marks(text);
    let invalid = |mark: &str| [("invalid-glob", mark.to_owned())];
    assert_eq!(marks(&path(">-\n        docs/a\n        b[c")), invalid("[c"));
    assert_eq!(marks(&path(r#""src/\x7bx""#)), invalid(r"\x7b"));
    assert_eq!(marks(&path("'it''s/{x'")), invalid("{"));
    let matrix = format!("matrix:\n  DIR: ['src/{{a']\n{}", path("'${DIR}/b'"));
    assert_eq!(marks(&matrix), invalid("${DIR}"));
    let after = format!("matrix:\n  DIR: [src]\n{}", path("'${DIR}/b{'"));
    assert_eq!(marks(&after), invalid("{"));
}

#[test]
fn the_name_at_fault_is_underlined_in_a_folded_expression() {
    let text = gated(
        "variables: &gate\n  event: push\n  evaluate: >-\n    CI_COMMIT_BRANCH == \"a\" ||\n    CI_COMIT_BRANCH == \"b\"\n",
    );
    assert_eq!(Scene::on("3.15").marks(&text), [("evaluate-error", "CI_COMIT_BRANCH".to_owned())]);
    let problems = Scene::default().check(&text);
    let problem = problems.iter().find(|problem| problem.code == "evaluate-error").expect("it is found");
    assert_eq!(problem.help.as_deref(), Some("did you mean `CI_COMMIT_BRANCH`?"));
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

/// Every rule that points: what is underlined, and the alias that leads there.
#[test]
fn the_bytes_at_fault_are_underlined_for_every_rule_that_points() {
    let tree = || Some(["src/main.c", "docs/index.md"].map(|path| (path, "")).into_iter().collect());
    let steps = "steps:\n  - name: build\n    image: alpine\n    commands: [make]\n";
    let gate = |when: &str| format!("x: &gate\n  event: push\n{when}{steps}    when: *gate\n");
    let glob = |written: &str| gate(&format!("  path:\n    on_empty: false\n    include:\n      - {written}\n"));
    let folded = |text: &str| format!(">-\n        {text}");
    let axis = |value: &str, file: &str| format!("matrix:\n  V: ['{value}']\n{file}");
    let mut wrong = Vec::new();
    let mut check = |server: &str, code: &str, text: String, wanted: &[&str]| {
        let scene = Scene { tree: tree(), ..Scene::on(server) };
        let (problems, files) = scene.check_files(&[(".woodpecker/test.yaml", &text)]);
        let of_code = problems.iter().find(|problem| problem.code == code);
        let labels = of_code.map(|it| &it.labels[..]).unwrap_or_default();
        let marks: Vec<&str> = labels.iter().map(|label| files[label.file].slice(label.span)).collect();
        if marks != wanted {
            wrong.push(format!("{code}: {marks:?}, not {wanted:?}:\n{text}"));
        }
    };
    let newest = "3.17";
    // Globs: plain, folded, with an escape, and out of a variable, each through an alias.
    for (code, flawed, mark) in [
        ("invalid-glob", "src/{a", "{"),
        ("glob-never-matches", "/src/**", "/"),
        ("double-star-inside-segment", "src/**.c", "**"),
        ("dead-glob", "source/**", "source/**"),
        ("case-mismatch", "SRC/**", "SRC/**"),
    ] {
        check(newest, code, glob(&format!("'{flawed}'")), &[mark, "*gate"]);
        check(newest, code, glob(&folded(flawed)), &[mark, "*gate"]);
        check(newest, code, axis(flawed, &glob("'${V}'")), &["${V}", "*gate"]);
    }
    check(
        newest,
        "self-excluded",
        gate("  path:\n    on_empty: false\n    exclude: ['src/**', '.woodpecker/**']\n"),
        &["'.woodpecker/**'", "*gate"],
    );
    check(newest, "implicit-on-empty", gate("  path: ['src/**']\n"), &["['src/**']", "*gate"]);
    check(newest, "platform-never-matches", gate("  platform: linux/amd64\n"), &["linux/amd64", "*gate"]);
    check(
        newest,
        "evaluate-error",
        gate(&format!("  evaluate: {}\n", ">-\n    CI_COMMIT_BRANCH == 'a' &&\n    CI_COMIT_TAG == ''")),
        &["CI_COMIT_TAG", "*gate"],
    );
    check(newest, "evaluate-error", axis("CI_COMIT_TAG", &gate("  evaluate: \"${V} == ''\"\n")), &["${V}", "*gate"]);
    check("3.4", "old-exclude-semantics", gate("  path:\n    exclude: ['docs/**']\n"), &["'docs/**'", "*gate"]);
    check(
        "3.4",
        "version-too-old",
        gate("").replace("event: push", "event: [push, pull_request_metadata]"),
        &["pull_request_metadata"],
    );
    // What does not come through `when`.
    let second = "  - name: build\n    image: alpine\n    commands: [make]\n";
    check(
        newest,
        "duplicate-step",
        format!("when: {{event: push}}\n{steps}    depends_on: []\n{second}"),
        &["build", "build"],
    );
    check(
        newest,
        "missing-image",
        axis("", &format!("when: {{event: push}}\n{}", steps.replace("alpine", "'${V}'"))),
        &["build"],
    );
    check(newest, "unused-anchor", format!("x: &spare 1\nwhen: {{event: push}}\n{steps}"), &["&spare"]);
    check(newest, "escape-eaten", gate("  evaluate: 'CI_COMMIT_TAG matches \"v[0-9]+\\\\.[0-9]+\"'\n"), &["\\\\"]);
    check(
        newest,
        "unknown-dependency",
        format!("when: {{event: push}}\nx: &needs [tset]\n{steps}    depends_on: *needs\n"),
        &["tset"],
    );
    check(
        newest,
        "wrong-type",
        format!("when: {{event: push}}\nx: &env 1\n{steps}    environment: *env\n"),
        &["1", "*env"],
    );
    check(
        newest,
        "unknown-workflow-dependency",
        format!("x: &needs [other]\ndepends_on: *needs\nwhen: {{event: push}}\n{steps}"),
        &["other"],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
