//! `CI_*` of GitLab.

use super::{Error, Named, Variables, commit, is_zero, owned, some};
use crate::change::Event;
use crate::text::escape;

pub(super) fn read(variables: &Variables) -> Result<Named, Error> {
    let head = commit(variables, "CI_COMMIT_SHA")?;
    let named = Named { repo: owned(variables, "CI_PROJECT_PATH"), ..Named::default() };
    if some(variables, "CI_MERGE_REQUEST_IID").is_some() {
        let base = commit(variables, "CI_MERGE_REQUEST_DIFF_BASE_SHA")?;
        // Of a pipeline for the merged result, `CI_COMMIT_SHA` is that result, and this the source's tip.
        let source = some(variables, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
        let head = if source.is_some() { commit(variables, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")? } else { head };
        return Ok(Named {
            revision: format!("{base}...{head}"),
            event: Event::PullRequest,
            branch: owned(variables, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
            title: owned(variables, "CI_MERGE_REQUEST_TITLE"),
            ..named
        });
    }
    if let Some(tag) = owned(variables, "CI_COMMIT_TAG") {
        return Ok(Named { revision: head, event: Event::Tag, tag: Some(tag), ..named });
    }
    let branch = owned(variables, "CI_COMMIT_BRANCH");
    let source = some(variables, "CI_PIPELINE_SOURCE").unwrap_or_default();
    let before = some(variables, "CI_COMMIT_BEFORE_SHA").filter(|before| !is_zero(before));
    match (source, before) {
        ("push", Some(_)) => {
            let before = commit(variables, "CI_COMMIT_BEFORE_SHA")?;
            Ok(Named { revision: format!("{before}..{head}"), event: Event::Push, branch, ..named })
        }
        ("push", None) => Ok(Named { revision: head, event: Event::Push, branch, new_branch: true, ..named }),
        ("web", _) => Ok(Named { revision: head, event: Event::Manual, branch, ..named }),
        (other, _) => {
            let note = format!(
                "a pipeline of source `{}` is none of Woodpecker's: the newest commit is judged as a push of it",
                escape(other)
            );
            Ok(Named { revision: head, event: Event::Push, branch, notes: vec![note], ..named })
        }
    }
}
