//! The driver: every rule over every file.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::context::Context;
use super::history::History;
use super::mend;
use super::reading::{Gate, GlobUse, Member, Pipeline, Reading, stand_ins, touches};
use super::rule::Check;
use super::rules::{DEAD_GLOB, RULES, rules};
use super::variables::AnyChange;
use crate::admission::{self, Finding};
use crate::diag::{Problem, Severity};
use crate::plan::Clause;
use crate::rule::{Allows, settle};
use crate::source::{FileId, Source, Sources};
use crate::workflow::{Axis, Dependency, File};

/// Checks `files`, which are workflow files, each by itself and those of one folder together.
///
/// The problems come in the order of the files, then of the places; the primary label of each is in the file that it is about. The files are
/// read in parallel, in the current rayon pool.
pub fn check(files: &Sources, context: &Context<'_>) -> Vec<Problem> {
    let sources: Vec<(FileId, &Source)> = files.iter().collect();
    let mut checked: Vec<Checked> =
        sources.into_par_iter().map(|(id, source)| Checked::new(source, id, context)).collect();
    if context.history.is_some_and(History::look_up) {
        // What was asked for is known now.
        let again = checked.par_iter_mut().filter(|file| file.asks_for_the_past());
        again.for_each(|file| *file = Checked::new(&files[file.id], file.id, context));
    }
    if context.whole {
        across(&mut checked, context);
    }
    checked.into_par_iter().flat_map_iter(|file| file.finish(context)).collect()
}

/// What one file comes to.
struct Checked {
    id: FileId,
    folder: String,
    problems: Vec<Problem>,
    allows: Allows,
    /// Whether the server can read it. If not, rules have not seen all of it.
    readable: bool,
    /// What the others of its folder need to know; `None` when it cannot be read.
    member: Option<Member>,
}

impl Checked {
    fn new(source: &Source, id: FileId, context: &Context<'_>) -> Self {
        let file = File::read(source, id, context.server);
        let mut problems = Vec::new();
        let member = read(&file, context, &mut problems);
        let findings = admission::check_schema(&file);
        problems.extend(findings.iter().filter(|it| !it.repeats).map(|it| server_finding(it, &file)));
        for check in checks(context) {
            if let Check::File(check) = check {
                check(&file, context, &mut problems);
            }
        }
        let folder = source.name().rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self {
            id,
            folder,
            problems,
            allows: Allows::read(source, id, file.document(), rules()),
            readable: member.is_some(),
            member,
        }
    }

    /// Whether some glob in it matches nothing any more.
    fn asks_for_the_past(&self) -> bool {
        self.problems.iter().any(|problem| problem.code == DEAD_GLOB)
    }

    /// The problems as they are reported.
    fn finish(self, context: &Context<'_>) -> Vec<Problem> {
        let looked_for = |id: &str| {
            let rule = RULES.iter().find(|rule| rule.id == id);
            self.readable && rule.is_some_and(|rule| rule.is_looked_for(context))
        };
        settle(self.problems, self.allows, rules(), context.levels, looked_for)
    }
}

/// The checks of all rules that are on.
fn checks(context: &Context<'_>) -> impl Iterator<Item = Check> {
    RULES.iter().filter(|rule| rule.is_on(context.levels)).flat_map(|rule| rule.checks.iter().copied())
}

/// Reads `file` as the server does, once for each different text, and runs the rules that look at what it says.
fn read(file: &File<'_>, context: &Context<'_>, problems: &mut Vec<Problem>) -> Option<Member> {
    let axes = match file.axes() {
        Ok(axes) => axes,
        Err(refused) => {
            problems.extend_from_slice(refused);
            return None;
        }
    };
    let mut seen = HashSet::new();
    let mut depends_on = Some(Vec::new());
    for axis in axes {
        let more = read_text(file, axis, context, &mut seen, problems);
        depends_on = depends_on.zip(more).map(|(mut all, more)| {
            all.extend(more);
            all
        });
    }
    Some(Member { file: file.id(), name: file.name().to_owned(), depends_on: depends_on? })
}

/// Reads the text of one axis, unless another axis has made the same, and gives the workflows that it depends on; `None` when it cannot
/// be read.
fn read_text(
    file: &File<'_>,
    axis: &Axis,
    context: &Context<'_>,
    seen: &mut HashSet<String>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Dependency>> {
    let rendered = match file.render(&AnyChange { axis, context }) {
        Ok(rendered) => rendered,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    if !seen.insert(rendered.text.clone().into_owned()) {
        return Some(Vec::new());
    }
    let guessed = stand_ins(&rendered);
    let is_guess = |problem: &Problem| problem.labels.first().is_some_and(|label| touches(&guessed, label.span));
    let lowered = match file.lower(&rendered) {
        Ok(lowered) => lowered,
        Err(refused) => {
            problems.extend(refused.into_iter().filter(|problem| !is_guess(problem)));
            return None;
        }
    };
    let reading = Reading::new(file, context, axis, &rendered, &lowered);
    server_findings(&reading, problems);
    for check in checks(context) {
        run(check, &reading, problems);
    }
    Some(reading.workflow.depends_on.clone())
}

/// What the server says of a workflow that it can read.
fn server_findings(reading: &Reading<'_>, problems: &mut Vec<Problem>) {
    let Reading { file, context, workflow, .. } = *reading;
    // The other classes speak of the file as it was written, where nothing hangs on the change.
    let is_guess = |finding: &Finding| {
        finding.class == "linter" && finding.place.as_ref().is_some_and(|place| reading.hangs_on_change(place.span))
    };
    let findings = admission::check(workflow, file, context.policy);
    problems.extend(findings.iter().filter(|finding| !is_guess(finding)).map(|finding| {
        let mut problem = server_finding(finding, file);
        if finding.uncertain {
            // Only the administrator knows, so it stops nobody.
            problem.severity = Severity::Note;
        }
        problem
    }));
    problems.extend(file.unreadable_as_written());
    for (steps, service) in [(&workflow.clone, false), (&workflow.services, true), (&workflow.steps, false)] {
        let defects = steps.iter().flat_map(|step| step.defects_on(file.server(), service, file.id()));
        problems.extend(defects.filter(|problem| !problem.labels.iter().any(|it| reading.hangs_on_change(it.span))));
    }
}

/// What the server finds, and how to mend it.
fn server_finding(finding: &Finding, file: &File<'_>) -> Problem {
    let problem = finding.problem(file.id());
    match &finding.instead {
        Some(instead) => problem.fix(mend::write_instead(file, instead)),
        None => problem,
    }
}

fn run(check: Check, reading: &Reading<'_>, problems: &mut Vec<Problem>) {
    match check {
        Check::Workflow(check) => check(reading, problems),
        Check::Gate(check) => reading.gates().for_each(|gate: Gate<'_>| check(&gate, problems)),
        Check::Glob(check) => {
            reading.gates().flat_map(Gate::globs).for_each(|glob: GlobUse<'_>| check(&glob, problems));
        }
        Check::TrackedGlob(check) => {
            let Some(tracked) = reading.context.tracked else { return };
            let globs = reading.gates().flat_map(Gate::globs).filter(|glob| glob.clause == Clause::Path);
            globs.for_each(|glob| check(&glob, tracked, problems));
        }
        Check::Forge(check) => {
            if let Some((forge, limits)) = reading.context.forge {
                check(reading, forge, limits, problems);
            }
        }
        Check::File(_) | Check::Pipeline(_) => {}
    }
}

/// Runs the rules that look at the workflows of a folder together. Where one cannot be read they say nothing: nobody knows what it needs.
fn across(checked: &mut [Checked], context: &Context<'_>) {
    let folders: BTreeSet<String> = checked.iter().map(|file| file.folder.clone()).collect();
    let mut found = Vec::new();
    for folder in folders {
        let of_folder = |file: &&mut Checked| file.folder == folder;
        let members: Option<Vec<Member>> =
            checked.iter_mut().filter(of_folder).map(|file| file.member.take()).collect();
        let Some(workflows) = members else { continue };
        let pipeline = Pipeline { workflows: &workflows };
        for check in checks(context) {
            if let Check::Pipeline(check) = check {
                check(&pipeline, &mut found);
            }
        }
    }
    for problem in found {
        let about = problem.labels.first().map(|label| label.file);
        if let Some(file) = checked.iter_mut().find(|file| Some(file.id) == about) {
            file.problems.push(problem);
        }
    }
}
