//! The variables of a step of Woodpecker, back into what the server made them of.

use super::{Error, Recorded, Variables, checked, some};
use crate::change::{Author, Commit, Event, ForgeInfo, Metadata, Pipeline, Release, Repo, System, Trusted};
use crate::server::Version;
use crate::text::escape;

pub(super) fn read(variables: &Variables) -> Result<Recorded, Error> {
    let v = Reader(variables);
    if let Some(id) = some(variables, "CI_COMMIT_SHA") {
        checked(id, "CI_COMMIT_SHA")?;
    }
    if some(variables, "CI_PIPELINE_EVENT").is_none() {
        return Err(Error { message: "`CI_PIPELINE_EVENT` is not set".to_owned() });
    }
    let mut current = pipeline(&v, "");
    let files = some(variables, "CI_PIPELINE_FILES");
    if let Some(list) = files {
        let refused = |error| Error { message: format!("`CI_PIPELINE_FILES` is not a list of texts in JSON: {error}") };
        current.commit.changed_files = serde_json::from_str(list).map_err(refused)?;
    }
    let metadata = Metadata {
        repo: repo(&v),
        current,
        previous: pipeline(&v, "PREV_"),
        system: System {
            name: v.text("CI_SYSTEM_NAME"),
            host: v.text("CI_SYSTEM_HOST"),
            url: v.text("CI_SYSTEM_URL"),
            // In a step this is the agent's; the server has none when it decides.
            platform: String::new(),
            version: v.text("CI_SYSTEM_VERSION"),
        },
        forge: ForgeInfo { kind: v.text("CI_FORGE_TYPE"), url: v.text("CI_FORGE_URL") },
        ..Metadata::default()
    };
    Ok(Recorded { metadata, has_files: files.is_some() })
}

/// The version of the server: `Ok(None)` where no variable says it.
///
/// Releases are named `3.17.0`, their candidates `3.17.0-rc.1`, builds of a release branch `3.17-COMMIT`, of the main branch `next-COMMIT`,
/// and what somebody built at home `dev`.
///
/// # Errors
/// A version that is not known; the text says which, safe to print.
pub fn server_version(variables: &Variables) -> Result<Option<Version>, String> {
    let Some(text) = some(variables, "CI_SYSTEM_VERSION") else { return Ok(None) };
    let release = text.split('-').next().unwrap_or_default();
    release.parse().map(Some).map_err(|_| escape(text).to_string())
}

struct Reader<'v>(&'v Variables);

impl Reader<'_> {
    fn text(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }

    fn number(&self, name: &str) -> i64 {
        some(self.0, name).and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    fn flag(&self, name: &str) -> bool {
        some(self.0, name) == Some("true")
    }

    fn list(&self, name: &str) -> Vec<String> {
        some(self.0, name).map(|value| value.split(',').map(str::to_owned).collect()).unwrap_or_default()
    }
}

fn repo(v: &Reader<'_>) -> Repo {
    // Before 3.0 there was one flag.
    let all = v.flag("CI_REPO_TRUSTED");
    let page = v.text("CI_PIPELINE_URL");
    let id = page.split_once("/repos/").and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
    Repo {
        id: id.unwrap_or_default(),
        name: v.text("CI_REPO_NAME"),
        owner: v.text("CI_REPO_OWNER"),
        remote_id: v.text("CI_REPO_REMOTE_ID"),
        forge_url: v.text("CI_REPO_URL"),
        clone_url: v.text("CI_REPO_CLONE_URL"),
        clone_ssh_url: v.text("CI_REPO_CLONE_SSH_URL"),
        private: v.flag("CI_REPO_PRIVATE"),
        default_branch: v.text("CI_REPO_DEFAULT_BRANCH"),
        trusted: Trusted {
            network: all || v.flag("CI_REPO_TRUSTED_NETWORK"),
            volumes: all || v.flag("CI_REPO_TRUSTED_VOLUMES"),
            security: all || v.flag("CI_REPO_TRUSTED_SECURITY"),
        },
    }
}

/// The pipeline at hand, or with `PREV_` the one before it.
fn pipeline(v: &Reader<'_>, prefix: &str) -> Pipeline {
    let of_pipeline = |name: &str| format!("CI_{prefix}PIPELINE_{name}");
    let text = |name: &str| v.text(&of_pipeline(name));
    let number = |name: &str| v.number(&of_pipeline(name));
    let event = text("EVENT");
    Pipeline {
        number: number("NUMBER"),
        parent: number("PARENT"),
        created: number("CREATED"),
        started: number("STARTED"),
        finished: number("FINISHED"),
        status: text("STATUS"),
        event: Event::from(event.as_str()),
        event_reason: v.list(&of_pipeline("EVENT_REASON")),
        forge_url: text("FORGE_URL"),
        deploy_target: text("DEPLOY_TARGET"),
        deploy_task: text("DEPLOY_TASK"),
        commit: commit(v, prefix),
        cron: String::new(),
        rerun_count: number("RERUNS"),
        author: text("AUTHOR"),
        avatar: text("AVATAR"),
        release: Release { title: text("RELEASE_TITLE"), is_prerelease: v.flag(&of_pipeline("RELEASE_PRE")) },
    }
}

fn commit(v: &Reader<'_>, prefix: &str) -> Commit {
    let of_commit = |name: &str| format!("CI_{prefix}COMMIT_{name}");
    let text = |name: &str| v.text(&of_commit(name));
    Commit {
        sha: text("SHA"),
        git_ref: text("REF"),
        refspec: text("REFSPEC"),
        branch: text("BRANCH"),
        message: text("MESSAGE"),
        timestamp: v.number(&of_commit("TIMESTAMP")),
        author: Author { name: text("AUTHOR"), email: text("AUTHOR_EMAIL"), avatar: text("AUTHOR_AVATAR") },
        changed_files: Vec::new(),
        labels: v.list(&of_commit("PULL_REQUEST_LABELS")),
        milestone: text("PULL_REQUEST_MILESTONE"),
        draft: v.flag(&of_commit("PULL_REQUEST_DRAFT")),
        is_prerelease: v.flag(&of_commit("PRERELEASE")),
    }
}
