//! The conditions of a whole pipeline, with the change left open.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::condition::{self, Answer, Scope};
use super::context::Context;
use super::facts::{Facts, Known, Open};
use super::files::Files;
use super::inquiry::{Doubt, Inquiry, Key, Question, Subject, Tree, explore};
use super::pipeline::Pipeline;
use super::request::Request;
use super::result::StepType;
use super::truth::Truth;
use super::workflow::{Asked, Decider, FileReader};
use super::{open, paths};
use crate::change::{ChangedFiles, Event, Reader};
use crate::diag::{Problem, Severity};
use crate::server::Version;
use crate::source::{FileId, Sources, Span};
use crate::workflow::{Axis, Dependency, Entry, PathFilter, Step, When, Workflow};
use crate::yaml::NodeId;

/// A `when`: what each entry asks of a change, and what it comes to. The first entry that says [`Answer::Yes`] lets through; one that
/// [fails](Answer::Fails) before that refuses the pipeline. No entries let everything through.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// The entries in order.
    pub entries: Vec<GateEntry>,
}

/// One entry of a `when`.
#[derive(Clone, Debug)]
pub struct GateEntry {
    /// Its bytes.
    pub span: Span,
    /// What it comes to.
    pub answer: Rc<Tree<Answer>>,
    /// What its `path` alone comes to, if it has one.
    pub path: Option<Rc<Tree<Answer>>>,
}

/// The conditions of one workflow, of one matrix axis.
#[derive(Clone, Debug)]
pub struct WorkflowGates {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: FileId,
    /// The values of the matrix axis; empty without a matrix.
    pub axis: Axis,
    /// The server refuses the pipeline for this file, whatever the change. Then nothing below is filled.
    pub refused: bool,
    /// What is wrong with it, whatever the change: errors, and what only may be wrong.
    pub problems: Vec<Problem>,
    /// The conditions as the server asks them first, and as it asks them again with the variables that steps see. Both must let through.
    pub when: [Gate; 2],
    /// Clone steps, services and steps, as they stand in the file; first the clone step that the server adds, if it does.
    pub steps: Vec<StepGates>,
    /// The workflows it needs: name, and whether it can do without.
    pub depends_on: Vec<(String, bool)>,
}

/// The conditions of one step.
#[derive(Clone, Debug)]
pub struct StepGates {
    /// Its name.
    pub name: String,
    /// What it is.
    pub step_type: StepType,
    /// Where its name stands; `None` for the clone step that the server adds.
    pub span: Option<Span>,
    /// Its conditions.
    pub when: Gate,
    /// The steps that it needs; `None` without the key, which differs from an empty list. Of steps only.
    pub depends_on: Option<Vec<Dependency>>,
    /// Something in it refuses the pipeline if its conditions let it through.
    pub is_defective: bool,
}

/// The conditions of the pipeline of `files`, in the order of [`plan`](super::plan): what they ask of a change where the context of
/// `request` (see [`Context::open`](super::Context::open)) leaves it open. The conditions are decided by the code that decides for a change.
pub fn gates(files: &Sources, request: &Request<'_>) -> Vec<WorkflowGates> {
    let mut all = Vec::new();
    Pipeline::read(files, request.terms()).each_gates(request.context, |gates| all.push(gates));
    all
}

impl Pipeline<'_> {
    /// The conditions of the pipeline, as [`gates`] gives them, for what `context` leaves open: one workflow after the other, for those of
    /// all at once can be large.
    pub fn each_gates(&self, context: &Context, mut take: impl FnMut(WorkflowGates)) {
        let none = Files::new(context.files());
        let asked = Asked { context, changed: &none };
        let mut workflow = 0;
        for reader in self.in_order() {
            for axis in reader.axes() {
                take(workflow_gates(reader, axis, asked, workflow));
                workflow += 1;
            }
        }
    }
}

/// What a path filter asks of a push on `server`: [`Answer::Yes`] where it lets through. `None` when it asks too much. No glob of it may
/// hang on the change.
pub fn path_gate(filter: &PathFilter, server: Version) -> Option<Tree<Answer>> {
    let (none, axis, env) = (ChangedFiles::none(), Axis::new(), BTreeMap::new());
    let nothing = Known::Value("");
    explore(|inquiry| {
        let facts = Facts {
            server,
            event: &Event::Push,
            platform: nothing,
            deploy_target: nothing,
            repo: nothing,
            git_ref: nothing,
            instance: nothing,
            branch: nothing,
            cron: nothing,
            message: "",
            files: &Files::new(&none),
            axis: &axis,
            env: &env,
            holes: &[],
            open: Some(Open { inquiry, workflow: 0 }),
        };
        if paths::path(filter, &facts).0 == Truth::Yes { Answer::Yes } else { Answer::No }
    })
}

/// The conditions of the workflow with the number `at` among all.
fn workflow_gates(reader: &FileReader<'_>, axis: &Axis, change: Asked<'_>, at: usize) -> WorkflowGates {
    // How many workflows are before this one hangs on the change.
    let variables = reader.variables(axis, None, change);
    let mut when = [Gate::default(), Gate::default()];
    let mut steps = Vec::new();
    let planned = reader.read(axis, &variables, |workflow, holes, planned| {
        let asker =
            Asker { decider: Decider::new(reader, change, axis, &variables, holes), at, known: HashMap::default() };
        (when, steps) = asker.all(workflow);
        planned
    });
    let refused = planned.is_refused();
    let super::workflow::Planned { plan, depends_on, problems, .. } = planned;
    WorkflowGates { name: plan.name, file: plan.file, axis: plan.axis, refused, problems, when, steps, depends_on }
}

/// Asks the conditions of one workflow.
struct Asker<'a> {
    decider: Decider<'a>,
    /// The number of the workflow among all.
    at: usize,
    /// What entries come to that were asked already: steps share them through anchors.
    known: HashMap<(NodeId, Scope, Reader), GateEntry>,
}

impl Asker<'_> {
    fn all(mut self, workflow: &Workflow) -> ([Gate; 2], Vec<StepGates>) {
        let first = self.gate(&workflow.when, Scope::Workflow, Reader::Workflow);
        let reads_variables = workflow.when.entries.iter().any(|entry| entry.evaluate.is_some());
        let again =
            if reads_variables { self.gate(&workflow.when, Scope::Workflow, Reader::Step) } else { Gate::default() };
        let mut steps = Vec::new();
        if workflow.has_default_clone() {
            let (step_type, name) = (StepType::Clone, "clone".to_owned());
            let (when, span, depends_on) = (Gate::default(), None, None);
            steps.push(StepGates { name, step_type, span, when, depends_on, is_defective: false });
        }
        let clone = workflow.clone.iter().map(|step| (step, StepType::Clone));
        let services = workflow.services.iter().map(|step| (step, StepType::Service));
        let own = workflow.steps.iter().map(|step| (step, StepType::of(step)));
        for (step, step_type) in clone.chain(services).chain(own) {
            let mut gates = self.step(step, step_type);
            if step_type == StepType::Clone && workflow.skip_clone {
                let (span, answer) = (step.place.span, Rc::new(Tree::Leaf(Answer::No)));
                gates.when.entries = vec![GateEntry { span, answer, path: None }];
            }
            steps.push(gates);
        }
        ([first, again], steps)
    }

    fn step(&mut self, step: &Step, step_type: StepType) -> StepGates {
        let mut problems = Vec::new();
        self.decider.defects(step, step_type, Truth::Yes, &mut problems);
        let is_own = matches!(step_type, StepType::Commands | StepType::Plugin);
        StepGates {
            name: step.name.value.clone(),
            step_type,
            span: Some(step.name.place.span),
            when: self.gate(&step.when, Scope::Step, Reader::Step),
            depends_on: step.depends_on.clone().filter(|_| is_own),
            is_defective: problems.iter().any(|problem| problem.severity == Severity::Error),
        }
    }

    fn gate(&mut self, when: &When, scope: Scope, reader: Reader) -> Gate {
        let mut entries = Vec::with_capacity(when.entries.len());
        for entry in &when.entries {
            let key = entry.place.node.map(|node| (node, scope, reader));
            if let Some(known) = key.and_then(|key| self.known.get(&key)) {
                entries.push(known.clone());
                continue;
            }
            let path = entry.path.place.is_some().then(|| {
                let (place, path) = (entry.place.clone(), entry.path.clone());
                self.ask(&Entry { place, path, ..Entry::default() }, scope, reader)
            });
            let asked = GateEntry { span: entry.place.span, answer: self.ask(entry, scope, reader), path };
            if let Some(key) = key {
                self.known.insert(key, asked.clone());
            }
            entries.push(asked);
        }
        Gate { entries }
    }

    fn ask(&self, entry: &Entry, scope: Scope, reader: Reader) -> Rc<Tree<Answer>> {
        let variables = self.decider.variables.read_by(reader);
        let asked = explore(|inquiry| {
            let facts = self.open(&self.decider.facts(&variables), inquiry);
            condition::answer(entry, scope, &facts)
        });
        Rc::new(asked.unwrap_or_else(|| {
            let inquiry = Inquiry::default();
            too_much(open::entry(entry, &self.open(&self.decider.facts(&variables), &inquiry)))
        }))
    }

    /// `facts` with everything open that is not known.
    fn open<'f>(&self, facts: &Facts<'f>, inquiry: &'f Inquiry) -> Facts<'f> {
        let open = |known, key| match known {
            Known::Unknown(_) => Known::Open(key),
            known => known,
        };
        let cron = match facts.cron {
            Known::Value("") if *facts.event == Event::Cron => Known::Open(Key::Cron),
            cron => cron,
        };
        Facts {
            deploy_target: open(facts.deploy_target, Key::DeployTarget),
            repo: open(facts.repo, Key::Repo),
            git_ref: open(facts.git_ref, Key::Ref),
            instance: open(facts.instance, Key::Instance),
            branch: open(facts.branch, Key::Branch),
            cron,
            open: Some(Open { inquiry, workflow: self.at }),
            ..*facts
        }
    }
}

/// An entry that asks more than can be followed: it may come to anything.
fn too_much(of: Subject) -> Tree<Answer> {
    let doubt = Doubt { name: "an entry with too many conditions".to_owned(), of };
    let ask = |question, yes, no| Tree::Ask { question, yes: Box::new(yes), no: Box::new(no) };
    let holds = ask(Question::Server(doubt.clone()), Tree::Leaf(Answer::Yes), Tree::Leaf(Answer::No));
    ask(Question::Fails(doubt), Tree::Leaf(Answer::Fails), holds)
}
