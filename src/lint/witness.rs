//! A change, as a phrase.

use crate::change::Event;
use crate::plan::Key;
use crate::prove::Change;
use crate::server::Version;
use crate::text::escape;

/// A change that bears out what a rule says.
pub(super) struct Witness {
    pub event: Event,
    pub change: Change,
    /// The values that only the server has and that it hangs on besides; mostly none.
    pub hangs: Vec<String>,
}

impl Witness {
    /// ``a push to `main` that changes `a` and `b` ``.
    pub(super) fn phrase(&self, server: Version) -> String {
        let what = phrase(&self.event, &self.change, Some(server));
        let hangs: Vec<String> = self.hangs.iter().map(|name| format!("`{}`", escape(name))).collect();
        if hangs.is_empty() { what } else { format!("{what} and some value of {}", hangs.join(" and ")) }
    }
}

/// A change of `event`, as a phrase; with its files, where the server has some for the event, if there is a `server`.
pub(super) fn phrase(event: &Event, change: &Change, server: Option<Version>) -> String {
    let value = |key| change.value(key).map(|value| format!("`{}`", escape(value)));
    let branch = value(Key::Branch).unwrap_or_else(|| "some branch".to_owned());
    let name = change.value(Key::Ref).and_then(|it| it.strip_prefix("refs/tags/"));
    let tag = || name.map_or_else(|| "some tag".to_owned(), |name| format!("the tag `{}`", escape(name)));
    let what = match event {
        Event::Push => format!("a push to {branch}"),
        Event::PullRequest => format!("a pull request to {branch}"),
        Event::PullRequestClosed => format!("closing a pull request to {branch}"),
        Event::PullRequestMetadata => format!("a new label or title of a pull request to {branch}"),
        Event::Tag => tag(),
        Event::Release => format!("a release of {}", tag()),
        Event::Deployment => match value(Key::DeployTarget) {
            Some(target) => format!("a deployment of {branch} to {target}"),
            None => format!("a deployment of {branch}"),
        },
        Event::Cron => match value(Key::Cron) {
            Some(name) => format!("the cron job {name} on {branch}"),
            None => format!("a cron job on {branch}"),
        },
        Event::Manual => format!("a manual run on {branch}"),
        Event::Other(name) => format!("the event `{}`", escape(name)),
    };
    let files: Vec<String> = change.files.iter().map(|file| format!("`{}`", escape(file))).collect();
    let what = match files.as_slice() {
        _ if !server.is_some_and(|server| event.has_changed_files(server)) => what,
        [] => format!("{what} without files"),
        [one] => format!("{what} that changes {one}"),
        [all @ .., last] => format!("{what} that changes {} and {last}", all.join(", ")),
    };
    match change.message.as_str() {
        "" => what,
        message => format!("{what} with the message `{}`", escape(message)),
    }
}
