//! All changes that the conditions can tell apart, and what the planner makes of them.

use std::collections::BTreeMap;

use super::super::decided::metadata;
use super::made::{BRANCHES, FILES, NAMES, Path};
use crate::admission::Policy;
use crate::change::{ChangedFiles, Event, Forge, Metadata};
use crate::plan::{self, Context, Plan, Terms, Verdict};
use crate::prove::events;
use crate::server::Version;
use crate::source::{Source, Sources};

/// Every change that conditions can tell apart, by each author.
pub(super) struct World {
    server: Version,
    pub(super) changes: Vec<Vec<Context>>,
    /// The changes of files alone.
    pushes: Vec<Context>,
}

impl World {
    pub(super) fn new(server: Version, authors: &[&str]) -> Self {
        let context = |event: &Event, set: u32, branch: &str, author: &str| {
            let changed: ChangedFiles = (0..FILES.len()).filter(|at| set >> at & 1 == 1).map(|at| FILES[at]).collect();
            let mut metadata: Metadata = metadata(event, branch);
            author.clone_into(&mut metadata.current.commit.author.name);
            Context::predicted(metadata, changed, Forge::Git, BTreeMap::new())
        };
        let mut changes = Vec::new();
        for event in events(server) {
            let sets = if event.has_changed_files(server) { 1 << FILES.len() } else { 1 };
            for (set, branch) in (0..sets).flat_map(|set| BRANCHES.map(|branch| (set, branch))) {
                changes.push(authors.iter().map(|author| context(&event, set, branch, author)).collect());
            }
        }
        let pushes = (0..1 << FILES.len()).map(|set| context(&Event::Push, set, "main", "")).collect();
        Self { server, changes, pushes }
    }

    pub(super) fn plans(&self, texts: &[String]) -> Vec<Vec<Plan>> {
        let all = self.changes.iter();
        self.planned(texts, |pipeline| {
            all.map(|by| by.iter().map(|context| pipeline.plan(context)).collect()).collect()
        })
    }

    fn planned<R>(&self, texts: &[String], look: impl FnOnce(&plan::Pipeline<'_>) -> R) -> R {
        let mut files = Sources::new();
        for (text, name) in texts.iter().zip(["p", "q"]) {
            files.add(Source::new(format!(".woodpecker/{name}.yaml"), text.as_str()));
        }
        let (variables, policy) = (BTreeMap::new(), Policy::default());
        let terms = Terms { server: self.server, variables: &variables, policy: &policy, findings: false };
        look(&plan::Pipeline::read(&files, terms))
    }

    /// Which sets of files a path filter lets through.
    pub(super) fn let_through(&self, path: &Path) -> Vec<bool> {
        let text = format!("steps: [{{name: s, image: x, when: {{path: {}}}}}]", path.text());
        let runs = |plan: Plan| {
            plan.workflows.iter().flat_map(|it| &it.steps).any(|it| it.name == "s" && it.verdict == Verdict::Run)
        };
        self.planned(&[text], |pipeline| self.pushes.iter().map(|context| runs(pipeline.plan(context))).collect())
    }
}

/// What one workflow does with a change, where nothing needs anything.
pub(super) struct Alone {
    pub(super) lets_in: bool,
    pub(super) steps: [bool; 3],
    /// Nothing of it hangs on the author.
    pub(super) is_clear: bool,
}

impl Alone {
    pub(super) fn of(plan: &Plan, name: &str) -> Self {
        let workflow = plan.workflows.iter().find(|it| it.name == name);
        let runs = |step: &str| {
            let mut steps = workflow.into_iter().flat_map(|it| &it.steps);
            steps.any(|it| it.name == step && it.verdict == Verdict::Run)
        };
        let is_known = |verdict| verdict != Verdict::Unknown;
        let is_clear =
            workflow.is_some_and(|it| is_known(it.verdict) && it.steps.iter().all(|step| is_known(step.verdict)));
        Self { lets_in: workflow.is_some_and(|it| it.verdict == Verdict::Run), steps: NAMES.map(runs), is_clear }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.lets_in && self.steps == [false; 3]
    }
}
