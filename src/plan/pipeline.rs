//! All files in turn, and the workflows that need each other.

use std::collections::HashSet;

use super::context::Context;
use super::files::Files;
use super::reason::{Kind, Reason, Verdict};
use super::request::{Request, Terms};
use super::result::{Outcome, Plan, WorkflowPlan};
use super::workflow::{Asked, FileReader, Planned};
use crate::admission::Finding;
use crate::change::asks_to_skip_ci;
use crate::diag::{Problem, Severity};
use crate::server::{Difference, Version};
use crate::source::{FileId, Source, Sources};

/// Plans the pipeline of `files`: the repository's workflow files, as [`Sources`], under their paths. For many changes that the same
/// files decide about, [`Pipeline`] reads them once.
///
/// Never fails: what is wrong with the files is in the plan's problems. Verdicts say what would happen if the message did not ask
/// for `[skip ci]`; [`Plan::obey_skip_ci`] applies that.
pub fn plan(files: &Sources, request: &Request<'_>) -> Plan {
    Pipeline::read(files, request.terms()).plan(request.context)
}

/// Workflow files that were read once, to be planned for any number of changes.
///
/// What a change cannot alter is computed at most once a file: the YAML, the matrix, and what the linter says of it. A file with `${…}`
/// is read again for each text that comes of it and says something else (see [`Slack`](crate::yaml::Slack)), of which the last few are kept.
pub struct Pipeline<'a> {
    terms: Terms<'a>,
    /// In the order in which the server looks at the files: by name.
    readers: Vec<FileReader<'a>>,
}

impl<'a> Pipeline<'a> {
    /// Reads `files`.
    pub fn read(files: &'a Sources, terms: Terms<'a>) -> Self {
        Self::read_some(files.iter(), terms)
    }

    /// Reads some files, under their ids.
    pub fn read_some(files: impl IntoIterator<Item = (FileId, &'a Source)>, terms: Terms<'a>) -> Self {
        let mut readers: Vec<_> = files.into_iter().map(|(id, source)| FileReader::new(source, id, terms)).collect();
        readers.sort_by_key(FileReader::path);
        Self { terms, readers }
    }

    /// The files in the order in which the server looks at them.
    pub(super) fn in_order(&self) -> &[FileReader<'a>] {
        &self.readers
    }

    /// Plans the pipeline of all the files, as [`plan`] does.
    pub fn plan(&self, context: &Context) -> Plan {
        self.plan_among(context, |_| true)
    }

    /// Plans the pipeline of those of the files whose id is `wanted`: as if only they had been read. Of one path, one at most.
    pub fn plan_among(&self, context: &Context, wanted: impl Fn(FileId) -> bool) -> Plan {
        let readers = self.readers.iter().filter(|reader| wanted(reader.id()));
        let changed = Files::new(context.files());
        let mut planned = Vec::new();
        // Numbers count the workflows that are there; `None` once one hangs on the server.
        let mut number = Some(1);
        for reader in readers {
            let asked = Asked { context, changed: &changed };
            for axis in reader.axes() {
                let workflow = reader.plan(axis, number, asked);
                number = match workflow.plan.verdict {
                    Verdict::Run => number.map(|number| number + 1),
                    Verdict::Unknown => None,
                    _ => number,
                };
                planned.push(workflow);
            }
        }
        finish(planned, context, self.terms.server)
    }
}

fn finish(mut planned: Vec<Planned>, change: &Context, server: Version) -> Plan {
    let findings = take_findings(&mut planned);
    let mut problems = Vec::new();
    let mut workflows = Vec::with_capacity(planned.len());
    let mut dependencies = Vec::with_capacity(planned.len());
    for mut workflow in planned {
        problems.append(&mut workflow.problems);
        dependencies.push(workflow.depends_on);
        workflows.push(workflow.plan);
    }
    forget_repeated(&mut problems);
    drop_dependents(&mut workflows, &dependencies, server);
    let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
    if refused {
        refuse(&mut workflows);
    }
    let outcome = if refused {
        Outcome::Error
    } else if workflows.iter().any(|workflow| matches!(workflow.verdict, Verdict::Run | Verdict::Unknown)) {
        Outcome::Run
    } else {
        Outcome::None
    };
    let skip_ci = change.event().can_skip_ci() && asks_to_skip_ci(change.message());
    Plan { outcome, skip_ci, problems, findings, workflows }
}

/// One flaw is one problem, however many matrix axes or aliases lead to it.
fn forget_repeated(problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    problems.retain(|problem| {
        let place = problem.labels.first().map(|label| (label.file, label.span));
        seen.insert((problem.code, problem.message.clone(), place))
    });
}

/// What the server reports: the findings of the first workflow that is refused, else of all of them.
fn take_findings(planned: &mut [Planned]) -> Vec<(FileId, String, Finding)> {
    let refused = planned.iter().position(Planned::is_refused);
    let reported = refused.map_or(0..planned.len(), |at| at..at + 1);
    let mut taken = Vec::new();
    for Planned { plan, findings, .. } in &mut planned[reported] {
        taken.extend(findings.drain(..).map(|finding| (plan.file, plan.name.clone(), finding)));
    }
    taken
}

/// Drops workflows that require one which is not there, until nothing changes; forgets optional ones that are not there.
///
/// Before server 3.15 dropping one axis of a matrix drops all workflows of its name.
fn drop_dependents(workflows: &mut [WorkflowPlan], dependencies: &[Vec<(String, bool)>], server: Version) {
    let by_name = !server.has(Difference::OptionalDependencies);
    let there = |workflow: &WorkflowPlan| matches!(workflow.verdict, Verdict::Run | Verdict::Unknown);
    loop {
        let certain: HashSet<String> =
            workflows.iter().filter(|it| it.verdict == Verdict::Run).map(|it| it.name.clone()).collect();
        let possible: HashSet<String> = workflows.iter().filter(|it| there(it)).map(|it| it.name.clone()).collect();
        let mut dropped: Vec<(usize, String)> = Vec::new();
        let mut changed = false;
        for (at, workflow) in workflows.iter_mut().enumerate().filter(|(_, workflow)| there(workflow)) {
            for (name, _) in dependencies[at].iter().filter(|(_, optional)| !optional) {
                if !possible.contains(name) {
                    dropped.push((at, name.clone()));
                    break;
                }
                if !certain.contains(name) && workflow.verdict == Verdict::Run {
                    workflow.verdict = Verdict::Unknown;
                    workflow.reasons = vec![Reason::new(Kind::NeedsServer).value(format!("workflow `{name}`"))];
                    changed = true;
                }
            }
        }
        if by_name {
            let names: Vec<(String, String)> =
                dropped.iter().map(|(at, missing)| (workflows[*at].name.clone(), missing.clone())).collect();
            for (at, workflow) in workflows.iter().enumerate() {
                let same = names.iter().find(|(name, _)| *name == workflow.name && there(workflow));
                if let Some((_, missing)) = same.filter(|_| !dropped.iter().any(|(dropped, _)| *dropped == at)) {
                    dropped.push((at, missing.clone()));
                }
            }
        }
        if dropped.is_empty() && !changed {
            for (at, workflow) in workflows.iter_mut().enumerate() {
                let kept = dependencies[at].iter().filter(|(name, _)| possible.contains(name) || !there(workflow));
                workflow.depends_on = kept.map(|(name, _)| name.clone()).collect();
            }
            return;
        }
        for (at, missing) in dropped {
            let reason = Reason::new(Kind::RequiresMissing).value(missing);
            stop(&mut workflows[at], Verdict::Dropped, &reason);
        }
    }
}

/// Nothing of a refused pipeline runs.
fn refuse(workflows: &mut [WorkflowPlan]) {
    let reason = Reason::new(Kind::PipelineRefused);
    for workflow in workflows {
        if matches!(workflow.verdict, Verdict::Run | Verdict::Unknown | Verdict::Error) {
            stop(workflow, Verdict::Error, &reason);
        }
    }
}

/// Gives `workflow`, and each of its steps that would have run, another end.
fn stop(workflow: &mut WorkflowPlan, verdict: Verdict, reason: &Reason) {
    workflow.verdict = verdict;
    workflow.reasons = vec![reason.clone()];
    workflow.stages = 0;
    for step in &mut workflow.steps {
        if matches!(step.verdict, Verdict::Run | Verdict::Unknown) {
            let of_step = if verdict == Verdict::Error { verdict } else { Verdict::Skip };
            step.verdict = of_step;
            step.stage = None;
            step.reasons = match verdict {
                Verdict::Dropped => vec![Reason::new(Kind::WorkflowNotRun)],
                _ => vec![reason.clone()],
            };
        }
    }
}

impl Plan {
    /// Applies `[skip ci]`: if the message asks for it, there is no pipeline and nothing runs.
    #[must_use]
    pub fn obey_skip_ci(self) -> Self {
        if self.skip_ci { self.never_made(Kind::SkipCi) } else { self }
    }

    /// Applies a report of the forge that the server makes no pipeline of: nothing runs.
    #[must_use]
    pub fn without_pipeline(self) -> Self {
        self.never_made(Kind::NoPipeline)
    }

    fn never_made(mut self, why: Kind) -> Self {
        self.outcome = Outcome::None;
        let reason = Reason::new(why);
        for workflow in &mut self.workflows {
            stop(workflow, Verdict::Skip, &reason);
        }
        self.problems.clear();
        self
    }

    /// Whether what the forge reports makes no pipeline: see [`Self::without_pipeline`].
    pub fn is_unreported(&self) -> bool {
        let of_report = |reason: &Reason| reason.kind == Kind::NoPipeline;
        self.workflows.iter().any(|workflow| workflow.reasons.iter().any(of_report))
    }

    /// Whether some problem refuses the pipeline.
    pub fn is_refused(&self) -> bool {
        self.outcome == Outcome::Error
    }

    /// The errors that refuse the pipeline.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error)
    }
}
