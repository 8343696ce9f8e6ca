//! Programs that build images: which commands do, and how their command lines are read.

use super::super::shell::{Simple, Word};
use super::Search;

/// How a tool's command line is read.
pub(super) struct Tool {
    /// Options without a value, that may stand before the context.
    pub switches: &'static [&'static str],
    pub search: Search,
    pub dockerfiles: &'static [&'static str],
    /// The context is an option, not an argument.
    pub kaniko: bool,
}

const DOCKER: Tool = Tool {
    switches: &[
        "--no-cache",
        "--pull",
        "--push",
        "--load",
        "--quiet",
        "-q",
        "--rm",
        "--force-rm",
        "--squash",
        "--compress",
        "--debug",
        "-D",
        "--check",
    ],
    search: Search::Here,
    dockerfiles: &["Dockerfile"],
    kaniko: false,
};

pub(super) const BUILDAH: Tool = Tool {
    switches: &[
        "--no-cache",
        "--pull",
        "--pull-always",
        "--pull-never",
        "--quiet",
        "-q",
        "--rm",
        "--force-rm",
        "--squash",
        "--squash-all",
        "--layers",
        "--compress",
        "--tls-verify",
        "--all-platforms",
        "--no-hosts",
        "--no-hostname",
        "--inherit-labels",
        "--identity-label",
        "--omit-history",
        "--skip-unused-stages",
        "--disable-compression",
        "-D",
    ],
    search: Search::HereThenContext,
    dockerfiles: &["Containerfile", "Dockerfile"],
    kaniko: false,
};

const KANIKO: Tool = Tool {
    switches: &[
        "--cache",
        "--cache-copy-layers",
        "--cache-run-layers",
        "--cleanup",
        "--compressed-caching",
        "--force",
        "--force-build-metadata",
        "--ignore-var-run",
        "--insecure",
        "--insecure-pull",
        "--log-timestamp",
        "--no-push",
        "--no-push-cache",
        "--push-ignore-immutable-tag-errors",
        "--reproducible",
        "--single-snapshot",
        "--skip-default-registry-fallback",
        "--skip-push-permission-check",
        "--skip-tls-verify",
        "--skip-tls-verify-pull",
        "--skip-tls-verify-registry",
        "--skip-unused-stages",
        "--use-new-run",
    ],
    search: Search::HereThenContext,
    dockerfiles: &["Dockerfile"],
    kaniko: true,
};

/// A command that builds an image.
pub(super) enum Builder {
    /// It is read as this tool's; its arguments begin at this word.
    Read(&'static Tool, usize),
    /// What it reads is not known: why, and which word says that it builds.
    Closed(&'static str, usize),
}

/// Why what compose and bake build is not known.
const ELSEWHERE: &str = "what this builds is written in a file of its own, which is not read";

/// Why what other tools build is not known.
const OWN_RULES: &str = "what this tool reads is not known";

/// Options before a command whose value is the next word: docker's, nerdctl's, podman's, compose's, buildx's and buildctl's.
const BEFORE_COMMANDS: &[&str] = &[
    "-H",
    "-a",
    "-c",
    "-f",
    "-l",
    "-n",
    "-p",
    "--addr",
    "--address",
    "--ansi",
    "--builder",
    "--config",
    "--connection",
    "--context",
    "--env-file",
    "--file",
    "--host",
    "--log-level",
    "--namespace",
    "--parallel",
    "--profile",
    "--progress",
    "--project-directory",
    "--project-name",
    "--root",
    "--runroot",
    "--storage-driver",
    "--timeout",
    "--tlscacert",
    "--tlscert",
    "--tlsdir",
    "--tlskey",
    "--tlsservername",
    "--url",
];

/// How `simple` builds an image, if it does.
pub(super) fn builder(simple: &Simple) -> Option<Builder> {
    let words = &simple.words;
    let word = |at: usize| words.get(at).and_then(Word::known);
    let program = word(0)?.rsplit('/').next()?;
    if program == "executor" {
        let is_kaniko = word(0)?.contains("kaniko") || word(1).is_some_and(|word| word.starts_with("--"));
        return is_kaniko.then_some(Builder::Read(&KANIKO, 1));
    }
    let at = command(words, 1);
    let name = word(at)?;
    // Of a command that has commands of its own.
    let below = command(words, at + 1);
    match (program, name, word(below)) {
        ("docker-compose" | "podman-compose", ..) => compose(words, at),
        ("docker" | "nerdctl" | "podman", "compose", _) => compose(words, below),
        ("docker" | "nerdctl", "build", _) => Some(Builder::Read(&DOCKER, at + 1)),
        ("docker" | "nerdctl", "buildx" | "image" | "builder", Some("build" | "b")) => {
            Some(Builder::Read(&DOCKER, below + 1))
        }
        ("docker", "buildx", Some("bake" | "f")) => Some(Builder::Closed(ELSEWHERE, below)),
        ("buildah", "bud" | "build" | "build-using-dockerfile", _) | ("podman", "build", _) => {
            Some(Builder::Read(&BUILDAH, at + 1))
        }
        ("podman", "image" | "buildx", Some("build")) => Some(Builder::Read(&BUILDAH, below + 1)),
        ("depot", "bake", _) => Some(Builder::Closed(ELSEWHERE, at)),
        ("depot" | "pack", "build", _)
        | ("ko", "build" | "publish" | "resolve" | "apply" | "create", _)
        | ("buildctl" | "buildctl-daemonless.sh", "build" | "b", _) => Some(Builder::Closed(OWN_RULES, at)),
        _ => None,
    }
}

/// Where the command stands in `words`, behind the options that begin at `from`.
fn command(words: &[Word], from: usize) -> usize {
    let mut at = from;
    while let Some(option) = words.get(at).filter(|word| word.text.starts_with('-')) {
        at += 1 + usize::from(BEFORE_COMMANDS.contains(&option.text.as_str()));
    }
    at
}

/// How the command of compose at `at` builds images, if it does.
fn compose(words: &[Word], at: usize) -> Option<Builder> {
    let builds = match words.get(at)?.known()? {
        "build" => true,
        "up" | "create" => words.iter().skip(at + 1).any(|word| word.known() == Some("--build")),
        _ => false,
    };
    builds.then_some(Builder::Closed(ELSEWHERE, at))
}
