//! Small pipelines and policies, made at random: the same for the same seed.

use std::fmt::Write as _;

use crate::policy::Policy;

pub(super) struct Random(u64);

const GLOBS: [&str; 14] = [
    "a/**",
    "**/*.md",
    "b/*",
    "*",
    "**",
    "{a,b}/**",
    "a",
    "a/b.md",
    "[!a]*",
    "a{**,b}",
    "c/**",
    "?",
    "{a/*,c.md}",
    "**/d/**",
];
const EVALUATES: [&str; 12] = [
    r#"CI_PIPELINE_EVENT == "push""#,
    r#"CI_COMMIT_BRANCH == "main""#,
    r#"CI_COMMIT_BRANCH in ["dev", "x/y"] || CI_COMMIT_REF == "refs/heads/main""#,
    r#"CI_COMMIT_AUTHOR == "bot""#,
    r#"CI_COMMIT_BRANCH != "dev" && CI_COMMIT_AUTHOR != "bot""#,
    "int(CI_COMMIT_AUTHOR) > 3",
    r#"CI_COMMIT_BRANCH startsWith "x/""#,
    r#"CI_COMMIT_BRANCH endsWith "n" || CI_COMMIT_BRANCH contains "/""#,
    r#"CI_COMMIT_BRANCH matches "^(main|x/.*)$" && CI_COMMIT_AUTHOR != "bot""#,
    r#"CI_COMMIT_REF startsWith "refs/tags/" || CI_COMMIT_BRANCH == CI_REPO_DEFAULT_BRANCH"#,
    r#"CI_COMMIT_BRANCH matches "^[a-e]" || not (CI_COMMIT_REF matches "/dev$")"#,
    r#"X == "1""#,
];
const EVENTS: [&str; 5] = ["push", "pull_request", "tag", "manual", "cron"];
const BRANCHES: [&str; 5] = ["main", "dev", "x/*", "*", "{main,dev}"];

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn some_of(&mut self, texts: &[&str], most: usize) -> String {
        let count = 1 + self.below(most);
        let picked: Vec<String> = (0..count).map(|_| format!("'{}'", texts[self.below(texts.len())])).collect();
        format!("[{}]", picked.join(", "))
    }

    fn path(&mut self) -> String {
        let mut keys = Vec::new();
        if self.chance(50) {
            keys.push(format!("include: {}", self.some_of(&GLOBS, 2)));
        }
        if self.chance(60) {
            keys.push(format!("exclude: {}", self.some_of(&GLOBS, 3)));
        }
        if self.chance(20) {
            keys.push("ignore_message: Skip Me".to_owned());
        }
        if self.chance(25) {
            keys.push("on_empty: false".to_owned());
        }
        format!("{{{}}}", keys.join(", "))
    }

    fn entry(&mut self, in_step: bool) -> String {
        let mut keys = Vec::new();
        if self.chance(40) {
            keys.push(format!("event: {}", self.some_of(&EVENTS, 3)));
        }
        if self.chance(30) {
            keys.push(format!("branch: {}", self.some_of(&BRANCHES, 2)));
        }
        if self.chance(70) {
            keys.push(format!("path: {}", self.path()));
        }
        if self.chance(10) {
            keys.push("ref: ['refs/heads/main', 'refs/tags/{main,v*}', 'refs/pull/**']".to_owned());
        }
        if in_step && self.chance(10) {
            keys.push("matrix: {X: '1'}".to_owned());
        }
        if self.chance(15) {
            let evaluate = EVALUATES[self.below(EVALUATES.len())];
            keys.push(format!("evaluate: '{evaluate}'"));
        }
        format!("{{{}}}", keys.join(", "))
    }

    fn when(&mut self, in_step: bool) -> String {
        let count = 1 + self.below(2);
        let entries: Vec<String> = (0..count).map(|_| self.entry(in_step)).collect();
        format!("[{}]", entries.join(", "))
    }

    fn needs(&mut self, names: &[&str]) -> String {
        let name = names[self.below(names.len())];
        match self.below(4) {
            0 => "[]".to_owned(),
            1 => format!("[{{name: {name}, optional: true}}]"),
            _ => format!("[{name}]"),
        }
    }

    /// Workflow files: names and texts.
    pub(super) fn pipeline(&mut self) -> Vec<(String, String)> {
        let count = 1 + self.below(3);
        ["p", "q", "r"][..count]
            .iter()
            .map(|name| ((*name).to_owned(), self.workflow(&["p", "q", "r"][..count])))
            .collect()
    }

    pub(super) fn workflow(&mut self, names: &[&str]) -> String {
        let mut text = String::new();
        let line = |text: &mut String, line: String| writeln!(text, "{line}").expect("memory takes all");
        if self.chance(40) {
            let when = self.when(false);
            line(&mut text, format!("when: {when}"));
        }
        if self.chance(30) && names.len() > 1 {
            let needs = self.needs(names);
            line(&mut text, format!("depends_on: {needs}"));
        }
        if self.chance(25) {
            line(&mut text, "skip_clone: true".to_owned());
        }
        if self.chance(20) {
            line(&mut text, "matrix: {X: ['1', '2']}".to_owned());
        }
        if self.chance(15) {
            let when = self.when(true);
            line(&mut text, format!("clone:\n  get: {{image: woodpeckerci/plugin-git, when: {when}}}"));
        }
        if self.chance(15) {
            let when = self.when(true);
            line(&mut text, format!("services:\n  - {{name: db, image: x, when: {when}}}"));
        }
        line(&mut text, "steps:".to_owned());
        let steps = ["s", "t", "u"];
        for at in 0..=self.below(3) {
            let name = if self.chance(8) { "s" } else { steps[at] };
            let mut keys = format!("name: {name}, image: x, commands: [y]");
            if self.chance(75) {
                let when = self.when(true);
                write!(keys, ", when: {when}").expect("memory takes all");
            }
            if self.chance(25) {
                let needs = self.needs(&steps[..=at]);
                write!(keys, ", depends_on: {needs}").expect("memory takes all");
            }
            line(&mut text, format!("  - {{{keys}}}"));
        }
        text
    }

    pub(super) fn policy(&mut self) -> Policy {
        let mut keys = vec!["name: p".to_owned()];
        let mut on = Vec::new();
        if self.chance(80) {
            on.push(format!("event: {}", self.some_of(&EVENTS, 2)));
        }
        if self.chance(60) {
            on.push(format!("branch: {}", self.some_of(&BRANCHES, 1)));
        }
        keys.push(format!("on: {{{}}}", on.join(", ")));
        let mut changes = Vec::new();
        if self.chance(40) {
            changes.push(format!("only: {}", self.some_of(&GLOBS, 2)));
        }
        if self.chance(40) {
            changes.push(format!("any: {}", self.some_of(&GLOBS, 2)));
        }
        keys.push(format!("changes: {{{}}}", changes.join(", ")));
        let promise =
            ["always: [s]", "never: [s]", "never: ['*']", "workflows: {always: [p]}", "workflows: {never: [p]}"];
        keys.push(promise[self.below(promise.len())].to_owned());
        let text = format!("{{{}}}", keys.join(", "));
        yaml_serde::from_str(&text).expect("a policy")
    }
}
