//! Matching: `cargo bench --bench glob`. All pairs of 1,000 patterns and 100,000 paths, for ours and for `globset`; and single patterns.
#![allow(missing_docs, reason = "the macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wp_gate::glob::{Pattern, PatternSet};

const DIRS: [&str; 12] =
    ["gateway", "web", "mosaic", "core", "auth", "billing", "search", "mail", "worker", "admin", "docs", "common"];
const INNER: [&str; 8] =
    ["src", "src/api", "src/ui/widgets", "test", "test/fixtures", "deploy/helm", "migrations", "node_modules/x"];
const STEMS: [&str; 10] =
    ["index", "main", "README", "handler", "server", "schema", "package", "util", "types", "Dockerfile"];
const EXTENSIONS: [&str; 10] = ["ts", "tsx", "go", "rs", "md", "json", "yaml", "yml", "sql", "txt"];
const SHAPES: [&str; 20] = [
    "apps/D/**",
    "apps/D/I/**",
    "apps/D/**/*.E",
    "packages/D/I/*.E",
    "packages/D/**/S.E",
    "**/*.E",
    "apps/D/package.json",
    "libs/D/{src,test}/**",
    "apps/{D,common}/**/*.{ts,tsx}",
    "docs/D/**/*.md",
    "**/S.E",
    "apps/*/I/*.E",
    "*.E",
    "libs/D-?/**",
    "packages/[a-m]*/I/S.*",
    "**/I/**",
    "deploy/D/**/values*.yaml",
    ".github/workflows/D.yml",
    "apps/D/I/S*.E",
    "!apps/D/**",
];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[(self.0 >> 33) as usize % from.len()]
    }
}

fn patterns() -> Vec<String> {
    let mut numbers = Numbers(1);
    let mut pattern = |shape: &str| {
        shape
            .replace('D', &format!("{}{}", numbers.pick(&DIRS), numbers.pick(&["", "", "-2", "-next"])))
            .replace('I', numbers.pick(&INNER))
            .replace('S', numbers.pick(&STEMS))
            .replace('E', numbers.pick(&EXTENSIONS))
    };
    SHAPES.iter().cycle().take(1_000).map(|shape| pattern(shape)).collect()
}

fn paths() -> Vec<String> {
    let mut numbers = Numbers(2);
    (0..100_000)
        .map(|_| {
            let top = numbers.pick(&["apps", "packages", "libs", "docs", "deploy"]);
            let dir = format!("{}{}", numbers.pick(&DIRS), numbers.pick(&["", "", "-2", "-next"]));
            let (inner, deeper) = (numbers.pick(&INNER), numbers.pick(&["", "", "/a", "/feature/b"]));
            format!("{top}/{dir}/{inner}{deeper}/{}.{}", numbers.pick(&STEMS), numbers.pick(&EXTENSIONS))
        })
        .collect()
}

fn sets(c: &mut Criterion) {
    let (patterns, paths) = (patterns(), paths());
    let mut group = c.benchmark_group("1000 patterns x 100000 paths");
    group.throughput(Throughput::Elements((patterns.len() * paths.len()) as u64)).sample_size(10);

    let ours: PatternSet = patterns.iter().map(String::as_str).collect();
    let mut matches = Vec::new();
    group.bench_function("set", |b| {
        b.iter(|| {
            let mut pairs = 0;
            for path in &paths {
                ours.matches_into(path.as_bytes(), &mut matches);
                pairs += matches.len();
            }
            pairs
        });
    });
    group.bench_function("set, first match", |b| {
        b.iter(|| paths.iter().filter(|path| ours.is_match(path.as_bytes())).count());
    });

    let mut globs = globset::GlobSetBuilder::new();
    for pattern in &patterns {
        globs.add(
            globset::GlobBuilder::new(pattern).literal_separator(true).build().expect("the patterns are well-formed"),
        );
    }
    let globs = globs.build().expect("the patterns are well-formed");
    group.bench_function("globset", |b| {
        b.iter(|| {
            let mut pairs = 0;
            for path in &paths {
                globs.matches_into(path, &mut matches);
                pairs += matches.len();
            }
            pairs
        });
    });

    let singles: Vec<Pattern> = patterns.iter().map(|pattern| Pattern::parse(pattern)).collect();
    group.bench_function("one by one", |b| {
        b.iter(|| {
            let pairs = singles.iter().map(|one| paths.iter().filter(|path| one.is_match(path.as_bytes())).count());
            pairs.sum::<usize>()
        });
    });
    group.finish();
    c.bench_function("compile 1000 patterns", |b| {
        b.iter(|| patterns.iter().map(String::as_str).collect::<PatternSet>());
    });
}

fn singles(c: &mut Criterion) {
    let path = "apps/gateway/src/ui/widgets/feature/handler.test.ts";
    let many = "{a,b}".repeat(40);
    for pattern in [
        "apps/gateway/**",
        "**/*.ts",
        "apps/**/widgets/**/*.ts",
        "**/*.{js,jsx,ts,tsx}",
        "**/node_modules/**",
        "apps/*/*/*/*/*/[!x]*.t?",
        &many,
    ] {
        let compiled = Pattern::parse(pattern);
        let name: String = pattern.chars().take(30).collect();
        c.bench_function(&format!("match {name}"), |b| b.iter(|| compiled.is_match(black_box(path.as_bytes()))));
    }
}

criterion_group!(benches, sets, singles);
criterion_main!(benches);
