//! Policies over small pipelines, and the founding case.

mod compare;
mod exhaustive;
mod founding;
mod given;
mod laws;
mod random;
mod rewritten;
mod solver;
mod values;

use std::collections::BTreeMap;

use super::*;
use crate::admission;
use crate::change::Metadata;
use crate::policy::Policy;
use crate::source::{Source, Sources};

/// A pipeline and what is known of its server.
struct Bench {
    files: Sources,
    metadata: Metadata,
    empty: BTreeMap<String, String>,
    policy: admission::Policy,
    tracked: Vec<String>,
}

impl Bench {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut sources = Sources::new();
        for (name, text) in files {
            sources.add(Source::new(format!(".woodpecker/{name}.yaml"), *text));
        }
        let metadata = Metadata::from_json(
            r#"{"repo": {"owner": "mosaic", "name": "stack", "default_branch": "main"}, "sys": {"name": "woodpecker"}}"#,
        );
        Self {
            files: sources,
            metadata: metadata.expect("it is JSON"),
            empty: BTreeMap::new(),
            policy: admission::Policy::default(),
            tracked: Vec::new(),
        }
    }

    fn setting(&self, server: &str) -> Setting<'_> {
        Setting {
            server: server.parse().expect("a version"),
            metadata: &self.metadata,
            given: &self.empty,
            variables: &self.empty,
            policy: &self.policy,
            tracked: &self.tracked,
        }
    }

    /// What is known of a policy, in one line: `proved`, `refuted by push on main of a, b`, `unknown: …`.
    fn told(&self, server: &str, policy: &str) -> String {
        let policy: Policy = yaml_serde::from_str(policy).expect("a policy");
        match Prover::new(&self.files, self.setting(server)).prove(&policy).status {
            Status::Proved => "proved".to_owned(),
            Status::Refuted(witness) => {
                let context = &witness.context;
                let branch = context.branch().unwrap_or("-");
                format!("refuted by {} on {branch} of [{}]", context.event(), witness.change.files.join(", "))
            }
            Status::Unknown { because, .. } => format!("unknown: {because}"),
        }
    }
}
