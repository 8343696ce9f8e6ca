//! The founding case: each sentence that its author wrote over the gate is a claim that is decided.

use super::Bench;

/// The workflows of the founding case: names and texts.
pub(super) fn files() -> [(&'static str, String); 2] {
    let read = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/workflows/ok/founding").join(name);
        std::fs::read_to_string(path).expect("the file is there")
    };
    [("ci", read("ci.yaml")), ("publish", read("publish.yml"))]
}

fn bench() -> Bench {
    let [ci, publish] = files();
    let mut bench = Bench::new(&[(ci.0, &ci.1), (publish.0, &publish.1)]);
    let tracked = ["apps/gateway/src/main.ts", "apps/web/y.ts", "docs/x.md", "packages/mosaic/index.ts", "README.md"];
    bench.tracked = tracked.map(str::to_owned).to_vec();
    bench
}

const DOCS_ONLY: &str =
    "{name: p, on: {event: push, branch: main}, changes: {only: ['docs/**', '**/*.md']}, never: ['build-*']}";

fn gateway(glob: &str) -> String {
    format!("{{name: p, on: {{event: push, branch: main}}, changes: {{any: ['{glob}']}}, always: [build-gateway]}}")
}

#[test]
fn the_four_policies_hold() {
    let bench = bench();
    for policy in [
        DOCS_ONLY,
        &gateway("apps/gateway/**/*.ts"),
        "{name: p, on: {event: tag}, always: ['build-*', publish-npm]}",
        "{name: p, on: {event: pull_request}, workflows: {always: [ci]}}",
    ] {
        assert_eq!(bench.told("3.17", policy), "proved", "{policy}");
    }
}

#[test]
fn the_gateways_own_markdown_does_not_rebuild_it() {
    let told = bench().told("3.17", &gateway("apps/gateway/**"));
    assert_eq!(told, "refuted by push on main of [apps/gateway/x.md]");
}

#[test]
fn before_3_5_a_page_beside_the_gateway_stops_its_build() {
    let told = bench().told("3.4", &gateway("apps/gateway/**/*.ts"));
    assert_eq!(told, "refuted by push on main of [apps/gateway/src/main.ts, docs/x.md]");
}
