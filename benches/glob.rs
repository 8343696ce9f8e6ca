//! Matching: all pairs of 1,000 patterns and 100,000 paths, for ours and for `globset`; and single patterns.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
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

fn main() {
    divan::main();
}

/// Counts pairs of a pattern and a path, matching or not.
fn pairs(patterns: &[String], paths: &[String]) -> ItemsCount {
    ItemsCount::new(patterns.len() * paths.len())
}

#[divan::bench(sample_count = 10)]
fn set(bencher: Bencher<'_, '_>) {
    let (patterns, paths) = (patterns(), paths());
    let set: PatternSet = patterns.iter().map(String::as_str).collect();
    let mut matches = Vec::new();
    bencher.counter(pairs(&patterns, &paths)).bench_local(|| {
        let mut found = 0;
        for path in &paths {
            set.matches_into(path.as_bytes(), &mut matches);
            found += matches.len();
        }
        found
    });
}

#[divan::bench(sample_count = 10)]
fn set_first_match(bencher: Bencher<'_, '_>) {
    let (patterns, paths) = (patterns(), paths());
    let set: PatternSet = patterns.iter().map(String::as_str).collect();
    bencher
        .counter(pairs(&patterns, &paths))
        .bench_local(|| paths.iter().filter(|path| set.is_match(path.as_bytes())).count());
}

#[divan::bench(sample_count = 10)]
fn globset(bencher: Bencher<'_, '_>) {
    let (patterns, paths) = (patterns(), paths());
    let mut set = globset::GlobSetBuilder::new();
    for pattern in &patterns {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.expect("the patterns are well-formed"));
    }
    let set = set.build().expect("the patterns are well-formed");
    let mut matches = Vec::new();
    bencher.counter(pairs(&patterns, &paths)).bench_local(|| {
        let mut found = 0;
        for path in &paths {
            set.matches_into(path, &mut matches);
            found += matches.len();
        }
        found
    });
}

#[divan::bench(sample_count = 10)]
fn one_by_one(bencher: Bencher<'_, '_>) {
    let (patterns, paths) = (patterns(), paths());
    let singles: Vec<Pattern> = patterns.iter().map(|pattern| Pattern::parse(pattern)).collect();
    bencher.counter(pairs(&patterns, &paths)).bench_local(|| {
        let found = singles.iter().map(|one| paths.iter().filter(|path| one.is_match(path.as_bytes())).count());
        found.sum::<usize>()
    });
}

#[divan::bench]
fn compile_set(bencher: Bencher<'_, '_>) {
    let patterns = patterns();
    bencher.bench_local(|| patterns.iter().map(String::as_str).collect::<PatternSet>());
}

#[divan::bench(args = [
    "apps/gateway/**",
    "**/*.ts",
    "apps/**/widgets/**/*.ts",
    "**/*.{js,jsx,ts,tsx}",
    "**/node_modules/**",
    "apps/*/*/*/*/*/[!x]*.t?",
    "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
])]
fn single(bencher: Bencher<'_, '_>, text: &str) {
    let pattern = Pattern::parse(text);
    bencher.bench_local(|| pattern.is_match(black_box(b"apps/gateway/src/ui/widgets/feature/handler.test.ts")));
}
