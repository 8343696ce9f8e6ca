#![expect(
    clippy::unnecessary_wraps,
    reason = "the rows of the table share one signature, and few variables can be absent"
)]

use std::borrow::Cow;

use super::{Event, Metadata, Pipeline, go};
use crate::server::{Releases, Version};

use Origin::{Agent, Change, Forge, Server, Settings, Workflow};

/// A variable that the server makes of its metadata.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Who knows its value.
    pub origin: Origin,
    /// The first version that has it, if it is not in all.
    pub since: Option<Version>,
    /// The first version that no longer has it.
    pub until: Option<Version>,
    value: Value,
}

/// Where the value of a variable comes from, that is, who could tell it before there is a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The change: git knows it, or it is what the prediction is about (the event, a pull request's branches).
    Change,
    /// The repository's and the server's settings: the same for every pipeline, so people can write it down.
    Settings,
    /// The forge, for this event only: logins, labels, links, a deployment's target. People may know it; git does not.
    Forge,
    /// The workflow file: its name, and its number among those that run.
    Workflow,
    /// Nobody but the server: numbers, times, and the pipeline before this one.
    Server,
    /// The agent, later: the server has nothing here yet, so the value is known, and empty (or 0).
    Agent,
}

/// How a variable is made. `None`: it does not exist, in any version.
type Value = for<'m> fn(&'m Metadata, Version) -> Text<'m>;
type Text<'m> = Option<Cow<'m, str>>;

/// Since when an empty variable does not exist at all; before, it is there and empty. It matters where something else may fill it.
const NO_EMPTY_VARIABLES: Version = Version::new(3, 0);

/// How many changed files `CI_PIPELINE_FILES` lists at most. With more, it does not exist.
const MAX_FILES: usize = 500;

impl Variable {
    /// The variable called `name`, in any version.
    pub fn find(name: &str) -> Option<&'static Self> {
        let at = VARIABLES.binary_search_by(|variable| variable.name.cmp(name)).ok()?;
        VARIABLES.get(at)
    }

    /// Whether `server` knows the variable at all.
    pub fn exists_on(&self, server: Version) -> bool {
        Releases { since: self.since, until: self.until }.contain(server)
    }

    /// What `server` makes of `metadata` under this name. `None`: the variable does not exist.
    pub fn value<'m>(&self, metadata: &'m Metadata, server: Version) -> Option<Cow<'m, str>> {
        let value = if self.exists_on(server) { (self.value)(metadata, server) } else { None };
        value.filter(|value| !value.is_empty() || server < NO_EMPTY_VARIABLES)
    }

    /// Whether the server has something to fill the variable with when `event` starts a pipeline. Where it has not, everybody knows
    /// the variable's value: none.
    pub fn is_filled_on(&self, event: &Event) -> bool {
        match self.name {
            "CI_PIPELINE_DEPLOY_TARGET" | "CI_PIPELINE_DEPLOY_TASK" => *event == Event::Deployment,
            "CI_COMMIT_PRERELEASE" | "CI_PIPELINE_RELEASE_PRE" | "CI_PIPELINE_RELEASE_TITLE" => {
                *event == Event::Release
            }
            "CI_COMMIT_REFSPEC"
            | "CI_COMMIT_SOURCE_BRANCH"
            | "CI_COMMIT_TARGET_BRANCH"
            | "CI_PIPELINE_EVENT_REASON" => event.is_of_pull_request(),
            name if name.starts_with("CI_COMMIT_PULL_REQUEST") => event.is_of_pull_request(),
            _ => true,
        }
    }

    const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Some(Version::new(major, minor));
        self
    }

    const fn until(mut self, major: u16, minor: u16) -> Self {
        self.until = Some(Version::new(major, minor));
        self
    }
}

/// Every variable of every version, sorted by name.
#[rustfmt::skip] // A table: one variable a line.
pub const VARIABLES: &[Variable] = &[
    row("CI", Settings, |m, _| text(&m.system.name)),
    row("CI_COMMIT_AUTHOR", Forge, |m, _| text(&m.current.commit.author.name)),
    row("CI_COMMIT_AUTHOR_AVATAR", Forge, |m, v| avatar(&m.current, v)),
    row("CI_COMMIT_AUTHOR_EMAIL", Forge, |m, _| text(&m.current.commit.author.email)),
    row("CI_COMMIT_BRANCH", Change, |m, _| text(&m.current.commit.branch)),
    row("CI_COMMIT_MESSAGE", Change, |m, _| text(&m.current.commit.message)),
    row("CI_COMMIT_PRERELEASE", Forge, |m, v| prerelease(&m.current, v)),
    row("CI_COMMIT_PULL_REQUEST", Forge, |m, v| of_pull(&m.current, v, |p| text(go::first_number(&p.commit.git_ref)))),
    row("CI_COMMIT_PULL_REQUEST_DRAFT", Forge, |m, v| of_pull(&m.current, v, |p| flag(p.commit.draft))).since(3, 16),
    row("CI_COMMIT_PULL_REQUEST_LABELS", Forge, |m, v| of_pull(&m.current, v, |p| joined(&p.commit.labels))),
    row("CI_COMMIT_PULL_REQUEST_MILESTONE", Forge, |m, v| of_pull(&m.current, v, |p| text(&p.commit.milestone))).since(3, 10),
    row("CI_COMMIT_REF", Change, |m, _| text(&m.current.commit.git_ref)),
    row("CI_COMMIT_REFSPEC", Change, |m, _| text(&m.current.commit.refspec)),
    row("CI_COMMIT_SHA", Change, |m, _| text(&m.current.commit.sha)),
    row("CI_COMMIT_SOURCE_BRANCH", Change, |m, v| branches(&m.current, v, |(source, _)| source)),
    row("CI_COMMIT_TAG", Change, |m, v| tag(&m.current, v)),
    row("CI_COMMIT_TARGET_BRANCH", Change, |m, v| branches(&m.current, v, |(_, target)| target)),
    row("CI_COMMIT_TIMESTAMP", Change, |m, _| number(m.current.commit.timestamp)).since(3, 16),
    row("CI_COMMIT_URL", Forge, |m, _| text(&m.current.forge_url)).until(3, 0),
    row("CI_FORGE_TYPE", Settings, |m, _| text(&m.forge.kind)),
    row("CI_FORGE_URL", Settings, |m, _| text(&m.forge.url)),
    row("CI_PIPELINE_AUTHOR", Forge, |m, _| text(&m.current.author)).since(3, 8),
    row("CI_PIPELINE_AVATAR", Forge, |m, _| text(&m.current.avatar)).since(3, 8),
    row("CI_PIPELINE_CREATED", Server, |m, _| number(m.current.created)),
    row("CI_PIPELINE_DEPLOY_TARGET", Forge, |m, _| text(&m.current.deploy_target)),
    row("CI_PIPELINE_DEPLOY_TASK", Forge, |m, _| text(&m.current.deploy_task)),
    row("CI_PIPELINE_EVENT", Change, |m, _| text(m.current.event.as_str())),
    row("CI_PIPELINE_EVENT_REASON", Forge, |m, _| joined(&m.current.event_reason)).since(3, 10),
    row("CI_PIPELINE_FILES", Change, |m, _| files(&m.current.commit.changed_files)),
    row("CI_PIPELINE_FINISHED", Server, |m, _| number(m.current.finished)).until(3, 0),
    row("CI_PIPELINE_FORGE_URL", Forge, |m, _| text(&m.current.forge_url)),
    row("CI_PIPELINE_NUMBER", Server, |m, _| number(m.current.number)),
    row("CI_PIPELINE_PARENT", Server, |m, _| number(m.current.parent)),
    row("CI_PIPELINE_RELEASE_PRE", Forge, |m, _| of_release(&m.current, |p| flag(p.release.is_prerelease))).since(3, 17),
    row("CI_PIPELINE_RELEASE_TITLE", Forge, |m, _| of_release(&m.current, |p| text(&p.release.title))).since(3, 17),
    row("CI_PIPELINE_RERUNS", Server, |m, _| if m.current.rerun_count > 0 { number(m.current.rerun_count) } else { None }).since(3, 15),
    row("CI_PIPELINE_STARTED", Server, |m, _| number(m.current.started)),
    row("CI_PIPELINE_STATUS", Server, |m, _| text(&m.current.status)).until(3, 0),
    row("CI_PIPELINE_URL", Server, |m, _| page(m, &m.current, 0)),
    row("CI_PREV_COMMIT_AUTHOR", Server, |m, _| text(&m.previous.commit.author.name)),
    row("CI_PREV_COMMIT_AUTHOR_AVATAR", Server, |m, v| avatar(&m.previous, v)),
    row("CI_PREV_COMMIT_AUTHOR_EMAIL", Server, |m, _| text(&m.previous.commit.author.email)),
    row("CI_PREV_COMMIT_BRANCH", Server, |m, _| text(&m.previous.commit.branch)),
    row("CI_PREV_COMMIT_MESSAGE", Server, |m, _| text(&m.previous.commit.message)),
    row("CI_PREV_COMMIT_REF", Server, |m, _| text(&m.previous.commit.git_ref)),
    row("CI_PREV_COMMIT_REFSPEC", Server, |m, _| text(&m.previous.commit.refspec)),
    row("CI_PREV_COMMIT_SHA", Server, |m, _| text(&m.previous.commit.sha)),
    row("CI_PREV_COMMIT_SOURCE_BRANCH", Server, |m, v| branches(&m.previous, v, |(source, _)| source)).since(3, 0),
    row("CI_PREV_COMMIT_TARGET_BRANCH", Server, |m, v| branches(&m.previous, v, |(_, target)| target)).since(3, 0),
    row("CI_PREV_COMMIT_TIMESTAMP", Server, |m, _| number(m.previous.commit.timestamp)).since(3, 16),
    row("CI_PREV_COMMIT_URL", Server, |m, _| text(&m.previous.forge_url)),
    row("CI_PREV_PIPELINE_AUTHOR", Server, |m, _| text(&m.previous.author)).since(3, 8),
    row("CI_PREV_PIPELINE_AVATAR", Server, |m, _| text(&m.previous.avatar)).since(3, 8),
    row("CI_PREV_PIPELINE_CREATED", Server, |m, _| number(m.previous.created)),
    row("CI_PREV_PIPELINE_DEPLOY_TARGET", Server, |m, _| text(&m.previous.deploy_target)),
    row("CI_PREV_PIPELINE_DEPLOY_TASK", Server, |m, _| text(&m.previous.deploy_task)),
    row("CI_PREV_PIPELINE_EVENT", Server, |m, _| text(m.previous.event.as_str())),
    row("CI_PREV_PIPELINE_EVENT_REASON", Server, |m, _| joined(&m.previous.event_reason)).since(3, 10),
    row("CI_PREV_PIPELINE_FINISHED", Server, |m, _| number(m.previous.finished)),
    row("CI_PREV_PIPELINE_FORGE_URL", Server, |m, _| text(&m.previous.forge_url)),
    row("CI_PREV_PIPELINE_NUMBER", Server, |m, _| number(m.previous.number)),
    row("CI_PREV_PIPELINE_PARENT", Server, |m, _| number(m.previous.parent)),
    row("CI_PREV_PIPELINE_STARTED", Server, |m, _| number(m.previous.started)),
    row("CI_PREV_PIPELINE_STATUS", Server, |m, _| text(&m.previous.status)),
    row("CI_PREV_PIPELINE_URL", Server, |m, _| page(m, &m.previous, 0)),
    row("CI_REPO", Settings, |m, _| Some(go::join_path(&m.repo.owner, &m.repo.name).into())),
    row("CI_REPO_CLONE_SSH_URL", Settings, |m, _| text(&m.repo.clone_ssh_url)),
    row("CI_REPO_CLONE_URL", Settings, |m, _| text(&m.repo.clone_url)),
    row("CI_REPO_DEFAULT_BRANCH", Settings, |m, _| text(&m.repo.default_branch)),
    row("CI_REPO_NAME", Settings, |m, _| text(&m.repo.name)),
    row("CI_REPO_OWNER", Settings, |m, _| text(&m.repo.owner)),
    row("CI_REPO_PRIVATE", Settings, |m, _| flag(m.repo.private)),
    row("CI_REPO_REMOTE_ID", Server, |m, _| text(&m.repo.remote_id)),
    row("CI_REPO_SCM", Settings, |_, _| text("git")).until(3, 0),
    row("CI_REPO_TRUSTED", Settings, |m, _| flag(m.repo.trusted.all())),
    row("CI_REPO_TRUSTED_NETWORK", Settings, |m, _| flag(m.repo.trusted.network)).since(3, 0),
    row("CI_REPO_TRUSTED_SECURITY", Settings, |m, _| flag(m.repo.trusted.security)).since(3, 0),
    row("CI_REPO_TRUSTED_VOLUMES", Settings, |m, _| flag(m.repo.trusted.volumes)).since(3, 0),
    row("CI_REPO_URL", Settings, |m, _| text(&m.repo.forge_url)),
    row("CI_STEP_FINISHED", Agent, |_, _| text("")).until(3, 0),
    row("CI_STEP_NAME", Agent, |m, _| text(&m.step.name)),
    row("CI_STEP_NUMBER", Agent, |m, _| number(m.step.number)),
    row("CI_STEP_STARTED", Agent, |_, _| text("")).until(3, 0),
    row("CI_STEP_STATUS", Agent, |_, _| text("")).until(3, 0),
    row("CI_STEP_URL", Server, |m, _| page(m, &m.current, m.step.number)),
    row("CI_SYSTEM_HOST", Settings, |m, _| text(&m.system.host)),
    row("CI_SYSTEM_NAME", Settings, |m, _| text(&m.system.name)),
    row("CI_SYSTEM_PLATFORM", Agent, |m, _| text(&m.system.platform)),
    row("CI_SYSTEM_URL", Settings, |m, _| text(&m.system.url)),
    row("CI_SYSTEM_VERSION", Server, |m, _| text(&m.system.version)),
    row("CI_WORKFLOW_NAME", Workflow, |m, _| text(&m.workflow.name)),
    row("CI_WORKFLOW_NUMBER", Workflow, |m, _| number(m.workflow.number)),
];

const fn row(name: &'static str, origin: Origin, value: Value) -> Variable {
    Variable { name, origin, since: None, until: None, value }
}

fn text(text: &str) -> Text<'_> {
    Some(Cow::Borrowed(text))
}

fn number(number: i64) -> Text<'static> {
    Some(Cow::Owned(number.to_string()))
}

fn flag(flag: bool) -> Text<'static> {
    Some(Cow::Borrowed(if flag { "true" } else { "false" }))
}

fn joined(texts: &[String]) -> Text<'_> {
    Some(Cow::Owned(texts.join(",")))
}

/// A value that only pull requests have. On other events it is empty, not absent: 2.x tells the two apart.
fn of_pull<'m>(pipeline: &'m Pipeline, server: Version, value: fn(&'m Pipeline) -> Text<'m>) -> Text<'m> {
    if pipeline.event.is_pull(server) { value(pipeline) } else { text("") }
}

fn of_release<'m>(pipeline: &'m Pipeline, value: fn(&'m Pipeline) -> Text<'m>) -> Text<'m> {
    if pipeline.event == Event::Release { value(pipeline) } else { None }
}

/// One of the two branches of a refspec `source:target`. Since 3.0 of pull requests only.
fn branches<'m>(pipeline: &'m Pipeline, server: Version, pick: fn((&'m str, &'m str)) -> &'m str) -> Text<'m> {
    if server >= Version::new(3, 0) && !pipeline.event.is_pull(server) {
        return None;
    }
    let pair = pipeline.commit.refspec.split_once(':').filter(|(_, target)| !target.contains(':'));
    text(pair.map_or("", pick))
}

/// The tag's name. Before 3.14 a release (and in 3.13 a deployment) whose ref is no tag has its whole ref here.
fn tag(pipeline: &Pipeline, server: Version) -> Text<'_> {
    let git_ref = &pipeline.commit.git_ref;
    let always = match pipeline.event {
        Event::Tag | Event::Release => server < Version::new(3, 14),
        Event::Deployment => server >= Version::new(3, 13) && server < Version::new(3, 14),
        _ => false,
    };
    text(git_ref.strip_prefix("refs/tags/").unwrap_or(if always { git_ref } else { "" }))
}

fn avatar(pipeline: &Pipeline, server: Version) -> Text<'_> {
    text(if server < Version::new(3, 14) { &pipeline.commit.author.avatar } else { &pipeline.avatar })
}

fn prerelease(pipeline: &Pipeline, server: Version) -> Text<'_> {
    let release =
        if server < Version::new(3, 17) { pipeline.commit.is_prerelease } else { pipeline.release.is_prerelease };
    if pipeline.event == Event::Release { flag(release) } else { None }
}

fn files(files: &[String]) -> Text<'_> {
    (files.len() <= MAX_FILES).then(|| Cow::Owned(go::json_list(files)))
}

/// The page of a pipeline, or of a step of it.
fn page(metadata: &Metadata, pipeline: &Pipeline, step: i64) -> Text<'static> {
    let page = format!("{}/repos/{}/pipeline/{}", metadata.system.url, metadata.repo.id, pipeline.number);
    Some(Cow::Owned(if step == 0 { page } else { format!("{page}/{step}") }))
}
