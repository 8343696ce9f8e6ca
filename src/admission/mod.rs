//! What the server's own linter says of a workflow before it plans: errors stop the whole pipeline, warnings are shown.
//!
//! The model is the server's `linter` package and the checks around it. Findings carry the server's level and field path, and words
//! and places of our own. [`check`] looks at the substituted workflow and at the raw one, each where the server does.

mod container;
mod habit;
mod image;

use crate::change::Trusted;
use crate::schema::{self, Edition};
use crate::server::{Difference, Version};
use crate::workflow::{Place, Workflow};
use crate::yaml::Document;

/// One finding of the server's linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Our name for its kind.
    pub code: &'static str,
    /// The server's class: `linter`, `deprecation` or `bad_habit`.
    pub class: &'static str,
    /// It does not stop the pipeline.
    pub warning: bool,
    /// The server's path to the field: `steps.build.depends_on`.
    pub field: String,
    /// What is wrong, in our words.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where; `None` when the flaw is that something is missing from the file.
    pub place: Option<Place>,
    /// It hangs on a setting of the server that is not known: the server may say nothing.
    pub uncertain: bool,
}

impl Finding {
    fn error(code: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            class: "linter",
            warning: false,
            field: field.into(),
            message: message.into(),
            help: None,
            place: None,
            uncertain: false,
        }
    }

    fn warning(code: &'static str, class: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { class, warning: true, ..Self::error(code, field, message) }
    }

    fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the server refuses the pipeline for it, for certain.
    pub fn refuses(&self) -> bool {
        !self.warning && !self.uncertain
    }
}

/// A setting of the server, which its administrator knows and we may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// This.
    Known(T),
    /// What would be an error under the server's default is uncertain.
    #[default]
    Unknown,
}

/// What a repository is trusted with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// `dns`, `dns_search`, `extra_hosts`, `network_mode`.
    pub network: bool,
    /// `volumes`, `devices`, `tmpfs`.
    pub volumes: bool,
    /// `privileged`.
    pub security: bool,
}

impl From<Trusted> for Trust {
    fn from(Trusted { network, volumes, security }: Trusted) -> Self {
        Self { network, volumes, security }
    }
}

impl Trust {
    /// As `server` sees it: before 3.0 one flag stood for all.
    fn on(self, server: Version) -> Self {
        if server.has(Difference::SingleTrust) {
            let all = self.network && self.volumes && self.security;
            return Self { network: all, volumes: all, security: all };
        }
        self
    }
}

/// What the server's administrator has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// `WOODPECKER_PLUGINS_PRIVILEGED`: images of plugins that may be privileged. `Known(None)`: the server's default, which is none
    /// since 3.0 and the formerly privileged plugins before.
    pub privileged_plugins: Setting<Option<Vec<String>>>,
    /// `WOODPECKER_PLUGINS_TRUSTED_CLONE`: images of clone plugins that get credentials. `None`: the server's default.
    pub trusted_clone_plugins: Option<Vec<String>>,
    /// What the repository is trusted with.
    pub trust: Setting<Trust>,
    /// Whether the secrets that steps list under `secrets` exist (server 2.x refuses the pipeline when one does not). Those that
    /// `from_secret` names are always taken to exist.
    pub listed_secrets_exist: bool,
}

impl Default for Policy {
    /// Nothing known: the default clone plugins, and secrets that exist.
    fn default() -> Self {
        Self {
            privileged_plugins: Setting::Unknown,
            trusted_clone_plugins: None,
            trust: Setting::Unknown,
            listed_secrets_exist: true,
        }
    }
}

/// A workflow before substitution.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// Its name, which the server puts before the fields of some findings.
    pub name: &'a str,
    /// The text of its file.
    pub text: &'a str,
    /// What the text says when it is read without substitution; `None` when it cannot be read so, and nothing is looked for in it.
    pub workflow: Option<&'a Workflow>,
}

/// Checks one workflow.
///
/// `workflow` is the file after substitution; `raw` is the workflow as it was written, with its `name` and `text`: the server looks
/// at the former for what runs, and at the latter for deprecations and habits.
pub fn check(workflow: &Workflow, raw: &Raw<'_>, policy: &Policy, server: Version) -> Vec<Finding> {
    let mut out = Vec::new();
    if workflow.steps.is_empty() {
        let finding = Finding::error("missing-steps", "steps", "the workflow has no `steps`");
        out.push(finding.help("add `steps` with at least one step (`pipeline` was its name until server 3.0)"));
    }
    container::check(workflow, policy, server, &mut out);
    habit::check(raw, server, &mut out);
    out
}

/// Checks a workflow as it was written, `document`, against the server's schema. All that it finds are warnings.
///
/// The schema is that of server 3.16 and later; for older ones nothing is found.
pub fn check_schema(document: &Document<'_>, server: Version) -> Vec<Finding> {
    if !server.has(Difference::YamlV4) {
        return Vec::new();
    }
    let edition = if server == Version::NEXT { Edition::Next } else { Edition::V3_17 };
    let finding = |found: schema::Finding| {
        let place = Place { span: found.span, ..Place::default() };
        let finding = Finding::warning("schema", "linter", found.field, found.kind.to_string()).at(&place);
        Finding { help: found.kind.help(), ..finding }
    };
    schema::check(document, edition).into_iter().map(finding).collect()
}
