//! A change, as a phrase.

use bstr::ByteSlice as _;

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

/// Folders of what is tried with, shown with, or kept for people.
const APART: &[&str] =
    &["__tests__", "doc", "docs", "e2e", "example", "examples", "fixtures", "hack", "test", "testdata", "tests"];

/// Endings of pictures, fonts and the like.
const ASSETS: &[&str] =
    &[".eot", ".gif", ".ico", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".ttf", ".webp", ".woff", ".woff2"];

/// How little a file says of what is built: a source says most, then settings, lock files and Dockerfiles, tests and pictures; prose, hidden
/// files and folders least.
pub(super) fn plainness(path: &[u8]) -> u8 {
    let name = path.rsplit_str("/").next().unwrap_or(path).to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with_str(ending));
    let mut folders = path.rsplit_str("/").skip(1);
    if path.starts_with(b".") || path.contains_str("/.") {
        6
    } else if ends(&[".md", ".rst", ".adoc", ".txt"]) || name.starts_with_str("license") {
        5
    } else if ends(ASSETS)
        || folders.any(|folder| APART.iter().any(|apart| folder == apart.as_bytes()))
        || ["_test.", ".test.", ".spec."].iter().any(|part| name.contains_str(part))
    {
        4
    } else if name.contains_str("dockerfile") {
        3
    } else if name.contains_str("lock") || name.ends_with(b".sum") {
        2
    } else {
        u8::from(ends(&[".json", ".yaml", ".yml", ".toml", ".config.js", ".config.mjs", ".config.ts"]))
    }
}

#[cfg(test)]
mod tests {
    use super::plainness;

    #[test]
    fn a_source_shows_best() {
        let order =
            ["src/main.rs", "package.json", "Cargo.lock", "web/Dockerfile", "src/logo.svg", "NOTES.md", ".npmrc"];
        let ranks = order.map(|path| plainness(path.as_bytes()));
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
        assert_eq!(plainness(b"pkg/testdata/a.go"), plainness(b"pkg/a_test.go"));
        assert_eq!(plainness(b".github/main.rs"), 6);
    }
}
