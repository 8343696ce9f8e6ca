//! `.wp-gate.yaml`: what a team says of its server.
//!
//! Every key is optional; a key that is not known is an error.

mod costs;

pub use costs::Costs;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::admission::{Policy, Setting, Trust};
use crate::catalogue::{rule, rules};
use crate::change::Forge;
use crate::forge::ForgeLimits;
use crate::policy;
use crate::rule::Levels;
use crate::server::Version;
use crate::text::{escape, nearest};

/// The name of the file, at the repository's root.
pub const FILE_NAME: &str = ".wp-gate.yaml";

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The server's version; `None`: the newest known.
    #[serde(deserialize_with = "version")]
    pub woodpecker: Option<Version>,
    /// The forge whose list of changed files the server gets; `None`: to be guessed.
    #[serde(deserialize_with = "forge")]
    pub forge: Option<Forge>,
    /// How much the forge sends, where its administrator has changed that.
    pub forge_limits: ForgeLimits,
    /// The server and what its administrator has set.
    pub server: Server,
    /// How long steps take.
    pub costs: Costs,
    /// What is promised of every change.
    pub policies: Vec<policy::Policy>,
    /// Fleet manifests.
    pub fleet: Fleet,
    /// How findings are looked for, in workflow files and rosters.
    pub lint: Lint,
}

/// Fleet manifests ("rosters"): which files they are, and what they may say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fleet {
    /// Globs of the rosters, on paths relative to the repository's root.
    pub rosters: Vec<String>,
    /// Classes of agents, beyond those that are known anyway.
    pub classes: Vec<String>,
    /// Runtimes, beyond those that are known anyway.
    pub runtimes: Vec<String>,
    /// Transports, beyond those that are known anyway.
    pub transports: Vec<String>,
    /// Keys of rosters and agents, beyond those that are known anyway.
    pub keys: Vec<String>,
    /// Profiles of rosters that do not say theirs, by globs on their paths. Of several globs that match, the longest counts.
    pub profiles: BTreeMap<String, String>,
}

/// How findings are looked for, in workflow files and rosters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lint {
    /// The levels of rules, where they differ from the rules' own: `off`, `note`, `warn` or `error`.
    pub rules: Levels,
    /// The file of findings that are known and left out; a path from the repository's root.
    pub baseline: Option<String>,
}

/// The server and what its administrator has set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The host name, which `when.instance` is held against.
    pub host: Option<String>,
    /// The platform that `when.platform` is held against. A real server has none when it decides.
    pub platform: Option<String>,
    /// `WOODPECKER_PLUGINS_PRIVILEGED`: plugins that may be privileged; `None`: not known.
    pub privileged_plugins: Option<Vec<String>>,
    /// `WOODPECKER_PLUGINS_TRUSTED_CLONE`: clone plugins that get credentials.
    pub trusted_clone_plugins: Option<Vec<String>>,
    /// What the repository is trusted with; `None`: not known.
    pub trusted: Option<Trusted>,
    /// `WOODPECKER_ENVIRONMENT`: variables that every pipeline gets.
    pub environment: BTreeMap<String, String>,
    /// The path of the workflows that is set in the repository's settings; a folder ends with `/`. `None`: the default ones.
    pub config_path: Option<String>,
}

/// What the repository is trusted with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trusted {
    /// `dns`, `extra_hosts`, `network_mode`…
    pub network: bool,
    /// `volumes`, `devices`, `tmpfs`.
    pub volumes: bool,
    /// `privileged`.
    pub security: bool,
}

impl Server {
    /// What the server's linter goes by.
    pub fn policy(&self) -> Policy {
        let trust = self.trusted.map(|Trusted { network, volumes, security }| Trust { network, volumes, security });
        Policy {
            privileged_plugins: match &self.privileged_plugins {
                Some(list) => Setting::Known(Some(list.clone())),
                None => Setting::Unknown,
            },
            trusted_clone_plugins: self.trusted_clone_plugins.clone(),
            trust: trust.map_or(Setting::Unknown, Setting::Known),
            ..Policy::default()
        }
    }
}

/// A text that is no configuration. Whoever wrote it has to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, with line and column where they are known.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads a configuration. An empty text is an empty configuration.
    ///
    /// # Errors
    /// A text that is not YAML, an unknown key, a value of the wrong type, an unknown version, a rule that there is not, a policy that
    /// promises nothing, two policies of one name.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Option<Self> = yaml_serde::from_str(text).map_err(|error| explain(&error.to_string()))?;
        let config = config.unwrap_or_default();
        if let Some(id) = config.lint.rules.keys().find(|id| rule(id).is_none()) {
            return Err(unknown_rule(id));
        }
        let mut names = BTreeSet::new();
        for policy in &config.policies {
            let name = escape(&policy.name);
            if let Some(flaw) = policy.flaw() {
                return Err(ConfigError { message: format!("policy `{name}`: {flaw}"), help: None });
            }
            if !names.insert(&policy.name) {
                let help = Some("give each policy its own name".to_owned());
                return Err(ConfigError { message: format!("two policies are named `{name}`"), help });
            }
        }
        Ok(config)
    }
}

fn unknown_rule(id: &str) -> ConfigError {
    let help = match nearest(id, rules().iter().map(|rule| rule.id)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "`wp-gate rules` lists them".to_owned(),
    };
    ConfigError { message: format!("`lint.rules`: there is no rule `{}`", escape(id)), help: Some(help) }
}

/// Adds "did you mean" to serde's message for an unknown key, which names the key and those that are known in backticks.
fn explain(message: &str) -> ConfigError {
    let message = message.replace('\n', " ");
    let help = message.split_once("unknown field `").and_then(|(_, rest)| {
        let mut quoted = rest.split('`');
        let unknown = quoted.next()?;
        let known = quoted.skip(1).step_by(2).filter(|name| !name.is_empty());
        nearest(unknown, known).map(|name| format!("did you mean `{name}`?"))
    });
    ConfigError { message: escape(&message).to_string(), help }
}

/// A version, in quotes or as the number that YAML makes of `3.10` (which is why it asks for quotes then).
fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a version in quotes, such as \"3.17\"")]
    enum Written {
        Text(String),
        Number(f64),
    }
    match Option::<Written>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
        Some(Written::Number(number)) => Err(serde::de::Error::custom(format!(
            "the version must be in quotes: without them, YAML reads 3.10 and {number} as numbers, and 3.10 as 3.1"
        ))),
    }
}

/// A forge, by its name.
fn forge<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Forge>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    name.map(|name| name.parse().map_err(serde::de::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rule::Level;

    #[test]
    fn an_empty_file_is_an_empty_configuration() {
        for text in ["", "# nothing\n", "{}", "null"] {
            assert_eq!(Config::parse(text), Ok(Config::default()), "{text:?}");
        }
    }

    #[test]
    fn all_keys_are_read() {
        let config = Config::parse(
            "woodpecker: '3.4'\nserver: {host: ci.example.com, platform: linux/amd64, privileged_plugins: [plugins/docker], \
             trusted: {network: true}, environment: {A: b}, config_path: ci/}\n\
             fleet: {rosters: [fleet/*.yaml], classes: [reviewer], runtimes: [aider], transports: [zellij], keys: [model], \
             profiles: {fleet/x.yaml: minimal}}\n",
        )
        .expect("it is valid");
        assert_eq!(config.woodpecker.map(|version| version.to_string()), Some("3.4".to_owned()));
        assert_eq!(config.server.host.as_deref(), Some("ci.example.com"));
        assert_eq!(config.server.policy().trust, Setting::Known(Trust { network: true, ..Trust::default() }));
        assert_eq!(config.server.environment["A"], "b");
        let one = |text: &str| vec![text.to_owned()];
        let fleet = Fleet {
            rosters: one("fleet/*.yaml"),
            classes: one("reviewer"),
            runtimes: one("aider"),
            transports: one("zellij"),
            keys: one("model"),
            profiles: [("fleet/x.yaml".to_owned(), "minimal".to_owned())].into(),
        };
        assert_eq!(config.fleet, fleet);
    }

    #[test]
    fn an_unknown_key_is_an_error_with_a_suggestion() {
        let error = Config::parse("woodpeker: '3.4'").expect_err("it is misspelt");
        assert!(error.message.contains("unknown field `woodpeker`"), "{error}");
        assert_eq!(error.help.as_deref(), Some("did you mean `woodpecker`?"));
        let error = Config::parse("server:\n  hots: x\n").expect_err("it is misspelt");
        assert_eq!(error.help.as_deref(), Some("did you mean `host`?"));
    }

    #[test]
    fn the_levels_of_rules_are_read_and_a_rule_that_there_is_not_is_an_error() {
        let config = Config::parse("lint:\n  rules: {missing-image: off, schema: note}\n").expect("it is valid");
        let levels = [("missing-image".to_owned(), Level::Off), ("schema".to_owned(), Level::Note)];
        assert_eq!(config.lint.rules, Levels::from(levels));
        let error = Config::parse("lint: {rules: {shcema: off}}").expect_err("it is misspelt");
        assert_eq!(error.help.as_deref(), Some("did you mean `schema`?"));
        assert!(Config::parse("lint: {rules: {schema: loud}}").is_err());
    }

    #[test]
    fn costs_are_durations_and_the_longest_glob_counts() {
        let config = Config::parse("costs: {'*': 1m 30s, build-web: 25m}").expect("it is valid");
        assert_eq!(config.costs.of("build-web"), Some(Duration::from_mins(25)));
        assert_eq!(config.costs.of("test"), Some(Duration::from_secs(90)));
        assert_eq!(Config::default().costs.of("test"), None);
        let error = Config::parse("costs: {a: soon}").expect_err("no duration");
        assert!(error.message.contains("`soon` is no duration"), "{error}");
    }

    #[test]
    fn policies_are_checked_when_they_are_read() {
        let config = Config::parse("forge: gitea\npolicies: [{name: a, always: x}, {name: b, never: x}]");
        assert_eq!(config.expect("it is valid").policies.len(), 2);
        for (text, message) in [
            ("policies: [{name: a}]", "policy `a`: it promises nothing"),
            ("policies: [{name: a, always: x}, {name: a, never: y}]", "two policies are named `a`"),
            ("forge: gitae", "unknown forge"),
        ] {
            let error = Config::parse(text).expect_err(text);
            assert!(error.message.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn a_version_without_quotes_is_refused_with_the_reason() {
        let error = Config::parse("woodpecker: 3.10").expect_err("it is a number");
        assert!(error.message.contains("in quotes"), "{error}");
    }
}
