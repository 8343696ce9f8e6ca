use super::super::hint::UNLISTED;
use super::super::rule::{Key, Named, Note, Object, Rest, Rule, key, note, v};
use super::workflow::DEPENDENCIES;
use super::{BOOL, SOME, STRING, STRING_OR_LIST, STRINGS, backend, legacy, since, when, word};

/// A step: it runs commands or a plugin.
pub(super) static STEP: Named = Named {
    name: "step",
    about: "a container that runs commands or a plugin",
    rule: since(
        v(3, 0),
        &Rule::AnyOf(&[Rule::Named(&COMMANDS_STEP), Rule::Named(&PLUGIN_STEP)]),
        &Rule::OneOf(&[
            Rule::Named(&legacy::COMMANDS_STEP),
            Rule::Named(&legacy::ENTRYPOINT_STEP),
            Rule::Named(&PLUGIN_STEP),
        ]),
    ),
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
const DEPENDS_ON: Key =
    key("depends_on", since(v(3, 15), &DEPENDENCIES, &STRING_OR_LIST), "steps that run before this one");
const GROUP: Key = key("group", STRING, "deprecated: `depends_on` says it now").until(v(3, 0));
const DETACH: Key = key("detach", BOOL, "run in the background until the workflow ends");
const BACKEND_OPTIONS: Key = key("backend_options", backend::OPTIONS, "what only some kinds of agents understand");

pub(super) static COMMANDS_KEYS: [Key; 18] = [
    NAME,
    IMAGE,
    PRIVILEGED,
    PULL,
    key("commands", STRING_OR_LIST, "shell commands"),
    ENVIRONMENT_KEY,
    DIRECTORY,
    SECRETS_KEY,
    WHEN,
    VOLUME_KEY,
    GROUP,
    DEPENDS_ON,
    DETACH,
    key(
        "failure",
        since(v(3, 14), &word(&["fail", "ignore", "cancel"]), &word(&["fail", "ignore"])),
        "what the step's failure does to the workflow",
    ),
    BACKEND_OPTIONS,
    key("entrypoint", STRING_OR_LIST, "the container's entrypoint"),
    key("dns", STRING_OR_LIST, "DNS servers; needs trust").listed_since(v(3, 0)),
    key("dns_search", STRING_OR_LIST, "DNS search domains; needs trust").listed_since(v(3, 0)),
];

static PLUGIN_KEYS: [Key; 13] = [
    NAME,
    IMAGE,
    PRIVILEGED,
    PULL,
    DIRECTORY,
    key("settings", SETTINGS, "what the plugin is told"),
    WHEN,
    VOLUME_KEY,
    GROUP,
    DEPENDS_ON,
    DETACH,
    key("failure", word(&["fail", "ignore"]), "what the step's failure does to the workflow"),
    BACKEND_OPTIONS,
];

pub(super) const ENVIRONMENT_KEY: Key =
    key("environment", since(v(3, 0), &ENVIRONMENT, &legacy::ENVIRONMENT_OR_LIST), "environment variables");
pub(super) const SECRETS_KEY: Key =
    key("secrets", legacy::SECRETS, "deprecated: `environment` says it now").until(v(3, 0));

pub(super) const VOLUMES: Rule = STRINGS;
pub(super) const ENVIRONMENT: Rule = Rule::Object(&Object { rest: Rest::Each(&SOME), ..Object::OPEN });
pub(super) const SETTINGS: Rule = ENVIRONMENT;

/// Keys of older servers, and keys that the server reads though its schema does not list them.
pub(super) static NOTES: [Note; 13] = [
    note("secrets", "write `environment` with `from_secret`"),
    note("group", "write `depends_on`"),
    note("devices", UNLISTED),
    note("extra_hosts", UNLISTED),
    note("network_mode", UNLISTED),
    note("ports", UNLISTED),
    note("tmpfs", UNLISTED),
    note("cpu_quota", UNLISTED).until(v(3, 0)),
    note("cpuset", UNLISTED).until(v(3, 0)),
    note("cpu_shares", UNLISTED).until(v(3, 0)),
    note("mem_limit", UNLISTED).until(v(3, 0)),
    note("memswap_limit", UNLISTED).until(v(3, 0)),
    note("shm_size", UNLISTED).until(v(3, 0)),
];
