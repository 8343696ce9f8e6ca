use std::collections::BTreeMap;

use super::context::Context;
use crate::admission::Policy;
use crate::server::Version;

/// What is asked of [`plan`](super::plan), besides the files.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The server.
    pub server: Version,
    /// The change.
    pub context: &'a Context,
    /// Variables that the server's administrator set (`WOODPECKER_ENVIRONMENT`).
    pub variables: &'a BTreeMap<String, String>,
    /// What the administrator allows.
    pub policy: &'a Policy,
    /// Fill [`Plan::findings`](super::Plan::findings). The server's errors are found either way.
    pub findings: bool,
}

impl<'a> Request<'a> {
    /// What of it is the same for every change.
    pub fn terms(&self) -> Terms<'a> {
        let Self { server, variables, policy, findings, .. } = *self;
        Terms { server, variables, policy, findings }
    }
}

/// A [`Request`] without the change: the server, and what its administrator has set.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The server.
    pub server: Version,
    /// Variables that the server's administrator set (`WOODPECKER_ENVIRONMENT`).
    pub variables: &'a BTreeMap<String, String>,
    /// What the administrator allows.
    pub policy: &'a Policy,
    /// Fill [`Plan::findings`](super::Plan::findings). The server's errors are found either way.
    pub findings: bool,
}
