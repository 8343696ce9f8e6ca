//! The driver: every rule over every file.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::builds::Builds;
use super::changes::Changes;
use super::context::Context;
use super::decide::{Decider, Ground};
use super::echoes::Echoes;
use super::history::History;
use super::mend;
use super::reading::{Gate, GlobUse, Member, Pipeline, Reading, stand_ins, touches};
use super::rule::Check;
use super::rules::{DEAD_GLOB, RULES, rules, undecided};
use super::variables::AnyChange;
use crate::admission::{self, Finding};
use crate::diag::{Problem, Severity};
use crate::plan::Clause;
use crate::rule::{Allows, settle};
use crate::source::{FileId, Mentions, Source, Sources, Span};
use crate::workflow::{Axis, Dependency, File};

/// Checks `files`, which are workflow files, each by itself and those of one folder together.
///
/// The problems come in the order of the files, then of the places; the primary label of each is in the file that it is about. The files are
/// read in parallel, in the current rayon pool. Other files that the problems point at are mentioned in `files`.
pub fn check(files: &mut Sources, context: &Context<'_>) -> Vec<Problem> {
    let all = &*files;
    let ground = Ground::new(context, files.len());
    let ids: Vec<FileId> = files.iter().map(|(id, _)| id).collect();
    let read = |id: FileId| Checked::new(&all[id], id, all, &ground);
    let mut checked: Vec<Checked<'_>> = ids.into_par_iter().map(read).collect();
    if context.history.is_some_and(History::look_up) {
        // What was asked for is known now.
        let again = checked.par_iter_mut().filter(|file| file.asks_for_the_past());
        again.for_each(|file| *file = read(file.id));
    }
    if context.whole {
        across(&mut checked, &ground);
    }
    let finished: Vec<(Vec<Problem>, Mentions)> = checked.into_par_iter().map(|file| file.finish(context)).collect();
    finished.into_iter().flat_map(|(problems, mentions)| mention(problems, &mentions, files)).collect()
}

/// Mentions the other files that `problems` point at in `files`, and points them there.
fn mention(mut problems: Vec<Problem>, mentions: &Mentions, files: &mut Sources) -> Vec<Problem> {
    for label in problems.iter_mut().flat_map(|problem| &mut problem.labels) {
        if let Some(source) = mentions.get(label.file) {
            label.file = files.mention(source);
        }
    }
    problems
}

/// What one file comes to.
struct Checked<'s> {
    id: FileId,
    folder: String,
    problems: Vec<Problem>,
    allows: Allows,
    /// Whether the server can read it. If not, rules have not seen all of it.
    readable: bool,
    /// What the others of its folder need to know, and the file; `None` when it cannot be read.
    member: Option<(Member, File<'s>)>,
    /// Other files that the problems point at.
    mentions: Mentions,
}

impl<'s> Checked<'s> {
    fn new(source: &'s Source, id: FileId, files: &Sources, ground: &Ground<'_>) -> Self {
        let context = ground.context;
        let file = File::read(source, id, context.server);
        let mut problems = Vec::new();
        let mentions = RefCell::default();
        let around = Around { files, mentions: &mentions };
        let (mut member, mut too_large) = read(&file, ground, &around, &mut problems);
        for check in checks(context) {
            if let Check::File(check) = check {
                check(&file, context, &mut problems);
            }
        }
        if member.as_ref().is_some_and(|member| member.gate.is_some()) {
            too_large = over_every_change(&file, ground, &mut problems).or(too_large);
        }
        of_schema(&file, context, &mut problems);
        if let (Some(Member { gate: Some(gate), is_too_large, .. }), Some(why)) = (&mut member, too_large) {
            problems.push(undecided(id, *gate, &why));
            *is_too_large = true;
        }
        let folder = source.name().rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let allows = Allows::read(source, id, file.document(), rules());
        Self {
            id,
            folder,
            problems,
            allows,
            readable: member.is_some(),
            member: member.zip(Some(file)),
            mentions: mentions.into_inner(),
        }
    }

    /// Whether some glob in it matches nothing any more.
    fn asks_for_the_past(&self) -> bool {
        self.problems.iter().any(|problem| problem.code == DEAD_GLOB)
    }

    /// The problems as they are reported, and other files that they point at.
    fn finish(self, context: &Context<'_>) -> (Vec<Problem>, Mentions) {
        let looked_for = |id: &str| {
            let rule = RULES.iter().find(|rule| rule.id == id);
            self.readable && rule.is_some_and(|rule| rule.is_looked_for(context))
        };
        (settle(self.problems, self.allows, rules(), context.levels, looked_for), self.mentions)
    }
}

/// What the server's schema says of `file`, but for what `problems` say already.
fn of_schema(file: &File<'_>, context: &Context<'_>, problems: &mut Vec<Problem>) {
    let echoes = Echoes::of(problems, context, file);
    let findings = admission::check_schema(file);
    problems.extend(findings.iter().filter(|it| !it.repeats && !echoes.hold(it)).map(|it| server_finding(it, file)));
}

/// The checks of all rules that are on.
fn checks(context: &Context<'_>) -> impl Iterator<Item = Check> {
    RULES.iter().filter(|rule| rule.is_on(context.levels)).flat_map(|rule| rule.checks.iter().copied())
}

/// Reads `file` as the server does, once for each different text, and runs the rules that look at what it says. With why they did not decide
/// something, if it was too large.
fn read(
    file: &File<'_>,
    ground: &Ground<'_>,
    around: &Around<'_>,
    problems: &mut Vec<Problem>,
) -> (Option<Member>, Option<String>) {
    let axes = match file.axes() {
        Ok(axes) => axes,
        Err(refused) => {
            problems.extend_from_slice(refused);
            return (None, None);
        }
    };
    let mut texts = Texts { file, around, decider: Decider::new(ground), seen: HashSet::new(), problems };
    let read: Vec<Option<Read>> = axes.iter().map(|axis| texts.read(axis)).collect();
    let too_large = texts.decider.too_large();
    let read: Option<Vec<Read>> = read.into_iter().collect();
    let member = read.map(|read| {
        let gate = read.iter().find_map(|text| text.gate);
        let depends_on = read.into_iter().flat_map(|text| text.depends_on).collect();
        Member { file: file.id(), name: file.name().to_owned(), depends_on, gate, is_too_large: false }
    });
    (member, too_large)
}

/// Runs the rules that look at what a file's workflows do over every change. Why they did not decide something, if it was too large.
fn over_every_change(file: &File<'_>, ground: &Ground<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    let mut changes = None;
    for check in checks(ground.context) {
        if let Check::Changes(check) = check {
            check(changes.get_or_insert_with(|| Changes::new(std::slice::from_ref(file), ground)), problems);
        }
    }
    changes.and_then(|changes: Changes<'_>| changes.decider.too_large())
}

/// What there is besides the file that is read.
struct Around<'s> {
    files: &'s Sources,
    mentions: &'s RefCell<Mentions>,
}

/// What a text says that is needed later.
#[derive(Default)]
struct Read {
    depends_on: Vec<Dependency>,
    /// The first conditions that the workflow or a step of it has.
    gate: Option<Span>,
}

/// The texts of a file, each read once.
struct Texts<'t, 'f> {
    file: &'t File<'f>,
    around: &'t Around<'t>,
    decider: Decider<'t>,
    seen: HashSet<String>,
    problems: &'t mut Vec<Problem>,
}

impl Texts<'_, '_> {
    /// Reads the text of one axis, unless another axis has made the same; `None` when it cannot be read.
    fn read(&mut self, axis: &Axis) -> Option<Read> {
        let Self { file, around, decider, seen, problems } = self;
        let context = decider.context();
        let rendered = match file.render(&AnyChange { axis, context }) {
            Ok(rendered) => rendered,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        if !seen.insert(rendered.text.clone().into_owned()) {
            return Some(Read::default());
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
        let builds = Builds::new(&reading, around.files, decider.ground(), around.mentions);
        for check in checks(context) {
            run(check, &reading, &builds, decider, problems);
        }
        let workflow = reading.workflow;
        let gate = reading.gates().find(|gate| !gate.when.entries.is_empty());
        let gate = gate.and_then(|gate| gate.when.place.as_ref()).map(|place| place.span);
        Some(Read { depends_on: workflow.depends_on.clone(), gate })
    }
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

fn run(
    check: Check,
    reading: &Reading<'_>,
    builds: &Builds<'_>,
    decider: &mut Decider<'_>,
    problems: &mut Vec<Problem>,
) {
    match check {
        Check::Workflow(check) => check(reading, problems),
        Check::Gate(check) => reading.gates().for_each(|gate: Gate<'_>| check(&gate, problems)),
        Check::Glob(check) => {
            reading.gates().flat_map(Gate::globs).for_each(|glob: GlobUse<'_>| check(&glob, problems));
        }
        Check::TrackedGlob(check) => {
            let Some(tracked) = decider.ground().tracked() else { return };
            let globs = reading.gates().flat_map(Gate::globs).filter(|glob| glob.clause == Clause::Path);
            globs.for_each(|glob| check(&glob, tracked, problems));
        }
        Check::Forge(check) => {
            if let Some((forge, limits)) = reading.context.forge {
                check(reading, forge, limits, problems);
            }
        }
        Check::Builds(check) => check(builds, problems),
        Check::Filter(check) => {
            let mut seen = HashSet::new();
            let gates = reading.gates().filter(|gate| seen.insert(gate.when.place.as_ref().and_then(|it| it.node)));
            gates.for_each(|gate| check(&gate, decider, problems));
        }
        // These look at more than one text.
        Check::File(_) | Check::Changes(_) | Check::Pipeline(_) | Check::PipelineChanges(_) => {}
    }
}

/// Runs the rules that look at the workflows of a folder together. Where one cannot be read they say nothing: nobody knows what it needs.
fn across(checked: &mut [Checked<'_>], ground: &Ground<'_>) {
    let mut folders: BTreeMap<String, Option<Vec<(Member, File<'_>)>>> = BTreeMap::new();
    for file in checked.iter_mut() {
        let of_folder = folders.entry(file.folder.clone()).or_insert_with(|| Some(Vec::new()));
        *of_folder = of_folder.take().zip(file.member.take()).map(|(mut all, member)| {
            all.push(member);
            all
        });
    }
    let folders: Vec<Vec<(Member, File<'_>)>> = folders.into_values().flatten().collect();
    let found: Vec<Problem> = folders.into_par_iter().flat_map_iter(|members| of_folder(members, ground)).collect();
    let places: HashMap<FileId, usize> = checked.iter().enumerate().map(|(at, file)| (file.id, at)).collect();
    for problem in found {
        let about = problem.labels.first().and_then(|label| places.get(&label.file));
        if let Some(&file) = about {
            checked[file].problems.push(problem);
        }
    }
}

/// What is wrong with the workflows of one folder together.
fn of_folder(members: Vec<(Member, File<'_>)>, ground: &Ground<'_>) -> Vec<Problem> {
    let (workflows, files): (Vec<Member>, Vec<File<'_>>) = members.into_iter().unzip();
    let pipeline = Pipeline { workflows: &workflows };
    let mut found = Vec::new();
    for check in checks(ground.context) {
        if let Check::Pipeline(check) = check {
            check(&pipeline, &mut found);
        }
    }
    if pipeline.needs_gated() {
        let mut changes = Changes::new(&files, ground);
        for check in checks(ground.context) {
            if let Check::PipelineChanges(check) = check {
                check(&mut changes, &mut found);
            }
        }
        // What one file is too large for was said of it.
        let first = workflows.iter().find_map(|it| it.gate.map(|gate| (it.file, gate)));
        let why = changes.decider.too_large().filter(|_| !workflows.iter().any(|it| it.is_too_large));
        found.extend(first.zip(why).map(|((file, gate), why)| undecided(file, gate, &why)));
    }
    found
}
