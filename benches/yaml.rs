//! Parsing: a workflow of about 4 KB as people write it, a long list in brackets, a long script in a block scalar.

use divan::Bencher;
use divan::counter::BytesCount;
use wp_gate::yaml::{Dialect, Document};

const HEAD: &str = "\
when:
  - event: push
    branch: main

variables:
  - &golang 'golang:1.24'

steps:
";

const STEP: &str = "\
  # what runs first
  - name: build
    image: *golang
    environment:
      CGO_ENABLED: \"0\"
      TARGET: linux and windows
    commands:
      - go build ./...
      - go vet ./...
    when:
      - path:
          include: ['src/**', 'go.mod']
          exclude:
            - 'docs/**'
        event: [push, pull_request]
    depends_on: [clone]

";

fn main() {
    divan::main();
}

#[divan::bench]
fn workflow(bencher: Bencher<'_, '_>) {
    parse(bencher, &format!("{HEAD}{}", STEP.repeat(10)));
}

#[divan::bench]
fn flow(bencher: Bencher<'_, '_>) {
    parse(bencher, &format!("[{}]", "{a: b, c: 'd'}, [e, \"f\\n\"],\n".repeat(200)));
}

#[divan::bench]
fn script(bencher: Bencher<'_, '_>) {
    parse(bencher, &format!("commands: |\n{}", "  echo \"one line of a script\" && true\n".repeat(200)));
}

fn parse(bencher: Bencher<'_, '_>, text: &str) {
    let parse = || Document::parse(text, Dialect::V4).map(|document| document.nodes().len());
    assert!(parse().is_ok(), "a benchmark measures what is accepted");
    bencher.counter(BytesCount::of_str(text)).bench(parse);
}
