//! A share of an audit as a file, and the whole from all shares.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Record;
use crate::config::Costs;

/// The form of shards: a change that a reader could trip over raises it.
const VERSION: u32 = 4;

/// What an audit was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// `owner/name`, if known.
    pub repository: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// The id of the newest commit.
    pub tip: String,
    /// The commits that were left out, with all that they have.
    pub without: Option<String>,
    /// The event of every change.
    pub event: String,
    /// Merges were replayed as pull requests.
    pub pull_requests: bool,
    /// The server's version.
    pub woodpecker: String,
    /// Whose list of changed files it is.
    pub forge: String,
    /// What that was guessed from, if it was: a phrase, safe to print.
    pub guess: Option<String>,
    /// Whose workflows were asked about, if not each commit's own.
    pub gates: Option<String>,
    /// No older commits, in seconds since 1970.
    pub since: Option<i64>,
    /// Most commits.
    pub max: Option<usize>,
    /// Only those of authors with this text.
    pub author: Option<String>,
    /// Only those with a changed file that one of these globs matches.
    pub paths: Vec<String>,
    /// The names of the policies.
    pub policies: Vec<String>,
    /// How long steps take.
    pub costs: Costs,
    /// What was assumed, and what is missing: whole phrases, safe to print.
    pub notes: Vec<String>,
}

/// A share of an audit.
#[derive(Debug, Serialize, Deserialize)]
pub struct Shard {
    /// The form of the file.
    wp_gate_audit_shard: u32,
    /// What the whole is about.
    pub head: Head,
    /// Which share it is, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// Its rows.
    pub record: Record,
}

/// Why shares make no whole. Whoever chose the files has to choose others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// There is none.
    Nothing,
    /// A text is no shard, or one of another version.
    NoShard(String),
    /// The share `.0` (from 0, as given) is of another audit than the first.
    Different(usize),
    /// The share of this number is missing.
    Missing(u32, u32),
    /// The share of this number is there twice.
    Twice(u32),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is no shard"),
            Self::NoShard(why) => write!(f, "this is no shard of an audit: {why}"),
            Self::Different(_) => f.write_str("the shards are of different audits"),
            Self::Missing(number, of) => write!(f, "shard {number}/{of} is missing"),
            Self::Twice(number) => write!(f, "shard {number} is there twice"),
        }
    }
}

impl std::error::Error for MergeError {}

impl Shard {
    /// The share `number` of `of`.
    pub fn new(head: Head, number: u32, of: u32, record: Record) -> Self {
        Self { wp_gate_audit_shard: VERSION, head, number, of, record }
    }

    /// Reads a shard.
    ///
    /// # Errors
    /// [`MergeError::NoShard`].
    pub fn parse(text: &[u8]) -> Result<Self, MergeError> {
        let shard: Self = serde_json::from_slice(text)
            .map_err(|error| MergeError::NoShard(crate::text::escape(&error.to_string()).to_string()))?;
        let refuse = |why: &str| Err(MergeError::NoShard(why.to_owned()));
        if shard.wp_gate_audit_shard != VERSION {
            return refuse("another version of wp-gate wrote it");
        }
        if shard.number == 0 || shard.number > shard.of || !shard.record.is_sound() {
            return refuse("it contradicts itself");
        }
        Ok(shard)
    }
}

/// Puts all the shards of one audit together, in whatever order they are given.
///
/// # Errors
/// Shards of different audits, a missing one, one that is there twice.
pub fn merge(mut shards: Vec<Shard>) -> Result<(Head, Record), MergeError> {
    let Some(first) = shards.first() else { return Err(MergeError::Nothing) };
    let (head, of) = (first.head.clone(), first.of);
    if let Some(at) = shards.iter().position(|shard| shard.head != head || shard.of != of) {
        return Err(MergeError::Different(at));
    }
    shards.sort_by_key(|shard| shard.number);
    let mut record = Record::default();
    for (wanted, shard) in (1..).zip(&shards) {
        if shard.number < wanted {
            return Err(MergeError::Twice(shard.number));
        }
        if shard.number > wanted {
            return Err(MergeError::Missing(wanted, of));
        }
    }
    if shards.len() < of as usize {
        return Err(MergeError::Missing(shards.len() as u32 + 1, of));
    }
    for shard in shards {
        record.append(shard.record);
    }
    Ok((head, record))
}
