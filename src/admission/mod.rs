//! What the server's own linter says of a workflow before it plans: errors stop the whole pipeline, warnings are shown.
//!
//! The model is the server's `linter` package and the checks around it. Findings carry the server's level and field path, and words
//! and places of our own. [`check`] looks at the substituted workflow and at the file as it was written, each where the server does.

mod container;
mod habit;
mod image;

use crate::change::Trusted;
use crate::diag::Problem;
use crate::schema;
use crate::server::{Difference, Version};
use crate::source::{FileId, Span};
use crate::workflow::{File, Place, Workflow};

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
    /// The word that belongs in its place, where that is known.
    pub instead: Option<Instead>,
    /// It only repeats, in vaguer words, what another finding says. The server reports both; people need one.
    pub repeats: bool,
    /// Keys of which none is there: it is about that. Its place, if it has one, is what lacks them, or the first key in it.
    pub absent: &'static [&'static str],
}

/// A word that belongs in the place of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// The word: letters, digits, `_` and `-`.
    pub word: &'static str,
    /// Where it belongs, in the file as it was written.
    pub spans: Vec<Span>,
    /// It means the same to the server as what stands there.
    pub same: bool,
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
            instead: None,
            repeats: false,
            absent: &[],
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

    /// The finding as a problem of `file`: a warning that says so where it is uncertain.
    pub fn problem(&self, file: FileId) -> Problem {
        // What is missing has no place; its file has.
        let (span, text) = self.place.as_ref().map_or((Span::at(0), "in this file"), |place| (place.span, "here"));
        let problem = if self.refuses() { Problem::error } else { Problem::warning };
        let mut problem = problem(self.code, self.message.clone()).label(file, span, text);
        problem.help.clone_from(&self.help);
        if self.uncertain {
            problem.message.push_str(": whether this server allows it is not known");
            problem.help = Some(match self.code {
                "privileged-plugin" => "list the server's `privileged_plugins` in `.wp-gate.yaml`".to_owned(),
                _ => "say under `server: trusted` in `.wp-gate.yaml` what the repository is trusted with".to_owned(),
            });
        }
        problem
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

/// Checks one workflow.
///
/// `workflow` is `file` after substitution. The server looks at it for what runs, and at the file as it was written for deprecations
/// and habits.
pub fn check(workflow: &Workflow, file: &File<'_>, policy: &Policy) -> Vec<Finding> {
    let mut out = Vec::new();
    if workflow.steps.is_empty() {
        let finding = Finding::error("missing-steps", "steps", "the workflow has no `steps`");
        out.push(finding.help("add `steps` with at least one step (`pipeline` was its name until server 3.0)"));
    }
    container::check(workflow, policy, file.server(), &mut out);
    habit::check(file, &mut out);
    out
}

/// Checks a workflow file as it was written against the server's schema. All that it finds are warnings, on every server.
///
/// In a file that is not YAML nothing is found.
pub fn check_schema(file: &File<'_>) -> Vec<Finding> {
    let Some(document) = file.document() else { return Vec::new() };
    let finding = |found: schema::Finding| {
        let place = Place { span: found.span, ..Place::default() };
        let finding = Finding::warning("schema", "linter", found.field, found.kind.to_string()).at(&place);
        let instead = found.kind.instead().map(|word| Instead { word, spans: vec![found.span], same: false });
        let absent = if let schema::Kind::MissingKey { keys } = found.kind { keys } else { &[] };
        Finding { help: found.kind.help(), repeats: !found.primary, absent, instead, ..finding }
    };
    schema::check(document, file.server()).into_iter().map(finding).collect()
}
