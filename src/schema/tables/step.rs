use super::super::rule::{Key, Named, Note, Object, Rest, Rule, key, note};
use super::workflow::DEPENDENCIES;
use super::{BOOL, SOME, STRING, STRING_OR_LIST, STRINGS, backend, when, word};

/// A step: it runs commands or a plugin.
pub(super) static STEP: Named = Named {
    name: "step",
    about: "a container that runs commands or a plugin",
    rule: Rule::AnyOf(&[Rule::Named(&COMMANDS_STEP), Rule::Named(&PLUGIN_STEP)]),
};

static COMMANDS_STEP: Named = Named {
    name: "commands_step",
    about: "a step that runs commands in a container",
    rule: Rule::Object(&Object {
        required: &["image"],
        rest: Rest::Forbidden,
        keys: &COMMANDS_KEYS,
        also: &[Rule::UnlessTrue { key: "detach", rule: &Rule::Required(&["commands", "entrypoint"]) }],
        notes: &NOTES,
        ..Object::OPEN
    }),
};

static PLUGIN_STEP: Named = Named {
    name: "plugin_step",
    about: "a step that runs a plugin",
    rule: Rule::Object(&Object {
        required: &["image"],
        rest: Rest::Forbidden,
        keys: &PLUGIN_KEYS,
        notes: &NOTES,
        ..Object::OPEN
    }),
};

const NAME: Key = key("name", STRING, "the step's name, in a list of steps");
const IMAGE: Key = key("image", STRING, "the container image");
const PRIVILEGED: Key = key("privileged", BOOL, "run with the host's privileges; needs trust");
const PULL: Key = key("pull", BOOL, "always pull the image");
const DIRECTORY: Key = key("directory", STRING, "the working directory");
const WHEN: Key = key("when", Rule::Named(&when::STEP), "when the step runs; without it, always");
const VOLUME_KEY: Key = key("volumes", VOLUMES, "mounts from the host; needs trust");
const DEPENDS_ON: Key = key("depends_on", Rule::Named(&DEPENDENCIES), "steps that run before this one");
const DETACH: Key = key("detach", BOOL, "run in the background until the workflow ends");
const BACKEND_OPTIONS: Key = key("backend_options", backend::OPTIONS, "what only some kinds of agents understand");

static COMMANDS_KEYS: [Key; 16] = [
    NAME,
    IMAGE,
    PRIVILEGED,
    PULL,
    key("commands", STRING_OR_LIST, "shell commands"),
    key("environment", ENVIRONMENT, "environment variables"),
    DIRECTORY,
    WHEN,
    VOLUME_KEY,
    DEPENDS_ON,
    DETACH,
    key("failure", word(&["fail", "ignore", "cancel"]), "what the step's failure does to the workflow"),
    BACKEND_OPTIONS,
    key("entrypoint", STRING_OR_LIST, "the container's entrypoint"),
    key("dns", STRING_OR_LIST, "DNS servers; needs trust"),
    key("dns_search", STRING_OR_LIST, "DNS search domains; needs trust"),
];

static PLUGIN_KEYS: [Key; 12] = [
    NAME,
    IMAGE,
    PRIVILEGED,
    PULL,
    DIRECTORY,
    key("settings", SETTINGS, "what the plugin is told"),
    WHEN,
    VOLUME_KEY,
    DEPENDS_ON,
    DETACH,
    key("failure", word(&["fail", "ignore"]), "what the step's failure does to the workflow"),
    BACKEND_OPTIONS,
];

pub(super) const VOLUMES: Rule = STRINGS;
pub(super) const ENVIRONMENT: Rule = Rule::Object(&Object { rest: Rest::Each(&SOME), ..Object::OPEN });
pub(super) const SETTINGS: Rule = ENVIRONMENT;

/// Keys of older servers, and keys that the server reads though its schema does not list them.
pub(super) static NOTES: [Note; 7] = [
    note("secrets", "write `environment` with `from_secret`"),
    note("group", "write `depends_on`"),
    note("devices", UNLISTED),
    note("extra_hosts", UNLISTED),
    note("network_mode", UNLISTED),
    note("ports", UNLISTED),
    note("tmpfs", UNLISTED),
];

/// The help for a key that works all the same.
pub(super) const UNLISTED: &str = "the server reads it all the same: only its schema does not list it";
