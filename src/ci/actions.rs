//! `GITHUB_*` of GitHub, Gitea and Forgejo, and the event's JSON.

use serde::Deserialize;

use super::{Error, Named, Variables, checked, commit, is_zero, owned, some};
use crate::change::Event;
use crate::text::escape;

/// What is read of the event's JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payload {
    /// Of a push: the commit that the branch was at.
    before: Option<String>,
    after: Option<String>,
    forced: bool,
    /// What happened to a pull request: `opened`, `closed`…
    action: Option<String>,
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
    release: Option<Release>,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    #[serde(default)]
    title: String,
    base: End,
    head: End,
}

#[derive(Debug, Deserialize)]
struct End {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
}

#[derive(Debug, Deserialize)]
struct MergeGroup {
    base_ref: String,
    base_sha: String,
    head_sha: String,
}

#[derive(Debug, Deserialize)]
struct Release {
    tag_name: String,
}

pub(super) fn read(variables: &Variables, file: &dyn Fn(&str) -> Option<String>) -> Result<Named, Error> {
    let payload = payload(variables, file)?;
    let name = some(variables, "GITHUB_EVENT_NAME").unwrap_or_default();
    let tag = owned(variables, "GITHUB_REF_NAME").filter(|_| some(variables, "GITHUB_REF_TYPE") == Some("tag"));
    let named = Named { repo: owned(variables, "GITHUB_REPOSITORY"), ..Named::default() };
    match name {
        "pull_request" | "pull_request_target" => pull_request(payload, named),
        "push" if tag.is_none() => push(variables, payload, named),
        "merge_group" => merge_group(payload, named),
        "release" => {
            let tag = payload.release.map(|release| release.tag_name).or(tag);
            Ok(Named { revision: commit(variables, "GITHUB_SHA")?, event: Event::Release, tag, ..named })
        }
        "push" | "create" if tag.is_some() => {
            Ok(Named { revision: commit(variables, "GITHUB_SHA")?, event: Event::Tag, tag, ..named })
        }
        "workflow_dispatch" => Ok(Named {
            revision: commit(variables, "GITHUB_SHA")?,
            event: Event::Manual,
            branch: owned(variables, "GITHUB_REF_NAME"),
            ..named
        }),
        other => Ok(Named {
            revision: commit(variables, "GITHUB_SHA")?,
            event: Event::Push,
            branch: owned(variables, "GITHUB_REF_NAME"),
            notes: vec![format!(
                "event `{}` is none of Woodpecker's: the newest commit is judged as a push of it",
                escape(other)
            )],
            ..named
        }),
    }
}

/// The event's JSON. Without it, a push is taken for one of its newest commit; a pull request cannot be told.
fn payload(variables: &Variables, file: &dyn Fn(&str) -> Option<String>) -> Result<Payload, Error> {
    let Some(path) = some(variables, "GITHUB_EVENT_PATH") else {
        return Err(Error { message: "`GITHUB_EVENT_PATH` is not set".to_owned() });
    };
    let Some(text) = file(path) else {
        return Err(Error { message: format!("cannot read `{}`, which `GITHUB_EVENT_PATH` names", escape(path)) });
    };
    let refused = |error: serde_json::Error| {
        let error = error.to_string();
        Error { message: format!("`{}`, which `GITHUB_EVENT_PATH` names: {}", escape(path), escape(&error)) }
    };
    serde_json::from_str(&text).map_err(refused)
}

fn pull_request(payload: Payload, named: Named) -> Result<Named, Error> {
    let Some(PullRequest { title, base, head }) = payload.pull_request else {
        return Err(Error { message: "the event's JSON has no `pull_request`".to_owned() });
    };
    let base_sha = checked(&base.sha, "pull_request.base.sha")?;
    let head_sha = checked(&head.sha, "pull_request.head.sha")?;
    let closed = payload.action.as_deref() == Some("closed");
    Ok(Named {
        revision: format!("{base_sha}...{head_sha}"),
        event: if closed { Event::PullRequestClosed } else { Event::PullRequest },
        branch: Some(base.branch),
        title: Some(title),
        ..named
    })
}

fn push(variables: &Variables, payload: Payload, named: Named) -> Result<Named, Error> {
    let after = match payload.after {
        Some(after) => checked(&after, "after")?,
        None => commit(variables, "GITHUB_SHA")?,
    };
    let named = Named { event: Event::Push, branch: owned(variables, "GITHUB_REF_NAME"), ..named };
    match payload.before {
        Some(before) if is_zero(&before) => Ok(Named { revision: after, new_branch: true, ..named }),
        Some(before) => {
            let revision = format!("{}..{after}", checked(&before, "before")?);
            Ok(Named { revision, forced: payload.forced, ..named })
        }
        None => {
            let note =
                "the event's JSON does not say where the branch was: the newest commit is judged as a push of it";
            Ok(Named { revision: after, notes: vec![note.to_owned()], ..named })
        }
    }
}

/// What a queue of merges would push.
fn merge_group(payload: Payload, named: Named) -> Result<Named, Error> {
    let Some(MergeGroup { base_ref, base_sha, head_sha }) = payload.merge_group else {
        return Err(Error { message: "the event's JSON has no `merge_group`".to_owned() });
    };
    let (base, head) = (checked(&base_sha, "merge_group.base_sha")?, checked(&head_sha, "merge_group.head_sha")?);
    let branch = base_ref.strip_prefix("refs/heads/").unwrap_or(&base_ref).to_owned();
    Ok(Named { revision: format!("{base}..{head}"), event: Event::Push, branch: Some(branch), ..named })
}
