//! What each part of `check` has found, put together.

use std::collections::HashSet;

use crate::cli::failure::Failure;
use crate::cli::findings::Found;
use crate::diag::{Problem, Severity};
use crate::report::{CheckSection, Findings};
use crate::source::{FileId, Sources, Span};

/// The parts, and all that they have found.
pub(super) struct Sections {
    pub list: Vec<CheckSection>,
    all: Found,
    /// What was told.
    told: HashSet<Told>,
    /// Notes are left out.
    quiet: bool,
    /// Some part could not be done.
    undone: bool,
}

/// The flaw, and the place that it is told of.
type Told = (&'static str, String, Option<(FileId, Span)>);

impl Sections {
    pub(super) fn new(quiet: bool) -> Self {
        let all = Found {
            problems: Vec::new(),
            files: Sources::new(),
            rosters: Vec::new(),
            unread: Vec::new(),
            notes: Vec::new(),
        };
        Self { list: Vec::new(), all, told: HashSet::new(), quiet, undone: false }
    }

    /// Adds a part that comes to `summary`. What it found that an earlier one has found, too, is not told again.
    pub(super) fn add(&mut self, title: &'static str, summary: String, files: &Sources, problems: &[Problem]) {
        let now = self.all.files.merge(files);
        let first = self.all.problems.len();
        for problem in problems.iter().filter(|it| !self.quiet || it.severity > Severity::Note) {
            let problem = problem.clone().moved(|file| now.get(&file).copied().unwrap_or(file));
            let place = problem.labels.first().map(|label| (label.file, label.span));
            if self.told.insert((problem.code, problem.message.clone(), place)) {
                self.all.problems.push(problem);
            }
        }
        let is_well = problems.iter().all(|problem| problem.severity == Severity::Note);
        self.list.push(CheckSection { title, summary, is_well, problems: first..self.all.problems.len() });
    }

    /// Adds what a command of its own would find.
    pub(super) fn add_found(&mut self, title: &'static str, found: Found) {
        self.add(title, found.findings().summary(), &found.files, &found.problems);
        self.undone |= !found.unread.is_empty();
        self.all.unread.extend(found.unread);
    }

    /// Adds a part that could not be done.
    pub(super) fn add_undone(&mut self, title: &'static str, failure: Failure) -> Result<(), Failure> {
        let Failure::Message { message, help } = failure else { return Err(failure) };
        let problem = Problem { help, ..Problem::error("not-checked", message) };
        self.add(title, "could not be looked at".to_owned(), &Sources::new(), &[problem]);
        self.undone = true;
        Ok(())
    }

    pub(super) fn is_undone(&self) -> bool {
        self.undone
    }

    pub(super) fn findings(&self) -> Findings<'_> {
        self.all.findings()
    }
}
