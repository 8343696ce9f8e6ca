use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::server::{Difference, Version};
use crate::text::{escape, nearest};

/// What made the server start a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    /// `push`: commits on a branch.
    Push,
    /// `pull_request`: a pull request was opened, or got commits.
    PullRequest,
    /// `pull_request_closed`: a pull request was closed or merged.
    PullRequestClosed,
    /// `pull_request_metadata`: labels, title, draft state… of a pull request changed. The server sends it since 3.10.
    PullRequestMetadata,
    /// `tag`: a tag was pushed.
    Tag,
    /// `release`: a release was published.
    Release,
    /// `deployment`: somebody asked for a deployment.
    Deployment,
    /// `cron`: a schedule.
    Cron,
    /// `manual`: somebody pressed the button.
    Manual,
    /// Any other text, kept as it is. The empty text is what metadata without an event has.
    Other(String),
}

impl Event {
    /// The events that the server knows, in the order of its own list.
    pub const KNOWN: [Self; 9] = [
        Self::Push,
        Self::PullRequest,
        Self::PullRequestClosed,
        Self::PullRequestMetadata,
        Self::Tag,
        Self::Release,
        Self::Deployment,
        Self::Cron,
        Self::Manual,
    ];

    /// The event that a person named.
    ///
    /// # Errors
    /// A name that is no event's.
    pub fn known(name: &str) -> Result<Self, UnknownEvent> {
        let known = Self::KNOWN.into_iter().find(|event| event.as_str() == name);
        known.ok_or_else(|| UnknownEvent { name: name.to_owned() })
    }

    /// The name that workflows and `CI_PIPELINE_EVENT` use.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Push => "push",
            Self::PullRequest => "pull_request",
            Self::PullRequestClosed => "pull_request_closed",
            Self::PullRequestMetadata => "pull_request_metadata",
            Self::Tag => "tag",
            Self::Release => "release",
            Self::Deployment => "deployment",
            Self::Cron => "cron",
            Self::Manual => "manual",
            Self::Other(name) => name,
        }
    }

    /// Whether it is about a pull request.
    pub fn is_of_pull_request(&self) -> bool {
        matches!(self, Self::PullRequest | Self::PullRequestClosed | Self::PullRequestMetadata)
    }

    /// Whether `server` treats the event as one of a pull request, so that the `CI_COMMIT_PULL_REQUEST*` variables are set.
    /// `pull_request_metadata` is one since 3.10.
    pub fn is_pull(&self, server: Version) -> bool {
        match self {
            Self::PullRequest | Self::PullRequestClosed => true,
            Self::PullRequestMetadata => server.has(Difference::PullRequestMetadata),
            _ => false,
        }
    }

    /// Whether `[skip ci]` in the message stops a pipeline: on push and the three events of pull requests, in every version (one that
    /// does not know `pull_request_metadata` never gets it).
    pub fn can_skip_ci(&self) -> bool {
        *self == Self::Push || self.is_of_pull_request()
    }

    /// Whether `server` looks at `when.path`: on push and pull requests, `pull_request_closed` among them only since 3.0. On any other
    /// event path filters match.
    pub fn has_changed_files(&self, server: Version) -> bool {
        match self {
            Self::Push => true,
            Self::PullRequestClosed => server.has(Difference::PullRequestClosedIsPull),
            _ => self.is_pull(server),
        }
    }
}

impl Default for Event {
    /// The event of metadata that names none.
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<&str> for Event {
    fn from(name: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|event| event.as_str() == name);
        known.unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is no event's. The user's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEvent {
    name: String,
}

impl UnknownEvent {
    /// What to do, as a phrase.
    pub fn help(&self) -> String {
        let known = Event::KNOWN.iter().map(Event::as_str);
        match nearest(&self.name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the events are {}", known.collect::<Vec<_>>().join(", ")),
        }
    }
}

impl fmt::Display for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown event `{}`", escape(&self.name))
    }
}

impl std::error::Error for UnknownEvent {}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::from(name.as_str()))
    }
}
