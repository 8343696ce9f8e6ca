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
