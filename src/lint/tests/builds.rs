//! Builds: what the rule `stale-build` says of all changes, held against the planner for every small one.

use std::collections::BTreeMap;

use super::Scene;
use crate::change::{Event, Forge, Metadata};
use crate::plan::{Context, Request, Verdict, plan};
use crate::source::{Source, Sources};

/// What the rule says, each problem with the texts of its labels.
fn stale(server: &str, files: &[(&str, &str)], when: &str) -> Vec<String> {
    stale_of(server, files, &workflow(when))
}

/// The same of a whole workflow.
fn stale_of(server: &str, files: &[(&str, &str)], workflow: &str) -> Vec<String> {
    let scene = Scene { tree: Some(files.iter().copied().collect()), ..Scene::on(server) };
    let problems = scene.check(workflow);
    let found = problems.into_iter().filter(|problem| problem.code == "stale-build");
    let shown = |problem: &crate::diag::Problem| {
        let labels: Vec<&str> =
            problem.labels.iter().map(|label| &*label.text).filter(|text| !text.is_empty()).collect();
        format!("{}: {} [{}]", problem.severity.name(), problem.message, labels.join("; "))
    };
    found.map(|problem| shown(&problem)).collect()
}

fn workflow(when: &str) -> String {
    format!("steps:\n  - name: image\n    image: docker\n    commands: [docker build .]\n    when: {when}\n")
}

const SERVICES: [(&str, &str); 4] = [
    ("Dockerfile", "FROM a\nCOPY services/ .\n"),
    ("services/a/x.go", ""),
    ("services/a/x.txt", ""),
    ("docs/x.md", ""),
];

#[test]
fn every_change_of_what_is_read_counts() {
    let on = |path: &str| format!("{{event: push, branch: main, path: {path}}}");
    for (path, expected) in [
        // Proved: whatever comes to lie in the folder.
        ("{exclude: ['docs/**']}", &[][..]),
        ("{include: ['services/**', Dockerfile]}", &[]),
        // A tracked file shows it best, and a source best of all.
        (
            "{exclude: ['services/*/*.txt', Dockerfile]}",
            &[
                "warning: `services/a/x.txt` can change without `image`, whose build reads it [not run on a push to `main` that changes only that; leaves it out; reads it]",
                "warning: `Dockerfile` can change without `image`, whose build reads it [not run on a push to `main` that changes only that; leaves it out; builds `Dockerfile`]",
            ],
        ),
        // None is there yet.
        (
            "{include: ['services/*/x.*', Dockerfile]}",
            &[
                "warning: a new file, such as `services/x`, can come without `image`, whose build reads it [not run on a push to `main` that changes only that; does not list it; reads it]",
            ],
        ),
        (
            "{exclude: ['services/b/**']}",
            &[
                "warning: a new file, such as `services/b/x`, can come without `image`, whose build reads it [not run on a push to `main` that changes only that; leaves it out; reads it]",
            ],
        ),
        ("{exclude: ['services/**/*.md']}", &[]),
    ] {
        assert_eq!(stale("3.17", &SERVICES, &on(path)), expected, "{path}");
    }
}

#[test]
fn ignored_files_are_no_input() {
    let when = "{event: push, path: {exclude: ['services/**/test/**', '**/dist/**']}}";
    let mut files = SERVICES.to_vec();
    assert_eq!(stale("3.17", &files, when).len(), 1);
    files.push((".dockerignore", "services/*\n!services/a\n**/test\n"));
    assert_eq!(stale("3.17", &files, when).len(), 1, "`dist` is left");
    files.push(("services/.gitignore", "dist/\n"));
    assert_eq!(stale("3.17", &files, when), [""; 0], "git never tracks it");
    files.push(("services/a/dist/x", ""));
    assert_eq!(stale("3.17", &files, when).len(), 1, "but it does");
}

/// Services in one folder, each with a Dockerfile.
const IMAGES: [(&str, &str); 6] = [
    ("a/Dockerfile", "FROM x\nCOPY lib /lib\n"),
    ("b/Dockerfile", "FROM x\nCOPY lib /lib\n"),
    ("lib/Makefile", ""),
    ("lib/x.go", ""),
    ("lib/x_test.go", ""),
    ("other/x", ""),
];

/// Builds the images `names` of the root as steps of their own.
fn images(names: &[&str], when: &str) -> String {
    let step = |name: &&str| {
        format!(
            "  - name: {name}\n    image: docker\n    commands: [docker build -f {name}/Dockerfile .]\n    when: {when}\n"
        )
    };
    names.iter().map(step).collect()
}

#[test]
fn steps_that_miss_the_same_are_told_once() {
    let path = "&lib {include: ['*/Dockerfile', 'lib/*.go'], on_empty: false}";
    let workflow = |second: &str| {
        format!(
            "steps:\n{}{}",
            images(&["a"], &format!("{{path: {path}}}")),
            images(&["b"], &format!("{{path: {second}}}"))
        )
    };
    let told = "warning: `lib/Makefile` can change without `a` and `b`, whose builds read it [not run on a push to `main` that changes only that; the same; does not list it; reads it]";
    assert_eq!(stale_of("3.17", &IMAGES, &workflow("*lib")), [told]);
    // Not where each has a filter of its own.
    assert_eq!(
        stale_of("3.17", &IMAGES, &workflow("{include: ['*/Dockerfile', 'lib/*.go'], on_empty: false}")).len(),
        2
    );
}

#[test]
fn files_are_counted_once_for_all_events_and_a_source_shows_them() {
    let when = "[{event: push, path: {include: ['a/*']}}, {event: pull_request, path: {include: ['a/*']}}]";
    assert_eq!(
        stale_of("3.17", &IMAGES, &format!("steps:\n{}", images(&["a"], when))),
        [
            "warning: `lib/Makefile` can change without `a`, whose build reads it, and so can 2 other files [not run on a push to `main` that changes only that; does not list it; does not list it; reads it]"
        ]
    );
    let mut files = IMAGES.to_vec();
    files.extend([("Dockerfile", "FROM x\nCOPY . .\n"), (".github/a.yml", ""), ("LICENSE", ""), ("README.md", "")]);
    let found = stale("3.17", &files, "{event: push, path: {exclude: ['.github/**', LICENSE, '**/*.md']}}");
    assert_eq!(found, [""; 0], "nobody builds from these");
    let found = stale("3.17", &files, "{event: push, path: {exclude: ['**/*_test.go', '.github/**', other/x]}}");
    assert_eq!(
        found,
        [
            "note: `other/x` can change without `image`, whose build copies it, and so can another file [not run on a push to `main` that changes only that; leaves it out; leaves others out; reads the whole context]"
        ]
    );
}

#[test]
fn an_ignore_file_is_a_note_for_all_that_go_by_it() {
    let mut files = IMAGES.to_vec();
    files.push((".dockerignore", "other\n"));
    let of = |name: &str| {
        images(&[name], &format!("{{event: push, path: {{include: ['{name}/*', 'lib/**'], on_empty: false}}}}"))
    };
    assert_eq!(
        stale_of("3.17", &files, &format!("steps:\n{}{}", of("a"), of("b"))),
        [
            "note: `.dockerignore` can change without `a` and `b`, whose builds go by it [not run on a push to `main` that changes only that; the same; does not list it; leaves out what `.dockerignore` says]"
        ]
    );
}

#[test]
fn a_workflow_that_is_dropped_names_the_filter_of_the_one_that_it_waits_for() {
    let waits = format!(
        "depends_on: [quality]\nwhen: {{event: push, path: ['a/**', 'lib/**']}}\nsteps:\n{}",
        images(&["a"], "{event: push}")
    );
    let quality = "when: {event: push, path: {include: [a/Dockerfile, 'lib/*.go'], on_empty: false}}\nsteps:\n  - name: q\n    image: x\n    commands: [y]\n";
    let scene = Scene { tree: Some(IMAGES.into_iter().collect()), ..Scene::on("3.17") };
    let files = [(".woodpecker/image.yaml", &*waits), (".woodpecker/quality.yaml", quality)];
    let (found, sources) = scene.check_files(&files);
    let found: Vec<_> = found.iter().filter(|problem| problem.code == "stale-build").collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    let problem = found[0];
    assert_eq!(problem.message, "`lib/Makefile` can change without `a`, whose build reads it");
    let label = problem.labels.iter().find(|label| label.text.contains("waits")).expect("it names the filter");
    assert_eq!(label.text, "does not list it, and `image` waits for `quality`");
    assert_eq!(sources[label.file].slice(label.span), "{include: [a/Dockerfile, 'lib/*.go'], on_empty: false}");
}

#[test]
fn what_is_too_large_is_said_once_with_its_size() {
    let globs: Vec<String> = (0..400).map(|at| format!("'**/{at}*{at}/**/x{at}*y'")).collect();
    let path = format!("&path {{exclude: [{}]}}", globs.join(", "));
    let text = format!(
        "steps:\n{}{}",
        images(&["a"], &format!("{{event: push, path: {path}}}")),
        images(&["b"], "{event: push, path: *path}")
    );
    let found = stale_of("3.17", &IMAGES, &text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let note = &found[0];
    let start = "note: whether all that `a` and `b` read runs them is not decided: ";
    assert!(note.starts_with(start) && note.contains("which is too large to be decided"), "{note}");
}

#[test]
fn what_is_not_decided_is_said_beside_a_gap_in_something_else() {
    let globs: Vec<String> = (0..400).map(|at| format!("'lib/**/{at}*{at}/**/x{at}*y'")).collect();
    let mut files = IMAGES.to_vec();
    files[0].1 = "FROM x\nCOPY lib /lib\nCOPY other /other\n";
    let of = |more: &str| {
        let step = images(&["a"], &format!("{{event: push, path: {{exclude: [{}, {more}]}}}}", globs.join(", ")));
        stale_of("3.17", &files, &format!("steps:\n{step}"))
    };
    let gap = "warning: `other/x` can change without `a`, whose build reads it";
    let open = "note: whether all that `a` reads runs it is not decided: ";
    let found = of("other/x");
    assert!(matches!(&found[..], [one, other] if one.starts_with(gap) && other.starts_with(open)), "{found:#?}");
    // A file of it that is missed says more.
    let found = of("lib/Makefile");
    let gap = "warning: `lib/Makefile` can change without `a`, whose build reads it";
    assert!(matches!(&found[..], [one] if one.starts_with(gap)), "{found:#?}");
}

#[test]
fn a_package_in_a_folder_of_prose_is_read_like_any_other() {
    let files = [
        ("Dockerfile", "FROM a\nCOPY . .\nRUN npm run build -w docs\n"),
        ("package.json", "{\"workspaces\": [\"apps/*\", \"docs\"]}"),
        ("apps/web/package.json", "{\"name\": \"web\"}"),
        ("docs/package.json", "{\"name\": \"docs\"}"),
    ];
    let found = stale("3.17", &files, "{event: push, path: {exclude: ['docs/**']}}");
    let gap = "warning: `docs/package.json` can change without `image`, whose build reads it";
    assert!(matches!(&found[..], [one] if one.starts_with(gap)), "{found:#?}");
    assert_eq!(stale("3.17", &files, "{event: push, path: {exclude: ['apps/**']}}"), [""; 0]);
}

#[test]
fn a_source_that_begins_like_a_paper_is_read_like_any_other() {
    let files = [
        ("Dockerfile", "FROM a\nCOPY src /src\nRUN go build /src\n"),
        ("src/license.go", ""),
        ("src/LICENSE-MIT", ""),
        ("src/main.go", ""),
    ];
    let of = |path: &str| stale("3.17", &files, &format!("{{event: push, path: {{exclude: [{path}]}}}}"));
    let found = of("src/license.go");
    let gap = "warning: `src/license.go` can change without `image`, whose build reads it";
    assert!(matches!(&found[..], [one] if one.starts_with(gap)), "{found:#?}");
    assert_eq!(of("src/LICENSE-MIT"), [""; 0]);
}

#[test]
fn before_3_5_a_file_is_missed_beside_another() {
    let when = "{event: push, path: {exclude: ['docs/**']}}";
    assert_eq!(
        stale("3.4", &SERVICES, when),
        [
            "note: `services/a/x.go` can change without `image`, whose build reads it, when `docs/x.md` changes with it [not run on a push to `main` that changes these; leaves it out; reads it]"
        ]
    );
}

#[test]
fn before_3_5_what_steps_miss_beside_the_same_file_is_told_once() {
    let mut files = IMAGES.to_vec();
    files[1].1 = "FROM x\nCOPY other /lib\n";
    let text = format!(
        "steps:\n{}{}",
        images(&["a"], "&when {event: push, path: {exclude: ['docs/**']}}"),
        images(&["b"], "*when")
    );
    let found = stale_of("3.4", &files, &text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let note = &found[0];
    let start = "note: files, such as `lib/Makefile`, can change without `a` and `b`, whose builds read them, when ";
    assert!(note.starts_with(start), "{note}");
    assert_eq!(stale_of("3.5", &files, &text), [""; 0]);
}

#[test]
fn a_change_that_the_step_is_not_for_is_none_that_it_misses() {
    for when in [
        "{event: pull_request, path: {exclude: ['docs/**']}}",
        "[{event: push, branch: main, path: {exclude: ['docs/**']}}, {event: push, branch: dev, path: {include: ['/never']}}]",
        "[{event: cron}, {event: push, path: ['services/**', Dockerfile]}]",
    ] {
        assert_eq!(stale("3.17", &SERVICES, when), [""; 0], "{when}");
    }
    let pulls = "[{event: push}, {event: pull_request, path: {exclude: ['services/**']}}]";
    assert!(stale("3.17", &SERVICES, pulls)[0].contains("not run on a pull request to `main`"));
    // What the server alone knows may be as it has to be.
    let hangs = "{event: push, path: {exclude: ['services/**']}, evaluate: 'CI_COMMIT_AUTHOR != \"bot\"'}";
    assert_eq!(stale("3.17", &SERVICES, hangs).len(), 1);
}

#[test]
fn a_declaration_at_no_step_is_reported() {
    let files = [("a", "")];
    let scene = Scene { tree: Some(files.into_iter().collect()), ..Scene::on("3.17") };
    let text = "when:\n  # wp-gate: inputs(a)\n  event: push\nsteps:\n  - name: s\n    image: x\n    commands: [y]\n";
    assert_eq!(scene.marks(text), [("stale-build", "# wp-gate: inputs(a)".to_owned())]);
    let text = text.replace("  # wp-gate: inputs(a)\n", "").replace("  - name", "  # wp-gate: inputs(a)\n  - name");
    assert_eq!(scene.marks(&text), []);
}

/// Whether a path is one of those that are meant.
type IsOf = fn(&str) -> bool;

/// Sources of a Dockerfile, and which files they read.
const COPIES: [(&str, IsOf); 4] = [
    ("a", |path| path.starts_with("a/")),
    (".", |_| true),
    ("*.json", |path| path.strip_suffix(".json").is_some_and(|name| !name.contains('/'))),
    ("b/c.md", |path| path == "b/c.md"),
];
const IGNORES: [(&str, IsOf); 3] = [
    ("", |_| false),
    ("a/b\n!a/b/k\n", |path| path.starts_with("a/b/") && path != "a/b/k"),
    ("**/*.md\n", |path| path.strip_suffix(".md").is_some()),
];
const TRACKED: [&str; 5] = ["a/x", "a/b/k", "b/c.md", "b/y", "p.json"];
const FILES: [&str; 10] =
    ["a/x", "a/b/k", "b/c.md", "b/y", "p.json", "Dockerfile", "a/n.md", "a/b/x", "n.json", "b/b/z"];
const GLOBS: [&str; 9] = ["a/**", "**/*.md", "b/*", "*", "*.json", "a/b/**", "a/*", "{a,b}/**", "Dockerfile"];

#[test]
fn laws_of_builds_hold_for_every_small_change() {
    let mut state = 7_u64;
    let mut below = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut proved, mut missed) = (0, 0);
    for _ in 0..60 {
        let server = ["3.4", "3.17"][below(2)];
        let copies = [COPIES[below(4)], COPIES[below(4)]];
        let (ignore, ignores) = IGNORES[below(3)];
        let mut list = |key: &str| {
            let globs: Vec<String> = (0..=below(4)).map(|_| format!("'{}'", GLOBS[below(GLOBS.len())])).collect();
            if below(3) == 0 { String::new() } else { format!("{key}: [{}], ", globs.join(", ")) }
        };
        let when =
            format!("{{event: push, branch: main, path: {{{}{}on_empty: false}}}}", list("include"), list("exclude"));
        let dockerfile = format!("FROM x\nCOPY {} /1/\nCOPY {} /2/\n", copies[0].0, copies[1].0);
        let mut files: Vec<(&str, &str)> = TRACKED.iter().map(|&path| (path, "")).collect();
        files.extend([("Dockerfile", &*dockerfile), (".dockerignore", ignore)]);
        let found = stale(server, &files, &when);
        let reads = |path: &str| path == "Dockerfile" || !ignores(path) && copies.iter().any(|(_, reads)| reads(path));
        let sets = (1_u32..1 << FILES.len()).filter(|set| set.count_ones() <= 2);
        let sets: Vec<Vec<&str>> =
            sets.map(|set| (0..FILES.len()).filter(|at| set >> at & 1 == 1).map(|at| FILES[at]).collect()).collect();
        let runs: Vec<bool> = sets.iter().map(|set| runs(server, &when, set)).collect();
        let gap = sets.iter().zip(&runs).find(|(set, runs)| !**runs && set.iter().any(|path| reads(path)));
        if let (Some((set, _)), true) = (gap, runs.contains(&true)) {
            missed += 1;
            assert!(!found.is_empty(), "{server} {when}\n{dockerfile}\n{ignore}\nmisses {set:?}");
        }
        proved += usize::from(found.is_empty());
    }
    assert!(proved >= 3 && missed >= 10, "{proved} proved, {missed} missed");
}

/// Whether a push of `files` to main runs the step.
fn runs(server: &str, when: &str, files: &[&str]) -> bool {
    let mut sources = Sources::new();
    sources.add(Source::new(".woodpecker/test.yaml", workflow(when)));
    let (empty, policy) = (BTreeMap::new(), crate::admission::Policy::default());
    let mut metadata = Metadata::default();
    metadata.current.event = Event::Push;
    "main".clone_into(&mut metadata.current.commit.branch);
    let context = Context::predicted(metadata, files.iter().copied().collect(), Forge::Git, empty.clone());
    let server = server.parse().expect("a version");
    let request = Request { server, context: &context, variables: &empty, policy: &policy, findings: false };
    let plan = plan(&sources, &request);
    plan.workflows[0].verdict == Verdict::Run
        && plan.workflows[0].steps.iter().any(|step| step.name == "image" && step.verdict == Verdict::Run)
}
