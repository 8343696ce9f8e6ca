//! What changed and is not listed, and why.

use std::fmt;

use bstr::{BStr, BString, ByteSlice as _};

use super::lists::{LeftOut, List};
use crate::change::{ChangedFiles, Forge, Hidden};
use crate::forge::{self, Rule};
use crate::server::Version;
use crate::text::escape;

/// Why a changed file is not listed. Shown, it is the phrase for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    LeftOut(LeftOut, Forge),
    /// None of the commits that the forge takes changed it: so many, of so many.
    OlderCommits(usize, usize),
    /// It differs from before, but no commit of the push changed it.
    TakenAway,
    /// The last commit did not change it, and no other one counts.
    NotTheLast,
    /// The driver of this server asks for no list, or for the wrong one.
    Driver(Forge, Version),
    NoPipeline,
    /// It did not change since the two parted.
    NotSinceParted,
}

impl Why {
    pub(super) fn of(path: &BStr, list: &List, rule: &Rule, server: Version) -> Self {
        if let Some(left_out) = list.left_out.get(path) {
            return Self::LeftOut(left_out.clone(), rule.forge);
        }
        if list.no_pipeline.is_some() {
            return Self::NoPipeline;
        }
        match (rule.list, list.commits) {
            (_, Some((taken, all))) if all > taken => Self::OlderCommits(taken, all),
            (forge::List::Tip, _) => Self::NotTheLast,
            (forge::List::Nothing | forge::List::BackToMergeBase, _) => Self::Driver(rule.forge, server),
            (_, Some(_)) => Self::TakenAway,
            _ => Self::NotSinceParted,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftOut(LeftOut::TypeChange, forge) => {
                write!(f, "it became a symlink or a submodule, or was one, which {forge} does not list")
            }
            Self::LeftOut(LeftOut::Renamed(new), forge) => {
                write!(f, "{forge} lists a renamed file by its new name only: `{}`", escape(new.as_slice()))
            }
            Self::LeftOut(LeftOut::Beyond(most), forge) => write!(f, "{forge} lists {most} files at most"),
            Self::OlderCommits(taken, all) => write!(f, "it changed in none of the newest {taken} of {all} commits"),
            Self::TakenAway => {
                f.write_str("no commit of the push changed it: it differs since older ones were taken away")
            }
            Self::NotTheLast => f.write_str("the last commit did not change it, and no other one is looked at"),
            Self::Driver(forge, server) => {
                write!(f, "Woodpecker {server} asks {forge} for no list of such a change, or for the wrong one")
            }
            Self::NoPipeline => f.write_str("no pipeline is made"),
            Self::NotSinceParted => {
                f.write_str("the new commits did not change it since they parted from the old ones")
            }
        }
    }
}

/// The files that changed and are not listed, each with the reason, by path.
pub(super) fn hidden<'a>(
    changed: &'a ChangedFiles,
    listed: &'a ChangedFiles,
    list: &'a List,
    rule: &'a Rule,
    server: Version,
) -> impl Iterator<Item = (&'a BString, Why)> {
    changed
        .iter()
        .filter(|path| !listed.contains_path(path))
        .map(move |path| (path, Why::of(path.as_bstr(), list, rule, server)))
}

pub(super) fn to_hidden((path, why): (&BString, Why)) -> Hidden {
    Hidden { path: path.clone(), why: why.to_string() }
}
