//! The rules of `lint` that are decided over every change: many plain workflows, many with conditions, and few with the worst ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use divan::Bencher;
use wp_gate::admission::Policy;
use wp_gate::lint::{Context, check};
use wp_gate::rule::Levels;
use wp_gate::server::Version;
use wp_gate::source::{Source, Sources};

fn main() {
    divan::main();
}

fn files(count: usize, workflow: impl Fn(usize) -> String) -> Sources {
    let mut files = Sources::new();
    for at in 0..count {
        files.add(Source::new(format!(".woodpecker/w{at:04}.yaml"), workflow(at)));
    }
    files
}

fn lint(bencher: Bencher<'_, '_>, mut files: Sources) {
    let (variables, policy, levels) = (BTreeMap::new(), Policy::default(), Levels::new());
    let context = Context {
        server: Version::NEWEST,
        variables: &variables,
        policy: &policy,
        levels: &levels,
        tree: None,
        history: None,
        forge: None,
        whole: true,
    };
    bencher.bench_local(|| check(&mut files, &context).len());
}

fn steps(count: usize, more: impl Fn(usize) -> String) -> String {
    let mut text = "steps:\n".to_owned();
    for at in 0..count {
        writeln!(text, "  - name: s{at}\n    image: alpine\n    commands: [make s{at}]{}", more(at))
            .expect("memory takes all");
    }
    text
}

/// 1,000 workflows of 5 steps without conditions.
#[divan::bench(sample_count = 5)]
fn plain(bencher: Bencher<'_, '_>) {
    lint(bencher, files(1000, |_| format!("labels: {{a: b}}\n{}", steps(5, |_| String::new()))));
}

/// 1,000 workflows of 5 steps that have the usual conditions.
#[divan::bench(sample_count = 5)]
fn gated(bencher: Bencher<'_, '_>) {
    let when = |at: usize| match at {
        0 => String::new(),
        1 => "\n    when:\n      event: tag".to_owned(),
        at => format!(
            "\n    depends_on: [s0]\n    when:\n      - event: tag\n      - {{event: push, branch: main, path: ['src{at}/**', '**/*.c']}}"
        ),
    };
    lint(bencher, files(1000, |_| format!("when:\n  event: [push, tag, pull_request]\n{}", steps(5, when))));
}

/// One list that takes twice the work with each `?` more, until it is given up: from there on it grows no further.
#[divan::bench(args = [4, 8, 12, 16, 20, 24], sample_count = 3)]
fn doubling(bencher: Bencher<'_, '_>, more: usize) {
    let any = "?".repeat(more);
    let when = |_| format!("\n    when:\n      - path: ['**/*a{any}', '**/*b{any}']");
    lint(bencher, files(1, |_| format!("when:\n  event: push\n{}", steps(1, when))));
}

/// Workflows of 20 steps, each with 30 patterns of its own: nested braces, many `**`, classes, other letters than ASCII.
#[divan::bench(args = [6, 12, 25, 50], sample_count = 3)]
fn hard(bencher: Bencher<'_, '_>, workflows: usize) {
    let glob = |workflow: usize, step: usize, at: usize| match at % 5 {
        0 => format!("'{{a{step},b{{c,d{at}}},{{e,f}}/{{g,h}}}}/**/x{at}*.{{ts,tsx,js}}'"),
        1 => format!("'**/p{workflow}/**/q{step}/**/r{at}/**'"),
        2 => format!("'src/[a-m]?[^x{at}]*/**/*{step}.rs'"),
        3 => format!("'grün{at}/**/übung*/{{ä,ö,ü}}{step}/*'"),
        _ => format!("'w{workflow}/*/{{s{step},t{at}}}*/**'"),
    };
    let workflow = |workflow: usize| {
        let when = |step: usize| {
            let globs = |range: std::ops::Range<usize>| {
                let globs: Vec<String> = range.map(|at| glob(workflow, step, at)).collect();
                globs.join(", ")
            };
            let needs = if step == 0 { String::new() } else { format!("\n    depends_on: [s{}]", step - 1) };
            format!(
                "{needs}\n    when:\n      - event: tag\n      - path:\n          include: [{}]\n          exclude: [{}]\n          on_empty: false",
                globs(0..15),
                globs(15..30)
            )
        };
        let needs = if workflow == 0 { String::new() } else { format!("depends_on: [w{:04}]\n", workflow - 1) };
        format!("{needs}when:\n  event: [push, tag, pull_request]\n{}", steps(20, when))
    };
    lint(bencher, files(workflows, workflow));
}
