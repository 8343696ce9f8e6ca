//! What proofs cost as pipelines grow: nothing here may grow faster than the square of the workflows. One row a size: workflows of 20 steps,
//! each with 30 patterns of its own (nested braces, `**` over and over, classes, characters beyond ASCII).
//!
//! `cargo bench --bench prove -- --sample-count 1` is enough to see it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wp_gate::{
    admission,
    change::Metadata,
    policy::Policy,
    prove::{Prover, Setting, Status},
    server::Version,
    source::{Source, Sources},
};

fn main() {
    divan::main();
}

const SIZES: [usize; 4] = [6, 12, 25, 50];

/// What a step's list is made of.
#[derive(Clone, Copy)]
enum Lists {
    /// Folders of their own, as a monorepo has them.
    Apart,
    /// Patterns that overlap with those of every other step.
    Tangled,
}

/// The 30 patterns of one step.
fn patterns(lists: Lists, workflow: usize, step: usize) -> Vec<String> {
    let tangled = |at: usize| {
        let (a, b, c) = ((workflow + at) % 26, (step * 7 + at) % 26, (workflow * step + at) % 26);
        let letter = |at: usize| char::from(b'a' + at as u8);
        let (a, b, c) = (letter(a), letter(b), letter(c));
        match at % 6 {
            0 => format!("**/{a}*/**/{b}*/**/*.{c}s"),
            1 => format!("{{{a}/{{b,{c}/**}},**/{b}{step}}}/*.{{md,t{c}}}"),
            2 => format!("**/*{a}{b}{workflow}*"),
            3 => format!("[{a}-z]*/**/{c}?{b}"),
            4 => format!("größe/**/{a}日*/{b}/**"),
            _ => format!("**/{a}/**/{b}/**/{c}{step}/**"),
        }
    };
    let apart = |at: usize| match at % 3 {
        0 => format!("apps/w{workflow}/s{step}/p{at}/**/*.{{ts,tsx,{{c,m}}js}}"),
        1 => format!("packages/w{workflow}-{at}/**/[a-m]*/**"),
        _ => format!("**/w{workflow}s{step}/größe{at}.*"),
    };
    (0..30).map(|at| if let Lists::Tangled = lists { tangled(at) } else { apart(at) }).collect()
}

fn pipeline(lists: Lists, workflows: usize) -> Sources {
    let mut files = Sources::new();
    for workflow in 0..workflows {
        let mut text = String::from("steps:\n");
        for step in 0..20 {
            let list: Vec<String> = patterns(lists, workflow, step).iter().map(|it| format!("'{it}'")).collect();
            let (include, exclude) = list.split_at(20);
            let needs =
                if step % 5 == 4 { format!("[{{name: s{}, optional: true}}]", step - 1) } else { "[]".to_owned() };
            write!(
                text,
                "  - name: s{step}\n    image: x\n    commands: [y]\n    depends_on: {needs}\n    when:\n      - event: tag\n      - \
                 event: [push, pull_request]\n        path:\n          include: [{}]\n          exclude: [{}]\n",
                include.join(", "),
                exclude.join(", "),
            )
            .expect("memory takes all");
        }
        files.add(Source::new(format!(".woodpecker/w{workflow:02}.yaml"), text));
    }
    files
}

fn status(files: &Sources, policies: &[&str]) -> Vec<&'static str> {
    let (metadata, empty, policy) = (Metadata::default(), BTreeMap::new(), admission::Policy::default());
    let setting = Setting {
        server: Version::NEWEST,
        metadata: &metadata,
        given: &empty,
        variables: &empty,
        policy: &policy,
        tracked: &[],
    };
    let mut prover = Prover::new(files, setting);
    let policies: Vec<Policy> = policies.iter().map(|text| yaml_serde::from_str(text).expect("a policy")).collect();
    policies.iter().map(|policy| prover.prove(policy).status).map(|status| Status::name(&status)).collect()
}

const ALL_RUN_ON_A_TAG: &str = "{name: p, on: {event: tag}, always: ['s*']}";
const PAGES_RUN_NOTHING: &str = "{name: p, on: {event: push}, changes: {only: ['handbook/*.page']}, never: ['s*']}";
const SOURCE_RUNS_STEP: &str = "{name: p, on: {event: push}, changes: {any: ['apps/w1/s3/p0/**/*.ts']}, always: [s3]}";

#[divan::bench(args = SIZES)]
fn folders_of_their_own(bencher: divan::Bencher<'_, '_>, workflows: usize) {
    let files = pipeline(Lists::Apart, workflows);
    bencher.bench_local(|| {
        let status = status(&files, &[ALL_RUN_ON_A_TAG, PAGES_RUN_NOTHING, SOURCE_RUNS_STEP]);
        assert_eq!(status, ["proved", "proved", "refuted"], "{workflows}");
    });
}

#[divan::bench(args = SIZES)]
fn patterns_that_overlap(bencher: divan::Bencher<'_, '_>, workflows: usize) {
    let files = pipeline(Lists::Tangled, workflows);
    bencher.bench_local(|| {
        let status = status(&files, &[ALL_RUN_ON_A_TAG, PAGES_RUN_NOTHING, SOURCE_RUNS_STEP]);
        assert_eq!(status[0], "proved");
        status
    });
}
