use super::super::hint::UNLISTED;
use super::super::rule::{Key, Kinds, Named, Object, Rest, Rule, key, note, renamed, v};
use super::step::{ENVIRONMENT_KEY, SECRETS_KEY, SETTINGS, STEP, VOLUMES};
use super::{BOOL, NUMBER, SCALAR, STRING, STRING_OR_LIST, STRINGS, backend, legacy, since, step, when, word};
use crate::server::Version;

/// A workflow file.
pub static WORKFLOW: Object = Object {
    required: &["steps"],
    rest: Rest::Forbidden,
    keys: &[
        key("$schema", Rule::Uri, "the schema an editor checks the file with; the server does not read it"),
        key("variables", Rule::Any, "anything; a place for anchors"),
        key("clone", Rule::Named(&CLONE), "how the repository is cloned, instead of the default way"),
        key("skip_clone", BOOL, "do not clone the repository"),
        key("branches", legacy::BRANCHES, "deprecated: `when.branch` says it now").until(v(3, 0)),
        key("when", Rule::Named(&when::WORKFLOW), "when the workflow runs; without it, always"),
        key("steps", Rule::Named(&STEPS), "what runs"),
        key("pipeline", Rule::Named(&STEPS), "deprecated: `steps` says it now").until(v(3, 0)),
        key("services", Rule::Named(&SERVICES), "containers that run beside the steps"),
        key("workspace", Rule::Object(&Object::OPEN), "where the repository is cloned to"),
        key("matrix", Rule::Object(&MATRIX), "run the workflow once for each combination of values"),
        key("platform", STRING, "deprecated: `labels` says it now").until(v(3, 0)),
        key("labels", Rule::Object(&LABELS), "which agents may run the workflow"),
        key("depends_on", since(v(3, 15), &DEPENDENCIES, &STRINGS), "workflows that run before this one"),
        key("concurrency", Rule::Named(&CONCURRENCY), "how many runs of the workflow may be under way at once")
            .since(v(3, 16)),
        key("runs_on", STRINGS, "deprecated: `when.status` says it now"),
        key("version", NUMBER, "the version of the file's format; the server does not read it").until(v(3, 0)),
    ],
    notes: &[
        renamed("pipeline", "steps", "write `steps`"),
        note("branches", "write `branch` under `when`"),
        note("platform", "write `platform` under `labels`"),
        note("networks", UNLISTED).until(v(3, 0)),
        note("volumes", UNLISTED).until(v(3, 0)),
    ],
    ..Object::OPEN
};

static STEPS: Named = Named {
    name: "steps",
    about: "steps, by name or in a list",
    rule: Rule::OneOf(&[
        Rule::Object(&Object { rest: Rest::Each(&Rule::Named(&STEP)), not_empty: true, ..Object::OPEN }),
        Rule::Items(&Rule::Named(&STEP)),
    ]),
};

static CLONE: Named = Named {
    name: "clone",
    about: "the settings of the default clone step, or clone steps of one's own",
    rule: Rule::OneOf(&[
        Rule::Object(&Object {
            keys: &[key("git", Rule::Object(&CLONE_GIT), "the default clone step")],
            rest: Rest::Forbidden,
            ..Object::OPEN
        }),
        Rule::Items(&Rule::Named(&STEP)),
    ]),
};

static CLONE_GIT: Object = Object {
    keys: &[
        key("image", STRING, "the clone plugin"),
        key("settings", Rule::Object(&CLONE_SETTINGS), "what the clone plugin is told"),
    ],
    ..Object::OPEN
};

static CLONE_SETTINGS: Object = Object {
    keys: &[
        key("depth", NUMBER, "how many commits to fetch"),
        key("recursive", BOOL, "clone submodules too"),
        key("partial", BOOL, "fetch only the commit and the files it needs"),
        key("lfs", BOOL, "fetch files that are in Git LFS"),
        key("tags", BOOL, "fetch tags"),
    ],
    rest: Rest::Each(&super::SOME),
    ..Object::OPEN
};

pub(super) const DEPENDENCIES: Rule = Rule::Named(&Named {
    name: "depends_on",
    about: "one name, or a list of names and optional dependencies",
    rule: Rule::OneOf(&[STRING, Rule::Items(&DEPENDENCY)]),
});

const DEPENDENCY: Rule = Rule::OneOf(&[
    STRING,
    Rule::Object(&Object {
        required: &["name"],
        rest: Rest::Forbidden,
        keys: &[
            key("name", STRING, "what must run before"),
            key("optional", BOOL, "whether the dependency is dropped when it is not there"),
        ],
        ..Object::OPEN
    }),
]);

static CONCURRENCY: Named = Named {
    name: "concurrency",
    about: "a number of runs, or that number and the group it counts in",
    rule: Rule::OneOf(&[
        Rule::AtLeast(1),
        Rule::Object(&Object {
            required: &["limit"],
            rest: Rest::Forbidden,
            keys: &[
                key("limit", Rule::AtLeast(1), "how many runs of the group may be under way at once"),
                key("group", STRING, "the group; the workflow's name if there is none"),
            ],
            ..Object::OPEN
        }),
    ]),
};

static MATRIX: Object = Object {
    keys: &[key("include", Rule::Items(&Rule::Object(&Object::OPEN)), "the combinations, one by one")],
    rest: Rest::Each(&Rule::Items(&SCALAR)),
    ..Object::OPEN
};

static LABELS: Object = Object { rest: Rest::Each(&SCALAR), ..Object::OPEN };

static SERVICES: Named = Named {
    name: "services",
    about: "services, by name or in a list",
    rule: Rule::OneOf(&[
        Rule::Object(&Object { rest: Rest::Each(&Rule::Named(&SERVICE)), not_empty: true, ..Object::OPEN }),
        Rule::Since {
            release: Version::NEXT,
            new: &Rule::Items(&Rule::AllOf(&[Rule::Named(&SERVICE), Rule::Required(&["name"])])),
            old: &Rule::Items(&Rule::Named(&SERVICE)),
        },
    ]),
};

static SERVICE: Named = Named {
    name: "service",
    about: "a container that runs beside the steps",
    rule: Rule::Object(&Object {
        required: &["image"],
        rest: Rest::Forbidden,
        not_empty: true,
        keys: &SERVICE_KEYS,
        notes: &step::NOTES,
        ..Object::OPEN
    }),
};

static SERVICE_KEYS: [Key; 15] = [
    key("name", STRING, "its name and the host name that steps reach it by"),
    key("image", STRING, "the container image"),
    key("privileged", BOOL, "run with the host's privileges; needs trust"),
    key("pull", BOOL, "always pull the image"),
    key("commands", STRING_OR_LIST, "shell commands"),
    ENVIRONMENT_KEY,
    SECRETS_KEY,
    key("entrypoint", STRING_OR_LIST, "the container's entrypoint").listed_since(v(3, 14)),
    key("directory", STRING, "the working directory").listed_since(v(3, 0)),
    key("settings", SETTINGS, "what a plugin is told"),
    key("when", Rule::Named(&when::STEP), "when the service runs; without it, always"),
    key("volumes", VOLUMES, "mounts from the host; needs trust"),
    key("failure", word(&["fail", "ignore"]), "what its failure does to the workflow").since(v(3, 14)),
    key("backend_options", backend::OPTIONS, "what only some kinds of agents understand"),
    key(
        "ports",
        Rule::Items(&Rule::OneOf(&[Rule::Type(Kinds::NUMBER), Rule::Type(Kinds::STRING)])),
        "ports that steps can reach",
    ),
];
