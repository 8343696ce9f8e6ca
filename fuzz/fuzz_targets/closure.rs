//! A Dockerfile and its `.dockerignore`, and a workflow that builds it: finding out what the build reads, and which changes miss it, ends soon and
//! without a panic, twice the same, and every place lies in its file.
//!
//! The input is two bytes (what is built and how, the version) and texts between NULs: the Dockerfile, the `.dockerignore`, the
//! `.gitignore`, and a script that is run before the build.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::{Corpus, fuzz_target};
use wp_gate::admission::Policy;
use wp_gate::closure::MemoryTree;
use wp_gate::lint::{Context, check};
use wp_gate::rule::Levels;
use wp_gate::source::{Source, Sources};

/// Enough for a real Dockerfile; what grows faster than the text shows well before.
const MAX_LEN: usize = 4 << 10;

/// Servers on which the rules about builds differ.
const VERSIONS: [&str; 2] = ["3.4", "3.17"];

/// Builds of the same folder by different readers of command lines.
const BUILDS: [&str; 4] = [
    "docker build .",
    "docker build -f web/Dockerfile --build-arg V=1 --target run web",
    "buildah bud -f Dockerfile .",
    "/kaniko/executor --context . --dockerfile Dockerfile",
];

/// What else is tracked: workspaces of each kind.
const TRACKED: [(&str, &str); 9] = [
    ("package.json", "{\"workspaces\": [\"web\", \"libs/*\"]}"),
    ("web/package.json", "{\"name\": \"web\", \"dependencies\": {\"ui\": \"*\"}}"),
    ("libs/ui/package.json", "{\"name\": \"ui\"}"),
    ("libs/ui/x.ts", ""),
    ("go.work", "use (\n./api\n)\n"),
    ("api/go.mod", "module example.com/api\n"),
    ("Cargo.toml", "[workspace]\nmembers = ['crates/*']\n"),
    ("crates/a/Cargo.toml", "[package]\nname = 'a'\n"),
    ("docs/x.md", ""),
];

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((&[build, version], rest)) = input.split_first_chunk() else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(rest) else { return Corpus::Reject };
    if text.len() > MAX_LEN {
        return Corpus::Reject;
    }
    let mut texts = text.split('\0');
    let mut next = || texts.next().unwrap_or_default();
    let (dockerfile, dockerignore, gitignore, script) = (next(), next(), next(), next());
    let given = [
        ("Dockerfile", dockerfile),
        ("web/Dockerfile", dockerfile),
        (".dockerignore", dockerignore),
        ("web/.dockerignore", dockerignore),
        (".gitignore", gitignore),
    ];
    let tree: MemoryTree = TRACKED.into_iter().chain(given).collect();
    let command = BUILDS[usize::from(build) % BUILDS.len()];
    // JSON is YAML, whatever the script is.
    let commands = serde_json::json!([script, command]);
    let workflow = format!(
        "steps:\n  - name: image\n    image: docker\n    commands: {commands}\n    when: {{event: push, path: ['web/**', Dockerfile]}}\n"
    );

    let server = VERSIONS[usize::from(version) % VERSIONS.len()].parse().expect("the version is known");
    let (variables, policy, levels) = (BTreeMap::new(), Policy::default(), Levels::default());
    let context = Context {
        server,
        variables: &variables,
        policy: &policy,
        levels: &levels,
        tree: Some(&tree),
        history: None,
        forge: None,
        whole: true,
    };
    let found = || {
        let mut files = Sources::new();
        files.add(Source::new(".woodpecker/a.yaml", workflow.as_str()));
        let problems = check(&mut files, &context);
        for label in problems.iter().flat_map(|problem| &problem.labels) {
            assert!(files[label.file].text().get(label.span.range()).is_some(), "{label:?}");
        }
        format!("{problems:?}")
    };
    assert_eq!(found(), found());
    Corpus::Keep
});
