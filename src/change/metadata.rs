use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Event;
use crate::source::Span;

/// What the server knows about a pipeline: the JSON that its web page offers for download and `woodpecker-cli exec --metadata-file`
/// reads.
///
/// It has the fields of every server version. A key that is missing or null leaves the field empty, zero or false; unknown keys
/// are ignored. Unlike the server, keys are told apart by case, and a key may not stand twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// The repository.
    #[serde(deserialize_with = "section")]
    pub repo: Repo,
    /// The pipeline at hand.
    #[serde(rename = "curr", deserialize_with = "section")]
    pub current: Pipeline,
    /// The pipeline before it, on the same branch.
    #[serde(rename = "prev", deserialize_with = "section")]
    pub previous: Pipeline,
    /// The workflow.
    #[serde(deserialize_with = "section")]
    pub workflow: Workflow,
    /// The step: empty while the server decides what to run.
    #[serde(deserialize_with = "section")]
    pub step: Step,
    /// The server.
    #[serde(rename = "sys", deserialize_with = "section")]
    pub system: System,
    /// The forge.
    #[serde(deserialize_with = "section")]
    pub forge: ForgeInfo,
}

/// The repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Repo {
    /// The server's number for it.
    #[serde(deserialize_with = "or_default")]
    pub id: i64,
    /// Its name, without the owner.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its owner; a path where the forge nests groups.
    #[serde(deserialize_with = "or_default")]
    pub owner: String,
    /// The forge's id for it.
    #[serde(deserialize_with = "or_default")]
    pub remote_id: String,
    /// Its page on the forge.
    #[serde(deserialize_with = "or_default")]
    pub forge_url: String,
    /// Where it is cloned from over HTTP.
    #[serde(deserialize_with = "or_default")]
    pub clone_url: String,
    /// Where it is cloned from over SSH.
    #[serde(rename = "clone_url_ssh", deserialize_with = "or_default")]
    pub clone_ssh_url: String,
    /// Whether it is private.
    #[serde(deserialize_with = "or_default")]
    pub private: bool,
    /// Its default branch.
    #[serde(deserialize_with = "or_default")]
    pub default_branch: String,
    /// What its steps may do.
    #[serde(deserialize_with = "or_default")]
    pub trusted: Trusted,
}

impl Repo {
    /// `owner/name`, joined as the server joins paths.
    pub fn full_name(&self) -> String {
        super::go::join_path(&self.owner, &self.name)
    }
}

/// What the steps of a repository may do. Before 3.0 it was one flag, which is read as all three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trusted {
    /// Set network modes and the like.
    pub network: bool,
    /// Mount volumes of the host.
    pub volumes: bool,
    /// Be privileged and the like.
    pub security: bool,
}

impl Trusted {
    /// Whether everything is allowed.
    pub fn all(self) -> bool {
        self.network && self.volumes && self.security
    }
}

/// A pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Pipeline {
    /// Its number, counted for each repository.
    #[serde(deserialize_with = "or_default")]
    pub number: i64,
    /// The number of the pipeline that it repeats, or 0.
    #[serde(deserialize_with = "or_default")]
    pub parent: i64,
    /// When it was made, in seconds since 1970.
    #[serde(deserialize_with = "or_default")]
    pub created: i64,
    /// When it started, in seconds since 1970, or 0.
    #[serde(deserialize_with = "or_default")]
    pub started: i64,
    /// When it ended, in seconds since 1970, or 0.
    #[serde(deserialize_with = "or_default")]
    pub finished: i64,
    /// Its status: `pending`, `success`…
    #[serde(deserialize_with = "or_default")]
    pub status: String,
    /// What made it start.
    #[serde(deserialize_with = "or_default")]
    pub event: Event,
    /// What happened to a pull request's metadata: `label_updated`…; since 3.10.
    #[serde(deserialize_with = "list")]
    pub event_reason: Vec<String>,
    /// The commit's or pull request's page on the forge.
    #[serde(deserialize_with = "or_default")]
    pub forge_url: String,
    /// Where a deployment goes.
    #[serde(rename = "target", deserialize_with = "or_default")]
    pub deploy_target: String,
    /// What a deployment does.
    #[serde(rename = "task", deserialize_with = "or_default")]
    pub deploy_task: String,
    /// The commit.
    #[serde(deserialize_with = "section")]
    pub commit: Commit,
    /// The name of the schedule, on cron.
    #[serde(deserialize_with = "or_default")]
    pub cron: String,
    /// How often it was run again; since 3.15.
    #[serde(deserialize_with = "or_default")]
    pub rerun_count: i64,
    /// Who is behind it; since 3.8.
    #[serde(deserialize_with = "or_default")]
    pub author: String,
    /// The author's picture; since 3.8.
    #[serde(deserialize_with = "or_default")]
    pub avatar: String,
    /// The release; since 3.17.
    #[serde(deserialize_with = "section")]
    pub release: Release,
}

/// A commit, and what the forge says about its pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// The full hash.
    #[serde(deserialize_with = "or_default")]
    pub sha: String,
    /// The ref: `refs/heads/main`, `refs/tags/v1`, `refs/pull/3/head`…
    #[serde(rename = "ref", deserialize_with = "or_default")]
    pub git_ref: String,
    /// `source:target`, the branches of a pull request.
    #[serde(deserialize_with = "or_default")]
    pub refspec: String,
    /// The branch; of a pull request, the target branch.
    #[serde(deserialize_with = "or_default")]
    pub branch: String,
    /// The message, or what the forge has instead (a pull request's title…).
    #[serde(deserialize_with = "or_default")]
    pub message: String,
    /// When it was made, in seconds since 1970; since 3.16.
    #[serde(deserialize_with = "or_default")]
    pub timestamp: i64,
    /// Who made it: on most forges a login.
    #[serde(deserialize_with = "section")]
    pub author: Author,
    /// The changed files.
    #[serde(deserialize_with = "list")]
    pub changed_files: Vec<String>,
    /// The pull request's labels.
    #[serde(deserialize_with = "list")]
    pub labels: Vec<String>,
    /// The pull request's milestone; since 3.10.
    #[serde(deserialize_with = "or_default")]
    pub milestone: String,
    /// Whether the pull request is a draft; since 3.16.
    #[serde(deserialize_with = "or_default")]
    pub draft: bool,
    /// Whether the release is a pre-release; before 3.17, see [`Release::is_prerelease`].
    #[serde(deserialize_with = "or_default")]
    pub is_prerelease: bool,
}

/// The author of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Author {
    /// The name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// The address.
    #[serde(deserialize_with = "or_default")]
    pub email: String,
    /// The picture; before 3.14, see [`Pipeline::avatar`].
    #[serde(deserialize_with = "or_default")]
    pub avatar: String,
}

/// A release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Release {
    /// Its title.
    #[serde(deserialize_with = "or_default")]
    pub title: String,
    /// Whether it is a pre-release.
    #[serde(deserialize_with = "or_default")]
    pub is_prerelease: bool,
}

/// A workflow of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Workflow {
    /// Its name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its number, from 1, among those that the pipeline runs.
    #[serde(deserialize_with = "or_default")]
    pub number: i64,
    /// The values of its matrix axis.
    #[serde(deserialize_with = "or_default")]
    pub matrix: BTreeMap<String, String>,
}

/// A step of a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Its name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its number.
    #[serde(deserialize_with = "or_default")]
    pub number: i64,
}

/// The server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct System {
    /// The server's software: `woodpecker`.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// The host name, perhaps with a port.
    #[serde(deserialize_with = "or_default")]
    pub host: String,
    /// The address.
    #[serde(deserialize_with = "or_default")]
    pub url: String,
    /// The platform of the agent, as `linux/amd64`. The server itself leaves it empty: it decides before an agent is chosen.
    #[serde(rename = "arch", deserialize_with = "or_default")]
    pub platform: String,
    /// The version.
    #[serde(deserialize_with = "or_default")]
    pub version: String,
}

/// The forge that hosts the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ForgeInfo {
    /// Its kind: `github`, `gitea`, `forgejo`, `gitlab`, `bitbucket`…
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub kind: String,
    /// Its address.
    #[serde(deserialize_with = "or_default")]
    pub url: String,
}

/// A text that is no metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataError {
    /// What is wrong, as a phrase.
    pub message: String,
    /// Where the reader noticed it: an empty span.
    pub span: Span,
}

impl Metadata {
    /// Reads the server's JSON.
    ///
    /// # Errors
    ///
    /// A text that is not JSON, or a value of the wrong type (`"number": "5"`).
    pub fn from_json(text: &str) -> Result<Self, MetadataError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        section(&mut reader).and_then(|metadata| reader.end().map(|()| metadata)).map_err(|error| {
            let line = error.line().saturating_sub(1);
            let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let at = (before + error.column().saturating_sub(1)).min(text.len()) as u32;
            let full = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            MetadataError { message: full.strip_suffix(&place).unwrap_or(&full).to_owned(), span: Span::at(at) }
        })
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MetadataError {}

impl<'de> Deserialize<'de> for Trusted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The map since 3.0.
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Parts {
            #[serde(deserialize_with = "or_default")]
            network: bool,
            #[serde(deserialize_with = "or_default")]
            volumes: bool,
            #[serde(deserialize_with = "or_default")]
            security: bool,
        }

        struct TrustedVisitor;

        impl<'de> Visitor<'de> for TrustedVisitor {
            type Value = Trusted;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, or a map of booleans")
            }

            fn visit_bool<E>(self, all: bool) -> Result<Trusted, E> {
                Ok(Trusted { network: all, volumes: all, security: all })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Trusted, A::Error> {
                let Parts { network, volumes, security } = Parts::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Trusted { network, volumes, security })
            }
        }

        deserializer.deserialize_any(TrustedVisitor)
    }
}

/// A map of fields, or the default for null. Left to itself, serde would also take a list of the fields in their order.
fn section<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Section<T>(PhantomData<T>);

    impl<'de, T: Default + Deserialize<'de>> Visitor<'de> for Section<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_any(Section(PhantomData))
}

/// A value, or its default for null.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A list of texts, where null is an empty list or text.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts: Vec<Option<String>> = or_default(deserializer)?;
    Ok(texts.into_iter().map(Option::unwrap_or_default).collect())
}
