//! Rounds of fixes until nothing is left to fix.

use std::collections::{BTreeMap, HashSet};

use super::round::{apply, choose};
use crate::diag::{Fix, Problem, Safety, Severity};
use crate::lint::{self, Context};
use crate::rule::Levels;
use crate::source::{FileId, Sources};

/// The most rounds of fixes.
pub const MAX_ROUNDS: usize = 64;

/// The most fixes of one round that are tried one by one.
pub const MAX_TRIED: usize = 100;

/// What fixing comes to.
#[derive(Debug)]
pub struct Mended {
    /// The files, in the order in which they came; those that needed no fix are as they were.
    pub files: Sources,
    /// What is still wrong with them.
    pub problems: Vec<Problem>,
    /// How many fixes were made, by the file of each one's first edit.
    pub made_in: BTreeMap<FileId, usize>,
    /// How many fixes were not made, because something would have been worse.
    pub refused: usize,
    /// Whether no fix is left that could be made: false where fixes undo each other, or there are too many for [`MAX_ROUNDS`].
    pub settled: bool,
}

impl Mended {
    /// How many fixes were made.
    pub fn made(&self) -> usize {
        self.made_in.values().sum()
    }
}

/// Fixes what is wrong with `files`, with fixes that are at most as risky as `allowed`.
pub fn mend(files: &Sources, context: &Context<'_>, allowed: Safety) -> Mended {
    let mut files = copy(files);
    let mut problems = lint::check(&mut files, context);
    let (mut made_in, mut settled) = (BTreeMap::new(), false);
    let mut refused: HashSet<Refused> = HashSet::new();
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    for _ in 0..MAX_ROUNDS {
        let chosen = choose(&problems, allowed, |fix| refused.contains(&Refused::new(fix, &files)));
        if chosen.is_empty() {
            settled = true;
            break;
        }
        let (better, made) = advance(&files, context, &chosen, &mut refused);
        let texts = better.iter().map(|(_, source)| source.text().to_owned()).collect();
        if !made.is_empty() && !seen.insert(texts) {
            break;
        }
        for file in made.iter().filter_map(|fix| Some(fix.edits.first()?.file)) {
            *made_in.entry(file).or_default() += 1;
        }
        files = better;
        problems = lint::check(&mut files, context);
    }
    Mended { files, problems, made_in, refused: refused.len(), settled }
}

/// `files` with as many of the `chosen` fixes as leave them no worse, and which these are. The others are `refused`.
fn advance<'f>(
    files: &Sources,
    context: &Context<'_>,
    chosen: &[&'f Fix],
    refused: &mut HashSet<Refused>,
) -> (Sources, Vec<&'f Fix>) {
    let before = errors(files, context);
    let is_good = |texts: &Sources| is_no_worse(&before, &errors(texts, context));
    let all = apply(files, chosen);
    if is_good(&all) {
        return (all, chosen.to_vec());
    }
    let (tried, untried) = chosen.split_at(chosen.len().min(MAX_TRIED));
    let (mut good, bad): (Vec<&Fix>, Vec<&Fix>) = tried.iter().partition(|fix| is_good(&apply(files, &[fix])));
    refused.extend(bad.iter().chain(untried).map(|fix| Refused::new(fix, files)));
    if !is_good(&apply(files, &good)) {
        // Each is good, but not all of them: one now, and the others when the files are looked at again.
        good.truncate(1);
    }
    (apply(files, &good), good)
}

/// A fix that is not made, as it is recognised when it comes again at another place.
#[derive(PartialEq, Eq, Hash)]
struct Refused {
    title: String,
    edits: Vec<(String, String, String)>,
}

impl Refused {
    fn new(fix: &Fix, files: &Sources) -> Self {
        let edits = fix.edits.iter().map(|edit| {
            let source = &files[edit.file];
            (source.name().to_owned(), source.slice(edit.span).to_owned(), edit.text.clone())
        });
        Self { title: fix.title.clone(), edits: edits.collect() }
    }
}

/// How many errors there are of each kind, whatever levels the team has set.
fn errors(files: &Sources, context: &Context<'_>) -> BTreeMap<&'static str, usize> {
    let levels = Levels::new();
    let problems = lint::check(&mut copy(files), &Context { levels: &levels, ..*context });
    let mut counts = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
        *counts.entry(problem.code).or_default() += 1;
    }
    counts
}

fn is_no_worse(before: &BTreeMap<&str, usize>, after: &BTreeMap<&str, usize>) -> bool {
    after.iter().all(|(code, count)| before.get(code).is_some_and(|before| count <= before))
}

fn copy(files: &Sources) -> Sources {
    apply(files, &[])
}
