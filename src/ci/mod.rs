//! What a CI system says of the change that it runs for, read from its environment variables.
//!
//! The pipeline that is judged is Woodpecker's wherever this runs. In a step of Woodpecker itself the variables are the server's own record
//! of what it decided on, and [`Told::Recorded`] has it back as [`Metadata`]. Other systems only name the change in git: [`Told::Named`].
//!
//! Pure: variables come as a map, files through a function; nothing here reads the process's environment.
//!
//! | file | reads |
//! | --- | --- |
//! | `woodpecker` | `CI_*` of Woodpecker |
//! | `actions` | `GITHUB_*` of GitHub, Gitea and Forgejo, and the event's JSON |
//! | `gitlab` | `CI_*` of GitLab |
//!
//! # Where the behaviour comes from
//!
//! Woodpecker: `pipeline/frontend/metadata/environment.go` at 2.8 to 3.17 and on the main branch of 2026-08, and the `Makefile` for the form of
//! versions. GitHub: the page "Variables reference", and "Webhook events and payloads" for the JSON. Gitea and Forgejo: their runners set the
//! same variables, with `GITEA_ACTIONS`, and in Forgejo's `FORGEJO_ACTIONS` as well. GitLab: the page "Predefined CI/CD variables".

mod actions;
mod gitlab;
mod woodpecker;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use crate::change::{Event, Forge, Metadata};

/// The variables of a process, by name. Values that are not UTF-8 are not in it.
pub type Variables = BTreeMap<String, String>;

/// A CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Woodpecker.
    Woodpecker,
    /// GitHub Actions.
    GitHub,
    /// Gitea Actions.
    Gitea,
    /// Forgejo Actions.
    Forgejo,
    /// GitLab CI.
    GitLab,
}

impl System {
    /// The system that sets `variables`; `None`: none that is known.
    pub fn of(variables: &Variables) -> Option<Self> {
        let is = |name: &str, value: &str| variables.get(name).is_some_and(|it| it == value);
        // Forgejo's runner sets all three, Gitea's the last two.
        let known = [
            (Self::Woodpecker, is("CI_SYSTEM_NAME", "woodpecker") || is("CI", "woodpecker")),
            (Self::Forgejo, is("FORGEJO_ACTIONS", "true")),
            (Self::Gitea, is("GITEA_ACTIONS", "true")),
            (Self::GitHub, is("GITHUB_ACTIONS", "true")),
            (Self::GitLab, is("GITLAB_CI", "true")),
        ];
        known.into_iter().find(|(_, there)| *there).map(|(system, _)| system)
    }

    /// Its name, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Woodpecker => "Woodpecker",
            Self::GitHub => "GitHub Actions",
            Self::Gitea => "Gitea Actions",
            Self::Forgejo => "Forgejo Actions",
            Self::GitLab => "GitLab CI",
        }
    }

    /// Whether lines of its log can be commands (`::error::`), and a job can have a summary.
    pub const fn is_actions(self) -> bool {
        matches!(self, Self::GitHub | Self::Gitea | Self::Forgejo)
    }

    /// How a job of it gets a clone with the whole history.
    pub const fn whole_history(self) -> &'static str {
        match self {
            Self::Woodpecker => "give the clone step `partial: false` and `depth: 0`",
            Self::GitHub | Self::Gitea | Self::Forgejo => "give the checkout action `fetch-depth: 0`",
            Self::GitLab => "set the variable `GIT_DEPTH` to `0`",
        }
    }

    /// The forge that it belongs to; Woodpecker works with all.
    pub const fn forge(self) -> Option<Forge> {
        match self {
            Self::Woodpecker => None,
            Self::GitHub => Some(Forge::GitHub),
            Self::Gitea => Some(Forge::Gitea),
            Self::Forgejo => Some(Forge::Forgejo),
            Self::GitLab => Some(Forge::GitLab),
        }
    }
}

/// A change, as a CI system tells of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// What the server decided on.
    Recorded(Box<Recorded>),
    /// A change that git has.
    Named(Box<Named>),
}

/// What the server of Woodpecker decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// All that the variables tell. A cron job's name is not among them.
    pub metadata: Metadata,
    /// Whether they tell the changed files. They do not when there are more than 500.
    pub has_files: bool,
}

/// A change that git has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// A revision: a commit, `A..B` for a push, `A...B` for a pull request.
    pub revision: String,
    /// What would make a server of Woodpecker start a pipeline.
    pub event: Event,
    /// The branch; of a pull request, the target.
    pub branch: Option<String>,
    /// The tag.
    pub tag: Option<String>,
    /// The title of a pull request.
    pub title: Option<String>,
    /// `owner/name`.
    pub repo: Option<String>,
    /// Whether the push makes the branch.
    pub new_branch: bool,
    /// Whether the push is said to be forced.
    pub forced: bool,
    /// What was assumed: whole phrases, safe to print.
    pub notes: Vec<String>,
}

/// Variables that do not say what they have to. The fault of whoever set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What `system` says of the change in `variables`. `file` reads a file that a variable names; `None`: it cannot be read.
///
/// # Errors
/// A variable that has to be there is not, or says what it cannot.
pub fn read(system: System, variables: &Variables, file: &dyn Fn(&str) -> Option<String>) -> Result<Told, Error> {
    match system {
        System::Woodpecker => woodpecker::read(variables).map(|it| Told::Recorded(Box::new(it))),
        System::GitHub | System::Gitea | System::Forgejo => {
            actions::read(variables, file).map(|it| Told::Named(Box::new(it)))
        }
        System::GitLab => gitlab::read(variables).map(|it| Told::Named(Box::new(it))),
    }
}

pub use woodpecker::server_version;

/// The value of a variable that is there and not empty.
fn some<'v>(variables: &'v Variables, name: &str) -> Option<&'v str> {
    variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn owned(variables: &Variables, name: &str) -> Option<String> {
    some(variables, name).map(str::to_owned)
}

/// The id of a commit, from `name`.
fn commit(variables: &Variables, name: &str) -> Result<String, Error> {
    let id = some(variables, name).ok_or_else(|| Error { message: format!("`{name}` is not set") })?;
    checked(id, name)
}

/// `id`, which goes into a revision, if it is a commit's.
fn checked(id: &str, place: &str) -> Result<String, Error> {
    let is_id = (7..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Ok(id.to_owned()) } else { Err(Error { message: format!("`{place}` is not the id of a commit") }) }
}

/// Whether `id` stands for no commit.
fn is_zero(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}
