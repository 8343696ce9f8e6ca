//! One workflow as rows of steps, and what waits for what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::layers::layers;
use crate::plan::{StepPlan, StepType, WorkflowPlan};

/// One workflow, ready to be drawn.
#[derive(Clone, Debug)]
pub(super) struct Chart<'a> {
    pub workflow: &'a WorkflowPlan,
    /// How many workflows have to end before it, one after the other.
    pub layer: usize,
    /// The row of each step, from 0, without gaps.
    pub rows: Vec<usize>,
    /// Between steps, by their indices.
    pub links: Vec<Link>,
}

/// Each of `to` waits for each of `from`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub from: Vec<usize>,
    pub to: Vec<usize>,
    /// The server waits so; if not, it is only written so.
    pub firm: bool,
}

impl<'a> Chart<'a> {
    pub(super) fn new(workflow: &'a WorkflowPlan, layer: usize) -> Self {
        let order = Order::new(&workflow.steps);
        Self { workflow, layer, rows: order.rows(), links: order.links() }
    }

    /// The steps, row by row.
    pub(super) fn by_row(&self) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new(); self.rows.iter().max().map_or(0, |last| last + 1)];
        for (at, &row) in self.rows.iter().enumerate() {
            rows[row].push(at);
        }
        rows
    }
}

/// The order of the steps of a workflow.
struct Order<'a> {
    steps: &'a [StepPlan],
    /// The stage of each step that is part of the order. Where nothing runs, the stages that they are written in.
    stages: Vec<Option<usize>>,
    /// Whether it runs.
    scheduled: bool,
    /// The first that is neither clone step nor service.
    first: usize,
    /// Of steps that form a graph, what each one needs; `None`: they run one after the other.
    needs: Option<Vec<Vec<usize>>>,
}

impl<'a> Order<'a> {
    fn new(steps: &'a [StepPlan]) -> Self {
        let is_step = |step: &StepPlan| matches!(step.step_type, StepType::Commands | StepType::Plugin);
        let first = steps.iter().position(is_step).unwrap_or(steps.len());
        let scheduled = steps.iter().any(|step| step.stage.is_some());
        let counts = |step: &&StepPlan| !scheduled || step.stage.is_some();
        let is_graph = steps[first..].iter().filter(counts).any(|step| step.depends_on.is_some());
        let needs = is_graph.then(|| needs(steps, first));
        let stages = if scheduled {
            steps.iter().map(|step| step.stage.map(|stage| stage as usize)).collect()
        } else {
            written(steps, first, needs.as_deref())
        };
        Self { steps, stages, scheduled, first, needs }
    }

    /// The row of each step. What is not part of the order stands between the rows, where the file has it.
    fn rows(&self) -> Vec<usize> {
        let services = self.services();
        let service_stage = services.clone().find_map(|at| self.stages[at]);
        let mut here = (0, 0);
        let mut keys = Vec::with_capacity(self.steps.len());
        for at in 0..self.steps.len() {
            let stage = if services.contains(&at) { service_stage } else { self.stages[at] };
            match (stage, &self.needs) {
                (Some(stage), _) => here = (stage + 1, 0),
                (None, _) if services.contains(&at) && at > services.start => {}
                (None, Some(_)) if at >= self.first => {}
                (None, _) => here.1 += 1,
            }
            keys.push(here);
        }
        if let Some(needs) = &self.needs {
            let start = self.stages[self.first..].iter().flatten().min().copied();
            let start = start.unwrap_or(self.stages[..self.first].iter().flatten().max().map_or(0, |last| last + 1));
            let placed = layers(needs, |at| self.stages[at], start);
            for at in self.first..self.steps.len() {
                keys[at] = (placed[at] + 1, 0);
            }
        }
        let rows: BTreeSet<(usize, usize)> = keys.iter().copied().collect();
        let rows: HashMap<(usize, usize), usize> = rows.into_iter().enumerate().map(|(row, key)| (key, row)).collect();
        keys.iter().map(|key| rows[key]).collect()
    }

    fn services(&self) -> std::ops::Range<usize> {
        let clones = self.steps.iter().take_while(|step| step.step_type == StepType::Clone).count();
        clones..self.first
    }

    fn links(&self) -> Vec<Link> {
        let mut stages: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let end = if self.needs.is_some() { self.first } else { self.steps.len() };
        for at in 0..end {
            if let Some(stage) = self.stages[at] {
                stages.entry(stage).or_default().push(at);
            }
        }
        let mut stages: Vec<Vec<usize>> = stages.into_values().collect();
        let mut links = Vec::new();
        if let Some(needs) = &self.needs {
            let waits = |at: usize| needs[at].iter().any(|&needed| self.stages[needed].is_some());
            stages.push((end..self.steps.len()).filter(|&at| self.stages[at].is_some() && !waits(at)).collect());
            for (at, needed) in needs.iter().enumerate().skip(end).filter(|(_, needed)| !needed.is_empty()) {
                let there = |at: usize| self.scheduled && self.stages[at].is_some();
                let (firm, faint): (Vec<usize>, Vec<usize>) =
                    needed.iter().partition(|&&needed| there(at) && there(needed));
                links.extend([(firm, true), (faint, false)].map(|(from, firm)| Link { from, to: vec![at], firm }));
            }
        }
        let between =
            stages.windows(2).map(|pair| Link { from: pair[0].clone(), to: pair[1].clone(), firm: self.scheduled });
        let mut all: Vec<Link> = between.chain(links).collect();
        all.retain(|link| !link.from.is_empty() && !link.to.is_empty());
        all
    }
}

/// What each step names in `depends_on`, where there is such a step. Of several with one name, the last that runs counts.
fn needs(steps: &[StepPlan], first: usize) -> Vec<Vec<usize>> {
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for scheduled in [false, true] {
        let of_kind = steps.iter().enumerate().skip(first).filter(|(_, step)| step.stage.is_some() == scheduled);
        by_name.extend(of_kind.map(|(at, step)| (step.name.as_str(), at)));
    }
    let needs = |step: &StepPlan| {
        let named = step.depends_on.iter().flatten().filter_map(|name| by_name.get(name.as_str()).copied());
        named.collect::<BTreeSet<usize>>().into_iter().collect()
    };
    steps.iter().enumerate().map(|(at, step)| if at < first { Vec::new() } else { needs(step) }).collect()
}

/// The stages as they are written, whatever runs.
fn written(steps: &[StepPlan], first: usize, needs: Option<&[Vec<usize>]>) -> Vec<Option<usize>> {
    let mut next = 0;
    let mut stages = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        stages.push(Some(next));
        let more_services = step.step_type == StepType::Service && at + 1 < first;
        next += usize::from(!more_services);
    }
    if let Some(needs) = needs {
        let start = stages.get(first).copied().flatten().unwrap_or(next);
        let placed = layers(needs, |_| None, start);
        stages[first..].iter_mut().zip(&placed[first..]).for_each(|(stage, &layer)| *stage = Some(layer));
    }
    stages
}
