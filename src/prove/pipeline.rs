//! A pipeline as formulas: when each workflow is there, when each step runs, when the server refuses it.
//!
//! What conditions come to is asked of the planner's own code ([`gates`]). How verdicts hang together is said here once more, as
//! formulas: it is `plan::stages` and `plan::pipeline` without the reasons. The laws hold one against the other.

use std::collections::{BTreeMap, HashMap};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::formula::{Formula, Formulas};
use crate::diag::{Problem, Severity};
use crate::plan::{self, Answer, Context, Gate, GateEntry, StepGates, StepType, Tree, WorkflowGates};
use crate::server::{Difference, Version};
use crate::source::{FileId, Span};
use crate::workflow::{Axis, Dependency};

/// When what happens, in a pipeline.
#[derive(Debug)]
pub struct Pipeline {
    /// The workflows, of each matrix axis, in the order of [`plan`](crate::plan::plan).
    pub workflows: Vec<WorkflowProof>,
    /// When the server refuses the pipeline, so that nothing runs.
    pub refused: Formula,
    /// What it may refuse it for whatever the change: that hangs on the server's settings, and is taken not to be so.
    pub doubts: Vec<Problem>,
}

/// When a workflow runs.
#[derive(Debug)]
pub struct WorkflowProof {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: FileId,
    /// The values of its matrix axis.
    pub axis: Axis,
    /// When its own conditions let it through, and something is left of it.
    pub passes: Formula,
    /// When it runs.
    pub runs: Formula,
    /// When it is dropped, because a workflow that it requires is not there.
    pub dropped: Formula,
    /// When a step that is left of it has `depends_on`, so that all that are left form a graph; else they run one after the other.
    pub is_graph: Formula,
    /// Its own conditions, entry by entry.
    pub when: Conditions,
    /// The workflows it needs: name, and whether it can do without.
    pub depends_on: Vec<(String, bool)>,
    /// Its steps, as they stand in the file; before them the clone step that the server adds.
    pub steps: Vec<StepProof>,
}

/// When a step runs.
#[derive(Debug)]
pub struct StepProof {
    /// Its name.
    pub name: String,
    /// What it is.
    pub step_type: StepType,
    /// Where its name stands; `None` for the clone step that the server adds.
    pub span: Option<Span>,
    /// When it runs.
    pub runs: Formula,
    /// When its own conditions let it through, whatever becomes of its workflow.
    pub passes: Formula,
    /// Its own conditions, entry by entry.
    pub when: Conditions,
    /// The steps that it needs, and when it is left without one: then the server refuses the pipeline.
    pub unmet: Vec<(Dependency, Formula)>,
    /// The steps that it needs; `None` without the key, which differs from an empty list. Of steps only.
    pub depends_on: Option<Vec<Dependency>>,
}

/// A `when`, entry by entry.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// For each entry: its bytes, when it lets through, and when its `evaluate` fails.
    pub entries: Vec<EntryProof>,
}

/// One entry of a `when`, for itself.
#[derive(Clone, Copy, Debug)]
pub struct EntryProof {
    /// Its bytes.
    pub span: Span,
    /// When it lets through.
    pub passes: Formula,
    /// When its `evaluate` fails.
    pub fails: Formula,
    /// When its `path` lets through, whatever its other keys say; `None` without one.
    pub path: Option<Formula>,
}

impl Conditions {
    fn new(gate: &Gate, formulas: &mut Formulas) -> Self {
        let entry = |entry: &GateEntry| EntryProof {
            span: entry.span,
            passes: formula(&entry.answer, Answer::Yes, formulas),
            fails: formula(&entry.answer, Answer::Fails, formulas),
            path: entry.path.as_ref().map(|path| formula(path, Answer::Yes, formulas)),
        };
        Self { entries: gate.entries.iter().map(entry).collect() }
    }

    /// That some entry lets through before one fails; and that one fails first.
    fn outcome(&self, formulas: &mut Formulas) -> (Formula, Formula) {
        if self.entries.is_empty() {
            return (Formula::TRUE, Formula::FALSE);
        }
        let (mut passes, mut fails) = (Formula::FALSE, Formula::FALSE);
        for entry in &self.entries {
            let reached = formulas.all([!passes, !fails]);
            let fails_here = formulas.all([reached, entry.fails]);
            let passes_here = formulas.all([!fails, entry.passes]);
            fails = formulas.any([fails, fails_here]);
            passes = formulas.any([passes, passes_here]);
        }
        (passes, fails)
    }
}

/// That `tree` ends in `wanted`.
pub(super) fn formula(tree: &Tree<Answer>, wanted: Answer, formulas: &mut Formulas) -> Formula {
    match tree {
        Tree::Leaf(answer) if *answer == wanted => Formula::TRUE,
        Tree::Leaf(_) => Formula::FALSE,
        Tree::Ask { question, yes, no } => {
            let (yes, no) = (formula(yes, wanted, formulas), formula(no, wanted, formulas));
            if yes == no {
                return yes;
            }
            let asked = formulas.atom(question.clone());
            formulas.choice(asked, yes, no)
        }
    }
}

/// A workflow before it is known which others are there.
struct Alone {
    name: String,
    file: FileId,
    axis: Axis,
    problems: Vec<Problem>,
    depends_on: Vec<(String, bool)>,
    when: Conditions,
    passes: Formula,
    refused: Formula,
    is_graph: Formula,
    steps: Vec<StepProof>,
}

impl Pipeline {
    /// The pipeline of `files`, for the changes that `open` stands for.
    pub(super) fn of_files(
        files: &plan::Pipeline<'_>,
        open: &Context,
        server: Version,
        formulas: &mut Formulas,
    ) -> Self {
        let mut alone: Vec<Alone> = Vec::new();
        files.each_gates(open, |gates| alone.push(Alone::new(gates, server, formulas)));
        let refused = formulas.any(alone.iter().map(|workflow| workflow.refused));
        let there = there(&alone, server, formulas);
        let problems = alone.iter().flat_map(|workflow| &workflow.problems);
        let doubts = problems.filter(|problem| problem.severity == Severity::Warning).cloned().collect();
        let workflows = alone.into_iter().zip(there).map(|(alone, there)| {
            let runs = formulas.all([there, !refused]);
            let mut steps = alone.steps;
            for step in &mut steps {
                step.runs = formulas.all([step.runs, runs]);
            }
            let dropped = formulas.all([alone.passes, !there]);
            WorkflowProof {
                name: alone.name,
                file: alone.file,
                axis: alone.axis,
                passes: alone.passes,
                runs,
                dropped,
                is_graph: alone.is_graph,
                when: alone.when,
                depends_on: alone.depends_on,
                steps,
            }
        });
        Self { workflows: workflows.collect(), refused, doubts }
    }
}

impl Alone {
    fn new(gates: WorkflowGates, server: Version, formulas: &mut Formulas) -> Self {
        if gates.refused {
            let (when, passes) = (Conditions::default(), Formula::FALSE);
            let (refused, is_graph, steps) = (Formula::TRUE, Formula::FALSE, Vec::new());
            let WorkflowGates { name, file, axis, problems, depends_on, .. } = gates;
            return Self { name, file, axis, problems, depends_on, when, passes, refused, is_graph, steps };
        }
        let when = Conditions::new(&gates.when[0], formulas);
        let (first, first_fails) = when.outcome(formulas);
        let (again, again_fails) = Conditions::new(&gates.when[1], formulas).outcome(formulas);
        let lets_through = formulas.all([first, again]);
        let again_fails = formulas.all([first, again_fails]);
        let mut steps: Vec<StepProof> = Vec::with_capacity(gates.steps.len());
        let mut flaws = Vec::new();
        for step in &gates.steps {
            let when = Conditions::new(&step.when, formulas);
            let (passes, fails) = when.outcome(formulas);
            flaws.push(fails);
            flaws.extend(step.is_defective.then_some(passes));
            let StepGates { name, step_type, span, .. } = step;
            let unmet = Vec::new();
            steps.push(StepProof {
                name: name.clone(),
                step_type: *step_type,
                span: *span,
                runs: passes,
                passes,
                when,
                unmet,
                depends_on: step.depends_on.clone(),
            });
        }
        let is_own_graph = |(gates, _): &(&StepGates, &StepProof)| is_own(gates) && gates.depends_on.is_some();
        let makers = gates.steps.iter().zip(&steps).filter(is_own_graph).map(|(_, step)| step.passes);
        let is_graph = formulas.any(makers);
        flaws.extend(order(&gates.steps, &mut steps, is_graph, server, formulas));
        for (_, unmet) in steps.iter_mut().flat_map(|step| &mut step.unmet) {
            flaws.push(*unmet);
            *unmet = formulas.all([lets_through, *unmet]);
        }
        let flaws = formulas.any(flaws);
        let flawed = formulas.all([lets_through, flaws]);
        let refused = formulas.any([first_fails, again_fails, flawed]);
        let has_services = gates.steps.iter().any(|step| step.step_type == StepType::Service);
        let left = formulas.any(steps.iter().map(|step| step.passes));
        let left = if has_services { Formula::TRUE } else { left };
        let passes = formulas.all([lets_through, left]);
        let is_graph = formulas.all([lets_through, is_graph]);
        let WorkflowGates { name, file, axis, problems, depends_on, .. } = gates;
        Self { name, file, axis, problems, depends_on, when, passes, refused, is_graph, steps }
    }
}

fn is_own(step: &StepGates) -> bool {
    matches!(step.step_type, StepType::Commands | StepType::Plugin)
}

/// What is wrong with the order of the steps that are left; and of steps that another one of their name replaces, that they do not run.
fn order(
    gates: &[StepGates],
    steps: &mut [StepProof],
    is_graph: Formula,
    server: Version,
    formulas: &mut Formulas,
) -> Vec<Formula> {
    let own: Vec<usize> = (0..gates.len()).filter(|&at| is_own(&gates[at])).collect();
    let mut flaws = Vec::new();
    if is_graph == Formula::FALSE {
        return flaws;
    }
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &at in &own {
        by_name.entry(gates[at].name.as_str()).or_default().push(at);
    }
    // The nodes of the graph: of several with one name the last that is left.
    let mut node: HashMap<usize, Formula> = own.iter().map(|&at| (at, steps[at].passes)).collect();
    for same in by_name.values().filter(|same| same.len() > 1) {
        for (place, &at) in same.iter().enumerate() {
            let later = formulas.any(same[place + 1..].iter().map(|&later| steps[later].passes));
            let twice = formulas.all([is_graph, steps[at].passes, later]);
            if server.has(Difference::UniqueStepNames) {
                flaws.push(twice);
            }
            let alone = formulas.all([steps[at].passes, !twice]);
            node.insert(at, alone);
            steps[at].runs = alone;
        }
    }
    let named = |name: &str| by_name.get(name).map_or(&[][..], Vec::as_slice);
    for &at in &own {
        for needed in gates[at].depends_on.iter().flatten().filter(|needed| !needed.optional) {
            let is_there = formulas.any(named(&needed.name).iter().map(|at| node[at]));
            let unmet = formulas.all([node[&at], !is_there]);
            steps[at].unmet.push((needed.clone(), unmet));
        }
    }
    flaws.extend(cycles(gates, &own, &node, named, formulas));
    flaws.sort_unstable();
    flaws.dedup();
    flaws
}

/// That some of the nodes that are left need each other.
fn cycles<'n>(
    gates: &[StepGates],
    own: &[usize],
    node: &HashMap<usize, Formula>,
    named: impl Fn(&str) -> &'n [usize] + Copy,
    formulas: &mut Formulas,
) -> Vec<Formula> {
    let needed = |at: usize| gates[at].depends_on.iter().flatten().flat_map(move |it| named(&it.name)).copied();
    // Only what the file ties to a knot can be one: long chains are not gone through.
    let mut graph = DiGraphMap::<usize, ()>::new();
    for &at in own {
        for needed in needed(at) {
            graph.add_edge(at, needed, ());
        }
    }
    let knots = kosaraju_scc(&graph).into_iter().filter(|it| it.len() > 1 || graph.contains_edge(it[0], it[0]));
    let mut own: Vec<usize> = knots.flatten().collect();
    own.sort_unstable();
    // Steps without end: each is left and needs another such step. They are found from all steps by leaving out.
    let mut endless: HashMap<usize, Formula> = own.iter().map(|&at| (at, node[&at])).collect();
    for _ in 0..own.len() {
        let step = |at: usize, formulas: &mut Formulas| {
            let next: Vec<Formula> = needed(at).filter_map(|next| endless.get(&next).copied()).collect();
            let next = formulas.any(next);
            formulas.all([node[&at], next])
        };
        let next: HashMap<usize, Formula> = own.iter().map(|&at| (at, step(at, formulas))).collect();
        if next == endless {
            break;
        }
        endless = next;
    }
    own.iter().map(|at| endless[at]).collect()
}

/// When each workflow is there: its conditions let it through, and so it is with all that it requires.
///
/// Before server 3.15 dropping one axis of a matrix drops all workflows of its name.
fn there(workflows: &[Alone], server: Version, formulas: &mut Formulas) -> Vec<Formula> {
    let drops_names = !server.has(Difference::OptionalDependencies);
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, workflow) in workflows.iter().enumerate() {
        by_name.entry(workflow.name.as_str()).or_default().push(at);
    }
    let mut there: Vec<Formula> = workflows.iter().map(|workflow| workflow.passes).collect();
    // In each round at least one more is dropped, or it is the last.
    for _ in 0..=workflows.len() {
        let holds: Vec<Formula> = workflows
            .iter()
            .map(|workflow| {
                let required = workflow.depends_on.iter().filter(|(_, optional)| !optional);
                let some: Vec<Formula> = required
                    .map(|(name, _)| {
                        let named = by_name.get(name.as_str()).map_or(&[][..], Vec::as_slice);
                        formulas.any(named.iter().map(|&at| there[at]))
                    })
                    .collect();
                formulas.all(some)
            })
            .collect();
        let next: Vec<Formula> = workflows
            .iter()
            .enumerate()
            .map(|(at, workflow)| {
                let others = if drops_names { by_name[workflow.name.as_str()].as_slice() } else { &[at] };
                let kept: Vec<Formula> = others.iter().map(|&at| formulas.any([!there[at], holds[at]])).collect();
                formulas.all(kept.into_iter().chain([there[at]]))
            })
            .collect();
        if next == there {
            break;
        }
        there = next;
    }
    there
}
