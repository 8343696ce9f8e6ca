//! What an audit remembers: a row for each commit, and tables of what rows share.

use std::collections::BTreeMap;
use std::fmt;

use bstr::BString;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Table;
use crate::plan::{Outcome, StepType, Verdict};
use crate::policy::Promise;

/// Of a commit that changes more files than this, the first are kept.
pub const MAX_FILES: usize = 1000;

/// A subject that is longer, in bytes, is cut.
pub const MAX_SUBJECT: usize = 512;

/// Rows, newest commit first, and what they point to by number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// Workflows and steps, in the order in which they were met.
    pub columns: Table<Column>,
    /// Facts that decided.
    pub causes: Table<Cause>,
    /// What decided one verdict.
    pub grounds: Table<Vec<Ground>>,
    /// Why pipelines were refused.
    pub troubles: Table<Trouble>,
    /// What became of a commit.
    pub shapes: Table<Shape>,
    /// `Name <email>`.
    pub authors: Table<String>,
    /// Changed files.
    pub paths: Table<Path>,
    /// Changed files by which policies are about commits, and that the forge does not list.
    pub unlisted: Table<Unlisted>,
    /// The rows.
    pub commits: Vec<Commit>,
    /// Commits of which the history that tells what changed is not there.
    pub unseen: Vec<Failure>,
    /// Commits that could not be replayed.
    pub failures: Vec<Failure>,
}

/// A workflow or a step of it: what verdicts are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Column {
    /// The workflow's name.
    pub workflow: String,
    /// The values of its matrix axis.
    pub axis: BTreeMap<String, String>,
    /// The step; `None`: the workflow itself.
    pub step: Option<Step>,
}

/// A step of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// What it is.
    pub step_type: StepType,
    /// How many steps of its name stand before it in the workflow.
    pub nth: u32,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shape {
    /// The pipeline as a whole.
    pub pipeline: Outcome,
    /// The message asked for no pipeline.
    pub skip_ci: bool,
    /// What the forge reports makes no pipeline.
    pub unreported: bool,
    /// There was a workflow file.
    pub has_workflows: bool,
    /// Why the server refuses the pipeline: numbers of the first few troubles.
    pub troubles: Vec<u32>,
    /// Each workflow, followed by its steps.
    pub cells: Vec<Cell>,
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// The number of the workflow or step.
    pub column: u32,
    /// What became of it.
    pub verdict: Verdict,
    /// The number of what decided.
    pub ground: u32,
}

/// A fact that decided, and the changed file that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ground {
    /// The number of the fact.
    pub cause: u32,
    /// Which of the files that the commit's row mentions.
    pub mention: Option<u32>,
}

/// A fact that decided: a [`Reason`](crate::plan::Reason) without its changed file, which differs from commit to commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cause {
    /// The kind's name.
    pub kind: String,
    /// The entry of the `when` list, from 0.
    pub entry: Option<u32>,
    /// The key of the entry.
    pub clause: Option<String>,
    /// The pattern, expression or text that decided.
    pub pattern: Option<String>,
    /// What the clause was held against.
    pub value: Option<String>,
    /// The phrase up to the name of the changed file; the whole phrase if it names none. Safe to print.
    pub before: String,
    /// The phrase after that name.
    pub after: Option<String>,
    /// The workflow's file.
    pub file: String,
    /// Where the deciding text stands in it.
    pub at: Option<At>,
    /// The aliases it came through, the outermost first.
    pub via: Vec<Via>,
}

/// A place in a file: lines and columns from 1, bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the type says it")]
pub struct At {
    pub line: u32,
    pub column: u32,
    pub start: u32,
    pub end: u32,
}

/// An alias.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Via {
    /// As it is written: `*name`.
    pub alias: String,
    /// Where.
    pub at: At,
}

/// Why the server refuses a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Trouble {
    /// The problem's code.
    pub code: String,
    /// A phrase that is safe to print.
    pub message: String,
    /// The workflow's file, and where in it.
    pub place: Option<(String, At)>,
}

/// A row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Commit {
    /// The commit's id.
    #[serde(with = "hex")]
    pub id: [u8; 20],
    /// The number of its author.
    pub author: u32,
    /// When it was committed, in seconds since 1970.
    pub date: i64,
    /// The first line of its message, as the server is sent it.
    pub subject: String,
    /// How many files the forge lists of it.
    pub changed: u32,
    /// The numbers of the first of them.
    pub files: Box<[u32]>,
    /// The numbers of the first changed files that it does not list.
    pub hidden: Box<[u32]>,
    /// The numbers of those that decided something.
    pub mentions: Box<[u32]>,
    /// The number of what became of it.
    pub shape: u32,
    /// Of an audit that asks "what if": the number of what became of it with its own gates, and the files that decided there.
    pub own: Option<(u32, Box<[u32]>)>,
    /// Where the forge's list is not git's: the same, by git's.
    pub by_git: Option<(u32, Box<[u32]>)>,
    /// The policies that are about it.
    pub held: Box<[Held]>,
}

/// What a policy says of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The policy, by its place in the configuration.
    pub policy: u32,
    /// Whether it is kept.
    pub holding: Holding,
    /// What breaks it, or may.
    pub breaches: Vec<Breach>,
    /// If it is not kept, and about the commit by a file that the forge does not list: the number of that.
    pub unlisted: Option<u32>,
}

/// A changed file that the forge does not list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unlisted {
    /// The file.
    pub path: Path,
    /// Why, as a phrase that is safe to print.
    pub why: String,
}

/// Whether a policy is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holding {
    /// It is.
    Kept,
    /// It is not.
    Broken,
    /// That hangs on what only the server knows.
    Unclear,
}

/// A promise that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// What was promised.
    pub promise: Promise,
    /// The number of the workflow or step that it was promised of; `None`: the pipeline is refused before there are steps.
    pub column: Option<u32>,
    /// What happens instead.
    pub verdict: Verdict,
}

/// A commit that could not be replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The commit's id.
    #[serde(with = "hex")]
    pub id: [u8; 20],
    /// Why, as a phrase that is safe to print.
    pub message: String,
}

/// A path: any bytes. In a shard it is a text, or a list of numbers if it is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(pub BString);

impl Commit {
    /// The commit's id in hexadecimal.
    pub fn hex(&self) -> String {
        hex::text(&self.id)
    }
}

impl Failure {
    /// The commit's id in hexadecimal.
    pub fn hex(&self) -> String {
        hex::text(&self.id)
    }
}

impl Column {
    /// The step's name; `None` for a workflow.
    pub fn step_name(&self) -> Option<&str> {
        self.step.as_ref().map(|step| step.name.as_str())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.collect_seq(self.0.iter()),
        }
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl<'de> Visitor<'de> for Bytes {
            type Value = Path;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, as text or as bytes")
            }

            fn visit_str<E>(self, text: &str) -> Result<Path, E> {
                Ok(Path(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<Path, A::Error> {
                let mut path = Vec::new();
                while let Some(byte) = bytes.next_element()? {
                    path.push(byte);
                }
                Ok(Path(path.into()))
            }
        }
        deserializer.deserialize_any(Bytes)
    }
}

/// `id` in hexadecimal.
pub(super) fn hex(id: &[u8; 20]) -> String {
    hex::text(id)
}

mod hex {
    use std::fmt::Write as _;

    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn text(id: &[u8; 20]) -> String {
        id.iter().fold(String::with_capacity(40), |mut text, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    pub(super) fn serialize<S: Serializer>(id: &[u8; 20], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(id))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 20], D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
        let mut id = [0; 20];
        for (at, slot) in id.iter_mut().enumerate() {
            *slot = byte(at).filter(|_| text.len() == 40).ok_or_else(|| D::Error::custom("this is no commit id"))?;
        }
        Ok(id)
    }
}
