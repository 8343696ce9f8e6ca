use super::super::hint::UNLISTED;
use super::super::rule::{Key, Kinds, Named, Note, Object, Rest, Rule, key, note, note_of, v};
use super::{BOOL, SCALAR, STRING, STRINGS, legacy, since, word};

/// When a workflow runs.
pub(super) static WORKFLOW: Named = Named {
    name: "workflow_when",
    about: "conditions; of a list of them, one must hold",
    rule: Rule::OneOf(&[Rule::Items(&WORKFLOW_CONDITION), WORKFLOW_CONDITION]),
};

/// When a step or a service runs.
pub(super) static STEP: Named = Named {
    name: "step_when",
    about: "conditions; of a list of them, one must hold",
    rule: Rule::OneOf(&[Rule::Items(&STEP_CONDITION), STEP_CONDITION]),
};

const WORKFLOW_CONDITION: Rule = Rule::Named(&Named {
    name: "workflow_condition",
    about: "what must hold; every key of it",
    rule: Rule::Object(&Object { keys: &WORKFLOW_KEYS, rest: Rest::Forbidden, notes: &NOTES, ..Object::OPEN }),
});

const STEP_CONDITION: Rule = Rule::Named(&Named {
    name: "step_condition",
    about: "what must hold; every key of it",
    rule: Rule::Object(&Object { keys: &STEP_KEYS, rest: Rest::Forbidden, notes: &NOTES, ..Object::OPEN }),
});

const REPO: Key = key("repo", FILTER, "the repository, `owner/name`");
const BRANCH: Key = key("branch", FILTER, "the branch; of a pull request, the one it goes to");
const EVENT: Key = key("event", EVENTS, "what happened");
const REF: Key = key("ref", since(v(3, 14), &FILTER, &STRING), "the git ref");
const CRON: Key = key("cron", FILTER, "the name of the cron job");
const STATUS: Key = key(
    "status",
    Rule::OneOf(&[Rule::Items(&STATUS_NAME), STATUS_NAME]),
    "run after success, after failure, or after both",
);
const ENVIRONMENT: Key = key("environment", FILTER, "the deployment's target").until(v(3, 0));
const PLATFORM: Key = key("platform", FILTER, "the agent's platform");
const INSTANCE: Key = key("instance", FILTER, "the server's host name");
const PATH: Key = key("path", PATHS, "the files that changed");
const EVALUATE: Key = key("evaluate", STRING, "an expression that must be true");

static WORKFLOW_KEYS: [Key; 11] =
    [REPO, BRANCH, EVENT, REF, CRON, STATUS.since(v(3, 14)), PLATFORM, ENVIRONMENT, INSTANCE, PATH, EVALUATE];

static STEP_KEYS: [Key; 12] = [
    REPO,
    BRANCH,
    key("event", since(v(3, 0), &EVENTS, &legacy::STEP_EVENT), "what happened"),
    REF,
    CRON,
    STATUS,
    PLATFORM,
    ENVIRONMENT,
    key("matrix", Rule::Object(&MATRIX), "the values of the matrix"),
    INSTANCE,
    PATH,
    EVALUATE,
];

static NOTES: [Note; 3] = [
    note("local", UNLISTED),
    note("environment", "use `evaluate` with `CI_PIPELINE_DEPLOY_TARGET`"),
    note_of("ref", Kinds::LIST.or(Kinds::MAP), "the server takes it all the same: only its schema wants one glob")
        .until(v(3, 14)),
];

static MATRIX: Object = Object {
    rest: Rest::Each(&SCALAR),
    notes: &[note_of("include", Kinds::MAP, UNLISTED), note_of("exclude", Kinds::MAP, UNLISTED)],
    ..Object::OPEN
};

const STATUS_NAME: Rule = word(&["success", "failure"]);

const EVENTS: Rule = Rule::OneOf(&[EVENT_NAME, Rule::Items(&EVENT_NAME)]);

const EVENT_NAME: Rule =
    since(v(3, 10), &NEW_EVENT_NAME, &Rule::Enum { words: legacy::EVENT_NAMES, kinds: Kinds::ANY });

const NEW_EVENT_NAME: Rule = Rule::Enum {
    words: &[
        "push",
        "pull_request",
        "pull_request_closed",
        "pull_request_metadata",
        "tag",
        "deployment",
        "cron",
        "manual",
        "release",
    ],
    kinds: Kinds::ANY,
};

/// Globs: one, a list, or lists of what is in and out.
const FILTER: Rule = Rule::Named(&Named {
    name: "filter",
    about: "globs: one, a list of which one must match, or lists to include and exclude",
    rule: Rule::OneOf(&[
        STRING,
        STRINGS,
        Rule::Object(&Object {
            rest: Rest::Forbidden,
            keys: &[
                key("include", Rule::OneOf(&[STRING, STRINGS]), "globs of which one must match"),
                key("exclude", Rule::OneOf(&[STRING, STRINGS]), "globs of which none may match"),
            ],
            ..Object::OPEN
        }),
    ]),
});

/// Globs for changed files.
const PATHS: Rule = Rule::Named(&Named {
    name: "paths",
    about: "globs for changed files: one, a list of which one must match, or lists to include and exclude",
    rule: Rule::OneOf(&[
        STRING,
        STRINGS,
        Rule::Object(&Object {
            rest: Rest::Forbidden,
            keys: &[
                key("include", STRINGS, "globs of which one must match a changed file"),
                key("exclude", STRINGS, "globs of which some changed file must match none"),
                key("ignore_message", STRING, "text that, in the commit message, makes the condition hold"),
                key("on_empty", BOOL, "whether the condition holds when no file changed"),
            ],
            notes: &[note_of("include", Kinds::STRING, ONE_GLOB), note_of("exclude", Kinds::STRING, ONE_GLOB)],
            ..Object::OPEN
        }),
    ]),
});

/// The help for one glob where the schema wants a list.
const ONE_GLOB: &str = "the server takes one glob all the same: its schema wants `[…]`";
