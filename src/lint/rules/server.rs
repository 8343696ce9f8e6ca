//! What the server itself reports of a file: reading it finds these, so the rules have no function of their own.

use super::super::rule::{Echo, Group, Level, Rule};

const fn finding(id: &'static str, level: Level, summary: &'static str, page: &'static str) -> Rule {
    Rule { id, group: Group::Server, level, since: "0.1.0", summary, page, echo: None, checks: &[] }
}

/// `rule`, of whose flaws the schema has something to say, too.
const fn echoed(echo: Echo, rule: Rule) -> Rule {
    Rule { echo: Some(echo), ..rule }
}

pub(super) static ALIAS_CYCLE: Rule = finding(
    "alias-cycle",
    Level::Error,
    "an alias inside of what it stands for",
    include_str!("server/alias_cycle.md"),
);

pub(super) static BAD_MERGE: Rule = finding(
    "bad-merge",
    Level::Error,
    "a `<<` that merges something that cannot be merged",
    include_str!("server/bad_merge.md"),
);

pub(super) static BAD_SUBSTITUTION: Rule = finding(
    "bad-substitution",
    Level::Error,
    "a `${…}` that the server cannot substitute",
    include_str!("server/bad_substitution.md"),
);

pub(super) static DEPRECATED: Rule = echoed(
    Echo::SameBytes,
    finding(
        "deprecated",
        Level::Warn,
        "something that the server still takes, and will not for ever",
        include_str!("server/deprecated.md"),
    ),
);

pub(super) static DUPLICATE_KEY: Rule =
    finding("duplicate-key", Level::Error, "a map with a key twice", include_str!("server/duplicate_key.md"));

pub(super) static DUPLICATE_SERVICE: Rule =
    finding("duplicate-service", Level::Error, "two services of one name", include_str!("server/duplicate_service.md"));

pub(super) static EMPTY_AXIS: Rule =
    finding("empty-axis", Level::Error, "an empty matrix axis beside others", include_str!("server/empty_axis.md"));

pub(super) static INSUFFICIENT_TRUST: Rule = finding(
    "insufficient-trust",
    Level::Error,
    "a key that needs a repository which the administrator trusts",
    include_str!("server/insufficient_trust.md"),
);

pub(super) static INVALID_KEY: Rule =
    finding("invalid-key", Level::Error, "a list or a map as a key", include_str!("server/invalid_key.md"));

pub(super) static MISSING_IMAGE: Rule = echoed(
    Echo::Missing("image"),
    finding("missing-image", Level::Error, "a step without an image", include_str!("server/missing_image.md")),
);

pub(super) static MISSING_STEPS: Rule = echoed(
    Echo::Missing("steps"),
    finding("missing-steps", Level::Error, "a workflow without steps", include_str!("server/missing_steps.md")),
);

pub(super) static NO_EVENT_FILTER: Rule = finding(
    "no-event-filter",
    Level::Warn,
    "a step that runs on every event",
    include_str!("server/no_event_filter.md"),
);

pub(super) static PRIVILEGED_PLUGIN: Rule = finding(
    "privileged-plugin",
    Level::Error,
    "a plugin that has to be privileged and is not",
    include_str!("server/privileged_plugin.md"),
);

pub(super) static SCHEMA: Rule = finding(
    "schema",
    Level::Warn,
    "something that the server's schema does not allow",
    include_str!("server/schema.md"),
);

pub(super) static SETTINGS_AND_COMMANDS: Rule = finding(
    "settings-and-commands",
    Level::Error,
    "a step with both `settings` and `commands`",
    include_str!("server/settings_and_commands.md"),
);

pub(super) static SETTINGS_AND_ENVIRONMENT: Rule = finding(
    "settings-and-environment",
    Level::Warn,
    "a step with both `settings` and `environment`",
    include_str!("server/settings_and_environment.md"),
);

pub(super) static TOO_LARGE: Rule = finding(
    "too-large",
    Level::Error,
    "aliases that expand to far more than the file holds",
    include_str!("server/too_large.md"),
);

pub(super) static UNKNOWN_DEPENDENCY: Rule = finding(
    "unknown-dependency",
    Level::Error,
    "a step that depends on a step which is not there",
    include_str!("server/unknown_dependency.md"),
);

pub(super) static UNTRUSTED_CLONE: Rule = finding(
    "untrusted-clone",
    Level::Warn,
    "a clone step whose image gets no credentials",
    include_str!("server/untrusted_clone.md"),
);

pub(super) static WRONG_TYPE: Rule = echoed(
    Echo::SameBytes,
    finding(
        "wrong-type",
        Level::Error,
        "a value of a kind that the server cannot use there",
        include_str!("server/wrong_type.md"),
    ),
);

pub(super) static WRONG_VALUE: Rule = echoed(
    Echo::SameBytes,
    finding(
        "wrong-value",
        Level::Error,
        "a value that the server reads but cannot use",
        include_str!("server/wrong_value.md"),
    ),
);

pub(super) static YAML_SYNTAX: Rule =
    finding("yaml-syntax", Level::Error, "a file that is not YAML", include_str!("server/yaml_syntax.md"));
