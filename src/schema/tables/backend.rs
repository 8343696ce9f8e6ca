use super::super::rule::{Key, Kinds, Named, Object, Rest, Rule, key, note, note_of, v};
use super::{BOOL, NUMBER, SCALAR, STRING, STRINGS, since};
use crate::server::Version;

/// What only some kinds of agents understand.
pub(super) const OPTIONS: Rule = Rule::Named(&Named {
    name: "backend_options",
    about: "what only some kinds of agents understand, by kind",
    rule: Rule::Object(&Object {
        keys: &[
            next("docker", Rule::Object(&DOCKER), "for agents that run Docker"),
            key("kubernetes", Rule::Object(&KUBERNETES), "for agents that run Kubernetes"),
        ],
        ..Object::OPEN
    }),
});

/// A key that no release lists yet, though all read it.
const fn next(name: &'static str, rule: Rule, about: &'static str) -> Key {
    key(name, rule, about).listed_since(Version::NEXT)
}

static DOCKER: Object =
    Object { keys: &[key("user", STRING, "the user, or user and group, of the container")], ..Object::OPEN };

static KUBERNETES: Object = Object {
    keys: &[
        next("resources", Rule::Object(&RESOURCES), "CPU and memory"),
        key("labels", SCALARS, "labels of the pod"),
        key("annotations", SCALARS, "annotations of the pod"),
        key("tolerations", TOLERATIONS, "taints that the pod tolerates").listed_since(v(3, 9)),
        key("securityContext", Rule::Object(&SECURITY), "the security context of pod and container"),
        key("runtimeClassName", STRING, "the runtime class"),
        next("serviceAccountName", STRING, "the service account"),
        next("workspaceVolume", BOOL, "mount the workspace into a service too"),
        next("hostUsers", BOOL, "use the host's user namespace"),
        next("nodeSelector", QUANTITIES, "labels that the node must have"),
        next("affinity", Rule::Object(&Object::OPEN), "affinities of the pod"),
        key("secrets", Rule::Items(&Rule::Object(&SECRET)), "secrets of the cluster"),
    ],
    notes: &[note_of("tolerations", Kinds::LIST, "the server takes a list all the same: only its schema wants a map")
        .until(v(3, 10))],
    ..Object::OPEN
};

/// A list; the schema of 3.9 had it as a map.
const TOLERATIONS: Rule = since(v(3, 10), &TOLERATION_LIST, &SCALARS);
const TOLERATION_LIST: Rule = Rule::Items(&Rule::Object(&TOLERATION));

const SCALARS: Rule = Rule::Object(&Object { rest: Rest::Each(&SCALAR), ..Object::OPEN });
const QUANTITIES: Rule = Rule::Object(&Object { rest: Rest::Each(&STRING), ..Object::OPEN });

static RESOURCES: Object = Object {
    keys: &[
        key("requests", QUANTITIES, "what the pod asks for"),
        key("limits", QUANTITIES, "what the pod may use at most"),
    ],
    ..Object::OPEN
};

const TOLERATION: Object = Object {
    keys: &[
        key("key", STRING, "the taint's key"),
        key("operator", STRING, "how key and value are compared"),
        key("value", STRING, "the taint's value"),
        key("effect", STRING, "the taint's effect"),
        key("tolerationSeconds", Rule::Type(Kinds::INTEGER), "for how long"),
    ],
    ..Object::OPEN
};

static SECURITY: Object = Object {
    keys: &[
        key("privileged", BOOL, "run with the host's privileges"),
        key("runAsNonRoot", BOOL, "refuse to run as root"),
        key("runAsUser", NUMBER, "the user's number"),
        key("runAsGroup", NUMBER, "the group's number"),
        key("fsGroup", NUMBER, "the group's number for mounted volumes"),
        next("fsGroupChangePolicy", STRING, "when the group of mounted volumes is changed"),
        key("seccompProfile", Rule::Object(&PROFILE), "the seccomp profile"),
        key("apparmorProfile", Rule::Object(&PROFILE), "the AppArmor profile"),
        next("allowPrivilegeEscalation", BOOL, "let a process gain privileges"),
        next(
            "capabilities",
            Rule::Object(&Object { keys: &[key("drop", STRINGS, "those to drop")], ..Object::OPEN }),
            "Linux capabilities",
        ),
    ],
    ..Object::OPEN
};

static PROFILE: Object = Object {
    keys: &[
        key("type", STRING, "where the profile comes from"),
        key("localhostProfile", STRING, "the profile's file on the node"),
    ],
    ..Object::OPEN
};

static SECRET: Object = Object {
    rest: Rest::Forbidden,
    keys: &[
        key("name", STRING, "the secret's name"),
        key("key", STRING, "the key within the secret"),
        key("target", since(v(3, 1), &TARGET, &BROKEN_TARGET), "where the container sees it"),
    ],
    notes: &[note("target", "the server reads it all the same: its schema takes no value there").until(v(3, 1))],
    ..Object::OPEN
};

/// Two rules that any value fits where it must fit one.
const BROKEN_TARGET: Rule = Rule::OneOf(&[Rule::Any, Rule::Any]);

/// A variable or a file, not both; an empty map is both and so neither.
const TARGET: Rule = Rule::OneOf(&[
    Rule::Object(&Object {
        rest: Rest::Forbidden,
        keys: &[key("env", STRING, "the environment variable")],
        ..Object::OPEN
    }),
    Rule::Object(&Object { rest: Rest::Forbidden, keys: &[key("file", STRING, "the file")], ..Object::OPEN }),
]);
