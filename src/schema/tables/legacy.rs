//! What only the schema of server 2.8 has.

use super::super::rule::{Kinds, Named, Object, Rest, Rule, key};
use super::step::{COMMANDS_KEYS, ENVIRONMENT, NOTES};
use super::{STRING, STRING_OR_LIST, STRINGS};

/// `branches`: globs.
pub(super) const BRANCHES: Rule = Rule::Named(&Named {
    name: "branches",
    about: "globs for branches: one, a list of which one must match, or lists to include and exclude",
    rule: Rule::OneOf(&[
        STRINGS,
        STRING,
        Rule::Object(&Object {
            rest: Rest::Forbidden,
            keys: &[
                key("exclude", STRING_OR_LIST, "globs of which none may match"),
                key("include", STRING_OR_LIST, "globs of which one must match"),
            ],
            ..Object::OPEN
        }),
    ]),
});

/// A step that has commands, and one that has an entrypoint. One that has both is both, which the schema does not take.
pub(super) static COMMANDS_STEP: Named = Named {
    name: "commands_step_2",
    about: "a step that runs commands in a container",
    rule: Rule::Object(&Object { required: &["image", "commands"], ..RUNS }),
};
pub(super) static ENTRYPOINT_STEP: Named = Named {
    name: "entrypoint_step_2",
    about: "a step that runs an entrypoint in a container",
    rule: Rule::Object(&Object { required: &["image", "entrypoint"], ..RUNS }),
};

const RUNS: Object = Object { rest: Rest::Forbidden, keys: &COMMANDS_KEYS, notes: &NOTES, ..Object::OPEN };

/// `environment` of a step: a map, or a list.
pub(super) const ENVIRONMENT_OR_LIST: Rule = Rule::OneOf(&[STRINGS, ENVIRONMENT]);

/// `secrets` of a step.
pub(super) const SECRETS: Rule = Rule::Items(&Rule::OneOf(&[STRING, Rule::Object(&SECRET)]));

static SECRET: Object = Object {
    required: &["source", "target"],
    keys: &[
        key("source", STRING, "the secret's name"),
        key("target", STRING, "the environment variable that it is put into"),
    ],
    ..Object::OPEN
};

/// `event` of a step.
pub(super) const STEP_EVENT: Rule = Rule::OneOf(&[
    EVENT,
    EVENTS,
    Rule::Object(&Object {
        rest: Rest::Forbidden,
        keys: &[
            key("include", EVENT_OR_LIST, "events of which one must have happened"),
            key("exclude", EVENT_OR_LIST, "events of which none may have happened"),
        ],
        ..Object::OPEN
    }),
]);

const EVENT_OR_LIST: Rule = Rule::OneOf(&[EVENT, EVENTS]);
const EVENTS: Rule = Rule::Items(&EVENT);
const EVENT: Rule = Rule::Enum { words: EVENT_NAMES, kinds: Kinds::ANY };

/// The events before 3.10.
pub(super) const EVENT_NAMES: &[&str] =
    &["push", "pull_request", "pull_request_closed", "tag", "deployment", "cron", "manual", "release"];
