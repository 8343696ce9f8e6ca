//! Workflows made at random, of which is known what they are made of.

use super::super::decided::Random;

/// A file of each kind that [`GLOBS`] tell apart.
pub(super) const FILES: [&str; 4] = ["a/x", "a/b.md", "c", "c.md"];
pub(super) const GLOBS: [&str; 8] =
    ["a/**", "**/*.md", "**", "a/**/*.md", "{a/**,**/*.md}", "{[!a]/**,??*/**,??*}", "**/*", "/"];
/// A branch of each kind that [`BRANCH_GLOBS`] tell apart.
pub(super) const BRANCHES: [&str; 4] = ["main", "dev", "z", "z/z"];
pub(super) const BRANCH_GLOBS: [&str; 4] = ["main", "dev", "*", "**"];
/// Who may have made a change: one that only the server knows; then all that conditions tell apart.
pub(super) const AUTHORS: [&str; 3] = ["", "bot", "someone"];
pub(super) const NAMES: [&str; 3] = ["s", "t", "u"];

pub(super) type Globs = Vec<&'static str>;

#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) include: Globs,
    pub(super) exclude: Globs,
    pub(super) on_empty: bool,
}

impl Path {
    pub(super) fn text(&self) -> String {
        let list = |key: &str, globs: &Globs| (!globs.is_empty()).then(|| format!("{key}: {}", quoted(globs)));
        let on_empty = (!self.on_empty).then(|| "on_empty: false".to_owned());
        let keys = [list("include", &self.include), list("exclude", &self.exclude), on_empty];
        format!("{{{}}}", keys.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

fn quoted(texts: &Globs) -> String {
    format!("[{}]", texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", "))
}

#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) events: Option<Globs>,
    pub(super) branches: Option<Globs>,
    pub(super) path: Option<Path>,
    pub(super) asks_author: bool,
}

impl Entry {
    pub(super) fn text(&self) -> String {
        let list = |key: &str, texts: &Option<Globs>| texts.as_ref().map(|texts| format!("{key}: {}", quoted(texts)));
        let path = self.path.as_ref().map(|path| format!("path: {}", path.text()));
        let author = self.asks_author.then(|| "evaluate: 'CI_COMMIT_AUTHOR == \"bot\"'".to_owned());
        let keys = [list("event", &self.events), list("branch", &self.branches), path, author];
        format!("{{{}}}", keys.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

pub(super) fn list_text(entries: &[Entry]) -> String {
    format!("[{}]", entries.iter().map(Entry::text).collect::<Vec<_>>().join(", "))
}

/// A workflow of three steps; no list of entries means no `when`.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) when: Vec<Entry>,
    pub(super) steps: [(Vec<Entry>, Option<usize>); 3],
    pub(super) needs_other: bool,
}

impl Made {
    pub(super) fn text(&self, with_needs: bool) -> String {
        let mut text = String::new();
        if !self.when.is_empty() {
            text.extend(["when: ", &list_text(&self.when), "\n"]);
        }
        if self.needs_other && with_needs {
            text += "depends_on: [p]\n";
        }
        text += "steps:\n";
        for ((when, needs), name) in self.steps.iter().zip(NAMES) {
            let mut keys = format!("name: {name}, image: x, commands: [y]");
            if !when.is_empty() {
                keys.extend([", when: ", &list_text(when)]);
            }
            if let Some(needed) = needs.filter(|_| with_needs) {
                keys.extend([", depends_on: [", NAMES[needed], "]"]);
            }
            text.extend(["  - {", &keys, "}\n"]);
        }
        text
    }

    /// Each `when`, with the name of what it is of.
    pub(super) fn whens(&self) -> impl Iterator<Item = (&'static str, &Vec<Entry>)> {
        let of_steps = self.steps.iter().zip(NAMES).map(|((when, _), name)| (name, when));
        std::iter::once(("when", &self.when)).chain(of_steps)
    }
}

impl Random {
    fn globs(&mut self, from: &[&'static str]) -> Globs {
        (0..=self.below(3)).map(|_| from[self.below(from.len())]).collect()
    }

    fn exact_entry(&mut self, asks_author: bool) -> Entry {
        let mut entry = Entry::default();
        if self.below(2) == 0 {
            entry.events = Some(self.globs(&["push", "tag", "pull_request", "cron"]));
        }
        if self.below(4) == 0 {
            entry.branches = Some(self.globs(&BRANCH_GLOBS));
        }
        if self.below(10) < 7 {
            let mut path = Path { on_empty: self.below(2) == 0, ..Path::default() };
            if self.below(2) == 0 {
                path.include = self.globs(&GLOBS);
            }
            if self.below(2) == 0 {
                path.exclude = self.globs(&GLOBS);
            }
            entry.path = Some(path);
        }
        entry.asks_author = asks_author && self.below(6) == 0;
        entry
    }

    fn exact_when(&mut self, asks_author: bool) -> Vec<Entry> {
        (0..=self.below(3)).map(|_| self.exact_entry(asks_author)).collect()
    }

    pub(super) fn exact_workflow(&mut self, needs_other: bool, asks_author: bool) -> Made {
        let of_event = |event| vec![Entry { events: Some(vec![event]), ..Entry::default() }];
        let mut made = Made { needs_other, ..Made::default() };
        if self.below(2) == 0 {
            made.when = if self.below(3) == 0 { of_event("push") } else { self.exact_when(asks_author) };
        }
        for at in 0..3 {
            if self.below(4) > 0 {
                made.steps[at].0 = if self.below(6) == 0 { of_event("cron") } else { self.exact_when(asks_author) };
            }
            if at > 0 && self.below(3) == 0 {
                made.steps[at].1 = Some(self.below(at));
            }
        }
        made
    }
}
