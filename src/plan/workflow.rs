//! One workflow file and matrix axis: decide its conditions.

use std::cell::OnceCell;

use super::condition::{self, Decision, Failure, Scope};
use super::context::Context;
use super::facts::{Facts, Known};
use super::files::Files;
use super::holes::{Hole, holes};
use super::reading::Kept;
use super::reason::{Kind, Reason, Verdict};
use super::request::Terms;
use super::result::{StepPlan, StepType, WorkflowPlan};
use super::stages::{self, Survivor};
use super::truth::Truth;
use super::variables::Variables;
use crate::admission::{self, Finding};
use crate::change::Reader;
use crate::diag::{Problem, Severity};
use crate::env::Env;
use crate::server::Difference;
use crate::source::{FileId, Source};
use crate::text::escape;
use crate::workflow::{Axis, File, Step, Workflow};

/// One workflow, planned by itself.
pub(super) struct Planned {
    pub plan: WorkflowPlan,
    /// The workflows it needs: name, and whether it can do without.
    pub depends_on: Vec<(String, bool)>,
    pub problems: Vec<Problem>,
    /// What the server's linter reports of it.
    pub findings: Vec<Finding>,
}

impl Planned {
    /// Whether the server refuses the pipeline for it.
    pub(super) fn is_refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// A workflow file, read once for all its axes and for any number of changes.
pub(super) struct FileReader<'a> {
    file: File<'a>,
    terms: Terms<'a>,
    /// What the server's schema says of the file, once that is asked for.
    schema: OnceCell<Vec<Finding>>,
    kept: Kept,
}

/// What a file is asked about.
#[derive(Clone, Copy)]
pub(super) struct Asked<'q> {
    pub context: &'q Context,
    /// Its files.
    pub changed: &'q Files<'q>,
}

impl<'a> FileReader<'a> {
    pub(super) fn new(source: &'a Source, id: FileId, terms: Terms<'a>) -> Self {
        Self { file: File::read(source, id, terms.server), terms, schema: OnceCell::new(), kept: Kept::default() }
    }

    pub(super) fn id(&self) -> FileId {
        self.file.id()
    }

    /// The file's path.
    pub(super) fn path(&self) -> &'a str {
        self.file.source().name()
    }

    /// The axes of the matrix; one that is empty when there is none, or when the file cannot be read.
    pub(super) fn axes(&self) -> &[Axis] {
        const NONE: &[Axis] = &[Axis::new()];
        self.file.axes().unwrap_or(NONE)
    }

    /// Plans the workflow of `axis`. `number` is its number in the pipeline, if that is known.
    pub(super) fn plan(&self, axis: &Axis, number: Option<u32>, asked: Asked<'_>) -> Planned {
        let variables = self.variables(axis, number, asked);
        self.read(axis, &variables, |workflow, holes, planned| {
            Decider::new(self, asked, axis, &variables, holes).decide(workflow, planned)
        })
    }

    pub(super) fn variables<'v>(&'v self, axis: &'v Axis, number: Option<u32>, asked: Asked<'v>) -> Variables<'v> {
        Variables::new(asked.context, self.terms.variables, axis, self.file.name(), number, self.file.server())
    }

    /// Reads and checks the workflow of `axis`; if the server does not refuse it as it is, `decide` finishes it, with the places that hang
    /// on the server.
    pub(super) fn read(
        &self,
        axis: &Axis,
        variables: &Variables<'_>,
        decide: impl FnOnce(&Workflow, &[Hole], Planned) -> Planned,
    ) -> Planned {
        let file = &self.file;
        let mut planned = self.blank(file.name(), axis);
        if let Err(problems) = file.axes() {
            return planned.refused(problems.to_vec());
        }
        let of_text = variables.read_by(Reader::Workflow);
        let rendered = match file.render(&of_text) {
            Ok(rendered) => rendered,
            Err(problem) => return planned.refused(vec![problem]),
        };
        let read = match self.kept.read(file, &rendered, self.terms.policy) {
            Ok(read) => read,
            Err(problems) => return planned.refused(problems),
        };
        let workflow = read.workflow();
        planned.depends_on = workflow.depends_on.iter().map(|it| (it.name.clone(), it.optional)).collect();
        planned.findings = read.findings().to_vec();
        let problem = |finding: &Finding| finding.problem(file.id());
        planned.problems.extend(planned.findings.iter().filter(|finding| finding.uncertain).map(problem));
        let errors = planned.findings.iter().filter(|finding| finding.refuses());
        let refusals: Vec<Problem> = errors.map(problem).chain(file.unreadable_as_written()).collect();
        let mut planned = if refusals.is_empty() {
            decide(workflow, &holes(&rendered, file, &of_text), planned)
        } else {
            planned.refused(refusals)
        };
        if planned.plan.verdict == Verdict::Skip {
            // Of a workflow that is filtered, the server forgets what its linter said.
            planned.findings.clear();
        } else {
            // The schema only warns, and the file is the same for every axis, so it could wait until here.
            planned.findings.extend_from_slice(self.schema());
        }
        planned
    }

    fn blank(&self, name: &str, axis: &Axis) -> Planned {
        let plan = WorkflowPlan {
            name: name.to_owned(),
            file: self.file.id(),
            axis: axis.clone(),
            verdict: Verdict::Error,
            reasons: Vec::new(),
            depends_on: Vec::new(),
            steps: Vec::new(),
            stages: 0,
        };
        Planned { plan, depends_on: Vec::new(), problems: Vec::new(), findings: Vec::new() }
    }

    /// What the server's schema says, if that is asked for.
    fn schema(&self) -> &[Finding] {
        let check = || if self.terms.findings { admission::check_schema(&self.file) } else { Vec::new() };
        self.schema.get_or_init(check)
    }
}

impl Planned {
    fn refused(mut self, problems: Vec<Problem>) -> Self {
        self.plan.verdict = Verdict::Error;
        self.plan.reasons = vec![Reason::new(Kind::PipelineRefused)];
        self.problems.extend(problems);
        self
    }
}

/// Decides the conditions of one workflow.
pub(super) struct Decider<'a> {
    reader: &'a FileReader<'a>,
    asked: Asked<'a>,
    axis: &'a Axis,
    pub variables: &'a Variables<'a>,
    holes: &'a [Hole],
}

impl<'a> Decider<'a> {
    pub(super) fn new(
        reader: &'a FileReader<'a>,
        asked: Asked<'a>,
        axis: &'a Axis,
        variables: &'a Variables<'a>,
        holes: &'a [Hole],
    ) -> Self {
        Self { reader, asked, axis, variables, holes }
    }

    fn decide(&self, workflow: &Workflow, mut planned: Planned) -> Planned {
        let of_workflow = self.variables.read_by(Reader::Workflow);
        let of_steps = self.variables.read_by(Reader::Step);
        let facts = self.facts(&of_workflow);
        let mut decision = condition::decide(&workflow.when, Scope::Workflow, &facts);
        // The compiler asks again, with the variables that steps see.
        let facts = Facts { env: &of_steps, ..facts };
        let reads_variables = workflow.when.entries.iter().any(|entry| entry.evaluate.is_some());
        if reads_variables && decision.truth != Truth::No && decision.failure.is_none() {
            let again = condition::decide(&workflow.when, Scope::Workflow, &facts);
            if again.truth != decision.truth || again.failure.is_some() {
                decision = again;
            }
        }
        planned.plan.reasons = decision.reasons;
        if let Some(failure) = &decision.failure {
            let problem = self.failure(failure);
            return planned.refused(vec![problem]);
        }
        planned.plan.verdict = verdict(decision.truth);
        if decision.truth == Truth::No {
            planned.plan.steps = skipped(workflow);
            return planned;
        }
        self.steps(workflow, &facts, &mut planned);
        if planned.is_refused() {
            return planned.refused(Vec::new());
        }
        if planned.plan.stages == 0 {
            planned.plan.verdict = Verdict::Skip;
            planned.plan.reasons = vec![Reason::new(Kind::NothingLeft)];
        }
        planned
    }

    pub(super) fn facts<'f>(&'f self, env: &'f dyn Env) -> Facts<'f> {
        let context = self.asked.context;
        let metadata = context.metadata();
        let known = |name, value| self.variables.known(name, value);
        Facts {
            server: self.reader.file.server(),
            event: context.event(),
            platform: known("CI_SYSTEM_PLATFORM", &metadata.system.platform),
            deploy_target: known("CI_PIPELINE_DEPLOY_TARGET", &metadata.current.deploy_target),
            repo: known("CI_REPO", context.repo()),
            git_ref: known("CI_COMMIT_REF", &metadata.current.commit.git_ref),
            instance: known("CI_SYSTEM_HOST", &metadata.system.host),
            branch: known("CI_COMMIT_BRANCH", &metadata.current.commit.branch),
            cron: Known::Value(&metadata.current.cron),
            message: context.message(),
            files: self.asked.changed,
            axis: self.axis,
            env,
            holes: self.holes,
            open: None,
        }
    }

    /// Decides clone steps, services and steps, and puts those that are left into stages.
    fn steps(&self, workflow: &Workflow, facts: &Facts<'_>, planned: &mut Planned) {
        let mut stage = 0;
        if workflow.has_default_clone() {
            planned.plan.steps.push(default_clone());
            stage += 1;
        }
        for step in &workflow.clone {
            let decided = if workflow.skip_clone {
                Decided { plan: blank_step(step, StepType::Clone), survives: false }
            } else {
                self.step(step, StepType::Clone, facts, &mut planned.problems)
            };
            let at = decided.survives.then_some(stage);
            stage += u32::from(decided.survives);
            planned.plan.steps.push(StepPlan { stage: at, ..decided.plan });
        }
        for step in &workflow.services {
            let decided = self.step(step, StepType::Service, facts, &mut planned.problems);
            planned.plan.steps.push(StepPlan { stage: decided.survives.then_some(stage), ..decided.plan });
        }
        stage += u32::from(!workflow.services.is_empty());

        let first = planned.plan.steps.len();
        let mut survivors = Vec::new();
        for (index, step) in workflow.steps.iter().enumerate() {
            let Decided { plan, survives } = self.step(step, StepType::of(step), facts, &mut planned.problems);
            if survives {
                survivors.push(Survivor { index, step, certain: plan.verdict == Verdict::Run });
            }
            planned.plan.steps.push(plan);
        }
        let ordered = stages::order(&survivors, &workflow.steps, self.reader.file.id(), self.reader.file.server());
        planned.problems.extend(ordered.problems);
        let steps = &mut planned.plan.steps[first..];
        for (at, by) in ordered.replaced {
            let name = steps[by].name.clone();
            steps[at].verdict = Verdict::Skip;
            steps[at].reasons = vec![Reason { span: steps[by].span, ..Reason::new(Kind::Replaced).value(name) }];
        }
        for indices in &ordered.stages {
            for &index in indices {
                steps[index].stage = Some(stage);
            }
            stage += 1;
        }
        planned.plan.stages = stage as usize;
    }

    fn step(&self, step: &Step, step_type: StepType, facts: &Facts<'_>, problems: &mut Vec<Problem>) -> Decided {
        let Decision { truth, reasons, failure } = condition::decide(&step.when, Scope::Step, facts);
        problems.extend(failure.as_ref().map(|failure| self.failure(failure)));
        let failed = failure.is_some();
        let mut plan = StepPlan { verdict: verdict(truth), reasons, ..blank_step(step, step_type) };
        if failed {
            plan.verdict = Verdict::Error;
        }
        let survives = truth != Truth::No && !failed;
        if survives {
            (plan.on_success, plan.on_failure) = condition::outcomes(&step.when, Scope::Step, facts);
            self.defects(step, step_type, truth, problems);
        }
        Decided { plan, survives }
    }

    /// What the server cannot convert, which matters only in steps that survive.
    pub(super) fn defects(&self, step: &Step, step_type: StepType, truth: Truth, problems: &mut Vec<Problem>) {
        let file = &self.reader.file;
        for mut problem in step.defects_on(file.server(), step_type == StepType::Service, file.id()) {
            if truth == Truth::Unknown {
                problem.severity = Severity::Warning;
            }
            problems.push(problem);
        }
        let policy = self.reader.terms.policy;
        if self.reader.file.server().has(Difference::LegacySecrets) && !policy.listed_secrets_exist {
            problems.extend(step.secrets.iter().map(|secret| {
                let message = format!("there is no secret `{}`", escape(&secret.value));
                Problem::error("unknown-secret", message).label(self.reader.file.id(), secret.place.span, "here")
            }));
        }
    }

    fn failure(&self, failure: &Failure) -> Problem {
        let message = format!("`evaluate` fails: {}", failure.message);
        let problem = Problem::error("evaluate-error", message).label(self.reader.file.id(), failure.span, "here");
        match &failure.help {
            Some(help) => problem.help(help.clone()),
            None => problem,
        }
    }
}

struct Decided {
    plan: StepPlan,
    survives: bool,
}

fn verdict(truth: Truth) -> Verdict {
    match truth {
        Truth::Yes => Verdict::Run,
        Truth::No => Verdict::Skip,
        Truth::Unknown => Verdict::Unknown,
    }
}

fn blank_step(step: &Step, step_type: StepType) -> StepPlan {
    StepPlan {
        name: step.name.value.clone(),
        step_type,
        span: Some(step.name.place.span),
        verdict: Verdict::Skip,
        reasons: vec![Reason::new(Kind::WorkflowNotRun)],
        depends_on: step.depends_on.as_ref().map(|all| all.iter().map(|it| it.name.clone()).collect()),
        stage: None,
        on_success: false,
        on_failure: false,
    }
}

/// The clone step that the server adds where a workflow has none of its own.
fn default_clone() -> StepPlan {
    StepPlan {
        name: "clone".to_owned(),
        step_type: StepType::Clone,
        span: None,
        verdict: Verdict::Run,
        reasons: vec![Reason::new(Kind::ServerAdded)],
        depends_on: None,
        stage: Some(0),
        on_success: true,
        on_failure: false,
    }
}

/// All steps of a workflow that does not run.
fn skipped(workflow: &Workflow) -> Vec<StepPlan> {
    let clone = workflow.clone.iter().map(|step| blank_step(step, StepType::Clone));
    let services = workflow.services.iter().map(|step| blank_step(step, StepType::Service));
    clone.chain(services).chain(workflow.steps.iter().map(|step| blank_step(step, StepType::of(step)))).collect()
}
