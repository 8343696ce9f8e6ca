//! What a workflow file says, typed: the shape behind every verdict, proof and lint rule.

use crate::diag::Problem;
use crate::glob::Pattern;
use crate::server::{Difference, Version};
use crate::source::{FileId, OffsetMap, Span};
use crate::text::escape;
use crate::yaml::NodeId;

/// Where a value stands: its bytes in the file as it was written, and the aliases (`*name`) it was reached through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The bytes of the value, through substitution: of the `${…}` when it came out of one.
    pub span: Span,
    /// The aliases between the value and where it is used, outermost first. Empty when it was written in place.
    pub via: Vec<Span>,
    /// The value's node in the document that was lowered.
    pub node: Option<NodeId>,
}

/// A value and its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// One workflow, of one matrix axis: the file after substitution.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    /// The conditions of the whole workflow.
    pub when: When,
    /// Steps under `clone`. When empty, the server adds its default one.
    pub clone: Vec<Step>,
    /// Steps under `steps`, in order.
    pub steps: Vec<Step>,
    /// Steps under `services`.
    pub services: Vec<Step>,
    /// Workflows that must be there and succeed first.
    pub depends_on: Vec<Dependency>,
    /// No default clone step.
    pub skip_clone: bool,
    /// The deprecated `runs_on`, if it lists something.
    pub runs_on: Option<Place>,
    /// Keys of server 2.x that are deprecated there, with the field path that the server reports.
    pub legacy_keys: Vec<Placed<&'static str>>,
}

impl Workflow {
    /// Whether the server adds its clone step.
    pub fn has_default_clone(&self) -> bool {
        self.clone.is_empty() && !self.skip_clone
    }
}

/// A step, service or clone step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its name: the `name` key, the key of the map it stands in, or `step-N` in a list. The place is where the name stands.
    pub name: Placed<String>,
    /// The whole step.
    pub place: Place,
    /// The image, empty when missing.
    pub image: Placed<String>,
    /// When it runs.
    pub when: When,
    /// The steps it needs. `None` when the key is missing or null; an empty list is something else: it makes the steps a graph.
    pub depends_on: Option<Vec<Dependency>>,
    /// The deprecated `group` of server 2.x: neighbours of one group share a stage.
    pub group: String,
    /// How many items `commands` has.
    pub commands: usize,
    /// How many items `entrypoint` has.
    pub entrypoint: usize,
    /// How many variables `environment` sets.
    pub environment: usize,
    /// How many `settings` there are.
    pub settings: usize,
    /// The `secrets` that are listed, where the server knows the key.
    pub secrets: Vec<Placed<String>>,
    /// The key `secrets`, where the server knows it.
    pub secrets_key: Option<Place>,
    /// `environment` is a list, which server 2.x allowed.
    pub environment_is_list: bool,
    /// Runs beside the steps after it.
    pub detach: bool,
    /// Keys that need trust, or that the linter looks at, where they are set.
    pub powers: Powers,
    /// What stops the pipeline if this step survives its conditions: a port, host or setting that the server cannot convert.
    pub defects: Vec<Defect>,
}

impl Step {
    /// Whether it is a plugin: no commands, no entrypoint, no environment (and no secrets, where the server knows them).
    pub fn is_plugin(&self) -> bool {
        self.commands == 0 && self.entrypoint == 0 && self.environment == 0 && self.secrets.is_empty()
    }

    /// The step's [`defects`](Self::defects) that `server` comes upon, as problems of `file`; `service` when it stands under `services`.
    pub fn defects_on(&self, server: Version, service: bool, file: FileId) -> impl Iterator<Item = Problem> {
        let unread = server.has(Difference::DetachedSettingsUnread) && (self.detach || service);
        self.defects.iter().filter(move |defect| !(defect.in_settings && unread)).map(move |defect| {
            let message = format!("step `{}`: {}", escape(&self.name.value), defect.message);
            Problem::error("wrong-value", message).label(file, defect.place.span, "here")
        })
    }
}

/// The keys of a step that need a trusted repository, each with its place where it is set.
#[derive(Clone, Debug, Default)]
pub struct Powers {
    /// `privileged: true`
    pub privileged: Option<Place>,
    /// `dns`
    pub dns: Option<Place>,
    /// `dns_search`
    pub dns_search: Option<Place>,
    /// `extra_hosts`
    pub extra_hosts: Option<Place>,
    /// `network_mode`, with its value
    pub network_mode: Option<Placed<String>>,
    /// `devices`
    pub devices: Option<Place>,
    /// `volumes`
    pub volumes: Option<Place>,
    /// `tmpfs`
    pub tmpfs: Option<Place>,
    /// `shm_size`, of server 2.x
    pub shm_size: Option<Place>,
}

/// A value that decodes but that the server cannot use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub place: Place,
    /// Why.
    pub message: String,
    /// It stands under `settings`, which server 2.x did not read for services and detached steps.
    pub in_settings: bool,
}

/// A step or workflow that another one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// The edge is dropped when the other one is not there.
    pub optional: bool,
    /// Where it is named.
    pub place: Place,
}

/// The conditions under `when`: any entry lets through. No entries let everything through.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// The whole value, if there is one.
    pub place: Option<Place>,
    /// The entries, OR'd, in order.
    pub entries: Vec<Entry>,
}

/// One map under `when`: every key must hold.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The entry.
    pub place: Place,
    /// `matrix`: looked at in steps only.
    pub matrix: AxisFilter,
    /// `platform`
    pub platform: Filter,
    /// `environment`: the deployment target, on server 2.x.
    pub environment: Filter,
    /// `event`
    pub event: Filter,
    /// `repo`: `owner/name`
    pub repo: Filter,
    /// `ref`
    pub git_ref: Filter,
    /// `instance`: the server's host
    pub instance: Filter,
    /// `path`: looked at on push and pull requests only.
    pub path: PathFilter,
    /// `branch`: not looked at on tags.
    pub branch: Filter,
    /// `cron`: looked at on cron only.
    pub cron: Filter,
    /// `evaluate`, if not empty.
    pub evaluate: Option<Expression>,
    /// `status`
    pub status: Filter,
}

/// An `evaluate` expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// The expression.
    pub value: String,
    /// Where it stands.
    pub place: Place,
    /// From its bytes to those of the file as it was written.
    pub map: OffsetMap,
}

/// One pattern and its place. The pattern's own spans count from the first byte of its value.
#[derive(Clone, Debug)]
pub struct Glob {
    /// The pattern.
    pub pattern: Pattern,
    /// Where it stands.
    pub place: Place,
    /// From its bytes to those of the file as it was written; empty where nothing was substituted in it.
    pub map: OffsetMap,
}

/// `include` and `exclude` lists over one value.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The whole value, if the key is there.
    pub place: Option<Place>,
    /// One of these must match, if there are any.
    pub include: Vec<Glob>,
    /// None of these may match.
    pub exclude: Vec<Glob>,
}

/// `path`: a filter over the changed files.
#[derive(Clone, Debug, Default)]
pub struct PathFilter {
    /// The whole value, if the key is there.
    pub place: Option<Place>,
    /// Some changed file must match one of these, if there are any.
    pub include: Vec<Glob>,
    /// Changed files that do not count. Since server 3.5.
    pub exclude: Vec<Glob>,
    /// A message that holds this text, ignoring case, lets through; empty: none.
    pub ignore_message: Placed<String>,
    /// What an empty change does; `None`: lets through.
    pub on_empty: Option<Placed<bool>>,
}

/// `matrix`: patterns over the values of the matrix axis.
#[derive(Clone, Debug, Default)]
pub struct AxisFilter {
    /// The whole value, if the key is there.
    pub place: Option<Place>,
    /// Every one must match its axis.
    pub include: Vec<(String, Glob)>,
    /// Fails when all of them match.
    pub exclude: Vec<(String, Glob)>,
}
